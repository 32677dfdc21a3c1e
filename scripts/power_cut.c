/* Notes what a program does to the files of one folder, in one order, for power_cuts.py.
 *
 * Preloaded into the program, Linux with glibc. A note is a head, the name within the folder (empty for the folder itself)
 * and the data. SQLite calls its system calls by their names in libc, so they are replaced here; what maps a file into
 * memory is not seen, and power_cuts.py compares the notes with the files at the end to find such a thing. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

struct __attribute__((packed)) head {
    char kind;
    uint16_t name;
    uint32_t data;
    uint64_t at;
};

static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;
static char folder[PATH_MAX];
static size_t folder_length;
static int journal = -1;
static int lies;

__attribute__((constructor)) static void begin(void)
{
    const char *named = getenv("POWER_CUT_FOLDER"), *into = getenv("POWER_CUT_JOURNAL");
    if (!named || !into)
        return;
    folder_length = (size_t)snprintf(folder, sizeof folder, "%s", named);
    lies = getenv("POWER_CUT_LIES") != NULL;
    journal = (int)syscall(SYS_openat, AT_FDCWD, into, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    if (journal < 0)
        abort();
}

/* The part of a path below the folder; NULL for any other. */
static const char *below(const char *path)
{
    if (journal < 0 || strncmp(path, folder, folder_length))
        return NULL;
    return path[folder_length] == '/' ? path + folder_length + 1 : path[folder_length] ? NULL : "";
}

/* Asked of the system and not kept in a table: nothing has to be known of close and dup then. */
static const char *name_of(int fd, char path[PATH_MAX])
{
    static const char gone[] = " (deleted)";
    char link[32];
    int kept = errno;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, PATH_MAX - 1);
    errno = kept;
    if (length < 0)
        return NULL;
    path[length] = 0;
    if (length >= (ssize_t)sizeof gone && !strcmp(path + length - sizeof gone + 1, gone))
        return NULL;
    return below(path);
}

static void note(char kind, const char *name, uint64_t at, const void *data, size_t length)
{
    struct head head = {kind, (uint16_t)strlen(name), (uint32_t)length, at};
    struct iovec parts[] = {{&head, sizeof head}, {(void *)name, head.name}, {(void *)data, length}};
    if (syscall(SYS_writev, journal, parts, 3) != (long)(sizeof head + head.name + length))
        abort();
}

int openat(int at, const char *path, int flags, ...)
{
    va_list rest;
    va_start(rest, flags);
    mode_t mode = flags & (O_CREAT | __O_TMPFILE) ? va_arg(rest, mode_t) : 0;
    va_end(rest);
    if (!(flags & (O_CREAT | O_TRUNC)))
        return (int)syscall(SYS_openat, at, path, flags, mode);
    char real[PATH_MAX];
    struct stat there;
    pthread_mutex_lock(&turn);
    int kept = errno, is_new = fstatat(at, path, &there, 0) != 0;
    errno = kept;
    int fd = (int)syscall(SYS_openat, at, path, flags, mode);
    const char *name = fd < 0 ? NULL : name_of(fd, real);
    if (name && is_new)
        note('c', name, 0, NULL, 0);
    else if (name && flags & O_TRUNC)
        note('t', name, 0, NULL, 0);
    pthread_mutex_unlock(&turn);
    return fd;
}

int open(const char *path, int flags, ...)
{
    va_list rest;
    va_start(rest, flags);
    mode_t mode = flags & (O_CREAT | __O_TMPFILE) ? va_arg(rest, mode_t) : 0;
    va_end(rest);
    return openat(AT_FDCWD, path, flags, mode);
}

ssize_t pwrite(int fd, const void *data, size_t length, off_t at)
{
    char path[PATH_MAX];
    const char *name = name_of(fd, path);
    if (!name)
        return syscall(SYS_pwrite64, fd, data, length, at);
    pthread_mutex_lock(&turn);
    ssize_t written = syscall(SYS_pwrite64, fd, data, length, at);
    if (written > 0)
        note('w', name, (uint64_t)at, data, (size_t)written);
    pthread_mutex_unlock(&turn);
    return written;
}

ssize_t write(int fd, const void *data, size_t length)
{
    char path[PATH_MAX];
    const char *name = name_of(fd, path);
    if (!name)
        return syscall(SYS_write, fd, data, length);
    pthread_mutex_lock(&turn);
    ssize_t written = syscall(SYS_write, fd, data, length);
    if (written > 0)
        note('w', name, (uint64_t)(lseek(fd, 0, SEEK_CUR) - written), data, (size_t)written);
    pthread_mutex_unlock(&turn);
    return written;
}

int ftruncate(int fd, off_t length)
{
    char path[PATH_MAX];
    const char *name = name_of(fd, path);
    pthread_mutex_lock(&turn);
    int failed = (int)syscall(SYS_ftruncate, fd, length);
    if (!failed && name)
        note('t', name, (uint64_t)length, NULL, 0);
    pthread_mutex_unlock(&turn);
    return failed;
}

int unlink(const char *path)
{
    const char *name = below(path);
    pthread_mutex_lock(&turn);
    int failed = (int)syscall(SYS_unlinkat, AT_FDCWD, path, 0);
    if (!failed && name)
        note('u', name, 0, NULL, 0);
    pthread_mutex_unlock(&turn);
    return failed;
}

int rename(const char *from, const char *to)
{
    const char *old = below(from), *name = below(to);
    pthread_mutex_lock(&turn);
    int failed = (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
    if (!failed && old && name)
        note('r', old, 0, name, strlen(name));
    pthread_mutex_unlock(&turn);
    return failed;
}

int linkat(int from_at, const char *from, int to_at, const char *to, int flags)
{
    const char *old = below(from), *name = below(to);
    pthread_mutex_lock(&turn);
    int failed = (int)syscall(SYS_linkat, from_at, from, to_at, to, flags);
    if (!failed && old && name)
        note('l', old, 0, name, strlen(name));
    pthread_mutex_unlock(&turn);
    return failed;
}

/* A sync keeps what was written before it began, so its note says where the journal ended then. The lock is not held
 * meanwhile: others write on, as they would without us. */
static int synced(int fd, long call)
{
    char path[PATH_MAX];
    const char *name = name_of(fd, path);
    if (!name)
        return (int)syscall(call, fd);
    if (lies)
        return 0;
    pthread_mutex_lock(&turn);
    off_t begun = lseek(journal, 0, SEEK_END);
    pthread_mutex_unlock(&turn);
    int failed = (int)syscall(call, fd);
    pthread_mutex_lock(&turn);
    if (!failed)
        note('s', name, (uint64_t)begun, NULL, 0);
    pthread_mutex_unlock(&turn);
    return failed;
}

int fsync(int fd) { return synced(fd, SYS_fsync); }
int fdatasync(int fd) { return synced(fd, SYS_fdatasync); }

int open64(const char *path, int flags, ...) __attribute__((alias("open")));
int openat64(int at, const char *path, int flags, ...) __attribute__((alias("openat")));
ssize_t pwrite64(int fd, const void *data, size_t length, off64_t at) __attribute__((alias("pwrite")));
int ftruncate64(int fd, off64_t length) __attribute__((alias("ftruncate")));
