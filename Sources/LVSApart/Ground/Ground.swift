import Glibc
import LVSSystem
import LVSText

/// What a job stands on: a kernel with IPVS, apart from this machine.
public enum Ground: Hashable, Sendable {
  /// This machine's own kernel, with namespaces of the job's own.
  case namespaces
  /// A kernel of the job's own: user-mode Linux, which is a program like others.
  case userModeLinux(UserModeKernel)

  /// Finds the ground for a wish; changes nothing on this machine, and loads no module.
  public static func choose(_ wish: GroundWish) throws(GroundFailure) -> Ground {
    switch wish {
    case .namespaces:
      if let obstacle = HostKernel.obstacle { throw GroundFailure(.noGround, obstacle) }
      return .namespaces
    case .userModeLinux: return .userModeLinux(try UserModeKernel.find())
    case .auto:
      guard let obstacle = HostKernel.obstacle else { return .namespaces }
      do throws(GroundFailure) {
        return .userModeLinux(try UserModeKernel.find())
      } catch {
        throw GroundFailure(.noGround, "\(obstacle) \(error)")
      }
    }
  }
}

/// Which ground somebody wants.
public enum GroundWish: String, CaseIterable, Hashable, Sendable {
  /// Namespaces where they can be, otherwise user-mode Linux.
  case auto
  /// Namespaces and nothing else.
  case namespaces
  /// User-mode Linux and nothing else.
  case userModeLinux = "uml"
}
