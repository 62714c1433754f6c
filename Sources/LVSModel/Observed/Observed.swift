/// What one look at this machine gave, in sections: what was asked for is there, and nothing else may be read.
public struct Observed: Equatable, Sendable {
  /// What it holds, of what was asked for: what plans are made of.
  public var state = HostState()
  /// Sysctls that it has and whose value is not to be had, where all were asked for.
  @Section("The withheld sysctls") public var withheldSysctls: Set<String>
  /// Its network interfaces.
  @Section("The interfaces") public var interfaces: [NetworkLink]
  /// What IPVS is doing; nil where it is not loaded.
  @Section("The counters of IPVS") public var activity: IPVSActivity?
  /// What matters beside its state.
  public var surroundings = Surroundings()

  /// Creates a look for which nothing was asked.
  public init() {}
}

/// What IPVS is doing.
public struct IPVSActivity: Equatable, Sendable {
  /// What its services are doing.
  public var counters: [ServiceID: ServiceCounters]
  /// What it says of itself; nil where it does not answer.
  public var info: IPVSInfo?
  /// Whether the kernel keeps rates up to date; they mean nothing where it does not.
  public var estimatesRates: Bool

  /// Creates an account of what IPVS is doing.
  public init(counters: [ServiceID: ServiceCounters], info: IPVSInfo?, estimatesRates: Bool) {
    self.counters = counters
    self.info = info
    self.estimatesRates = estimatesRates
  }
}
