import Glibc

extension Program {
  /// The path of the program that runs here, as the kernel has it; nil without /proc.
  public static var ownPath: String? {
    guard let path = realpath("/proc/self/exe", nil) else { return nil }
    defer { free(path) }
    return String(cString: path)
  }
}

/// A path from the root, where `path` may be one from the current folder; nil where that is not known.
public func absolutePath(_ path: String) -> String? {
  if path.hasPrefix("/") { return path }
  guard let folder = getcwd(nil, 0) else { return nil }
  defer { free(folder) }
  return "\(String(cString: folder))/\(path)"
}
