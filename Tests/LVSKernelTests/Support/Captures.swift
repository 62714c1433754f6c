/// Messages as Linux 6.1 on x86-64 sent them, each with the command that made what they tell of.
enum Captures {
  /// `-A -u 192.168.147.100:5060 -s sh -b sh-port,sh-fallback -p 300 -M 255.255.255.0 --pe sip`
  static let persistentService = bytes(
    """
    70 01 00 00 1c 00 02 00 02 00 00 00 e7 02 40 20  # nlmsghdr
    01 01 00 00  # genlmsghdr: IPVS_CMD_NEW_SERVICE
    5c 01 01 00  # IPVS_CMD_ATTR_SERVICE
    06 00 01 00 02 00 00 00  # IPVS_SVC_ATTR_AF
    06 00 02 00 11 00 00 00  # PROTOCOL
    14 00 03 00 c0 a8 93 64 00 00 00 00 00 00 00 00 00 00 00 00  # ADDR
    06 00 04 00 13 c4 00 00  # PORT
    07 00 06 00 73 68 00 00  # SCHED_NAME
    08 00 0b 00 73 69 70 00  # PE_NAME
    0c 00 07 00 1b 00 00 00 ff ff ff ff  # FLAGS: value, mask
    08 00 08 00 2c 01 00 00  # TIMEOUT
    08 00 09 00 ff ff ff 00  # NETMASK
    60 00 0a 00 08 00 01 00 00 00 00 00 08 00 02 00 00 00 00 00  # STATS
    08 00 03 00 00 00 00 00 0c 00 04 00 00 00 00 00 00 00 00 00
    04 00 0b 00 0c 00 05 00 00 00 00 00 00 00 00 00 08 00 06 00
    00 00 00 00 08 00 07 00 00 00 00 00 08 00 08 00 00 00 00 00
    08 00 09 00 00 00 00 00 08 00 0a 00 00 00 00 00
    a0 00 0c 00 0c 00 01 00 00 00 00 00 00 00 00 00 04 00 0b 00  # STATS64
    0c 00 02 00 00 00 00 00 00 00 00 00 04 00 0b 00 0c 00 03 00
    00 00 00 00 00 00 00 00 04 00 0b 00 0c 00 04 00 00 00 00 00
    00 00 00 00 04 00 0b 00 0c 00 05 00 00 00 00 00 00 00 00 00
    04 00 0b 00 0c 00 06 00 00 00 00 00 00 00 00 00 04 00 0b 00
    0c 00 07 00 00 00 00 00 00 00 00 00 04 00 0b 00 0c 00 08 00
    00 00 00 00 00 00 00 00 04 00 0b 00 0c 00 09 00 00 00 00 00
    00 00 00 00 04 00 0b 00 0c 00 0a 00 00 00 00 00 00 00 00 00
    """)
  /// `-A -f 10 -6 -s wlc -o`
  static let firewallMarkService = bytes(
    """
    50 01 00 00 1c 00 02 00 02 00 00 00 e7 02 40 20  # nlmsghdr
    01 01 00 00  # genlmsghdr: IPVS_CMD_NEW_SERVICE
    3c 01 01 00  # IPVS_CMD_ATTR_SERVICE
    06 00 01 00 0a 00 00 00  # IPVS_SVC_ATTR_AF
    08 00 05 00 0a 00 00 00  # FWMARK
    08 00 06 00 77 6c 63 00  # SCHED_NAME
    0c 00 07 00 06 00 00 00 ff ff ff ff  # FLAGS: value, mask
    08 00 08 00 00 00 00 00  # TIMEOUT
    08 00 09 00 80 00 00 00  # NETMASK
    64 00 0a 00 08 00 01 00 00 00 00 00 08 00 02 00 00 00 00 00  # STATS
    08 00 03 00 00 00 00 00 04 00 0b 00 0c 00 04 00 00 00 00 00
    00 00 00 00 04 00 0b 00 0c 00 05 00 00 00 00 00 00 00 00 00
    08 00 06 00 00 00 00 00 08 00 07 00 00 00 00 00 08 00 08 00
    00 00 00 00 08 00 09 00 00 00 00 00 08 00 0a 00 00 00 00 00
    a0 00 0c 00 0c 00 01 00 00 00 00 00 00 00 00 00 04 00 0b 00  # STATS64
    0c 00 02 00 00 00 00 00 00 00 00 00 04 00 0b 00 0c 00 03 00
    00 00 00 00 00 00 00 00 04 00 0b 00 0c 00 04 00 00 00 00 00
    00 00 00 00 04 00 0b 00 0c 00 05 00 00 00 00 00 00 00 00 00
    04 00 0b 00 0c 00 06 00 00 00 00 00 00 00 00 00 04 00 0b 00
    0c 00 07 00 00 00 00 00 00 00 00 00 04 00 0b 00 0c 00 08 00
    00 00 00 00 00 00 00 00 04 00 0b 00 0c 00 09 00 00 00 00 00
    00 00 00 00 04 00 0b 00 0c 00 0a 00 00 00 00 00 00 00 00 00
    """)
  /// `-r 192.168.147.4:5060 -i --tun-type gue --tun-port 6080 --tun-remcsum -w 7 -x 100 -y 50`
  static let tunnelRealServer = bytes(
    """
    90 01 00 00 1c 00 02 00 03 00 00 00 e7 02 40 20  # nlmsghdr
    05 01 00 00  # genlmsghdr: IPVS_CMD_NEW_DEST
    7c 01 02 00  # IPVS_CMD_ATTR_DEST
    14 00 01 00 c0 a8 93 04 00 00 00 00 00 00 00 00 00 00 00 00  # IPVS_DEST_ATTR_ADDR
    06 00 02 00 13 c4 00 00  # PORT
    08 00 03 00 02 00 00 00  # FWD_METHOD
    08 00 04 00 07 00 00 00  # WEIGHT
    05 00 0d 00 01 00 00 00  # TUN_TYPE
    06 00 0e 00 17 c0 00 00  # TUN_PORT
    06 00 0f 00 02 00 00 00  # TUN_FLAGS
    08 00 05 00 64 00 00 00  # U_THRESH
    08 00 06 00 32 00 00 00  # L_THRESH
    08 00 07 00 00 00 00 00  # ACTIVE_CONNS
    08 00 08 00 00 00 00 00  # INACT_CONNS
    08 00 09 00 00 00 00 00  # PERSIST_CONNS
    06 00 0b 00 02 00 00 00  # ADDR_FAMILY
    64 00 0a 00 08 00 01 00 00 00 00 00 08 00 02 00 00 00 00 00  # STATS
    08 00 03 00 00 00 00 00 04 00 0b 00 0c 00 04 00 00 00 00 00
    00 00 00 00 04 00 0b 00 0c 00 05 00 00 00 00 00 00 00 00 00
    08 00 06 00 00 00 00 00 08 00 07 00 00 00 00 00 08 00 08 00
    00 00 00 00 08 00 09 00 00 00 00 00 08 00 0a 00 00 00 00 00
    a0 00 0c 00 0c 00 01 00 00 00 00 00 00 00 00 00 04 00 0b 00  # STATS64
    0c 00 02 00 00 00 00 00 00 00 00 00 04 00 0b 00 0c 00 03 00
    00 00 00 00 00 00 00 00 04 00 0b 00 0c 00 04 00 00 00 00 00
    00 00 00 00 04 00 0b 00 0c 00 05 00 00 00 00 00 00 00 00 00
    04 00 0b 00 0c 00 06 00 00 00 00 00 00 00 00 00 04 00 0b 00
    0c 00 07 00 00 00 00 00 00 00 00 00 04 00 0b 00 0c 00 08 00
    00 00 00 00 00 00 00 00 04 00 0b 00 0c 00 09 00 00 00 00 00
    00 00 00 00 04 00 0b 00 0c 00 0a 00 00 00 00 00 00 00 00 00
    """)
  /// `--start-daemon master --mcast-interface lo --syncid 7 --sync-maxlen 1400`
  /// and `--mcast-group 224.0.1.2 --mcast-port 9000 --mcast-ttl 3`
  static let masterDaemon = bytes(
    """
    50 00 00 00 1c 00 02 00 0b 00 00 00 e7 02 40 20  # nlmsghdr
    09 01 00 00  # genlmsghdr: IPVS_CMD_NEW_DAEMON
    3c 00 03 00  # IPVS_CMD_ATTR_DAEMON
    08 00 01 00 01 00 00 00  # IPVS_DAEMON_ATTR_STATE
    07 00 02 00 6c 6f 00 00  # MCAST_IFN
    08 00 03 00 07 00 00 00  # SYNC_ID
    06 00 04 00 78 05 00 00  # SYNC_MAXLEN
    06 00 07 00 28 23 00 00  # MCAST_PORT, in host order
    05 00 08 00 03 00 00 00  # MCAST_TTL
    08 00 05 00 e0 00 01 02  # MCAST_GROUP
    """)
  /// `--start-daemon backup --mcast-interface lo --syncid 8 --mcast-group ff02::99`
  static let backupDaemon = bytes(
    """
    5c 00 00 00 1c 00 02 00 0b 00 00 00 e7 02 40 20  # nlmsghdr
    09 01 00 00  # genlmsghdr: IPVS_CMD_NEW_DAEMON
    48 00 03 00  # IPVS_CMD_ATTR_DAEMON
    08 00 01 00 02 00 00 00  # IPVS_DAEMON_ATTR_STATE
    07 00 02 00 6c 6f 00 00  # MCAST_IFN
    08 00 03 00 08 00 00 00  # SYNC_ID
    06 00 04 00 cf ff 00 00  # SYNC_MAXLEN
    06 00 07 00 90 22 00 00  # MCAST_PORT, in host order
    05 00 08 00 01 00 00 00  # MCAST_TTL
    14 00 06 00 ff 02 00 00 00 00 00 00 00 00 00 00 00 00 00 99  # MCAST_GROUP6
    """)
  /// `--set 100 20 30`
  static let timeouts = bytes(
    """
    2c 00 00 00 1c 00 00 00 0a 00 00 00 e7 02 40 20  # nlmsghdr
    0c 01 00 00  # genlmsghdr: IPVS_CMD_SET_CONFIG
    08 00 04 00 64 00 00 00  # IPVS_CMD_ATTR_TIMEOUT_TCP
    08 00 05 00 14 00 00 00  # TIMEOUT_TCP_FIN
    08 00 06 00 1e 00 00 00  # TIMEOUT_UDP
    """)
  /// The answer to IPVS_CMD_GET_INFO.
  static let info = bytes(
    """
    24 00 00 00 1c 00 00 00 0c 00 00 00 e7 02 40 20  # nlmsghdr
    0e 01 00 00  # genlmsghdr: IPVS_CMD_SET_INFO
    08 00 01 00 01 02 01 00  # IPVS_INFO_ATTR_VERSION
    08 00 02 00 00 10 00 00  # CONN_TAB_SIZE
    """)
  /// `ip address add 192.168.147.100/32 dev dm0 label dm0:7 proto 76`
  static let labelledAddress = bytes(
    """
    58 00 00 00 14 00 02 00 11 00 00 00 e7 02 00 3b  # nlmsghdr
    02 20 80 00 03 00 00 00  # ifaddrmsg: AF_INET, /32, IFA_F_PERMANENT, scope global, index 3
    08 00 01 00 c0 a8 93 64  # IFA_ADDRESS
    08 00 02 00 c0 a8 93 64  # IFA_LOCAL
    0a 00 03 00 64 6d 30 3a 37 00 00 00  # IFA_LABEL
    05 00 0b 00 4c 00 00 00  # IFA_PROTO
    08 00 08 00 80 00 00 00  # IFA_FLAGS
    14 00 06 00 ff ff ff ff ff ff ff ff 4b 01 00 00 4b 01 00 00  # IFA_CACHEINFO
    """)
  /// `ip address add 2001:db8::100/128 dev lo nodad proto 76`
  static let ipv6Address = bytes(
    """
    50 00 00 00 14 00 02 00 11 00 00 00 e7 02 00 3b  # nlmsghdr
    0a 80 82 00 01 00 00 00  # ifaddrmsg: AF_INET6, /128, IFA_F_PERMANENT | IFA_F_NODAD, scope global, index 1
    14 00 01 00 20 01 0d b8 00 00 00 00 00 00 00 00 00 00 01 00  # IFA_ADDRESS
    14 00 06 00 ff ff ff ff ff ff ff ff 4b 01 00 00 4b 01 00 00  # IFA_CACHEINFO
    08 00 08 00 82 00 00 00  # IFA_FLAGS
    05 00 0b 00 4c 00 00 00  # IFA_PROTO
    """)
  /// `ip route add 192.168.147.100/32 dev lo proto 76`
  static let hostRoute = bytes(
    """
    34 00 00 00 18 00 22 00 12 00 00 00 e7 02 00 3b  # nlmsghdr
    02 20 00 00 fe 4c fd 01 00 00 00 00  # rtmsg: AF_INET, /32, table main, protocol 76, scope link, unicast
    08 00 0f 00 fe 00 00 00  # RTA_TABLE
    08 00 01 00 c0 a8 93 64  # RTA_DST
    08 00 04 00 01 00 00 00  # RTA_OIF
    """)
  /// `ip -6 route add 2001:db8::100/128 dev lo proto 76`
  static let ipv6HostRoute = bytes(
    """
    74 00 00 00 18 00 22 00 13 00 00 00 e7 02 00 3b  # nlmsghdr
    0a 80 00 00 fe 4c 00 01 00 00 00 00  # rtmsg: AF_INET6, /128, table main, protocol 76, scope universe, unicast
    08 00 0f 00 fe 00 00 00  # RTA_TABLE
    14 00 01 00 20 01 0d b8 00 00 00 00 00 00 00 00 00 00 01 00  # RTA_DST
    08 00 06 00 00 04 00 00  # RTA_PRIORITY
    08 00 04 00 01 00 00 00  # RTA_OIF
    24 00 0c 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00  # RTA_CACHEINFO
    00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00
    05 00 14 00 00 00 00 00  # RTA_PREF
    """)

  static let all = [
    persistentService,
    firewallMarkService,
    tunnelRealServer,
    masterDaemon,
    backupDaemon,
    timeouts,
    info,
    labelledAddress,
    ipv6Address,
    hostRoute,
    ipv6HostRoute,
  ]
}
