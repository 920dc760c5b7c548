# SPDX-License-Identifier: MIT
"""Games that Stable-Baselines3's A2C needs on CartPole-v1, five seeds; writes sb3_cartpole.json.

Its own settings with eight environments, as RL Zoo has them. A game counts when it ends, in whatever
environment; solved is a mean return of 475 over the last 100. Made with stable-baselines3 2.9.2,
torch 2.15.0 and gymnasium 1.4.0:

    python3 -m venv sb3 && sb3/bin/pip install stable-baselines3==2.9.2
    sb3/bin/python Tests/AlgorithmsTests/Fixtures/sb3_cartpole.py
"""

import json
import pathlib

import torch
from stable_baselines3 import A2C
from stable_baselines3.common.callbacks import BaseCallback
from stable_baselines3.common.env_util import make_vec_env


class UntilSolved(BaseCallback):
    def __init__(self):
        super().__init__()
        self.returns = []

    @property
    def is_solved(self):
        return len(self.returns) >= 100 and sum(self.returns[-100:]) >= 47_500

    def _on_step(self):
        for info in self.locals["infos"]:
            if "episode" in info:
                self.returns.append(info["episode"]["r"])
                if self.is_solved:
                    return False
        return True


def games(seed):
    model = A2C("MlpPolicy", make_vec_env("CartPole-v1", n_envs=8, seed=seed), seed=seed, device="cpu")
    until = UntilSolved()
    model.learn(500_000, callback=until)
    return {"seed": seed, "games": len(until.returns), "solved": until.is_solved}


torch.set_num_threads(1)
runs = [games(seed) for seed in range(5)]
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text("[\n  " + ",\n  ".join(json.dumps(run) for run in runs) + "\n]\n")
