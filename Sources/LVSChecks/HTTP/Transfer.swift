import CCurl
import Glibc
import LVSModel
import LVSSystem

/// A handle of libcurl's: one connection at a time to a server, for a check of TCP, HTTP or HTTPS.
///
/// Nothing around it has a say: no proxy, no environment variable, no .netrc, no name server. It is used again and again;
/// what two checks could have differently is set each time.
final class Transfer {
  /// libcurl's handle.
  let easy: UnsafeMutableRawPointer
  /// The question that it is for; nil while it is for none.
  unowned(unsafe) var enquiry: Enquiry?

  private let words: UnsafeMutablePointer<CChar>
  private let headers: UnsafeMutablePointer<curl_slist>?
  private var destination: UnsafeMutablePointer<curl_slist>?
  private var answer: HTTPAnswer?
  private var isSecure = false
  /// The socket of the connection.
  private var descriptor: Int32 = -1
  /// The errno with which this machine refused a socket, or to wait for it; 0 where it did not.
  var refusal: Int32 = 0

  /// A handle, or nil where there is no memory for one.
  init?() {
    guard let easy = curl_easy_init() else { return nil }
    self.easy = easy
    words = .allocate(capacity: Int(CURL_ERROR_SIZE))
    // The server need not wait for a second request.
    headers = curl_slist_append(nil, "Connection: close")
    let owner = Unmanaged.passUnretained(self).toOpaque()
    ccurl_set_pointer(easy, CURLOPT_PRIVATE, owner)
    ccurl_set_pointer(easy, CURLOPT_ERRORBUFFER, words)
    ccurl_set_pointer(easy, CURLOPT_HTTPHEADER, headers)
    for (option, number) in Self.settings { ccurl_set_number(easy, option, number) }
    for (option, text) in Self.texts { ccurl_set_text(easy, option, text) }
    ccurl_set_pointer(easy, CURLOPT_OPENSOCKETDATA, owner)
    ccurl_set_opener(easy) { owner, _, address in
      guard let owner, let address else { return -1 }
      return Transfer.at(owner).open(address.pointee)
    }
    ccurl_set_pointer(easy, CURLOPT_HEADERDATA, owner)
    ccurl_set_reader(easy, CURLOPT_HEADERFUNCTION) { _, size, count, owner in
      guard let owner else { return 0 }
      return Transfer.at(owner).answer?.hear(header: size * count) == true ? size * count : 0
    }
    ccurl_set_pointer(easy, CURLOPT_WRITEDATA, owner)
    ccurl_set_reader(easy, CURLOPT_WRITEFUNCTION) { bytes, size, count, owner in
      guard let owner else { return 0 }
      let body = UnsafeRawBufferPointer(start: bytes, count: size * count)
      return Transfer.at(owner).hear(body) ? size * count : 0
    }
  }

  deinit {
    curl_easy_cleanup(easy)
    curl_slist_free_all(headers)
    curl_slist_free_all(destination)
    words.deallocate()
  }

  /// The one whose handle says that this is its owner.
  static func at(_ owner: UnsafeMutableRawPointer) -> Transfer {
    Unmanaged<Transfer>.fromOpaque(owner).takeUnretainedValue()
  }

