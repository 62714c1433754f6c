import CCurl
import Glibc
import LVSModel
import LVSSystem

/// The transfers that are under way: libcurl says what it waits for, and is called when that has come
/// (curl_multi_socket_action(3)), so that those which hang cost nothing.
final class Transfers {
  /// When libcurl wants to be called even if nothing has come, on the clock of `Monotonic`; nil for never.
  private(set) var time: Double?

  private let multi: UnsafeMutableRawPointer
  private let readiness: Readiness
  private var idle: [Transfer] = []

  private static let isReady = ccurl_global_init() == CURLE_OK

  /// None; what they wait for is waited for by `readiness`.
  init(_ readiness: Readiness) throws(SystemError) {
    guard Self.isReady, let multi = curl_multi_init() else {
      throw SystemError(errno: nil, subject: "libcurl", details: "it could not be set up")
    }
    self.multi = multi
    self.readiness = readiness
    let code = ccurl_multi_hear(
      multi,
      { easy, descriptor, what, owner, _ in
        guard let easy, let owner else { return 0 }
        Unmanaged<Transfers>.fromOpaque(owner).takeUnretainedValue().watch(easy, descriptor, for: what)
        return 0
      },
      { _, milliseconds, owner in
        guard let owner else { return 0 }
        Unmanaged<Transfers>.fromOpaque(owner).takeUnretainedValue().call(in: milliseconds)
        return 0
      }, Unmanaged.passUnretained(self).toOpaque())
    guard code == CURLM_OK else {
      throw SystemError(errno: nil, subject: "libcurl", details: String(cString: curl_multi_strerror(code)))
    }
  }

  deinit {
    _ = ccurl_multi_hear(multi, nil, nil, nil)
    curl_multi_cleanup(multi)
  }

  /// Begins one for an enquiry of TCP, HTTP or HTTPS.
  func begin(_ enquiry: Enquiry) throws(Trouble) -> Transfer {
    guard let transfer = idle.popLast() ?? Transfer() else { throw Trouble(errno: ENOMEM, subject: "libcurl") }
    guard transfer.prepare(enquiry.question) else {
      idle.append(transfer)
      throw Trouble(errno: nil, subject: "\(enquiry.question)", details: "libcurl cannot ask this")
    }
    let code = curl_multi_add_handle(multi, transfer.easy)
    guard code == CURLM_OK else {
      idle.append(transfer)
      throw Trouble(errno: nil, subject: "libcurl", details: String(cString: curl_multi_strerror(code)))
    }
    transfer.enquiry = enquiry
    return transfer
  }

  /// Ends one, wherever it is; its connection is closed.
  func end(_ transfer: Transfer) {
    curl_multi_remove_handle(multi, transfer.easy)
    transfer.enquiry = nil
    idle.append(transfer)
  }

  /// Goes on with what has waited for a descriptor.
  func act(on descriptor: Int32, _ interest: Readiness.Interest) {
    var mask: Int32 = 0
    if interest.contains(.reading) { mask |= CURL_CSELECT_IN }
    if interest.contains(.writing) { mask |= CURL_CSELECT_OUT }
    if !interest.isDisjoint(with: .failure) { mask |= CURL_CSELECT_ERR }
    var running: Int32 = 0
    curl_multi_socket_action(multi, descriptor, mask, &running)
  }

  /// Goes on with what has waited for a time.
  func act(at now: Double) {
    guard let time, time <= now else { return }
    self.time = nil
    var running: Int32 = 0
    curl_multi_socket_action(multi, -1, 0, &running)
  }

  /// The next one that has ended, and how.
  func nextEnded() -> (transfer: Transfer, code: CURLcode)? {
    var code = CURLE_OK
    guard let easy = ccurl_multi_ended(multi, &code), let owner = ccurl_owner(easy) else { return nil }
    return (Transfer.at(owner), code)
  }

  private func watch(_ easy: UnsafeMutableRawPointer, _ descriptor: Int32, for what: Int32) {
    if what == CURL_POLL_REMOVE { return readiness.forget(descriptor) }
    var interest: Readiness.Interest = []
    if what & CURL_POLL_IN != 0 { interest.insert(.reading) }
    if what & CURL_POLL_OUT != 0 { interest.insert(.writing) }
    let refusal = readiness.watch(descriptor, for: interest)
    if refusal != 0, let owner = ccurl_owner(easy) { Transfer.at(owner).refusal = refusal }
  }

  private func call(in milliseconds: Int) {
    time = milliseconds < 0 ? nil : Monotonic.now + Double(milliseconds) / 1000
  }
}
