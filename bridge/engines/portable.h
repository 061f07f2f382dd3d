/* The portable engine: calls whose arguments are numbers in memory shared with JavaScript.
 *
 * An environment has one ArrayBuffer of doubles, the slots, and one JavaScript function without arguments. JavaScript
 * writes the number of the C function into slot 0, and the checked arguments into the slots where the function's plan
 * expects them (ark_plan_slot). It calls the function, and finds the result in slot 0. A call without arguments is
 * the cheapest that Node-API offers, and every host has it. Values that a double cannot hold exactly take the slow
 * path. For strings the slots hold only null. Structs by value are passed as addresses; if the result is one, the
 * slot after the arguments has the address for it.
 * Thread rule: the environment's JavaScript thread.
 */
#ifndef ARKJS_PORTABLE_H
#define ARKJS_PORTABLE_H

#include "functions/function.h"

/* Gives the function a number for slot 0, if all its arguments are numbers, UTF-8 strings or structs. Fails with
 * ARK_NO_MEMORY. */
ark_status arkjs_slots_admit(arkjs_function *function, ark_error *error);

/* Frees the function's number, if it has one. */
void arkjs_slots_dismiss(arkjs_function *function);

/* The function with that number, or NULL. The caller gets no reference. */
arkjs_function *arkjs_slots_function(const arkjs_env *env, uint32_t number);

/* Calls the function with that number on the arguments in the slots, and stores the result there. There is no frame:
 * no callback may be open, and none would be noticed. The result type must be void, a struct, or one whose every
 * value fits a double. False when the call is not possible in this way; then nothing was called. */
bool arkjs_slots_call_at_once(arkjs_env *env, uint32_t number);

/* The slots. Calls by the V8 engine leave their result in the first one, even if a double cannot hold it; the
 * arguments follow. */
ark_value *arkjs_slots_values(const arkjs_env *env);

/* Finds the function with a number, or the one whose number JavaScript has put into slot 0. `caller` is named in the
 * message. Fails with ARK_INVALID_HANDLE. */
ark_status arkjs_slots_find(const arkjs_env *env, uint32_t number, const char *caller, arkjs_function **out,
                            ark_error *error);
ark_status arkjs_slots_find_chosen(const arkjs_env *env, const char *caller, arkjs_function **out, ark_error *error);

/* The slots of the arguments, as ark_plan_slot counts them. */
const ark_value *arkjs_slots_arguments(const arkjs_env *env);

/* Returns SharedSlots of ts/src/host/bridge.ts: always the same object, because arkffi's JavaScript may be evaluated
 * several times on one thread. Only arkffi may use it, because transferring its buffer would free the memory. */
ark_status arkjs_open_slots(const arkjs_request *request, napi_value *result);

/* Lets JavaScript know that a library has been closed. */
void arkjs_slots_count_closing(const arkjs_env *env);

/* Called when the environment ends, and when its last reference is released. */
void arkjs_slots_end(arkjs_env *env);
void arkjs_slots_free(arkjs_env *env);

#endif