  private static let settings: [(CURLoption, Int)] = [
    // No signals: names are not looked up, and SIGPIPE is ignored.
    (CURLOPT_NOSIGNAL, 1),
    (CURLOPT_FRESH_CONNECT, 1), (CURLOPT_FORBID_REUSE, 1), (CURLOPT_SSL_SESSIONID_CACHE, 0),
    (CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1)), (CURLOPT_FOLLOWLOCATION, 0),
    // Addresses are kept like names that were looked up; of no use where each is asked once in a while.
    (CURLOPT_DNS_CACHE_TIMEOUT, 0),
    // The time is kept by the checker, for all means in one way; libcurl's own limit of 300 s is to be out of the way.
    (CURLOPT_CONNECTTIMEOUT, 1_000_000),
    // How long, in seconds, until certificates that were renewed on this machine are read. They are kept in memory at all
    // only where they come from one file (lib/vtls/openssl.c, Curl_ssl_setup_x509_store).
    (CURLOPT_CA_CACHE_TIMEOUT, 60),
  ]

  private static let texts: [(CURLoption, String?)] = [
    (CURLOPT_PROXY, ""), (CURLOPT_NOPROXY, "*"), (CURLOPT_PROTOCOLS_STR, "http,https"), (CURLOPT_USERAGENT, "lvsctld"),
    (CURLOPT_CAPATH, nil),
  ]

  /// Makes it ready for a question of TCP, HTTP or HTTPS; false where libcurl takes a value for impossible.
  func prepare(_ question: CheckQuestion) -> Bool {
    refusal = 0
    descriptor = -1
    words.pointee = 0
    curl_slist_free_all(destination)
    destination = nil
    guard case .http(let http) = question.means else {
      answer = nil
      isSecure = false
      ccurl_set_pointer(easy, CURLOPT_CONNECT_TO, nil)
      ccurl_set_number(easy, CURLOPT_CONNECT_ONLY, 1)
      return ccurl_set_text(easy, CURLOPT_URL, "http://\(question.address.withPort(question.port))/") == CURLE_OK
    }
    answer = HTTPAnswer(to: http)
    isSecure = http.isSecure
    let authority: String
    if let host = http.host {
      // Whatever the host is called, it is this address that is connected to, and nothing is looked up.
      destination = curl_slist_append(nil, "::\(question.address.withPort(question.port))")
      authority = "\(host):\(question.port)"
    } else {
      authority = question.address.withPort(question.port)
    }
    ccurl_set_pointer(easy, CURLOPT_CONNECT_TO, destination)
    ccurl_set_number(easy, CURLOPT_CONNECT_ONLY, 0)
    ccurl_set_number(easy, CURLOPT_SSL_VERIFYPEER, http.verifies ? 1 : 0)
    ccurl_set_number(easy, CURLOPT_SSL_VERIFYHOST, http.verifies ? 2 : 0)
    return ccurl_set_text(easy, CURLOPT_REQUEST_TARGET, RequestTarget.of(http.path)) == CURLE_OK
      && ccurl_set_text(easy, CURLOPT_URL, "\(http.isSecure ? "https" : "http")://\(authority)/") == CURLE_OK
  }

  /// What has come of it, by libcurl's word.
  func ending(_ code: CURLcode) -> Ending {
    if refusal != 0 { return .trouble(Trouble(errno: refusal, subject: "a socket")) }
    if let answer, code == CURLE_OK || answer.isEnough { return .outcome(answer.outcome(status: status)) }
    if code == CURLE_OK { return .outcome(.passed) }
    let number = Int32(truncatingIfNeeded: ccurl_number(easy, CURLINFO_OS_ERRNO))
    switch code {
    case CURLE_COULDNT_CONNECT, CURLE_SEND_ERROR, CURLE_RECV_ERROR:
      if Trouble.isOwn(number) { return .trouble(Trouble(errno: number, subject: "a socket")) }
      return .outcome(.failed(number == 0 ? "connection broken" : Reason.refusal(number)))
    case CURLE_GOT_NOTHING: return .outcome(.failed("connection closed without an answer"))
    case CURLE_PARTIAL_FILE: return .outcome(.failed("connection closed within the answer"))
    case CURLE_UNSUPPORTED_PROTOCOL, CURLE_WEIRD_SERVER_REPLY: return .outcome(.failed("answer is not HTTP"))
    case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CIPHER, CURLE_SSL_ISSUER_ERROR:
      return .outcome(.failed(Reason.bounded("tls: \(saying(code))")))
    case CURLE_FAILED_INIT, CURLE_URL_MALFORMAT, CURLE_OUT_OF_MEMORY, CURLE_COULDNT_RESOLVE_HOST,
      CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ENGINE_NOTFOUND, CURLE_SSL_ENGINE_SETFAILED, CURLE_SSL_ENGINE_INITFAILED:
      return .trouble(Trouble(errno: nil, subject: "libcurl", details: saying(code)))
    default: return .outcome(.failed(Reason.bounded(saying(code))))
    }
  }

  /// What comes of it when the time is up.
  func timeout(_ seconds: Int) -> Ending {
    if refusal != 0 { return .trouble(Trouble(errno: refusal, subject: "a socket")) }
    let awaited: StaticString =
      !isConnected
      ? "connect" : isSecure && ccurl_microseconds(easy, CURLINFO_APPCONNECT_TIME_T) == 0 ? "tls" : "answer"
    return .outcome(.failed(Reason.timeout(seconds, awaiting: awaited)))
  }

  /// Whether TCP has a connection; libcurl 7.88 notes the time of that only when TLS has come about too.
  private var isConnected: Bool {
    var peer = sockaddr_storage()
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    return withUnsafeMutablePointer(to: &peer) { peer in
      peer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getpeername(descriptor, $0, &length) == 0 }
    }
  }

  private var status: Int { ccurl_number(easy, CURLINFO_RESPONSE_CODE) }

  private func hear(_ body: UnsafeRawBufferPointer) -> Bool { answer?.hear(body, status: status) == true }

  /// A socket that no program which is started inherits; libcurl 7.88 makes others.
  private func open(_ address: curl_sockaddr) -> Int32 {
    let type = address.socktype | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
    descriptor = socket(address.family, type, address.protocol)
    if descriptor < 0 { refusal = errno }
    return descriptor
  }

  /// What libcurl says of it: a sentence of its own, or what stands for the code.
  private func saying(_ code: CURLcode) -> String {
    let said = String(cString: words)
    return said.isEmpty ? String(cString: curl_easy_strerror(code)) : said
  }
}
