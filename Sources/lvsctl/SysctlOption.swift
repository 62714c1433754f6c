import ArgumentParser

/// Whether the cluster file may set more than the network.
struct SysctlOption: ParsableArguments {
  @Flag(
    help: """
      Take sysctls of the file outside net.ipv4, net.ipv6, net.core and net.netfilter too: with them a file can do what \
      root can.
      """)
  var anySysctl = false
}
