import CSystem
import Glibc
import LVSSystem

/// What lvsctl's hidden subcommand is: the guard of a job outside, and process 1 inside.
public enum FirstProcess {
  /// The words behind the subcommand.
  enum Role: String {
    /// Outside: guards the program whose words follow.
    case guardian = "guard"
    /// Outside: guards process 1 of new namespaces, whose words follow.
    case namespaceGuardian = "guard-namespaces"
    /// Process 1 of such namespaces.
    case namespaces = "namespaces"
    /// Process 1 of a user-mode Linux kernel.
    case userModeLinux = "uml"
  }

  /// Does what the words say, and gives the exit status; nil where they say nothing that lvsctl itself would have said.
  public static func run(_ words: [String]) -> Int32? {
    guard let role = words.first.flatMap(Role.init) else { return nil }
    let isFirst = getpid() == 1
    switch role {
    case .guardian, .namespaceGuardian:
      guard words.count > 1, !isFirst, fcntl(JobDescriptors.report, F_GETFD) >= 0 else { return nil }
      Guard.keep(Array(words.dropFirst()), inNamespaces: role == .namespaceGuardian)
    case .namespaces:
      guard isFirst else { return nil }
      Descendants.endWithParent()
      run(on: .inherited, leash: STDIN_FILENO) { () throws(SystemError) in try NamespacePlace.make() }
    case .userModeLinux:
      guard isFirst else { return nil }
      runInKernel()
    }
    return 0
  }

  private static func run(on lines: Lines, leash: Int32?, _ place: () throws(SystemError) -> Assignment) {
    do throws(SystemError) {
      let session = try Session(lines, leash: leash)
      let end = try session.run(try place())
      // What was written to the shared folder of a kernel that ends at once.
      if leash == nil { sync() }
      lines.tell(end)
    } catch {
      lines.tell(.failed(error.message.text))
    }
  }

  /// A kernel whose process 1 ends has died, so this never does.
  private static func runInKernel() -> Never {
    do throws(SystemError) {
      // Most kernels do that themselves (CONFIG_DEVTMPFS_MOUNT).
      if access("/dev/ttyS0", F_OK) != 0 { try Mounts.add("devtmpfs", on: "/dev") }
      run(on: try Lines.serial(in: "/dev"), leash: nil) { () throws(SystemError) in try UserModePlace.make() }
    } catch {
      // On the kernel's console, which is shown as its last words.
      _ = writeAll(Array("\(error.message.text)\n".utf8), to: STDERR_FILENO)
    }
    _ = csystem_power_off()
    while true { Monotonic.pause(3600) }
  }
}
