# SPDX-License-Identifier: MIT
"""How games are played: Atari frame by frame, everything else by Gymnasium's own calls.

A part of the worker: `PythonSetup.script` puts the files of this folder together.
"""

import os
import struct
import sys
import zlib
from collections.abc import Mapping

ALIVE, TERMINATED, TRUNCATED = 0, 1, 2
# Of larger rewards the squares of returns leave the range of 32-bit floats.
LARGEST_REWARD = 1e15
OLD_STEP = (
    "it speaks the interface of gym before 0.26: its step gives 4 values (observation, reward, done, "
    "info); allowed: observation, reward, terminated, truncated, info")
OLD_RESET = (
    "it speaks the interface of gym before 0.26: its reset gives an observation alone; allowed: "
    "observation, info")


class Atari:
    """A game of the Arcade Learning Environment, frame by frame: skip 1, no repeated actions.

    The parent names every frame's action, so skip and stickiness are drawn there. Frames are read
    as palette indices, a third of the bytes; the colours of an index are learned from the RGB frame
    the first time that it is seen.
    """

    def __init__(self, env):
        import numpy

        self.env, self.ale = env, env.unwrapped.ale
        self.screen = numpy.zeros(self.ale.getScreenDims(), numpy.uint8)
        self.red, self.green, self.blue = bytearray(256), bytearray(256), bytearray(256)
        self.grey, self.unknown = bytearray(256), bytearray(b"\1" * 256)
        self.tables = {
            "red": [self.red], "grey": [self.grey], "all": [self.red, self.green, self.blue]}

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

    def look(self, view, path, memory):
        """From now on `observe` writes what the view keeps to this part of the memory."""
        self.view, self.memory = view, memory

    def observe(self):
        self.ale.getScreen(self.screen)
        indices = self.view.sampled(self.screen).tobytes()
        if 1 in indices.translate(self.unknown):
            self.learn_colours()
        tables = self.tables[self.view.channels]
        self.memory[:] = b"".join([indices.translate(table) for table in tables])

    def learn_colours(self):
        colours = self.ale.getScreenRGB()
        greys = luma(colours.reshape(-1, 3).astype("uint32"))
        for index, (red, green, blue), grey in zip(
            self.screen.flat, colours.reshape(-1, 3).tolist(), greys.tolist()
        ):
            self.red[index], self.green[index], self.blue[index] = red, green, blue
            self.grey[index], self.unknown[index] = grey, 0

    def record(self, actions):
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


class TwoPlayerPong:
    """PettingZoo's pong_v3, for recording alone.

    Its emulator is a package of its own that holds no games; that of ale-py is lent to it. It ends
    the whole process where it is asked for what it does not know.
    """

    ID = "pettingzoo:pong_v3"
    PACKAGES = "'pettingzoo[atari]==1.27.0' multi-agent-ale-py==0.1.12 ale-py==0.12.1"

    def __init__(self):
        try:
            import numpy
            import ale_py
            from pettingzoo.atari import pong_v3
        except ImportError as error:
            raise Refusal(
                f"{error.name or error} is not installed where {sys.executable} is; install there: "
                f"pip install {self.PACKAGES}") from error
        games = os.path.join(os.path.dirname(ale_py.__file__), "roms")
        self.array = numpy.array
        self.env = pong_v3.parallel_env(auto_rom_install_path=games)
        self.ale = self.env.unwrapped.ale

    def reset(self, seed):
        self.ale.reset_game()

    def observe(self):
        pass

    def record(self, actions):
        """As for one player, with a reward for each of the two, whose actions alternate."""
        if len(actions) % 2 or any(action > 17 for action in actions):
            raise Refusal(f"actions {list(actions[:8])}; allowed: pairs of 0 to 17")
        records = [struct.pack("<I", zlib.crc32(self.ale.getScreen()))]
        over = self.ale.game_over()
        for pair in zip(actions[::2], actions[1::2]):
            if over:
                break
            first, second = self.ale.act(self.array(pair))
            crc = zlib.crc32(self.ale.getScreen())
            records.append(struct.pack("<iiI", int(first), int(second), crc))
            records.append(self.ale.getRAM().tobytes())
            over = self.ale.game_over()
        return bytes([over, 0, 0, 0]) + b"".join(records)


