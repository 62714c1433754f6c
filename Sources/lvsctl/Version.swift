import CRevision
import LVSText

/// What `lvsctl --version` says.
enum Version {
  /// `lvsctl 0.1.0 (1a2b3c4d5e6f)`, with the git revision that the build was told by LVSCTL_REVISION.
  static var text: String { "lvsctl \(Release.text(revision: revision))" }

  /// The git revision alone; empty where the build was not told.
  static var revision: String { String(cString: lvsctl_revision()) }
}
