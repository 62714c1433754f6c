import CRevision

/// What `lvsctl --version` says.
enum Version {
  /// The release; semver.org.
  static let number = "0.1.0"

  /// `lvsctl 0.1.0 (1a2b3c4d5e6f)`, with the git revision that the build was told by LVSCTL_REVISION.
  static var text: String {
    let revision = String(cString: lvsctl_revision())
    return "lvsctl \(number) (\(revision.isEmpty ? "unknown revision" : revision))"
  }
}
