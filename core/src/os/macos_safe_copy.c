/* The kernel makes the copies: for a wrong address it returns an error, where an access by the process would end it. */
#include "os/safe_copy.h"
#include "os/system.h"

#if ARK__MACOS
#include <mach/mach.h>

static ark__copied copy_outcome(kern_return_t code) {
  switch (code) {
  case KERN_SUCCESS: return ARK__COPY_DONE;
  case KERN_INVALID_ADDRESS:
  case KERN_PROTECTION_FAILURE:
  case KERN_MEMORY_ERROR: /* a page of a file that has become shorter */
  case KERN_MEMORY_FAILURE: return ARK__COPY_FAULT;
  default: return ARK__COPY_DENIED;
  }
}

ark__copied ark__copy_in(void *out, uintptr_t address, size_t size) {
  vm_size_t done = 0;
  return copy_outcome(vm_read_overwrite(mach_task_self(), address, size, (vm_address_t)out, &done));
}

/* The size of a copy has 32 bits. */
enum { MOST_AT_ONCE = 1 << 30 };

ark__copied ark__copy_out(uintptr_t address, const void *bytes, size_t size) {
  ark__copied copied = ARK__COPY_DONE;
  for (size_t done = 0, part; done < size && copied == ARK__COPY_DONE; done += part) {
    part = size - done < MOST_AT_ONCE ? size - done : MOST_AT_ONCE;
    vm_offset_t from = (vm_offset_t)bytes + done;
    copied = copy_outcome(vm_write(mach_task_self(), address + done, from, (mach_msg_type_number_t)part));
  }
  return copied;
}
#endif
