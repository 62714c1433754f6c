import Glibc
@_exported import LVSSandbox

/// The folder of a source file.
package func folder(of file: String) -> String {
  file.lastIndex(of: "/").map { String(file[..<$0]) } ?? "."
}

/// The names of a folder's files with an ending, without it, in order.
package func fileNames(in folder: String, endingIn ending: String) -> [String] {
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
