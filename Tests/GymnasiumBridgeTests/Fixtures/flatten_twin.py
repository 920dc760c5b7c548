# SPDX-License-Identifier: MIT
"""Holds `Numbers` of the worker, above, against Gymnasium's own `flatten`, on drawn spaces."""

import gymnasium
import numpy
from gymnasium import spaces

draws = numpy.random.default_rng(7)


def sizes(low=1, high=4):
    return [int(size) for size in draws.integers(1, 4, draws.integers(low, high))]


def drawn(depth):
    kind = int(draws.integers(0, 7 if depth < 3 else 5))
    if kind == 0:
        return spaces.Discrete(int(draws.integers(1, 6)), start=int(draws.integers(-3, 4)))
    if kind == 1:
        counts = numpy.array(draws.integers(1, 5, sizes()))
        return spaces.MultiDiscrete(counts, start=draws.integers(-2, 3, counts.shape))
    if kind == 2:
        return spaces.MultiBinary(sizes())
    if kind == 3:
        kind = [numpy.float32, numpy.float64, numpy.int16, numpy.int64][draws.integers(0, 4)]
        return spaces.Box(-9, 9, tuple(sizes(0)), kind)
    if kind == 4:
        return spaces.Box(0, 255, tuple(sizes()), numpy.uint8)
    if kind == 5:
        return spaces.Tuple([drawn(depth + 1) for _ in range(draws.integers(1, 4))])
    names = [str(name) for name in draws.permutation(list("zyxab"))[: draws.integers(1, 4)]]
    parts = {name: drawn(depth + 1) for name in names}
    return spaces.Dict(parts if draws.integers(0, 2) else list(parts.items()))


def divided(space, seen):
    """Bytes divided by 255, as a policy sees them."""
    if isinstance(space, spaces.Tuple):
        return tuple(divided(part, one) for part, one in zip(space.spaces, seen))
    if isinstance(space, spaces.Dict):
        return {name: divided(part, seen[name]) for name, part in space.spaces.items()}
    is_bytes = isinstance(space, spaces.Box) and space.dtype == numpy.uint8
    return seen.astype(numpy.float32) / numpy.float32(255) if is_bytes else seen


def as_reals(space):
    """The same space with bytes as numbers."""
    if isinstance(space, spaces.Tuple):
        return spaces.Tuple([as_reals(part) for part in space.spaces])
    if isinstance(space, spaces.Dict):
        return spaces.Dict([(name, as_reals(part)) for name, part in space.spaces.items()])
    is_bytes = isinstance(space, spaces.Box) and space.dtype == numpy.uint8
    return spaces.Box(0, 1, space.shape, numpy.float32) if is_bytes else space


kinds, parts = set(), 0
for number in range(400):
    space = drawn(0)
    space.seed(number)
    numbers = Numbers(spaces, space)
    slot = numbers.slot(bytearray(numbers.byte_count))
    for _ in range(3):
        seen = space.sample()
        numbers.write(seen, slot)
        expected = spaces.flatten(as_reals(space), divided(space, seen))
        assert slot.shape == expected.shape, space
        assert (slot == expected.astype(numpy.float32)).all(), (space, seen, slot, expected)
    kinds.add(type(space).__name__)
    parts = max(parts, len(numbers.parts))
print(len(kinds), "kinds", "many parts" if parts > 8 else parts)
