// The headers that `make sweep` reads: those of widely used C libraries, in Debian's packages.

/** Each set: its headers, the folders below /usr/include (`*` for the machine's own) that they need, and its packages. */
const set = (name, headers, packages, folders = '') => ({
  name,
  headers: headers.split(' '),
  packages: packages.split(' '),
  folders: folders ? folders.split(' ') : [],
});

const GLIB = 'glib-2.0 lib:glib-2.0/include';
const GTK =
  `${GLIB} gio-unix-2.0 gtk-3.0 at-spi2-atk/2.0 at-spi-2.0 dbus-1.0 lib:dbus-1.0/include cairo pango-1.0 harfbuzz ` +
  'fribidi atk-1.0 pixman-1 uuid freetype2 gdk-pixbuf-2.0 libpng16 libmount blkid';

export const sets = [
  set(
    'libc',
    'stdio.h stdlib.h string.h strings.h errno.h limits.h float.h stdint.h inttypes.h math.h time.h signal.h setjmp.h ' +
      'locale.h wchar.h wctype.h uchar.h ctype.h fenv.h complex.h stdarg.h stddef.h stdbool.h assert.h threads.h',
    'libc6-dev',
  ),
  set(
    'posix',
    'unistd.h fcntl.h dirent.h dlfcn.h pthread.h semaphore.h sched.h poll.h termios.h glob.h fnmatch.h regex.h wordexp.h ' +
      'pwd.h grp.h netdb.h syslog.h spawn.h search.h ftw.h utime.h langinfo.h nl_types.h iconv.h aio.h mqueue.h ' +
      'sys/types.h sys/stat.h sys/wait.h sys/mman.h sys/ioctl.h sys/select.h sys/resource.h sys/time.h sys/times.h ' +
      'sys/utsname.h sys/uio.h sys/statvfs.h sys/ipc.h sys/shm.h sys/sem.h sys/msg.h',
    'libc6-dev',
  ),
  set(
    'sockets',
    'sys/socket.h sys/un.h netinet/in.h netinet/tcp.h netinet/udp.h netinet/ip.h netinet/ip6.h netinet/icmp6.h arpa/inet.h ' +
      'net/if.h net/if_arp.h net/ethernet.h net/route.h ifaddrs.h resolv.h arpa/nameser.h netpacket/packet.h',
    'libc6-dev',
  ),
  set(
    'linux',
    'sys/epoll.h sys/eventfd.h sys/inotify.h sys/signalfd.h sys/timerfd.h sys/sendfile.h sys/prctl.h sys/ptrace.h ' +
      'sys/syscall.h sys/sysinfo.h sys/mount.h sys/xattr.h sys/fanotify.h elf.h link.h ucontext.h execinfo.h',
    'libc6-dev',
  ),
  set(
    'kernel',
    'linux/input.h linux/fb.h linux/videodev2.h linux/io_uring.h linux/bpf.h linux/netlink.h',
    'linux-libc-dev',
  ),
  set('sqlite', 'sqlite3.h', 'libsqlite3-dev'),
  set('curl', 'curl/curl.h', 'libcurl4-openssl-dev'),
  set('sodium', 'sodium.h', 'libsodium-dev'),
  set('lz4', 'lz4.h lz4hc.h lz4frame.h', 'liblz4-dev'),
  set('zstd', 'zstd.h zdict.h zstd_errors.h', 'libzstd-dev'),
  set('zlib', 'zlib.h', 'zlib1g-dev'),
  set('bzip2', 'bzlib.h', 'libbz2-dev'),
  set('lzma', 'lzma.h', 'liblzma-dev'),
  set('brotli', 'brotli/encode.h brotli/decode.h', 'libbrotli-dev'),
  set('libgit2', 'git2.h', 'libgit2-dev'),
  set('libarchive', 'archive.h archive_entry.h', 'libarchive-dev'),
  set(
    'libxml2',
    'libxml/parser.h libxml/tree.h libxml/xpath.h libxml/xmlreader.h libxml/xmlwriter.h libxml/HTMLparser.h ' +
      'libxml/xmlschemas.h libxml/xpathInternals.h libxml/SAX2.h libxml/catalog.h libxml/xinclude.h',
    'libxml2-dev',
    'libxml2',
  ),
  set('expat', 'expat.h', 'libexpat1-dev'),
  set('yaml', 'yaml.h', 'libyaml-dev'),
  set('jansson', 'jansson.h', 'libjansson-dev'),
  set('libev', 'ev.h', 'libev-dev'),
  set('libevent', 'event2/event.h event2/buffer.h event2/bufferevent.h event2/http.h event2/dns.h', 'libevent-dev'),
  set('libuv', 'uv.h', 'libuv1-dev'),
  set('tree-sitter', 'tree_sitter/api.h tree_sitter/parser.h', 'libtree-sitter-dev'),
  set('secp256k1', 'secp256k1.h secp256k1_recovery.h secp256k1_ecdh.h', 'libsecp256k1-dev'),
  set('sndfile', 'sndfile.h', 'libsndfile1-dev'),
  set('mpg123', 'mpg123.h', 'libmpg123-dev'),
  set('opus', 'opus/opus.h opus/opus_multistream.h', 'libopus-dev', 'opus'),
  set('speex', 'speex/speex.h speex/speex_bits.h speex/speex_header.h', 'libspeex-dev'),
  set('portaudio', 'portaudio.h', 'portaudio19-dev'),
  set('alsa', 'alsa/asoundlib.h', 'libasound2-dev'),
  set('pulse', 'pulse/pulseaudio.h', 'libpulse-dev'),
  set('sdl2', 'SDL2/SDL.h', 'libsdl2-dev', 'SDL2'),
  set('cairo', 'cairo.h cairo-pdf.h cairo-svg.h cairo-ft.h', 'libcairo2-dev', 'cairo freetype2 libpng16 pixman-1'),
  set('pango', 'pango/pangocairo.h', 'libpango1.0-dev', GTK),
  set(
    'freetype',
    'ft2build.h freetype/freetype.h freetype/ftoutln.h freetype/ftglyph.h',
    'libfreetype-dev',
    'freetype2',
  ),
  set('fontconfig', 'fontconfig/fontconfig.h', 'libfontconfig-dev', 'freetype2'),
  set('glib', 'glib.h glib-object.h gio/gio.h gmodule.h', 'libglib2.0-dev', GLIB),
  set('gtk3', 'gtk/gtk.h', 'libgtk-3-dev', GTK),
  set('glfw', 'GLFW/glfw3.h', 'libglfw3-dev'),
  set('gl', 'GL/gl.h GL/glext.h EGL/egl.h GLES3/gl3.h', 'libgl-dev libegl-dev libgles-dev'),
  set('x11', 'X11/Xlib.h X11/Xutil.h X11/keysym.h X11/extensions/XShm.h', 'libx11-dev libxext-dev'),
  set('xcb', 'xcb/xcb.h', 'libxcb1-dev'),
  set('fftw', 'fftw3.h', 'libfftw3-dev'),
  set('openblas', 'cblas.h', 'libopenblas-openmp-dev', '*/openblas-openmp'),
  set('gmp', 'gmp.h', 'libgmp-dev'),
  set('mpfr', 'mpfr.h', 'libmpfr-dev'),
  set(
    'gsl',
    'gsl/gsl_math.h gsl/gsl_vector.h gsl/gsl_matrix.h gsl/gsl_multimin.h gsl/gsl_integration.h gsl/gsl_const.h gsl/gsl_rng.h',
    'libgsl-dev',
  ),
  set('lua', 'lua.h lualib.h lauxlib.h', 'liblua5.4-dev', 'lua5.4'),
  set('python', 'Python.h', 'libpython3.11-dev', 'python3.11'),
  set(
    'openssl',
    'openssl/ssl.h openssl/evp.h openssl/err.h openssl/x509v3.h openssl/pem.h openssl/rand.h openssl/core_names.h',
    'libssl-dev',
  ),
  set('gnutls', 'gnutls/gnutls.h gnutls/crypto.h gnutls/x509.h', 'libgnutls28-dev'),
  set('hunspell', 'hunspell/hunspell.h', 'libhunspell-dev'),
  set('pcre2', 'sweep-pcre2.h', 'libpcre2-dev'),
  set('lmdb', 'lmdb.h', 'liblmdb-dev'),
  set('zmq', 'zmq.h', 'libzmq3-dev'),
  set('microhttpd', 'microhttpd.h', 'libmicrohttpd-dev'),
  set('png', 'png.h', 'libpng-dev', 'libpng16'),
  set('jpeg', 'stdio.h jpeglib.h jerror.h turbojpeg.h', 'libjpeg62-turbo-dev libturbojpeg0-dev'),
  set('tiff', 'tiffio.h', 'libtiff-dev'),
  set('webp', 'webp/decode.h webp/encode.h', 'libwebp-dev'),
  set('zbar', 'zbar.h', 'libzbar-dev'),
  set('tesseract', 'tesseract/capi.h leptonica/allheaders.h', 'libtesseract-dev libleptonica-dev'),
  set(
    'ffmpeg',
    'libavcodec/avcodec.h libavformat/avformat.h libavutil/avutil.h libavutil/opt.h libavutil/imgutils.h ' +
      'libavutil/channel_layout.h libavutil/pixdesc.h libavutil/error.h libswresample/swresample.h',
    'libavcodec-dev libavformat-dev libavutil-dev libswresample-dev',
  ),
  set('libpq', 'libpq-fe.h', 'libpq-dev', 'postgresql'),
  set('libusb', 'libusb.h', 'libusb-1.0-0-dev', 'libusb-1.0'),
  set('hidapi', 'hidapi/hidapi.h', 'libhidapi-dev'),
  set('cups', 'cups/cups.h', 'libcups2-dev'),
  set('avahi', 'avahi-client/client.h avahi-client/lookup.h avahi-client/publish.h', 'libavahi-client-dev'),
  set('libssh2', 'libssh2.h libssh2_sftp.h', 'libssh2-1-dev'),
  set('numa', 'numa.h numaif.h', 'libnuma-dev'),
  set('libffi', 'ffi.h', 'libffi-dev'),
  set('liburing', 'liburing.h', 'liburing-dev'),
  set('ncurses', 'ncursesw/ncurses.h ncursesw/panel.h ncursesw/menu.h ncursesw/form.h', 'libncurses-dev'),
  set('readline', 'stdio.h readline/readline.h readline/history.h', 'libreadline-dev'),
  set('dbus', 'dbus/dbus.h', 'libdbus-1-dev', 'dbus-1.0 lib:dbus-1.0/include'),
  set('wayland', 'wayland-client.h', 'libwayland-dev'),
  set('lcms2', 'lcms2.h', 'liblcms2-dev'),
];
