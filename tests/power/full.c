/* A disk without room, preloaded into a process: while the file $FULL_WHEN exists no file below $FULL_ROOT grows.
 * What is there already can be written over, as on a real one.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static int no_room(int fd, off64_t end) {
    char link[64], path[PATH_MAX];
    const char *root = getenv("FULL_ROOT");
    struct stat file;
    if (access(getenv("FULL_WHEN"), F_OK) != 0 || fstat(fd, &file) != 0 || end <= file.st_size) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, PATH_MAX - 1);
    if (length < 0) return 0;
    path[length] = 0;
    if (strncmp(path, root, strlen(root)) != 0) return 0;
    errno = ENOSPC;
    return 1;
}

ssize_t write(int fd, const void *data, size_t length) {
    return no_room(fd, lseek(fd, 0, SEEK_CUR) + length) ? -1 : REAL(write)(fd, data, length);
}

#define PWRITE(name, offset_type) \
    ssize_t name(int fd, const void *data, size_t length, offset_type offset) { \
        return no_room(fd, offset + length) ? -1 : REAL(name)(fd, data, length, offset); \
    }
PWRITE(pwrite, off_t)
PWRITE(pwrite64, off64_t)

#define TRUNCATE(name, size_type) \
    int name(int fd, size_type size) { return no_room(fd, size) ? -1 : REAL(name)(fd, size); }
TRUNCATE(ftruncate, off_t)
TRUNCATE(ftruncate64, off64_t)
