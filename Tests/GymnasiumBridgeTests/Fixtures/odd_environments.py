# SPDX-License-Identifier: MIT
"""Environments as people's own ones are: each is odd in one way."""

import os
import subprocess
import sys
import time

import gymnasium
import numpy
from gymnasium import spaces


class Odd(gymnasium.Env):
    """Four numbers; an episode has ten decisions, of which the last is truncated."""

    observation_space = spaces.Box(-numpy.inf, numpy.inf, (4,), numpy.float32)
    action_space = spaces.Discrete(2)

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.count = 0
        return self.see(), {}

    def see(self):
        return numpy.full(4, self.count, numpy.float32)

    def reward(self, action):
        return 1.0

    def step(self, action):
        self.count += 1
        return self.see(), self.reward(action), False, self.count == 10, {}


class Shown(Odd):
    """Anything as a space: each observation is `seen`."""

    def __init__(self, space, seen):
        self.observation_space, self.seen = space, seen

    def see(self):
        return self.seen


def picture(*shape):
    """0, 1, 2, …: every byte tells its place."""
    size = int(numpy.prod(shape))
    seen = numpy.arange(size, dtype=numpy.uint8).reshape(shape)
    return spaces.Box(0, 255, shape, numpy.uint8), seen


class BrokenAtThree(Odd):
    value, kind = numpy.nan, numpy.float32

    def __init__(self):
        self.observation_space = spaces.Box(-numpy.inf, numpy.inf, (4,), self.kind)

    def see(self):
        seen = numpy.zeros(4, self.kind)
        seen[2] = self.value if self.count == 3 else 0
        return seen


class InfiniteAtThree(BrokenAtThree):
    value = -numpy.inf


class HugeAtThree(BrokenAtThree):
    value, kind = 1e300, numpy.float64


class Rewarded(Odd):
    def __init__(self, given):
        self.given = given

    def reward(self, action):
        return self.given


class OldStep(Odd):
    def step(self, action):
        return self.see(), 1.0, False, {}


class OldReset(Odd):
    def reset(self, *, seed=None, options=None):
        return super().reset(seed=seed)[0]


class LongReset(Odd):
    def reset(self, *, seed=None, options=None):
        return *super().reset(seed=seed), 1


class EmptyReset(Odd):
    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)


class Flagged(Odd):
    """Whether it has ended is told at its second decision, by whatever it is."""

    def __init__(self, flag):
        self.flag = flag

    def step(self, action):
        seen, reward, _, truncated, info = super().step(action)
        return seen, reward, self.flag if self.count == 2 else 0, truncated, info


class NoSeed(Odd):
    def reset(self):
        return super().reset()


class Informed(Odd):
    """What stands in `info` is whatever it is."""

    def __init__(self, info):
        self.info = info

    def step(self, action):
        return super().step(action)[:4] + (self.info,)


class ItemAction(Odd):
    action_space = spaces.Discrete(3, start=-1)

    def reward(self, action):
        assert self.action_space.contains(action) and type(action) is numpy.int64
        return float(action.item())


class Echo(Odd):
    """Shows the action that it was given, if that is one of its space, of the space's own type."""

    def __init__(self, space):
        self.action_space, self.given = space, numpy.zeros(space.shape)
        self.observation_space = spaces.Box(-numpy.inf, numpy.inf, space.shape, numpy.float64)

    def see(self):
        return numpy.asarray(self.given, numpy.float64)

    def step(self, action):
        sampled = self.action_space.sample()
        assert type(action) is type(sampled) and action.dtype == sampled.dtype
        assert self.action_space.contains(action), action
        self.given = action.copy()
        action += 1
        return super().step(action)


class Weighted(Odd):
    def reward(self, action):
        return numpy.array([1, 10], numpy.float32)


class Twice(gymnasium.ObservationWrapper):
    """Every number of an observation, times a factor."""

    def __init__(self, env, factor=2):
        super().__init__(env)
        self.factor = factor

    def observation(self, observation):
        return observation * numpy.float32(self.factor)


class Mission(spaces.Space):
    """Text of a class of its own."""

    def __init__(self):
        super().__init__(dtype=str)


class Later(Odd):
    pass


def register_later(version=0):
    gymnasium.register(f"Later-v{version}", Later)


class BothFlags(Odd):
    def step(self, action):
        seen, reward, _, truncated, info = super().step(action)
        return seen, reward, truncated, truncated, info


class Named(Odd):
    action_space = spaces.Discrete(4)

    def __init__(self, names):
        self.names = names

    def get_action_meanings(self):
        return self.names


class Renamed(gymnasium.Wrapper):
    """Two of four actions, with names of its own."""

    def __init__(self, env):
        super().__init__(env)
        self.action_space = spaces.Discrete(2)

    def get_action_meanings(self):
        return ["LOW", "HIGH"]


class Arguments(Odd):
    def __init__(self, size=4, hard=False, more=None):
        self.observation_space = spaces.Box(-1, 1, (size,), numpy.float32)
        self.seen = numpy.array([isinstance(size, int), hard, len(more or {})] + [0] * (size - 3))

    def see(self):
        return self.seen.astype(numpy.float32)


class Sleeps(Odd):
    def step(self, action):
        time.sleep(1000)


