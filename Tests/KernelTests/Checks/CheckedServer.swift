import LVSSystem

/// A server in Python, with each way to answer, or not to, under a path of its own. It writes down what it is asked.
///
/// `/ok`, `/503`, `/empty` (204), `/redirect`, `/split` (a body in two parts, with `needle` across both), `/endless` (a
/// body), `/headers` (without end), `/trickle` (a header that comes byte by byte), `/hang`, `/halfway` (hangs within the
/// body), `/closed`, `/garbage`, `/control` (a reason phrase that would clear a terminal) and `/counted` (which counts a
/// connection as ended before it answers, so that who asks cannot have begun another by then).
final class CheckedServer {
  private let command: RunningCommand

  /// Starts it on a machine's port; with the name of a certificate, made here and now, over TLS.
  init(_ machine: Namespace, port: UInt16 = 80, certificate name: String? = nil) throws {
    var words = ["/usr/bin/python3", "-u", "-c", Self.program, "\(port)"]
    if let name { words.append(try Self.certificate(name)) }
    let command = try RunningCommand(words, in: machine.name)
    self.command = command
    try eventually("the server listens: \(command.errors)") { command.output.hasPrefix("listening\n") }
  }

  deinit { command.stop() }

  /// What it has been asked so far: `PATH HOST AGENT`, `connection`, `most N` connections at a time, `name SERVER-NAME`.
  var log: [String] { command.output.lines.dropFirst().map { String($0) } }

  /// The file of a certificate for a name with its key, which signs itself.
  static func certificate(_ name: String) throws -> String {
    let path = "/run/\(name).pem"
    try succeed(
      "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=\(name) -addext"
        .words + ["subjectAltName=DNS:\(name)", "-keyout", path + ".key", "-out", path + ".crt"])
    try write(try read(path + ".key") + read(path + ".crt"), to: path)
    return path
  }

  private static let program = """
    import socket, ssl, sys, threading, time
    def say(*words): sys.stdout.write(" ".join(str(word) for word in words) + "\\n")

    listener = socket.create_server(("::", int(sys.argv[1])), family=socket.AF_INET6, dualstack_ipv6=True, backlog=512)
    context = None
    if len(sys.argv) > 2:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(sys.argv[2])
        context.sni_callback = lambda connection, name, context: say("name", name)
    lock, now, most = threading.Lock(), 0, 0

    def count(change):
        global now, most
        with lock:
            now += change
            if change > 0: say("connection")
            if now > most:
                most = now
                say("most", most)

    def answer(connection, path):
        send = connection.sendall
        ok = b"HTTP/1.1 200 OK\\r\\nContent-Type: text/plain\\r\\n"
        if path == "/hang": return connection.recv(1)
        if path == "/closed": return
        if path == "/garbage": return send(b"SSH-2.0-OpenSSH_9.2\\r\\n")
        if path == "/control": return send(b"HTTP/1.1 500 \\x1b[2J\\r\\nContent-Length: 0\\r\\n\\r\\n")
        if path == "/empty": return send(b"HTTP/1.1 204 No Content\\r\\n\\r\\n")
        if path == "/redirect": return send(b"HTTP/1.1 302 Found\\r\\nLocation: /ok\\r\\nContent-Length: 0\\r\\n\\r\\n")
        if path == "/503": return send(b"HTTP/1.1 503 Service Unavailable\\r\\nContent-Length: 5\\r\\n\\r\\nsorry")
        if path == "/headers":
            send(ok)
            while True: send(b"X-More: " + b"x" * 1000 + b"\\r\\n")
        if path == "/endless":
            send(ok + b"\\r\\n")
            while True: send(b"x" * 1000)
        if path == "/trickle":
            send(ok + b"X-Slow: ")
            while True:
                send(b"x")
                time.sleep(0.1)
        if path == "/halfway":
            send(ok + b"Content-Length: 100\\r\\n\\r\\nbeginning")
            return connection.recv(1)
        if path == "/split":
            send(ok + b"Content-Length: 10\\r\\n\\r\\n..nee")
            time.sleep(0.1)
            return send(b"dle..")
        if path == "/counted":
            time.sleep(0.02)
            count(-1)
        send(ok + b"Content-Length: 8\\r\\n\\r\\nall fine")

    def serve(connection):
        count(1)
        path = None
        try:
            if context: connection = context.wrap_socket(connection, server_side=True)
            request = b""
            while b"\\r\\n\\r\\n" not in request:
                part = connection.recv(4096)
                if not part: break
                request += part
                if request[0] == 0x16 and not context: # the beginning of TLS
                    return connection.sendall(b"HTTP/1.1 400 Bad Request\\r\\n\\r\\n")
            if request:
                lines = request.decode().split("\\r\\n")
                fields = dict(line.split(": ", 1) for line in lines[1:] if line)
                target = lines[0].split(" ")[1]
                path = target.split("?")[0]
                say(target, fields.get("Host"), fields.get("User-Agent"))
                answer(connection, path)
        except OSError:
            pass
        finally:
            if path != "/counted": count(-1)
            connection.close()

    say("listening")
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=serve, args=(connection,), daemon=True).start()
    """
}
