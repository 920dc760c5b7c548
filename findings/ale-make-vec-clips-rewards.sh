#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# gymnasium 1.4.0, ale-py 0.12.1, Python 3.11.
#
# `make("ALE/MsPacman-v5")` and `make_vec("ALE/MsPacman-v5", num_envs=1)` have one id and differ in
# what a score is. make_vec takes ale-py's own vector class by default, and that class preprocesses:
# rewards are clipped to -1..1, so a pill is 1 and not 10, and the sum over a game is no longer the
# game's score; pictures are four grey 84 x 84 ones where the single environment shows 210 x 160 in
# colour; up to 30 idle frames open a game. The id's own sticky actions (0.25) and its skip of 4 are
# kept, so nothing in the spec tells the two apart. One would guess that the id fixes the rewards and
# that preprocessing is asked for. `reward_clipping=False` gives the scores back, and
# `vectorization_mode="sync"` the single environment. In Pong, where every reward is -1, 0 or 1,
# nothing shows.
#
# Seen, 300 steps through the nine actions in turn, rewards met:
#   sync                         0, 10
#   default                      0, 1
#   default, no reward clipping  0, 10
# ale-py's ROMs come with its wheel.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check \
  gymnasium==1.4.0 ale-py==0.12.1 numpy==2.4.6
"$folder/venv/bin/python" - <<'PY'
import ale_py
import gymnasium as gym
import numpy as np

gym.register_envs(ale_py)
ale_py.ALEInterface.setLoggerMode(ale_py.LoggerMode.Error)


def rewards(**settings):
    games = gym.make_vec("ALE/MsPacman-v5", num_envs=1, **settings)
    games.reset(seed=0)
    met = sorted({float(games.step(np.array([t % 9]))[1][0]) for t in range(300)})
    print(settings, games.single_observation_space.shape, met)
    return games.single_observation_space.shape, met


assert rewards(vectorization_mode="sync") == ((210, 160, 3), [0.0, 10.0])
assert rewards() == ((4, 84, 84), [0.0, 1.0])
assert rewards(reward_clipping=False) == ((4, 84, 84), [0.0, 10.0])
PY
