/// A change that is taken back unless somebody confirms it, with all that is needed to take it back.
public struct UnconfirmedChange: Equatable, Sendable {
  /// What there is to say of a change, without the change itself.
  public struct Heading: Equatable, Sendable {
    /// The cluster's name.
    public var cluster: String
    /// The node's name.
    public var node: String
    /// The node's role, as in ``NodePlan/role``.
    public var role: String
    /// When the apply began, in seconds since the beginning of 1970.
    public var since: Int
    /// Whether real servers that leave were given weight 0 first.
    public var isGraceful: Bool
    /// Whether every step was done.
    public var isComplete: Bool

    /// Creates the heading of a change that is about to begin.
    public init(
      cluster: String, node: String, role: String, since: Int, isGraceful: Bool = false, isComplete: Bool = false
    ) {
      self.cluster = cluster
      self.node = node
      self.role = role
      self.since = since
      self.isGraceful = isGraceful
      self.isComplete = isComplete
    }
  }

  /// What there is to say of it.
  public var heading: Heading
  /// What its steps are about, each thing once, in the order of the steps; see ``Subject/words``.
  public private(set) var subjects: [String] = []
  /// What was there before the first step, of all that the steps are about.
  public private(set) var before = HostState()
  /// What is there after the last step, likewise.
  public private(set) var after = HostState()
  /// What was remembered of the machine before, nil where nothing was.
  public var formerMemory: MachineMemory?
  /// What is to be remembered of it when the change stays.
  public var keptMemory: MachineMemory

  /// Creates a change without steps.
  public init(_ heading: Heading, formerMemory: MachineMemory?, keptMemory: MachineMemory) {
    self.heading = heading
    self.formerMemory = formerMemory
    self.keptMemory = keptMemory
  }

  /// Creates a change from its parts, as they were written.
  init(
    _ heading: Heading, subjects: [String], before: HostState, after: HostState, formerMemory: MachineMemory?,
    keptMemory: MachineMemory
  ) {
    self.init(heading, formerMemory: formerMemory, keptMemory: keptMemory)
    self.subjects = subjects
    self.before = before
    self.after = after
  }

  /// Adds steps; `observed` is the machine before the first step of all.
  public mutating func add(_ steps: [Change], before observed: HostState) {
    var known = Set(subjects)
    var devices: Set<String> = []
    for step in steps {
      let subject = step.subject.words
      if known.insert(subject).inserted { subjects.append(subject) }
      note(step, observed)
      if case .address(let id) = step.subject, step.before != nil, id.address.family == .ipv4 {
        devices.insert(id.interface)
      }
    }
    // With the last IPv4 address of a device the kernel takes its routes (fib_disable_ip).
    for (id, settings) in observed.routes where devices.contains(id.interface) && before.routes[id] == nil {
      before.routes[id] = settings
      after.routes[id] = settings
    }
  }

  private mutating func note(_ step: Change, _ observed: HostState) {
    switch step.subject {
    case .module: return
    case .service(let id), .realServer(let id, _): copyService(id, observed)
    case .timeouts: noteTimeouts(step, observed)
    case .sysctl:
      // One that came with a device or a module was not there to be observed.
      if before[step.subject] == nil { before[step.subject] = observed[step.subject] ?? step.before }
    case .link, .address, .route, .syncDaemon: before[step.subject] = observed[step.subject]
    }
    after[step.subject] = step.after
  }

  private mutating func noteTimeouts(_ step: Change, _ observed: HostState) {
    for field in Timeouts.all where step.after?.timeouts?[keyPath: field] != nil {
      guard before.timeouts[keyPath: field] == nil else { continue }
      // Not read means that IPVS was not there yet.
      before.timeouts[keyPath: field] =
        observed.timeouts[keyPath: field] ?? step.before?.timeouts?[keyPath: field]
        ?? Timeouts.kernelDefaults[keyPath: field]
    }
  }

  /// A service that a step is about begins as it was observed.
  private mutating func copyService(_ id: ServiceID, _ observed: HostState) {
    guard before.services[id] == nil, after.services[id] == nil, let service = observed.services[id] else { return }
    before.services[id] = service
    after.services[id] = service
  }
}

extension Subject {
  /// The same text for every step about the same thing: `address 192.168.147.100/32 dev lo`.
  public var words: String { "\(kind) \(id)" }
}
