// SPDX-License-Identifier: MIT

import Foundation
import TestSupport
import Testing

@Suite("What other programs are given", .serialized)
struct ExportedTests {
  @Test("The table of the trials has their scores and configurations")
  func trials() throws {
    let program = try Program()
    defer { program.remove() }
    try program.writeSmall("small", episodes: 20, seeds: 2)
    try program.run("run", "experiments/small.json", "--no-report")
    #expect(try program.run("export", "small").status == 0)
    let rows = try program.lines("exports/small/trials.csv")
    let columns = rows[0].split(separator: ",").map(String.init)
    #expect(columns.prefix(3) == ["trial", "variant", "seed"])
    for column in [
      "score", "evaluationMean", "environment.id", "returns.discount", "optimizer.learningRate",
      "policy.hidden",
    ] {
      #expect(columns.contains(column), "\(rows[0])")
    }
    let listed = try program.run("list", "small", "--json").output.split(separator: "\n").map {
      try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any] ?? [:]
    }
    try program.run("export", "small", "--format", "jsonl", "--output", "out")
    let exported = try program.lines("out/trials.jsonl").map {
      try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any] ?? [:]
    }
    #expect(exported.count == 4 && rows.count == 5)
    for (a, b) in zip(listed, exported) {
      #expect(a["trial"] as? String == b["trial"] as? String)
      #expect(b["score"] is Double && a["score"] as? Double == b["score"] as? Double)
      #expect(b["policy.hidden"] as? [Int] == [24])
    }
    #expect(exported[0]["returns.discount"] is NSNull)
    #expect(exported[2]["returns.discount"] as? Double == 0.99)
  }

  @Test(
    "TensorBoard reads hyperparameters, keeps NaN, and finds all events in order")
  func tensorBoard() throws {
    let program = try Program()
    defer { program.remove() }
    try program.writeSmall("small", episodes: 30, seeds: 1)
    try program.run("run", "experiments/small.json", "--no-report")
    let trial = try #require(try program.trialFolders("small").first)
    let updates = trial.appendingPathComponent("updates.csv")
    let text = try String(contentsOf: updates, encoding: .utf8)
    var rows = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    var fields = rows[1].split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    fields[3] = "nan"
    rows[1] = fields.joined(separator: ",")
    try rows.joined(separator: "\n").write(to: updates, atomically: true, encoding: .utf8)
    let done = try program.run("export", "small", "--format", "tensorboard")
    #expect(done.status == 0, "\(done.error)")
    let script = """
      import sys, json
      from tensorboard.backend.event_processing.event_file_loader import EventFileLoader
      from tensorboard.plugins.hparams import plugin_data_pb2
      out = []
      for path in sys.argv[1:]:
          steps, tags, values, times = [], [], {}, []
          hparams, ended, texts = {}, None, []
          for e in EventFileLoader(path).Load():
              if not e.HasField("summary"): continue
              for v in e.summary.value:
                  steps.append(e.step); times.append(e.wall_time)
                  if v.metadata.plugin_data.plugin_name == "hparams":
                      d = plugin_data_pb2.HParamsPluginData.FromString(v.metadata.plugin_data.content)
                      if d.HasField("session_start_info"):
                          for k, h in d.session_start_info.hparams.items():
                              hparams[k] = getattr(h, h.WhichOneof("kind"))
                      else: ended = d.session_end_info.status
                  elif v.metadata.plugin_data.plugin_name == "text":
                      texts.append(v.tensor.string_val[0].decode())
                  else:
                      values.setdefault(v.tag, []).append(repr(float(v.tensor.float_val[0])))
          out.append(dict(sorted=steps == sorted(steps) and times == sorted(times),
                          hparams=hparams, ended=ended, values=values, texts=texts))
      print(json.dumps(out))
      """
    let files = done.output.split(separator: "\n").map(String.init)
    let read = try program.start(
      [], executable: nil, wrapper: [Tools.python, "-c", script] + files
    )
    .wait()
    #expect(read.status == 0, "\(read.error)")
    let runs = try #require(
      JSONSerialization.jsonObject(with: Data(read.output.utf8)) as? [[String: Any]])
    #expect(runs.count == 2)
    var nans = 0
    for run in runs {
      #expect(run["sorted"] as? Bool == true)
      #expect(run["ended"] as? Int == 1)
      let hparams = try #require(run["hparams"] as? [String: Any])
      #expect(hparams["optimizer.learningRate"] as? Double == 0.003)
      #expect(hparams["seed"] as? Double == 0 && hparams["environment.id"] as? String == "pong")
      let texts = try #require(run["texts"] as? [String])
      #expect(texts.count == 1 && texts[0].contains("optimizer.learningRate"))
      let values = try #require(run["values"] as? [String: [String]])
      nans += (values["losses/gradient_norm"] ?? []).count { $0 == "nan" }
      #expect(values["losses/gradient_norm"]?.count == 3)
    }
    #expect(nans == 1)
    // All steps over all time.
    let timing = try program.lines(trial.appendingPathComponent("timing.csv").path).dropFirst()
    let rates = timing.compactMap { row -> Float? in
      let fields = row.split(separator: ",").compactMap { Double($0) }
      return fields[2] > 0 ? Float(fields[1] / fields[2]) : nil
    }
    let all = runs.compactMap { ($0["values"] as? [String: [String]])?["charts/SPS"] }
      .map { $0.compactMap { Double($0).map { Float($0) } } }
    #expect(all.contains(rates), "\(rates) \(all)")
  }

  @Test("An exported policy plays anywhere, as the checkpoint that it is of")
  func exportedPolicy() throws {
    let program = try Program()
    defer { program.remove() }
    try program.write(
      "pole",
      """
      { "base": { "environment": { "id": "cartpole" }, "policy": { "hidden": [8] },
                  "training": { "episodes": 40 }, "evaluation": { "episodes": 3 } } }
      """)
    try program.run("run", "experiments/pole.json", "--no-report")
    let trial = try #require(try program.trialFolders("pole").first)
    let checkpoint = trial.appendingPathComponent("checkpoints/000040.safetensors").path
    let file = program.folder.appendingPathComponent("policy.safetensors").path
    #expect(
      try program.run("export", checkpoint, "--format", "safetensors", "--to", file).status == 0)
    let own = try program.run("play", checkpoint, "--episodes", "3")
    try FileManager.default.removeItem(at: program.folder.appendingPathComponent("runs"))
    // The trial's seed is 0, and so are the streams of an exported policy.
    let played = try program.run("play", file, "--episodes", "3")
    #expect(played.status == 0, "\(played.error)")
    #expect(played.output == own.output && played.output.contains("game 3: "))
    let elsewhere = try program.run("play", file, "--env", "pong")
    #expect(elsewhere.status == 2 && elsewhere.error.contains("does not fit"), "\(elsewhere.error)")
  }

  @Test("Files beside experiments: init's schema is passed over by check")
  func schemaBeside() throws {
    let program = try Program()
    defer { program.remove() }
    #expect(try program.run("init", "My_First").status == 0)
    let names = try FileManager.default.contentsOfDirectory(
      atPath: program.folder.appendingPathComponent("experiments").path
    ).sorted().map { "experiments/\($0)" }
    #expect(names == ["experiments/My_First.json", "experiments/experiment.schema.json"])
    let check = try program.start(["check"] + names).wait()
    #expect(check.status == 0, "\(check.error)")
    #expect(check.error == "experiments/experiment.schema.json: a JSON Schema, skipped\n")
    let plan = try program.run("plan", "experiments/experiment.schema.json")
    #expect(plan.status == 2 && plan.error.contains("error[not-an-experiment]"))
    let own = try program.run("plan", "experiments/My_First.json")
    #expect(own.status == 0 && own.error.isEmpty, "\(own.error)")
  }
}
