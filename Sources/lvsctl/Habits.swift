import ArgumentParser
import LVSText

/// Advice for whoever types what other programs take: lvsctl's own way to the same end.
///
/// It is asked only about command lines that were refused already, so that nothing here can stand in the way of an option.
enum Habits {
  /// What to do instead of a command line, of which the parser said so; nil where no habit is known in it.
  static func advice(on arguments: [String], refused refusal: String) -> Message? {
    guard let first = arguments.first else { return nil }
    let place = arguments.firstIndex { known.contains($0) }
    guard first.hasPrefix("-") else {
      return place == 0
        ? adviceBehind(first, arguments.dropFirst(), refused: refusal) : advice(onCommand: first)
    }
    guard let place else { return option(first, of: ipvsadm).map { told(first, $0) } ?? anyOption(arguments, of: nil) }
    let command = arguments[place]
    let before = arguments.prefix(place)
    return anyOption(before, of: command)
      ?? "The command comes first and its options behind it, as in lvsctl \(command) \(words(before))."
  }

  private static func words(_ arguments: some Sequence<String>) -> Message {
    arguments.map { "\(word: $0)" as Message }.joined(separator: " ")
  }

  // MARK: Commands

  /// The words of commands, those that nobody types left out.
  private static var known: [String] {
    LVSCtl.configuration.subcommands.filter { $0.configuration.shouldDisplay }.map { $0._commandName } + ["help"]
  }

