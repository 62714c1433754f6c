import LVSModel
import LVSText

/// The real servers that a list of a service stands for, or that of `defaults`: names looked up, pools unfolded.
struct MemberList {
  /// A real server, and the entry of the list that names it or its pool.
  struct Member {
    var server: Int32
    /// The place of the entry in the list; below zero for a list that the file leaves out.
    var entry: Int32 = -1
  }

  var members: [Member] = []
  /// The list as it is written.
  var entries: [MemberDraft] = []
  /// Whether a server is there more than once, with different ports.
  var hasServerTwice = false
  /// Whether every entry is among the members: none was faulty.
  var isWhole = true
  /// Whether an entry says what is asked of its real server.
  var hasChecks = false
  /// Whether the last member is the fallback.
  var hasFallback = false

  /// The members but for the fallback, which is not checked.
  var checked: ArraySlice<Member> { hasFallback ? members.dropLast() : members[...] }

  /// What the map says that names a member, where a map does.
  func details(of member: Member) -> MemberDetails? {
    member.entry < 0 ? nil : entries[Int(member.entry)].details
  }

  /// What is asked of a member alone, nothing of a fallback; nil where it is what the service asks of all.
  func checks(of member: Member) -> [Check]? {
    if hasFallback, member.entry == entries.count - 1 { return [] }
    guard hasChecks else { return nil }
    return details(of: member)?.checks.map { $0.value?.checks ?? [] }
  }

  /// Where a member stands, if anywhere.
  func place(of member: Member) -> Place? { member.entry < 0 ? nil : entries[Int(member.entry)].place }
}

extension NameTable {
  /// All real servers: the list of a service that names none.
  func allRealServers() -> MemberList {
    var list = MemberList(members: realServers.indices.map { MemberList.Member(server: Int32($0)) })
    list.isWhole = !isIncomplete
    return list
  }

  /// The real servers of a list; entries that do not resolve or repeat one are reported and left out.
  mutating func members(_ entries: [MemberDraft], _ draft: ClusterDraft, _ faults: FileFaults) -> MemberList {
    var list = MemberList(entries: entries)
    list.members.reserveCapacity(entries.count)
    membership.beginList(realServers: realServers.count)
    for (index, entry) in entries.enumerated() {
      switch entry {
      case .named(let name):
        guard let word = name.value else {
          list.isWhole = false
          continue
        }
        switch target(word, at: name.place, "real server or pool", faults) {
        case .realServer(let server):
          add(server, port: nil, at: name.place, to: &list, index, draft, faults)
        case .pool(let pool):
          for server in pools[pool] {
            guard add(server, port: nil, at: name.place, to: &list, index, draft, faults, pool: word) else { break }
          }
        case nil: list.isWhole = false
        }
      case .detailed(let details):
        if details.checks != nil { list.hasChecks = true }
        guard let server = details.server, let word = server.value else {
          list.isWhole = false
          continue
        }
        switch target(word, at: server.place, "real server", faults) {
        case .realServer(let server):
          add(server, port: details.port?.value, at: details.place, to: &list, index, draft, faults)
        case .pool:
          list.isWhole = false
          faults.report(
            .notARealServer, at: server.place, "`\(word)` is a pool, and `server` names one real server."
          ) {
            "Name the pool itself in the list, or write an entry for each of its real servers."
          }
        case nil: list.isWhole = false
        }
      }
    }
    list.hasServerTwice = membership.hasFurther
    return list
  }

  /// The real server that a fallback names; nil where that is none, which is reported.
  func fallback(_ fallback: MemberDraft, _ faults: FileFaults) -> Int? {
    let name: Placed<String>? =
      switch fallback {
      case .named(let name): name
      case .detailed(let details): details.server
      }
    guard let name, let word = name.value else { return nil }
    switch target(word, at: name.place, "real server", faults) {
    case .realServer(let server): return server
    case .pool:
      faults.report(.notARealServer, at: name.place, "`\(word)` is a pool, and `fallback` names one real server.") {
        "Name the one that serves while no other does."
      }
      return nil
    case nil: return nil
    }
  }

  /// Adds a real server, unless the list has it already, which is reported.
  @discardableResult
  private mutating func add(
    _ server: Int, port: UInt16?, at place: Place, to list: inout MemberList, _ entry: Int, _ draft: ClusterDraft,
    _ faults: FileFaults, pool: String? = nil
  ) -> Bool {
    if let first = membership.insert(server, port: port, at: place) {
      list.isWhole = false
      let inPool = pool.map { " of the pool `\($0)`" } ?? ""
      faults.report(
        .repeatedRealServer, at: place,
        "`\(draft.title(ofServer: server))`\(inPool) is in this service already, on line "
          + "\(faults.line(ofCharacter: first))."
      ) {
        pool == nil ? "Keep it once; give it more weight if it should get more." : "Take it out of one of the two."
      }
      return false
    }
    list.members.append(MemberList.Member(server: Int32(server), entry: Int32(entry)))
    return true
  }
}

extension MemberList {
  /// The list with a fallback behind it: taken out of the list where the file leaves that out, and told where it is in it.
  func with(
    _ fallback: MemberDraft, _ server: Int, in service: ServiceView, _ draft: ClusterDraft, _ faults: FileFaults
  ) -> MemberList {
    var list = self
    let port = fallback.details?.port.unlessNone()?.value
    for (index, member) in members.enumerated() where member.server == Int32(server) {
      guard let first = place(of: member) else {
        list.members.remove(at: index)
        break
      }
      list.hasServerTwice = true
      guard details(of: member)?.port.unlessNone()?.value == port else { continue }
      faults.reportOnce(
        .repeatedRealServer, at: fallback.place,
        "The fallback `\(draft.title(ofServer: server))` is in the service already, on line \(faults.line(of: first))."
      ) {
        "Take it out of `real_servers`; a service with `fallback: none` has none."
      }
      return self
    }
    list.members.append(Member(server: Int32(server), entry: Int32(entries.count)))
    list.entries.append(fallback)
    list.hasFallback = true
    return list
  }
}

extension ClusterDraft {
  /// What messages call a real server.
  func title(ofServer server: Int) -> String { realServers?.value?[server].title ?? "?" }
}
