/* Records what one process does to the files below some folders, and lets one of these operations fail.

   Preloaded (LD_PRELOAD) into the real program; it does nothing until `torture_begin` is called. Then every open, write,
   truncation, allocation, sync, rename, unlink, mkdir and rmdir below the folders is appended to a log, with its data and
   in the order in which it was done (one lock around each operation and its record). What is written to one chosen
   descriptor is logged as SAID: so an acknowledgement has its place among the operations.

   A record, in the machine's byte order: op (1 byte), descriptor, errno (4 bytes each), offset or flags, length (8 bytes
   each), bytes of the first and of the second part (4 bytes each), the parts.

   Absent on purpose: reads, modes, times, and every file whose name ends in "-shm" (a memory map that no power cut leaves).
   That nothing else escapes is checked after each recording: what the log says must be what the disk holds. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { OPEN = 1, WRITE, TRUNCATE, ALLOCATE, SYNC, RENAME, UNLINK, MKDIR, RMDIR, SAID, ASKED };
enum { CLASS_WRITE = 1, CLASS_SYNC = 2, CLASS_OPEN = 4, CLASS_NAME = 8 };
#define MOST_DESCRIPTORS 4096
#define MOST_ROOTS 4

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int log_descriptor = -1, said_descriptor = -1;
static int root_count;
static char roots[MOST_ROOTS][PATH_MAX];
static unsigned char root_of[MOST_DESCRIPTORS]; /* 0: not below a folder of ours, else the folder's number + 1 */

static int fail_classes, fail_errno, fail_sticky, fail_root = -1;
static long fail_at, operations;

static int (*real_open)(const char *, int, ...);
static int (*real_openat)(int, const char *, int, ...);
static ssize_t (*real_write)(int, const void *, size_t);
static ssize_t (*real_pwrite)(int, const void *, size_t, off_t);
static int (*real_ftruncate)(int, off_t);
static int (*real_fallocate)(int, off_t, off_t);
static int (*real_fsync)(int);
static int (*real_fdatasync)(int);
static int (*real_renameat)(int, const char *, int, const char *);
static int (*real_unlinkat)(int, const char *, int);
static int (*real_mkdirat)(int, const char *, mode_t);
static int (*real_close)(int);

__attribute__((constructor)) static void find_real(void) {
    real_open = dlsym(RTLD_NEXT, "open64");
    real_openat = dlsym(RTLD_NEXT, "openat64");
    real_write = dlsym(RTLD_NEXT, "write");
    real_pwrite = dlsym(RTLD_NEXT, "pwrite64");
    real_ftruncate = dlsym(RTLD_NEXT, "ftruncate64");
    real_fallocate = dlsym(RTLD_NEXT, "posix_fallocate64");
    real_fsync = dlsym(RTLD_NEXT, "fsync");
    real_fdatasync = dlsym(RTLD_NEXT, "fdatasync");
    real_renameat = dlsym(RTLD_NEXT, "renameat");
    real_unlinkat = dlsym(RTLD_NEXT, "unlinkat");
    real_mkdirat = dlsym(RTLD_NEXT, "mkdirat");
    real_close = dlsym(RTLD_NEXT, "close");
}

/* --- the log ------------------------------------------------------------------------------------------------- */

static void put(const void *data, size_t size) {
    const char *at = data;
    while (size > 0) {
        ssize_t done = real_write(log_descriptor, at, size);
        if (done <= 0) _exit(99); /* a log with a hole proves nothing */
        at += done;
        size -= (size_t)done;
    }
}

static void record(uint8_t op, int32_t descriptor, int32_t error, int64_t offset, int64_t length, const void *first,
                   uint32_t first_size, const void *second, uint32_t second_size) {
    unsigned char head[33];
    head[0] = op;
    memcpy(head + 1, &descriptor, 4);
    memcpy(head + 5, &error, 4);
    memcpy(head + 9, &offset, 8);
    memcpy(head + 17, &length, 8);
    memcpy(head + 25, &first_size, 4);
    memcpy(head + 29, &second_size, 4);
    put(head, sizeof head);
    put(first, first_size);
    put(second, second_size);
}

