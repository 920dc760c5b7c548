# SPDX-License-Identifier: MIT
"""Steps Gymnasium environments for Rallybook, several in one process.

Usage: python3 - < the files of this folder, with descriptor 3 a socket to the parent and descriptor
4 memory shared with it. docs/reference/gymnasium.md describes every message. Nothing that an
environment prints can reach the socket: descriptors 1 and 2 are the log.
"""

import json
import mmap
import os
import select
import signal
import socket
import struct
import sys
import threading
import time
import traceback

PROTOCOL = 4
MAGIC = b"RBG" + bytes([PROTOCOL])
HEADER = struct.Struct("<4sIIB3x")
HELLO, VIEW, RESET, STEP, RECORD, FAULT = 1, 2, 3, 4, 5, 255
DECISION = struct.Struct("<HH")
OUTCOME = struct.Struct("<dIB3x")
# In the environment of every process that comes from this one.
MARK = "RALLYBOOK_WORKER"


class Gone(Exception):
    """The parent has no more use for us, or is no more."""


class Channel:
    """Frames to and from the parent."""

    def __init__(self, descriptor):
        self.socket = socket.socket(fileno=descriptor)
        self.socket.setblocking(True)
        self.reader = self.socket.makefile("rb")

    def take(self, count):
        taken = self.reader.read(count)
        if len(taken) < count:
            raise Gone
        return taken

    def receive(self):
        magic, length, number, kind = HEADER.unpack(self.take(HEADER.size))
        if magic != MAGIC:
            raise Refusal(f"a message begins with {magic!r}; this worker speaks {MAGIC!r}")
        return number, kind, self.take(length)

    def send(self, number, kind, payload):
        self.socket.sendall(HEADER.pack(MAGIC, len(payload), number, kind) + payload)


class Worker:
    def __init__(self, channel, memory):
        self.channel, self.memory = channel, memory
        self.games, self.place = [], 0
        self.axes, self.numbers, self.folder = None, None, ""

    def hello(self, payload):
        asked = json.loads(payload)
        if asked["protocol"] != PROTOCOL:
            raise Refusal(f"protocol {asked['protocol']} is asked for; this worker has {PROTOCOL}")
        self.folder = asked["folder"]
        if asked["id"] == TwoPlayerPong.ID:
            return self.two_players()
        import gymnasium

        try:
            import ale_py

            gymnasium.register_envs(ale_py)
            ale_py.ALEInterface.setLoggerMode(ale_py.LoggerMode.Error)
        except ImportError:
            pass
        maker = Maker(gymnasium, asked)
        count, weights = asked["count"], asked["rewardWeights"]
        kwargs = {"disable_env_checker": True, **asked["kwargs"]}
        first = maker.make(**kwargs)
        actions = Actions(gymnasium.spaces, first)
        reply = {
            "protocol": PROTOCOL,
            "process": os.getpid(),
            "versions": versions(first, maker.wrappers),
            "isAtari": is_bare_atari(first),
            "observation": self.observation(
                gymnasium.spaces, first.observation_space, asked["key"]),
            "space": actions.facts,
        }
        if not reply["isAtari"]:
            games = [first] + [maker.make(**kwargs) for _ in range(count - 1)]
            self.games = [General(game, actions.take, weights) for game in games]
            return json.dumps(reply).encode()
        if weights:
            raise Refusal("its reward is one number; environment.rewardWeights is set, allowed: null")
        own = dict(first.spec.kwargs)
        if own.get("full_action_space"):
            mine = first.unwrapped.ale.getLegalActionSet()
        else:
            mine = first.unwrapped.ale.getMinimalActionSet()
        # An interval of ALE's excludes its upper end.
        skip = own.get("frameskip", 4)
        reply["skip"] = [skip, skip] if isinstance(skip, int) else [skip[0], skip[1] - 1]
        reply["stickyActions"] = own.get("repeat_action_probability", 0.25)
        reply["maxFrames"] = own.get("max_num_frames_per_episode")
        reply["ownActions"] = [action.value for action in mine]
        kwargs.update(
            frameskip=1, repeat_action_probability=0.0, full_action_space=True,
            max_num_frames_per_episode=None,
        )
        first.close()
        self.games = [Atari(maker.make(**kwargs)) for _ in range(count)]
        names = self.games[0].env.unwrapped.get_action_meanings()
        reply["space"] = {"kind": "discrete", "names": names}
        return json.dumps(reply).encode()

    def two_players(self):
        self.games = [TwoPlayerPong()]
        return json.dumps({
            "protocol": PROTOCOL, "process": os.getpid(), "versions": {}, "isAtari": False,
            "observation": {"space": "none", "count": 0, "leftOut": []},
            "space": {"kind": "discrete", "names": []},
        }).encode()

    def observation(self, spaces, space, key):
        path = tuple(key.split(".")) if key else ()
        space = entry_of(spaces, space, path)
        facts = {"space": shown(space, 200)}
        if isinstance(space, spaces.Box):
            self.axes = picture_axes(space)
        self.space, self.path = space, path
        if self.axes is not None:
            facts["picture"] = picture_facts(space, self.axes)
            sides = facts["picture"]
            facts["count"] = sides["planes"] * sides["height"] * sides["width"]
            facts["leftOut"] = []
        else:
            self.numbers = Numbers(spaces, space)
            facts["count"], facts["leftOut"] = self.numbers.count, self.numbers.left_out
        return facts

    def view(self, payload):
        """Fixes what is kept of each observation, and makes room for it."""
        asked = json.loads(payload)
        kept = self.numbers
        if asked["rows"]:
            kept = Picture(self.space, self.axes, asked["rows"], asked["columns"], asked["channels"])
        size = kept.byte_count
        total = size * len(self.games)
        os.ftruncate(self.memory, total)
        memory = memoryview(mmap.mmap(self.memory, total))
        for index, game in enumerate(self.games):
            game.look(kept, self.path, memory[index * size : (index + 1) * size])
        return b""

    def reset(self, payload):
        index, seed = struct.unpack("<II", payload)
        self.games[index].reset(seed)
        self.games[index].observe()
        return b""

    def step(self, payload):
        place, outcomes = 0, []
        while place < len(payload):
            index, count = DECISION.unpack_from(payload, place)
            place += 4 + count
            game, self.place = self.games[index], len(outcomes)
            outcome = game.step(payload[place - count : place])
            game.observe()
            outcomes.append(OUTCOME.pack(*outcome))
        return b"".join(outcomes)

    def record(self, payload):
        return self.games[struct.unpack_from("<H", payload)[0]].record(payload[2:])

    def serve(self):
        work = {
            HELLO: self.hello, VIEW: self.view, RESET: self.reset, STEP: self.step,
            RECORD: self.record,
        }
        while True:
            number, kind, payload = self.channel.receive()
            self.place = 0
            try:
                reply = work[kind](payload)
            except Exception as error:
                self.channel.send(number, FAULT, json.dumps(self.fault(error)).encode())
            else:
                self.channel.send(number, kind, reply)

    def fault(self, error):
        known = explained(error)
        if not isinstance(known, (Refusal, Unusable)):
            traceback.print_exc()
        sys.stderr.flush()
        fault = {
            "type": type(known).__name__, "message": str(known)[:2000], "place": self.place}
        if isinstance(error, FileNotFoundError) and isinstance(error.filename, str):
            if os.path.exists(os.path.join(self.folder, error.filename)):
                fault["message"] += (
                    f" (it is in {self.folder}; an environment runs in a folder of its own and "
                    "names files by their place beside its module, as with __file__)")
        if isinstance(error, ModuleNotFoundError) and error.name:
            if error.name.partition(".")[0] in OURS:
                fault["lacks"] = error.name
            else:
                fault["message"] += f" (it is not installed where {sys.executable} is)"
        return fault

    def close(self):
        for game in self.games:
            try:
                game.env.close()
            except Exception:
                traceback.print_exc()


