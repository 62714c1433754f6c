/// The release that programs of this package are of.
public enum Release {
  /// Its number; semver.org.
  public static let number = "0.1.0"

  /// `0.1.0 (1a2b3c4d5e6f)`, with the git revision of the build.
  public static func text(revision: String) -> String {
    "\(number) (\(revision.isEmpty ? "unknown revision" : revision))"
  }
}
