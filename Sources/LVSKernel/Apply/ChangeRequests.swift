import LVSModel

/// What the kernel has of each kind; a file each in `Kinds` tells it in full.
extension Change {
  /// The netlink family that carries out the change, or nil for a change of a module or a sysctl.
  public var family: KernelConnection.Family? {
    switch subject {
    case .module, .sysctl: nil
    case .link, .address, .route: .route
    case .service, .realServer, .timeouts, .syncDaemon: .ipvs
    }
  }

  /// What the kernel says where the thing is not there.
  var absence: [Int32] {
    switch subject {
    case .service: ServiceSettings.absence
    case .realServer: RealServerSettings.absence
    case .address: AddressSettings.absence
    case .route: RouteSettings.absence
    case .syncDaemon: SyncDaemon.absence
    case .module, .sysctl, .link, .timeouts: []
    }
  }

  /// The request in words, for errors: `create tcp 192.168.147.100:80`.
  var requestWords: String {
    switch subject {
    case .syncDaemon(let role): "\(action.rawValue) the \(role.word) sync daemon"
    case .timeouts: "\(action.rawValue) the timeouts"
    default: "\(action.rawValue) \(id)"
    }
  }
}

extension KernelConnection {
  /// Carries out changes that netlink carries, in order, until the kernel refuses one that `passes` does not let pass, or
  /// all are done.
  ///
  /// Runs of changes of the same family go out together, many to a send: when one is refused, those behind it in its send
  /// have been tried too, and the report says what became of each. Addresses are not announced here. A change of a module
  /// or a sysctl ends the run before it; it and all behind it are reported as not sent.
  public func perform(
    _ changes: some RandomAccessCollection<Change>, passes: (Change, NetlinkError) -> Bool = { _, _ in false }
  ) -> BatchReport {
    var report = BatchReport(count: changes.count)
    var rest = changes[...]
    while let family = rest.first?.family {
      let run = rest.prefix { $0.family == family }
      report.absorb(perform(run, family, passes), offset: changes.count - rest.count)
      guard report.answered == changes.count - rest.count + run.count else { break }
      rest = rest.dropFirst(run.count)
      if rest.isEmpty { break }
      guard report.failures.allSatisfy({ passes(changes[at: $0.index], $0.error) }) else { break }
    }
    return report
  }

  private func perform(
    _ changes: some RandomAccessCollection<Change>, _ family: Family, _ passes: (Change, NetlinkError) -> Bool
  ) -> BatchReport {
    var batch = RequestBatch()
    // A real server of an IPv4 service takes 116 bytes, and most of a large plan is real servers.
    batch.builder.reserveCapacity(changes.count * 128)
    // Refused before they could be sent: their interface is not there.
    var unwritten: [BatchReport.Failure] = []
    let conversation: NetlinkConversation
    do throws(NetlinkError) {
      let number: UInt16
      switch family {
      case .route: (conversation, number) = (try route(), 0)
      case .ipvs: (conversation, number) = try ipvs()
      }
      for change in changes {
        do throws(NetlinkError) {
          try batch.append { (builder) throws(NetlinkError) in try write(change, family: number, to: &builder) }
        } catch {
          let refusal = NetlinkError(
            errno: error.errno, kernelMessage: error.kernelMessage, request: change.requestWords)
          unwritten.append(BatchReport.Failure(index: batch.count, messagesDone: 0, error: refusal))
          guard passes(change, refusal) else { break }
          batch.appendNothing()
        }
      }
    } catch {
      var report = BatchReport(count: changes.count)
      report.refuse(0, error)
      return report
    }
    var report = conversation.send(
      &batch, describing: { changes[at: $0].requestWords }, passes: { passes(changes[at: $0], $1) })
    report.insert(unwritten, of: batch)
    report.count = changes.count
    return report
  }

  /// Writes the messages of one change.
  func write(_ change: Change, family: UInt16, to builder: inout MessageBuilder) throws(NetlinkError) {
    switch change.subject {
    case .module, .sysctl: break
    case .link(let name): builder.link(name, change.difference(\.link))
    case .address(let id):
      let index = try interfaceIndex(id.interface)
      let takesNothing = change.isSignature ? try takesNothing(id, index: index) : false
      builder.address(id, change.difference(\.address), index: index, takesNothing: takesNothing)
    case .route(let id): builder.route(id, change.difference(\.route), index: try interfaceIndex(id.interface))
    case .service(let id): builder.service(id, change.difference(\.service), family: family)
    case .realServer(let service, let id):
      builder.realServer(service, id, change.difference(\.realServer), family: family)
    case .timeouts: builder.timeouts(change.difference(\.timeouts), family: family)
    case .syncDaemon(let role): builder.syncDaemon(role, change.difference(\.syncDaemon), family: family)
    }
  }
}

extension RandomAccessCollection {
  fileprivate subscript(at offset: Int) -> Element { self[index(startIndex, offsetBy: offset)] }
}

extension BatchReport {
  /// Notes a request that was refused before it could be sent.
  fileprivate mutating func refuse(_ index: Int, _ error: NetlinkError) {
    failures.append(Failure(index: index, messagesDone: 0, error: error))
  }

  /// Notes requests that were refused before they could be sent, as far as all before them came to their end.
  fileprivate mutating func insert(_ unwritten: [Failure], of batch: RequestBatch) {
    // The messages of all requests before it were sent and answered: so is one without messages.
    let isThrough = interruption == nil && answered == batch.lastRequestWithMessages + 1
    if isThrough {
      sent = batch.count
      answered = batch.count
    }
    let reached = unwritten.filter { isThrough || $0.index < answered }
    guard !reached.isEmpty else { return }
    failures = (failures + reached).sorted { $0.index < $1.index }
  }

  /// Takes over what became of a run of requests that begins at `offset`.
  fileprivate mutating func absorb(_ part: BatchReport, offset: Int) {
    sent = offset + part.sent
    answered = offset + part.answered
    interruption = part.interruption
    for var failure in part.failures {
      failure.index += offset
      failures.append(failure)
    }
  }
}
