// SPDX-License-Identifier: MIT

import Environments
import Kernels
import Randomness
import Testing

@Suite("Permuted entries")
struct PermutationTests {
  @Test("A permutation reaches every entry once, and follows from root seed and size alone")
  func bijection() {
    let permutation = EntryPermutation(count: 6400, root: 0)
    #expect(permutation.places.sorted() == Array(0..<6400))
    #expect(permutation == EntryPermutation(count: 6400, root: 0))
    #expect(permutation != EntryPermutation(count: 6400, root: 1))
    let fixed = permutation.places.enumerated().filter { $0.offset == Int($0.element) }.count
    #expect(fixed < 10, "\(fixed) entries stay; about one is expected")
  }

  @Test("Every entry, plus or minus, goes where the permutation says")
  func signs() throws {
    let plain = ContractTests.pong(ContractTests.picture("difference"))
    let permutation = EntryPermutation(count: 6400, root: 3)
    let shuffled = PermutedEnvironment(
      ContractTests.pong(ContractTests.picture("difference")), root: 3)
    try plain.reset(draws: Xoshiro256(seed: 2))
    try shuffled.reset(draws: Xoshiro256(seed: 2))
    var lit = 0
    for decision in 0..<400 {
      let (a, b) = (observed(plain), observed(shuffled))
      #expect((0..<6400).allSatisfy { b[Int(permutation.places[$0])] == a[$0] })
      lit += a.filter { $0 != 0 }.count
      #expect(try plain.step(.number(decision / 5 % 2)) == shuffled.step(.number(decision / 5 % 2)))
    }
    #expect(lit > 1000)
    #expect(shuffled.innermost is PongEnvironment)
  }

  @Test("Numbers are shuffled behind what is there already")
  func numbers() throws {
    let permutation = EntryPermutation(count: 4, root: 11)
    let shuffled = PermutedEnvironment(CartPole(), root: 11)
    let plain = CartPole()
    try shuffled.reset(draws: Xoshiro256(seed: 1))
    plain.reset(draws: Xoshiro256(seed: 1))
    let (a, b) = (observed(plain), observed(shuffled))
    #expect((0..<4).allSatisfy { b[Int(permutation.places[$0])] == a[$0] })
    #expect(a != b)
  }

  /// A cart whose step is taken when its outcome is asked for.
  final class DistantCart: RemoteEnvironment {
    private let cart = CartPole()
    private var asked: Action = 0
    var form: ObservationForm { cart.form }
    var actions: ActionSpace { cart.actions }
    func reset(draws: Xoshiro256) { cart.reset(draws: draws) }
    func step(_ action: Action) -> Transition { cart.step(action) }
    func observe(into numbers: inout [Float]) { cart.observe(into: &numbers) }
    func submit(_ action: Action) { asked = action }
    func collect() -> Transition { cart.step(asked) }
  }

  @Test("What is stepped elsewhere stays so")
  func remote() throws {
    let shuffled = PermutedEnvironment(DistantCart(), root: 1)
    let remote = try #require(shuffled.remote)
    try remote.reset(draws: Xoshiro256(seed: 1))
    remote.submit(1)
    #expect(try remote.collect().reward == 1)
    #expect(PermutedEnvironment(CartPole(), root: 1).remote == nil)
  }
}
