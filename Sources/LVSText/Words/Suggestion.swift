/// Finds the word that was probably meant.
public enum Suggestion {
  /// Words longer than this are not compared.
  public static let wordLimit = 64

  /// The candidate nearest to a word, or nil where none is near enough; of two equally near ones the first.
  ///
  /// Near is one edit for each three characters of the word, and at least one; an edit inserts, removes or replaces
  /// a character or swaps two neighbours. Letter case and `-` against `_` cost nothing.
  public static func nearest(to word: String, among candidates: some Sequence<String>) -> String? {
    SuggestionBudget().nearest(to: word, among: candidates)
  }

  fileprivate static func folded(_ word: String) -> [UInt8] {
    word.utf8.map { byte in
      switch byte {
      case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte | 0x20
      case UInt8(ascii: "_"): UInt8(ascii: "-")
      default: byte
      }
    }
  }

  /// The optimal string alignment distance, or nil beyond the limit; `work` grows by the pairs of characters compared.
  fileprivate static func distance(_ a: [UInt8], _ b: [UInt8], limit: Int, work: inout Int) -> Int? {
    if a == b { return 0 }
    guard limit > 0, abs(a.count - b.count) <= limit else { return nil }
    var beforeLast: [Int] = []
    var last = Array(0...b.count)
    for i in a.indices {
      var row = [i + 1]
      row.reserveCapacity(b.count + 1)
      for j in b.indices {
        var cost = min(last[j + 1] + 1, row[j] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { cost = min(cost, beforeLast[j - 1] + 1) }
        row.append(cost)
      }
      work += b.count
      guard row.contains(where: { $0 <= limit }) else { return nil }
      beforeLast = last
      last = row
    }
    return last[b.count] <= limit ? last[b.count] : nil
  }
}

/// How much may be compared for the advice on all faults of one text, however the text is built.
///
/// A reference, so that all who read the text draw on the same one. Once it is spent there is no more advice.
public final class SuggestionBudget {
  /// Pairs of characters; what a whole file of slips costs at most is then some hundredths of a second.
  public static let standard = 2_000_000

  /// Pairs of characters, and candidates, that may still be looked at.
  private(set) var left: Int

  /// A budget of so many steps.
  public init(_ work: Int = SuggestionBudget.standard) { left = work }

  /// Whether nothing is left.
  public var isSpent: Bool { left <= 0 }

  /// ``Suggestion/nearest(to:among:)``, or nil where the budget ends before the last candidate.
  public func nearest(to word: String, among candidates: some Sequence<String>) -> String? {
    guard !isSpent, !word.isEmpty, word.utf8.count <= Suggestion.wordLimit else { return nil }
    let wanted = Suggestion.folded(word)
    var limit = max(1, wanted.count / 3)
    var best: String?
    for candidate in candidates {
      left -= 1
      guard !isSpent else { return nil }
      guard abs(candidate.utf8.count - wanted.count) <= limit else { continue }
      var work = candidate.utf8.count
      let distance = Suggestion.distance(wanted, Suggestion.folded(candidate), limit: limit, work: &work)
      left -= work
      guard let distance else { continue }
      best = candidate
      if distance == 0 { break }
      limit = distance - 1
    }
    return best
  }
}
