import LVSText

/// A kind of map in the cluster file.
public enum FileMap: CaseIterable, Sendable {
  /// The file itself.
  case top
  /// An entry of `directors`.
  case director
  /// An entry of `real_servers`.
  case realServer
  /// An entry of `vips`.
  case vip
  /// An entry of `ignore` for a firewall mark.
  case ignored
  /// `vrrp`.
  case vrrp
  /// What services have in common: the keys of a service but for those that say which one it is.
  case defaults
  /// A service.
  case service
  /// `tunnel`.
  case tunnel
  /// `persistence`.
  case persistence
  /// An entry of a service's `real_servers`.
  case member
  /// `fallback`: the keys of such an entry but for `check`.
  case fallback
  /// `check`.
  case check
  /// `timeouts`.
  case timeouts
  /// `sync`.
  case sync
  /// `sysctls`.
  case sysctls
}

/// A key of the cluster file as whoever writes one wants to know it.
public struct FileMapKey: Sendable {
  /// The key as it is written.
  public var word: String
  /// What has the key, for a sentence: `a service`.
  public var owner: String
  /// Whether its map must have it.
  public var isRequired: Bool
  /// What is known of its value.
  public var meaning: KeyMeaning
}

/// What is known of a key's value.
public struct KeyMeaning: Sendable {
  /// What it means that the file leaves a key out.
  public enum Absence: Equatable, Sendable {
    /// The same as this value.
    case value(String)
    /// What these words say.
    case words(String)
  }

  /// What is written.
  public var value: KeyValue
  /// What it means to leave it out; nil where a key cannot be left out, or where there is nothing then.
  public var absence: Absence?
  /// One whole sentence.
  public var help: String

  init(_ value: KeyValue, _ absence: Absence?, _ help: String) {
    self.value = value
    self.absence = absence
    self.help = help
  }

  init(_ value: KeyValue, default word: String, _ help: String) { self.init(value, .value(word), help) }

  init(_ value: KeyValue, absent words: String? = nil, _ help: String) {
    self.init(value, words.map(Absence.words), help)
  }
}

extension FileMap {
  /// Its keys in the order in which they are told.
  public var keys: [FileMapKey] {
    switch self {
    case .top: described(TopKey.self)
    case .director: described(DirectorKey.self)
    case .realServer: described(RealServerKey.self)
    case .vip: described(VIPKey.self)
    case .ignored: described(IgnoreKey.self)
    case .vrrp: described(VRRPKey.self)
    case .defaults: ServiceKey.allCases.filter { !ServiceKey.identity.contains($0) }.map { described($0) }
    case .service: described(ServiceKey.self)
    case .tunnel: described(TunnelKey.self)
    case .persistence: described(PersistenceKey.self)
    case .member: described(MemberKey.self)
    case .fallback: MemberKey.ofFallback.map { described($0) }
    case .check: described(CheckKey.self)
    case .timeouts: described(TimeoutsKey.self)
    case .sync: described(SyncKey.self)
    case .sysctls: described(SysctlsKey.self)
    }
  }

  private func described<Key: FileKey>(_: Key.Type) -> [FileMapKey] { Key.allCases.map { described($0) } }

  private func described<Key: FileKey>(_ key: Key) -> FileMapKey {
    FileMapKey(word: key.rawValue, owner: Key.owner, isRequired: key.isRequired, meaning: key.meaning)
  }
}

extension KeyValue {
  /// The map with keys of its own that the value is, or holds.
  public var map: FileMap? {
    switch self {
    case .map(let map): map
    case .list(let value, _, _), .named(let value): value.map
    case .anyOf(let values): values.lazy.compactMap(\.map).first
    default: nil
    }
  }
}

/// Every key of the cluster file by its path: `services.persistence.timeout`.
public enum KeyTable {
  /// A key and where it is.
  public struct Entry: Sendable {
    /// The words from the top of the file to the key, with dots between them.
    public var path: String
    /// The key.
    public var key: FileMapKey
  }

  /// Every key, each map behind the key that it first stands at; `defaults` has those of `services`, and `fallback` those
  /// of its `real_servers`.
  public static var entries: [Entry] {
    var entries: [Entry] = []
    var told: Set<FileMap> = [.defaults, .fallback]
    func tell(_ map: FileMap, below path: String) {
      guard told.insert(map).inserted else { return }
      for key in map.keys {
        entries.append(Entry(path: path + key.word, key: key))
        if let inner = key.meaning.value.map { tell(inner, below: "\(path)\(key.word).") }
      }
    }
    tell(.top, below: "")
    return entries
  }

  /// Where a word is a key, for who has written it somewhere else; nil for a word that is a key of nothing.
  static func home(of word: String) -> Message? {
    guard let owners = owners[word], let last = owners.last else { return nil }
    let isDefault = owners.contains(ServiceKey.owner) && !ServiceKey.identity.contains { $0.rawValue == word }
    let shared: Message = isDefault ? "; for all services it stands in `defaults`" : ""
    if owners.count == 1 { return "It is a key of \(last)\(shared)." }
    return "It is a key of \(owners.dropLast().joined(separator: ", of ")) and of \(last)\(shared)."
  }

  /// What has each key, by its word.
  private static let owners: [String: [String]] = {
    var owners: [String: [String]] = [:]
    for entry in entries where owners[entry.key.word]?.contains(entry.key.owner) != true {
      owners[entry.key.word, default: []].append(entry.key.owner)
    }
    return owners
  }()

  /// The key at a path, or else those whose path ends so: `weight` is one of a real server and one of a service's entry.
  public static func entries(named path: String) -> [Entry] {
    if let key = key(at: path) { return [Entry(path: path, key: key)] }
    return entries.filter { $0.path.hasSuffix(".\(path)") }
  }

  private static func key(at path: String) -> FileMapKey? {
    var map: FileMap? = .top
    var found: FileMapKey?
    for word in path.split(separator: ".", omittingEmptySubsequences: false) {
      found = map?.keys.first { $0.word == word }
      map = found?.meaning.value.map
      if found == nil { return nil }
    }
    return found
  }
}
