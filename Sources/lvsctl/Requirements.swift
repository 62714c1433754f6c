import LVSKernel

/// What every command needs that looks at this machine.
enum Requirements {
  /// Ends the command where /proc is not there: sysctls, modules, and which machine this is would all be taken for what
  /// they are not.
  static func proc() throws(Failure) {
    if ProcFileSystem.isMounted { return }
    throw Failure(
      .refused,
      """
      /proc is not mounted here, so the settings of this machine cannot be read. Nothing was changed. Mount it \
      (mount -t proc proc /proc), or run lvsctl outside of this chroot or container.
      """)
  }
}
