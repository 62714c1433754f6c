import LVSModel
import Recordings
import Testing

@testable import LVSChecks

/// The queue of what is due.
struct DueQueueTests {
  private func enquiry(at time: Double) -> Enquiry {
    let question = CheckQuestion(means: .tcp, address: IPAddress(ipv4: 1), port: 80, timeout: 1)
    let enquiry = Enquiry(question, Rhythm(every: 1, from: time))
    enquiry.time = time
    return enquiry
  }

  @Test func `the earliest comes first, whoever came and left before`() {
    var numbers = SeededGenerator(seed: 11)
    var queue = DueQueue()
    var inside: [Enquiry] = []
    for _ in 0..<5000 {
      switch UInt8.random(in: 0..<5, using: &numbers) {
      case 0...2:
        inside.append(enquiry(at: Double(UInt16.random(in: 0..<500, using: &numbers))))
        queue.insert(inside[inside.count - 1])
      case 3 where !inside.isEmpty:
        let place = Int.random(in: 0..<inside.count, using: &numbers)
        let leaving = inside.remove(at: place)
        queue.remove(leaving)
        #expect(leaving.place == -1)
      default:
        guard let first = queue.first else { break }
        #expect(first.time == inside.map(\.time).min())
        queue.remove(first)
        inside.removeAll { $0 === first }
      }
      #expect(queue.count == inside.count)
    }
    #expect(!inside.isEmpty)
    var times: [Double] = []
    while let first = queue.first {
      times.append(first.time)
      queue.remove(first)
    }
    #expect(times == inside.map(\.time).sorted())
  }
}
