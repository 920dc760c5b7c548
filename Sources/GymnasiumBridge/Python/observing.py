# SPDX-License-Identifier: MIT
"""What is kept of an observation: pixels of a picture's planes, or numbers, flat.

A part of the worker: `PythonSetup.script` puts the files of this folder together.
"""

import math

# Numbers that one observation may have.
MOST_NUMBERS = 1 << 20
READ_ON = "; see Refusals in docs/reference/gymnasium.md"


class Refusal(Exception):
    """What was asked for cannot be given, whatever the seed; the message says why, for people."""


class Unusable(Exception):
    """What the environment gave just now cannot be learned from; the message says what it was."""


def shown(value, limit=80):
    """A value for people, on one line, cut."""
    text = " ".join(repr(value).split())
    return text if len(text) <= limit else text[: limit - 1] + "…"


def is_text(space):
    """Also of a class of its own, as minigrid's missions are."""
    return space.dtype is not None and space.dtype.kind == "U"


def entry_of(spaces, space, path):
    """The part of a space that is looked at, by the names of Dicts."""
    for depth, key in enumerate(path):
        if not isinstance(space, spaces.Dict):
            where = "".join(f" at {key!r}" for key in path[:depth])
            raise Refusal(
                f"its observations{where} are {shown(space)}, which have no entries by name; "
                f"observation.key is {'.'.join(path)!r}, allowed: null")
        if key not in space.spaces:
            raise Refusal(
                f"observation.key: found {'.'.join(path)!r}; allowed: "
                + ", ".join(".".join(path[:depth] + (str(known),)) for known in space.spaces))
        space = space.spaces[key]
    return space


def picture_axes(box):
    """Of a box of bytes that is a picture: the axes of its planes, then of rows and columns.

    H×W; H×W×C and C×H×W, C being the smallest and at most 16; N pictures of one or three colours
    each. None for all else.
    """
    shape = [int(side) for side in box.shape]
    if box.dtype != "uint8" or 0 in shape:
        return None
    if len(shape) == 2:
        return (), (0, 1)
    if len(shape) == 3:
        if shape[2] <= 4:
            return (2,), (0, 1)
        if shape[0] <= 16 and shape[0] < min(shape[1:]):
            return (0,), (1, 2)
        if shape[2] <= 16 and shape[2] < min(shape[:2]):
            return (2,), (0, 1)
    if len(shape) == 4:
        if shape[3] in (1, 3) and shape[0] < min(shape[1:3]):
            return (0, 3), (1, 2)
        if shape[1] in (1, 3) and shape[0] < min(shape[2:]):
            return (0, 1), (2, 3)
    return None


def picture_facts(box, axes):
    """Sides, planes, and how many planes in a row are one pixel's colours: 3, 1, or 0 for what are
    no colours, such as the frames of a stack."""
    planes, (row, column) = axes
    sizes = [int(box.shape[axis]) for axis in planes]
    count = 1
    for size in sizes:
        count *= size
    last = sizes[-1] if sizes else 1
    return {
        "height": int(box.shape[row]), "width": int(box.shape[column]), "planes": count,
        "colours": last if last in (1, 3) else 0,
    }


class Picture:
    """Pixels of a picture, one byte each: plane by plane, row by row.

    Of three colours `red` keeps the first, `grey` their luma (ITU-R BT.601), `all` each of them.
    """

    def __init__(self, box, axes, rows, columns, channels):
        self.shape, self.order = tuple(box.shape), axes[0] + axes[1]
        self.size = (len(rows), len(columns))
        self.rows, self.columns = self.regular(rows), self.regular(columns)
        if not (isinstance(self.rows, slice) and isinstance(self.columns, slice)):
            import numpy

            self.rows, self.columns = numpy.ix_(rows, columns)
        self.channels = channels
        facts = picture_facts(box, axes)
        self.is_coloured = facts["colours"] == 3
        kept = facts["planes"] // (3 if self.is_coloured and channels != "all" else 1)
        self.byte_count = kept * self.size[0] * self.size[1]

    @staticmethod
    def regular(places):
        """The places as a slice, where they are regular."""
        step = places[1] - places[0] if len(places) > 1 else 1
        if step > 0 and all(b - a == step for a, b in zip(places, places[1:])):
            return slice(places[0], places[-1] + 1, step)
        return places

    def sampled(self, planes):
        """Of an array whose last two axes are rows and columns."""
        return planes[..., self.rows, self.columns]

    def slot(self, memory):
        """A part of the memory as the array that an observation is written to."""
        import numpy

        return numpy.frombuffer(memory, numpy.uint8).reshape((-1,) + self.size)

    def write(self, seen, slot):
        import numpy

        seen = numpy.asarray(seen)
        if seen.shape != self.shape or seen.dtype != numpy.uint8:
            raise Unusable(
                f"its observation is of shape {seen.shape} and type {seen.dtype}; allowed: "
                f"{self.shape} and uint8, as its space says")
        planes = self.sampled(seen.transpose(self.order)).reshape((-1,) + self.size)
        if self.is_coloured and self.channels == "red":
            planes = planes[::3]
        elif self.is_coloured and self.channels == "grey":
            planes = luma(planes.reshape((-1, 3) + self.size).astype(numpy.uint32))
        slot[...] = planes


