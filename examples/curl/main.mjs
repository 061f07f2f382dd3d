// libcurl with its C declarations: a variadic function, callbacks from a worker thread, constants of enums. The program
// starts a web server itself and fetches from it. Run `make build` before.
//
//   node examples/curl/main.mjs
import { cdef, ffi, findLibrary, JSCallback } from 'arkffi';
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';

// From <curl/curl.h>, without the options that this program does not use.
const declarations = `
  typedef void CURL;
  typedef size_t (*curl_write_callback)(char *buffer, size_t size, size_t count, void *context);

  typedef enum {
    CURLOPT_WRITEDATA = 10001, CURLOPT_URL = 10002, CURLOPT_POSTFIELDS = 10015, CURLOPT_FAILONERROR = 45,
    CURLOPT_POSTFIELDSIZE = 60, CURLOPT_NOSIGNAL = 99, CURLOPT_WRITEFUNCTION = 20011
  } CURLoption;
  typedef enum {
    CURLINFO_RESPONSE_CODE = 0x200000 + 2, CURLINFO_CONTENT_TYPE = 0x100000 + 18
  } CURLINFO;
  typedef enum { CURLE_OK, CURLE_COULDNT_CONNECT = 7, CURLE_HTTP_RETURNED_ERROR = 22, CURLE_WRITE_ERROR } CURLcode;
  enum { CURL_GLOBAL_DEFAULT = 3 };

  CURLcode curl_global_init(long flags);
  void curl_global_cleanup(void);
  CURL *curl_easy_init(void);
  CURLcode curl_easy_setopt(CURL *curl, CURLoption option, ...);
  CURLcode curl_easy_perform(CURL *curl);
  CURLcode curl_easy_getinfo(CURL *curl, CURLINFO info, ...);
  const char *curl_easy_strerror(CURLcode code);
  void curl_easy_cleanup(CURL *curl);
`;

function openCurl() {
  try {
    return cdef(findLibrary('curl'), declarations);
  } catch (error) {
    if (error.code !== 'ERR_FFI_LIBRARY_NOT_FOUND') throw error;
    console.log('skipped: this machine has no libcurl (on Debian: libcurl4)');
    process.exit();
  }
}

const lib = openCurl();
const { symbols: curl, constants, types } = lib;

/** Makes a request. Returns the HTTP status code, the content type, and the content. */
async function request(url, body) {
  const parts = [];
  // libcurl calls this on the worker thread, which waits for the result. `buffer` is valid only during this call.
  const write = new JSCallback(
    (buffer, size, count) => {
      parts.push(Buffer.from(ffi.readMemory(buffer, size * count)));
      return size * count;
    },
    { ...types.curl_write_callback, threadsafe: true },
  );
  const handle = curl.curl_easy_init();
  try {
    const set = (option, type, value) => check(curl.curl_easy_setopt(handle, constants[option], [type, value]));
    set('CURLOPT_URL', 'cstring', url);
    set('CURLOPT_WRITEFUNCTION', 'callback', write);
    set('CURLOPT_NOSIGNAL', 'long', 1); // libcurl must not use signals: the worker thread is not its own
    set('CURLOPT_FAILONERROR', 'long', 1);
    if (body) {
      set('CURLOPT_POSTFIELDSIZE', 'long', body.length);
      set('CURLOPT_POSTFIELDS', 'buffer', body); // `body` lives until the request has ended
    }
    check(await curl.curl_easy_perform.async(handle));

    const code = new BigInt64Array(1);
    const type = new BigUint64Array(1);
    check(curl.curl_easy_getinfo(handle, constants.CURLINFO_RESPONSE_CODE, ['buffer', code]));
    check(curl.curl_easy_getinfo(handle, constants.CURLINFO_CONTENT_TYPE, ['buffer', type]));
    return { code: Number(code[0]), type: ffi.readCString(type[0]), content: Buffer.concat(parts) };
  } finally {
    curl.curl_easy_cleanup(handle);
    write.close();
  }
}

function check(code) {
  if (code !== constants.CURLE_OK) throw new Error(curl.curl_easy_strerror(code));
}

/** Serves a greeting, a large file, an echo of what is posted, and nothing else. */
const large = Buffer.alloc(5_000_000, 'arkffi ');
const server = createServer((incoming, answer) => {
  if (incoming.url === '/hello') {
    answer.setHeader('content-type', 'text/plain; charset=utf-8').end('Grüße von node:http');
  } else if (incoming.url === '/large') {
    answer.setHeader('content-type', 'application/octet-stream').end(large);
  } else if (incoming.url === '/echo') {
    incoming.pipe(answer.setHeader('content-type', 'text/echo'));
  } else {
    answer.writeHead(404).end();
  }
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const site = `http://127.0.0.1:${server.address().port}`;
const digest = (content) => createHash('sha256').update(content).digest('hex').slice(0, 16);

check(curl.curl_global_init(constants.CURL_GLOBAL_DEFAULT));
try {
  const hello = await request(`${site}/hello`);
  console.log(`GET /hello: ${hello.code}, ${hello.type}: ${hello.content}`);

  const echo = await request(`${site}/echo`, Buffer.from('posted by libcurl'));
  console.log(`POST /echo: ${echo.code}, ${echo.type}: ${echo.content}`);

  const all = await Promise.all(Array.from({ length: 4 }, () => request(`${site}/large`)));
  const same = all.every(({ content }) => digest(content) === digest(large));
  console.log(`GET /large, four at once: ${all[0].content.length} bytes each, ${same ? 'all as sent' : 'NOT as sent'}`);

  const failure = await request(`${site}/nothing`).catch((error) => error);
  console.log(`GET /nothing: ${failure.message}`);
} finally {
  server.close();
  curl.curl_global_cleanup();
  lib.close();
}