class General:
    """Any other environment, by Gymnasium's own calls; one action a step."""

    said_both = False

    def __init__(self, env, take, weights):
        self.env, self.play, self.seen, self.frame = env, env.step, None, 0
        self.take = take
        self.reward = weighted_reward(weights) if weights else usable_reward

    def reset(self, seed):
        try:
            given = self.env.reset(seed=seed)
        except TypeError as error:
            for key in ("seed", "options"):
                if f"unexpected keyword argument '{key}'" in str(error):
                    raise Refusal(
                        f"its reset takes no {key}, so that no episode could be repeated; allowed: "
                        "reset(self, *, seed=None, options=None)") from error
            raise
        is_pair = isinstance(given, tuple) and len(given) == 2
        if not is_pair or not (given[1] is None or isinstance(given[1], Mapping)):
            is_observation = self.env.observation_space.contains(given) if isinstance(
                given, tuple) else given is not None
            raise Refusal(
                OLD_RESET if is_observation else
                f"its reset gives {shown(given)}; allowed: observation, info")
        self.seen, info = given
        self.frame = self.number(info)

    @staticmethod
    def number(info):
        """The frame that an environment says it is at; 0 where it says nothing usable."""
        for key in ("episode_frame_number", "frame_number"):
            if isinstance(info, Mapping) and key in info:
                try:
                    return int(info[key])
                except (KeyError, TypeError, ValueError, OverflowError):
                    continue
        return 0

    def step(self, actions):
        given = self.play(self.take(actions))
        if not isinstance(given, tuple) or len(given) != 5:
            if isinstance(given, tuple) and len(given) == 4:
                raise Refusal(OLD_STEP)
            raise Refusal(
                f"its step gives {shown(given)}; allowed: observation, reward, terminated, "
                "truncated, info")
        self.seen, reward, terminated, truncated, info = given
        if type(terminated) is not bool or type(truncated) is not bool:
            terminated = usable_flag("terminated", terminated)
            truncated = usable_flag("truncated", truncated)
        before, self.frame = self.frame, 0 if info == {} else self.number(info)
        frames = self.frame - before if 0 < self.frame - before < 1 << 31 else 1
        if terminated and truncated and not General.said_both:
            General.said_both = True
            print(
                "rallybook: an episode ended with terminated and truncated both set; such an end "
                "counts as terminated", file=sys.stderr, flush=True)
        ending = TERMINATED if terminated else TRUNCATED if truncated else ALIVE
        return self.reward(reward), frames, ending

    def look(self, view, path, memory):
        """From now on `observe` writes what the view keeps to this part of the memory."""
        self.write, self.path, self.slot = view.write, path, view.slot(memory)

    def observe(self):
        seen = self.seen
        for key in self.path:
            seen = seen[key]
        self.write(seen, self.slot)

    def record(self, actions):
        raise Refusal("only games of the Arcade Learning Environment can be recorded")


def as_numbers(reward):
    """The reward as an array of numbers; an empty one of objects for all else."""
    import numpy

    try:
        given = numpy.asarray(reward)
    except ValueError:
        given = numpy.empty(0, object)
    return given if given.dtype.kind in "fiub" else numpy.empty(0, object)


def usable_flag(name, flag):
    """The flag as a bool; 0 and 1, and an array of one of them, count as one."""
    given = as_numbers(flag)
    if given.size != 1 or given.reshape(-1)[0] not in (0, 1):
        raise Unusable(f"its flag {name} is {shown(flag)}; allowed: True or False")
    return bool(given.reshape(-1)[0])


def usable_reward(reward):
    """The reward as a float; an array of one number counts as that number."""
    if type(reward) is not float:
        given = as_numbers(reward)
        if given.size > 1:
            raise Refusal(
                f"its reward is a vector of {given.size} numbers, {shown(reward)}; allowed: one "
                "number; environment.rewardWeights, a weight for each, makes one of it" + READ_ON)
        if given.size == 0:
            raise Refusal(f"its reward is {shown(reward)}; allowed: a number")
        reward = float(given.reshape(-1)[0])
    if not -LARGEST_REWARD <= reward <= LARGEST_REWARD:
        raise Unusable(f"its reward is {reward!r}; allowed: −1e15 to 1e15")
    return reward


def weighted_reward(weights):
    """What makes one number of a reward that is a vector: the sum of its weighted entries."""

    def weigh(reward):
        given = as_numbers(reward)
        if given.shape != (len(weights),):
            raise Refusal(
                f"its reward is {shown(reward)}; environment.rewardWeights has {len(weights)} "
                "entries; allowed: as many as the reward has")
        total = 0.0
        for weight, part in zip(weights, given.tolist()):
            total += weight * part
        return usable_reward(total)

    return weigh


def is_bare_atari(env):
    """Whether Gymnasium puts nothing around ALE's environment that changes what it does."""
    while env is not env.unwrapped:
        if type(env).__name__ not in ("OrderEnforcing", "PassiveEnvChecker"):
            return False
        env = env.env
    if type(env).__module__ != "ale_py.env" or not hasattr(env, "ale"):
        return False
    return env.spec is None or env.spec.kwargs.get("obs_type", "rgb") == "rgb"
