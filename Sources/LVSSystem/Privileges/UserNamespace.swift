import Glibc

/// The user namespace of this process, in which its capabilities are; see user_namespaces(7).
public enum UserNamespace {
  /// Whether it is the machine's own: the kernel gives that the inode PROC_USER_INIT_INO (linux/proc_ns.h).
  public static var isInitial: Bool {
    var status = stat()
    return stat("/proc/self/ns/user", &status) != 0 || status.st_ino == 0xefff_fffd
  }

  /// Whether capabilities there count in this network namespace, which is that of its owner or of one above; true where
  /// the kernel, before 4.9, cannot tell.
  public static var ownsNetwork: Bool {
    let network = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC)
    guard network >= 0 else { return true }
    defer { close(network) }
    // EPERM says that the owner is out of sight: no namespace below this one (ioctl_ns(2)).
    let owner = ioctl(network, 0xb701)  // NS_GET_USERNS, linux/nsfs.h
    if owner >= 0 { close(owner) }
    return owner >= 0 || errno != EPERM
  }
}
