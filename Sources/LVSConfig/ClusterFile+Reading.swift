import LVSText

/// What came of reading a cluster file.
public struct ClusterFileReading: Sendable {
  /// The file, or nil where any diagnostic is an error.
  public var file: ClusterFile?
  /// What was found, in file order; cut to a readable number, with a last line that counts the others.
  public var diagnostics: [Finding]

  /// Creates the outcome of a reading.
  public init(file: ClusterFile?, diagnostics: [Finding]) {
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
  public static func read(_ bytes: [UInt8], allowsAnySysctl: Bool = false) -> ClusterFileReading {
    let (draft, faults) = ClusterDraft.read(SourceText(bytes), allowsAnySysctl: allowsAnySysctl)
    var file: ClusterFile?
    if let draft {
      var unfolding = Unfolding(draft, faults)
      file = unfolding.file()
    }
    return ClusterFileReading(file: file, diagnostics: faults.diagnostics())
  }

  /// The most kernel services and real servers in them, counted together, that a file may ask for.
  public static let entryLimit = 1_000_000
}

extension ClusterDraft {
  /// The draft of a file and what is wrong with its values, each by itself; nil where it holds no cluster.
  ///
  /// The tape is gone when this returns: a draft needs nothing of it.
  static func read(_ source: SourceText, allowsAnySysctl: Bool = false) -> (draft: ClusterDraft?, faults: FileFaults) {
    let yaml = YAMLReading(source)
    let faults = FileFaults(yaml.faults, in: source)
    guard yaml.isComplete else { return (nil, faults) }
    return (ClusterFileReader(tape: yaml.tape, faults: faults, allowsAnySysctl: allowsAnySysctl).read(), faults)
  }

  /// Reads a file as it is written; nil where anything in it is an error.
  public static func read(_ bytes: [UInt8], allowsAnySysctl: Bool = false) -> ClusterDraft? {
    let (draft, faults) = read(SourceText(bytes), allowsAnySysctl: allowsAnySysctl)
    guard let draft else { return nil }
    var unfolding = Unfolding(draft, faults)
    return unfolding.file() == nil ? nil : draft
  }
}