/* --- what is below the folders ------------------------------------------------------------------------------- */

static int root_number(const char *path) {
    size_t length = strlen(path);
    if (length >= 4 && strcmp(path + length - 4, "-shm") == 0) return 0;
    for (int number = 0; number < root_count; number++) {
        size_t size = strlen(roots[number]);
        if (strncmp(path, roots[number], size) == 0 && (path[size] == '/' || path[size] == 0)) return number + 1;
    }
    return 0;
}

static void whole_path(int directory, const char *path, char *out) {
    char above[PATH_MAX] = "", link[64];
    if (path[0] != '/') {
        if (directory == AT_FDCWD) {
            if (getcwd(above, sizeof above) == NULL) above[0] = 0;
        } else {
            snprintf(link, sizeof link, "/proc/self/fd/%d", directory);
            ssize_t size = readlink(link, above, sizeof above - 1);
            above[size > 0 ? size : 0] = 0;
        }
        strncat(above, "/", sizeof above - strlen(above) - 1);
    }
    snprintf(out, PATH_MAX, "%.2047s%.2047s", above, path);
}

static int root_of_descriptor(int descriptor) {
    return log_descriptor >= 0 && descriptor >= 0 && descriptor < MOST_DESCRIPTORS ? root_of[descriptor] : 0;
}

/* The errno with which this operation fails, or 0. */
static int fault(int class, int root) {
    if (!(fail_classes & class)) return 0;
    operations++;
    if (fail_root >= 0) return fail_sticky && fail_root == root ? fail_errno : 0;
    if (operations != fail_at) return 0;
    if (fail_errno < 0) kill(getpid(), SIGKILL); /* instead of failing, the program dies before it */
    fail_root = root;
    return fail_errno;
}

/* --- for the program under test ------------------------------------------------------------------------------ */

/* Begin to log. `folders` is a list with ':' between; said: the descriptor that speaks to the outside. */
int torture_begin(const char *log, const char *folders, int said) {
    char list[PATH_MAX * MOST_ROOTS];
    snprintf(list, sizeof list, "%s", folders);
    for (char *one = strtok(list, ":"); one && root_count < MOST_ROOTS; one = strtok(NULL, ":"))
        snprintf(roots[root_count++], PATH_MAX, "%s", one);
    said_descriptor = said;
    log_descriptor = real_open(log, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600);
    return log_descriptor;
}

/* Let the operation number `at` of these classes fail; sticky: and every later one in the same folder. A negative error
   kills the program instead. */
void torture_fail(int classes, long at, int error, int sticky) {
    fail_classes = classes;
    fail_at = at;
    fail_errno = error;
    fail_sticky = sticky;
}

int torture_failed(void) { return fail_root; }

/* The process ends here and now, but not between an operation and its record: another thread may be at one. */
void torture_die(void) {
    pthread_mutex_lock(&lock);
    _exit(0);
}

void torture_asked(const char *text, int size) {
    pthread_mutex_lock(&lock);
    record(ASKED, -1, 0, 0, size, text, (uint32_t)size, "", 0);
    pthread_mutex_unlock(&lock);
}

static int opened(int directory, const char *path, int flags, mode_t mode) {
    char whole[PATH_MAX];
    if (log_descriptor < 0) return real_openat(directory, path, flags, mode);
    whole_path(directory, path, whole);
    int root = root_number(whole);
    if (root == 0) {
        int descriptor = real_openat(directory, path, flags, mode);
        if (descriptor >= 0 && descriptor < MOST_DESCRIPTORS) root_of[descriptor] = 0;
        return descriptor;
    }
    pthread_mutex_lock(&lock);
    int writes = (flags & O_ACCMODE) != O_RDONLY || (flags & O_CREAT);
    int error = writes ? fault(CLASS_OPEN, root) : 0;
    int descriptor = error ? -1 : real_openat(directory, path, flags, mode);
    if (!error && descriptor < 0) error = errno;
    if (descriptor >= 0 && descriptor < MOST_DESCRIPTORS) root_of[descriptor] = (unsigned char)root;
    record(OPEN, descriptor, error, flags, 0, whole, (uint32_t)strlen(whole), "", 0);
    pthread_mutex_unlock(&lock);
    errno = error;
    return descriptor;
}

