# SPDX-License-Identifier: MIT
"""Rallybook beside stable-baselines3 and sb3-contrib on continuous control: the same environments,
settings and number of decisions, five seeds each, one thread; then one report made by `import`.

    peers.py PROGRAM FOLDER REPORTS [ENVIRONMENT …]

The experiments beside this file have our settings; `SETTINGS` has theirs. FOLDER gets their Monitor
files, our runs, and `cost.csv`: decisions and CPU seconds of a process with all its children, for
each. What is there already is not trained again. The last lines are the table of
docs/explain/algorithms.md.
"""
import csv
import json
import os
import pathlib
import resource
import statistics
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
SEEDS = range(5)
PPO = dict(n_steps=2048, batch_size=64, n_epochs=10, gamma=0.99, learning_rate=3e-4)
TRPO = dict(n_steps=2048, batch_size=128, gamma=0.99, learning_rate=1e-3, n_critic_updates=10)
# Pendulum's PPO has the settings of rl-baselines3-zoo's kind: the defaults do not learn it in so few decisions.
SETTINGS = {
    "Pendulum-v1": {"PPO": {**PPO, "gamma": 0.9, "learning_rate": 1e-3, "n_steps": 1024}, "TRPO": TRPO},
    "Hopper-v5": {"PPO": PPO, "TRPO": TRPO},
    "HalfCheetah-v5": {"PPO": PPO, "TRPO": TRPO},
}


def train_theirs(environment, algorithm, seed, decisions, folder):
    """One training of theirs, and 20 games without chance; run in a process of its own."""
    import gymnasium
    import torch
    from sb3_contrib import TRPO as Trpo
    from stable_baselines3 import PPO as Ppo
    from stable_baselines3.common.monitor import Monitor
    from stable_baselines3.common.vec_env import DummyVecEnv

    torch.set_num_threads(1)
    folder.mkdir(parents=True, exist_ok=True)
    settings = SETTINGS[environment][algorithm]
    count = 4 if environment == "Pendulum-v1" and algorithm == "PPO" else 1
    environments = DummyVecEnv(
        [lambda n=n: Monitor(gymnasium.make(environment), str(folder / f"{n}")) for n in range(count)])
    model = {"PPO": Ppo, "TRPO": Trpo}[algorithm](
        "MlpPolicy", environments, seed=seed, device="cpu", **settings)
    model.learn(decisions)
    environments.close()
    games = gymnasium.make(environment)
    returns = []
    for game in range(20):
        observation, _ = games.reset(seed=1000 + game)
        total, over = 0.0, False
        while not over:
            action, _ = model.predict(observation, deterministic=True)
            observation, reward, terminated, truncated, _ = games.step(action)
            total, over = total + float(reward), terminated or truncated
        returns.append(total)
    (folder / "evaluation.json").write_text(json.dumps(returns))


def cpu(command, **options):
    """CPU seconds of a command with all its children."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, **options)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def returns_of(folder):
    """Their last 100 training returns' mean, and their evaluation's, of one training."""
    games = []
    for path in folder.glob("*.monitor.csv"):
        start = json.loads(path.open().readline()[1:])["t_start"]
        rows = csv.reader(path.read_text().splitlines()[2:])
        games += [(start + float(row[2]), float(row[0])) for row in rows]
    last = [score for _, score in sorted(games)][-100:]
    return statistics.mean(last), statistics.mean(json.loads((folder / "evaluation.json").read_text()))


def words(values):
    return ", ".join(f"{value:.0f}".replace("-", "−") for value in values)


def main(program, folder, reports, *environments):
    program, folder, reports = (pathlib.Path(path).resolve() for path in (program, folder, reports))
    folder.mkdir(parents=True, exist_ok=True)
    costs = folder / "cost.csv"
    cost = {tuple(row[:4]): float(row[4]) for row in csv.reader(costs.open())} if costs.exists() else {}
    settings = dict(os.environ, OMP_NUM_THREADS="1", RALLYBOOK_PYTHON=sys.executable)
    quiet = dict(env=settings, cwd=folder, stdout=subprocess.DEVNULL)

    def pay(key, command):
        key = tuple(map(str, key))
        if key not in cost:
            cost[key] = cpu(command, **quiet)
            with costs.open("a") as file:
                csv.writer(file).writerow([*key, cost[key]])

    table = []
    for environment in environments or SETTINGS:
        name = environment.split("-")[0].lower()
        experiment = HERE / f"{name}.json"
        decisions = json.loads(experiment.read_text())["base"]["training"]["decisions"]
        for seed in SEEDS:
            for algorithm in SETTINGS[environment]:
                logs = folder / "theirs" / name / f"{algorithm.lower()} of stable-baselines3" / f"seed{seed}"
                pay((environment, algorithm, "theirs", seed),
                    [sys.executable, __file__, "--train", environment, algorithm, str(seed),
                     str(decisions), str(logs)])
                pay((environment, algorithm, "ours", seed),
                    [program, "run", experiment, "--no-report", "--no-progress", "--jobs", "1",
                     "--threads", "1", "--only",
                     f'algorithm.kind = "{algorithm.lower()}" and seed = {seed}'])
        subprocess.run([program, "export", name, "--format", "tensorboard", "--output", "ours/" + name],
                       check=True, **quiet)
        subprocess.run([program, "export", name, "--format", "csv", "--output", "ours/" + name],
                       check=True, **quiet)
        subprocess.run([program, "import", f"{name}-beside-sb3", f"theirs/{name}/{{variant}}/seed{{seed}}",
                        f"ours/{name}/*-{{variant}}/seed-{{seed}}", "--steps", "decisions"],
                       check=True, env=settings, cwd=folder)
        subprocess.run([program, "report", f"{name}-beside-sb3", "--no-timing", "--reports", reports],
                       check=True, **quiet)
        ours = list(csv.DictReader((folder / "ours" / name / "trials.csv").open()))
        for algorithm in SETTINGS[environment]:
            theirs = [returns_of(folder / "theirs" / name / f"{algorithm.lower()} of stable-baselines3" / f"seed{seed}")
                      for seed in SEEDS]
            mine = [row for row in ours if row["variant"] == algorithm]
            seconds = {side: sum(cost[(environment, algorithm, side, str(seed))] for seed in SEEDS)
                       for side in ("ours", "theirs")}
            table.append(
                f"| {environment}, `{algorithm.lower()}` | {words(float(row['score']) for row in mine)} "
                f"| {words(float(row['evaluationMean']) for row in mine)} "
                f"| {words(score for score, _ in theirs)} | {words(score for _, score in theirs)} "
                f"| {decisions * len(SEEDS) / seconds['ours']:,.0f} "
                f"| {decisions * len(SEEDS) / seconds['theirs']:,.0f} "
                f"| {seconds['theirs'] / seconds['ours']:.1f} |")
    print("\n".join(table))


if __name__ == "__main__":
    if sys.argv[1] == "--train":
        train_theirs(sys.argv[2], sys.argv[3], int(sys.argv[4]), int(sys.argv[5]), pathlib.Path(sys.argv[6]))
    else:
        main(*sys.argv[1:])
