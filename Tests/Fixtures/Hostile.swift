import LVSConfig
import LVSModel

/// Text that others write, as somebody writes it who wants a terminal to say what lvsctl does not.
package enum Hostile {
  /// A colour, a line of its own, a turned direction of writing, a line separator, a C1 control, a DEL, a tag.
  package static let text = "\u{1b}[31m\nFORGED\u{202e}\u{2028}\u{9b}7m\u{7f}\u{e0041}"

  /// What bytes that are no UTF-8 are read as.
  package static let repaired = String(decoding: [0xff, 0x1b, 0xc3, 0x0a] as [UInt8], as: UTF8.self)

  /// What of a text a terminal would not show; independent of the code that is tested.
  package static func unprintable(in text: String) -> [String] {
    let categories: [Unicode.GeneralCategory] = [
      .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned,
    ]
    var found = text.unicodeScalars.filter { $0 != "\n" && categories.contains($0.properties.generalCategory) }.map {
      String($0.value, radix: 16)
    }
    if text.split(separator: "\n").contains(where: { $0.hasPrefix("FORGED") }) { found.append("a forged line") }
    return found
  }
}

extension ClusterFile {
  /// The file with a hostile end at every name in it, as no reader of cluster files lets through.
  package var hostile: ClusterFile {
    var file = self
    file.name += Hostile.text
    for index in file.directors.indices {
      file.directors[index].name += Hostile.text
      file.directors[index].interface += Hostile.text
    }
    for index in file.realServers.indices {
      file.realServers[index].name += Hostile.text
      file.realServers[index].interface = file.realServers[index].interface.map { $0 + Hostile.text }
    }
    for index in file.vips.indices {
      file.vips[index].name = file.vips[index].name.map { $0 + Hostile.text }
      file.vips[index].interface = file.vips[index].interface.map { $0 + Hostile.text }
      file.vips[index].label = (file.vips[index].label ?? "") + Hostile.text
    }
    file.sync?.interface += Hostile.text
    for index in file.services.indices {
      file.services[index].settings.scheduler = Scheduler(file.services[index].settings.scheduler.name + Hostile.text)
    }
    return file
  }
}
