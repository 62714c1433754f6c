/// What a step does to its subject; each has one symbol in text and one word in JSON.
public enum Action: String, Sendable, CaseIterable {
  /// It is not there and will be.
  case create
  /// It is there and differs.
  case update
  /// It is there and will not be.
  case delete
}

/// A difference between two states of one thing: nil is its absence, and the two are never both nil.
public struct Difference<Settings: Hashable & Sendable>: Hashable, Sendable {
  /// The thing as it is.
  public var before: Settings?
  /// The thing as it should be.
  public var after: Settings?

  /// Creates a difference.
  @inlinable public init(before: Settings?, after: Settings?) {
    self.before = before
    self.after = after
  }

  /// What has to be done.
  @inlinable public var action: Action {
    if before == nil { .create } else if after == nil { .delete } else { .update }
  }
}

/// One step of a plan: a thing, what it is and what it should be.
public struct Change: Hashable, Sendable {
  /// The thing.
  public var subject: Subject
  /// What it is; nil where it is not there.
  public var before: Settings?
  /// What it should be; nil where it should not be there.
  public var after: Settings?

  /// Creates a step; the settings are of the subject's kind, and not both nil.
  public init(_ subject: Subject, before: Settings?, after: Settings?) {
    self.subject = subject
    self.before = before
    self.after = after
  }

  /// Creates a step from a difference of the subject's kind.
  init<Of>(_ subject: Subject, _ difference: Difference<Of>, _ settings: (Of) -> Settings) {
    self.init(subject, before: difference.before.map(settings), after: difference.after.map(settings))
  }

  /// What has to be done.
  public var action: Action { if before == nil { .create } else if after == nil { .delete } else { .update } }

  /// The word for the kind of thing, in JSON and in messages.
  public var kind: String { subject.kind }

  /// What names the thing among those of its kind, in JSON and in messages.
  public var id: String { subject.id }

  /// The change that takes this one back.
  public var reversed: Change { Change(subject, before: after, after: before) }

  /// The step without what was there before it: two steps with one goal do the same.
  public var goal: Change { Change(subject, before: nil, after: after) }

  /// The two sides as settings of one kind.
  @inlinable public func difference<Of: Hashable & Sendable>(_ kind: (Settings) -> Of?) -> Difference<Of> {
    Difference(before: before.flatMap(kind), after: after.flatMap(kind))
  }

  /// Whether it does nothing but sign an address, or take the signature back.
  public var isSignature: Bool { difference(\.address).isSignature }

  /// Whether it brings one of these addresses to its interface, so that other machines are to be told; one that is only
  /// signed has been there.
  public func announces(_ addresses: Set<AddressID>) -> Bool {
    guard case .address(let id) = subject, after != nil, !isSignature else { return false }
    return addresses.contains(id)
  }

  /// Of a change that the kernel takes as a removal and an addition the removal, otherwise nil.
  public var firstHalf: Change? {
    switch subject {
    case .address where !isSignature: Change(subject, before: before, after: nil)
    case .syncDaemon: Change(subject, before: before, after: nil)
    default: nil
    }
  }

  /// Whether a state is what this step leads to, as far as a kernel tells.
  public func isDone(in state: HostState) -> Bool {
    guard let found = state[subject], let after else { return state[subject] == nil && after == nil }
    if isSignature && found.address?.mark != after.address?.mark { return false }
    return found.satisfies(after)
  }
}

extension HostState {
  /// This state after some steps.
  public func after(_ steps: some Sequence<Change>) -> HostState {
    var state = self
    for step in steps { state[step.subject] = step.after }
    return state
  }

  /// Whether a thing is as it was in another state, as far as steps can bring it back there: a module stays loaded, what
  /// came with a device or a module has no value to go back to, and a device that was not there is as good as one that is
  /// down.
  public func isBack(_ subject: Subject, to before: HostState) -> Bool {
    switch (subject, before[subject]) {
    case (.module, _), (.sysctl, nil): true
    case (.link, let was): (was?.link?.isUp ?? false) == (self[subject]?.link?.isUp ?? false)
    case (_, let was): self[subject] == was
    }
  }
}
