// SPDX-License-Identifier: MIT

import Artifacts
import Kernels
import Policies

/// A convolutional network without biases and hidden layers in plain loops and dictionaries, its
/// sums in the order of the fast one: every bit has to be equal.
final class SlowConvolution {
  private let shape: ConvolutionShape
  private let outputs: Int
  private let capacity: Int
  /// w1, w2 … as people expect them, and their gradients.
  private var weights: [[Float]]
  private(set) var gradients: [[Float]]
  /// The gradient's components in the order in which they came, and Σ ∂J/∂outputs of each.
  private var members: [[Entry]] = []
  private var gathered: [[Entry]: [Float]] = [:]

  /// An input of a layer that differs from 0.
  private struct Entry: Hashable {
    var channel: Int
    var y: Int
    var x: Int
    var value: Float
  }

  /// Where a sum stands.
  private struct Place: Hashable {
    var y: Int
    var x: Int
  }

  /// One layer's outputs: its sums in the order in which they were reached, and what it sends on.
  private struct Map {
    var places: [Place] = []
    var sums: [Place: [Float]] = [:]
    var entries: [Entry] = []
  }

  /// - Parameter capacity: components of the table; half of it is a gradient's.
  init(_ network: ConvolutionalNetwork, capacity: Int) {
    shape = network.shape
    outputs = network.outputCount
    self.capacity = capacity
    weights = network.tensors(of: network.parameters, prefix: "").map(\.values)
    gradients = weights.map { $0.map { _ in 0 } }
  }

  func forward(_ picture: [(place: Int, value: Float)]) -> [Float] {
    components(picture).reduce([Float](repeating: 0, count: outputs)) { sum, component in
      zip(sum, response(run(component)[shape.layers.count - 1])).map { $0 + $1 }
    }
  }

  func accumulate(_ picture: [(place: Int, value: Float)], _ g: [Float]) {
    if members.count + shape.last.positions > capacity / 2 { fold() }
    for component in components(picture) {
      if gathered[component] == nil { members.append(component) }
      gathered[component] = zip(gathered[component] ?? g.map { _ in 0 }, g).map { $0 + $1 }
    }
  }

  func fold() {
    for component in members { backpropagate(component, gathered[component] ?? []) }
    (members, gathered) = ([], [:])
  }

  /// Output positions whose windows a layer's input stands in, row by row.
  private func windows(_ l: Int, _ y: Int, _ x: Int) -> [Place] {
    let layer = shape.layers[l]
    func along(_ pixel: Int, _ count: Int) -> [Int] {
      (0..<count).filter { (0..<layer.kernel).contains(pixel - $0 * layer.stride) }
    }
    return along(y, layer.outputHeight).flatMap { y in
      along(x, layer.outputWidth).map { Place(y: y, x: $0) }
    }
  }

  /// Positions of the last layer within whose windows a place of the picture lies: rectangles from
  /// the first to the last pixel that they depend on.
  private func whole(_ entry: Entry) -> Set<Place> {
    func along(_ pixel: Int, _ count: Int) -> [Int] {
      (0..<count).filter { position in
        let (first, last) = shape.layers.reversed().reduce((position, position)) { span, layer in
          (span.0 * layer.stride, span.1 * layer.stride + layer.kernel - 1)
        }
        return (first...last).contains(pixel)
      }
    }
    let columns = along(entry.x, shape.last.outputWidth)
    return Set(
      along(entry.y, shape.last.outputHeight).flatMap { y in columns.map { Place(y: y, x: $0) } })
  }

  private func components(_ picture: [(place: Int, value: Float)]) -> [[Entry]] {
    let (height, width) = (shape.layers[0].height, shape.layers[0].width)
    var groups: [(entries: [Int], windows: Set<Place>)] = []
    let entries = picture.map { place, value in
      Entry(
        channel: place / (height * width), y: place / width % height, x: place % width,
        value: value)
    }
    for (i, entry) in entries.enumerated() {
      var joined: (entries: [Int], windows: Set<Place>) = ([i], whole(entry))
      if joined.windows.isEmpty { continue }
      for group in groups where !group.windows.isDisjoint(with: joined.windows) {
        joined = (group.entries + joined.entries, group.windows.union(joined.windows))
      }
      groups.removeAll { $0.windows.isSubset(of: joined.windows) }
      groups.append(joined)
    }
    return groups.map { $0.entries.sorted() }.sorted { $0[0] < $1[0] }
      .map { $0.map { entries[$0] } }
  }

