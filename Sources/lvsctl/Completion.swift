import ArgumentParser
import Glibc
import LVSConfig
import LVSModel
import LVSText

/// What the shell offers for an argument, by the cluster file that stands on the command line so far.
///
/// Whoever presses TAB has not agreed to anything yet, and need not even have read the file: only plain words are
/// offered, which no shell acts upon however it takes them (bash's own `compgen -W` expands its list like a command
/// line), and only regular files are opened, so many bytes of them.
enum Completion {
  /// Names of nodes of the file.
  static let nodes = CompletionKind.custom { words, _, _ in offered(file(words)?.nodes.map(\.name)) }

  /// Names of real servers of the file.
  static let realServers = CompletionKind.custom { words, _, _ in offered(file(words)?.realServers.map(\.name)) }

  /// VIPs of the file, by their names where they have one.
  static let vips = CompletionKind.custom { words, _, _ in
    offered(file(words)?.vips.map { $0.name ?? $0.address.description })
  }

  /// What `--explain` knows; asked for, since a list would be made each time a command line is read.
  static let explained = CompletionKind.custom { _, _, _ in
    offered(FindingCode.faults.map(\.rawValue) + KeyTable.entries.map(\.path))
  }

  /// The most words that are offered: nobody reads more, and shells take long over them.
  private static let mostWords = 10_000

  /// 8 MiB: what is read for one TAB, of all files together.
  private static let mostBytes = 8 << 20

  /// Those of some words that are plain ones, or addresses.
  private static func offered(_ words: [String]?) -> [String] {
    let plain = (words ?? []).lazy.filter { $0.isPlainWord || IPAddress($0) != nil }.prefix(mostWords)
    // zsh takes what follows a colon for a description.
    return CompletionShell.requesting == .zsh ? plain.map { $0.replacing(":", with: "\\:") } : Array(plain)
  }

  /// The first word that is a readable cluster file, else the file that lvsctl takes when none is named.
  ///
  /// Options and their values are words too; what is no cluster file is passed over in silence.
  private static func file(_ words: [String]) -> ClusterFile? {
    var room = mostBytes
    for path in paths(words).prefix(32) + [FileArgument.standard] {
      guard let bytes = FileSource.regularFile(unfolded(path), atMost: room) else { continue }
      room -= bytes.count
      if let file = ClusterFile.read(bytes, allowsAnySysctl: true).file { return file }
    }
    return nil
  }

  /// The words after the command that may name the file: no options, and no files that options name.
  private static func paths(_ words: [String]) -> [String] {
    zip(words.dropFirst(2), words.dropFirst())
      .filter { word, before in !word.hasPrefix("-") && !["--against", "-a", "--output"].contains(before) }.map(\.0)
  }

  /// A word with its `~/` replaced, which the shell does only once the line is run.
  private static func unfolded(_ word: String) -> String {
    guard word.hasPrefix("~/"), let home = getenv("HOME") else { return word }
    return String(cString: home) + word.dropFirst()
  }
}
