# SPDX-License-Identifier: MIT
"""Tries environments as the worker plays them and prints docs/reference/environments.md.

    python Tests/environments/table.py > docs/reference/environments.md
    python Tests/environments/table.py --against docs/reference/environments.md [FAMILY …]

needs the packages of requirements.txt in the same Python; `make environments` sees to both. The second
form says where actions, observations, or whether it works and repeats itself are not what the page
says, and ends with status 1 if so. Each environment is played twice, in a process of its own each time,
in a folder that is removed.
"""

import argparse
import hashlib
import importlib
import importlib.metadata
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve()
PARTS = HERE.parents[2] / "Sources/GymnasiumBridge/Python"
# Decisions of a measurement, or CPU seconds, whichever ends first.
DECISIONS, SECONDS = 1000, 2.0
# Decisions that are held against those of another episode and process.
COMPARED = 100
# Ids of one class beyond this are tried by their first alone.
CLASS_LIMIT = 12

# A family: its name, the distribution it comes from, the module that registers it or how, and what
# of it is tried: `own` is a part of gymnasium.
FAMILIES = [
    ("Toy text", "gymnasium", None, "toy_text"),
    ("Classic control", "gymnasium", None, "classic_control"),
    ("Box2D", "gymnasium", None, "box2d"),
    ("MuJoCo", "gymnasium", None, "mujoco"),
    ("Atari", "ale-py", "ale_py", ["ALE/Pong-v5", "ALE/Breakout-v5"]),
    ("minigrid", "minigrid", "minigrid", None),
    ("MinAtar", "MinAtar", "minatar.gym:register_envs", None),
    ("highway-env", "highway-env", "highway_env", None),
    ("popgym", "popgym", "popgym", None),
    ("vizdoom", "vizdoom", "vizdoom.gymnasium_wrapper", None),
]


def register(how):
    """What an experiment says by MODULE:ID or environment.register."""
    if how:
        module, _, function = how.partition(":")
        loaded = importlib.import_module(module)
        if function:
            getattr(loaded, function)()


def newest(registry, ids):
    """Of each name the newest version."""
    best = {}
    for name in ids:
        spec = registry[name]
        base = name.rpartition("-v")[0]
        if base not in best or spec.version > registry[best[base]].version:
            best[base] = name
    return list(best.values())


def ids_of(how, part):
    """The ids to try, each with the number of ids that it stands for."""
    import gymnasium

    before = set(gymnasium.registry)
    register(how)
    if isinstance(part, list):
        return [(name, 1) for name in part]
    if part:
        prefix = f"gymnasium.envs.{part}"
        names = [n for n, s in gymnasium.registry.items() if str(s.entry_point).startswith(prefix)]
    else:
        names = [name for name in gymnasium.registry if name not in before]
    classes = {}
    for name in newest(gymnasium.registry, names):
        classes.setdefault(str(gymnasium.registry[name].entry_point), []).append(name)
    found = []
    for same in classes.values():
        if len(same) > CLASS_LIMIT or part is None and how == "minigrid":
            found.append((same[0], len(same)))
        else:
            found += [(name, 1) for name in same]
    return found


# MARK: One environment, in this process


def child_processes():
    mine, count = str(os.getpid()), 0
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                with open(f"/proc/{name}/stat") as file:
                    count += file.read().rpartition(")")[2].split()[1] == mine
            except OSError:
                continue
    return count


class Trial:
    """An environment as the worker makes it, sees it and acts in it."""

    def __init__(self, name, how):
        scope = {}
        for part in ("observing", "acting", "playing", "making"):
            exec(compile((PARTS / f"{part}.py").read_text(), part, "exec"), scope)
        self.scope = scope
        import gymnasium
        import numpy

        register(how)
        if name.startswith("ALE/"):
            sys.modules["ale_py"].ALEInterface.setLoggerMode(sys.modules["ale_py"].LoggerMode.Error)
        self.numpy, spaces = numpy, gymnasium.spaces
        asked = {
            "id": name, "folder": os.getcwd(), "module": None, "register": [], "wrappers": []}
        self.maker = scope["Maker"](gymnasium, asked)
        self.env = self.maker.make(disable_env_checker=True)
        self.actions = scope["Actions"](spaces, self.env)
        self.game = scope["General"](self.env, self.actions.take, None)
        space = self.env.observation_space
        axes = scope["picture_axes"](space) if isinstance(space, spaces.Box) else None
        if axes:
            facts = scope["picture_facts"](space, axes)
            rows, columns = list(range(facts["height"])), list(range(facts["width"]))
            self.view = scope["Picture"](space, axes, rows, columns, "all")
            self.left_out = []
            self.sees = f"picture, {facts['planes']} × {facts['height']} × {facts['width']}"
        else:
            self.view = scope["Numbers"](spaces, space)
            self.left_out = self.view.left_out
            self.sees = f"{self.view.count:,} numbers"
        self.memory = memoryview(bytearray(self.view.byte_count))
        self.game.look(self.view, (), self.memory)

    def draw(self, draws):
        """The bytes of a random action."""
        facts, numpy = self.actions.facts, self.numpy
        if facts["kind"] == "discrete":
            return int(draws.integers(len(facts["names"]))).to_bytes(4, "little")
        if facts["kind"] == "product":
            return draws.integers(0, facts["counts"]).astype("<i4").tobytes()
        low = numpy.array([-1 if end is None else end for end in facts["low"]])
        high = numpy.array([1 if end is None else end for end in facts["high"]])
        return draws.uniform(low, high).astype("<f4").tobytes()

    def play(self, seed, limit, each=lambda *_: None, seconds=60.0):
        """Decisions of an episode and how it ended: 0 where it did not."""
        draws = self.numpy.random.default_rng(seed)
        self.game.reset(seed)
        self.game.observe()
        each(0, self.memory)
        start = time.process_time()
        for count in range(1, limit + 1):
            outcome = self.game.step(self.draw(draws))
            self.game.observe()
            each(outcome, self.memory)
            if outcome[2] or time.process_time() - start > seconds:
                return count, outcome[2]
        return limit, 0

    def digest(self, seed, limit, seconds=60.0):
        """What the first decisions of an episode show and how many they were."""
        found = hashlib.sha256()

        def each(outcome, seen):
            found.update(repr(outcome).encode())
            found.update(seen)

        count, _ = self.play(seed, limit, each, seconds)
        return f"{found.hexdigest()} {count}", count


