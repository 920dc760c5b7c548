# SPDX-License-Identifier: MIT
"""Steps Gymnasium's CartPole-v1 from given states with given actions and prints the states.

Input lines:  position velocity angle angularVelocity actions     (actions such as 01101)
Output lines: episode action position velocity angle angularVelocity reward terminated truncated
Numbers are written so that they read back as the same doubles. An episode ends when the
environment says so; actions beyond are not taken.

    python3 record.py < starts.txt > states.txt
"""

import sys

import gymnasium
import numpy

for episode, line in enumerate(sys.stdin):
    *start, actions = line.split()
    env = gymnasium.make("CartPole-v1")
    env.reset(seed=0)
    env.unwrapped.state = numpy.array([float(x) for x in start], dtype=numpy.float64)
    for action in actions:
        _, reward, terminated, truncated, _ = env.step(int(action))
        state = [repr(float(x)) for x in env.unwrapped.state]
        print(episode, action, *state, int(reward), int(terminated), int(truncated))
        if terminated or truncated:
            break
