/* Leave out a case that machines cannot have, by whether the core knows their calling convention (platform/convention.h). */
#ifndef ARKFFI_TEST_NEEDS_H
#define ARKFFI_TEST_NEEDS_H

#include "platform/code.h"
#include "platform/placement.h"
#include "support.h"

#define needs_structs() (ARK__PLACES_ALL ? (void)0 : skip()) /* structs by value are refused there */
#define needs_refusal() (ARK__PLACES_ALL ? skip() : (void)0) /* and nowhere else */
#define needs_code() (ARK__CODE_INTEGERS ? (void)0 : skip()) /* no code is made at run time there */

#endif
