// SPDX-License-Identifier: MIT

import ArgumentParser
import Diagnostics

/// Writes a line for people to standard output. Whatever a file put into it, it stays one line and
/// moves no cursor.
func say(_ line: String) { StandardStream.output.writeAll(DisplayText.escaped(line) + "\n") }

/// The same for several lines, ended by line feeds.
func say(lines: String) { StandardStream.output.writeAll(DisplayText.escapedLines(lines) + "\n") }

/// Writes a line that is safe to show already, and may be coloured.
func say(rendered line: String) { StandardStream.output.writeAll(line + "\n") }

/// Writes a JSON text as a line to standard output, for programs.
func say(json: String) { StandardStream.output.writeAll(DisplayText.escapedJSON(json) + "\n") }

/// Writes lines to standard error: progress, warnings and errors go there.
func printError(_ text: String) { printError(rendered: DisplayText.escapedLines(text)) }

/// The same for one line, whatever stands in it.
func printError(line: String) { printError(rendered: DisplayText.escaped(line)) }

/// The same for what is safe to show already, and may be coloured.
func printError(rendered text: String) {
  let line = text.hasSuffix("\n") ? text : text + "\n"
  StandardStream.error.write(line)
  StandardStream.error.settle()
}

extension ColorChoice: ExpressibleByArgument {}
