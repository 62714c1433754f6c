import LVSModel
import LVSPlan
import LVSText
import Testing

/// The JSON Schemas under Examples are what the table of keys, the words of the model and the lists of codes make of them:
/// a key, a field, a kind or a code without its place in a schema fails here.
struct SchemaFileTests {
  static let schemas: [(name: String, document: @Sendable () -> JSONText.Value)] = [
    ("cluster", { ClusterFileSchema.document }), ("plan", { PlanSchema.document }),
    ("snapshot", { SnapshotSchema.document }), ("status", { StatusSchema.document }),
    ("validate", { ValidateSchema.document }),
  ]

  @Test(arguments: schemas.map(\.name))
  func `a schema is that of the tables`(name: String) throws {
    let schema = try #require(Self.schemas.first { $0.name == name })
    let text = SchemaPart.text(of: schema.document()) + "\n"
    try expectContents(text, of: "\(projectFolder)/Examples/\(name).schema.json")
  }

  @Test func `each schema of the examples has its table`() {
    let names = fileNames(in: "\(projectFolder)/Examples", endingIn: ".schema.json")
    #expect(names == Self.schemas.map(\.name).sorted())
  }

  @Test func `each kind of change has one sample`() throws {
    let kinds = Changes.ofEachKind.map(\.kind)
    #expect(Set(kinds).count == kinds.count)
    for seed in 1...20 as ClosedRange<UInt64> {
      var states = RandomStates(seed: seed)
      let target = Target(state: states.state(), scope: Scope(vips: [], coversSyncDaemons: true))
      let found = Set(try Planner.plan(target, observed: HostState()).changes.map(\.kind))
      #expect(found.isSubset(of: kinds))
    }
  }
}
