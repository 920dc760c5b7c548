// SPDX-License-Identifier: MIT

/// A file whose columns are divided by something else than commas, as spreadsheets write where the
/// comma is a decimal sign.
///
/// It is not read but said, with what mends it: 1,234 may be a thousand or a little more than one.
struct ForeignSeparator {
  let sentence: String

  /// Nil where the header is one of commas, or of none of the separators known.
  init?(_ header: [String], rows: ArraySlice<CSVRows.Row>) {
    let whole = header.joined(separator: ",")
    let found = [(";", "\";\"", ";"), ("\t", "tabs", "\\t"), ("|", "\"|\"", "|")].first {
      let names = Self.names(whole, $0.0)
      return ["variant", "seed", "score"].allSatisfy(names.contains)
    }
    guard let (separator, name, escaped) = found else { return nil }
    let place = Self.names(whole, separator).firstIndex(of: "score") ?? 0
    let hasCommas = rows.contains { row in
      let fields = Self.names(row.fields.joined(separator: ","), separator)
      return place < fields.count && fields[place].contains(",")
    }
    sentence =
      "the columns are divided by \(name)"
      + (hasCommas ? " and scores have a decimal comma" : "")
      + "; allowed: commas\(hasCommas ? " and a decimal point" : ""); mended by: "
      + (hasCommas
        ? "sed 's/,/./g; s/\(escaped)/,/g' FILE > mended.csv"
        : "tr '\(escaped)' ',' < FILE > mended.csv")
      + ", where no name has a comma"
  }

  private static func names(_ line: String, _ separator: String) -> [String] {
    line.split(separator: separator, omittingEmptySubsequences: false).map {
      String($0).trimmed.replacing("\"", with: "")
    }
  }
}
