import LVSKernel
import LVSText

/// What whoever looks at this machine needs.
public enum Requirements {
  /// Throws where /proc is not there: sysctls, modules, and which machine this is would all be taken for what
  /// they are not.
  public static func proc() throws(NodeFailure) {
    if ProcFileSystem.isMounted { return }
    throw NodeFailure(
      .refused,
      """
      /proc is not mounted here, so the settings of this machine cannot be read. Nothing was changed. Mount it \
      (mount -t proc proc /proc), or run lvsctl outside of this chroot or container.
      """)
  }

  /// What to do where the kernel has no IPVS.
  public static var ipvsRemedy: Message {
    StepRefusal.moduleRemedy("ip_vs")
      ?? """
      this kernel has no IPVS: modprobe ip_vs finds no module. Install the kernel's full module package (built with \
      CONFIG_IP_VS), or in a container run modprobe ip_vs on the host.
      """
  }
}
