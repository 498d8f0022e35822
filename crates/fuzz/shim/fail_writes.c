/* Makes calls that write fail, as a disk does that is broken or full.
 *
 * Preloaded into a process (LD_PRELOAD), it counts what the process writes to regular files:
 * write, pwrite, fsync, fdatasync, ftruncate. From call FAIL_AT on, FAIL_FOR calls in a row fail,
 * as FAIL_HOW says: "EIO" and "ENOSPC" with that error; "short" writes half of what the first call
 * has and fails the others with ENOSPC. The first that fails makes the file FAIL_NOTE. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

enum { GOES_ON = 0, IS_SHORT = -1 };

static atomic_long calls;

static long setting(const char *name) {
    const char *text = getenv(name);
    return text ? atol(text) : 0;
}

static void note(void) {
    const char *path = getenv("FAIL_NOTE");
    int file = path ? open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0644) : -1;
    if (file >= 0) close(file);
}

/* Returns what becomes of a call: GOES_ON, IS_SHORT, or the number of its error. */
static int fate(int file) {
    struct stat is;
    if (fstat(file, &is) != 0 || !S_ISREG(is.st_mode)) return GOES_ON;
    long call = atomic_fetch_add(&calls, 1) + 1;
    long first = setting("FAIL_AT");
    if (call < first || call - first >= setting("FAIL_FOR")) return GOES_ON;
    if (call == first) note();
    const char *how = getenv("FAIL_HOW");
    if (how && strcmp(how, "EIO") == 0) return EIO;
    if (how && strcmp(how, "short") == 0 && call == first) return IS_SHORT;
    return ENOSPC;
}

static int refuse(int error) {
    errno = error;
    return -1;
}

/* Half of a number of bytes, but not nothing: that would be another kind of failure. */
static size_t half(size_t count) { return count > 1 ? count / 2 : count; }

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

ssize_t write(int file, const void *bytes, size_t count) {
    int error = fate(file);
    if (error > 0) return refuse(error);
    return NEXT(write)(file, bytes, error == IS_SHORT ? half(count) : count);
}

ssize_t pwrite(int file, const void *bytes, size_t count, off_t at) {
    int error = fate(file);
    if (error > 0) return refuse(error);
    return NEXT(pwrite)(file, bytes, error == IS_SHORT ? half(count) : count, at);
}

ssize_t pwrite64(int file, const void *bytes, size_t count, off64_t at) {
    int error = fate(file);
    if (error > 0) return refuse(error);
    return NEXT(pwrite64)(file, bytes, error == IS_SHORT ? half(count) : count, at);
}

int fsync(int file) {
    int error = fate(file);
    return error > 0 ? refuse(error) : NEXT(fsync)(file);
}

int fdatasync(int file) {
    int error = fate(file);
    return error > 0 ? refuse(error) : NEXT(fdatasync)(file);
}

int ftruncate(int file, off_t length) {
    int error = fate(file);
    return error > 0 ? refuse(error) : NEXT(ftruncate)(file, length);
}

int ftruncate64(int file, off64_t length) {
    int error = fate(file);
    return error > 0 ? refuse(error) : NEXT(ftruncate64)(file, length);
}
