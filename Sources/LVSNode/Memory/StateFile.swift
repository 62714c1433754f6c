import Glibc
import LVSKernel
import LVSModel
import LVSSystem

/// A file in one of lvsctl's folders: read only where nobody but root and the user who runs lvsctl can have written it,
/// and written whole or not at all.
struct StateFile: Sendable {
  /// The folder's path.
  let directory: String
  /// The file's name in it.
  let name: String

  /// The file's path, for messages.
  var path: String { "\(directory)/\(name)" }

  /// The file, opened for reading, and to be closed; nil where there is none.
  func open() throws(SystemError) -> CInt? {
    guard let folder = try StateDirectory.open(directory) else { return nil }
    return try folder.openOwn(name, O_RDONLY)
  }

  /// Writes the file in place of what was there; it outlasts a loss of power.
  func write(_ bytes: [UInt8]) throws(SystemError) {
    try StateDirectory.make(directory).replace(name, with: bytes, mode: 0o600, isDurable: true)
  }

  /// Removes the file, where there is one.
  func remove() throws(SystemError) {
    guard let folder = try StateDirectory.open(directory) else { return }
    if unlinkat(folder.descriptor, name, 0) == 0 { return try folder.sync() }
    if errno != ENOENT { throw SystemError(errno: errno, subject: path) }
  }
}

extension SystemError {
  /// A state file that is not what lvsctl writes: where, and what is found there.
  init(_ fault: MemoryFault, in path: String) {
    self.init(
      errno: nil, subject: path,
      details: "this is not a file that lvsctl wrote: line \(fault.position.line), column \(fault.position.column): "
        + "\(fault.message)")
  }
}
