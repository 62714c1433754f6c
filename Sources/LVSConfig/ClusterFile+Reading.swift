import LVSText

/// What came of reading a cluster file.
package struct ClusterFileReading: Sendable {
  /// The file, or nil where any diagnostic is an error.
  package var file: ClusterFile?
  /// What was found, in file order; cut to a readable number, with a last line that counts the others.
  package var diagnostics: [Finding]

  /// Creates the outcome of a reading.
  package init(file: ClusterFile?, diagnostics: [Finding]) {
    self.file = file
    self.diagnostics = diagnostics
  }
}

extension ClusterFile {
  /// Reads a cluster file from the bytes of its YAML text, and finds every fault in it in one go.
  ///
  /// Time and memory grow with the number of bytes and of kernel entries; the caller bounds the first, and no file
  /// gets beyond ``entryLimit`` of the second. Sysctls outside `net.ipv4`, `net.ipv6`, `net.core` and `net.netfilter` are
  /// faults unless `allowsAnySysctl`: some of them run programs as root.
  package static func read(_ bytes: [UInt8], allowsAnySysctl: Bool = false) -> ClusterFileReading {
    let source = SourceText(bytes)
    let yaml = YAMLReading(source)
    guard yaml.isComplete else { return ClusterFileReading(file: nil, diagnostics: yaml.faults.diagnostics()) }
    let reader = ClusterFileReader(
      tape: yaml.tape, source: source, faults: yaml.faults, allowsAnySysctl: allowsAnySysctl)
    let file = reader.read()
    return ClusterFileReading(file: reader.faults.hasErrors ? nil : file, diagnostics: reader.faults.diagnostics())
  }

  /// The most kernel services and real servers in them, counted together, that a file may ask for.
  package static let entryLimit = 1_000_000
}
