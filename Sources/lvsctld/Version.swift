import CRevision
import LVSText

/// What `lvsctld --version` says.
enum Version {
  /// `lvsctld 0.1.0 (1a2b3c4d5e6f)`, as lvsctl has it.
  static var text: String { "lvsctld \(Release.text(revision: revision))" }

  /// The git revision alone; empty where the build was not told.
  static var revision: String { String(cString: lvsctl_revision()) }
}
