/// Enquiries by their times, the earliest first: a binary heap of which each knows its place, so that one can leave.
struct DueQueue {
  private var items: [Enquiry] = []

  /// The one whose time comes first.
  var first: Enquiry? { items.first }

  /// How many there are.
  var count: Int { items.count }

  /// Takes one in, at its time, which stays the same for as long as it is here.
  mutating func insert(_ enquiry: Enquiry) {
    items.append(enquiry)
    rise(from: items.count - 1)
  }

  /// Takes one out that is in.
  mutating func remove(_ enquiry: Enquiry) {
    let place = enquiry.place
    let last = items.removeLast()
    enquiry.place = -1
    guard place < items.count else { return }
    set(last, at: place)
    rise(from: place)
    sink(from: last.place)
  }

  private mutating func set(_ enquiry: Enquiry, at place: Int) {
    items[place] = enquiry
    enquiry.place = place
  }

  private mutating func rise(from start: Int) {
    let enquiry = items[start]
    var place = start
    while place > 0, enquiry.time < items[(place - 1) / 2].time {
      set(items[(place - 1) / 2], at: place)
      place = (place - 1) / 2
    }
    set(enquiry, at: place)
  }

  private mutating func sink(from start: Int) {
    let enquiry = items[start]
    var place = start
    while 2 * place + 1 < items.count {
      var child = 2 * place + 1
      if child + 1 < items.count, items[child + 1].time < items[child].time { child += 1 }
      if items[child].time >= enquiry.time { break }
      set(items[child], at: place)
      place = child
    }
    set(enquiry, at: place)
  }
}
