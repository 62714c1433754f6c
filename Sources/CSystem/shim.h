// What the C library has and Swift's Glibc module leaves out.
#pragma once
#include <linux/magic.h>
#include <malloc.h> // mallopt(3)
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/vfs.h> // fstatfs(2)
#include <unistd.h>

// glibc declares pipe2(2), recvmmsg(2) and its struct only under _GNU_SOURCE, which a module map cannot set.
static inline int csystem_pipe2(int ends[2], int flags) { return (int)syscall(SYS_pipe2, ends, flags); }

struct csystem_mmsghdr {
  struct msghdr header;
  unsigned int length;
};
static inline long csystem_recvmmsg(int fd, struct csystem_mmsghdr *headers, unsigned int count, int flags) {
  return syscall(SYS_recvmmsg, fd, headers, count, flags, (void *)0);
}

// setns(2) is declared for _GNU_SOURCE alone, too.
static inline int csystem_setns(int fd, int type) { return (int)syscall(SYS_setns, fd, type); }
enum { CSYSTEM_CLONE_NEWNET = 0x40000000 }; // include/uapi/linux/sched.h

// MSG_WAITFORONE is hidden with recvmmsg(2); include/linux/socket.h.
enum { CSYSTEM_MSG_WAITFORONE = 0x10000 };

// pidfd_open(2), Linux 5.3, has no wrapper in older C libraries.
static inline int csystem_pidfd_open(int pid) { return (int)syscall(SYS_pidfd_open, pid, 0); }

// posix_spawn_file_actions_addclosefrom_np(3) is glibc's own (2.34), and hidden with the rest.
#include <spawn.h>
extern int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *, int);
static inline int csystem_spawn_close_from(posix_spawn_file_actions_t *actions, int first) {
  return posix_spawn_file_actions_addclosefrom_np(actions, first);
}
