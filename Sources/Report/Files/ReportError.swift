// SPDX-License-Identifier: MIT

import Plotting
import RunStore

/// Why a report could not be made; what stood in its place before still stands there.
package struct ReportError: Error, Hashable, Sendable, CustomStringConvertible {
  package enum Code: String, Sendable {
    case unreadableRun = "the run cannot be read"
    case unwritable = "the report cannot be written"
    case diskFull = "the report cannot be written, the disk is full"
    case notAFolder = "the report's folder is not a folder"
    case foreignFolder = "the folder is not a report of ours"
    case drawing = "a figure could not be drawn"
  }

  package let code: Code
  package let path: String
  /// What was found or went wrong.
  package let detail: String

  package init(_ code: Code, path: String, detail: String) {
    self.code = code
    self.path = path
    self.detail = detail
  }

  /// What the run's folder or the disk said.
  private init(_ error: RunStoreError) {
    let code: Code =
      switch error.code {
      case .diskFull: .diskFull
      case .unwritable: .unwritable
      default: .unreadableRun
      }
    let parts = [error.underlying ?? "", error.found.isEmpty ? "" : "found \(error.found)"]
    self.init(
      code, path: error.path, detail: parts.filter { !$0.isEmpty }.joined(separator: "; "))
  }

  /// What `body` gives; whatever it throws as an error of ours.
  static func catching<Result>(_ body: () throws -> Result) throws(ReportError) -> Result {
    do {
      return try body()
    } catch let error as ReportError {
      throw error
    } catch let error as RunStoreError {
      throw ReportError(error)
    } catch let error as PlottingError {
      throw ReportError(.drawing, path: "a picture", detail: "\(error)")
    } catch {
      throw ReportError(.unwritable, path: "the report", detail: "\(error)")
    }
  }

  package var description: String {
    "\(path): \(code.rawValue)" + (detail.isEmpty ? "" : ": \(detail)")
  }
}
