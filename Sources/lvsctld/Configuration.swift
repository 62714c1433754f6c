import Glibc
import LVSConfig
import LVSNode
import LVSSystem
import LVSText

/// The cluster file as lvsctld reads it, once at the start and again with each SIGHUP.
final class Configuration {
  /// The file where none is named.
  static let standardPath = "/etc/lvsctl/cluster.conf"

  /// Its path.
  let path: String
  private let allowsAnySysctl: Bool
  /// What tells the file that was read last from one that was written since.
  private var edition: [Int] = []

  init(path: String, allowsAnySysctl: Bool) {
    self.path = path
    self.allowsAnySysctl = allowsAnySysctl
  }

  /// 32 MiB, as lvsctl has it.
  private static let largest = 32 << 20

  /// Reads and checks the file; what was found in it that is no error goes to the log.
  func load() throws(NodeFailure) -> ClusterFile {
    edition = now
    let bytes = try read()
    let reading = ClusterFile.read(bytes, allowsAnySysctl: allowsAnySysctl)
    let text = words(reading.diagnostics, bytes)
    guard let file = reading.file else { throw NodeFailure(.invalidFile, text) }
    if !reading.diagnostics.isEmpty { Log.shared.write(.warning, text) }
    return file
  }

  /// The file where it has been written since it was read last, and is sound.
  func changed() -> ClusterFile? {
    guard now != edition, let bytes = try? read() else { return nil }
    return ClusterFile.read(bytes, allowsAnySysctl: allowsAnySysctl).file
  }

  /// The file as it is now is the one that is in force.
  func noteTaken() { edition = now }

  /// What was found in the file. A link may lead to what its maker could not read, and whoever reads the log neither.
  private func words(_ diagnostics: [Finding], _ bytes: [UInt8]) -> Message {
    var status = stat()
    let isLink = lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
    let renderer = ExcerptRenderer(fileName: path, source: bytes, showsText: !isLink, usesColor: false)
    return Message(verbatim: renderer.text(isLink ? diagnostics.map(\.withoutText) : diagnostics))
  }

  private var now: [Int] {
    var status = stat()
    guard stat(path, &status) == 0 else { return [] }
    return [
      Int(status.st_dev), Int(status.st_ino), Int(status.st_size), status.st_mtim.tv_sec, status.st_mtim.tv_nsec,
    ]
  }

  private func read() throws(NodeFailure) -> [UInt8] {
    do throws(SystemError) {
      let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
      guard descriptor >= 0 else { throw SystemError(errno: errno, subject: path) }
      defer { close(descriptor) }
      return try contents(of: descriptor, named: path, atMost: Self.largest)
    } catch {
      if error.errno == EFBIG {
        throw NodeFailure(.invalidFile, "\(path) is larger than \(Self.largest >> 20) MiB. Is it a cluster file?")
      }
      throw NodeFailure(.unreachable, "\(path) cannot be read: \(error).")
    }
  }
}
