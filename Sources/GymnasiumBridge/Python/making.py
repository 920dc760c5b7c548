# SPDX-License-Identifier: MIT
"""How environments come about: the user's modules, calls by name, ids and wrappers.

A part of the worker: `PythonSetup.script` puts the files of this folder together.
"""

import difflib
import hashlib
import importlib
import os
import sys
import traceback
import types

# What `make setup-gymnasium` installs.
OURS = ("gymnasium", "numpy", "ale_py")
TAKEN = (
    "{} has the name of a module that Python or gymnasium has loaded already; give it another name")


def import_module_of(name, folder):
    """Imports MODULE of `MODULE:NAME`, from the user's folder before all others."""
    module = name.partition(":")[0]
    root = module.partition(".")[0]
    loaded = sys.modules.get(root)
    is_here = any(
        os.path.exists(os.path.join(folder, *end)) for end in ((root + ".py",), (root, "__init__.py")))
    if is_here and loaded is not None:
        place = getattr(loaded, "__file__", None) or ""
        if os.path.dirname(os.path.realpath(place)) not in (
            os.path.realpath(folder), os.path.realpath(os.path.join(folder, root))
        ):
            raise Refusal(TAKEN.format(root + ".py"))
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        if error.name in (module, root):
            raise Refusal(
                f"there is no module {error.name!r}, neither in {folder} nor installed") from error
        raise missing(module, error, folder) from error


def missing(module, error, folder):
    """What to say of a module that needs another, which is not there."""
    if not error.name or error.name.partition(".")[0] in OURS:
        return error
    files = [f for f in traceback.extract_tb(error.__traceback__) if f.filename.startswith(folder)]
    where = f" ({os.path.relpath(files[-1].filename, folder)}, line {files[-1].lineno})"
    return Refusal(
        f"the module {module!r} needs {error.name!r}{where if files else ''}, which is not installed")


def load_module(asked, folder):
    """Runs `PATH@SHA-256`, a file of the user's, as the module that its name says.

    Returns that name. What runs are the bytes whose hash is part of the trial's identity.
    """
    path, _, digest = asked.rpartition("@")
    file = os.path.join(folder, path)
    name = os.path.basename(path)[:-3]
    try:
        with open(file, "rb") as opened:
            source = opened.read()
    except OSError as error:
        raise Refusal(f"environment.module: {path} cannot be read: {error.strerror}") from error
    found = hashlib.sha256(source).hexdigest()
    if found != digest:
        raise Refusal(
            f"environment.module: {path} has changed since the trial was planned: its SHA-256 is "
            f"{found}; allowed: {digest}")
    if not name.isidentifier():
        raise Refusal(f"environment.module: {name!r} cannot be a module's name")
    if name in sys.modules:
        raise Refusal(TAKEN.format(path))
    sys.path.insert(0, os.path.dirname(file))
    module = types.ModuleType(name)
    module.__file__ = file
    sys.modules[name] = module
    try:
        exec(compile(source, file, "exec"), module.__dict__)
    except ModuleNotFoundError as error:
        raise missing(name, error, os.path.dirname(file)) from error
    return name


class Maker:
    """Makes the environments that a configuration asks for."""

    def __init__(self, gymnasium, asked):
        self.gymnasium, self.id, self.folder = gymnasium, asked["id"], asked["folder"]
        self.own = None
        calls = asked["register"] + asked["wrappers"]
        if ":" in self.id or any(":" in self.parts(call)[0] for call in calls):
            sys.path.insert(0, self.folder)
        else:
            sys.path.append(self.folder)
        if asked["module"]:
            self.own = load_module(asked["module"], self.folder)
        for call in asked["register"]:
            name, kwargs = self.parts(call)
            self.named(name, "environment.register")(**kwargs)
        if ":" in self.id and self.id.partition(":")[0] != self.own:
            import_module_of(self.id, self.folder)
        self.wrappers = []
        for call in asked["wrappers"]:
            name, kwargs = self.parts(call)
            self.wrappers.append((self.named(name, "environment.wrappers"), kwargs))

    @staticmethod
    def parts(call):
        return (call, {}) if isinstance(call, str) else (call["name"], call["kwargs"])

    def named(self, name, key):
        """What `MODULE:NAME` names; a name alone is one of Gymnasium's wrappers."""
        if ":" in name:
            module = name.partition(":")[0]
            holder = sys.modules[module] if module == self.own else import_module_of(name, self.folder)
            known = [known for known in vars(holder) if callable(vars(holder)[known])]
        elif key == "environment.register":
            raise Refusal(f"{key}: found {name!r}; allowed: MODULE:FUNCTION")
        else:
            holder = importlib.import_module("gymnasium.wrappers")
            known = [known for known in holder.__all__ if known[0].isupper()]
        found = getattr(holder, name.rpartition(":")[2], None)
        if not callable(found):
            near = difflib.get_close_matches(name.rpartition(":")[2], known, 1)
            raise Refusal(
                f"{key}: there is no {name!r}"
                + (f"; did you mean {near[0]!r}?" if near else f"; {holder.__name__} has no such name"))
        return found

    def make(self, **kwargs):
        """An environment with its wrappers, the first of them innermost."""
        errors = self.gymnasium.error
        try:
            env = self.gymnasium.make(self.id, **kwargs)
        except (errors.UnregisteredEnv, errors.DeprecatedEnv) as error:
            raise Refusal(self.gone()) from error
        for wrapper, arguments in self.wrappers:
            env = wrapper(env, **arguments)
            if not isinstance(env, self.gymnasium.Env):
                raise Refusal(
                    f"environment.wrappers: {wrapper.__name__} gives {shown(env)}; allowed: a "
                    "gymnasium.Env")
        return env

    def gone(self):
        """What to say of an id that this Gymnasium does not have."""
        module, colon, own = self.id.rpartition(":")
        sentence = f"Gymnasium {self.gymnasium.__version__} has no {own}"
        newest = {}
        for name, spec in self.gymnasium.registry.items():
            base = name.rpartition("-v")[0] if spec.version is not None else name
            if base not in newest or (spec.version or 0) > (newest[base].version or 0):
                newest[base] = spec
        base = own.rpartition("-v")[0] or own
        near = [base] if base in newest else difflib.get_close_matches(base, newest, 1)
        if near:
            verb = "the newest is" if near[0] == base else "did you mean"
            end = "" if near[0] == base else "?"
            return f"{sentence}; {verb} {module}{colon}{newest[near[0]].id}{end}"
        return (
            f"{sentence}; MODULE:ID imports the module that registers it, and environment.register "
            "calls what does")


def versions(env, wrappers):
    """Of the packages that decide what an environment does, where they tell."""
    classes = [type(env.unwrapped)] + [wrapper for wrapper, _ in wrappers]
    roots = {found.__module__.partition(".")[0] for found in classes}
    names = roots | {"gymnasium", "numpy", "ale_py", "mujoco", "Box2D"}
    found = {"python": sys.version.split()[0]}
    for name in names & set(sys.modules):
        version = getattr(sys.modules[name], "__version__", None)
        if version is None:
            # It reads files, and is slow.
            import importlib.metadata

            try:
                version = importlib.metadata.version(name)
            except importlib.metadata.PackageNotFoundError:
                continue
        found[name.replace("_", "-")] = str(version)
    return found
