import LVSText
import Testing

/// The JSON Schemas under Examples are what the tables of keys and the words of the model make of them.
struct SchemaFileTests {
  @Test(arguments: ["cluster"])
  func `a schema is that of the tables`(name: String) throws {
    let documents = ["cluster": ClusterFileSchema.document]
    let document = try #require(documents[name])
    try expectContents(JSONText.pretty(document) + "\n", of: "\(projectFolder)/Examples/\(name).schema.json")
  }
}
