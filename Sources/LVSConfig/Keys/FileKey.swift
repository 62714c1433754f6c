/// The keys of one kind of map in the cluster file; the raw value is the key as it is written.
protocol FileKey: RawRepresentable<String>, Hashable, CaseIterable {
  /// What has these keys, for a message: `a service`.
  static var owner: String { get }
  /// The keys by their words.
  static var byWord: [String: Self] { get }
  /// Whether its map must have the key; any other takes `none` for a value.
  var isRequired: Bool { get }
  /// What the table of keys says of it, made when it is asked for.
  var meaning: KeyMeaning { get }
}

extension FileKey {
  var isRequired: Bool { false }

  static func table() -> [String: Self] {
    Dictionary(uniqueKeysWithValues: allCases.map { ($0.rawValue, $0) })
  }
}
