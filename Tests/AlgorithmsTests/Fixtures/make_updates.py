# SPDX-License-Identifier: MIT
"""One update each of REINFORCE, TRPO and PPO in numpy, in double precision and by the papers; TRPO
and PPO also over numbers as actions.

Writes reinforce.json, trpo.json, ppo.json, trpo-numbers.json and ppo-numbers.json beside itself: what the update learns from, the
parameters and optimizer states before it, and the parameters after it. `NumpyUpdateTests.swift`
repeats them. Run it anew with: .venv/bin/python3 Tests/AlgorithmsTests/Fixtures/make_updates.py
"""
import json
import pathlib

import numpy as np

HERE = pathlib.Path(__file__).parent
INPUTS, HIDDEN = 30, 7


def network(draws, prefix, outputs):
    """Weights and biases of one hidden layer, by name, as floats of 32 bits."""
    shapes = {"w1": (HIDDEN, INPUTS), "b1": (HIDDEN,), "w2": (outputs, HIDDEN), "b2": (outputs,)}
    return {
        prefix + name: (draws.normal(size=shape) * (0.4 if name == "w1" else 0.6))
        .astype(np.float32).astype(float)
        for name, shape in shapes.items()
    }


def forward(p, x):
    """Outputs, log deviations behind them where there are any; and the hidden units' sums."""
    hidden = x @ p["w1"].T + p["b1"]
    out = np.maximum(hidden, 0) @ p["w2"].T + p["b2"]
    if "logDeviation" in p:
        out = np.hstack([out, np.tile(p["logDeviation"], (len(x), 1))])
    return out, hidden


def backward(p, x, g):
    """Gradients for ∂J/∂out = g, shape [T, O]."""
    _, hidden = forward(p, x)
    active = np.maximum(hidden, 0)
    free = {}
    if "logDeviation" in p:
        g, deviations = np.hsplit(g, 2)
        free = {"logDeviation": deviations.sum(0)}
    delta = (g @ p["w2"]) * (hidden > 0)
    return {"w1": delta.T @ x, "b1": delta.sum(0), "w2": g.T @ active, "b2": g.sum(0)} | free


def tangent(p, v, x):
    """How the outputs change along v."""
    _, hidden = forward(p, x)
    along = (x @ v["w1"].T + v["b1"]) * (hidden > 0)
    out = along @ p["w2"].T + np.maximum(hidden, 0) @ v["w2"].T + v["b2"]
    return np.hstack([out, np.tile(v["logDeviation"], (len(x), 1))]) if "logDeviation" in v else out


def softmax(logits):
    """Probabilities; one logit stands for (z, 0)."""
    if logits.shape[1] == 1:
        logits = np.hstack([logits, np.zeros_like(logits)])
    e = np.exp(logits - logits.max(1, keepdims=True))
    return e / e.sum(1, keepdims=True)


class Choices:
    """A softmax of logits."""

    @staticmethod
    def log_probability(out, actions):
        return np.log(softmax(out))[np.arange(len(out)), actions]

    @staticmethod
    def score(out, actions):
        """∂log π(a)/∂outputs."""
        p = softmax(out)
        return (np.eye(p.shape[1])[actions] - p)[:, : out.shape[1]]

    @staticmethod
    def entropy_slope(out):
        p = softmax(out)
        return -p * (np.log(p) - (p * np.log(p)).sum(1, keepdims=True))

    @staticmethod
    def fisher(out, t):
        p = softmax(out)
        return p * (t - (p * t).sum(1, keepdims=True))

    @staticmethod
    def mean_kl(old, new):
        p, q = softmax(old), softmax(new)
        return (p * np.log(p / q)).sum(1).mean()


class Numbers:
    """Independent normal distributions: means, then log deviations."""

    @staticmethod
    def log_probability(out, actions):
        mean, log_deviation = np.hsplit(out, 2)
        z = (actions - mean) / np.exp(log_deviation)
        return (-z ** 2 / 2 - log_deviation - np.log(2 * np.pi) / 2).sum(1)

    @staticmethod
    def score(out, actions):
        mean, log_deviation = np.hsplit(out, 2)
        z = (actions - mean) / np.exp(log_deviation)
        return np.hstack([z / np.exp(log_deviation), z ** 2 - 1])

    @staticmethod
    def entropy_slope(out):
        mean, _ = np.hsplit(out, 2)
        return np.hstack([np.zeros_like(mean), np.ones_like(mean)])

    @staticmethod
    def fisher(out, t):
        _, log_deviation = np.hsplit(out, 2)
        of_mean, of_deviation = np.hsplit(t, 2)
        return np.hstack([of_mean / np.exp(2 * log_deviation), 2 * of_deviation])

    @staticmethod
    def mean_kl(old, new):
        (m, s), (n, u) = np.hsplit(old, 2), np.hsplit(new, 2)
        kl = u - s + (np.exp(2 * s) + (m - n) ** 2) / (2 * np.exp(2 * u)) - 0.5
        return kl.sum(1).mean()


