import Glibc

/// A folder of a test's own, which goes with it.
package final class TemporaryFolder {
  package let path: String

  package init() throws {
    var template = Array("\(getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp")/lvsctl-test.XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw FileFailure("a temporary folder") }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit { Self.remove(path) }

  private static func remove(_ path: String) {
    if unlink(path) == 0 { return }
    if let stream = opendir(path) {
      while let entry = readdir(stream) {
        let name = withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        if name != "." && name != ".." { remove("\(path)/\(name)") }
      }
      closedir(stream)
    }
    rmdir(path)
  }

  /// The path of a name in it.
  package func callAsFunction(_ name: String) -> String { "\(path)/\(name)" }

  /// Writes a file there.
  @discardableResult
  package func write(_ name: String, _ text: String, mode: mode_t = 0o644, owner: uid_t = geteuid()) throws -> String {
    let file = open(self(name), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw FileFailure(self(name)) }
    defer { close(file) }
    let bytes = Array(text.utf8)
    guard Glibc.write(file, bytes, bytes.count) == bytes.count, fchown(file, owner, owner) == 0, fchmod(file, mode) == 0
    else { throw FileFailure(self(name)) }
    return self(name)
  }

  /// Makes a folder there.
  @discardableResult
  package func make(_ name: String, mode: mode_t = 0o755, owner: uid_t = geteuid()) throws -> String {
    guard mkdir(self(name), 0o700) == 0, chown(self(name), owner, owner) == 0, chmod(self(name), mode) == 0 else {
      throw FileFailure(self(name))
    }
    return self(name)
  }

  /// Makes a symbolic link there.
  @discardableResult
  package func link(_ name: String, to target: String, owner: uid_t = geteuid()) throws -> String {
    guard symlink(target, self(name)) == 0, lchown(self(name), owner, owner) == 0 else { throw FileFailure(self(name)) }
    return self(name)
  }

  /// Makes a FIFO there.
  @discardableResult
  package func fifo(_ name: String, owner: uid_t = geteuid()) throws -> String {
    guard mkfifo(self(name), 0o600) == 0, lchown(self(name), owner, owner) == 0 else { throw FileFailure(self(name)) }
    return self(name)
  }

  /// The text of a file there.
  package func read(_ name: String) throws -> String {
    let file = open(self(name), O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard file >= 0 else { throw FileFailure(self(name)) }
    defer { close(file) }
    var buffer = [UInt8](repeating: 0, count: 65536)
    let count = Glibc.read(file, &buffer, buffer.count)
    guard count >= 0 else { throw FileFailure(self(name)) }
    return String(decoding: buffer.prefix(count), as: UTF8.self)
  }

  /// What the kernel says of a name there, a link's own account.
  package func status(_ name: String) throws -> stat {
    var status = stat()
    guard lstat(self(name), &status) == 0 else { throw FileFailure(self(name)) }
    return status
  }

  /// The names there.
  package var names: [String] {
    guard let stream = opendir(path) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      names.append(
        withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) })
    }
    return names.filter { $0 != "." && $0 != ".." }.sorted()
  }
}

/// Somebody else.
package let nobody: uid_t = 65534
/// Only root makes files that belong to somebody else.
package let isRoot = geteuid() == 0
