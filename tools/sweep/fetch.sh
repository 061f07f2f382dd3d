#!/bin/sh
# Unpacks the packages whose headers `make sweep` reads, and the headers that those need, into a folder. It installs nothing.
#
#   tools/sweep/fetch.sh FOLDER
set -eu
folder=$1
cd "$(dirname "$0")/../.."
mkdir -p "$folder/packages"
folder=$(cd "$folder" && pwd)
wanted=$(node -e "import('./tools/sweep/sets.mjs').then(({ sets }) => console.log(sets.flatMap((set) => set.packages).join(' ')))")
# Only packages with headers, and none of the large ones that no set includes.
with_needed=$(apt-cache depends --recurse --no-recommends --no-suggests --no-conflicts --no-breaks --no-replaces \
  --no-enhances $wanted 2>/dev/null | grep -E '^[a-z].*(-dev|-headers)$' | sort -u |
  grep -vE 'magick|atlas|blis|curl4-(gnutls|nss)|autotools|dpkg-dev|libicu|openexr|imath|heif|jxl|hwy|djvu|rsvg|wmf|lqr|norm-dev|pgm|sepol|aom|dav1d|de265|x265')
cd "$folder/packages"
apt-get -qq download $wanted $with_needed
cd ..
for package in packages/*.deb; do dpkg -x "$package" root; done
