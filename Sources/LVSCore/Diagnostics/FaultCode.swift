/// The kinds of fault a cluster file can have; the raw value is the code users see.
public enum FaultCode: String, Sendable, CaseIterable {
  /// The text is not YAML.
  case syntax
}
