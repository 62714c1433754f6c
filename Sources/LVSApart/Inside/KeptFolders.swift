import Glibc
import LVSSystem

/// Folders that something else is mounted over and that are still needed where they are: a program may lie below /tmp.
struct KeptFolders {
  private var folders: [(path: String, descriptor: Int32)] = []

  /// Holds the folders of these programs, as far as they are below one of these places.
  init(of programs: [String], below places: [String]) {
    for program in programs {
      for path in [program, resolvedPath(program)].compactMap(\.self)
      where places.contains(where: { path.hasPrefix("\($0)/") }) {
        let folder = String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
        // A folder that is one of the places itself would be all that is to be hidden.
        guard !places.contains(folder), !folders.contains(where: { $0.path == folder }) else { continue }
        let descriptor = open(folder, Self.pathOnly | O_DIRECTORY | O_CLOEXEC)
        if descriptor >= 0 { folders.append((folder, descriptor)) }
      }
    }
  }

  /// Shows them where they were, and lets go of them.
  func show() throws(SystemError) {
    for folder in folders {
      try Mounts.makeFolders(folder.path)
      try Mounts.bind(folder.descriptor, on: folder.path)
      close(folder.descriptor)
    }
  }

  /// O_PATH (open(2)) is for _GNU_SOURCE alone. A folder need not be one that can be listed.
  static let pathOnly: Int32 = 0o10000000
}
