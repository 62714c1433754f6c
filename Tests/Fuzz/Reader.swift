import ArgumentParser

/// What in lvsctl reads something that others wrote.
enum Reader: String, CaseIterable, ExpressibleByArgument {
  /// A cluster file, and what is made of it: the plan of each of its nodes, and its reports.
  case cluster
  /// A snapshot of another machine.
  case snapshot
  /// What is remembered of this machine.
  case memory
  /// The kernel's answers over netlink.
  case netlink
  /// The kernel's list of connections.
  case connections

  /// What is wrong about how an input was read; nil where nothing is.
  func complaint(about bytes: [UInt8]) -> String? {
    switch self {
    case .cluster: ClusterFileInput.complaint(about: bytes)
    case .snapshot: SnapshotInput.complaint(about: bytes)
    case .memory: MemoryInput.complaint(about: bytes)
    case .netlink: NetlinkInput.complaint(about: bytes)
    case .connections: ConnectionsInput.complaint(about: bytes)
    }
  }

  /// Pieces that mean something to the reader.
  var words: [[UInt8]] {
    switch self {
    case .cluster: ClusterFileInput.words.map { Array($0.utf8) }
    case .snapshot, .memory: SnapshotInput.words.map { Array($0.utf8) }
    case .netlink: NetlinkInput.words
    case .connections: ConnectionsInput.words.map { Array($0.utf8) }
    }
  }
}

/// The first character of a text that does not belong on a terminal; line feeds do.
func unprintable(in text: String) -> Unicode.Scalar? {
  text.unicodeScalars.first { scalar in
    if scalar == "\n" { return false }
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned: return true
    default: return false
    }
  }
}