class Parent(Odd):
    """Starts processes that hear nobody, one of them in a session of its own."""

    def __init__(self):
        deaf = "import signal, time; signal.signal(15, signal.SIG_IGN); time.sleep(1000)"
        self.children = [
            subprocess.Popen([sys.executable, "-c", deaf], start_new_session=alone)
            for alone in (False, True)
        ]
        print("children", *(child.pid for child in self.children), flush=True)


class Writes(Odd):
    def __init__(self):
        with open("left-behind.txt", "w") as file:
            file.write("x")
        print("worked in", os.getcwd(), flush=True)

    def close(self):
        print("closed", flush=True)


class Chatty(Odd):
    def step(self, action):
        print("start" if self.count == 0 else "x" * 99_999 + "\n" if self.count < 9 else "end of it")
        return super().step(action)


shown = {
    "HeightWidth": picture(4, 5),
    "OneChannel": picture(4, 5, 1),
    "Colours": picture(4, 5, 3),
    "ColoursFirst": picture(3, 4, 5),
    "FourLast": picture(6, 5, 4),
    "FourFirst": picture(4, 5, 6),
    "ColourStack": picture(2, 4, 5, 3),
    "Memory": picture(5),
    "Empty": picture(0),
    "Large": picture(256, 256),
    "TooLarge": picture(1024, 1025),
    "Discrete": (spaces.Discrete(5, start=-1), numpy.int64(1)),
    "MultiDiscrete": (spaces.MultiDiscrete([2, 3]), numpy.array([1, 0])),
    "MultiBinary": (spaces.MultiBinary(3), numpy.array([1, 0, 1], numpy.int8)),
    "Tuple": (spaces.Tuple([spaces.Discrete(2), spaces.Discrete(3)]), (1, 2)),
    "Dict": (
        spaces.Dict({
            "image": picture(2, 2)[0], "where": spaces.Box(-1, 1, (1,)), "words": spaces.Text(9),
        }),
        {"image": numpy.full((2, 2), 51, numpy.uint8), "where": numpy.array([0.5]), "words": "go"},
    ),
    "Words": (spaces.Text(9), "go"),
    "Mission": (
        spaces.Dict({"mission": Mission(), "direction": spaces.Discrete(3)}),
        {"mission": "go", "direction": 1},
    ),
    "Nested": (
        spaces.Dict({
            "eyes": spaces.Dict({"left": picture(2, 3)[0], "right": spaces.Discrete(2)}),
            "words": spaces.Text(9),
        }),
        {"eyes": {"left": picture(2, 3)[1], "right": 1}, "words": "go"},
    ),
    "Row": (spaces.Sequence(spaces.Discrete(3)), (1, 2)),
    "Web": (spaces.Graph(spaces.Discrete(3), None), None),
    "DeepRow": (spaces.Dict({"row": spaces.Sequence(spaces.Discrete(3))}), {"row": (1,)}),
    "Outside": (spaces.Discrete(5), numpy.int64(5)),
}
for name, (space, seen) in shown.items():
    gymnasium.register(f"{name}-v0", Shown, kwargs={"space": space, "seen": seen})
for name, given in {
    "Vector": numpy.array([1.0, 2.0]), "List": [1, 2], "Nothing": None, "Words": "1",
    "Huge": 1e300, "One": numpy.array([2.5]), "Whole": 3, "Ragged": [[1], [1, 2]],
}.items():
    gymnasium.register(f"Reward{name}-v0", Rewarded, kwargs={"given": given})
for name, flag in {
    "Text": "False", "Number": float("nan"), "Two": 2, "Empty": None, "Pair": [True, False],
    "One": 1, "Array": numpy.array([True]), "Kind": numpy.bool_(True),
}.items():
    gymnasium.register(f"Flag{name}-v0", Flagged, kwargs={"flag": flag})
for name, info in {
    "Missing": None, "Null": {"frame_number": None}, "Text": {"frame_number": "seven"},
    "Endless": {"frame_number": float("inf")}, "Far": {"frame_number": 1 << 40},
}.items():
    gymnasium.register(f"Info{name}-v0", Informed, kwargs={"info": info})
for name, names in {
    "Few": ["NOOP"], "Many": list("abcdefgh"), "Twice": list("aabb"), "Fitting": list("abcd"),
}.items():
    gymnasium.register(f"Names{name}-v0", Named, kwargs={"names": names})
for name, space in {
    "Real": spaces.Box(
        numpy.array([-1, 0.1], numpy.float64), numpy.array([numpy.inf, 0.7], numpy.float64),
        dtype=numpy.float64),
    "Choices": spaces.MultiDiscrete([[2, 3], [4, 5]], start=[[0, 0], [0, -2]]),
    "Switches": spaces.MultiBinary([2, 2]),
}.items():
    gymnasium.register(f"Echo{name}-v0", Echo, kwargs={"space": space})
gymnasium.register("Renamed-v0", lambda: Renamed(Named(list("abcd"))))
gymnasium.register("LimitedOldStep-v0", OldStep, max_episode_steps=5)
for kind in (
    BrokenAtThree, InfiniteAtThree, HugeAtThree, OldStep, OldReset, LongReset, EmptyReset, NoSeed,
    ItemAction, BothFlags, Arguments, Sleeps, Parent, Writes, Chatty, Weighted,
):
    gymnasium.register(f"{kind.__name__}-v0", kind)
