// SPDX-License-Identifier: MIT

import ArgumentParser
import Diagnostics

/// A length of time on the command line: `90`, `90s`, `15m`, `2h`, `1d`; a number alone is seconds.
struct DurationArgument: ExpressibleByArgument, Hashable {
  let seconds: Double

  init(seconds: Double) { self.seconds = seconds }

  init?(argument: String) {
    let units: [Character: Double] = ["s": 1, "m": 60, "h": 3_600, "d": 86_400]
    guard let last = argument.last else { return nil }
    let unit = units[last]
    let digits = unit == nil ? argument : String(argument.dropLast())
    guard digits.allSatisfy({ $0.isASCII && ($0.isNumber || $0 == ".") }),
      let number = Double(digits), number > 0, number * (unit ?? 1) <= 1e9
    else { return nil }
    seconds = number * (unit ?? 1)
  }

  var defaultValueDescription: String { Durations.text(seconds) }
}
