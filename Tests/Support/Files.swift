import Glibc
import LVSSystem

/// The folder of a source file.
package func folder(of file: String) -> String {
  file.lastIndex(of: "/").map { String(file[..<$0]) } ?? "."
}

/// A file, or a call on one, that could not be used.
package struct FileFailure: Error, CustomStringConvertible {
  package let description: String

  package init(_ path: String) { description = "\(path): \(String(cString: strerror(errno)))" }
}

/// The text of a file.
package func read(_ path: String) throws -> String { String(decoding: try contents(of: path), as: UTF8.self) }

/// The bytes of a file, to its end; files under /proc have no length to ask for.
package func contents(of path: String) throws -> [UInt8] { try contents(of: path, atMost: 1 << 30) }

/// Writes a file, new or in place of its old text, in one write as /proc wants it.
package func write(_ text: String, to path: String) throws { try write(Array(text.utf8), to: path) }

/// Writes a file, new or in place of its old bytes, in one write.
package func write(_ bytes: [UInt8], to path: String) throws {
  let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
  guard file >= 0 else { throw FileFailure(path) }
  defer { close(file) }
  let refusal = writeAll(bytes, to: file)
  if refusal != 0 { throw SystemError(errno: refusal, subject: path) }
}

/// The names in a folder, sorted, without those that begin with a dot.
package func names(in folder: String) throws -> [String] {
  guard isFolder(folder) else { throw FileFailure(folder) }
  return names(inFolder: folder).filter { !$0.hasPrefix(".") }.sorted()
}

/// Whether a path leads to a folder.
package func isFolder(_ path: String) -> Bool {
  var status = stat()
  return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
}

/// The names of a folder's files with an ending, without it, in order.
package func fileNames(in folder: String, endingIn ending: String) -> [String] {
  names(inFolder: folder).filter { $0.hasSuffix(ending) }.map { String($0.dropLast(ending.count)) }.sorted()
}
