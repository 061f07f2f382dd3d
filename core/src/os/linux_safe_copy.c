/* System calls make the copies: for a wrong address they return an error, where an access by the process would end
 * it. */
#include "os/safe_copy.h"
#include "os/system.h"

#if ARK__LINUX
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <sys/uio.h>
#include <unistd.h>

typedef ssize_t (*copier)(pid_t pid, const struct iovec *here, unsigned long here_count, const struct iovec *there,
                          unsigned long there_count, unsigned long flags);

/* Copies by process_vm_readv or process_vm_writev on the process itself, which a sandbox may forbid. */
static ark__copied copy_by_call(copier copy, char *here, uintptr_t there, size_t size) {
  for (size_t done = 0; done < size;) {
    struct iovec local = {here + done, size - done}, remote = {(char *)there + done, size - done};
    ssize_t count = copy(getpid(), &local, 1, &remote, 1, 0);
    if (count < 0 && errno == EFAULT) return ARK__COPY_FAULT;
    if (count <= 0) return ARK__COPY_DENIED;
    done += (size_t)count;
  }
  return ARK__COPY_DONE;
}

/* At most what a pipe takes at once (pipe(7): PIPE_BUF), so that writing to it never waits. */
enum { PIPE_SIZE = 4096 };

/* Copies through a pipe: write and read also fail for wrong addresses, and no sandbox forbids them. */
static ark__copied copy_by_pipe(const char *from, char *to, size_t size) {
  int ends[2];
  ark__copied copied = ARK__COPY_DONE;
  if (pipe2(ends, O_CLOEXEC) != 0) return ARK__COPY_DENIED;
  for (size_t done = 0; done < size && copied == ARK__COPY_DONE;) {
    size_t part = size - done < PIPE_SIZE ? size - done : PIPE_SIZE;
    ssize_t written = write(ends[1], from + done, part);
    ssize_t count = written > 0 ? read(ends[0], to + done, (size_t)written) : written;
    if (count < 0) copied = errno == EFAULT ? ARK__COPY_FAULT : errno == EINTR ? ARK__COPY_DONE : ARK__COPY_DENIED;
    if (count > 0) done += (size_t)count;
  }
  close(ends[0]);
  close(ends[1]);
  return copied;
}

/* Whether the system has refused the calls once; then only the pipe is used. */
static atomic_bool copy_are_calls_denied;

/* OpenHarmony ends an application that makes a system call which is not on its list, and these two are not known to be.
 * relaxed: only saves system calls, and nothing else depends on it. */
static bool copy_may_call(void) {
  return !ARK__OPENHARMONY && !atomic_load_explicit(&copy_are_calls_denied, memory_order_relaxed);
}

static void copy_note_denial(void) {
  atomic_store_explicit(&copy_are_calls_denied, true, memory_order_relaxed);
}

ark__copied ark__copy_in(void *out, uintptr_t address, size_t size) {
  ark__copied copied = copy_may_call() ? copy_by_call(process_vm_readv, out, address, size) : ARK__COPY_DENIED;
  if (copied != ARK__COPY_DENIED) return copied;
  copy_note_denial();
  return copy_by_pipe((const char *)address, out, size);
}

ark__copied ark__copy_out(uintptr_t address, const void *bytes, size_t size) {
  ark__copied copied =
      copy_may_call() ? copy_by_call(process_vm_writev, (char *)bytes, address, size) : ARK__COPY_DENIED;
  if (copied != ARK__COPY_DENIED) return copied;
  copy_note_denial();
  return copy_by_pipe(bytes, (char *)address, size);
}
#endif
