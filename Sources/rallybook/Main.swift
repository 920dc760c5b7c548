// SPDX-License-Identifier: MIT

import Commands

@main
struct Main {
  static func main() async { await Rallybook.start() }
}
