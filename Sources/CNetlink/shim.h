// libnl for sockets, and the kernel's own headers for the constants on the wire.
#pragma once
#include <linux/filter.h>
#include <linux/fou.h>
#include <linux/genetlink.h>
#include <linux/if_addr.h>
#include <linux/if_arp.h>
#include <linux/if_ether.h>
#include <linux/if_link.h>
#include <linux/if_packet.h>
#include <linux/ip_vs.h>
#include <linux/magic.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <malloc.h> // mallopt(3), which Swift's Glibc module leaves out
#include <netlink/errno.h>
#include <netlink/genl/ctrl.h>
#include <netlink/genl/genl.h>
#include <netlink/netlink.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/vfs.h> // fstatfs(2)
#include <unistd.h>

// glibc declares recvmmsg(2) and its struct only under _GNU_SOURCE, which a module map cannot set.
struct cnetlink_mmsghdr {
  struct msghdr header;
  unsigned int length;
};
static inline long cnetlink_recvmmsg(int fd, struct cnetlink_mmsghdr *headers, unsigned int count, int flags) {
  return syscall(SYS_recvmmsg, fd, headers, count, flags, (void *)0);
}

// MSG_WAITFORONE is hidden with recvmmsg(2); include/linux/socket.h.
enum { CNETLINK_MSG_WAITFORONE = 0x10000 };

// Linux 5.14; include/uapi/asm-generic/socket.h, for headers that are older.
#ifdef SO_NETNS_COOKIE
enum { CNETLINK_SO_NETNS_COOKIE = SO_NETNS_COOKIE };
#else
enum { CNETLINK_SO_NETNS_COOKIE = 71 };
#endif
