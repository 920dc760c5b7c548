// SPDX-License-Identifier: MIT
import Diagnostics
import ExperimentSpec
import ParameterSchema

/// A catalogue shaped like the real one, with a second choice wherever a rule needs one.
let testCatalogue = Catalogue(
  sections: [
    Section(
      name: "environment", selector: "id",
      components: [
        Component(
          id: "pong", doc: "The embedded game.",
          parameters: [
            Parameter(
              "frameSkip", .integerOrInterval(1...60), default: 4, unit: "frames",
              doc: "How many frames a decision lasts."),
            Parameter(
              "stickyActions", .number(.closedOpen(0, 1)), default: 0,
              unit: "probability per frame",
              doc: "How likely a frame repeats the last action."),
            Parameter(
              "maxFrames", .integer(1...1_000_000), default: 108_000, unit: "frames",
              doc: "Where an episode is cut."),
            Parameter(
              "actions", .list(of: .choice(["RIGHT", "LEFT", "NOOP"]), count: 2...3),
              default: ["RIGHT", "LEFT"], doc: "What the policy may choose."),
          ], returnRange: -21...21),
        Component(
          id: "cartpole", doc: "A pole on a cart.",
          parameters: [
            Parameter("kwargs", .object, default: [:], doc: "Anything.", silentValue: [:]),
            Parameter(
              "wrappers", .list(of: .call, count: 0...4), default: [], doc: "What lies around it.",
              silentValue: []),
          ], returnRange: 0...500),
      ], doc: "What is played."),
    Section(
      name: "observation", selector: "kind",
      components: [
        Component(id: "difference", doc: "Current minus previous frame.", parameters: []),
        Component(id: "frame", doc: "The current frame.", parameters: []),
      ], doc: "What the policy sees."),
    Section(
      name: "policy", selector: "kind",
      components: [
        Component(
          id: "mlp", doc: "Two layers.",
          parameters: [
            Parameter(
              "hidden", .list(of: .integer(1...4096), count: 1...8), default: [200], unit: "units",
              doc: "Widths of the hidden layers."),
            Parameter("bias", .boolean, default: false, doc: "Whether layers have biases."),
          ]),
        Component(id: "linear", doc: "One layer.", parameters: []),
      ], doc: "What chooses."),
    Section(
      name: "returns", selector: nil,
      components: [
        Component(
          doc: "From rewards to returns.",
          parameters: [
            Parameter(
              "discount", .nullable(.number(.openClosed(0, 1))), default: 0.99,
              doc: "What a reward is worth a decision earlier; null is off."),
            Parameter(
              "normalize", .choice(["none", "episode", "batch"]), default: "episode",
              doc: "Over what returns are centred and scaled."),
            Parameter(
              "resetAtPoint", .boolean, default: true, doc: "Whether a point ends the sum."),
          ],
          constraints: [
            Constraint(code: "batch-of-one", severity: .error, path: "returns.normalize") {
              $0[path: "returns.normalize"] == "batch"
                && $0[path: "algorithm.episodesPerUpdate"] == 1
                ? "batch normalization needs more than one episode an update" : nil
            }
          ])
      ], doc: "How returns are made."),
    Section(
      name: "algorithm", selector: "kind",
      components: [
        Component(
          id: "reinforce", doc: "Williams 1992.",
          parameters: [
            Parameter(
              "episodesPerUpdate", .integer(1...1000), default: 10, unit: "episodes",
              doc: "Batch size.")
          ]),
        Component(
          id: "kl-line-search", doc: "A step as long as a KL bound allows.",
          parameters: [
            Parameter(
              "episodesPerUpdate", .integer(2...1000), default: 10, unit: "episodes",
              doc: "Batch size."),
            Parameter(
              "maxKL", .number(.openClosed(0, 1)), default: 0.01, unit: "nats per decision",
              doc: "Largest mean KL of an update."),
          ]),
        Component(id: "random", doc: "Learns nothing.", parameters: []),
      ], doc: "What learns."),
    Section(
      name: "optimizer", selector: "kind",
      components: [
        Component(
          id: "rmsprop", doc: "The post's form.",
          parameters: [
            learningRate,
            Parameter(
              "decay", .number(.closedOpen(0, 1)), default: 0.99, doc: "Of the mean square."),
            Parameter("epsilon", .number(.above(0)), default: 1e-5, doc: "Added to the root."),
          ]),
        Component(id: "sgd", doc: "Plain steps.", parameters: [learningRate]),
      ], doc: "What makes steps of gradients."),
    Section(
      name: "training", selector: nil,
      components: [
        Component(
          doc: "How long.",
          parameters: [
            Parameter(
              "episodes", .integer(1...10_000_000), default: 8000, unit: "episodes",
              doc: "How many games are played."),
            Parameter(
              "checkpointEvery", .integer(1...10_000_000), default: 500, unit: "episodes",
              doc: "How often weights are kept.", entersIdentity: false),
            Parameter(
              "antithetic", .boolean, default: false, doc: "A later addition.", silentValue: false),
          ])
      ], doc: "How long it learns."),
    Section(
      name: "evaluation", selector: nil,
      components: [
        Component(
          doc: "After training.",
          parameters: [
            Parameter(
              "episodes", .integer(0...100_000), default: 100, unit: "episodes",
              doc: "How many games are judged."),
            Parameter(
              "mode", .choice(["sample", "greedy"]), default: "sample", doc: "How it chooses."),
          ])
      ], entersIdentity: false, doc: "How it is judged."),
  ],
  presets: [
    Preset(
      id: "karpathy-2016", doc: "The post's program.",
      values: ["optimizer": ["kind": "rmsprop", "learningRate": 1e-4, "decay": 0.99]]),
    Preset(
      id: "tuned", doc: "What we found better.",
      values: ["optimizer": ["kind": "rmsprop", "learningRate": 1e-3, "decay": 0.9]]),
  ])