def explore(trial):
    """What is found of one environment."""
    found = {"oddities": []}
    odd = found["oddities"].append
    space = trial.actions.facts
    kinds = {
        "discrete": lambda: f"Discrete {len(space['names'])}",
        "product": lambda: "choices " + " × ".join(map(str, space["counts"])),
        "box": lambda: f"Box of {len(space['low'])}",
    }
    found["actions"], found["sees"] = kinds[space["kind"]](), trial.sees
    if trial.left_out:
        odd("text left out: " + ", ".join(trial.left_out))
    meanings = getattr(trial.env.unwrapped, "get_action_meanings", None)
    if meanings and space["kind"] == "discrete" and space["names"][0].lstrip("-").isdigit():
        odd("its names of actions do not fit their number")
    # The same seed again, after another game.
    found["digest"], count = trial.digest(3, COMPARED, SECONDS)
    trial.play(4, 7, seconds=SECONDS)
    found["compared"], found["again"] = count, trial.digest(3, count)[0] == found["digest"]
    kinds, ends, lengths, both = set(), set(), [], False
    inner = trial.game.play

    def watched(action):
        nonlocal both
        given = inner(action)
        kinds.add(type(given[1]).__name__)
        both |= bool(given[2] and given[3])
        return given

    trial.game.play = watched
    spent, decisions, begun = 0.0, 0, time.process_time()
    for seed in range(10, 10 + DECISIONS):
        count, ending = trial.play(seed, DECISIONS - decisions, seconds=SECONDS - spent)
        decisions, spent = decisions + count, time.process_time() - begun
        if ending:
            ends.add(ending)
            lengths.append((count, ending))
        if decisions >= DECISIONS or spent >= SECONDS:
            break
    found["speed"] = decisions / max(spent, 1e-9)
    limit = trial.env.spec.max_episode_steps
    same = {count for count, ending in lengths if ending == 1}
    own = sorted(same)[0] if len(same) == 1 and len(lengths) > 2 and ends == {1} else None
    if not limit and 2 not in ends and not own:
        odd("no time limit seen")
    words = []
    if 1 in ends and not (own and own > 1):
        words.append("rule")
    if limit:
        words.append(f"limit {limit:,}")
    elif 2 in ends:
        cut = sorted({count for count, ending in lengths if ending == 2})
        words.append(f"its own limit, {cut[0]:,}" if len(cut) == 1 else "its own limit")
    if own and own > 1:
        odd(f"every episode ends as terminated, after {own:,} decisions: a limit that reads as a rule")
        words.append(f"{own:,} decisions")
    found["ends"] = " or ".join(words) or f"not within {decisions:,} random decisions"
    if both:
        odd("terminated and truncated both set")
    if len(kinds) > 1 or not kinds <= {"float", "int"}:
        odd("rewards of type " + ", ".join(sorted(kinds)))
    if lengths:
        trial.game.play = inner
        if trial.play(9, DECISIONS, seconds=SECONDS)[1]:
            try:
                after = inner(trial.actions.take(trial.draw(trial.numpy.random.default_rng(1))))
                if not (after[2] or after[3]):
                    odd("a step after the end goes on as if nothing had been")
            except Exception:
                pass
    if child_processes():
        odd("starts processes of its own")
    found["versions"] = trial.scope["versions"](trial.env, [])
    trial.env.close()
    left = sorted(os.listdir("."))
    if left:
        odd("writes " + ", ".join(left))
    return found


def one(name, how, what):
    """The child: a line of JSON on descriptor 3."""
    try:
        trial = Trial(name, how)
        found = explore(trial) if what == "all" else {"digest": trial.digest(3, int(what))[0]}
    except Exception as error:
        found = {"error": " ".join(str(error).split())[:300], "kind": type(error).__name__}
    with os.fdopen(3, "w") as file:
        json.dump(found, file)


