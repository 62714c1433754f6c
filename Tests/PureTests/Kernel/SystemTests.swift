import Glibc
import Testing

@testable import LVSKernel
@testable import LVSSystem

struct SysctlTests {
  @Test(arguments: [
    ("net.ipv4.ip_forward", "/proc/sys/net/ipv4/ip_forward"),
    ("net.ipv4.conf.eth0/100.arp_ignore", "/proc/sys/net/ipv4/conf/eth0.100/arp_ignore"),
    ("net/ipv4/conf/eth0.100/arp_ignore", "/proc/sys/net/ipv4/conf/eth0.100/arp_ignore"),
    ("net/ipv4/ip_forward", "/proc/sys/net/ipv4/ip_forward"),
  ])
  func `a name is a file as in sysctl(8)`(name: String, path: String) {
    #expect(Sysctl(name)?.path == path)
    #expect(Sysctl(name)?.name == name)
  }

  @Test(arguments: [
    "", "swappiness", ".net", "net.", "net..ipv4", "net/../etc/passwd", "net/./ipv4", "/net/ipv4", "net.ipv4./",
    "net.//.x", "net.ipv4.\0",
  ])
  func `what could leave the directory is no name`(name: String) {
    #expect(Sysctl(name) == nil)
  }

  @Test(arguments: [("4\t4\t1\t7\n", "4 4 1 7"), ("1\n", "1"), ("", ""), ("  a   b\n", "a b")])
  func `runs of blanks become one space`(text: String, value: String) {
    #expect(Sysctl.normalized(Array(text.utf8)) == value)
  }

  @Test func `a parameter the kernel does not have has no value`() throws {
    #expect(try Sysctl("net.ipv4.no_such_parameter")?.read() == nil)
  }

  @Test func `a parameter is read`() throws {
    let ostype = try #require(Sysctl("kernel.ostype"))
    #expect(try ostype.read() == "Linux")
  }

  @Test func `a refused write keeps its errno`() throws {
    let parameter = try #require(Sysctl("net.ipv4.no_such_parameter"))
    let error = #expect(throws: SystemError.self) { try parameter.write("1") }
    #expect(error?.subject == "/proc/sys/net/ipv4/no_such_parameter")
    #expect(error?.errno != nil)
  }
}

struct KernelModuleTests {
  @Test(arguments: ["", "-r", "ip_vs;reboot", "../x", "ip vs", "ip_vs\0", "ä"])
  func `what is no module name is refused`(name: String) {
    #expect(KernelModule(name) == nil)
  }

  @Test func `dashes in a module's name are underscores`() {
    #expect(KernelModule("ip-vs")?.name == "ip_vs")
  }
}

struct CapabilitiesTests {
  @Test func `each capability is its own bit`() {
    #expect(Capabilities(effective: 1 << 12).hasNetAdmin)
    #expect(Capabilities(effective: 1 << 13).hasNetRaw)
    #expect(Capabilities(effective: 1 << 16).hasSysModule)
    let others = Capabilities(effective: ~(1 << 12 | 1 << 13 | 1 << 16))
    #expect(!others.hasNetAdmin && !others.hasNetRaw && !others.hasSysModule)
  }

  @Test func `this process has capabilities that can be read`() throws {
    #expect(try Capabilities.current().effective >> 41 == 0)
  }
}
