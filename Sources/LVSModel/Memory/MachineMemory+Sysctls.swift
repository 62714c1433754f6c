extension MachineMemory {
  /// What speaks against believing what is remembered of sysctls, in words; nil where nothing does.
  ///
  /// lvsctl remembers none but those of the network, each with a value that the kernel can have told.
  public var objection: String? {
    for (name, value) in [sysctls, transientSysctls].joined() {
      if !SysctlName.isNetwork(name) {
        return """
          it has the sysctl \(name), and lvsctl remembers and sets back those under net. alone; take it out of the file
          """
      }
      if value.utf8.count > SysctlName.longestValue
        || value.utf8.contains(where: { $0 == 0 || $0 == UInt8(ascii: "\n") })
      {
        return "the value it has for \(name) is none of a sysctl: more than a line, or longer than a page"
      }
    }
    return nil
  }
}
