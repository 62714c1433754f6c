import CSystem

/// The memory that malloc(3) hands out.
public enum Heap {
  /// Keeps memory that is freed for what is allocated next, instead of giving it back to the kernel.
  ///
  /// A command reads, plans and ends: its large arrays live one after the other, and each would be mapped, touched page by
  /// page and unmapped again. A large file in which services list their real servers takes two thirds of the page faults
  /// this way, at the same peak.
  public static func keepFreed() {
    // The largest threshold that mallopt(3) takes on 64 bits.
    let largest: CInt = 32 << 20
    mallopt(M_MMAP_THRESHOLD, largest)
    mallopt(M_TRIM_THRESHOLD, CInt.max)
  }
}