def explained(error):
    """The error, or what it means: Gymnasium's wrappers unpack what an old environment gives."""
    frames = traceback.extract_tb(error.__traceback__)
    if isinstance(error, ValueError) and frames and "gymnasium" in frames[-1].filename:
        if "values to unpack (expected 5" in str(error):
            return Refusal(OLD_STEP)
        if "values to unpack (expected 2" in str(error):
            return Refusal(OLD_RESET)
    return error


def end_tree():
    """Kills every process that came from this one, whatever group or session it is in."""
    mark = f"{MARK}={os.environ.get(MARK, '')}".encode() + b"\0"
    for name in os.listdir("/proc") if os.path.isdir("/proc") else ():
        if name.isdigit() and int(name) != os.getpid():
            try:
                with open(f"/proc/{name}/environ", "rb") as file:
                    if mark in file.read():
                        os.kill(int(name), signal.SIGKILL)
            except OSError:
                continue


def leave(scratch):
    if os.environ.get(MARK):
        end_tree()
    import shutil

    shutil.rmtree(scratch, ignore_errors=True)
    # Those of the group whose environment was emptied; this process is of it.
    if os.getpgrp() == os.getpid():
        os.killpg(0, signal.SIGKILL)
    os._exit(0)


def leave_with_parent(descriptor, scratch):
    """Ends the process when the other end of the socket is closed, whatever it is doing."""
    waiting = select.poll()
    waiting.register(descriptor, select.POLLRDHUP)
    waiting.poll()
    # The main thread closes the environments, unless it is busy.
    time.sleep(1)
    leave(scratch)


def main():
    # Environments write where they are, and leave nothing in the user's folder.
    scratch = sys.argv[-1]
    os.chdir(scratch)
    sys.dont_write_bytecode = True
    # A Ctrl-C is for the parent, which stops us when it has stored what it has. Handlers, unlike
    # SIG_IGN, are not handed down to the processes that an environment starts.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: None)
    sys.path[:] = [path for path in sys.path if path]
    threading.Thread(target=leave_with_parent, args=(3, scratch), daemon=True).start()
    worker = Worker(Channel(3), 4)
    try:
        worker.serve()
    except (Gone, OSError):
        worker.close()
        leave(scratch)


main()
