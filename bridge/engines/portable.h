/* Calls whose arguments are numbers in memory that JavaScript shares: the portable engine.
 *
 * An environment has one ArrayBuffer of doubles, the cells, and one JavaScript function without arguments. JavaScript
 * writes into cell 0 which function it calls and into others its arguments, which it has checked, each where the
 * function's plan looks for it (ark_plan_cell); enters; and finds the result in cell 0. Entering without arguments is the
 * least that Node-API can be asked for, and every host has it. Values that a double does not hold exactly are none of
 * this: their calls go the ordinary way. Of strings the cells hold null alone. Structs by value are there as addresses;
 * where the result is one, the cell behind the arguments has the address that it goes to.
 *
 * Thread rule: the environment's JavaScript thread.
 */
#ifndef ARKJS_PORTABLE_H
#define ARKJS_PORTABLE_H

#include "functions/function.h"

/* Gives the function a number for cell 0, unless some argument is no number, no UTF-8 string and no struct. Fails with
 * ARK_NO_MEMORY. */
ark_status arkjs_slots_admit(arkjs_function *function, ark_error *error);

/* From now on its number, where it has one, stands for nothing. */
void arkjs_slots_dismiss(arkjs_function *function);

/* The function that has a number, or NULL. */
arkjs_function *arkjs_slots_function(const arkjs_env *env, uint32_t number);

/* Calls what has a number by what the cells say, and leaves the result there, with nothing in between: no callback may
 * be open, nor is one noticed. The result must be void, a struct, or something that a double holds whatever it is.
 * False when nothing was called. */
bool arkjs_slots_call_at_once(arkjs_env *env, uint32_t number);

/* The cells: the first is where calls by other ways leave their result, a number or not; those of arguments follow. */
ark_value *arkjs_slots_values(const arkjs_env *env);

/* Answers with SharedSlots of ts/src/bridge.ts the first time, with undefined later: nobody but arkffi may have the cells,
 * because whoever transfers their buffer frees the memory. */
ark_status arkjs_open_slots(const arkjs_request *request, napi_value *result);

/* The environment ends; and later, nothing refers to it any more. */
void arkjs_slots_end(arkjs_env *env);
void arkjs_slots_free(arkjs_env *env);

#endif
