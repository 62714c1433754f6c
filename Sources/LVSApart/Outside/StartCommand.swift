import Glibc
import LVSSystem
import LVSText

/// How a job is started on a ground: what the guard is told, and with which environment.
struct StartCommand {
  var words: [String]
  var environment: [String]

  init(_ job: ApartJob, on ground: Ground) throws(GroundFailure) {
    switch ground {
    case .namespaces:
      // The rest is for a kernel of its own.
      try HostKernel.requireMemory(job.memory / 4)
      words =
        [FirstProcess.Role.namespaceGuardian.rawValue] + job.firstProcess + [FirstProcess.Role.namespaces.rawValue]
      environment = [Place.path]
    case .userModeLinux(let kernel):
      words = [FirstProcess.Role.guardian.rawValue, kernel.path] + (try Self.parameters(job))
      environment = [Place.path, "HOME=/", "TMPDIR=\(try MemoryFolder.find(job.memory))"]
    }
  }

  /// The kernel's command line. Serial line 0 takes keys, 1 to 3 carry stdout, stderr and reports; the console is apart,
  /// and is kept for the case that the kernel dies.
  private static func parameters(_ job: ApartJob) throws(GroundFailure) -> [String] {
    func line(_ number: Int, _ ends: String) -> String { "ssl\(number)=\(ends)" }
    let words = [
      "mem=\(job.memory)M",
      // In place of a folder of its own in the home folder; none can be made there.
      "uml_dir=/dev/null/",
      "ubd0r=/proc/self/fd/\(JobDescriptors.assignment)", "root=/dev/root", "rootfstype=hostfs", "rootflags=/", "ro",
      "con=null", "con0=null,fd:\(STDOUT_FILENO)", "ssl=null", line(0, "fd:\(JobDescriptors.keys),null"),
      line(1, "null,fd:\(JobDescriptors.output)"), line(2, "null,fd:\(JobDescriptors.errors)"),
      line(3, "null,fd:\(JobDescriptors.report)"), "noreboot", "panic=-1", "quiet",
      // Its 256 old pseudo-terminals, which nobody uses, take a third of a second to make.
      "pty.legacy_count=0",
      "init=\"\(job.firstProcess[0])\"", "--",
    ]
    let all = words + job.firstProcess.dropFirst() + [FirstProcess.Role.userModeLinux.rawValue]
    // The kernel takes its parameters as one text, in which a quotation mark cannot be written (next_arg of lib/cmdline.c),
    // and so many bytes of it (COMMAND_LINE_SIZE of arch/um/include/asm/setup.h).
    let isPlain = job.firstProcess[0].utf8.allSatisfy { $0 >= 0x20 && $0 != UInt8(ascii: "\"") }
    guard isPlain, all.joined(separator: " ").utf8.count < 2048 else {
      throw GroundFailure(
        .refused, "A kernel cannot be told to start \(job.firstProcess[0]): put it where its path is short and plain.")
    }
    return all
  }
}
