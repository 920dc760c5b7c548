# SPDX-License-Identifier: MIT
"""Steps Gymnasium environments for Rallybook, several in one process.

Usage: python3 - < worker.py, with descriptor 3 a socket to the parent and descriptor 4 memory
shared with it. docs/reference/gymnasium.md describes every message. Nothing that an environment
prints can reach the socket: descriptors 1 and 2 are the log.
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
import traceback
import zlib

PROTOCOL = 1
MAGIC = b"RBG" + bytes([PROTOCOL])
HEADER = struct.Struct("<4sIIB3x")
HELLO, VIEW, RESET, STEP, WITNESS, FAULT = 1, 2, 3, 4, 5, 255
OUTCOME = struct.Struct("<dIB3x")
ALIVE, TERMINATED, TRUNCATED = 0, 1, 2


class Refusal(Exception):
    """What was asked for cannot be given; the message says why, for people."""


class Channel:
    """Frames to and from the parent."""

    def __init__(self, descriptor):
        self.socket = socket.socket(fileno=descriptor)
        self.socket.setblocking(True)
        self.reader = self.socket.makefile("rb")

    def take(self, count):
        taken = self.reader.read(count)
        if len(taken) < count:
            os._exit(0)  # The parent is gone, or has no more use for us.
        return taken

    def receive(self):
        magic, length, number, kind = HEADER.unpack(self.take(HEADER.size))
        if magic != MAGIC:
            raise Refusal(f"a message begins with {magic!r}; this worker speaks {MAGIC!r}")
        return number, kind, self.take(length)

    def send(self, number, kind, payload=b""):
        self.socket.sendall(HEADER.pack(MAGIC, len(payload), number, kind) + payload)


class Sampling:
    """Which pixels of a picture are kept: rows and columns, as slices where they are regular."""

    def __init__(self, rows, columns):
        self.rows, self.columns = self.regular(rows), self.regular(columns)
        if not (isinstance(self.rows, slice) and isinstance(self.columns, slice)):
            import numpy

            self.rows, self.columns = numpy.ix_(rows, columns)

    @staticmethod
    def regular(places):
        step = places[1] - places[0] if len(places) > 1 else 1
        if step > 0 and all(b - a == step for a, b in zip(places, places[1:])):
            return slice(places[0], places[-1] + 1, step)
        return places

    def of(self, picture):
        return picture[self.rows, self.columns]


class Atari:
    """A game of the Arcade Learning Environment, frame by frame: skip 1, no repeated actions.

    The parent names every frame's action, so skip and stickiness are drawn there. Frames are read
    as palette indices, a third of the bytes; the red of an index is learned from the RGB frame
    the first time that it is seen.
    """

    def __init__(self, env):
        import numpy

        self.env, self.ale = env, env.unwrapped.ale
        self.screen = numpy.zeros(self.ale.getScreenDims(), numpy.uint8)
        self.red, self.unknown = bytearray(256), bytearray(b"\1" * 256)

    def reset(self, seed):
        self.ale.reset_game()

    def step(self, actions):
        ale, reward, frames = self.ale, 0.0, 0
        for action in actions:
            reward += ale.act(action)
            frames += 1
            if ale.game_over(with_truncation=False):
                return reward, frames, TERMINATED
        return reward, frames, ALIVE

    def observe(self, sampling):
        self.ale.getScreen(self.screen)
        indices = sampling.of(self.screen).tobytes()
        if 1 in indices.translate(self.unknown):
            for index, colour in zip(self.screen.flat, self.ale.getScreenRGB()[..., 0].flat):
                self.red[index], self.unknown[index] = colour, 0
        return indices.translate(self.red)

    def witness(self, actions):
        """After each act: reward, CRC-32 of the palette indices, and the machine's 128 bytes."""
        self.ale.getScreen(self.screen)
        records = [struct.pack("<I", zlib.crc32(self.screen))]
        over = self.ale.game_over(with_truncation=False)
        for action in actions:
            if over:
                break
            reward = self.ale.act(action)
            self.ale.getScreen(self.screen)
            records.append(struct.pack("<iI", int(reward), zlib.crc32(self.screen)))
            records.append(self.ale.getRAM().tobytes())
            over = self.ale.game_over(with_truncation=False)
        return bytes([over, 0, 0, 0]) + b"".join(records)


