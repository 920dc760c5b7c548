// SPDX-License-Identifier: MIT

import Testing

@testable import Plotting

@Suite struct DownsamplingTests {
  @Test("No extreme, no point and no sum is lost", arguments: 0..<40)
  func keepsExtremes(seed: Int) {
    var noise = Noise(seed: UInt64(seed))
    let count = 1 + seed * 97
    let y = (0..<count).map { _ in noise.next() > 0.95 ? .nan : noise.next() * 100 }
    let few = downsampled(x: (0..<count).map(Double.init), y: y)
    let finite = y.filter(\.isFinite)
    #expect(few.x.count <= 500)
    #expect(few.counts.reduce(0, +) == count)
    #expect(few.minimum.filter(\.isFinite).min() == finite.min())
    #expect(few.maximum.filter(\.isFinite).max() == finite.max())
    #expect(few.x == few.x.sorted())
    for i in few.x.indices where few.mean[i].isFinite {
      #expect(few.minimum[i] <= few.mean[i] && few.mean[i] <= few.maximum[i])
    }
    let sizes = few.counts
    #expect((sizes.max() ?? 0) - (sizes.min() ?? 0) <= 1)
  }

  @Test("A short series stays as it is, gaps included")
  func short() {
    let few = downsampled(x: [1, 2, 3], y: [4, .nan, -6])
    #expect(few.x == [1, 2, 3])
    #expect(few.mean[0] == 4 && few.mean[1].isNaN && few.mean[2] == -6)
    #expect(!few.isThinned)
    #expect(downsampled(x: [], y: []).mean.isEmpty)
  }
}
