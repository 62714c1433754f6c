import LVSText

extension FindingCode {
  /// A short page about a fault of a cluster file for `lvsctl validate --explain CODE`: what it means, why it is refused,
  /// and what is wrong and right; nil for a code that is none of ``faults``.
  public var explanation: String? {
    guard let page else { return nil }
    var text = page.meaning.wrapped(to: 80)
    if let wrong = page.wrong { text += "\n\nWrong:\n\(wrong.indented)" }
    if let right = page.right { text += "\n\nRight:\n\(right.indented)" }
    return text
  }

  private struct Page {
    var meaning: String
    var wrong: String?
    var right: String?

    init(_ meaning: String, wrong: String? = nil, right: String? = nil) {
      self.meaning = meaning
      self.wrong = wrong
      self.right = right
    }
  }

  private var page: Page? {
    switch self {
    case .syntax:
      Page(
        """
        The text is not YAML, so nothing in it can be read beyond this place. Most often a colon has no space after \
        it, a line is indented differently from its neighbours, a tab is used to indent, or a bracket or quotation \
        mark is not closed.
        """,
        wrong: "services:\n  - vip: 192.168.147.100\n   port: 80",
        right: "services:\n  - vip: 192.168.147.100\n    port: 80")
    case .notUTF8:
      Page(
        """
        The file holds bytes that are not UTF-8. It may have been saved in an older encoding such as Latin-1 or in \
        UTF-16, or it is not a text at all. Convert it, for example with `iconv -f latin1 -t utf8`.
        """)
    case .controlCharacter:
      Page(
        """
        A name or value, or the file itself, holds a character that does not print, such as NUL or escape. No name or \
        value in a cluster needs one, the kernel would cut a name at a NUL, and a terminal might obey it. Only what a check \
        sends and expects may hold them, by YAML's escapes in double quotes.
        """,
        wrong: #"name: "web\01""#, right: "name: web1")
    case .emptyFile:
      Page(
        """
        The file is empty or has only comments. Read as a cluster without services it would take everything away, so \
        it is refused. A cluster without services says so.
        """,
        right: "directors:\n  - { name: director1, address: 192.168.147.6, interface: ens33 }\nservices: []")
    case .severalDocuments:
      Page(
        """
        The file has a second YAML document after a line with `---`. One file describes one cluster; what the others \
        would mean is not defined.
        """,
        wrong: "services: []\n---\nservices: []", right: "services: []")
    case .tag:
      Page(
        """
        A value has a YAML tag such as `!!int`. Tags tell other YAML readers which type to build; here each key has its \
        own type, and a tag could only contradict it.
        """,
        wrong: #"port: !!int "80""#, right: "port: 80")
    case .mergeKey:
      Page(
        """
        `<<` is a habit of some YAML 1.1 readers and not in YAML 1.2. What services have in common goes into \
        `defaults`, and a plain alias repeats a whole value.
        """,
        wrong: "- { <<: *base, vip: 192.168.147.100, port: 80 }",
        right: "defaults: { scheduler: rr }\nservices:\n  - { vip: 192.168.147.100, port: 80 }")
    case .unknownAlias:
      Page(
        "An alias `*name` repeats the value that was marked `&name` before it, and there is no such mark.",
        wrong: "pools: { web: *farm }", right: "pools: { web: &farm [web1, web2], mail: *farm }")
    case .aliasLoop:
      Page(
        "An alias stands inside the value that it repeats. Written out, the value would never end.",
        wrong: "pools: &all { web: *all }", right: "pools: { web: &all [web1, web2], mail: *all }")
    case .aliasExpansion:
      Page(
        """
        The aliases of the file, written out, make more values than the file has bytes. A few lines can stand for \
        billions that way, so this is the bound. Aliases that repeat a modest value are fine; for a long list of real \
        servers there are `pools`.
        """,
        right:
          "pools: { web: [web1, web2, web3] }\nservices:\n  - { vip: 192.168.147.100, port: 80, real_servers: [web] }")
    case .tooDeep:
      Page("Lists and maps are nested deeper than any cluster file needs. Usually a bracket is not closed.")
    case .tooLarge:
      Page(
        """
        The file has more values than lvsctl reads, or there is no memory for them. Some twenty thousand services with \
        ten real servers each fit when every one is written out, and far more with `pools` and `defaults`.
        """)
    case .unknownKey:
      Page(
        """
        A key that this place does not have. It is refused rather than ignored, because a misspelt key would silently \
        leave its default in force.
        """,
        wrong: "- { vip: 192.168.147.100, port: 80, schedular: rr }",
        right: "- { vip: 192.168.147.100, port: 80, scheduler: rr }")
    case .repeatedKey:
      Page(
        "A map has the same key twice. YAML readers differ in which of the two they take, so neither is taken.",
        wrong: "- { vip: 192.168.147.100, port: 80, port: 443 }", right: "- { vip: 192.168.147.100, port: [80, 443] }")
    case .missingKey:
      Page(
        "A key without which an entry has no meaning is not there.", wrong: "- { port: 80 }",
        right: "- { vip: 192.168.147.100, port: 80 }")
    case .missingValue:
      Page(
        """
        A key has no value: nothing follows the colon, or `~` or `null` does, or a list that needs an element is empty. \
        An absent value could be meant as a default or as nothing at all; leave the key out for the default, or write \
        `none` to switch off what `defaults` says.
        """,
        wrong: "services:", right: "services: []")
    case .wrongForm:
      Page(
        "A list stands where a map or a single value is wanted, or the other way round.",
        wrong: "real_servers: web1", right: "real_servers: [web1]")
    case .badNumber:
      Page(
        """
        Numbers are plain decimal digits. YAML readers disagree about the rest: 0080 is 64, 80 or a text, and \
        1:30 is 90 or a text. Quotes change nothing. A time is whole seconds, or numbers with their units: 90s, 5m, 1h30m.
        """,
        wrong: "weight: yes\nfwmark: 0x10\npersistence: 5 min", right: "weight: 1\nfwmark: 16\npersistence: 5m")
    case .outOfRange:
      Page(
        """
        A number is outside what the kernel takes at this place. Weights go from 0 to 2147483647, persistence up to \
        2678400 seconds (31 days), timeouts from 1 to 2147483 seconds, the id of the sync daemon from 0 to 255 and the \
        length of its messages from 1024 to 65507, or 65487 for an IPv6 group. The prefix length of a VIP goes from 1 to \
        32, or 128 for IPv6. A check is made every 1 to 86400 seconds, within 1 to 3600, and 1 to 1000 answers count.
        """,
        wrong: "weight: -1", right: "weight: 0")
    case .badBoolean:
      Page(
        "A switch is `true` or `false`. YAML's other words (`yes`, `on`) mean different things to different readers.",
        wrong: "one_packet: yes", right: "one_packet: true")
    case .unknownWord:
      Page(
        """
        The key takes one of a few words, and this is none of them. A scheduler that lvsctl does not know is passed on \
        to the kernel, with a warning, since modules from outside the kernel's tree exist; it has 1 to 15 letters, \
        digits, `-` and `_`.
        """,
        wrong: "protocol: tpc", right: "protocol: tcp")
    case .badAddress:
      Page(
        """
        Not an IPv4 address of four decimal numbers, and not an IPv6 address. Prefix lengths, ports and zones do not \
        belong to it, numbers have no zeros in front, and host names are not looked up: a cluster has to come up \
        without a name server. The `vip` of a service may also be a range of addresses, the smaller first, whose end \
        may be short: the last number, or the last 16 bits of an IPv6 address.
        """,
        wrong: "vip: 192.168.147", right: "vip: [192.168.147.100, 192.168.147.110-119]")
    case .unusableAddress:
      Page(
        """
        The address cannot serve at this place. The kernel takes real servers with unicast addresses only and no \
        link-local ones; a loopback, multicast, broadcast or all-zero address cannot be a machine's or a VIP; and the \
        group of the sync daemon must be multicast. A real server may have a loopback address, alone: that is whichever \
        director forwards, itself.
        """,
        wrong: "directors:\n  - { name: d1, address: 127.0.0.1, interface: eth0 }",
        right: "directors:\n  - { name: d1, address: 192.168.147.6, interface: eth0 }")
    case .badPort:
      Page(
        """
        A port is a number up to 65535, a range is two of them with a dash between, the smaller first. Port 0 stands \
        for every port and cannot begin a range. Names such as `http` are not looked up.
        """,
        wrong: "port: 0080", right: #"port: [80, 443, "8000-8009"]"#)
    case .badNetmask:
      Page(
        """
        The netmask of `persistence` says which clients count as one. IPv4 services take a netmask or a prefix length \
        of 0 to 32, IPv6 services a prefix length of 1 to 128 (the kernel refuses others). With `0.0.0.0` all clients \
        count as one. A netmask with ones after zeros is taken with a warning.
        """,
        wrong: "persistence: { timeout: 300, netmask: 255.255.255 }",
        right: "persistence: { timeout: 300, netmask: 255.255.255.0 }")
    case .badName:
      Page(
        """
        Names of clusters, machines, pools and VIPs are typed on command lines, and those of clusters and machines are \
        part of file names: 1 to 64 bytes, without `/`, line breaks and blanks at the edges, not `.` or `..`, and not \
        an address. Quotes, `$` and the backquote are refused, since a shell that gets such a name runs what is in it, \
        and so are characters that do not print or that turn the direction of writing. A director is not called \
        `lvsctl`, `external` or `none`, which `held_by` has other meanings for.
        """,
        wrong: "name: web/1", right: "name: web1")
    case .unusualName:
      Page(
        """
        Names are plain words: letters of ASCII, digits, `.`, `-` and `_`, at most 63 of them, and no `-` in front. \
        With another one the file is used, but shells do not complete the name, it needs quotes on a command line, and \
        scripts that read names may take it for something else.
        """,
        wrong: "name: web 1", right: "name: web-1")
    case .badNetwork:
      Page(
        """
        An entry of `ignore` is an address, a network with its prefix length, or a map with `fwmark`. A network is \
        named by its first address: with another one it could also be meant as that address alone.
        """,
        wrong: "ignore: [10.96.3.7/12]", right: "ignore: [10.96.0.0/12, 10.3.0.7, { fwmark: 7 }]")
    case .badInterface:
      Page(
        """
        The kernel's names of network interfaces have 1 to 15 characters without blanks, `/` and `:`, and are not `.` \
        or `..`. What older tools call `eth0:1` is a label of an address on `eth0`. A real server with a loopback \
        address is the director that forwards, holds no VIP of its own, and has no interface.
        """,
        wrong: "interface: eth0:1", right: "interface: eth0")
    case .badLabel:
      Page(
        """
        The label of an address has at most 15 characters without blanks (the kernel's IFNAMSIZ with its final NUL), and \
        only IPv4 addresses have one.
        """,
        wrong: "label: production-web-vip", right: "label: eth0:web")
    case .badSysctl:
      Page(
        """
        A sysctl is named as sysctl(8) does it: parts between dots, and a slash for a dot inside a part, as in \
        `net.ipv4.conf.eth0/100.rp_filter`; or the other way round, as in `net/ipv4/conf/eth0.100/rp_filter`. The dots \
        of an interface may be written as they are. Parts that are empty, `.` or `..` would lead out of /proc/sys. The \
        value is one line of text, or `keep`.
        """,
        wrong: "/proc/sys/net/ipv4/ip_forward: 1", right: "net.ipv4.ip_forward: 1")
    case .foreignSysctl:
      Page(
        """
        A cluster file sets sysctls of the network, under `net.ipv4`, `net.ipv6`, `net.core` and `net.netfilter`. Others \
        can run programs as root (`kernel.core_pattern`, `kernel.modprobe`): whoever may change the file would be root \
        on every machine that applies it. Where that is meant, `--any-sysctl` takes the file as it is; lvsctl does not \
        remember what such a sysctl was, and never sets it back.
        """,
        wrong: "vm.swappiness: 10", right: "net.ipv4.vs.conntrack: 1")
    case .badPath:
      Page(
        """
        The path of a check goes onto the first line of a request as it is: it begins with `/`, is ASCII without \
        blanks, and has at most 1024 bytes. Everything else is written by its bytes, as in `%20` for a blank. The name \
        of the site is `host`, and the port is `port`.
        """,
        wrong: "check: { type: http, path: www.example.com/healthz }",
        right: "check: { type: http, host: www.example.com, path: /healthz }")
    case .badHost:
      Page(
        """
        The host of a check is the name that a request is for: letters of ASCII, digits, `-` and `_`, with dots between \
        parts of 1 to 63 of them. It is sent, and never looked up: what is asked is the real server, or `address`.
        """,
        wrong: "check: { type: http, host: \"www.example.com:8080\" }",
        right: "check: { type: http, host: www.example.com, port: 8080 }")
    case .badStatus:
      Page(
        """
        The status of an answer over HTTP has three digits, from 100 to 599. A check takes one, a range, or a list of \
        those.
        """,
        wrong: "check: { type: http, status: 2xx }", right: "check: { type: http, status: [200-299, 401] }")
    case .badText:
      Page(
        """
        A text that a check sends or looks for is empty, which says nothing, or has more than 1024 bytes. What is looked \
        for is part of an answer: a few words that no other answer has are enough.
        """,
        wrong: #"check: { type: udp, send: "" }"#, right: #"check: { type: udp, send: "ping\n", expect: pong }"#)
    case .badCommand:
      Page(
        """
        The command of a check is a list of words: the absolute path of a program, and its arguments, 64 words of 4096 \
        bytes at most. It runs without a shell, which would take the words apart and look for the program; who wants \
        one names it.
        """,
        wrong: "command: [\"check-web --quick\"]", right: "command: [/usr/local/bin/check-web, --quick]")
    case .repeatedValue:
      Page(
        "A list has the same element twice, alone or in a range, which can only be a slip.", wrong: "port: [80, 80]",
        right: "port: [80, 443]")
    case .unknownName:
      Page(
        "A name is used that nothing in the file has.", wrong: "real_servers: [wbe1]", right: "real_servers: [web1]")
    case .repeatedName:
      Page(
        """
        Two things have one name, so that the name says nothing. Real servers and pools share their names, because a \
        service may list both. A machine that is director and real server may have one name in both lists; the entries \
        then have an address in common.
        """,
        wrong: "real_servers:\n  - { name: web1, address: 192.168.147.4 }\n  - { name: web1, address: 192.168.147.3 }",
        right: "real_servers:\n  - { name: web1, address: 192.168.147.4 }\n  - { name: web2, address: 192.168.147.3 }")
    case .notARealServer:
      Page(
        """
        A pool is named where only a real server can be: inside a pool, as the `server` of an entry, or as the \
        `fallback` of a service.
        """,
        wrong: "pools: { web: [web1], all: [web, mail1] }", right: "pools: { web: [web1], all: [web1, mail1] }")
    case .repeatedAddress:
      Page(
        """
        One address belongs to two machines of a list, twice to one, or a real server has two of one family. The \
        address is what a machine is recognised by, and where its packets go.
        """,
        wrong: "address: [192.168.147.4, 192.168.147.14]", right: "address: [192.168.147.4, 2001:db8::4]")
    case .repeatedVIP:
      Page(
        "An address has two entries in `vips`, and their options might differ.",
        wrong: "vips:\n  - { address: 192.168.147.100 }\n  - { address: 192.168.147.100, interface: eth1 }",
        right: "vips:\n  - { address: 192.168.147.100, interface: eth1 }")
    case .vipIsRealAddress:
      Page(
        """
        The VIP is a machine's own address. A VIP moves between directors and sits silently on real servers; a machine \
        that loses its own address that way is cut off. Where another program moves a director's address, its entry in \
        `vips` says `held_by: external`.
        """,
        wrong: "directors:\n  - { name: d1, address: 192.168.147.6, interface: eth0 }\nservices:\n"
          + "  - { vip: 192.168.147.6, port: 80 }",
        right: "services:\n  - { vip: 192.168.147.100, port: 80 }")
    case .vrrpConflict:
      Page(
        """
        With `vrrp` keepalived moves every VIP of the file between directors, and lvsctl adds and removes none there. A \
        VIP whose `held_by` says that lvsctl, or one director, holds it would have two holders.
        """,
        wrong: "vrrp: { id: 51 }\nvips:\n  - { address: 192.168.147.100, held_by: lvsctl }",
        right: "vrrp: { id: 51 }\nvips:\n  - { address: 192.168.147.100, label: \"eth0:web\" }")
    case .vrrpWithoutVIP:
      Page(
        """
        VRRP decides which director holds the VIPs, and the file has none: neither does a service name one, nor does \
        `vips` list one, as it does for services by firewall marks.
        """,
        wrong: "vrrp: { id: 51 }\nservices:\n  - { fwmark: 10 }",
        right: "vrrp: { id: 51 }\nvips:\n  - { address: 192.168.147.100 }\nservices:\n  - { fwmark: 10 }")
    case .vrrpAddress:
      Page(
        """
        Unless `unicast: false` is said, each director sends its VRRP advertisements to the addresses of the others, \
        which are those in `directors`. VIPs of IPv4 take advertisements of IPv4, and IPv6 VIPs beside them come along; \
        where all VIPs are IPv6, the advertisements are, too.
        """,
        wrong: "directors:\n  - { name: d1, address: \"2001:db8::6\", interface: eth0 }\nvrrp: { id: 51 }\nservices:\n"
          + "  - { vip: 192.168.147.100, port: 80 }",
        right: "directors:\n  - { name: d1, address: [192.168.147.6, \"2001:db8::6\"], interface: eth0 }\n"
          + "vrrp: { id: 51 }\nservices:\n  - { vip: 192.168.147.100, port: 80 }")
    case .repeatedService:
      Page(
        """
        Two entries stand for the same kernel service: the same protocol, VIP and port, or the same firewall mark and \
        family. Lists and ranges count with each of their addresses, ports and marks.
        """,
        wrong: "- { vip: 192.168.147.100, port: 8000-8009 }\n- { vip: 192.168.147.100, port: 8005 }",
        right: "- { vip: 192.168.147.100, port: [8000-8004, 8006-8009] }\n- { vip: 192.168.147.100, port: 8005 }")
    case .repeatedRealServer:
      Page(
        """
        A real server is in one service twice, by name, through a pool or through two of them. The kernel has one entry \
        for each address and port. A fallback that serves while others do is no fallback.
        """,
        wrong: "real_servers: [web, web1]   # web1 is in the pool web", right: "real_servers: [web]")
    case .ignoredService:
      Page(
        """
        The file has a service on an address or firewall mark that `ignore` lists. What is ignored is never lvsctl's, \
        so the service would not come into being. A service that another program owns says `held_by: external`.
        """,
        wrong: "ignore: [192.168.147.0/24]\nservices:\n  - { vip: 192.168.147.100, port: 80 }",
        right: "ignore: [10.96.0.0/12]\nservices:\n  - { vip: 192.168.147.100, port: 80 }")
    case .localForward:
      Page(
        """
        A real server with a loopback address is whichever director forwards, itself: what other tools use as a local \
        fallback. Its packets stay as they are, so the method is `dr`. The kernel drops what it would translate to a \
        loopback address, and a tunnel to oneself does not exist.
        """,
        wrong: "real_servers:\n  - { name: local, address: 127.0.0.1 }\nservices:\n"
          + "  - { vip: 192.168.147.100, port: 80, forward: nat }",
        right: "- { vip: 192.168.147.100, port: 80, forward: nat, real_servers: [web, { server: local, forward: dr }] }"
      )
    case .fwmarkConflict:
      Page(
        """
        A service is either an address with a port and protocol, or a firewall mark; the kernel looks packets up by one \
        or the other. `family` tells the family of a mark, since a mark has no address to tell it.
        """,
        wrong: "- { fwmark: 10, vip: 192.168.147.100, persistence: 300 }",
        right: "vips:\n  - { address: 192.168.147.100 }\nservices:\n  - { fwmark: 10, persistence: 300 }")
    case .portZero:
      Page(
        """
        Port 0 takes every port of a VIP that has no service of its own. The kernel schedules such packets for \
        persistent services only and drops the others, since the connections of one client must find one real server.
        """,
        wrong: "- { vip: 192.168.147.100, port: 0 }", right: "- { vip: 192.168.147.100, port: 0, persistence: 300 }")
    case .portMismatch:
      Page(
        """
        A real server has another port than its service, and packets reach it by `dr` or `tun`, which leave the port as \
        it is: the kernel would keep the number and ignore it. Only `nat` rewrites ports, and not even that for a \
        persistent service on every port or on a firewall mark (a warning).
        """,
        wrong: "- { vip: 192.168.147.100, port: 80, real_servers: [{ server: web1, port: 8080 }] }",
        right: "- { vip: 192.168.147.100, port: 80, forward: nat, real_servers: [{ server: web1, port: 8080 }] }")
    case .mixedFamilies:
      Page(
        """
        A real server has no address in the family of the service. The kernel forwards between IPv4 and IPv6 through \
        tunnels only, and only while no connection sync daemon runs, whose messages have one family.
        """,
        wrong: "real_servers:\n  - { name: web1, address: 192.168.147.4 }\nservices:\n"
          + "  - { vip: \"2001:db8::100\", port: 80 }",
        right: "real_servers:\n  - { name: web1, address: [192.168.147.4, \"2001:db8::4\"] }\nservices:\n"
          + "  - { vip: \"2001:db8::100\", port: 80 }")
    case .schedulerFlag:
      Page(
        """
        A flag that is made for another scheduler. The kernel has three bits that each scheduler reads in its own way: \
        `sh-*` are those of `sh`, `mh-*` those of `mh`; `flag-1` to `flag-3` name the bits for any.
        """,
        wrong: "- { vip: 192.168.147.100, port: 80, scheduler: rr, scheduler_flags: [sh-port] }",
        right: "- { vip: 192.168.147.100, port: 80, scheduler: sh, scheduler_flags: [sh-port] }")
    case .onePacket:
      Page(
        """
        One-packet scheduling sends each datagram to a real server of its own. A TCP or SCTP connection consists of \
        many packets that must reach the same one.
        """,
        wrong: "- { vip: 192.168.147.100, port: 53, protocol: [tcp, udp], one_packet: true }",
        right: "- { vip: 192.168.147.100, port: 53, protocol: udp, one_packet: true }\n"
          + "- { vip: 192.168.147.100, port: 53 }")
    case .persistenceEngine:
      Page(
        """
        The persistence engine `sip` finds the Call-ID in UDP packets. For another protocol it fails, and the kernel \
        drops the packet.
        """,
        wrong: "- { vip: 192.168.147.100, port: 5060, persistence: { engine: sip } }",
        right: "- { vip: 192.168.147.100, port: 5060, protocol: udp, persistence: { engine: sip } }")
    case .tunnelOption:
      Page(
        """
        An option that the tunnel does not have. `gue` runs over UDP and needs a port, the others have none; checksums \
        of the outer header are for `gue` and `gre`, and remote checksum offload is for `gue`. All of them only mean \
        something with `forward: tun`.
        """,
        wrong: "forward: tun\ntunnel: { type: gue }", right: "forward: tun\ntunnel: { type: gue, port: 6080 }")
    case .thresholdOrder:
      Page(
        """
        A real server with `upper_threshold` connections gets no new ones until there are fewer than `lower_threshold`. \
        The kernel refuses a lower threshold above the upper one, or without one.
        """,
        wrong: "{ server: web1, lower_threshold: 500 }",
        right: "{ server: web1, upper_threshold: 1000, lower_threshold: 500 }")
    case .checkOption:
      Page(
        """
        A key that this type of check does not have: `path`, `host`, `status` and `body` are for `http` and `https`, \
        `verify` is for `https` and needs `host`, `send` and `expect` are for `udp`, and `command` is for `exec`.
        """,
        wrong: "check: { type: tcp, path: /healthz }", right: "check: { type: http, path: /healthz }")
    case .checkPort:
      Page(
        """
        A service with port 0 or a firewall mark takes every port, so that it does not say which one of a real server a \
        check has to ask. The check names one itself. A program is told of the service, and needs none.
        """,
        wrong: "- { fwmark: 10, check: http }", right: "- { fwmark: 10, check: { type: http, port: 80 } }")
    case .othersHealth:
      Page(
        """
        `weights: external` leaves the weights of a service to another program, and `held_by: external` all its entries: \
        what a check would find out could not be acted upon. What `defaults` say of health is not about such a \
        service; what it says itself is a contradiction.
        """,
        wrong: "- { vip: 192.168.147.100, port: 80, weights: external, check: tcp }",
        right: "- { vip: 192.168.147.100, port: 80, check: tcp }")
    case .quorumTooLarge:
      Page(
        """
        A service counts as up while `quorum` of its real servers are. With more than it has, it never would; the \
        fallback is none of them.
        """,
        wrong: "- { vip: 192.168.147.100, port: 80, real_servers: [web1, web2], quorum: 3 }",
        right: "- { vip: 192.168.147.100, port: 80, real_servers: [web1, web2], quorum: 2 }")
    case .fallbackWeight:
      Page(
        """
        A fallback has its weight while no other real server serves, and with the weight 0 it would get no connections \
        then either. Out of its turn it gets none whatever its weight is.
        """,
        wrong: "fallback: { server: sorry, weight: 0 }", right: "fallback: sorry")
    case .tooManyEntries:
      Page(
        """
        The file asks for more services, counted with the real servers in them, than lvsctl handles. Each port of a \
        range is a kernel service with its own list of real servers; a firewall mark is one service for any number of \
        ports. A list of checks has 16 at most, since each real server has it in each service.
        """,
        wrong: "- { vip: 192.168.147.100, port: 1-65535, protocol: [tcp, udp] }",
        right: "- { vip: 192.168.147.100, port: 0, persistence: 300 }")
    case .tooManyFaults:
      Page("There are more faults than are worth reading at once. Those shown are the first in the file.")
    default: nil
    }
  }
}

extension String {
  fileprivate var indented: String { split(separator: "\n").map { "  \($0)" }.joined(separator: "\n") }

  /// The text in lines of at most some characters, broken between words.
  public func wrapped(to width: Int) -> String {
    var lines = [""]
    for word in split(separator: " ") {
      let last = lines[lines.count - 1]
      if last.isEmpty {
        lines[lines.count - 1] = String(word)
      } else if last.count + 1 + word.count <= width {
        lines[lines.count - 1] += " " + word
      } else {
        lines.append(String(word))
      }
    }
    return lines.joined(separator: "\n")
  }
}
