// SPDX-License-Identifier: MIT

package import Mustache

/// The page's templates, style sheet and script, as they were embedded in the program.
package enum PageTemplates {
  /// Every template's source by name; `page` is the whole, the others are its parts.
  package static var sources: [(name: String, text: String)] {
    [
      ("index", PackageResources.index_mustache),
      ("compare", PackageResources.compare_mustache),
      ("page", PackageResources.page_mustache), ("game", PackageResources.game_mustache),
      ("answer", PackageResources.answer_mustache), ("search", PackageResources.search_mustache),
      ("figure", PackageResources.figure_mustache), ("curves", PackageResources.curves_mustache),
      ("table", PackageResources.table_mustache), ("section", PackageResources.section_mustache),
      ("filters", PackageResources.filters_mustache),
      ("tile", PackageResources.tile_mustache), ("player", PackageResources.player_mustache),
      ("replay", PackageResources.replay_mustache), ("health", PackageResources.health_mustache),
      ("notes", PackageResources.notes_mustache),
      ("configuration", PackageResources.configuration_mustache),
      ("trials", PackageResources.trials_mustache),
      ("provenance", PackageResources.provenance_mustache),
    ].map { ($0.0, text($0.1)) }
  }

  static var styleSheet: String { text(PackageResources.style_css) }
  static var tableScript: String { text(PackageResources.page_js) }
  static var filterScript: String { text(PackageResources.filters_js) }
  static var replayScript: String { text(PackageResources.replay_js) }

  /// All templates, each with our own escaping.
  package static func library() throws -> MustacheLibrary {
    MustacheContentTypes.register(HTMLText(), named: HTMLText.contentTypeName)
    var library = MustacheLibrary()
    for source in sources {
      // A part forgets the escaping of the whole, so each asks for it by itself.
      try library.register(
        "{{% CONTENT_TYPE: \(HTMLText.contentTypeName)}}\n" + source.text, named: source.name)
    }
    return library
  }

  /// What a template makes of a view.
  static func rendered(_ view: Any, _ name: String) throws(ReportError) -> String {
    let library: MustacheLibrary
    do {
      library = try Self.library()
    } catch {
      throw ReportError(.template, path: "\(name).mustache", detail: "\(error)")
    }
    guard let text = library.render(view, withTemplate: name) else {
      throw ReportError(.template, path: name, detail: "there is no template `\(name)`")
    }
    return text
  }

  private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
