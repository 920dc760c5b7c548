# SPDX-License-Identifier: MIT
"""One update each of REINFORCE, TRPO and PPO in numpy, in double precision and by the papers.

Writes reinforce.json, trpo.json and ppo.json beside itself: what the update learns from, the
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
    hidden = x @ p["w1"].T + p["b1"]
    return np.maximum(hidden, 0) @ p["w2"].T + p["b2"], hidden


def backward(p, x, g):
    """Gradients for ∂J/∂out = g, shape [T, O]."""
    _, hidden = forward(p, x)
    active = np.maximum(hidden, 0)
    delta = (g @ p["w2"]) * (hidden > 0)
    return {"w1": delta.T @ x, "b1": delta.sum(0), "w2": g.T @ active, "b2": g.sum(0)}


def tangent(p, v, x):
    """How the outputs change along v."""
    _, hidden = forward(p, x)
    along = (x @ v["w1"].T + v["b1"]) * (hidden > 0)
    return along @ p["w2"].T + np.maximum(hidden, 0) @ v["w2"].T + v["b2"]


def softmax(logits):
    """Probabilities; one logit stands for (z, 0)."""
    if logits.shape[1] == 1:
        logits = np.hstack([logits, np.zeros_like(logits)])
    e = np.exp(logits - logits.max(1, keepdims=True))
    return e / e.sum(1, keepdims=True)


def score(logits, actions):
    """∂log π(a)/∂logits."""
    p = softmax(logits)
    return (np.eye(p.shape[1])[actions] - p)[:, : logits.shape[1]]


def mean_kl(old, new):
    p, q = softmax(old), softmax(new)
    return (p * np.log(p / q)).sum(1).mean()


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
        self.actions = self.draws.integers(actions, size=count)
        self.lengths = lengths
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
    g = backward(p, case.x, score(logits, case.actions) * advantages[:, None])
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


def trpo():
    case = Case(2, actions=3)
    p = split(case.tensors, "policy.")
    delta, damping, iterations = 0.005, 0.3, 10
    advantages = standardized(case.returns(0.95))
    old, _ = forward(p, case.x)
    n = len(case.x)
    g = backward(p, case.x, score(old, case.actions) * advantages[:, None] / n)
    probabilities = softmax(old)

    def product(v):
        t = tangent(p, v, case.x)
        mean = (probabilities * t).sum(1, keepdims=True)
        return plus(backward(p, case.x, probabilities * (t - mean) / n), v, damping)

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
        chosen = np.arange(n), case.actions
        return softmax(forward(q, case.x)[0])[chosen] / probabilities[chosen]

    fraction = 1.0
    while True:
        q = plus(p, solution, fraction * step)
        if (mean_kl(old, forward(q, case.x)[0]) <= delta
                and (advantages * ratio(q)).mean() >= advantages.mean()):
            break
        fraction /= 2
    case.write("trpo", {
        "algorithm": {
            "kind": "trpo", "maxKL": delta, "damping": damping, "cgIterations": iterations},
        "returns": {"discount": 0.95, "normalize": "batch", "resetAtPoint": True},
    }, {"policy." + k: v for k, v in q.items()})


def ppo():
    case = Case(3, actions=3)
    case.tensors |= network(case.draws, "value.", 1)
    steps = 5
    for prefix, of in [("optimizer.", "policy."), ("valueOptimizer.", "value.")]:
        state(case, ["means", "squares"], prefix, of, 1e-3)
        case.tensors[prefix + "steps"] = np.array([float(steps)])
    rate, beta1, beta2, epsilon, clip, bonus = 0.06, 0.9, 0.999, 1e-5, 0.2, 0.05
    p, v = split(case.tensors, "policy."), split(case.tensors, "value.")
    adam = {
        name: (split(case.tensors, name + "means."), split(case.tensors, name + "squares."))
        for name in ("optimizer.", "valueOptimizer.")
    }
    values = forward(v, case.x)[0][:, 0]
    raw = case.generalized(values, 0.97, 0.9)
    targets, advantages = raw + values, standardized(raw)
    n = len(case.x)
    chosen = np.arange(n), case.actions
    before = softmax(forward(p, case.x)[0])[chosen]

    def ascend(q, g, name, t):
        m, s = adam[name]
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
        now = softmax(logits)
        r = now[chosen] / before
        inside = np.where(advantages > 0, r <= 1 + clip, r >= 1 - clip)
        clipped += n - inside.sum()
        weight = (inside * advantages * r)[:, None]
        entropy = -(now * np.log(now)).sum(1, keepdims=True)
        g = weight * score(logits, case.actions) - bonus * now * (np.log(now) + entropy)
        g = backward(p, case.x, g / n)
        vg = backward(v, case.x, (targets[:, None] - forward(v, case.x)[0]) / n)
        p = ascend(p, g, "optimizer.", steps + 1 + epoch)
        v = ascend(v, vg, "valueOptimizer.", steps + 1 + epoch)
    print(f"ppo: {clipped} of {4 * n} clipped")
    after = {"policy." + k: x for k, x in p.items()} | {"value." + k: x for k, x in v.items()}
    case.write("ppo", {
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
trpo()
ppo()
