// SPDX-License-Identifier: MIT

/// A page with one game and nothing else: what `play --save FILE.html` writes.
package struct PlayerPage {
  var securityPolicy = ""
  var icon = ""
  var styleSheet = ""
  var script = ""
  var title: String
  var lead: String
  var replay: ReplayView
}
