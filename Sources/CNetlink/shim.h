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
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <netlink/errno.h>
#include <netlink/genl/ctrl.h>
#include <netlink/genl/genl.h>
#include <netlink/netlink.h>
#include <sys/socket.h>

// Linux 5.14; include/uapi/asm-generic/socket.h, for headers that are older.
#ifdef SO_NETNS_COOKIE
enum { CNETLINK_SO_NETNS_COOKIE = SO_NETNS_COOKIE };
#else
enum { CNETLINK_SO_NETNS_COOKIE = 71 };
#endif