class General:
    """Any other environment, by Gymnasium's own calls; one action a step."""

    def __init__(self, env):
        self.env, self.seen = env, None
        self.first = int(env.action_space.start)
        self.frame = 0

    def reset(self, seed):
        self.seen, info = self.env.reset(seed=seed)
        self.frame = self.number(info)

    @staticmethod
    def number(info):
        return int(info.get("episode_frame_number", info.get("frame_number", 0)))

    def step(self, actions):
        action = self.first + actions[0]
        self.seen, reward, terminated, truncated, info = self.env.step(action)
        before, self.frame = self.frame, self.number(info)
        frames = self.frame - before if self.frame > before else 1
        ending = TERMINATED if terminated else TRUNCATED if truncated else ALIVE
        return float(reward), frames, ending

    def observe(self, sampling):
        import numpy

        if sampling is None:
            return numpy.asarray(self.seen, numpy.float32).tobytes()
        seen = numpy.asarray(self.seen)
        return sampling.of(seen if seen.ndim == 2 else seen[..., 0]).tobytes()

    def witness(self, actions):
        raise Refusal("only games of the Arcade Learning Environment can be recorded")


def is_bare_atari(env):
    """Whether Gymnasium puts nothing around ALE's environment that changes what it does."""
    while env is not env.unwrapped:
        if type(env).__name__ not in ("OrderEnforcing", "PassiveEnvChecker"):
            return False
        env = env.env
    return type(env).__module__ == "ale_py.env" and hasattr(env, "ale")


