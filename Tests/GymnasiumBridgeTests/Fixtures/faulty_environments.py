# SPDX-License-Identifier: MIT
"""Environments that do what a good one does not, each at its third step."""

import os
import sys

import gymnasium
import numpy


class Faulty(gymnasium.Env):
    action_space = gymnasium.spaces.Discrete(3, start=5)
    observation_space = gymnasium.spaces.Box(-1, 1, (2,), numpy.float32)

    def __init__(self, fault):
        self.fault = fault

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.count = 0
        return numpy.array([0, 0.5], numpy.float32), {}

    def step(self, action):
        self.count += 1
        reward = float(action)
        if self.count == 3:
            if self.fault == "raise":
                raise ValueError("the third step is one too many")
            if self.fault == "print":
                print("a line on standard output")
                os.write(1, b"bytes on descriptor 1\n")
                sys.stdout.flush()
            if self.fault == "exit":
                print("leaving", file=sys.stderr)
                os._exit(7)
            if self.fault == "nan":
                reward = float("nan")
        return numpy.array([self.count, 0.5], numpy.float32), reward, False, self.count == 5, {}


class Acting(Faulty):
    def __init__(self, space):
        self.action_space = space


for name in ("raise", "print", "exit", "nan"):
    gymnasium.register(f"Faulty-{name}-v0", Faulty, kwargs={"fault": name})
for name, space in {
    "Whole": gymnasium.spaces.Box(0, 9, (2,), numpy.int64),
    "Parts": gymnasium.spaces.Tuple([gymnasium.spaces.Discrete(2)]),
    "Single": gymnasium.spaces.Discrete(1),
    "OneChoice": gymnasium.spaces.MultiDiscrete([1, 1]),
}.items():
    gymnasium.register(f"{name}-v0", Acting, kwargs={"space": space})
