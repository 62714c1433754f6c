/// What one look at this machine gave, in sections: what was asked for is there, and nothing else may be read.
package struct Observed: Equatable, Sendable {
  /// What it holds, of what was asked for: what plans are made of.
  package var state = HostState()
  /// Sysctls that it has and whose value is not to be had, where all were asked for.
  @Section("The withheld sysctls") package var withheldSysctls: Set<String>
  /// Its network interfaces.
  @Section("The interfaces") package var interfaces: [NetworkLink]
  /// What IPVS is doing; nil where it is not loaded.
  @Section("The counters of IPVS") package var activity: IPVSActivity?
  /// What matters beside its state.
  package var surroundings = Surroundings()

  /// Creates a look for which nothing was asked.
  package init() {}
}

/// What IPVS is doing.
package struct IPVSActivity: Equatable, Sendable {
  /// What its services are doing.
  package var counters: [ServiceID: ServiceCounters]
  /// What it says of itself; nil where it does not answer.
  package var info: IPVSInfo?
  /// Whether the kernel keeps rates up to date; they mean nothing where it does not.
  package var estimatesRates: Bool

  /// Creates an account of what IPVS is doing.
  package init(counters: [ServiceID: ServiceCounters], info: IPVSInfo?, estimatesRates: Bool) {
    self.counters = counters
    self.info = info
    self.estimatesRates = estimatesRates
  }
}
