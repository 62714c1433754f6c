import LVSConfig
import LVSModel
import LVSSandbox
import LVSText

/// What is to be rehearsed.
public struct RehearsalRequest: Sendable {
  /// The file, as it was read and checked.
  public var file: ClusterFile
  /// The file that is in force before it; nil for none.
  public var former: ClusterFile?
  /// About how many requests each service is sent.
  public var requests = 40
  /// The checks that are made.
  public var only = Set(CheckName.allCases)
  /// Networks that the file cannot tell.
  public var networks: [Prefix] = []
  /// A folder for captures, one a node; nil for none.
  public var captures: String?
  /// A program that is run at each node once the file is applied there, with the node's name as its argument; nil for none.
  public var afterApply: String?

  /// The programs that run on directors; without them there are no checks, and VIPs are moved by hand.
  public var programs: DirectorPrograms?

  /// A rehearsal of a file with everything.
  public init(_ file: ClusterFile) { self.file = file }
}

/// What happens on the way.
public enum RehearsalEvent: Sendable {
  /// The machines and networks are there.
  case built(Topology)
  /// A check begins.
  case begins(CheckName)
  /// A check has ended, for a node or the cluster.
  case ended(CheckResult)
}

/// What runs on directors beside the rehearsal itself.
public struct DirectorPrograms: Sendable {
  /// The path of lvsctl, which keepalived calls.
  public var lvsctl: String
  /// The path of lvsctld; nil where it is not there.
  public var lvsctld: String?
  /// The path of the cluster file that they read.
  public var file: String
  /// A folder for keepalived's files.
  public var folder: String

  /// Creates a list of programs.
  public init(lvsctl: String, lvsctld: String?, file: String, folder: String) {
    self.lvsctl = lvsctl
    self.lvsctld = lvsctld
    self.file = file
    self.folder = folder
  }
}
