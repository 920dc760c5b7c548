# SPDX-License-Identifier: MIT
"""What an action is: numbers from the parent, handed over in the space's own type.

A part of the worker: `PythonSetup.script` puts the files of this folder together.
"""

import struct

# Actions of a Discrete space, and entries of any other.
MOST_ACTIONS, MOST_ENTRIES = 4096, 4096
NUMBER = struct.Struct("<i")
ACTIONS_ALLOWED = "Discrete, MultiDiscrete, MultiBinary, and Box of floating-point numbers"


class Actions:
    """The actions of a space: `facts` for the parent, and `take` for each that comes."""

    def __init__(self, spaces, env):
        import numpy

        space = env.action_space
        if isinstance(space, spaces.Discrete):
            self.discrete(space, env)
        elif isinstance(space, (spaces.MultiDiscrete, spaces.MultiBinary)):
            self.product(numpy, space)
        elif isinstance(space, spaces.Box) and space.dtype.kind == "f":
            self.box(numpy, space)
        else:
            raise Refusal(
                f"its actions are {shown(space)}; allowed: {ACTIONS_ALLOWED}; a wrapper can make "
                f"such actions of others{READ_ON}")

    def discrete(self, space, env):
        count, start = int(space.n), int(space.start)
        if not 2 <= count <= MOST_ACTIONS:
            raise Refusal(f"it has {count:,} actions; allowed: 2 to {MOST_ACTIONS:,}")
        # What the space's own `sample` gives, such as numpy.int64.
        values = [space.dtype.type(start + i) for i in range(count)]
        self.facts = {"kind": "discrete", "names": action_names(env, count, start)}
        self.take = lambda given: values[NUMBER.unpack(given)[0]]

    def product(self, numpy, space):
        counts = getattr(space, "nvec", None)
        counts = numpy.full(space.shape, 2) if counts is None else counts
        start = numpy.broadcast_to(getattr(space, "start", 0), space.shape)
        self.check(space, counts.size)
        self.facts = {"kind": "product", "counts": [int(count) for count in counts.ravel()]}
        self.take = lambda given: (
            numpy.frombuffer(given, "<i4").reshape(space.shape) + start).astype(space.dtype)

    def box(self, numpy, space):
        self.check(space, int(numpy.prod(space.shape)))

        def ends(given, inwards):
            # The nearest 32-bit floats that the space contains.
            given = given.ravel()
            with numpy.errstate(over="ignore"):
                near = given.astype(numpy.float32)
            outside = near > given if inwards < 0 else near < given
            near[outside] = numpy.nextafter(near[outside], numpy.float32(inwards * numpy.inf))
            return [float(end) if numpy.isfinite(end) else None for end in near]

        self.facts = {"kind": "box", "low": ends(space.low, 1), "high": ends(space.high, -1)}
        # A copy, since an environment may write to it.
        self.take = lambda given: (
            numpy.frombuffer(given, "<f4").reshape(space.shape).astype(space.dtype))

    @staticmethod
    def check(space, entries):
        if not 1 <= entries <= MOST_ENTRIES:
            raise Refusal(
                f"its actions are {shown(space)}, {entries:,} entries; allowed: 1 to "
                f"{MOST_ENTRIES:,}")


def action_names(env, count, start):
    """The environment's own names where it has one for each action, outermost first; else numbers."""
    level = env
    while True:
        meanings = getattr(level, "get_action_meanings", None)
        if callable(meanings):
            try:
                names = [str(name) for name in meanings()]
            except Exception:
                names = []
            if len(names) == count == len(set(names)):
                return names
        if level is env.unwrapped:
            break
        level = level.env
    return [str(start + i) for i in range(count)]
