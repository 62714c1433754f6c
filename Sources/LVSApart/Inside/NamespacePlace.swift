import Glibc
import LVSSystem

/// The place inside on this machine's own kernel: process 1 of namespaces of its own.
enum NamespacePlace {
  /// Makes it, and gives what is to be done there.
  static func make() throws(SystemError) -> Assignment {
    let bytes = try contents(of: JobDescriptors.assignment, named: "the job", atMost: Int(Int32.max))
    guard let assignment = Assignment(bytes) else { throw SystemError(errno: EINVAL, subject: "the job") }
    let kept = KeptFolders(of: assignment.paths, below: Place.hidden)
    var shared: Int32 = -1
    if let path = assignment.shared {
      shared = open(path, KeptFolders.pathOnly | O_DIRECTORY | O_CLOEXEC)
      if shared < 0 { throw SystemError(errno: errno, subject: path) }
    }
    defer { if shared >= 0 { close(shared) } }
    try Mounts.makePrivate()
    try Place.furnish(assignment, kept) { place throws(SystemError) in try Mounts.bind(shared, on: place) }
    return assignment
  }
}
