#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# minigrid 3.2.0, gymnasium 1.4.0, numpy 2.4.6, Python 3.11.
#
# A minigrid episode that has ended at the goal does not stay ended: the next step is answered with
# reward 0, terminated False, truncated False, and the agent walks on in the same room. gymnasium's own
# CartPole goes on saying terminated and warns; here nothing warns, PassiveEnvChecker and
# OrderEnforcing, which make() adds, among what stays silent. A loop that looks at `terminated` one step
# too late sees an episode without an end. Also to be seen: the reward is the int 0 on the way and a
# float at the goal.
#
# Seen in MiniGrid-Empty-5x5-v0, seed 0, straight to the goal: 0, 0, 0, 0, then 0.955 with terminated
# True; four steps more: 0, False, False each, no warning.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check \
  minigrid==3.2.0 gymnasium==1.4.0 numpy==2.4.6
"$folder/venv/bin/python" - <<'PY'
import warnings

import gymnasium as gym
import minigrid  # registers its ids

forward, left, right = 2, 0, 1
room = gym.make("MiniGrid-Empty-5x5-v0")
room.reset(seed=0)
way = [room.step(action)[1:4] for action in (forward, forward, right, forward, forward)]
print(way)
assert way == [(0, False, False)] * 4 + [(0.955, True, False)]
assert type(way[0][0]) is int and type(way[-1][0]) is float
with warnings.catch_warnings(record=True) as heard:
    warnings.simplefilter("always")
    after = [room.step(action)[1:4] for action in (forward, left, right, forward)]
print(after, [str(w.message) for w in heard])
assert after == [(0, False, False)] * 4 and not heard
PY
