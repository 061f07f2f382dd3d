#include "v8/symbols.h"
#include "arkffi/library.h"
#include <stdio.h>
#include <string.h>

/* The versions whose layouts are known, by trial: those of Node.js 20, 22, 24 and 26. */
static const struct { unsigned major, minor, type_size; } versions[] = {{11, 3, 3}, {12, 4, 3}, {13, 6, 3}, {14, 6, 2}};

static bool knows_version(arkjs_v8_symbols *v8) {
  unsigned major, minor;
  if (sscanf(v8->version(), "%u.%u.", &major, &minor) != 2) return false;
  for (size_t i = 0; i < sizeof versions / sizeof versions[0]; i++) {
    if (versions[i].major != major || versions[i].minor != minor) continue;
    v8->major = major;
    v8->type_size = versions[i].type_size;
    return true;
  }
  return false;
}

/* v8::FunctionTemplate::New */
static const char new_template[] =
    "_ZN2v816FunctionTemplate3NewEPNS_7IsolateEPFvRKNS_20FunctionCallbackInfoINS_5ValueEEEENS_5LocalIS4_EENSA_INS_"
    "9SignatureEEEiNS_19ConstructorBehaviorENS_14SideEffectTypeEPKNS_9CFunctionEttt";

static const char *const names[] = {
    "_ZN2v82V810GetVersionEv",
    "_ZN2v87Isolate10GetCurrentEv",
    "_ZN2v87Isolate17GetCurrentContextEv",
    new_template,
    "_ZN2v816FunctionTemplate11GetFunctionENS_5LocalINS_7ContextEEE",
    "_ZN2v813CFunctionInfoC1ERKNS_9CTypeInfoEjPS2_NS0_19Int64RepresentationE",
    "_ZNK2v813CFunctionInfo12ArgumentInfoEj",
    "_ZN2v89CFunctionC1EPKvPKNS_13CFunctionInfoE",
    "_ZN2v86String14NewFromOneByteEPNS_7IsolateEPKhNS_13NewStringTypeEi",
    "_ZN2v86String11NewFromUtf8EPNS_7IsolateEPKcNS_13NewStringTypeEi",
};
enum { NAME_COUNT = sizeof names / sizeof names[0], INIT_INFO = 5 };

/* Before V8 12 there was nothing to be said of integers of 64 bits. An argument too many does no harm in C. */
static const char init_info_of_11[] = "_ZN2v813CFunctionInfoC1ERKNS_9CTypeInfoEjPS2_";

/* Whether V8 reads back what was put into an info of two arguments. */
static bool has_layout(const arkjs_v8_symbols *v8) {
  uint8_t result[ARKJS_V8_MOST_TYPE_SIZE] = {ARKJS_V8_FLOAT64}, args[2 * ARKJS_V8_MOST_TYPE_SIZE] = {0};
  arkjs_v8_info info[2];
  memset(info, 0xa5, sizeof info);
  args[0] = ARKJS_V8_VALUE;
  args[v8->type_size] = ARKJS_V8_INT32;
  v8->init_info(info, result, 2, args, 0);
  uint64_t beyond;
  memset(&beyond, 0xa5, sizeof beyond);
  return v8->argument_of_info(info, 0) == args && v8->argument_of_info(info, 1) == args + v8->type_size &&
         !memcmp(info, result, v8->type_size) && info[1].words[0] == beyond;
}

static const char *find(arkjs_v8_symbols *out) {
  void *found[NAME_COUNT];
  for (size_t i = 0; i < NAME_COUNT; i++) {
    found[i] = ark_process_symbol(names[i]);
    if (!found[i] && i == INIT_INFO) found[i] = ark_process_symbol(init_info_of_11);
    if (!found[i]) return "this host does not have the functions of V8 that it needs";
  }
  memcpy(out, found, sizeof found);
  if (!knows_version(out)) return "this version of V8 is not one that it knows";
  return has_layout(out) ? NULL : "this V8 is laid out in another way than its version tells";
}

const arkjs_v8_symbols *arkjs_v8_find(const char **reason) {
  static _Thread_local arkjs_v8_symbols symbols;
  static _Thread_local bool is_known;
  static _Thread_local const char *failure;
  if (!is_known) failure = find(&symbols);
  is_known = true;
  *reason = failure;
  return failure ? NULL : &symbols;
}
