import Glibc

/// What a system call says in the end: it is made again for as long as a signal interrupts it.
///
/// The one place where EINTR is dealt with. A number below 0 is a refusal, and errno has the reason.
func uninterrupted<Number: SignedInteger>(_ call: () -> Number) -> Number {
  while true {
    let number = call()
    if number >= 0 || errno != EINTR { return number }
  }
}
