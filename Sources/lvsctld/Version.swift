import CRevision
import LVSText

/// What `lvsctld --version` says.
enum Version {
  /// `lvsctld 0.1.0 (1a2b3c4d5e6f)`, as lvsctl has it.
  static var text: String { "lvsctld \(Release.text(revision: String(cString: lvsctl_revision())))" }
}
