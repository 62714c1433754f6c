import Glibc
import LVSConfig
import LVSSystem
import LVSText

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

  /// Tells on stderr what was found in the file, as far as it may be told, which is returned.
  @discardableResult
  func report(_ diagnostics: [Finding], _ color: ColorChoice) -> [Finding] {
    if diagnostics.isEmpty { return [] }
    let (told, showsText) = tellable(diagnostics)
    let renderer = ExcerptRenderer(
      fileName: name, source: bytes, showsText: showsText, usesColor: Terminal.usesColor(color, stream: STDERR_FILENO))
    Terminal.report(Message(verbatim: renderer.text(told)))
    Terminal.report("\n\(FaultCount(told).text) in \(name).")
    return told
  }

  /// Something that was found in the file, on one line: where, and what.
  func line(_ diagnostic: Finding) -> Message {
    let place: Message = diagnostic.range.map { ":\($0.start.line):\($0.start.column)" } ?? ""
    return "\(name)\(place): \(diagnostic.message)"
  }

  /// What may be told of faults in the file, in place of what was found; where it is less, stderr is told why.
  func tellable(_ diagnostics: [Finding]) -> (told: [Finding], showsText: Bool) {
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

/// The path of a file that was read, and where its links lead; in bytes, since a name need not be text.
private struct FilePath {
  private typealias Bytes = ArraySlice<UInt8>

  private let path: Bytes
  private let components: [Bytes]
  private static let slash = UInt8(ascii: "/")

  init(_ path: String) {
    self.path = ArgumentBytes.path(path).dropLast().map(UInt8.init(bitPattern:))[...]
    components = self.path.split(separator: Self.slash)
  }

  /// Whether the path names an open descriptor, as `<(…)` of a shell does: that is a link by nature, and the caller's
  /// own.
  var isDescriptor: Bool {
    if path.elementsEqual("/dev/stdin".utf8) { return true }
    guard path.first == Self.slash, let number = components.last, Self.isNumber(number) else { return false }
    let words = components.dropLast().map { String(decoding: $0, as: UTF8.self) }
    if words == ["dev", "fd"] || words == ["proc", "self", "fd"] { return true }
    return words.count == 3 && words[0] == "proc" && words[2] == "fd" && Self.isNumber(components[1])
  }

  private static func isNumber(_ name: Bytes) -> Bool { UInt32(String(decoding: name, as: UTF8.self)) != nil }

  /// Whether the file lies where its path says: below the folder that the path names, and that folder below the one the
  /// path starts from, which is where the command runs.
  ///
  /// Folders that an absolute path names outside of that one are taken as they are. Hidden files and folders are not
  /// led into either: a checkout has its `.git`, with what the runner needs to fetch.
  func staysAtHome(_ identity: FileIdentity) -> Bool {
    guard let file = Self.resolved(path), let named = components.last else { return false }
    var status = stat()
    // What was read may be another file than the one there by now.
    guard stat(Self.terminated(file), &status) == 0, FileIdentity(status) == identity else { return false }
    let folderPath = path.dropLast(path.reversed().prefix { $0 != Self.slash }.count)
    guard let folder = Self.resolved(folderPath.isEmpty ? Self.here : folderPath) else { return false }
    guard let below = Self.components(of: file, below: folder) else { return false }
    guard below == [named] || !below.contains(where: Self.isHidden) else { return false }
    return folderStaysAtHome(folder)
  }

  private func folderStaysAtHome(_ folder: Bytes) -> Bool {
    guard let (start, named) = start else { return true }
    guard let start = Self.resolved(start), let below = Self.components(of: folder, below: start) else { return false }
    return below == named || !below.contains(where: Self.isHidden)
  }

  private static var here: Bytes { Array(".".utf8)[...] }

  /// Where the path starts from, and the folders that it names below; nil for an absolute path to somewhere else.
  private var start: (path: Bytes, named: [Bytes])? {
    guard path.first == Self.slash else { return Self.start(Self.here, components.dropLast()) }
    let named = getenv("PWD").map { Array(UnsafeBufferPointer(start: $0, count: strlen($0))) }
    let working = [Self.resolved(Self.here), named?.map(UInt8.init(bitPattern:))[...]].compactMap(\.self)
    guard let here = working.first, let start = working.first(where: { path.starts(with: $0 + [Self.slash]) }) else {
      return nil
    }
    // PWD is what the shell calls the working directory; anybody can set it to something else.
    guard Self.resolved(start) == here else { return nil }
    return Self.start(here, path.dropFirst(start.count).split(separator: Self.slash).dropLast())
  }

  /// The folder as far up as folders named below another one lead, and those below it.
  private static func start(_ here: Bytes, _ named: some Collection<Bytes>) -> (path: Bytes, named: [Bytes]) {
    let named = named.filter { !$0.elementsEqual(".".utf8) }
    var depth = 0
    var highest = 0
    for folder in named {
      depth += folder.elementsEqual("..".utf8) ? -1 : 1
      highest = min(highest, depth)
    }
    let up = repeatElement(Array("/..".utf8), count: -highest).joined()
    return (here + up, Array(named.dropFirst(-highest)))
  }

  /// The components of a resolved path below a resolved folder; nil where it lies elsewhere.
  private static func components(of path: Bytes, below folder: Bytes) -> [Bytes]? {
    if path == folder { return [] }
    let prefix = folder == [slash] ? folder : folder + [slash]
    return path.starts(with: prefix) ? path.dropFirst(prefix.count).split(separator: slash) : nil
  }

  /// Whether a name is a hidden one. `..data` is where Kubernetes keeps what it mounts.
  private static func isHidden(_ name: Bytes) -> Bool {
    name.starts(with: ".".utf8) && !name.starts(with: "..".utf8)
  }

  private static func terminated(_ path: Bytes) -> [CChar] { path.map(CChar.init(bitPattern:)) + [0] }

  private static func resolved(_ path: Bytes) -> Bytes? {
    guard let resolved = realpath(terminated(path), nil) else { return nil }
    defer { free(resolved) }
    return UnsafeBufferPointer(start: resolved, count: strlen(resolved)).map(UInt8.init(bitPattern:))[...]
  }
}
