# SPDX-License-Identifier: MIT
"""What `make bench-against REV` prints: this program against an earlier build of it, in pairs.

Usage: against.py EARLIER THIS [ROW ...]
Whole processes in turn, earlier and this; user CPU, the median of the pairs' ratios. Trials by
decision, as both may play games of other lengths. A row that a program lacks says so.
"""

import csv
import glob
import json
import os
import random
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

PAIRS = 3
HERE = os.path.dirname(os.path.abspath(__file__))
SCORE = {"metric": "evaluationReturn", "goal": "maximize"}
SHORT = {"evaluation": {"episodes": 1}}


def run(program, *words):
    """User CPU seconds of a process and its children; nothing where it fails."""
    begin = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    quiet = subprocess.DEVNULL
    done = subprocess.run([program, *words], stdin=quiet, stdout=quiet, stderr=quiet)
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - begin if done.returncode == 0 else None


def write(name, value):
    with open(name, "w") as file:
        json.dump({"title": name, "question": "How fast?", "score": SCORE, "seeds": 1, **value}, file)


def trial(name, base, length):
    """Measures one trial in its own process, from a plan that is frozen first: CPU seconds a decision."""

    def measure(program):
        write(f"{name}.json", {"base": {**base, **SHORT, "training": length}})
        shutil.rmtree("runs", ignore_errors=True)
        run(program, "run", f"{name}.json", "--runs", "plans", "--reports", "pages", "-q", "--stop-after", "1s")
        plan = f"plans/{name}/plan.json"
        if not os.path.exists(plan):
            return None
        os.makedirs(f"runs/{name}")
        shutil.move(plan, f"runs/{name}/plan.json")
        shutil.rmtree("plans")
        with open(f"runs/{name}/plan.json") as file:
            number = json.load(file)["trials"][0]["id"]
        seconds = run(program, "trial", f"runs/{name}", number)
        if seconds is None:
            return None
        with open(glob.glob(f"runs/{name}/trials/*/timing.csv")[0]) as file:
            return seconds / int(list(csv.DictReader(file))[-1]["decisions"])

    return measure


def sweep(count, seeds, base):
    rates = [0.001 * (1 + i / count) for i in range(count)]
    return {"base": {**base, **SHORT}, "seeds": seeds, "sweep": {"grid": {"optimizer.learningRate": rates}}}


def report(program):
    """Of 200 variants of 5 seeds, trained once, by the earlier program."""
    if not os.path.isdir("many"):
        base = {"environment": {"id": "cartpole"}, "training": {"episodes": 10}}
        write("many.json", sweep(200, 5, base))
        run(EARLIER, "run", "many.json", "--runs", "many", "--reports", "pages", "-q")
    return run(program, "report", "many", "--runs", "many", "--reports", "pages")


def plan(program):
    write("ten.json", sweep(10_000, 1, {"training": {"episodes": 10}}))
    return run(program, "plan", "ten.json")


def stats(program):
    """A table of 6 variants, 26 tasks and 100 runs."""
    draws = random.Random(1)
    with open("scores.csv", "w") as file:
        print("variant,seed,task,score", file=file)
        for v in range(6):
            for seed in range(100):
                for task in range(26):
                    print(f"v{v},{seed},t{task},{draws.gauss(v / 10 + task / 9, 1)}", file=file)
    return run(program, "stats", "scores.csv")


PPO = {
    "environment": {"id": "gymnasium:CartPole-v1"},
    "policy": {"kind": "mlp", "hidden": [64, 64]},
    "returns": {"baseline": "value", "gaeLambda": 0.95, "normalize": "batch"},
    "algorithm": {"kind": "ppo", "decisionsPerUpdate": 2048, "epochs": 10, "minibatches": 32},
    "optimizer": {"kind": "adam", "learningRate": 0.0003},
}
CONVOLUTION = {"preset": "tuned", "policy": {"kind": "conv"}, "optimizer": {"learningRate": 0.002}}
ROWS = {
    "post": ("the post's configuration, µs a decision", 1e6, "0.40", trial("post", {"preset": "karpathy-2016"}, {"episodes": 1000})),
    "champion": ("champion, µs a decision", 1e6, "0.50", trial("champion", {"preset": "champion"}, {"decisions": 1_500_000})),
    "convolution": ("convolution, µs a decision", 1e6, "0.33", trial("convolution", CONVOLUTION, {"episodes": 200})),
    "ppo": ("PPO on gymnasium:CartPole-v1, µs a decision", 1e6, "0.36", trial("ppo", PPO, {"decisions": 40_960})),
    "report": ("report of 200 variants × 5 seeds, s", 1, "3 s", report),
    "plan": ("plan of 10,000 variants, s", 1, "0.5 s", plan),
    "stats": ("stats of 6 × 26 × 100, s", 1, "5 s", stats),
}


def peer():
    """stable-baselines3's PPO with the same settings on one thread, CPU seconds a decision."""
    seconds = run(sys.executable, os.path.join(HERE, "baseline.py"), "ppo", "20480")
    return seconds and seconds / 20480


def threads():
    """Wall-clock seconds of the post's trial with one thread and with two, of this program alone."""
    write("threads.json", {"base": {"preset": "karpathy-2016", **SHORT, "training": {"episodes": 1000}}})
    run(THIS, "run", "threads.json", "--runs", "plans", "--reports", "pages", "-q", "--stop-after", "1s")
    with open("plans/threads/plan.json") as file:
        number = json.load(file)["trials"][0]["id"]
    times = []
    for count in "12":
        shutil.rmtree("plans/threads/trials", ignore_errors=True)
        begin = time.perf_counter()
        if run(THIS, "trial", "plans/threads", number, "--threads", count) is None:
            return None
        times.append(time.perf_counter() - begin)
    return times[0] / times[1]


def line(what, *cells):
    print(f"{what:46}" + "".join(f"{cell:>11}" for cell in cells), flush=True)


EARLIER, THIS = map(os.path.abspath, sys.argv[1:3])
wanted = sys.argv[3:] or [*ROWS, "threads"]
with tempfile.TemporaryDirectory() as folder:
    os.chdir(folder)
    line("user CPU, medians of pairs", "earlier", "this", "ratio", "bar")
    for name in [name for name in ROWS if name in wanted]:
        what, unit, bar, measure = ROWS[name]
        # The earlier report of a thousand trials takes a minute.
        pairs = [(measure(EARLIER), measure(THIS)) for _ in range(1 if name == "report" else PAIRS)]
        both = [(a, b) for a, b in pairs if a and b]
        shown = ["lacks it" if None in x else f"{unit * statistics.median(x):.3g}" for x in zip(*pairs)]
        ratio = f"{statistics.median(b / a for a, b in both):.3f}" if both else "-"
        line(what, *shown, ratio, bar)
        if name == "ppo":
            theirs = peer()
            ours = [b for _, b in pairs if b]
            times = f"{theirs / statistics.median(ours):.1f}×" if theirs and ours else "-"
            line("  stable-baselines3 of .venv ÷ this", "", f"{1e6 * theirs:.3g}" if theirs else "not there", times, "40×")
    if "threads" in wanted:
        speed = threads()
        line("the post's trial on two threads, wall", "lacks it", "", f"{speed:.2f}×" if speed else "lacks it", "1.8×")
