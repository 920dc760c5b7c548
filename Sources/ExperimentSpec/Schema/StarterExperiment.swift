// SPDX-License-Identifier: MIT
import ParameterSchema

/// The text of a new experiment file `NAME.json`: small, complete, and runnable as it is.
///
/// - Parameters:
///   - name: a good name, see `isExperimentName`; the title is made from it.
///   - schema: where the schema lies, seen from the file.
package func starterExperiment(
  name: String, schema: String = "experiment.schema.json"
) -> String {
  let words = name.split(whereSeparator: { "-_".contains($0) }).joined(separator: " ")
  let title = words.prefix(1).uppercased() + words.dropFirst()
  return """
    {
      "$schema": \(canonicalJSON(.string(schema))),
      "title": \(canonicalJSON(.string(title))),
      "question": "Does discounting help? **Edit this file:** write your question here, put what all variants share under `base`, and what you compare under `sweep`. `rallybook check` finds mistakes, `rallybook plan` shows the trials, `rallybook run` runs them and writes the report. More `seeds` make it more certain; a verdict on one claim needs at least 6.",
      "base": {
        "preset": "tuned",
        "environment": { "id": "pong" },
        "training": { "episodes": 300 },
        "evaluation": { "episodes": 20 }
      },
      "sweep": {
        "grid": { "returns.discount": [null, 0.99] }
      },
      "seeds": 6,
      "score": { "metric": "return", "window": 100, "reduction": "mean", "goal": "maximize" },
      "hypotheses": [
        {
          "claim": "Discounting by 0.99 beats no discounting",
          "better": { "returns.discount": 0.99 },
          "than": { "returns.discount": null },
          "measure": "probabilityOfImprovement",
          "atLeast": 0.75
        }
      ],
      "notes": "Write here what you learned from the report."
    }

    """
}
