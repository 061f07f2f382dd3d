/* Made by tools/generate.mjs from package.json and the contract: by them JavaScript knows the right module. */
#ifndef ARKJS_VERSION_H
#define ARKJS_VERSION_H

#define ARKJS_VERSION "0.1.0"
#define ARKJS_CONTRACT "970b9fdbbe8bd6f5"

#endif
