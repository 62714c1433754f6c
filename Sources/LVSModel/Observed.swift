/// What one look at this machine gave, in sections. One that was not asked for, or could not be read, is not known.
package struct Observed: Equatable, Sendable {
  /// What it holds, of what was asked for: what plans are made of.
  package var state = HostState()
  /// Sysctls that it has and whose value is not to be had, where all were asked for.
  package var withheldSysctls: Set<String> = []
  /// What its services are doing; nil where IPVS is not loaded.
  package var counters: [ServiceID: ServiceCounters]?
  /// What IPVS says of itself; nil where it is not loaded.
  package var ipvs: IPVSInfo?
  /// Whether the kernel keeps rates up to date; they mean nothing where it does not.
  package var estimatesRates = true
  /// What matters beside its state.
  package var surroundings = Surroundings()

  /// Creates a look that gave nothing.
  package init() {}
}
