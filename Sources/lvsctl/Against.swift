import LVSConfig
import LVSModel
import LVSNode

/// What a file is compared with.
enum Against {
  /// The kernel of this machine.
  case live
  /// The state of one node, from a file, standard input or another machine.
  case snapshot(Snapshot, name: String)
  /// Another cluster file, one without nodes where there is no cluster yet.
  case file(ClusterFile, name: String)

  /// Finds out what `source` is and reads it; `file` holds the cluster file's bytes, `color` how faults are shown.
  init(
    _ source: String, file: [UInt8], _ options: NodeOptions, _ sysctls: SysctlOption, color: ColorChoice
  ) throws(Failure) {
    if source == "live" {
      self = .live
      return
    }
    if let destination = SSHDestination(source) {
      let answer: [UInt8]
      do {
        answer = try destination.snapshot(
          of: file, options.request, anySysctl: sysctls.anySysctl, tell: Terminal.report)
      } catch {
        throw Failure(error)
      }
      self = .snapshot(try Self.snapshot(answer, source), name: source)
      return
    }
    let other = try FileSource.read(source, atMost: FileSource.largestSnapshot)
    if Snapshot.isLikely(other.bytes) {
      self = .snapshot(try Self.snapshot(other), name: other.name)
    } else {
      if other.bytes.count > FileSource.largest { throw FileSource.tooLarge(source, FileSource.largest) }
      // What it is compared with is what it was: nothing is ever set from it.
      self = .file(try FileArgument.cluster(other, color, anySysctl: true, mayBeEmpty: true), name: other.name)
    }
  }

  private static func snapshot(_ source: SourceFile) throws(Failure) -> Snapshot {
    if source.isQuotable { return try snapshot(source.bytes, source.name) }
    guard let snapshot = try? Snapshot(source.bytes) else {
      throw Failure(
        .invalidFile,
        """
        \(source.name) is no snapshot that can be read. It is reached over a symbolic link that leads out of its \
        folder, so nothing of its text is shown: name the file itself (readlink -f shows it) or a copy of it, to be \
        told what is wrong.
        """)
    }
    return snapshot
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
