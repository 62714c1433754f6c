import LVSSystem

/// What process 1 has to know, as bytes: a job travels in memory, and no file of it is ever on a disk.
struct Assignment: Equatable {
  var program: [String]
  var firstProcess: [String]
  var files: [(name: String, bytes: [UInt8])] = []
  var environment: [String] = []
  var shared: String?
  /// The size of its terminal, where it has one.
  var terminal: TerminalSize?

  init(_ job: ApartJob, terminal: TerminalSize?) {
    program = job.program
    firstProcess = job.firstProcess
    files = job.files
    environment = job.environment
    shared = job.shared
    self.terminal = terminal
  }

  static func == (a: Assignment, b: Assignment) -> Bool { a.bytes == b.bytes }

  /// The programs, and what else of their words is a path: it is needed where it is.
  var paths: [String] { (program + firstProcess).filter { $0.hasPrefix("/") } }
}

extension Assignment {
  /// Its bytes behind their number; the rest of a block device, whose sectors have 512 bytes, is zeros.
  var bytes: [UInt8] {
    var body: [UInt8] = []
    body.put([program, firstProcess, environment].map { $0.map { Array($0.utf8) } })
    body.put([files.map { Array($0.name.utf8) }, files.map(\.bytes)])
    body.put([shared.map { [Array($0.utf8)] } ?? [], terminal.map { [[], $0.bytes] } ?? []])
    var all: [UInt8] = []
    all.put(body.count)
    all += body
    return all + [UInt8](repeating: 0, count: (512 - all.count % 512) % 512)
  }

  /// Reads them; nil where they are not those of an assignment.
  init?(_ bytes: [UInt8]) {
    var rest = bytes[...]
    guard let count = rest.takeCount(), count <= rest.count else { return nil }
    rest = rest.prefix(count)
    var lists: [[[UInt8]]] = []
    while lists.count < 7 {
      guard let list = rest.takeList() else { return nil }
      lists.append(list)
    }
    func texts(_ index: Int) -> [String] { lists[index].map { String(decoding: $0, as: UTF8.self) } }
    program = texts(0)
    firstProcess = texts(1)
    environment = texts(2)
    guard lists[3].count == lists[4].count, !program.isEmpty, !firstProcess.isEmpty else { return nil }
    files = zip(texts(3), lists[4]).map { ($0, $1) }
    shared = texts(5).first
    terminal = lists[6].count == 2 ? TerminalSize(bytes: lists[6][1]) : nil
  }
}

extension [UInt8] {
  /// Appends a number, eight bytes of it.
  fileprivate mutating func put(_ count: Int) {
    for shift in 0..<8 { append(UInt8(truncatingIfNeeded: count >> (shift * 8))) }
  }

  /// Appends lists of bytes.
  fileprivate mutating func put(_ lists: [[[UInt8]]]) {
    for list in lists {
      put(list.count)
      for bytes in list {
        put(bytes.count)
        self += bytes
      }
    }
  }
}

extension ArraySlice<UInt8> {
  /// Takes a number from the front; nil where there is none.
  fileprivate mutating func takeCount() -> Int? {
    guard count >= 8 else { return nil }
    let number = prefix(8).reversed().reduce(0) { $0 << 8 | UInt64($1) }
    self = dropFirst(8)
    return Int(exactly: number)
  }

  /// Takes a list from the front; nil where it is not there as a whole.
  fileprivate mutating func takeList() -> [[UInt8]]? {
    guard let number = takeCount(), number <= count else { return nil }
    var list: [[UInt8]] = []
    for _ in 0..<number {
      guard let length = takeCount(), length <= count else { return nil }
      list.append(Array(prefix(length)))
      self = dropFirst(length)
    }
    return list
  }
}
