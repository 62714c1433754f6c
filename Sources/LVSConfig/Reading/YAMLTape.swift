import LVSText

/// A YAML document as one array in text order: a node's children follow it, and each node knows where its subtree ends.
///
/// Small on purpose: a file of a hundred thousand real servers has a million nodes.
struct YAMLTape {
  /// What a node is.
  enum Kind: UInt8 {
    case scalar
    case sequence
    /// Its children are keys and values in turn.
    case mapping
    /// Stands for the node at ``Node/content``.
    case alias
    /// A fault that has been reported; whoever reads it stays silent.
    case faulty
  }

  /// One node; characters are counted from 0 over the whole text.
  struct Node {
    /// The first character.
    var start: UInt32
    /// The first character after it; for a collection after its opening bracket.
    var end: UInt32
    /// The node after this one's subtree.
    var next: UInt32
    /// For a scalar the offset of its bytes in ``YAMLTape/text``, for an alias the node it stands for.
    var content: UInt32 = 0
    /// For a scalar the number of its bytes, for a collection the number of its children.
    var count: UInt32 = 0
    /// What the node is.
    var kind: Kind
    /// Whether a scalar is quoted, or a block: it is text then, never an absent value.
    var isQuoted = false
    /// Whether a scalar holds control characters, as only what is sent and expected may.
    var hasControls = false
  }

  /// The nodes; the root is the first.
  var nodes: [Node] = []
  /// The bytes of all scalars, unescaped, one after the other.
  var text: [UInt8] = []

  subscript(index: Int) -> Node { nodes[index] }

  /// The node itself, or the one an alias stands for.
  func resolved(_ index: Int) -> Int {
    nodes[index].kind == .alias ? Int(nodes[index].content) : index
  }

  /// The most bytes of a scalar that anybody gets to see: the kernel takes at most a page for a sysctl, less a NUL, and
  /// everything else is far shorter. So what is longer is refused by its beginning, and never copied as a whole.
  static let scalarLimit = 4096

  /// The bytes of a scalar, or its beginning.
  func bytes(_ index: Int) -> ArraySlice<UInt8> {
    let node = nodes[index]
    let start = Int(node.content)
    return text[start..<start + min(Int(node.count), Self.scalarLimit)]
  }

  /// The text of a scalar, or its beginning.
  func string(_ index: Int) -> String { String(decoding: bytes(index), as: UTF8.self) }

  /// Whether a scalar says that there is no value: nothing at all, `~` or `null`, unquoted.
  func isNull(_ index: Int) -> Bool {
    let node = nodes[index]
    guard node.kind == .scalar, !node.isQuoted, node.count <= 4 else { return false }
    switch string(index) {
    case "", "~", "null", "Null", "NULL": return true
    default: return false
    }
  }

  /// Whether a value is the word `none`, which switches an optional key off.
  func isNone(_ index: Int) -> Bool {
    let node = nodes[resolved(index)]
    return node.kind == .scalar && node.count == 4 && bytes(resolved(index)).elementsEqual("none".utf8)
  }

  /// Calls the body for each element of a sequence.
  func forEachElement(of index: Int, _ body: (Int) -> Void) {
    var child = index + 1
    let end = Int(nodes[index].next)
    while child < end {
      body(child)
      child = Int(nodes[child].next)
    }
  }

  /// Calls the body for each key and value of a mapping.
  func forEachPair(of index: Int, _ body: (_ key: Int, _ value: Int) -> Void) {
    var key = index + 1
    let end = Int(nodes[index].next)
    while key < end {
      let value = Int(nodes[key].next)
      body(key, value)
      key = Int(nodes[value].next)
    }
  }
}