  private func weight(_ l: Int, _ f: Int, _ entry: Entry, _ place: Place) -> Int {
    let layer = shape.layers[l]
    let (y, x) = (entry.y - place.y * layer.stride, entry.x - place.x * layer.stride)
    return ((f * layer.channels + entry.channel) * layer.kernel + y) * layer.kernel + x
  }

  private func run(_ component: [Entry]) -> [Map] {
    var (maps, below): ([Map], [Entry]) = ([], component)
    for (l, layer) in shape.layers.enumerated() {
      var map = Map()
      for (position, entries) in positions(below) {
        for place in windows(l, position.y, position.x) {
          if map.sums[place] == nil { map.places.append(place) }
          for entry in entries {
            let sums = map.sums[place] ?? [Float](repeating: 0, count: layer.filters)
            map.sums[place] = sums.enumerated().map { f, sum in
              sum + weights[l][weight(l, f, entry, place)] * entry.value
            }
          }
        }
      }
      for place in map.places {
        for (f, sum) in (map.sums[place] ?? []).enumerated() where sum > 0 {
          map.entries.append(Entry(channel: f, y: place.y, x: place.x, value: sum))
        }
      }
      maps.append(map)
      below = map.entries
    }
    return maps
  }

  /// Neighbouring entries of one position; in a picture, every entry for itself.
  private func positions(_ entries: [Entry]) -> [(Place, [Entry])] {
    var result: [(Place, [Entry])] = []
    for entry in entries {
      let place = Place(y: entry.y, x: entry.x)
      if let last = result.last, last.0 == place {
        result[result.count - 1].1.append(entry)
      } else {
        result.append((place, [entry]))
      }
    }
    return result
  }

  private func row(_ entry: Entry, _ o: Int) -> Int {
    let last = shape.last
    return o * last.outputs
      + (entry.channel * last.outputHeight + entry.y) * last.outputWidth + entry.x
  }

  private func response(_ map: Map) -> [Float] {
    let w = weights[shape.layers.count]
    return (0..<outputs).map { o in
      map.entries.reduce(0) { $0 + $1.value * w[row($1, o)] }
    }
  }

  private func backpropagate(_ component: [Entry], _ g: [Float]) {
    let maps = run(component)
    let head = shape.layers.count
    var values = maps[head - 1].entries.map { entry in
      (0..<outputs).map { weights[head][row(entry, $0)] }.lanewiseDot(g, partialSums: 2)
    }
    for entry in maps[head - 1].entries {
      for o in 0..<outputs { gradients[head][row(entry, o)] += g[o] * entry.value }
    }
    for l in shape.layers.indices.reversed() {
      var deltas = maps[l].sums.mapValues { $0.map { _ in Float(0) } }
      for (entry, value) in zip(maps[l].entries, values) {
        deltas[Place(y: entry.y, x: entry.x)]?[entry.channel] = value
      }
      let below = l > 0 ? maps[l - 1].entries : component
      for (position, entries) in positions(below) {
        for place in windows(l, position.y, position.x) {
          for entry in entries {
            for (f, delta) in (deltas[place] ?? []).enumerated() {
              gradients[l][weight(l, f, entry, place)] += delta * entry.value
            }
          }
        }
      }
      values = below.map { entry in
        var (w, d): ([Float], [Float]) = ([], [])
        for place in windows(l, entry.y, entry.x) {
          let delta = deltas[place] ?? []
          let padding = [Float](repeating: 0, count: (8 - delta.count % 8) % 8)
          w += delta.indices.map { weights[l][weight(l, $0, entry, place)] } + padding
          d += delta + padding
        }
        return w.lanewiseDot(d, partialSums: 1)
      }
    }
  }
}

extension [Float] {
  /// Σ x·y in eight lanes, their values added in turn to so many partial sums; then these, and at
  /// last the lanes, pairs at distance 4, 2 and 1.
  fileprivate func lanewiseDot(_ y: [Float], partialSums: Int) -> Float {
    var sums = [[Float]](repeating: [Float](repeating: 0, count: 8), count: partialSums)
    let whole = count / 8 / partialSums * partialSums
    for i in indices {
      let sum = i / 8 < whole ? i / 8 % partialSums : 0
      sums[sum][i % 8] += self[i] * y[i]
    }
    var lanes = sums.dropFirst().reduce(sums[0]) { zip($0, $1).map { $0 + $1 } }
    for distance in [4, 2, 1] {
      for i in 0..<distance { lanes[i] += lanes[i + distance] }
    }
    return lanes[0]
  }
}
