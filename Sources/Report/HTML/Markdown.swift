// SPDX-License-Identifier: MIT

import CMarkdown

/// An author's Markdown as HTML that is safe to put into the page.
enum Markdown {
  /// Headings begin one level below this, so that the page keeps its order.
  ///
  /// GitHub's flavour with tables and strikethrough. Raw HTML and links that run something are
  /// left out by the renderer; pictures become their texts, since nothing may be loaded from
  /// elsewhere.
  ///
  /// - Returns: nil where there is nothing to show.
  static func html(_ text: String, headingsBelow level: Int32 = 2) -> HTML? {
    guard text.unicodeScalars.contains(where: { !$0.properties.isWhitespace }) else { return nil }
    cmark_gfm_core_extensions_ensure_registered()
    guard let parser = cmark_parser_new(CMARK_OPT_DEFAULT | CMARK_OPT_VALIDATE_UTF8) else {
      return nil
    }
    defer { cmark_parser_free(parser) }
    for name in ["table", "strikethrough"] {
      if let found = cmark_find_syntax_extension(name) {
        cmark_parser_attach_syntax_extension(parser, found)
      }
    }
    var text = text
    text.withUTF8 { bytes in
      bytes.withMemoryRebound(to: CChar.self) {
        cmark_parser_feed(parser, $0.baseAddress, $0.count)
      }
    }
    guard let document = cmark_parser_finish(parser) else { return nil }
    defer { cmark_node_free(document) }
    tame(document, headingsBelow: level)
    guard
      let rendered = cmark_render_html(
        document, CMARK_OPT_DEFAULT, cmark_parser_get_syntax_extensions(parser))
    else { return nil }
    defer { cmark_get_default_mem_allocator().pointee.free(rendered) }
    return HTML(markup: String(cString: rendered))
  }

  /// Shifts headings down, shows raw HTML as text, and puts texts in place of pictures.
  private static func tame(_ document: OpaquePointer, headingsBelow level: Int32) {
    guard let iterator = cmark_iter_new(document) else { return }
    defer { cmark_iter_free(iterator) }
    var nodes: [OpaquePointer] = []
    while true {
      let event = cmark_iter_next(iterator)
      if event == CMARK_EVENT_DONE { break }
      if event == CMARK_EVENT_ENTER, let node = cmark_iter_get_node(iterator) { nodes.append(node) }
    }
    var previous = level
    for node in nodes {
      switch String(cString: cmark_node_get_type_string(node)) {
      case "heading":
        // Never two levels down at once, whatever the author skipped.
        previous = min(6, previous + 1, cmark_node_get_heading_level(node) + level)
        cmark_node_set_heading_level(node, previous)
      case "image": replace(node, withTextOf: node)
      case "html_inline": show(node, asBlock: false)
      case "html_block": show(node, asBlock: true)
      default: break
      }
    }
  }

  /// A hostile tag is shown, not swallowed: people see what was written.
  private static func show(_ node: OpaquePointer, asBlock: Bool) {
    guard let literal = cmark_node_get_literal(node),
      let shown = cmark_node_new(asBlock ? CMARK_NODE_CODE_BLOCK : CMARK_NODE_TEXT)
    else { return }
    cmark_node_set_literal(shown, literal)
    if cmark_node_replace(node, shown) == 1 {
      cmark_node_free(node)
    } else {
      cmark_node_free(shown)
    }
  }

  private static func replace(_ node: OpaquePointer, withTextOf image: OpaquePointer) {
    while let child = cmark_node_first_child(image) {
      cmark_node_unlink(child)
      if cmark_node_insert_before(node, child) == 0 { break }
    }
    cmark_node_unlink(node)
    cmark_node_free(node)
  }
}
