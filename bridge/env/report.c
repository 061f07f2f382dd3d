#include "env/report.h"
#include "arkffi/alloc.h"
#include "arkffi/container_of.h"
#include "env/mailbox.h"
#include <stdio.h>

void arkjs_raise_uncaught(arkjs_env *env, napi_value thrown) {
  arkjs_mailbox_set_raising(env, true);
  arkjs_raise_value(env, thrown);
  arkjs_mailbox_set_raising(env, false);
}

typedef struct report {
  arkjs_message message;
  ark_status status;
  ark_error error;
} report;

/* JavaScript runs no more, because the program has ended the process or the worker itself. Somebody should learn of the
 * error all the same. */
static void report_drop(arkjs_env *env, arkjs_message *message) {
  (void)env;
  report *sent = ark_container_of(message, report, message);
  char text[ARK_ERROR_SIZE + 64];
  snprintf(text, sizeof text, "not raised, because the program has ended: %s: %s", ark_status_code(sent->status),
           sent->error.message);
  arkjs_host_notify(text);
  ark_free(sent);
}

static void report_run(arkjs_env *env, arkjs_message *message) {
  report *sent = ark_container_of(message, report, message);
  if (!arkjs_env_can_run(env)) { /* Node.js turns its event loop while it ends an environment */
    report_drop(env, message);
    return;
  }
  arkjs_raise_uncaught(env, arkjs_error_value(env, sent->status, &sent->error));
  ark_free(sent);
}

bool arkjs_report(arkjs_env *env, ark_status status, const ark_error *error) {
  report *sent = ark_alloc(1, sizeof *sent);
  if (!sent) return false;
  sent->message = (arkjs_message){.run = report_run, .drop = report_drop, .is_report = true};
  sent->status = status;
  sent->error = *error;
  bool is_sent = arkjs_mailbox_send(env, &sent->message);
  if (!is_sent) ark_free(sent);
  return is_sent;
}
