import Glibc
import LVSSystem
import LVSText

/// This machine's own kernel, as a ground.
enum HostKernel {
  /// Why it is none, for a user; nil where it is one.
  static var obstacle: Message? {
    // In a user namespace below the machine's own no module can be loaded, and the kernel's own IPVS sysctls are hidden.
    let isRoot = (try? Capabilities.current()).map { $0.hasSysAdmin && $0.hasNetAdmin } ?? false
    guard isRoot, UserNamespace.isInitial else {
      return "Namespaces of this machine's own kernel are for root alone (CAP_SYS_ADMIN and CAP_NET_ADMIN)."
    }
    return hasIPVS ? nil : "This machine's kernel has no IPVS: there is no module ip_vs for it."
  }

  /// Whether it has IPVS, or could load it.
  private static var hasIPVS: Bool {
    if access("/proc/net/ip_vs", F_OK) == 0 { return true }
    guard let modprobe = Program(named: "modprobe"),
      let (status, steps) = try? modprobe.run(["--show-depends", "-q", "ip_vs"], reading: STDOUT_FILENO), status == 0
    else { return false }
    // `insmod PATH` for each module; an index may outlive the files.
    return steps.split(separator: "\n").allSatisfy { step in
      let words = step.split(separator: " ")
      return words.first != "insmod" || words.count > 1 && access(String(words[1]), R_OK) == 0
    }
  }

  /// Throws where this machine has not so many MiB to give.
  static func requireMemory(_ memory: Int) throws(GroundFailure) {
    guard let available, available < memory else { return }
    throw GroundFailure(
      .noGround, "This machine has \(available) MiB of memory to give, and \(memory) MiB may be needed: free some.")
  }

  /// MemAvailable of proc(5), in MiB; nil where it is not told.
  private static var available: Int? {
    guard let bytes = try? contents(of: "/proc/meminfo", atMost: 1 << 16) else { return nil }
    let line = String(decoding: bytes, as: UTF8.self).split(separator: "\n").first { $0.hasPrefix("MemAvailable:") }
    return line?.split(separator: " ").dropFirst().first.flatMap { Int($0) }.map { $0 / 1024 }
  }
}
