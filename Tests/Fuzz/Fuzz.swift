import ArgumentParser
import Glibc
import Recordings

/// Gives the readers bent input for as long as one likes; ends with 1 at the first input that one of them cannot bear.
@main
struct Fuzz: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lvsctl-fuzz",
    abstract: "Feed lvsctl's readers inputs that nobody meant them to read.",
    discussion: """
      An input that traps, takes more memory or time than its size excuses, or is read into something false is kept in a \
      file, and the run ends with 1. With files as arguments those are read as they are, once: that is how an input that \
      was kept is tried again.

      Examples:
        lvsctl-fuzz --seconds 3600 --seed 7
        lvsctl-fuzz --reader snapshot kept/snapshot-7-1289
      """)

  @Option(help: "How long to go on.")
  var seconds = 60.0

  @Option(help: "The same number gives the same inputs in the same order.")
  var seed: UInt64 = 1

  @Option(help: "A reader; may be repeated. All where none is named.")
  var reader: [Reader] = []

  @Option(help: ArgumentHelp("Where an input that was too much is kept.", valueName: "folder"))
  var keep = "."

  @Option(
    help: ArgumentHelp(
      "Only write what the bending begins with into this folder, for libFuzzer to begin with.", valueName: "folder"))
  var write: String?

  @Argument(help: "Inputs to read as they are.")
  var inputs: [String] = []

  func run() throws {
    if let write { return try writeCorpus(to: write) }
    let watch = Watch(folder: keep)
    if inputs.isEmpty { try bend(watch) } else { try replay(watch) }
  }

  private var readers: [Reader] { reader.isEmpty ? Reader.allCases : reader }

  private func writeCorpus(to folder: String) throws {
    for reader in readers {
      for (index, bytes) in Corpus.inputs(for: reader).enumerated() {
        let path = "\(folder)/\(reader.rawValue)-\(index)"
        guard Corpus.write(bytes, to: path) else { throw ValidationError("\(path) cannot be written.") }
      }
    }
  }

  private func replay(_ watch: Watch) throws {
    for path in inputs {
      guard let bytes = Corpus.contents(of: path) else { throw ValidationError("\(path) cannot be read.") }
      for reader in readers { try judge(bytes, reader, "replayed", watch) }
    }
    print("\(inputs.count) inputs read.")
  }

  private func bend(_ watch: Watch) throws {
    var sources = readers.map { Source($0, seed: seed) }
    for source in sources {
      for bytes in source.corpus { try judge(bytes, source.reader, "corpus", watch) }
    }
    let clock = ContinuousClock()
    let end = clock.now + .seconds(seconds)
    var rounds = 0
    while clock.now < end {
      for index in sources.indices {
        let bytes = sources[index].next()
        try judge(bytes, sources[index].reader, "\(seed)-\(rounds)", watch)
      }
      rounds += 1
    }
    let names = readers.map(\.rawValue).joined(separator: ", ")
    print("Seed \(seed): \(rounds) inputs for each of \(names).")
  }

  private func judge(_ bytes: [UInt8], _ reader: Reader, _ number: String, _ watch: Watch) throws {
    let complaint = watch.during(bytes, "\(reader.rawValue)-\(number)") { reader.complaint(about: bytes) }
    guard let complaint else { return }
    watch.keep()
    print("The reader \(reader.rawValue): \(complaint)")
    throw ExitCode(1)
  }
}

/// The inputs for one reader.
private struct Source {
  let reader: Reader
  let corpus: [[UInt8]]
  private var mutator: Mutator

  init(_ reader: Reader, seed: UInt64) {
    self.reader = reader
    corpus = Corpus.inputs(for: reader)
    mutator = Mutator(seed: seed, words: reader.words)
  }

  mutating func next() -> [UInt8] { mutator.bent(from: corpus) }
}
