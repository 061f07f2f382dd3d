/* Made by tools/generate.mjs from package.json: the version of arkffi, by which JavaScript knows the right module. */
#ifndef ARKJS_VERSION_H
#define ARKJS_VERSION_H

#define ARKJS_VERSION "0.1.0"

#endif
