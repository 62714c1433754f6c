import LVSText

extension CheckRule {
  /// The members of a map that name the rule: everything that makes a question another one, in a fixed order.
  var json: [(String, JSONText.Value)] {
    [
      ("type", .string(question.means.word)), ("address", .string(question.address.description)),
      ("port", .integer(Int(question.port))), ("timeout", .integer(question.timeout)),
    ] + question.means.json(question.subject) + [("fall", .integer(fall)), ("rise", .integer(rise))]
  }

  /// Reads a map of these members; `others` are those that it has beside them.
  static func read(_ part: JSONPart, beside others: [StaticString]) throws(JSONFault) -> (CheckRule, JSONMembers) {
    let word = try part.fields(["type"]).required("type").word(CheckWord.allCases, \.rawValue)
    let fields = try part.exactFields(["type", "address", "port", "timeout", "fall", "rise"] + word.names + others)
    var subject: CheckSubject?
    let means: CheckMeans
    switch word {
    case .tcp: means = .tcp
    case .http, .https: means = .http(try HTTPCheck(fields, isSecure: word == .https))
    case .udp: means = .udp(UDPCheck(send: try fields["send"]?.text(), expect: try fields["expect"]?.text()))
    case .exec:
      means = .exec(try fields.required("command").texts(atLeast: 1))
      subject = try CheckSubject(fields)
    }
    let question = CheckQuestion(
      means: means, address: try fields.required("address").address(), port: try fields.required("port").number(),
      timeout: try fields.required("timeout").number(in: 1...Int.max), subject: subject)
    let rule = CheckRule(
      question, fall: try fields.required("fall").number(in: 1...Int.max),
      rise: try fields.required("rise").number(in: 1...Int.max))
    return (rule, fields)
  }
}

/// What a check is called in the cluster file.
private enum CheckWord: String, CaseIterable {
  case tcp, http, https, udp, exec

  /// What such a rule has beside what all have.
  var names: [StaticString] {
    switch self {
    case .tcp: []
    case .http, .https: ["verify", "path", "host", "status", "body"]
    case .udp: ["send", "expect"]
    case .exec: ["command", "name", "service", "real_server"]
    }
  }
}

extension CheckMeans {
  fileprivate func json(_ subject: CheckSubject?) -> [(String, JSONText.Value)] {
    switch self {
    case .tcp: []
    case .http(let http):
      [
        ("verify", .boolean(http.verifies)), ("path", .string(http.path)), ("host", .orNull(http.host)),
        ("status", .array(http.status.map { .array([.integer($0.lowerBound), .integer($0.upperBound)]) })),
        ("body", .orNull(http.body)),
      ]
    case .udp(let udp): [("send", .orNull(udp.send)), ("expect", .orNull(udp.expect))]
    case .exec(let words):
      [
        ("command", .array(words.map(JSONText.Value.string))), ("name", .orNull(subject?.name)),
        ("service", subject.map { .object($0.service.json) } ?? .null),
        ("real_server", subject.map { .object($0.realServer.placeJSON) } ?? .null),
      ]
    }
  }
}

extension RealServerID {
  fileprivate var placeJSON: [(String, JSONText.Value)] {
    [("address", .string(address.description)), ("port", .integer(Int(port)))]
  }
}

extension HTTPCheck {
  fileprivate init(_ fields: JSONMembers, isSecure: Bool) throws(JSONFault) {
    var status: [ClosedRange<Int>] = []
    try fields.required("status").elements { (range) throws(JSONFault) in
      var bounds: [Int] = []
      try range.elements { (bound) throws(JSONFault) in bounds.append(try bound.number(in: 100...599)) }
      guard bounds.count == 2, bounds[0] <= bounds[1] else {
        throw range.fault("is not the first and the last of a range of statuses")
      }
      status.append(bounds[0]...bounds[1])
    }
    self.init(
      isSecure: isSecure, verifies: try fields.required("verify").boolean(),
      path: try fields.required("path").text(), host: try fields["host"]?.text(), status: status,
      body: try fields["body"]?.text())
  }
}

extension CheckSubject {
  /// Reads the members of a map that say whom a program is told of; nil where it is nobody.
  fileprivate init?(_ fields: JSONMembers) throws(JSONFault) {
    guard let name = fields["name"] else { return nil }
    var service = try fields.required("service")
    let place = try fields.required("real_server").exactFields(["address", "port"])
    self.init(
      name: try name.text(), service: try ServiceID(JSONMembers(&service, ServiceID.names)),
      realServer: RealServerID(
        address: try place.required("address").address(), port: try place.required("port").number()))
  }
}

extension JSONPart {
  /// The members of a map that has exactly these; one that is null is there.
  func exactFields(_ names: [StaticString]) throws(JSONFault) -> JSONMembers {
    guard isObject else { throw fault("is not a map") }
    var map = self
    var found: Set<Int> = []
    try map.forEachMember { (name, value) throws(JSONFault) in
      guard let index = names.firstIndex(where: { name.equals($0, in: bytes) }) else {
        throw value.fault("is nothing that lvsctl writes here")
      }
      found.insert(index)
    }
    if let absent = names.indices.first(where: { !found.contains($0) }) {
      throw JSONFault(reason: .missing("\(names[absent])"), offset: start)
    }
    return try fields(names)
  }

  /// A list of texts.
  fileprivate func texts(atLeast count: Int) throws(JSONFault) -> [String] {
    var texts: [String] = []
    try elements { (element) throws(JSONFault) in texts.append(try element.text()) }
    guard texts.count >= count else { throw fault("is an empty list") }
    return texts
  }
}

extension JSONText.Value {
  static func orNull(_ text: String?) -> Self { text.map(Self.string) ?? .null }
}
