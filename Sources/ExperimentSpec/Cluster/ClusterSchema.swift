// SPDX-License-Identifier: MIT
import ParameterSchema

/// The schema of the `cluster` block.
func clusterSchema() -> SchemaText {
  let tasks = integerSchema(1...ClusterSettings.largestTask)
  func form(_ pattern: String) -> SchemaText {
    .object([("type", .text("string")), ("pattern", .text(pattern))])
  }
  let schemas: [String: SchemaText] = [
    "concurrency": integerSchema(1...ClusterSettings.largestConcurrency),
    "trialsPerTask": tasks,
    "cpusPerTask": tasks,
    "memory": form(ClusterSettings.memoryPattern),
    "timeLimit": form(ClusterSettings.timePattern),
    "partition": form(ClusterSettings.wordPattern),
    "account": form(ClusterSettings.wordPattern),
    "setup": .object([
      ("type", .text("array")), ("items", .object([("type", .text("string"))])),
    ]),
  ]
  let properties = ClusterSettings.keys.map { key in
    (
      key: key.name,
      value: (schemas[key.name] ?? .object([])).adding([
        ("description", .text("\(key.doc) Allowed: \(key.allowed)."))
      ])
    )
  }
  return closedObject(properties).adding([
    (
      "description",
      .text("How `run --backend slurm` asks for tasks. It changes no trial and no result.")
    )
  ])
}