def luma(colours):
    """Grey of red, green and blue, the second axis: rounded to a byte."""
    red, green, blue = colours[:, 0], colours[:, 1], colours[:, 2]
    return ((299 * red + 587 * green + 114 * blue + 500) // 1000).astype("uint8")


class Numbers:
    """An observation as 32-bit floats in the order of Gymnasium's own `flatten`: what is discrete as
    ones and zeros, parts one after the other. Bytes are divided by 255; text is left out."""

    def __init__(self, spaces, space):
        import numpy

        self.spaces, self.parts, self.left_out, self.count = spaces, [], [], 0
        self.collect(space, ())
        if not 1 <= self.count <= MOST_NUMBERS:
            raise Refusal(
                f"its observations are {shown(space)}, which are {self.count:,} numbers; allowed: 1 "
                f"to {MOST_NUMBERS:,}")
        self.byte_count = 4 * self.count
        # The usual case needs none of the care that `write` takes.
        self.plain_shape = None
        if isinstance(space, spaces.Box) and space.dtype == numpy.float32:
            self.plain_shape = tuple(space.shape)
        self.plain_type = numpy.dtype(numpy.float32)

    def collect(self, space, path):
        spaces = self.spaces
        if isinstance(space, spaces.Dict):
            for key, part in space.spaces.items():
                self.collect(part, path + (key,))
        elif isinstance(space, spaces.Tuple):
            for index, part in enumerate(space.spaces):
                self.collect(part, path + (index,))
        elif is_text(space) and path:
            self.left_out.append(self.name(path))
        elif isinstance(space, spaces.Discrete):
            self.add(path, int(space.n), self.hot([int(space.n)], [int(space.start)]))
        elif isinstance(space, spaces.MultiDiscrete):
            sizes = [int(size) for size in space.nvec.ravel()]
            starts = getattr(space, "start", None)
            starts = [0] * len(sizes) if starts is None else [int(s) for s in starts.ravel()]
            self.add(path, sum(sizes), self.hot(sizes, starts))
        elif isinstance(space, (spaces.Box, spaces.MultiBinary)):
            if space.dtype.kind not in "fiub":
                raise Refusal(f"its observations are of type {space.dtype}; allowed: numbers")
            count = 1
            for side in space.shape:
                count *= int(side)
            self.add(path, count, self.plain(tuple(space.shape), space.dtype == "uint8"))
        else:
            where = f" at {self.name(path)}" if path else ""
            raise Refusal(
                f"its observations{where} are {shown(space)}; allowed: Box, Discrete, "
                "MultiDiscrete, MultiBinary, and Tuple and Dict of them; a wrapper can make such "
                f"observations of others{READ_ON}")

    def add(self, path, count, write):
        self.parts.append((path, self.count, self.count + count, write))
        self.count += count

    @staticmethod
    def name(path):
        return ".".join(str(key) for key in path)

    @staticmethod
    def plain(shape, is_bytes):
        import numpy

        def write(given, places):
            given = numpy.asarray(given)
            if given.shape != shape or given.dtype.kind not in "fiub":
                raise Unusable(
                    f"its observation is of shape {given.shape} and type {given.dtype}; allowed: "
                    f"numbers of shape {shape}, as its space says")
            places[:] = given.ravel()
            if is_bytes:
                places /= 255

        return write

    @staticmethod
    def hot(sizes, starts):
        import numpy

        def write(given, places):
            given = numpy.asarray(given).ravel()
            if len(given) != len(sizes) or given.dtype.kind not in "iub":
                raise Unusable(
                    f"its observation is {shown(given)}; allowed: {len(sizes)} whole numbers, as "
                    "its space says")
            places[:] = 0
            begin = 0
            for value, size, start in zip(given, sizes, starts):
                if not 0 <= int(value) - start < size:
                    raise Unusable(
                        f"its observation is {int(value)}; allowed: {start} to {start + size - 1}")
                places[begin + int(value) - start] = 1
                begin += size

        return write

    def slot(self, memory):
        """A part of the memory as the array that an observation is written to."""
        import numpy

        return numpy.frombuffer(memory, numpy.float32)

    def write(self, seen, slot):
        import numpy

        if (type(seen) is numpy.ndarray and seen.shape == self.plain_shape
                and seen.dtype is self.plain_type):
            slot[...] = seen.ravel()
        else:
            with numpy.errstate(over="ignore", invalid="ignore"):
                for path, begin, end, write in self.parts:
                    given = seen
                    for key in path:
                        given = given[key]
                    write(given, slot[begin:end])
        # A finite sum of squares has finite parts, and is quickly found.
        if not math.isfinite(slot.dot(slot)) and not numpy.isfinite(slot).all():
            raise Unusable(self.complaint(seen, slot))

    def complaint(self, seen, slot):
        """What the first entry is that is not finite."""
        import numpy

        place = int(numpy.flatnonzero(~numpy.isfinite(slot))[0])
        path, begin, _, _ = next(part for part in self.parts if part[1] <= place < part[2])
        given = seen
        for key in path:
            given = given[key]
        value = numpy.asarray(given).ravel()[place - begin]
        where = f" ({self.name(path)})" if path else ""
        return (
            f"entry {place + 1} of {self.count} of its observation{where} is {value}; allowed: "
            "finite numbers, at most 3.4e38 in size")
