import Glibc

/// A file without a name, in the folder for temporary files; it goes when nobody has it open any more.
public final class UnnamedFile {
  /// Open for reading and writing, at the file's beginning; closed where a program starts, but for what it is given as.
  public let descriptor: Int32

  /// Makes one that holds these bytes.
  public init(holding bytes: [UInt8] = []) throws(SystemError) {
    guard let file = tmpfile() else { throw SystemError(errno: errno, subject: Self.subject) }
    descriptor = fcntl(fileno(file), F_DUPFD_CLOEXEC, 0)
    let refusal = descriptor < 0 ? errno : writeAll(bytes, to: descriptor)
    fclose(file)
    // deinit closes it: all that is stored is there.
    if refusal != 0 { throw SystemError(errno: refusal, subject: Self.subject) }
    lseek(descriptor, 0, SEEK_SET)
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// What it holds by now, wherever its descriptor stands; as far as it can be read.
  public var contents: [UInt8] {
    var bytes: [UInt8] = []
    while true {
      let part = part(of: descriptor, at: bytes.count, atMost: 64 << 10)
      if part.isEmpty { return bytes }
      bytes += part
    }
  }

  private static let subject = "a temporary file"
}
