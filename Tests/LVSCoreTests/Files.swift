import Glibc

/// A file that a test needs and cannot have.
struct FileError: Error {
  var path: String
  var errno: Int32
}

/// The folder of a source file.
func folder(of file: String) -> String {
  file.lastIndex(of: "/").map { String(file[..<$0]) } ?? "."
}

/// The bytes of a file.
func contents(of path: String) throws -> [UInt8] {
  guard let file = fopen(path, "r") else { throw FileError(path: path, errno: errno) }
  defer { fclose(file) }
  var bytes: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 1 << 16)
  while true {
    let count = fread(&buffer, 1, buffer.count, file)
    guard count > 0 else { return bytes }
    bytes += buffer[..<count]
  }
}

/// Writes a text to a file.
func write(_ text: String, to path: String) throws {
  guard let file = fopen(path, "w") else { throw FileError(path: path, errno: errno) }
  let isWritten = fputs(text, file) >= 0
  guard fclose(file) == 0, isWritten else { throw FileError(path: path, errno: errno) }
}

/// Writes bytes to a file.
func write(_ bytes: [UInt8], to path: String) throws {
  guard let file = fopen(path, "w") else { throw FileError(path: path, errno: errno) }
  let isWritten = fwrite(bytes, 1, bytes.count, file) == bytes.count
  guard fclose(file) == 0, isWritten else { throw FileError(path: path, errno: errno) }
}

/// The names of a folder's files with an ending, without it, in order.
func fileNames(in folder: String, endingIn ending: String) -> [String] {
  guard let directory = opendir(folder) else { return [] }
  defer { closedir(directory) }
  var names: [String] = []
  while let entry = readdir(directory) {
    let name = withUnsafePointer(to: &entry.pointee.d_name) { name in
      name.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
    }
    if name.hasSuffix(ending) { names.append(String(name.dropLast(ending.count))) }
  }
  return names.sorted()
}
