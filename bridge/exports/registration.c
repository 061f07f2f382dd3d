/* OpenHarmony does not look for the function that NAPI_MODULE_INIT defines: a module registers itself when the loader
 * opens it, under the name that its file has: `library` for liblibrary.so. On other hosts ARKFFI_MODULE_NAME is not
 * defined. */
#include <node_api.h>

#ifdef ARKFFI_MODULE_NAME
napi_value napi_register_module_v1(napi_env env, napi_value exports);

static napi_module registration_record = {
    .nm_version = 1,
    .nm_register_func = napi_register_module_v1,
    .nm_modname = ARKFFI_MODULE_NAME,
};

/* Runs once in a process; the function it registers runs in each environment. */
__attribute__((constructor)) static void registration_begin(void) {
  napi_module_register(&registration_record);
}
#endif
