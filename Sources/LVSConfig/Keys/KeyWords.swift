import LVSModel

/// The words of the cluster file that are no words of the model; the reader asks here, and the table of keys tells of it.
enum KeyWords {
  /// How packets reach a real server; a tunnel's details come with `tunnel`.
  static let forward: [(word: String, value: ForwardingMethod)] = [
    ("dr", .dr), ("nat", .nat), ("tun", .tun(Tunnel())),
  ]

  /// Who owns the weights of a service.
  static let weights: [(word: String, value: WeightPolicy)] = [("fixed", .fixed), ("external", .external)]

  /// Whether another program owns a service's entries on directors.
  static let serviceHolder: [(word: String, value: Bool)] = [("lvsctl", false), ("external", true)]

  /// What becomes of a real server that is down.
  static let onFailure: [(word: String, value: FailurePolicy)] = FailurePolicy.allCases.map { ($0.rawValue, $0) }

  /// Who holds a VIP, beside directors by their names.
  static let vipHolder: [(word: String, value: ClusterFile.VIPHolder)] = [
    ("lvsctl", .activeDirector), ("external", .external),
  ]

  /// The persistence engines of the kernel's own tree (ip_vs_pe_sip.c).
  static let engine: [(word: String, value: String)] = [("sip", "sip")]

  /// The flags of schedulers with the scheduler that the word is made for, nil for the numbered ones.
  static let schedulerFlags: [(word: String, value: (flag: SchedulerFlags, scheduler: Scheduler?))] = [
    ("sh-fallback", (.flag1, Scheduler("sh"))), ("sh-port", (.flag2, Scheduler("sh"))),
    ("mh-fallback", (.flag1, Scheduler("mh"))), ("mh-port", (.flag2, Scheduler("mh"))),
    ("flag-1", (.flag1, nil)), ("flag-2", (.flag2, nil)), ("flag-3", (.flag3, nil)),
  ]
}
