# SPDX-License-Identifier: MIT
"""What `make bench` compares with: the real Atari through ALE, and the post's program in numpy.

Usage: baseline.py act SECONDS | preprocess SECONDS | post SECONDS | learn SECONDS | bare SECONDS
       baseline.py ppo DECISIONS
Prints one number per call: frames for act, elsewhere decisions a second; ppo is timed from outside.
"""

import sys
import time

import numpy as np


def interface():
    from ale_py import ALEInterface, LoggerMode, roms

    ALEInterface.setLoggerMode(LoggerMode.Error)
    ale = ALEInterface()
    ale.setFloat("repeat_action_probability", 0.0)
    ale.loadROM(roms.get_rom_path("pong"))
    return ale


def timed(seconds, work):
    """Calls `work` (which returns a count) until the time is over; counts a second."""
    begin, count = time.perf_counter(), 0
    while time.perf_counter() - begin < seconds:
        count += work()
    return count / (time.perf_counter() - begin)


def act(seconds):
    ale, rng = interface(), np.random.default_rng(0)
    actions = rng.integers(3, 5, 1 << 16)

    def work():
        for a in actions[:2000]:
            ale.act(int(a))
            if ale.game_over():
                ale.reset_game()
        return 2000

    return timed(seconds, work)


class Pong:
    """Pong-v0's skip and stickiness on ALE, with the post's preprocessing."""

    def __init__(self):
        self.ale, self.rng = interface(), np.random.default_rng(1)
        self.reset()

    def reset(self):
        self.ale.reset_game()
        self.held, self.previous = 0, None

    def observe(self):
        red = self.ale.getScreenRGB()[35:195:2, ::2, 0]
        frame = ((red != 0) & (red != 144) & (red != 109)).astype(np.float64).ravel()
        x = frame - self.previous if self.previous is not None else np.zeros(6400)
        self.previous = frame
        return x

    def step(self, action):
        reward = 0.0
        for _ in range(self.rng.integers(2, 5)):
            if self.rng.random() >= 0.25:
                self.held = action
            reward += self.ale.act(self.held)
            if self.ale.game_over():
                break
        return reward


def preprocess(seconds):
    pong = Pong()
    draws = pong.rng.integers(3, 5, 1 << 16)

    def work():
        for a in draws[:500]:
            pong.step(int(a))
            pong.observe()
            if pong.ale.game_over():
                pong.reset()
        return 500

    return timed(seconds, work)


class Post:
    """The post's policy and update over dense frames, in numpy."""

    def __init__(self):
        rng = self.rng = np.random.default_rng(2)
        self.w1 = rng.standard_normal((200, 6400)) / np.sqrt(6400)
        self.w2 = rng.standard_normal(200) / np.sqrt(200)
        self.sums = [np.zeros_like(self.w1), np.zeros_like(self.w2)]
        self.squares = [np.zeros_like(self.w1), np.zeros_like(self.w2)]
        self.xs, self.hs, self.errors, self.rewards, self.games = [], [], [], [], 0

    def decide(self, x):
        h = self.w1 @ x
        h[h < 0] = 0
        p = 1 / (1 + np.exp(-(self.w2 @ h)))
        up = self.rng.random() < p
        self.xs.append(x)
        self.hs.append(h)
        self.errors.append(float(up) - p)
        return 3 if up else 4

    def finish(self):
        """The end of a game: its gradient; after ten games a step."""
        returns, running = np.zeros(len(self.rewards)), 0.0
        for t in reversed(range(len(returns))):
            running = self.rewards[t] + (0.0 if self.rewards[t] else 0.99 * running)
            returns[t] = running
        returns -= returns.mean()
        returns /= returns.std() or 1.0
        error = np.array(self.errors) * returns
        hidden = np.vstack(self.hs)
        back = np.outer(error, self.w2)
        back[hidden <= 0] = 0
        self.sums[0] += back.T @ np.vstack(self.xs)
        self.sums[1] += hidden.T @ error
        self.xs, self.hs, self.errors, self.rewards = [], [], [], []
        self.games += 1
        if self.games % 10 == 0:
            for weights, g, c in zip((self.w1, self.w2), self.sums, self.squares):
                c *= 0.99
                c += 0.01 * g * g
                weights += 1e-4 * g / (np.sqrt(c) + 1e-5)
                g[:] = 0


def post(seconds):
    pong, agent = Pong(), Post()

    def work():
        pong.reset()
        count = 0
        while not pong.ale.game_over():
            agent.rewards.append(pong.step(agent.decide(pong.observe())))
            count += 1
        agent.finish()
        return count

    return timed(seconds, work)


def learn(seconds):
    """The learning alone: frames from a recorded stretch of play, no emulator."""
    pong, agent = Pong(), Post()
    frames = []
    while len(frames) < 1200:
        pong.step(int(pong.rng.integers(3, 5)))
        frames.append(pong.observe())

    def work():
        for t, x in enumerate(frames):
            agent.decide(x)
            agent.rewards.append(-1.0 if t % 57 == 56 else 0.0)
        agent.finish()
        return len(frames)

    return timed(seconds, work)


def bare(seconds):
    """Gymnasium's own ALE/Pong-v5, stepped by random actions and nothing else."""
    import ale_py
    import gymnasium

    gymnasium.register_envs(ale_py)
    ale_py.ALEInterface.setLoggerMode(ale_py.LoggerMode.Error)
    env = gymnasium.make("ALE/Pong-v5", disable_env_checker=True)
    env.reset(seed=0)
    actions = np.random.default_rng(0).integers(2, 4, 1 << 16)

    def work():
        for a in actions[:500]:
            _, _, terminated, truncated, _ = env.step(int(a))
            if terminated or truncated:
                env.reset()
        return 500

    return timed(seconds, work)


def ppo(decisions):
    """stable-baselines3's PPO on CartPole-v1: 64-64, 2,048 decisions, 10 epochs, 32 minibatches."""
    import torch
    from stable_baselines3 import PPO

    torch.set_num_threads(1)
    PPO("MlpPolicy", "CartPole-v1", device="cpu", seed=0).learn(int(decisions))
    return decisions


if __name__ == "__main__":
    works = {"act": act, "preprocess": preprocess, "post": post, "learn": learn, "bare": bare, "ppo": ppo}
    work = works[sys.argv[1]]
    print(work(float(sys.argv[2])))
