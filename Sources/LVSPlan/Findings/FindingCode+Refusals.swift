import LVSText

/// What keeps a command from planning for a machine. Today their words alone are shown: as a message on stderr, and those of
/// the first four as `"conflicts"` of a status.
extension FindingCode {
  /// An interface of the file that the machine does not have.
  public static let missingInterface = Self("missing-interface")
  /// An interface that the file calls by one of its other names.
  public static let interfaceAltname = Self("interface-altname")
  /// An interface that would answer ARP for the VIPs of a real server.
  public static let loudInterface = Self("loud-interface")
  /// A VIP that somebody else put where the file does not want it.
  public static let foreignVIP = Self("foreign-vip")

  /// A machine that holds no address of the file.
  public static let unknownMachine = Self("unknown-machine")
  /// A machine that holds addresses of several nodes of the file.
  public static let severalNodes = Self("several-nodes")
  /// A machine that is another node of the file than the one that was named.
  public static let anotherNode = Self("another-node")
  /// A name that no node of the file has.
  public static let unknownNode = Self("unknown-node")
  /// A role of a director, asked for on a machine that is none.
  public static let notADirector = Self("not-a-director")
  /// The role of a real server, asked for on a machine that is none.
  public static let directorAlone = Self("director-alone")

  /// A file of another cluster than the one that the machine was last brought to.
  public static let otherCluster = Self("other-cluster")

  /// All of them, in this order.
  public static let refusals: [Self] = [
    .missingInterface, .interfaceAltname, .loudInterface, .foreignVIP, .unknownMachine, .severalNodes, .anotherNode,
    .unknownNode, .notADirector, .directorAlone, .otherCluster,
  ]
}

/// What an operator has to know of a run beside its plan. Today their words alone are shown, on stderr.
extension FindingCode {
  /// A role that holds since it was asked for earlier.
  public static let rememberedRole = Self("remembered-role")
  /// A role that was asked for earlier, of a machine that cannot have it any more.
  public static let droppedRole = Self("dropped-role")
  /// A machine that the file does not name any more.
  public static let formerNode = Self("former-node")
  /// Sysctls whose values from before nobody remembers.
  public static let unrememberedSysctl = Self("unremembered-sysctl")

  /// All of them, in this order.
  public static let notes: [Self] = [.rememberedRole, .droppedRole, .formerNode, .unrememberedSysctl]
}
