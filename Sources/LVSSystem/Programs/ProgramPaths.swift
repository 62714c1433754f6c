import Glibc

extension Program {
  /// The path of the program that runs here, as the kernel has it; nil without /proc.
  public static var ownPath: String? { resolvedPath("/proc/self/exe") }

  /// The path of a program by its name, along PATH and behind it in these folders; nil where none of them has it. Folders
  /// of PATH that are not named from the root are passed over.
  public static func path(of name: String, orIn folders: [String] = []) -> String? {
    let path = getenv("PATH").map { String(cString: $0) } ?? ""
    let named = path.split(separator: ":").map(String.init).filter { $0.hasPrefix("/") }
    return (named + folders).map { "\($0)/\(name)" }.first { access($0, X_OK) == 0 }
  }
}

/// Where a path leads in the end, all links followed (realpath(3)); nil where it leads nowhere.
public func resolvedPath(_ path: String) -> String? {
  guard let resolved = realpath(path, nil) else { return nil }
  defer { free(resolved) }
  return String(cString: resolved)
}

/// A path from the root, where `path` may be one from the current folder; nil where that is not known.
public func absolutePath(_ path: String) -> String? {
  if path.hasPrefix("/") { return path }
  guard let folder = getcwd(nil, 0) else { return nil }
  defer { free(folder) }
  return "\(String(cString: folder))/\(path)"
}
