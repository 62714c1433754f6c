import Glibc
import LVSCore

/// A file as it was read.
struct SourceFile {
  /// What it was called on the command line; `-` is standard input.
  var path: String
  var bytes: [UInt8]
  /// Which file it was (stat(2)); nil for standard input.
  var identity: FileIdentity?

  /// The name of the file for messages.
  var name: String { FileSource.name(path) }

  /// Whether messages may show text of the file.
  ///
  /// A symbolic link that leads out of its folder may name what its maker could not read, and whoever reads the messages
  /// neither: a merge request makes cluster.conf a link to a key of the machine that checks it, and reads the excerpts.
  var isQuotable: Bool {
    guard let identity else { return true }
    return FilePath(path).isDescriptor || FilePath(path).staysAtHome(identity)
  }

  /// Tells on stderr what was found in the file.
  func report(_ diagnostics: [Diagnostic], _ color: ColorChoice) {
    if diagnostics.isEmpty { return }
    let (told, showsText) = tellable(diagnostics)
    let renderer = DiagnosticRenderer(
      fileName: name, source: bytes, showsText: showsText, usesColor: Terminal.usesColor(color, stream: STDERR_FILENO))
    Terminal.report(renderer.text(told))
  }

  /// What may be told of faults in the file, in place of what was found; where it is less, stderr is told why.
  func tellable(_ diagnostics: [Diagnostic]) -> (told: [Diagnostic], showsText: Bool) {
    if diagnostics.isEmpty || isQuotable { return (diagnostics, true) }
    Terminal.report(
      """
      \(name) is reached over a symbolic link that leads out of its folder, so no text of it is shown, only where its \
      faults are: whoever made the link may not be one who may read that file. Name the file itself (readlink -f shows \
      it) or a copy of it, to be told all.
      """)
    return (diagnostics.map(\.withoutText), false)
  }
}

/// What makes a file the same one, whatever it is called.
struct FileIdentity: Equatable {
  var device: UInt64
  var inode: UInt64

  init(_ status: stat) {
    device = UInt64(status.st_dev)
    inode = UInt64(status.st_ino)
  }
}

/// The path of a file that was read, and where its links lead.
private struct FilePath {
  private let path: String
  private let components: [Substring]

  init(_ path: String) {
    self.path = path
    components = path.split(separator: "/")
  }

  /// Whether the path names an open descriptor, as `<(…)` of a shell does: that is a link by nature, and the caller's
  /// own.
  var isDescriptor: Bool {
    if path == "/dev/stdin" { return true }
    guard path.hasPrefix("/"), let number = components.last, UInt32(number) != nil else { return false }
    switch components.dropLast() {
    case ["dev", "fd"], ["proc", "self", "fd"]: return true
    default:
      return components.count == 4 && components[0] == "proc" && components[2] == "fd" && UInt32(components[1]) != nil
    }
  }

  /// Whether the file lies where its path says: below the folder that the path names, and that folder below the one the
  /// path starts from, which is where the command runs.
  ///
  /// Folders that an absolute path names outside of that one are taken as they are. Hidden files and folders are not
  /// led into either: a checkout has its `.git`, with what the runner needs to fetch.
  func staysAtHome(_ identity: FileIdentity) -> Bool {
    guard let file = Self.resolved(path), let named = components.last else { return false }
    var status = stat()
    // What was read may be another file than the one there by now.
    guard stat(file, &status) == 0, FileIdentity(status) == identity else { return false }
    let folderPath = path.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(path[...$0]) } ?? "."
    guard let folder = Self.resolved(folderPath) else { return false }
    guard let below = Self.components(of: file, below: folder) else { return false }
    guard below == [named] || !below.contains(where: Self.isHidden) else { return false }
    return folderStaysAtHome(folder)
  }

  private func folderStaysAtHome(_ folder: String) -> Bool {
    guard let (start, named) = start else { return true }
    guard let start = Self.resolved(start), let below = Self.components(of: folder, below: start) else { return false }
    return below == named || !below.contains(where: Self.isHidden)
  }

  /// Where the path starts from, and the folders that it names below; nil for an absolute path to somewhere else.
  private var start: (path: String, named: [Substring])? {
    guard path.hasPrefix("/") else { return Self.start(".", components.dropLast()) }
    let working = [Self.resolved("."), getenv("PWD").map { String(cString: $0) }].compactMap(\.self)
    guard let here = working.first, let start = working.first(where: { path.hasPrefix($0 + "/") }) else { return nil }
    // PWD is what the shell calls the working directory; anybody can set it to something else.
    guard Self.resolved(start) == here else { return nil }
    return Self.start(here, path.dropFirst(start.count).split(separator: "/").dropLast())
  }

  /// The folder as far up as folders named below another one lead, and those below it.
  private static func start(_ here: String, _ named: some Collection<Substring>) -> (path: String, named: [Substring]) {
    let named = named.filter { $0 != "." }
    var depth = 0
    var highest = 0
    for folder in named {
      depth += folder == ".." ? -1 : 1
      highest = min(highest, depth)
    }
    return (here + String(repeating: "/..", count: -highest), Array(named.dropFirst(-highest)))
  }

  /// The components of a resolved path below a resolved folder; nil where it lies elsewhere.
  private static func components(of path: String, below folder: String) -> [Substring]? {
    if path == folder { return [] }
    let prefix = folder == "/" ? folder : folder + "/"
    return path.hasPrefix(prefix) ? path.dropFirst(prefix.count).split(separator: "/") : nil
  }

  /// Whether a name is a hidden one. `..data` is where Kubernetes keeps what it mounts.
  private static func isHidden(_ name: Substring) -> Bool { name.hasPrefix(".") && !name.hasPrefix("..") }

  private static func resolved(_ path: String) -> String? {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return String(cString: resolved)
  }
}
