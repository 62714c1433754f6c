import Glibc
import LVSSystem

/// A process, told from a later one of the same number by when it began.
package struct ProcessIdentity: Hashable {
  package let id: pid_t
  private let parent: pid_t
  private let start: String

  /// The process that has this number now; nil where none has.
  private init?(_ id: pid_t) {
    // The name, in parentheses, may have any characters; the state, the parent and so on stand behind it (proc_pid_stat(5)).
    guard let words = (try? read("/proc/\(id)/stat"))?.pieces(between: ") ").last?.pieces(between: " "),
      words.count > 19,
      words[0] != "Z", let parent = pid_t(words[1])
    else { return nil }
    self.id = id
    self.parent = parent
    start = words[19]
  }

  /// Whether it still runs.
  package var isThere: Bool { Self(id)?.start == start }

  /// What it was started as, a word each.
  package var words: [String] {
    ((try? read("/proc/\(id)/cmdline")) ?? "").split(separator: "\0").map(String.init)
  }

  /// The processes that came from one, itself not among them.
  package static func descendants(of ancestor: pid_t) -> [ProcessIdentity] {
    let all = names(inFolder: "/proc").compactMap { pid_t($0).flatMap { Self($0) } }
    var family: Set<pid_t> = [ancestor]
    var found: [ProcessIdentity] = []
    while true {
      let more = all.filter { family.contains($0.parent) && !family.contains($0.id) }
      if more.isEmpty { return found }
      found += more
      family.formUnion(more.map(\.id))
    }
  }
}
