import Glibc

/// The names in a folder but for `.` and `..`, in no order; none where it cannot be opened.
public func names(inFolder path: String) -> [String] {
  var names: [String] = []
  forEachName(inFolder: path) { name, _ in names.append(name) }
  return names
}

/// What is in a folder with its kind and mode (`st_mode`), in no order, links as links; none where it cannot be opened.
public func entries(ofFolder path: String) -> [(name: String, mode: mode_t)] {
  var entries: [(name: String, mode: mode_t)] = []
  forEachName(inFolder: path) { name, folder in
    var status = stat()
    // One that has gone by now is none.
    if fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) == 0 { entries.append((name, status.st_mode)) }
  }
  return entries
}

private func forEachName(inFolder path: String, _ body: (_ name: String, _ folder: Int32) -> Void) {
  guard let stream = opendir(path) else { return }
  defer { closedir(stream) }
  while let entry = readdir(stream) {
    let name = withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    if name != "." && name != ".." { body(name, dirfd(stream)) }
  }
}
