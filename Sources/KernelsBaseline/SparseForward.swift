// SPDX-License-Identifier: MIT

package import KernelLoops

extension Loops {
  package static func addColumns(
    weights: UnsafePointer<Lane>, lanes: Int, base: UnsafePointer<Lane>,
    indices: UnsafePointer<UInt16>, plus: Int, total: Int, out: UnsafeMutablePointer<Lane>
  ) {
    var start = 0
    while start < lanes {
      let left = lanes &- start
      let w = weights + start
      if left >= 13 {
        var (a, b, c) = (
          Lanes32(base + start), Lanes32(base + start + 4), Lanes32(base + start + 8)
        )
        var e = base[start &+ 12]
        var i = 0
        while i < plus {
          let p = w + Int(indices[i]) &* lanes
          a.add(p)
          b.add(p + 4)
          c.add(p + 8)
          e += p[12]
          i &+= 1
        }
        while i < total {
          let p = w + Int(indices[i]) &* lanes
          a.subtract(p)
          b.subtract(p + 4)
          c.subtract(p + 8)
          e -= p[12]
          i &+= 1
        }
        a.store(out + start)
        b.store(out + start + 4)
        c.store(out + start + 8)
        out[start &+ 12] = e
        start &+= 13
      } else if left >= 12 {
        var (a, b, c) = (
          Lanes32(base + start), Lanes32(base + start + 4), Lanes32(base + start + 8)
        )
        var i = 0
        while i < plus {
          let p = w + Int(indices[i]) &* lanes
          a.add(p)
          b.add(p + 4)
          c.add(p + 8)
          i &+= 1
        }
        while i < total {
          let p = w + Int(indices[i]) &* lanes
          a.subtract(p)
          b.subtract(p + 4)
          c.subtract(p + 8)
          i &+= 1
        }
        a.store(out + start)
        b.store(out + start + 4)
        c.store(out + start + 8)
        start &+= 12
      } else if left >= 4 {
        var a = Lanes32(base + start)
        var i = 0
        while i < plus {
          a.add(w + Int(indices[i]) &* lanes)
          i &+= 1
        }
        while i < total {
          a.subtract(w + Int(indices[i]) &* lanes)
          i &+= 1
        }
        a.store(out + start)
        start &+= 4
      } else {
        var a = base[start]
        var i = 0
        while i < plus {
          a += w[Int(indices[i]) &* lanes]
          i &+= 1
        }
        while i < total {
          a -= w[Int(indices[i]) &* lanes]
          i &+= 1
        }
        out[start] = a
        start &+= 1
      }
    }
  }
}
