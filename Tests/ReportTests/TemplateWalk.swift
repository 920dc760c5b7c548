// SPDX-License-Identifier: MIT

import Foundation
import Report

/// Walks templates beside the values that they show, as Mustache does, and notes each tag for which
/// no property is in sight, where Mustache would silently write nothing.
struct TemplateWalk {
  /// `template: tag` where nothing is in sight.
  private(set) var missing: Set<String> = []
  private var seen: Set<String> = []
  private let templates = Dictionary(
    uniqueKeysWithValues: PageTemplates.sources.map { ($0.name, Self.tokens($0.text)) })

  /// `template: tag` of tags that no walk has come to.
  var unseen: [String] {
    templates.flatMap { name, tokens in tokens.map { "\(name): \($0)" } }
      .filter { !$0.contains(": /") && !seen.contains($0) }.sorted()
  }

  mutating func visit(_ name: String, with value: Any) throws {
    walk(name, templates[name] ?? [], [value])
  }

  private mutating func walk(_ name: String, _ tokens: [String], _ stack: [Any]) {
    var at = 0
    while at < tokens.count {
      let token = tokens[at]
      seen.insert("\(name): \(token)")
      at += 1
      switch token.first {
      case ">":
        let part = String(token.dropFirst().drop { $0 == " " })
        walk(part, templates[part] ?? [], stack)
      case "#", "^":
        let end = Self.end(of: token, in: tokens, from: at)
        let inner = Array(tokens[at..<end])
        at = end + 1
        section(name, token, inner, stack)
      default:
        if token != "." && value(token, in: stack) == nil { missing.insert("\(name): \(token)") }
      }
    }
  }

  private mutating func section(
    _ name: String, _ token: String, _ inner: [String], _ stack: [Any]
  ) {
    var tag = String(token.dropFirst())
    if tag.hasPrefix("empty("), tag.hasSuffix(")") { tag = String(tag.dropFirst(6).dropLast()) }
    guard let found = value(tag, in: stack) else {
      missing.insert("\(name): \(token)")
      return
    }
    if token.contains("empty(") {
      let isEmpty = (found as? [Any])?.isEmpty ?? true
      if isEmpty == token.hasPrefix("#") { walk(name, inner, stack) }
    } else if let flag = found as? Bool {
      if flag { walk(name, inner, stack) }
    } else if let elements = found as? [Any] {
      for element in elements { walk(name, inner, stack + [element]) }
    } else if let some = Self.unwrapped(found) {
      walk(name, inner, stack + [some])
    }
  }

  /// The property's value, which may be an empty optional; nil where there is no such property.
  private func value(_ tag: String, in stack: [Any]) -> Any? {
    let parts = tag.split(separator: ".").map(String.init)
    guard let first = parts.first else { return stack.last }
    for object in stack.reversed() {
      guard var found = Self.child(first, of: object) else { continue }
      for part in parts.dropFirst() {
        guard let next = Self.child(part, of: found) else { return nil }
        found = next
      }
      return found
    }
    return nil
  }

  private static func child(_ name: String, of object: Any) -> Any? {
    Mirror(reflecting: object).children.first { $0.label == name }?.value
  }

  private static func unwrapped(_ value: Any) -> Any? {
    let mirror = Mirror(reflecting: value)
    return mirror.displayStyle == .optional ? mirror.children.first?.value : value
  }

  private static func end(of token: String, in tokens: [String], from start: Int) -> Int {
    let name = token.dropFirst()
    var depth = 1
    for index in start..<tokens.count {
      let other = tokens[index]
      guard other.dropFirst() == name else { continue }
      if other.first == "/" {
        depth -= 1
      } else if other.first == "#" || other.first == "^" {
        depth += 1
      }
      if depth == 0 { return index }
    }
    return tokens.count
  }

  /// The insides of all tags, in order.
  private static func tokens(_ text: String) -> [String] {
    text.components(separatedBy: "{{").dropFirst().map { piece in
      var tag = piece.prefix { $0 != "}" }
      while let first = tag.first, "{ ".contains(first) { tag = tag.dropFirst() }
      return String(tag)
    }
  }
}
