import LVSText

/// What is found in one file, by its reader and by the rules; each says where, and reads what others found of nobody.
final class FileFaults {
  private var collector: FaultCollector
  private let source: SourceText
  /// Held beside the collector, which is busy while it asks for a message.
  private let suggestions: SuggestionBudget

  init(_ collector: FaultCollector, in source: SourceText) {
    self.collector = collector
    self.source = source
    suggestions = collector.suggestions
  }

  /// Of a draft that no file says.
  convenience init() {
    let source = SourceText([])
    self.init(FaultCollector(source: source), in: source)
  }

  /// Whether anything was found that makes the file unusable.
  var hasErrors: Bool { collector.hasErrors }

  /// The diagnostics in file order, cut to a readable number.
  func diagnostics() -> [Finding] { collector.diagnostics() }

  /// Records a fault.
  func report(
    _ code: FindingCode, severity: Finding.Severity = .error, at place: Place, _ message: @autoclosure () -> Message,
    help: () -> Message? = { nil }
  ) {
    collector.add(code, severity: severity, from: place.start, to: place.end, message, help: help)
  }

  /// Records a fault that a place shared by services (in `defaults`, behind an alias, in a pool) has for one of them.
  func reportOnce(
    _ code: FindingCode, severity: Finding.Severity = .error, of subject: Int? = nil, at place: Place,
    _ message: @autoclosure () -> Message, help: () -> Message? = { nil }
  ) {
    collector.addOnce(code, severity: severity, of: subject, from: place.start, to: place.end, message, help: help)
  }

  /// The line of a place, for a message that points to another one.
  func line(of place: Place) -> Int { line(ofCharacter: place.start) }

  /// The line of a character.
  func line(ofCharacter character: UInt32) -> Int { source.position(ofCharacter: Int(character)).line }

  func reportRepeatedName(_ name: String, at place: Place, first: Place, what: String) {
    report(.repeatedName, at: place, "The name `\(name)` belongs to the \(what) on line \(line(of: first)).") {
      "Give each its own name."
    }
  }

  /// `Did you mean X?`, or nil where nothing is near.
  func didYouMean<Words: Collection<String>>(_ word: String, among candidates: @autoclosure () -> Words) -> Message? {
    nearest(to: word, among: candidates()).map { "Did you mean `\($0)`?" }
  }

  /// What to write in place of a word that is unknown where it stands: what a peer program calls so, or else the nearest
  /// word of the place; nil where neither is known. Its words are those of the place that are meant.
  func advice(
    on word: String, as place: PeerWords.Place, among candidates: [String]
  ) -> (help: Message, words: [String])? {
    if let peers = PeerWords.meaning(of: word, as: place) { return peers }
    return nearest(to: word, among: candidates).map { ("Did you mean `\($0)`?", [$0]) }
  }

  /// The word that was probably meant; none once enough has been compared for one file.
  private func nearest<Words: Collection<String>>(to word: String, among candidates: @autoclosure () -> Words)
    -> String?
  {
    guard !suggestions.isSpent else { return nil }
    return suggestions.nearest(to: word, among: candidates())
  }
}
