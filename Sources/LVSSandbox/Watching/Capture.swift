import Glibc
import LVSSystem
import Synchronization

/// Writes all frames that the machines of a network send and receive, a file a machine, as tcpdump and Wireshark read them:
/// `NAME.pcap` in a folder, with nanoseconds. Checksums that a card would fill in are not filled in.
public final class Capture: Sendable {
  /// What the thread and its user share.
  private final class Shared: Sendable {
    let files: Mutex<CaptureFiles>

    init(_ network: Network, _ folder: String) throws { files = Mutex(try CaptureFiles(network, folder: folder)) }
  }

  private let shared: Shared
  private let rounds: StoppableThread

  /// Begins to capture, into a folder that is there; from its return on nothing is missed. Files of these names are written
  /// anew.
  public init(_ network: Network, folder: String) throws {
    let shared = try Shared(network, folder)
    self.shared = shared
    rounds = try StoppableThread(every: 0.05) { shared.files.withLock { $0.take() } }
  }

  deinit { try? stop() }

  /// Ends it and completes the files. Where one could not be written, a full disk for instance, that is thrown.
  public func stop() throws {
    guard rounds.stop() else { return }
    if let failure = shared.files.withLock({ $0.end() }) { throw failure }
  }

  /// How many frames are missing because there was no room for them.
  public var lost: Int {
    shared.files.withLock { files in
      files.take()
      return files.lost
    }
  }
}

/// The files of a capture.
private struct CaptureFiles {
  private struct File {
    let path: String
    let descriptor: Int32
    /// What is not written yet.
    var bytes: [UInt8] = []
  }

  /// As tcpdump has it: longer than any frame.
  private static let longest = 262_144
  /// What is written at a time.
  private static let block = 64 << 10

  private(set) var lost = 0
  private var files: [String: File] = [:]
  private var failure: SystemError?
  private var tap: PortTap?

  init(_ network: Network, folder: String) throws {
    let names = SafeNames(for: network.names)
    do {
      for machine in network.names {
        let path = "\(folder)/\(names[machine]).pcap"
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        if descriptor < 0 { throw SystemError(errno: errno, subject: path) }
        files[machine] = File(path: path, descriptor: descriptor, bytes: Self.head)
      }
      tap = try PortTap(network, longest: Self.longest)
    } catch {
      for file in files.values { close(file.descriptor) }
      throw error
    }
  }

  /// The beginning of a file of libpcap (pcap-savefile(5)), in this machine's byte order: nanoseconds, version 2.4, Ethernet.
  private static let head: [UInt8] =
    words(0xa1b2_3c4d) + bytes(of: UInt16(2)) + bytes(of: UInt16(4)) + words(0, 0, UInt32(longest), 1)

  private static func words(_ words: UInt32...) -> [UInt8] { words.flatMap { bytes(of: $0) } }

  /// Takes what has come.
  mutating func take() {
    guard let tap else { return }
    tap.forEachFrame { frame in
      guard var file = files.removeValue(forKey: frame.machine) else { return }
      file.bytes += Self.words(
        UInt32(truncatingIfNeeded: frame.time.tv_sec), UInt32(truncatingIfNeeded: frame.time.tv_nsec),
        UInt32(frame.bytes.count), UInt32(frame.length))
      file.bytes += frame.bytes
      if file.bytes.count >= Self.block { write(&file) }
      files[frame.machine] = file
    }
    lost = tap.lost
  }

  /// Takes what has come, completes the files, and says what went wrong.
  mutating func end() -> SystemError? {
    take()
    tap = nil
    for var file in files.values {
      write(&file)
      close(file.descriptor)
    }
    files = [:]
    return failure
  }

  private mutating func write(_ file: inout File) {
    let refusal = writeAll(file.bytes, to: file.descriptor)
    if refusal != 0 && failure == nil { failure = SystemError(errno: refusal, subject: file.path) }
    file.bytes.removeAll(keepingCapacity: true)
  }
}
