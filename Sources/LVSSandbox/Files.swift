import Glibc

/// A file that could not be used.
package struct FileFailure: Error, CustomStringConvertible {
  package let description: String

  package init(_ path: String) { description = "\(path): \(String(cString: strerror(errno)))" }
}

/// The text of a file.
package func read(_ path: String) throws -> String { String(decoding: try contents(of: path), as: UTF8.self) }

/// The bytes of a file, to its end; files under /proc have no length to ask for.
package func contents(of path: String) throws -> [UInt8] {
  let file = open(path, O_RDONLY | O_CLOEXEC)
  guard file >= 0 else { throw FileFailure(path) }
  defer { close(file) }
  var bytes: [UInt8] = []
  var chunk = [UInt8](repeating: 0, count: 16384)
  while true {
    let count = chunk.withUnsafeMutableBytes { read(file, $0.baseAddress, $0.count) }
    guard count >= 0 else { throw FileFailure(path) }
    guard count > 0 else { return bytes }
    bytes += chunk[..<count]
  }
}

/// Writes a file, new or in place of its old text, in one write as /proc wants it.
package func write(_ text: String, to path: String) throws { try write(Array(text.utf8), to: path) }

/// Writes a file, new or in place of its old bytes, in one write.
package func write(_ bytes: [UInt8], to path: String) throws {
  let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
  guard file >= 0 else { throw FileFailure(path) }
  defer { close(file) }
  guard bytes.withUnsafeBytes({ write(file, $0.baseAddress, $0.count) }) == bytes.count else { throw FileFailure(path) }
}

/// The names in a folder, sorted, without those that begin with a dot.
package func names(in folder: String) throws -> [String] {
  guard let stream = opendir(folder) else { throw FileFailure(folder) }
  defer { closedir(stream) }
  var names: [String] = []
  while let entry = readdir(stream) {
    let name = withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    if !name.hasPrefix(".") { names.append(name) }
  }
  return names.sorted()
}

/// Whether a path leads to a folder.
package func isFolder(_ path: String) -> Bool {
  var status = stat()
  return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
}