static mode_t mode_of(int flags, va_list arguments) {
    return (flags & (O_CREAT | O_TMPFILE)) ? (mode_t)va_arg(arguments, int) : 0;
}

#define OPENS(name)                                        \
    int name(const char *path, int flags, ...) {           \
        va_list arguments;                                 \
        va_start(arguments, flags);                        \
        mode_t mode = mode_of(flags, arguments);           \
        va_end(arguments);                                 \
        return opened(AT_FDCWD, path, flags, mode);        \
    }
OPENS(open)
OPENS(open64)

#define OPENS_AT(name)                                          \
    int name(int directory, const char *path, int flags, ...) { \
        va_list arguments;                                      \
        va_start(arguments, flags);                             \
        mode_t mode = mode_of(flags, arguments);                \
        va_end(arguments);                                      \
        return opened(directory, path, flags, mode);            \
    }
OPENS_AT(openat)
OPENS_AT(openat64)

static ssize_t written(int descriptor, const void *data, size_t size, off_t offset, int at_offset) {
    int root = root_of_descriptor(descriptor);
    pthread_mutex_lock(&lock);
    if (root == 0) { /* what is said to the outside */
        record(SAID, descriptor, 0, 0, (int64_t)size, data, (uint32_t)size, "", 0);
        ssize_t done = real_write(descriptor, data, size);
        pthread_mutex_unlock(&lock);
        return done;
    }
    int error = fault(CLASS_WRITE, root);
    ssize_t done = -1;
    if (error == ENOSPC && size > 1 && operations == fail_at) { /* a disk that fills up takes a part first */
        size /= 2;
        error = 0;
    }
    if (!error) {
        if (!at_offset) {
            struct stat there;
            int appends = fcntl(descriptor, F_GETFL) & O_APPEND;
            offset = appends && fstat(descriptor, &there) == 0 ? there.st_size : lseek(descriptor, 0, SEEK_CUR);
        }
        done = at_offset ? real_pwrite(descriptor, data, size, offset) : real_write(descriptor, data, size);
        if (done < 0) error = errno;
    }
    record(WRITE, descriptor, error, offset, done, data, done > 0 ? (uint32_t)done : 0, "", 0);
    pthread_mutex_unlock(&lock);
    errno = error;
    return done;
}

ssize_t write(int descriptor, const void *data, size_t size) {
    if (log_descriptor < 0 || (root_of_descriptor(descriptor) == 0 && descriptor != said_descriptor))
        return real_write(descriptor, data, size);
    return written(descriptor, data, size, 0, 0);
}

#define WRITES_AT(name)                                                              \
    ssize_t name(int descriptor, const void *data, size_t size, off_t offset) {      \
        if (root_of_descriptor(descriptor) == 0) return real_pwrite(descriptor, data, size, offset); \
        return written(descriptor, data, size, offset, 1);                           \
    }
WRITES_AT(pwrite)
WRITES_AT(pwrite64)

#define TRUNCATES(name)                                                        \
    int name(int descriptor, off_t size) {                                     \
        int root = root_of_descriptor(descriptor);                             \
        if (root == 0) return real_ftruncate(descriptor, size);                \
        pthread_mutex_lock(&lock);                                             \
        int error = fault(CLASS_WRITE, root);                                  \
        if (!error && real_ftruncate(descriptor, size) != 0) error = errno;    \
        record(TRUNCATE, descriptor, error, size, 0, "", 0, "", 0);            \
        pthread_mutex_unlock(&lock);                                           \
        errno = error;                                                         \
        return error ? -1 : 0;                                                 \
    }
TRUNCATES(ftruncate)
TRUNCATES(ftruncate64)

