import Glibc
import LVSSystem
import LVSText

/// Reads the cluster file's bytes, within bounds.
enum FileSource {
  /// 32 MiB: thirty times a file of ten thousand services with ten real servers each, pools used.
  static let largest = 32 << 20

  /// 256 MiB: a snapshot of 200,000 real servers is a tenth of it, and so is one of 3,000 interfaces with their sysctls.
  static let largestSnapshot = 256 << 20

  /// The name of a source for messages.
  static func name(_ path: String) -> String { path == "-" ? "<stdin>" : path }

  /// A file, or standard input for `-`.
  static func read(_ path: String, atMost largest: Int = Self.largest) throws(Failure) -> SourceFile {
    if path == "-" {
      return SourceFile(path: path, bytes: try read(descriptor: STDIN_FILENO, path: path, atMost: largest))
    }
    // O_NONBLOCK: a FIFO without a writer would block the open for ever.
    let descriptor = open(ArgumentBytes.path(path), O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw unreadable(path, errno) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw unreadable(path, errno) }
    if status.st_mode & S_IFMT == S_IFDIR {
      throw Failure(.noFile, "\(path) is a directory. Name the cluster file in it.")
    }
    // A pipe, as of a shell's <(…), has a writer that may not have written yet.
    let flags = fcntl(descriptor, F_GETFL)
    _ = fcntl(descriptor, F_SETFL, flags & ~O_NONBLOCK)
    let bytes = try read(descriptor: descriptor, path: path, atMost: largest, expecting: Int(status.st_size))
    return SourceFile(path: path, bytes: bytes, identity: FileIdentity(status))
  }

  /// The bytes of a regular file that has some, and at most so many; nil for everything else, without a word.
  ///
  /// Nothing else is even opened: a FIFO or a device may wait, or do something, and so may files of the kernel, whose
  /// size is 0 (/proc/kmsg).
  static func regularFile(_ path: String, atMost largest: Int) -> [UInt8]? {
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG, (1...largest).contains(Int(status.st_size))
    else {
      return nil
    }
    return try? read(path, atMost: largest).bytes
  }

  /// The bytes to the end; `expecting` of them when nothing is wrong about the size.
  private static func read(
    descriptor: Int32, path: String, atMost largest: Int, expecting size: Int = 0
  ) throws(Failure) -> [UInt8] {
    do {
      return try contents(of: descriptor, named: path, atMost: largest, expecting: size > 0 ? size : Self.step)
    } catch {
      if error.errno == EFBIG { throw tooLarge(path, largest) }
      throw unreadable(path, error.errno ?? EIO)
    }
  }

  /// What is asked for at once where a pipe's or a device's size is not known, in bytes.
  private static let step = 1 << 18

  /// The refusal of a file that is larger than so many bytes.
  static func tooLarge(_ path: String, _ largest: Int) -> Failure {
    let question: Message = largest > Self.largest ? "Is it a cluster file or a snapshot?" : "Is it a cluster file?"
    return Failure(
      .invalidFile, "\(name(path)) is larger than \(largest >> 20) MiB, the most that lvsctl reads. \(question)")
  }

  private static func unreadable(_ path: String, _ number: Int32) -> Failure {
    Failure(.noFile, "\(name(path)) cannot be read: \(String(cString: strerror(number))).")
  }
}