# MARK: All of them


def tried(name, how, what):
    """What a process of its own finds; its folder is removed."""
    folder = tempfile.mkdtemp(prefix="rallybook-environment-")
    reading, writing = os.pipe()
    environment = {**os.environ, "PYTHONHASHSEED": "0", "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-W", "ignore", str(HERE), "--one", name, how or "", what]

    def place():
        os.dup2(writing, 3)

    try:
        process = subprocess.Popen(
            command, cwd=folder, env=environment, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, preexec_fn=place, close_fds=False,
            start_new_session=True)
        os.close(writing)
        try:
            _, printed = process.communicate(timeout=300)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, 9)
            process.communicate()
            return {"error": "no answer within 300 s"}
        with os.fdopen(reading) as file:
            text = file.read()
        if not text:
            return {"error": f"ended with status {process.returncode}"}
        found = json.loads(text)
        if printed.strip() and "oddities" in found:
            found["oddities"].append("prints on standard error")
        return found
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def rounded(speed):
    digits = len(str(int(speed))) - 2
    return f"{round(int(speed), -max(0, digits)):,}"


def row(name, count, how):
    found = tried(name, how, "all")
    shown = f"`{name}`" + (f" and {count - 1} more of its class" if count > 1 else "")
    if "error" in found:
        return [shown, "", "", "no", "", "", "", found["error"].replace("|", "/")], {}
    repeats = "yes"
    if not found["again"]:
        repeats = "no: the next episode with the same seed differs"
    elif found["digest"] != tried(name, how, str(found["compared"])).get("digest"):
        repeats = "no: another process differs"
    return [
        shown, found["actions"], found["sees"], "yes", repeats, found["ends"],
        rounded(found["speed"]),
        "; ".join(sorted(set(found["oddities"]))) or "–",
    ], found["versions"]


def source(distribution):
    facts = importlib.metadata.metadata(distribution)
    links = dict(
        (part.split(", ", 1) + [""])[:2] for part in facts.get_all("Project-URL") or [])
    known = [facts.get("Home-page") or ""] + list(links.values())
    found = next((link for link in known if "github.com" in link), "PyPI")
    return found.removesuffix("/issues")


HEAD = """# Environments that were tried

Generated by `make environments`; do not edit. Each row is an environment as a trial plays it:
made, seen and acted in by the worker's own code, with random actions. Repeats: whether the same seed
gives the same observations, rewards and ends to the last bit, in a later episode of the same process
and in another process, over up to {compared} decisions. Ends: by a time limit, which Gymnasium reports as
truncated, or by a rule of the game, terminated. The last number is decisions per CPU second of one
environment alone, on the machine that made this page. Of classes with many ids one is tried, and the
newest version of each id. What to do about a row that does not work, or does not repeat itself, is in
[gymnasium.md](gymnasium.md). What was not seen in so few random decisions, such as a limit, may be there.
"""
TITLES = [
    "id", "actions", "observations", "works", "repeats itself", "ends", "decisions per CPU second",
    "oddities"]


def page(families):
    text = [HEAD.format(compared=COMPARED)]
    for title, distribution, how, part in families:
        rows, versions = [], {}
        listed = subprocess.run(
            [sys.executable, "-W", "ignore", str(HERE), "--list", title], capture_output=True,
            text=True, check=True)
        for name, count in json.loads(listed.stdout.splitlines()[-1]):
            cells, more = row(name, count, how)
            rows.append(cells)
            versions.update(more)
            print(name, cells[3:7], file=sys.stderr, flush=True)
        if distribution != "ale-py":
            versions.pop("ale-py", None)
        used = ", ".join(f"{name} {version}" for name, version in sorted(versions.items()))
        text.append(f"## {title}\n\n{used}; source: {source(distribution)}\n")
        text.append("| " + " | ".join(TITLES) + " |\n" + "|---" * len(TITLES) + "|")
        text.append("\n".join("| " + " | ".join(cells) + " |" for cells in rows) + "\n")
    return "\n".join(text)


def facts(text):
    """Of the rows of a page, by id, what no speed of a machine can change."""
    rows = {}
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("| `") and len(cells) == len(TITLES):
            rows[cells[0]] = cells[1:5]
    return rows


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--one", nargs=3)
    parser.add_argument("--list")
    parser.add_argument("--against")
    parser.add_argument("families", nargs="*")
    asked = parser.parse_args()
    if asked.one:
        return one(asked.one[0], asked.one[1] or None, asked.one[2])
    names = [asked.list] if asked.list else asked.families or [family[0] for family in FAMILIES]
    chosen = [family for family in FAMILIES if family[0] in names]
    if asked.list:
        _, _, how, part = chosen[0]
        return print(json.dumps(ids_of(how, part)))
    made = page(chosen)
    if not asked.against:
        return print(made)
    known, found = facts(pathlib.Path(asked.against).read_text()), facts(made)
    differing = [name for name in found if known.get(name) != found[name]]
    for name in differing:
        print(f"{name}\n  page {known.get(name)}\n  now  {found[name]}")
    sys.exit(bool(differing))


main()
