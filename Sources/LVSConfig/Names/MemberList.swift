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

  /// What the map says that names a member, where a map does.
  func details(of member: Member) -> MemberDetails? {
    member.entry < 0 ? nil : entries[Int(member.entry)].details
  }

  /// Where a member stands, if anywhere.
  func place(of member: Member) -> Place? { member.entry < 0 ? nil : entries[Int(member.entry)].place }
}

extension NameTable {
  /// All real servers: the list of a service that names none.
  func allRealServers() -> MemberList {
    MemberList(members: realServers.indices.map { MemberList.Member(server: Int32($0)) })
  }

  /// The real servers of a list; entries that do not resolve or repeat one are reported and left out.
  mutating func members(_ entries: [MemberDraft], _ draft: ClusterDraft, _ faults: FileFaults) -> MemberList {
    var list = MemberList(entries: entries)
    list.members.reserveCapacity(entries.count)
    membership.beginList(realServers: realServers.count)
    for (index, entry) in entries.enumerated() {
      switch entry {
      case .named(let name):
        guard let word = name.value else { continue }
        switch target(word, at: name.place, "real server or pool", faults) {
        case .realServer(let server):
          add(server, port: nil, at: name.place, to: &list, index, draft, faults)
        case .pool(let pool):
          for server in pools[pool] {
            guard add(server, port: nil, at: name.place, to: &list, index, draft, faults, pool: word) else { break }
          }
        case nil: break
        }
      case .detailed(let details):
        guard let server = details.server, let word = server.value else { continue }
        switch target(word, at: server.place, "real server", faults) {
        case .realServer(let server):
          add(server, port: details.port?.value, at: details.place, to: &list, index, draft, faults)
        case .pool:
          faults.report(
            .notARealServer, at: server.place, "`\(word)` is a pool, and `server` names one real server."
          ) {
            "Name the pool itself in the list, or write an entry for each of its real servers."
          }
        case nil: break
        }
      }
    }
    list.hasServerTwice = membership.hasFurther
    return list
  }

  /// Adds a real server, unless the list has it already, which is reported.
  @discardableResult
  private mutating func add(
    _ server: Int, port: UInt16?, at place: Place, to list: inout MemberList, _ entry: Int, _ draft: ClusterDraft,
    _ faults: FileFaults, pool: String? = nil
  ) -> Bool {
    if let first = membership.insert(server, port: port, at: place) {
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

extension ClusterDraft {
  /// What messages call a real server.
  func title(ofServer server: Int) -> String { realServers?.value?[server].title ?? "?" }
}
