// SPDX-License-Identifier: MIT

/// What Swift's runtime says of a crash: of hundreds of lines, the two that tell what failed where.
///
/// An optimized program has no sentences of preconditions, so that the place is all that is known.
struct CrashReport: Sendable {
  private var failure: String?
  private var place: String?

  /// Such as `Swift runtime failure: precondition failure in Network.init(form:), Network.swift:57`;
  /// nil where nothing crashed.
  var sentence: String? {
    guard let failure else { return nil }
    return place.map { "\(failure) in \($0)" } ?? failure
  }

  /// Takes in the next line.
  mutating func read(_ line: String) {
    guard failure != nil else {
      failure = Self.marks.firstNonNil { mark in
        line.firstRange(of: mark).map { String(line[$0.lowerBound...]) }
      }.map { text in String(text.trimming { $0 == "*" || $0 == " " }) }
      return
    }
    if place == nil { place = Self.place(line) }
  }

  private static let marks = ["Fatal error: ", "Swift runtime failure: ", "Program crashed: "]

  /// `Network.init(form:), Network.swift:57` of a frame of our own.
  ///
  ///     3 [ra] 0x000055e7c5daa703 Network.init(form:) + 162 in rallybook at …/Network.swift:57:14
  private static func place(_ line: String) -> String? {
    guard let address = line.firstRange(of: "0x"),
      let function = line[address.upperBound...].firstRange(of: " "),
      let place = line.firstRange(of: " in rallybook at "),
      function.upperBound < place.lowerBound,
      line[place.upperBound...].contains("Sources/")
    else { return nil }
    let file = line[place.upperBound...].split(separator: "/").last ?? ""
    let parts = file.split(separator: ":")
    guard parts.count >= 2, parts[0].hasSuffix(".swift") else { return nil }
    let name = line[function.upperBound..<place.lowerBound]
    let plain = name.firstRange(of: " + ").map { name[..<$0.lowerBound] } ?? name
    let own = plain.hasPrefix("specialized ") ? plain.dropFirst("specialized ".count) : plain
    return "\(own), \(parts[0]):\(parts[1])"
  }
}

extension Sequence {
  fileprivate func firstNonNil<Found>(_ find: (Element) -> Found?) -> Found? {
    for element in self {
      if let found = find(element) { return found }
    }
    return nil
  }
}

extension StringProtocol {
  fileprivate func trimming(_ isDropped: (Character) -> Bool) -> SubSequence {
    var rest = self[...]
    while let first = rest.first, isDropped(first) { rest.removeFirst() }
    while let last = rest.last, isDropped(last) { rest.removeLast() }
    return rest
  }
}