  private static func advice(onCommand word: String) -> Message {
    let found: Message = "There is no command \"\(word.shortened)\"."
    if let advice = meaning(of: word.lowercased(), in: commands) { return "\(found) \(advice)" }
    if let near = Suggestion.nearest(to: word, among: known) { return "\(found) Did you mean lvsctl \(near)?" }
    if word.utf8.contains(where: { $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "/") }) {
      return "\(found) The command comes first, as in lvsctl diff \(word: word)."
    }
    return "\(found) lvsctl --help tells of those that there are."
  }

  private static let commands: [(words: String, advice: Message)] = [
    (
      "plan preview dry-run dryrun simulate compare changes",
      "lvsctl diff shows what apply would change, and changes nothing."
    ),
    (
      "check test lint verify configtest",
      "lvsctl validate checks the file; lvsctl diff and lvsctl status look at this machine too."
    ),
    (
      "doctor diagnose debug troubleshoot",
      "lvsctl diff tells what would change on this machine and what cannot work there, and so does lvsctl status."
    ),
    (
      "show list ls get info stats stat view print connections",
      "lvsctl status shows services, real servers, connections and what differs from the file."
    ),
    ("watch top monitor rate rates", "lvsctl status --watch looks again and again."),
    (
      "delete del remove rm",
      """
      Take it out of the file and run lvsctl apply; lvsctl teardown takes away all that apply put on this machine.
      """
    ),
    (
      "flush clear clean reset purge destroy down uninstall",
      "lvsctl teardown takes away from this machine what apply put there, and nothing that others did."
    ),
    (
      "add create new edit set modify change update weight",
      "Write it into the file and run lvsctl apply, which adds, edits and removes what differs."
    ),
    (
      "start run up deploy install sync enable",
      """
      lvsctl apply makes this machine what the file says, and nothing has to run for it to stay so; lvsctld also checks \
      real servers and mends drift (systemctl start lvsctld).
      """
    ),
    (
      "stop",
      """
      lvsctl teardown takes away from this machine what apply put there; systemctl stop lvsctld ends the daemon, and \
      leaves the table as it is.
      """
    ),
    (
      "reload restart refresh reconfigure",
      "lvsctl apply reads the file each time; systemctl reload lvsctld has the daemon read it again."
    ),
    (
      "promote activate failover switch switchover takeover take-over master active",
      """
      lvsctl apply --role director makes this director the active one. Where the other one is alive, demote it first, \
      with lvsctl apply --role standby there.
      """
    ),
    (
      "demote deactivate standby passive",
      "lvsctl apply --role standby makes this director a standby; lvsctl apply --role director on another makes it active."
    ),
    (
      "import convert migrate",
      """
      No file of another program is read. Write the cluster file (lvsctl validate knows the words of ipvsadm, keepalived \
      and ldirectord, and names its own for them), and compare it with the running machine by lvsctl diff: when nothing is \
      left to change it says what is there.
      """
    ),
    (
      "save dump backup",
      """
      The file is what is kept; lvsctl snapshot writes what this machine holds as JSON, for lvsctl diff --against.
      """
    ),
    (
      "restore load",
      "lvsctl apply makes this machine what a file says, also an earlier one; what ipvsadm saved is not read."
    ),
    (
      "rollback undo revert abort",
      """
      lvsctl apply with the file of before goes back to it; lvsctl apply --take-back undoes an apply --confirm-within \
      that was killed before anybody confirmed.
      """
    ),
    ("commit accept keep", "lvsctl confirm keeps what apply --confirm-within would otherwise take back."),
    (
      "disable quiesce quiet maintenance pause",
      "lvsctl drain gives a real server no new connections, and lvsctl undrain gives it its weight back."
    ),
    ("resume unpause", "lvsctl undrain gives a real server its weight back."),
    ("version", "lvsctl --version tells it."),
    ("explain", "lvsctl validate --explain tells more about a fault's code, or a key of the file."),
    ("completion completions", "lvsctl --generate-completion-script writes it, for bash, zsh or fish."),
    ("daemon lvsctld", "lvsctld is a program of its own."),
    ("keepalived vrrp sysctl modules", "lvsctl export writes what other programs need of the file."),
  ]

  // MARK: Behind a command

  private static func adviceBehind(
    _ command: String, _ arguments: ArraySlice<String>, refused refusal: String
  ) -> Message? {
    if let advice = anyOption(arguments, of: command) { return advice }
    if command == "export", let form = arguments.first, !form.hasPrefix("-") { return advice(onForm: form) }
    if command == "diff", refusal.hasPrefix("Unexpected argument '") {
      return "Two files are compared by lvsctl diff NEW --against OLD; only one is named without an option."
    }
    return nil
  }

  private static func advice(onForm word: String) -> Message? {
    let forms = Export.configuration.subcommands.map { $0._commandName }
    if forms.contains(word) { return nil }
    let found: Message = "There is no form \"\(word.shortened)\" of export."
    if ["ipvsadm", "ipvsadm-save", "commands", "shell", "sh", "ip"].contains(word.lowercased()) {
      return "\(found) lvsctl diff --format commands writes the ipvsadm, ip and sysctl lines of what differs."
    }
    return "\(found) The forms are \(forms.joined(separator: ", "))."
  }

  // MARK: Options

  /// The first option of habit among some arguments, up to where options end.
  private static func anyOption(_ arguments: some Sequence<String>, of command: String?) -> Message? {
    for argument in arguments.prefix(while: { $0 != "--" }) where argument.hasPrefix("-") {
      if let own = command.flatMap({ ofCommands[$0] }), let advice = option(argument, of: own) {
        return told(argument, advice)
      }
      if let advice = option(argument, of: options) { return told(argument, advice) }
    }
    return nil
  }

  private static func told(_ argument: String, _ advice: Message) -> Message {
    "There is no option \(name(of: argument)) here. \(advice)"
  }

  /// An option without the value behind its `=`.
  private static func name(of argument: String) -> String {
    String(argument.prefix { $0 != "=" }).shortened
  }

  private static func option(_ argument: String, of table: [(words: String, advice: Message)]) -> Message? {
    let name = name(of: argument)
    if let advice = meaning(of: name, in: table) { return advice }
    // Letters behind one dash belong together: the first of `-Ln` says what is to be done.
    guard !name.hasPrefix("--"), name.utf8.count > 2 else { return nil }
    return meaning(of: String(name.prefix(2)), in: table)
  }

  private static func meaning(of word: String, in table: [(words: String, advice: Message)]) -> Message? {
    table.first { $0.words.split(separator: " ").contains { $0 == word } }?.advice
  }

  private static let options: [(words: String, advice: Message)] = [
    (
      "--dry-run --dryrun --dry_run --noop --no-op --no-act --simulate --plan --preview --check --test -n",
      "lvsctl diff shows what apply would change, and changes nothing."
    ),
    (
      "--force --yes -y --assume-yes --auto-approve --no-confirm",
      """
      lvsctl asks nothing; where it refuses, its message names the option for those who mean it, such as --replace or \
      --take-over.
      """
    ),
    ("--config --conf --file -c -f", "The file is named without an option, as in lvsctl apply cluster.conf."),
    ("--json -j --yaml -o", "How a result is written says --format, as in --format json."),
    ("--director --active --master --primary --promote", "The role is given as --role director."),
    ("--standby --passive --backup --demote", "The role is given as --role standby."),
    ("--realserver --real-server --real_server", "The role is given as --role realserver."),
    ("--quiet -q --silent", "The exit status tells the result; stdout can go to /dev/null."),
    (
      "--host -H --remote",
      "lvsctl works on the machine that it runs on; lvsctl diff --against ssh://HOST compares with another one."
    ),
    ("-V", "lvsctl --version tells it."),
  ]

  /// What an option of habit means with one command alone.
  private static let ofCommands: [String: [(words: String, advice: Message)]] = [
    "status": [
      ("-n --numeric", "Addresses and ports are always numbers; names are those of the file."),
      (
        "-L -l --list --rate --rates --stats --connections",
        "lvsctl status shows connections and rates by itself, and sorts by --sort."
      ),
      ("-i --interval --refresh", "The time from one look to the next is --watch's, as in --watch 1s."),
    ],
    "teardown": [
      (
        "--dry-run --dryrun --dry_run --noop --no-op --no-act --simulate --plan --preview -n",
        "What teardown takes away is what apply put on this machine, and nothing else; no command shows it beforehand."
      )
    ],
  ]

  /// ipvsadm(8), which has options in the place of commands.
  private static let ipvsadm: [(words: String, advice: Message)] = [
    ("-L -l --list", "lvsctl status shows services, real servers, connections and what differs from the file."),
    (
      "-A --add-service -E --edit-service -D --delete-service",
      "Services stand in the file, under services; lvsctl apply adds, edits and removes what differs."
    ),
    (
      "-a --add-server -e --edit-server -d --delete-server",
      """
      Real servers stand in the file, under real_servers; lvsctl apply adds, edits and removes what differs, and lvsctl \
      drain gives one no new connections.
      """
    ),
    ("-C --clear", "lvsctl teardown takes away from this machine what apply put there, and nothing that others did."),
    (
      "-S --save",
      "The file is what is kept; lvsctl snapshot writes what this machine holds as JSON, for lvsctl diff --against."
    ),
    (
      "-R --restore",
      "lvsctl apply makes this machine what a file says, also an earlier one; what ipvsadm saved is not read."
    ),
    ("-Z --zero", "Counters are left alone; lvsctl status --watch shows rates."),
    ("--set", "Timeouts stand in the file, as in timeouts: { tcp: 15m, tcp_fin: 2m, udp: 5m }."),
    ("--start-daemon --stop-daemon", "The sync daemon stands in the file, as in sync: { interface: eth1 }."),
    ("-v", "lvsctl --version tells it."),
  ]
}