class Worker:
    def __init__(self, channel, memory):
        self.channel, self.memory = channel, memory
        self.games, self.slots, self.sampling, self.size = [], None, None, 0
        self.at = None  # The environment being worked on, for faults.

    def hello(self, payload):
        asked = json.loads(payload)
        if asked["protocol"] != PROTOCOL:
            raise Refusal(f"protocol {asked['protocol']} is asked for; this worker has {PROTOCOL}")
        import gymnasium
        import numpy

        try:
            import ale_py

            gymnasium.register_envs(ale_py)
            ale_py.ALEInterface.setLoggerMode(ale_py.LoggerMode.Error)
        except ImportError:
            ale_py = None
        name, count = asked["id"], asked["count"]
        first = gymnasium.make(name, disable_env_checker=True)
        self.check_spaces(gymnasium, numpy, first)
        reply = {
            "protocol": PROTOCOL,
            "process": os.getpid(),
            "versions": {
                "python": sys.version.split()[0],
                "gymnasium": gymnasium.__version__,
                "numpy": numpy.__version__,
            },
            "isAtari": is_bare_atari(first),
            "observation": self.observation(first),
        }
        if ale_py is not None:
            reply["versions"]["ale-py"] = ale_py.__version__
        if reply["isAtari"]:
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
            kwargs = dict(
                frameskip=1, repeat_action_probability=0.0, full_action_space=True,
                max_num_frames_per_episode=None,
            )
            self.games = [
                Atari(gymnasium.make(name, disable_env_checker=True, **kwargs))
                for _ in range(count)
            ]
            reply["actions"] = self.games[0].env.unwrapped.get_action_meanings()
        else:
            others = [gymnasium.make(name, disable_env_checker=True) for _ in range(count - 1)]
            self.games = [General(env) for env in [first] + others]
            reply["actions"] = self.names(first)
            reply["ownActions"] = list(range(len(reply["actions"])))
        return json.dumps(reply).encode()

    @staticmethod
    def check_spaces(gymnasium, numpy, env):
        actions, seen = env.action_space, env.observation_space
        if not isinstance(actions, gymnasium.spaces.Discrete):
            raise Refusal(f"its actions are {actions}; allowed: Discrete, 2 to 256 actions")
        if not 2 <= int(actions.n) <= 256:
            raise Refusal(f"it has {actions.n} actions; allowed: 2 to 256")
        if not isinstance(seen, gymnasium.spaces.Box):
            raise Refusal(f"its observations are {seen}; allowed: Box")
        if seen.dtype.kind not in "fiub":
            raise Refusal(f"its observations are of type {seen.dtype}; allowed: numbers")

    @staticmethod
    def observation(env):
        box = env.observation_space
        shape = [int(side) for side in box.shape]
        is_picture = box.dtype == "uint8" and (
            len(shape) == 2 or len(shape) == 3 and shape[2] in (1, 3, 4)
        )
        return {"shape": shape, "isPicture": is_picture}

    @staticmethod
    def names(env):
        meanings = getattr(env.unwrapped, "get_action_meanings", None)
        if meanings is not None:
            return [str(name) for name in meanings()]
        start = int(env.action_space.start)
        return [str(start + i) for i in range(int(env.action_space.n))]

    def view(self, payload):
        """Fixes what is kept of each observation, and makes room for it."""
        asked = json.loads(payload)
        if asked["rows"]:
            self.sampling = Sampling(asked["rows"], asked["columns"])
            self.size = len(asked["rows"]) * len(asked["columns"])
        else:
            box = self.games[0].env.observation_space
            self.size = 4 * int(box.low.size)
        total = max(1, self.size * len(self.games))
        os.ftruncate(self.memory, total)
        self.slots = memoryview(mmap.mmap(self.memory, total))
        return json.dumps({"slotBytes": self.size}).encode()

    def show(self, index):
        seen = self.games[index].observe(self.sampling)
        if len(seen) != self.size:
            raise Refusal(f"an observation has {len(seen)} bytes, not the {self.size} of its space")
        self.slots[index * self.size : (index + 1) * self.size] = seen

    def reset(self, payload):
        for place in range(0, len(payload), 8):
            index, seed = struct.unpack_from("<II", payload, place)
            self.at = index
            self.games[index].reset(seed)
            self.show(index)
        return b""

    def step(self, payload):
        place, outcomes = 0, []
        while place < len(payload):
            index, count = struct.unpack_from("<HH", payload, place)
            actions = payload[place + 4 : place + 4 + count]
            place += 4 + count
            self.at = index
            outcome = self.games[index].step(actions)
            self.show(index)
            outcomes.append(OUTCOME.pack(*outcome))
        return b"".join(outcomes)

    def witness(self, payload):
        self.at = struct.unpack_from("<H", payload)[0]
        return self.games[self.at].witness(payload[2:])

    def serve(self):
        work = {
            HELLO: self.hello, VIEW: self.view, RESET: self.reset, STEP: self.step,
            WITNESS: self.witness,
        }
        while True:
            number, kind, payload = self.channel.receive()
            self.at = None
            try:
                reply = work[kind](payload)
            except Exception as error:
                if not isinstance(error, Refusal):
                    traceback.print_exc()
                sys.stderr.flush()
                fault = {"type": type(error).__name__, "message": str(error)}
                if self.at is not None:
                    fault["environment"] = self.at
                self.channel.send(number, FAULT, json.dumps(fault).encode())
            else:
                self.channel.send(number, kind, reply)


def leave_with_parent(descriptor):
    """Ends the process when the other end of the socket is closed, whatever it is doing."""
    waiting = select.poll()
    waiting.register(descriptor, select.POLLRDHUP)
    waiting.poll()
    os._exit(0)


def main():
    # A Ctrl-C is for the parent, which stops us when it has stored what it has.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    # The current folder may hold the user's environments, but hides no installed module.
    sys.path[:] = [path for path in sys.path if path] + [os.getcwd()]
    threading.Thread(target=leave_with_parent, args=(3,), daemon=True).start()
    Worker(Channel(3), 4).serve()


main()
