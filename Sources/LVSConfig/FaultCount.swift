import LVSText

/// How many faults of a file were told.
public struct FaultCount: Equatable, Sendable {
  /// Those that make the file unusable.
  public private(set) var errors = 0
  /// Those that may be meant.
  public private(set) var warnings = 0
  /// Whether there are more, which are not told.
  public private(set) var isCut = false

  /// Counts what is told of a file.
  public init(_ findings: [Finding]) {
    for finding in findings {
      if finding.code == .tooManyFaults {
        isCut = true
      } else if finding.severity == .error {
        errors += 1
      } else {
        warnings += 1
      }
    }
  }

  /// `2 errors, 1 warning`, and whether there are more.
  public var text: String {
    var parts: [String] = []
    if errors > 0 { parts.append(counted(errors, "error")) }
    if warnings > 0 { parts.append(counted(warnings, "warning")) }
    return parts.joined(separator: ", ") + (isCut ? " and more that are not shown" : "")
  }
}
