import ArgumentParser
import Glibc
import LVSCore

/// What the shell offers for an argument, by the cluster file that stands on the command line so far.
enum Completion {
  /// Names of nodes of the file.
  static let nodes = CompletionKind.custom { words, _, _ in file(words)?.nodes.map(\.name) ?? [] }

  /// Names of real servers of the file.
  static let realServers = CompletionKind.custom { words, _, _ in file(words)?.realServers.map(\.name) ?? [] }

  /// VIPs of the file, by their names where they have one.
  static let vips = CompletionKind.custom { words, _, _ in
    file(words)?.vips.map { $0.name ?? $0.address.description } ?? []
  }

  /// The first word that is a readable cluster file, else the file that lvsctl takes when none is named.
  ///
  /// Options and their values are words too; what is no cluster file is passed over in silence.
  private static func file(_ words: [String]) -> ClusterFile? {
    let named = words.dropFirst(2).lazy.filter { !$0.hasPrefix("-") }
    return (Array(named.prefix(32)) + [FileArgument.standard]).lazy.compactMap { path in
      (try? FileSource.read(unfolded(path))).flatMap { ClusterFile.read($0, allowsAnySysctl: true).file }
    }.first
  }

  /// A word with its `~/` replaced, which the shell does only once the line is run.
  private static func unfolded(_ word: String) -> String {
    guard word.hasPrefix("~/"), let home = getenv("HOME") else { return word }
    return String(cString: home) + word.dropFirst()
  }
}
