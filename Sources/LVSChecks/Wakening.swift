import LVSSystem

/// What a wait has come to; nothing where the time was over.
public struct Wakening: Sendable {
  /// The descriptors of the caller's that can be read from, or have failed.
  public var readable: [Int32] = []
  /// The answers.
  public var results: [CheckResult] = []
  /// Why questions could not be asked, each once: no descriptor was left, a program is not there. Nothing of it is a
  /// server's fault; those questions are asked again at their next time.
  public var troubles: [SystemError] = []

  /// Whether nothing has come.
  public var isEmpty: Bool { readable.isEmpty && results.isEmpty && troubles.isEmpty }

  /// Takes note of trouble.
  mutating func note(_ trouble: SystemError) {
    if !troubles.contains(trouble) { troubles.append(trouble) }
  }
}
