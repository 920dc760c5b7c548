#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# gymnasium 1.4.0, numpy 2.4.6, Python 3.11.
#
# `make_vec("CartPole-v1", num_envs=n)` takes CartPole's own vector class by default. One would guess
# that a seed names the same game there as in `make("CartPole-v1")`, and that the first environment
# does not care how many others there are. Neither holds: its start states are drawn as one block,
# variable by variable over all environments, so with two environments only the first of the four
# numbers of environment 0 is that of a single CartPole with this seed; with three, the others are
# different again. `vectorization_mode="sync"` gives the single environment's start at any number.
# A list with a seed for each environment, which "sync" takes, is refused with an error.
#
# Seen, seed 3, environment 0:
#   single, sync (1, 2, 3)   -0.0414 -0.0263  0.0301  0.0082
#   make_vec, 1 environment  -0.0414 -0.0263  0.0301  0.0082
#   make_vec, 2              -0.0414  0.0301 -0.0406 -0.0021
#   make_vec, 3              -0.0414  0.0082 -0.0021 -0.0386
#
# So "seed 3" is no description of a game unless the number of environments is given beside it.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check gymnasium==1.4.0 numpy==2.4.6
"$folder/venv/bin/python" - <<'PY'
import gymnasium as gym
import numpy as np

single, _ = gym.make("CartPole-v1").reset(seed=3)
print("single", single)
for count in (1, 2, 3):
    sync = gym.make_vec("CartPole-v1", num_envs=count, vectorization_mode="sync").reset(seed=3)[0][0]
    own = gym.make_vec("CartPole-v1", num_envs=count).reset(seed=3)[0][0]
    print(count, "sync", sync, "default", own)
    assert np.array_equal(sync, single)
    assert np.array_equal(own, single) == (count == 1)
    assert own[0] == single[0]
gym.make_vec("CartPole-v1", num_envs=2, vectorization_mode="sync").reset(seed=[5, 6])
try:
    gym.make_vec("CartPole-v1", num_envs=2).reset(seed=[5, 6])
except gym.error.Error as error:
    print("a list of seeds:", error)
else:
    raise SystemExit("a list of seeds is taken now")
PY
