// SPDX-License-Identifier: MIT

import Testing

@testable import Plotting

@Suite struct FilterPixelsTests {
  @Test("Positive is white, negative black, zero mid grey, on one scale")
  func shared() {
    let image = filterGridPixels(
      tiles: [[2, -2], [0, 1], [.nan, -1]], tileWidth: 2, tileHeight: 1, columns: 2, gap: 1,
      gapGrey: 7, levels: 255)
    #expect(image.width == 5 && image.height == 3)
    #expect(
      image.bytes == [
        255, 1, 7, 128, 192,
        7, 7, 7, 7, 7,
        128, 64, 7, 7, 7,
      ])
  }

  @Test("The post's grid of 40 tiles has its size, and no tiles give one empty place")
  func size() {
    let tiles = [[Float]](repeating: [Float](repeating: 0.5, count: 6400), count: 40)
    let image = filterGridPixels(
      tiles: tiles, tileWidth: 80, tileHeight: 80, columns: 8, gap: 2, gapGrey: 128,
      levels: 255)
    #expect(image.width == 8 * 82 - 2 && image.height == 5 * 82 - 2)
    let none = filterGridPixels(
      tiles: [], tileWidth: 4, tileHeight: 3, columns: 8, gap: 2, gapGrey: 128,
      levels: 255)
    #expect(none.width == 4 && none.height == 3)
  }
}
