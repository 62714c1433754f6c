import LVSModel

/// What is heard of an answer over HTTP, until it is enough.
struct HTTPAnswer {
  /// The most that is read of headers, and the most of a body, in bytes.
  static let longest = 64 << 10

  private let wanted: HTTPCheck
  private var search: TextSearch?
  private var headerRoom = Self.longest
  private var bodyRoom = Self.longest
  /// Whether it was ended because enough has been heard.
  private(set) var isEnough = false

  init(to wanted: HTTPCheck) {
    self.wanted = wanted
    search = wanted.body.map(TextSearch.init(for:))
  }

  /// Hears a line of the headers, of so many bytes; whether it is to go on.
  mutating func hear(header count: Int) -> Bool {
    headerRoom -= count
    isEnough = headerRoom < 0
    return !isEnough
  }

  /// Hears a part of the body that follows a status; whether it is to go on.
  mutating func hear(_ body: UnsafeRawBufferPointer, status: Int) -> Bool {
    isEnough = true
    guard search != nil, passes(status) else { return false }
    let part = body.prefix(bodyRoom)
    bodyRoom -= part.count
    isEnough = search?.hear(UnsafeRawBufferPointer(rebasing: part)) == true || bodyRoom == 0
    return !isEnough
  }

  /// What comes of it, once the answer has ended or is enough.
  func outcome(status: Int) -> CheckOutcome {
    if headerRoom < 0 { return .failed("http headers of more than 64 KiB") }
    if !passes(status) { return .failed("http \(status)") }
    if let search, !search.isFound { return .failed(Reason.bodyWithout(wanted.body ?? "")) }
    return .passed
  }

  private func passes(_ status: Int) -> Bool { wanted.status.contains { $0.contains(status) } }
}
