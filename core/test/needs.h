/* Leave out a case that machines cannot have, by whether the core knows their calling convention (cpu/convention.h). */
#ifndef ARKFFI_TEST_NEEDS_H
#define ARKFFI_TEST_NEEDS_H

#include "cpu/code.h"
#include "cpu/placement.h"
#include "support.h"

#define needs_structs() (ARK__PLACES_ALL ? (void)0 : skip()) /* structs by value are refused there */
#define needs_refusal() (ARK__PLACES_ALL ? skip() : (void)0) /* and nowhere else */
#define needs_code() (ARK__CODE_INTEGERS ? (void)0 : skip()) /* no code is made at run time there */

#endif