#define ALLOCATES(name)                                                        \
    int name(int descriptor, off_t offset, off_t size) {                       \
        int root = root_of_descriptor(descriptor);                             \
        if (root == 0) return real_fallocate(descriptor, offset, size);        \
        pthread_mutex_lock(&lock);                                             \
        int error = fault(CLASS_WRITE, root);                                  \
        if (!error) error = real_fallocate(descriptor, offset, size);          \
        record(ALLOCATE, descriptor, error, offset, size, "", 0, "", 0);       \
        pthread_mutex_unlock(&lock);                                           \
        return error;                                                          \
    }
ALLOCATES(posix_fallocate)
ALLOCATES(posix_fallocate64)

#define SYNCS(name)                                                            \
    int name(int descriptor) {                                                 \
        int root = root_of_descriptor(descriptor);                             \
        if (root == 0) return real_##name(descriptor);                         \
        pthread_mutex_lock(&lock);                                             \
        int error = fault(CLASS_SYNC, root);                                   \
        if (!error && real_##name(descriptor) != 0) error = errno;             \
        record(SYNC, descriptor, error, 0, 0, "", 0, "", 0);                   \
        pthread_mutex_unlock(&lock);                                           \
        errno = error;                                                         \
        return error ? -1 : 0;                                                 \
    }
SYNCS(fsync)
SYNCS(fdatasync)

int renameat(int old_directory, const char *old, int new_directory, const char *new) {
    char from[PATH_MAX], to[PATH_MAX];
    if (log_descriptor < 0) return real_renameat(old_directory, old, new_directory, new);
    whole_path(old_directory, old, from);
    whole_path(new_directory, new, to);
    int root = root_number(to);
    if (root == 0) return real_renameat(old_directory, old, new_directory, new);
    pthread_mutex_lock(&lock);
    int error = fault(CLASS_NAME, root);
    if (!error && real_renameat(old_directory, old, new_directory, new) != 0) error = errno;
    record(RENAME, -1, error, 0, 0, from, (uint32_t)strlen(from), to, (uint32_t)strlen(to));
    pthread_mutex_unlock(&lock);
    errno = error;
    return error ? -1 : 0;
}

int rename(const char *old, const char *new) { return renameat(AT_FDCWD, old, AT_FDCWD, new); }

int unlinkat(int directory, const char *path, int flags) {
    char whole[PATH_MAX];
    if (log_descriptor < 0) return real_unlinkat(directory, path, flags);
    whole_path(directory, path, whole);
    int root = root_number(whole);
    if (root == 0) return real_unlinkat(directory, path, flags);
    pthread_mutex_lock(&lock);
    int error = fault(CLASS_NAME, root);
    if (!error && real_unlinkat(directory, path, flags) != 0) error = errno;
    record(flags & AT_REMOVEDIR ? RMDIR : UNLINK, -1, error, 0, 0, whole, (uint32_t)strlen(whole), "", 0);
    pthread_mutex_unlock(&lock);
    errno = error;
    return error ? -1 : 0;
}

int unlink(const char *path) { return unlinkat(AT_FDCWD, path, 0); }
int rmdir(const char *path) { return unlinkat(AT_FDCWD, path, AT_REMOVEDIR); }

int mkdirat(int directory, const char *path, mode_t mode) {
    char whole[PATH_MAX];
    if (log_descriptor < 0) return real_mkdirat(directory, path, mode);
    whole_path(directory, path, whole);
    int root = root_number(whole);
    if (root == 0) return real_mkdirat(directory, path, mode);
    pthread_mutex_lock(&lock);
    int error = fault(CLASS_OPEN, root);
    if (!error && real_mkdirat(directory, path, mode) != 0) error = errno;
    record(MKDIR, -1, error, 0, 0, whole, (uint32_t)strlen(whole), "", 0);
    pthread_mutex_unlock(&lock);
    errno = error;
    return error ? -1 : 0;
}

int mkdir(const char *path, mode_t mode) { return mkdirat(AT_FDCWD, path, mode); }

int close(int descriptor) {
    if (log_descriptor >= 0 && descriptor >= 0 && descriptor < MOST_DESCRIPTORS) root_of[descriptor] = 0;
    return real_close(descriptor);
}