private let learningRate = Parameter(
  "learningRate", .number(.above(0)), default: 1e-3, doc: "Length of a step.")

/// Loads a text as if it were `experiments/a.json`.
func load(
  _ text: String, set overrides: [String] = [], seeds: String? = nil, extension: String? = nil
) -> LoadedExperiment {
  loadExperiment(
    source: SourceText(name: "experiments/a.json", text: text), catalogue: testCatalogue,
    overrides: overrides, seedsOverride: seeds, extension: `extension`)
}

/// The findings of a text as a person sees them.
func messages(_ text: String, set overrides: [String] = [], seeds: String? = nil) -> String {
  load(text, set: overrides, seeds: seeds).renderedFindings()
}

/// The example of the contract, with what the test catalogue does not have left out.
let fullExample = """
  {
    "$schema": "../docs/reference/experiment.schema.json",
    "title": "Does a KL line search learn more consistently than vanilla PG?",
    "question": "Markdown: why this is asked, what is expected.",
    "base": {
      "preset": "tuned",
      "environment": { "id": "pong", "frameSkip": { "min": 2, "max": 4 }, "stickyActions": 0.25 },
      "observation": { "kind": "difference" },
      "policy":      { "kind": "mlp", "hidden": [200], "bias": false },
      "returns":     { "discount": 0.99, "normalize": "episode", "resetAtPoint": true },
      "algorithm":   { "kind": "reinforce", "episodesPerUpdate": 10 },
      "optimizer":   { "kind": "rmsprop", "learningRate": 1e-3, "decay": 0.99, "epsilon": 1e-5 },
      "training":    { "episodes": 8000, "checkpointEvery": 500 },
      "evaluation":  { "episodes": 100 }
    },
    "sweep": {
      "product": [
        { "grid": { "returns.discount": [null, 0.99], "returns.normalize": ["none", "episode"] } },
        { "cases": [
            { "label": "vanilla PG",     "set": { "algorithm.kind": "reinforce" } },
            { "label": "KL line search", "set": { "algorithm.kind": "kl-line-search", "algorithm.maxKL": 0.01 } } ] }
      ],
      "exclude": [ { "returns.discount": null, "returns.normalize": "none" } ]
    },
    "seeds": 10,
    "score": { "metric": "return", "window": 100, "reduction": "mean", "goal": "maximize" },
    "hypotheses": [
      { "claim": "The line search beats vanilla PG", "better": { "algorithm.kind": "kl-line-search" },
        "than": { "algorithm.kind": "reinforce" }, "measure": "probabilityOfImprovement", "atLeast": 0.75 }
    ],
    "cluster": { "concurrency": 40, "cpusPerTask": 2, "memory": "2G", "timeLimit": "1-02:00:00",
                 "partition": "main", "setup": ["module load gcc"] },
    "notes": "Markdown, written after reading the report."
  }
  """

/// Every kind of sweep at once, small enough to be read.
let algebraExample = """
  {
    "sweep": {
      "product": [
        { "cases": [
            { "label": "vanilla PG", "set": { "algorithm.kind": "reinforce" } },
            { "label": "KL line search", "set": { "algorithm.kind": "kl-line-search" } } ] },
        { "when": { "algorithm.kind": "kl-line-search" },
          "grid": { "algorithm.maxKL": [0.003, 0.01, 0.03] } },
        { "concat": [
            { "zip": { "policy.hidden": [[50], [100]], "optimizer.learningRate": [0.003, 0.001] } },
            { "random": { "trials": 3, "seed": 5, "set": {
                "policy.hidden": { "min": 16, "max": 256, "scale": "log" },
                "optimizer.learningRate": { "min": 0.0001, "max": 0.01, "scale": "log" },
                "environment.frameSkip": [2, { "min": 2, "max": 4 }] } } } ] }
      ],
      "exclude": [ { "algorithm.maxKL": 0.03, "policy.hidden": [50] } ]
    },
    "seeds": 2,
    "score": { "goal": "maximize" }
  }
  """

/// Values within an object, and things that are called.
let objectExample = """
  {
    "base": { "environment": { "id": "cartpole", "kwargs": { "a": 1, "b": { "c": [2] } },
        "wrappers": ["One", { "name": "m:Two", "kwargs": { "k": 3 } }] } },
    "sweep": {
      "product": [
        { "grid": { "environment.kwargs.b.c": [1, null, {}], "environment.wrappers": [[], ["A"]] } },
        { "random": { "trials": 2, "set": { "environment.kwargs.d": { "min": 1, "max": 2 } } } } ],
      "exclude": [ { "environment.kwargs.a": 1, "environment.kwargs.b.c": null } ]
    },
    "score": { "goal": "maximize" }
  }
  """

/// A search of each kind.
let searchExamples = [
  #"{ "kind": "halving", "rungs": [500, 1500], "eta": 4, "confirm": 3 }"#,
  #"{ "kind": "tpe", "startup": 3, "perRound": 1, "gamma": 0.5 }"#,
  #"{ "kind": "racing", "perRound": 1, "alpha": 0.5, "reference": { "optimizer.learningRate": 0.001 } }"#,
].map { search in
  """
  { "sweep": { "random": { "trials": 4, "set": {
      "optimizer.learningRate": { "min": 0.0001, "max": 0.01, "scale": "log" } } } },
    "seeds": 12, "score": { "goal": "maximize" }, "search": \(search) }
  """
}