def split(tensors, prefix):
    return {k[len(prefix):]: v for k, v in tensors.items() if k.startswith(prefix)}


def plus(p, v, scale):
    return {k: p[k] + scale * v[k] for k in p}


def dot(a, b):
    return sum((a[k] * b[k]).sum() for k in a)


class Case:
    def __init__(self, seed, actions, lengths=(19, 26, 15)):
        self.draws = np.random.default_rng(seed)
        count = sum(lengths)
        self.x = self.draws.choice([-1, 0, 1], size=(count, INPUTS), p=[0.15, 0.7, 0.15])
        self.rewards = self.draws.choice([-1, 0, 1], size=count, p=[0.15, 0.75, 0.1])
        self.lengths = lengths
        if actions is None:
            self.distribution = Numbers
            self.actions = self.draws.normal(size=(count, 2)).astype(np.float32).astype(float)
            self.tensors = network(self.draws, "policy.", 2)
            self.tensors["policy.logDeviation"] = np.array([-0.5, 0.25])
            return
        self.distribution = Choices
        self.actions = self.draws.integers(actions, size=count)
        self.outputs = 1 if actions == 2 else actions
        self.tensors = network(self.draws, "policy.", self.outputs)

    def episodes(self):
        start = 0
        for length in self.lengths:
            yield slice(start, start + length)
            start += length

    def returns(self, discount):
        """The post's: the sum starts anew at each point."""
        result = np.zeros(len(self.rewards))
        for episode in self.episodes():
            running = 0.0
            for t in reversed(range(episode.start, episode.stop)):
                if self.rewards[t] != 0:
                    running = 0.0
                running = self.rewards[t] + discount * running
                result[t] = running
        return result

    def generalized(self, values, discount, lam):
        """Schulman et al. 2016, eq. 16, cut at points and ends."""
        result = np.zeros(len(self.rewards))
        for episode in self.episodes():
            after, running = 0.0, 0.0
            for t in reversed(range(episode.start, episode.stop)):
                if self.rewards[t] != 0:
                    after, running = 0.0, 0.0
                delta = self.rewards[t] + discount * after - values[t]
                running = delta + discount * lam * running
                after = values[t]
                result[t] = running
        return result

    def write(self, name, configuration, after):
        def listed(tensors):
            return {
                k: {"shape": list(np.shape(v)), "values": np.ravel(v).tolist()}
                for k, v in tensors.items()
            }
        rows = [
            {"plus": np.flatnonzero(r == 1).tolist(), "minus": np.flatnonzero(r == -1).tolist()}
            for r in self.x
        ]
        content = {
            "configuration": configuration, "inputs": INPUTS, "rows": rows,
            "actions": self.actions.tolist(), "rewards": self.rewards.tolist(),
            "episodes": list(self.lengths), "before": listed(self.tensors), "after": listed(after),
        }
        (HERE / f"{name}.json").write_text(json.dumps(content) + "\n")
        moved = max(np.abs(after[k] - self.tensors[k]).max() for k in after)
        print(f"{name}: largest change {moved:.3g}")


def standardized(a):
    return (a - a.mean()) / a.std()


def state(case, names, prefix, of, squares):
    """An optimizer's state in mid-training."""
    for name in names:
        for key, value in split(case.tensors, of).items():
            drawn = (
                squares * (case.draws.random(np.shape(value)) + 0.5) if name == "squares"
                else case.draws.normal(size=np.shape(value)) * 0.005)
            case.tensors[f"{prefix}{name}.{key}"] = drawn.astype(np.float32).astype(float)


def reinforce():
    case = Case(1, actions=2)
    state(case, ["squares"], "optimizer.", "policy.", 1)
    case.tensors["optimizer.steps"] = np.array([12.0])
    p, squares = split(case.tensors, "policy."), split(case.tensors, "optimizer.squares.")
    advantages = case.returns(0.99)
    for episode in case.episodes():
        advantages[episode] = standardized(advantages[episode])
    logits, _ = forward(p, case.x)
    g = backward(p, case.x, Choices.score(logits, case.actions) * advantages[:, None])
    after = {}
    for k in p:
        c = 0.99 * squares[k] + 0.01 * g[k] ** 2
        after["policy." + k] = p[k] + 0.01 * g[k] / (np.sqrt(c) + 1e-5)
        after["optimizer.squares." + k] = c
    case.write("reinforce", {
        "algorithm": {"kind": "reinforce"},
        "optimizer": {"kind": "rmsprop", "learningRate": 0.01, "decay": 0.99, "epsilon": 1e-5},
        "returns": {"discount": 0.99, "normalize": "episode", "resetAtPoint": True},
    }, after)


