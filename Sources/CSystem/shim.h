// What the C library has and Swift's Glibc module leaves out.
#pragma once
#include <linux/filter.h>    // sock_filter
#include <linux/if_ether.h>
#include <linux/if_packet.h> // packet(7)
#include <linux/magic.h>
#include <malloc.h> // mallopt(3)
#include <net/if.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/statvfs.h>
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

// unshare(2) and memfd_create(2) are declared for _GNU_SOURCE alone, finit_module(2) and reboot(2) by no header with these
// names; prctl(2) is variadic, which Swift does not import.
static inline int csystem_unshare(int flags) { return (int)syscall(SYS_unshare, flags); }
static inline int csystem_memfd_create(const char *name) {
  return (int)syscall(SYS_memfd_create, name, 1U); // MFD_CLOEXEC, include/uapi/linux/memfd.h
}
static inline int csystem_finit_module(int fd, int flags) { return (int)syscall(SYS_finit_module, fd, "", flags); }
static inline int csystem_power_off(void) {
  // LINUX_REBOOT_MAGIC1, LINUX_REBOOT_MAGIC2, LINUX_REBOOT_CMD_POWER_OFF of include/uapi/linux/reboot.h
  return (int)syscall(SYS_reboot, 0xfee1deadUL, 672274793UL, 0x4321fedcUL, (void *)0);
}
static inline int csystem_prctl(int option, unsigned long value) { return prctl(option, value, 0UL, 0UL, 0UL); }

// include/uapi/linux/sched.h
enum {
  CSYSTEM_CLONE_NEWNS = 0x00020000,
  CSYSTEM_CLONE_NEWUTS = 0x04000000,
  CSYSTEM_CLONE_NEWIPC = 0x08000000,
  CSYSTEM_CLONE_NEWPID = 0x20000000,
};

// struct ifreq is a struct of unions behind macros. Sets IFF_UP of an interface in this network namespace.
static inline int csystem_interface_up(const char *name) {
  struct ifreq request;
  int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), result;
  if (fd < 0) return fd;
  memset(&request, 0, sizeof request);
  strncpy(request.ifr_name, name, IFNAMSIZ - 1);
  result = ioctl(fd, SIOCGIFFLAGS, &request);
  request.ifr_flags |= IFF_UP;
  if (result == 0) result = ioctl(fd, SIOCSIFFLAGS, &request);
  close(fd);
  return result;
}
