// SPDX-License-Identifier: MIT

import ArgumentParser
import Diagnostics
import FoundationEssentials
import Trials

/// `rallybook man`
struct ManualCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "man", abstract: "Print the manual's page, which `make install` installs.",
    discussion: "rallybook man | man -l -")

  func run() throws {
    let help = try JSONDecoder().decode(
      Manual.self, from: Data(Rallybook._dumpHelp().utf8))
    StandardStream.output.writeAll(help.page)
  }
}

/// The command line's descriptions, as the parser gives them, as a page for `man` (man(7)).
private struct Manual: Decodable {
  struct Command: Decodable {
    let commandName: String
    let shouldDisplay: Bool
    let abstract: String?
    let discussion: String?
    let subcommands: [Command]?
    let arguments: [Argument]?
  }

  struct Argument: Decodable {
    struct Name: Decodable {
      let kind: String
      let name: String
    }

    let kind: String
    let shouldDisplay: Bool
    let isOptional: Bool
    let isRepeating: Bool
    let names: [Name]?
    let valueName: String?
    let defaultValue: String?
    let abstract: String?
  }

  let command: Command

  var page: String {
    ".TH RALLYBOOK 1 \"\" \"Rallybook \(Version.text)\"\n.SH NAME\n"
      + "rallybook \\- \(escaped(command.abstract ?? ""))\n"
      + ".SH SYNOPSIS\n.B rallybook\n.I verb\n[options]\n"
      + ".SH DESCRIPTION\n\(paragraphs(command.discussion ?? ""))"
      + ".SH VERBS\n"
      + sections(of: command.subcommands ?? [], after: "")
  }

  private func sections(of commands: [Command], after verbs: String) -> String {
    commands.filter { $0.shouldDisplay && $0.commandName != "help" }.map { command in
      let verb = verbs + command.commandName
      let arguments = (command.arguments ?? []).filter(Self.isOwn)
      return ".SS \(escaped(verb))\n\(paragraphs(command.abstract ?? ""))"
        + ".PP\n.B rallybook \(escaped(verb))\n"
        + arguments.filter { $0.kind == "positional" }.map { "\(place($0))\n" }.joined()
        + "[options]\n\(command.discussion.map { paragraphs($0) } ?? "")"
        + arguments.map { ".TP\n\(heading($0))\n\(meaning($0))\n" }.joined()
        + sections(of: command.subcommands ?? [], after: verb + " ")
    }.joined()
  }

  /// Not those that every verb has.
  private static func isOwn(_ argument: Argument) -> Bool {
    argument.shouldDisplay
      && !(argument.names ?? []).contains { ["help", "version"].contains($0.name) }
  }

  private func place(_ argument: Argument) -> String {
    let name = "\\fI\(escaped(argument.valueName ?? ""))\\fR" + (argument.isRepeating ? " ..." : "")
    return argument.isOptional ? "[\(name)]" : name
  }

  private func heading(_ argument: Argument) -> String {
    if argument.kind == "positional" { return place(argument) }
    let names = (argument.names ?? []).map { name in
      "\\fB\(escaped((name.kind == "long" ? "--" : "-") + name.name))\\fR"
    }.joined(separator: ", ")
    return argument.kind == "option"
      ? "\(names) \\fI\(escaped(argument.valueName ?? ""))\\fR" : names
  }

  private func meaning(_ argument: Argument) -> String {
    let text = argument.abstract ?? ""
    return escaped(text + (argument.defaultValue.map { " Default: \($0)." } ?? ""))
  }

  /// Text between empty lines is filled; a paragraph of command lines stays as it is.
  private func paragraphs(_ text: String) -> String {
    text.split(separator: "\n\n").map { paragraph in
      let lines = paragraph.split(separator: "\n").map { escaped(String($0)) }
      let isVerbatim = lines.contains { $0.contains("   ") || $0.hasPrefix("rallybook ") }
      let body = lines.joined(separator: "\n")
      return ".PP\n" + (isVerbatim ? ".nf\n\(body)\n.fi\n" : "\(body)\n")
    }.joined()
  }

  /// Plain text of one line: no character of it is a request.
  private func escaped(_ text: String) -> String {
    let plain = text.replacing("\\", with: "\\e").replacing("-", with: "\\-")
    return plain.hasPrefix(".") || plain.hasPrefix("'") ? "\\&" + plain : plain
  }
}
