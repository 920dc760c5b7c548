// SPDX-License-Identifier: MIT

import Glibc
import RunStore

/// Tells whether a trial's records are the ones that were read, without reading them: length and
/// times, to the nanosecond, of every file that an index row is made of.
///
/// The time of the last change of the file's entry is among them: nobody can set it, so that a copy
/// with kept dates is noticed.
enum RecordSignature {
  static func text(of folder: TrialFolder) -> String {
    let files = [
      folder.configPath, folder.statusPath, folder.provenancePath, folder.episodesPath,
      folder.updatesPath, folder.evaluationsPath, folder.timingPath,
    ]
    return files.map { path in
      var information = stat()
      guard stat(path, &information) == 0 else { return "-" }
      let (changed, entered) = (information.st_mtim, information.st_ctim)
      return [
        Int(information.st_size), changed.tv_sec, changed.tv_nsec, entered.tv_sec, entered.tv_nsec,
      ].map { String($0, radix: 36) }.joined(separator: ".")
    }.joined(separator: " ")
  }
}