def trpo(name, case, iterations):
    kind = case.distribution
    p = split(case.tensors, "policy.")
    delta, damping = 0.005, 0.3
    advantages = standardized(case.returns(0.95))
    old, _ = forward(p, case.x)
    n = len(case.x)
    g = backward(p, case.x, kind.score(old, case.actions) * advantages[:, None] / n)

    def product(v):
        t = tangent(p, v, case.x)
        return plus(backward(p, case.x, kind.fisher(old, t) / n), v, damping)

    solution = {k: np.zeros_like(v) for k, v in g.items()}
    residual, direction, squares = g, g, dot(g, g)
    for _ in range(iterations):
        along = product(direction)
        alpha = squares / dot(direction, along)
        solution = plus(solution, direction, alpha)
        residual = plus(residual, along, -alpha)
        following = dot(residual, residual)
        direction = plus(residual, direction, following / squares)
        squares = following
    step = np.sqrt(2 * delta / dot(solution, product(solution)))

    def ratio(q):
        new, _ = forward(q, case.x)
        return np.exp(
            kind.log_probability(new, case.actions) - kind.log_probability(old, case.actions))

    fraction = 1.0
    while True:
        q = plus(p, solution, fraction * step)
        if (kind.mean_kl(old, forward(q, case.x)[0]) <= delta
                and (advantages * ratio(q)).mean() >= advantages.mean()):
            break
        fraction /= 2
    case.write(name, {
        "algorithm": {
            "kind": "trpo", "maxKL": delta, "damping": damping, "cgIterations": iterations},
        "returns": {"discount": 0.95, "normalize": "batch", "resetAtPoint": True},
    }, {"policy." + k: v for k, v in q.items()})


def ppo(name, case):
    kind = case.distribution
    case.tensors |= network(case.draws, "value.", 1)
    steps = 5
    for prefix, of in [("optimizer.", "policy."), ("valueOptimizer.", "value.")]:
        state(case, ["means", "squares"], prefix, of, 1e-3)
        case.tensors[prefix + "steps"] = np.array([float(steps)])
    rate, beta1, beta2, epsilon, clip, bonus = 0.06, 0.9, 0.999, 1e-5, 0.2, 0.05
    p, v = split(case.tensors, "policy."), split(case.tensors, "value.")
    adam = {
        of: (split(case.tensors, of + "means."), split(case.tensors, of + "squares."))
        for of in ("optimizer.", "valueOptimizer.")
    }
    values = forward(v, case.x)[0][:, 0]
    raw = case.generalized(values, 0.97, 0.9)
    targets, advantages = raw + values, standardized(raw)
    n = len(case.x)
    before = kind.log_probability(forward(p, case.x)[0], case.actions)

    def ascend(q, g, of, t):
        m, s = adam[of]
        result = {}
        for k in q:
            m[k] = beta1 * m[k] + (1 - beta1) * g[k]
            s[k] = beta2 * s[k] + (1 - beta2) * g[k] ** 2
            corrected = m[k] / (1 - beta1 ** t), s[k] / (1 - beta2 ** t)
            result[k] = q[k] + rate * corrected[0] / (np.sqrt(corrected[1]) + epsilon)
        return result

    clipped = 0
    for epoch in range(4):
        logits, _ = forward(p, case.x)
        r = np.exp(kind.log_probability(logits, case.actions) - before)
        inside = np.where(advantages > 0, r <= 1 + clip, r >= 1 - clip)
        clipped += n - inside.sum()
        weight = (inside * advantages * r)[:, None]
        g = weight * kind.score(logits, case.actions) + bonus * kind.entropy_slope(logits)
        g = backward(p, case.x, g / n)
        vg = backward(v, case.x, (targets[:, None] - forward(v, case.x)[0]) / n)
        p = ascend(p, g, "optimizer.", steps + 1 + epoch)
        v = ascend(v, vg, "valueOptimizer.", steps + 1 + epoch)
    print(f"{name}: {clipped} of {4 * n} clipped")
    after = {"policy." + k: x for k, x in p.items()} | {"value." + k: x for k, x in v.items()}
    case.write(name, {
        "algorithm": {
            "kind": "ppo", "clipRange": clip, "epochs": 4, "minibatches": 1,
            "entropyBonus": bonus},
        "optimizer": {
            "kind": "adam", "learningRate": rate, "beta1": beta1, "beta2": beta2,
            "epsilon": epsilon},
        "returns": {
            "discount": 0.97, "normalize": "batch", "resetAtPoint": True, "baseline": "value",
            "gaeLambda": 0.9},
    }, after)


reinforce()
trpo("trpo", Case(2, actions=3), iterations=10)
ppo("ppo", Case(3, actions=3))
# Beyond six, what 32 bits round off shows in the direction until it has converged.
trpo("trpo-numbers", Case(4, actions=None), iterations=6)
ppo("ppo-numbers", Case(5, actions=None))
