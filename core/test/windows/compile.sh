#!/bin/sh
# Compiles what `generated_test --write FOLDER` has written to DLLs, on the machine that also compiled the test.
#
#   compile.sh FOLDER GCC [CLANG]
#
# With CLANG, structs are laid out and passed as by Microsoft's own compiler, otherwise as by MinGW's GCC, which links in
# either case.
folder=$1 gcc=$2 clang=$3
rm -f "$folder"/*.dll
for source in "$folder"/*.c; do
  part=${source%.c}
  if [ -n "$clang" ]; then
    "$clang" --target=x86_64-windows-msvc -ffreestanding -mno-stack-arg-probe -std=gnu11 -O1 -w -c -o "$part.o" "$source" &&
      # What Microsoft's compilers refer to where there are floats.
      "$gcc" -shared -Wl,--defsym,_fltused=0 -o "$part.dll" "$part.o" || exit 1
  else
    "$gcc" -std=gnu11 -O1 -w -shared -o "$part.dll" "$source" || exit 1
  fi
  rm -f "$source" "$part.o"
done
