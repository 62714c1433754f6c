/// The two sides of a change in the cluster file's own words; nil is absence.
public struct FieldChanges: Hashable, Sendable {
  /// The thing as it is.
  public var before: [Field]?
  /// The thing as it should be.
  public var after: [Field]?

  /// What is shown of a difference: of an update the fields that differ, otherwise those that are not the default.
  init(before: [Field]?, after: [Field]?) {
    guard let before, let after else {
      self.before = before?.filter { !$0.isDefault }
      self.after = after?.filter { !$0.isDefault }
      return
    }
    let differing = zip(before, after).filter { $0.value != $1.value }
    self.before = differing.map(\.0)
    self.after = differing.map(\.1)
  }
}

extension Change {
  /// The two sides of the change in the cluster file's own words.
  public var fields: FieldChanges { FieldChanges(before: before?.fields, after: after?.fields) }
}
