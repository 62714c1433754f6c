import LVSText

/// The faults found so far: bounded, without repeats, and at the end in file order.
struct FaultCollector {
  /// How many faults are told in full; one more line says how many others there are.
  static let shown = 100
  /// How many faults are kept, so that those told are the first in the file even when rules run in another order.
  private static let kept = 2000

  /// A fault with its place in characters: of those that are kept only the ones that are told become findings.
  private struct Fault {
    var code: FindingCode
    var severity: Finding.Severity
    var start: UInt32
    var end: UInt32
    var message: Message
    var help: Message?
    /// How many more services have it.
    var repeats = 0
  }

  private struct Place: Hashable {
    var code: FindingCode
    var start: UInt32
    var message: Message
  }

  /// What makes two faults at one place the same: a warning must not hide an error, nor one real server of a pool another.
  private struct Shared: Hashable {
    var code: FindingCode
    var severity: Finding.Severity
    var start: UInt32
    var subject: Int?
  }

  /// What may be compared for the advice on all of them.
  let suggestions = SuggestionBudget()

  private let source: SourceText
  private var faults: [Fault] = []
  private var seen: Set<Place> = []
  private var repeated: [Shared: Int] = [:]
  private var uncounted = 0

  init(source: SourceText) { self.source = source }

  /// Whether anything was found that makes the file unusable.
  private(set) var hasErrors = false

  /// Records a fault between two characters; the words are made only when they will be kept.
  mutating func add(
    _ code: FindingCode, severity: Finding.Severity = .error, from start: UInt32, to end: UInt32,
    _ message: () -> Message, help: () -> Message?
  ) {
    if severity == .error { hasErrors = true }
    // Warnings leave room for the errors that come after them.
    guard faults.count < (severity == .error ? Self.kept : Self.kept / 2) else {
      uncounted += 1
      return
    }
    let message = message()
    // Aliases lead to the same text twice.
    guard seen.insert(Place(code: code, start: start, message: message)).inserted else { return }
    faults.append(
      Fault(code: code, severity: severity, start: start, end: max(start, end), message: message, help: help()))
  }

  /// Records a fault that one place has in the eyes of many services: told for the first, counted for the others.
  ///
  /// `subject` tells things apart that the place stands for, such as the real servers of a pool.
  mutating func addOnce(
    _ code: FindingCode, severity: Finding.Severity = .error, of subject: Int? = nil, from start: UInt32,
    to end: UInt32, _ message: () -> Message, help: () -> Message?
  ) {
    let place = Shared(code: code, severity: severity, start: start, subject: subject)
    if let index = repeated[place] {
      faults[index].repeats += 1
      return
    }
    let index = faults.count
    add(code, severity: severity, from: start, to: end, message, help: help)
    if faults.count > index { repeated[place] = index }
  }

  /// The faults in file order, cut to a readable number.
  func diagnostics() -> [Finding] {
    let inOrder = faults.enumerated().sorted { ($0.element.start, $0.offset) < ($1.element.start, $1.offset) }
    // The errors come first in the choice: many warnings must not hide why a file is refused.
    var room = Self.shown - faults.count { $0.severity == .error }
    let chosen = inOrder.filter { _, fault in
      if fault.severity == .error { return true }
      room -= 1
      return room >= 0
    }
    var told = chosen.prefix(Self.shown).map { finding($0.element) }
    let more = faults.count - told.count + uncounted
    if more > 0 {
      let areMore = more == 1 ? "is 1 more fault" : "are \(more) more faults"
      told.append(
        Finding(
          .tooManyFaults, severity: hasErrors ? .error : .warning,
          "There \(areMore) that \(more == 1 ? "is" : "are") not shown.",
          help: "Mend the ones above and run the command again."))
    }
    return told
  }

  private func finding(_ fault: Fault) -> Finding {
    let range = SourceRange(
      start: source.position(ofCharacter: Int(fault.start)), end: source.position(ofCharacter: Int(fault.end)))
    var message = fault.message
    if fault.repeats > 0 { message += " The same is true for \(counted(fault.repeats, "more service"))." }
    return Finding(fault.code, severity: fault.severity, message, at: range, help: fault.help)
  }
}
