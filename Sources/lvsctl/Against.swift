import LVSCore
import LVSKernel

/// What a file is compared with.
enum Against {
  /// The kernel of this machine.
  case live
  /// The state of one node, from a file, standard input or another machine.
  case snapshot(Snapshot, name: String)
  /// Another cluster file.
  case file(ClusterFile, name: String)

  /// Finds out what `source` is and reads it; `file` holds the cluster file's bytes, `color` how faults are shown.
  init(_ source: String, file: [UInt8], _ options: NodeOptions, color: ColorChoice) throws(Failure) {
    if source == "live" {
      self = .live
      return
    }
    if let destination = SSHDestination(source) {
      self = .snapshot(try Self.snapshot(destination.snapshot(of: file, options), source), name: source)
      return
    }
    let name = FileSource.name(source)
    let bytes = try FileSource.read(source, atMost: FileSource.largestSnapshot)
    if Snapshot.isLikely(bytes) {
      self = .snapshot(try Self.snapshot(bytes, name), name: name)
    } else {
      if bytes.count > FileSource.largest { throw FileSource.tooLarge(source, FileSource.largest) }
      self = .file(try FileArgument.cluster(bytes, named: name, color), name: name)
    }
  }

  private static func snapshot(_ bytes: [UInt8], _ name: String) throws(Failure) -> Snapshot {
    do {
      return try Snapshot(bytes)
    } catch {
      throw Failure(
        .invalidFile, "\(name):\(error.position.line):\(error.position.column): \(error.message)")
    }
  }
}
