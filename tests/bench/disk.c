/* Loaded before libc.  Counts the flushes and the bytes that go to files below $DISK_FOLDER, and lets every flush of
   the process take $DISK_FLUSH_US microseconds, whatever else happens on this disk. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static long flushes_seen, bytes_seen;

long flushes(void) { return flushes_seen; }
long bytes_written(void) { return bytes_seen; }

static int below(int file) {
    const char *folder = getenv("DISK_FOLDER");
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = folder == NULL ? -1 : readlink(link, path, sizeof path - 1);
    return length > 0 && (path[length] = '\0', strncmp(path, folder, strlen(folder)) == 0);
}

static ssize_t written(int file, ssize_t bytes) {
    if (bytes > 0 && below(file))
        __sync_fetch_and_add(&bytes_seen, bytes);
    return bytes;
}

typedef int flush(int);
typedef ssize_t put(int, const void *, size_t);
typedef ssize_t put_at(int, const void *, size_t, off_t);

#define NEXT(type, name) ((type *)dlsym(RTLD_NEXT, name))

static int flushed(int file, flush *real) {
    const char *takes = getenv("DISK_FLUSH_US");
    long us = takes == NULL ? 0 : atol(takes);
    struct timespec end;
    clock_gettime(CLOCK_MONOTONIC, &end);
    end.tv_sec += (end.tv_nsec / 1000 + us) / 1000000;
    end.tv_nsec = (end.tv_nsec / 1000 + us) % 1000000 * 1000;
    int result = real(file);
    while (us > 0 && clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &end, NULL) != 0)
        ;
    __sync_fetch_and_add(&flushes_seen, below(file));
    return result;
}

int fsync(int file) { return flushed(file, NEXT(flush, "fsync")); }
int fdatasync(int file) { return flushed(file, NEXT(flush, "fdatasync")); }

ssize_t write(int file, const void *from, size_t bytes) {
    return written(file, NEXT(put, "write")(file, from, bytes));
}

ssize_t pwrite(int file, const void *from, size_t bytes, off_t at) {
    return written(file, NEXT(put_at, "pwrite")(file, from, bytes, at));
}

ssize_t pwrite64(int file, const void *from, size_t bytes, off64_t at) {
    return written(file, NEXT(put_at, "pwrite64")(file, from, bytes, at));
}
