// SPDX-License-Identifier: MIT

import Artifacts
import RunStore
import Trials

/// `rallybook export CHECKPOINT --format safetensors --to FILE`: a stored policy for other programs.
struct PolicyExport {
  /// The checkpoint's file.
  let checkpoint: String
  /// The file to write; an older one is replaced.
  let file: String

  /// Writes the policy, reads it back from the disk, and says what it holds.
  ///
  /// - Throws: exit status 2 where the checkpoint cannot be read or is none, 1 where the file
  ///   cannot be written or is not what was written.
  func run() throws {
    let policy = try PolicyFile.policy(of: Checkpoint(contentsOf: checkpoint), path: checkpoint)
    try AtomicFile.write(policy.encoded(), to: file)
    do throws(ArtifactError) {
      let stored = try Checkpoint(safetensors: readFileBytes(file), path: file)
      let contents = try PolicyFile.contents(of: stored, path: file)
      let parts = policy.tensors.map { tensor in
        "\(tensor.name) [\(tensor.shape.map(String.init).joined(separator: ", "))]"
      }
      say(
        "\(file): \(parts.joined(separator: ", ")); \(contents.actions.joined(separator: ", ")); "
          + "after \(contents.episode) episodes")
    } catch {
      throw end(1, "error: \(error)")
    }
  }
}
