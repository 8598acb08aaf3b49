/* Writes down, in their order, all changes and flushes of the files below $POWER_ROOT: preloaded into a process, to $POWER_TRACE.
 * One entry: a header of four 64-bit words (what, inode, offset, length), then `length` bytes of data or names.
 * An inode stands for a file until a file is created with it again.  SQLite's -shm is left out: it is made anew at every start.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

static const char *root;
static size_t root_length;
static int trace = -1;

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

__attribute__((constructor)) static void begin(void) {
    root = getenv("POWER_ROOT");
    root_length = strlen(root);
    trace = REAL(open)(getenv("POWER_TRACE"), O_WRONLY | O_APPEND | O_CLOEXEC);
    if (trace < 0) abort();
}

static void put(char what, uint64_t inode, uint64_t offset, const void *data, size_t length) {
    uint64_t header[4] = {(unsigned char)what, inode, offset, length};
    struct iovec parts[2] = {{header, sizeof header}, {(void *)data, length}};
    if (writev(trace, parts, 2) != (ssize_t)(sizeof header + length)) abort();
}

/* The name below the root; NULL for a file that does not concern us. */
static const char *below(const char *path) {
    if (!root || strncmp(path, root, root_length) != 0 || strstr(path, "-shm")) return NULL;
    if (path[root_length] == 0) return path + root_length;
    return path[root_length] == '/' ? path + root_length + 1 : NULL;
}

static const char *name_of(int fd, char path[PATH_MAX]) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, PATH_MAX - 1);
    if (length < 0) return NULL;
    path[length] = 0;
    return below(path);
}

static uint64_t inode(int fd) {
    struct stat file;
    if (fstat(fd, &file) != 0) abort();
    return file.st_ino;
}

static int opened(int fd, int flags, int existed) {
    char path[PATH_MAX];
    const char *name = fd < 0 ? NULL : name_of(fd, path);
    if (name && !existed) put('c', inode(fd), 0, name, strlen(name));
    if (name && existed && (flags & O_TRUNC)) put('t', inode(fd), 0, "", 0);
    return fd;
}

#define OPEN(name) \
    int name(const char *path, int flags, ...) { \
        va_list rest; \
        va_start(rest, flags); \
        mode_t mode = flags & O_CREAT ? va_arg(rest, mode_t) : 0; \
        va_end(rest); \
        int existed = !(flags & O_CREAT) || access(path, F_OK) == 0; \
        return opened(REAL(name)(path, flags, mode), flags, existed); \
    }
OPEN(open)
OPEN(open64)

#define OPENAT(name) \
    int name(int folder, const char *path, int flags, ...) { \
        va_list rest; \
        va_start(rest, flags); \
        mode_t mode = flags & O_CREAT ? va_arg(rest, mode_t) : 0; \
        va_end(rest); \
        int existed = !(flags & O_CREAT) || faccessat(folder, path, F_OK, 0) == 0; \
        return opened(REAL(name)(folder, path, flags, mode), flags, existed); \
    }
OPENAT(openat)
OPENAT(openat64)

static ssize_t written(int fd, const void *data, ssize_t length, off64_t offset) {
    char path[PATH_MAX];
    if (length > 0 && name_of(fd, path)) put('w', inode(fd), offset, data, length);
    return length;
}

ssize_t write(int fd, const void *data, size_t length) {
    ssize_t done = REAL(write)(fd, data, length);
    return written(fd, data, done, lseek(fd, 0, SEEK_CUR) - done);
}

#define PWRITE(name, offset_type) \
    ssize_t name(int fd, const void *data, size_t length, offset_type offset) { \
        return written(fd, data, REAL(name)(fd, data, length, offset), offset); \
    }
PWRITE(pwrite, off_t)
PWRITE(pwrite64, off64_t)

#define TRUNCATE(name, size_type) \
    int name(int fd, size_type size) { \
        char path[PATH_MAX]; \
        int failed = REAL(name)(fd, size); \
        if (!failed && name_of(fd, path)) put('t', inode(fd), size, "", 0); \
        return failed; \
    }
TRUNCATE(ftruncate, off_t)
TRUNCATE(ftruncate64, off64_t)

static int flushed(int fd, int failed) {
    char path[PATH_MAX];
    struct stat file;
    const char *name = failed ? NULL : name_of(fd, path);
    if (name && fstat(fd, &file) == 0) put(S_ISDIR(file.st_mode) ? 'd' : 's', file.st_ino, 0, name, strlen(name));
    return failed;
}

int fsync(int fd) { return flushed(fd, REAL(fsync)(fd)); }
int fdatasync(int fd) { return flushed(fd, REAL(fdatasync)(fd)); }

static int removed(const char *path, int failed) {
    const char *name = below(path);
    if (!failed && name) put('u', 0, 0, name, strlen(name));
    return failed;
}

int unlink(const char *path) { return removed(path, REAL(unlink)(path)); }

static int renamed(const char *old, const char *new, int failed) {
    char names[2 * PATH_MAX];
    if (!failed && below(old) && below(new)) {
        int length = snprintf(names, sizeof names, "%s%c%s", below(old), 0, below(new));
        put('r', 0, 0, names, length);
    }
    return failed;
}

int rename(const char *old, const char *new) { return renamed(old, new, REAL(rename)(old, new)); }
int renameat(int from, const char *old, int to, const char *new) {
    return renamed(old, new, REAL(renameat)(from, old, to, new));
}
