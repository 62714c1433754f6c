/// Finds the word that was probably meant.
public enum Suggestion {
  /// Words longer than this, and lists longer than ``listLimit``, are not compared: the cost stays bounded.
  static let wordLimit = 64
  /// The most candidates that are looked at.
  static let listLimit = 20_000

  /// The candidate nearest to a word, or nil where none is near enough; of two equally near ones the first.
  ///
  /// Near is one edit for each three characters of the word, and at least one; an edit inserts, removes or replaces
  /// a character or swaps two neighbours. Letter case and `-` against `_` cost nothing.
  public static func nearest(to word: String, among candidates: some Sequence<String>) -> String? {
    let wanted = folded(word)
    guard !wanted.isEmpty, wanted.count <= wordLimit else { return nil }
    var limit = max(1, wanted.count / 3)
    var best: String?
    for candidate in candidates.prefix(listLimit) {
      guard abs(candidate.utf8.count - wanted.count) <= limit else { continue }
      guard let distance = distance(wanted, folded(candidate), limit: limit) else { continue }
      best = candidate
      if distance == 0 { break }
      limit = distance - 1
    }
    return best
  }

  private static func folded(_ word: String) -> [UInt8] {
    word.utf8.map { byte in
      switch byte {
      case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte | 0x20
      case UInt8(ascii: "_"): UInt8(ascii: "-")
      default: byte
      }
    }
  }

  /// The optimal string alignment distance, or nil beyond the limit.
  private static func distance(_ a: [UInt8], _ b: [UInt8], limit: Int) -> Int? {
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
      guard row.contains(where: { $0 <= limit }) else { return nil }
      beforeLast = last
      last = row
    }
    return last[b.count] <= limit ? last[b.count] : nil
  }
}
