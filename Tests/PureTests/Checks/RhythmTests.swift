import LVSModel
import LVSSystem
import Testing

@testable import LVSChecks

/// When questions are asked.
struct RhythmTests {
  @Test func `a question is due at its beat, a twentieth of the interval earlier or later at most`() {
    let rhythm = Rhythm(every: 10, from: 100)
    #expect(rhythm.due(0) == 99.5)
    #expect(rhythm.due(0.5) == 100)
    #expect(rhythm.due(1) == 100.5)
  }

  @Test func `neither wobble nor lateness adds up`() {
    var jitter = Jitter(seed: 3)
    var rhythm = Rhythm(every: 2, from: 100)
    for number in 1...1000 {
      // It is asked late, and answered later.
      let answered = rhythm.due(jitter.next()) + jitter.next()
      rhythm.advance(past: answered)
      #expect(rhythm.beat == 100 + 2 * Double(number))
    }
  }

  @Test func `beats that were missed are left out`() {
    var rhythm = Rhythm(every: 2, from: 100)
    rhythm.advance(past: 107.5)
    #expect(rhythm.beat == 108)
    rhythm.advance(past: 110)
    #expect(rhythm.beat == 112)
    rhythm.advance(past: 112.1)
    #expect(rhythm.beat == 114)
  }

  @Test func `another interval keeps a beat that is near, and brings one nearer that is far`() {
    let slow = Rhythm(every: 3600, from: 1000)
    #expect(slow.changed(to: 3, at: 998, 0.5).beat == 1000)
    let soon = slow.changed(to: 4, at: 100, 0.5)
    #expect((soon.interval, soon.beat) == (4, 102))
    #expect(Rhythm(every: 2, from: 101).changed(to: 60, at: 100, 0.5).beat == 101)
  }

  @Test func `the same seed gives the same numbers, and they are spread`() {
    var (one, same, other) = (Jitter(seed: 5), Jitter(seed: 5), Jitter(seed: 6))
    let numbers = (0..<1000).map { _ in one.next() }
    #expect(numbers == (0..<1000).map { _ in same.next() })
    #expect(numbers != (0..<1000).map { _ in other.next() })
    for part in 0..<10 {
      let low = Double(part) / 10
      #expect((70...130).contains(numbers.count { (low..<low + 0.1).contains($0) }))
    }
  }

  @Test func `new questions come in shares of their interval, and nobody is asked at once`() throws {
    let checker = try Checker(seed: 7)
    checker.ask([CheckQuestion(means: .tcp, address: IPAddress(ipv4: 1), port: 80, timeout: 1): 3600])
    #expect(checker.count == 1)
    #expect(checker.inFlight == 0)
    #expect(checker.takeLongestLateness() == 0)
    checker.ask([:])
    #expect(checker.count == 0)
  }

  @Test func `the time in which nobody listens is not counted`() {
    var clock = AttentiveClock()
    clock.arrive(at: 100)
    #expect(clock.time(at: 101) == 101)
    clock.leave(at: 102)
    clock.arrive(at: 107)
    #expect(clock.time(at: 108) == 103)
    // A wait that ends a little late has listened; one that ends much later has been stopped.
    clock.wake(at: 109.1, planned: 109)
    #expect(clock.absence == 5)
    clock.wake(at: 120, planned: 110)
    #expect(clock.absence == 15)
    // One that ends early has not been.
    clock.wake(at: 120, planned: 130)
    #expect(clock.absence == 15)
  }
}
