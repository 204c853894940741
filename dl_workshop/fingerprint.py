"""What a function reaches, as a key: two equal keys mean that the function would compute the same.

A compiled function remembers the globals it saw when it was compiled. In a notebook these change: a helper is
redefined, a constant edited. So compiled work is kept under this key, made of the function's code, its closure and
defaults, and everything its global names lead to, followed as far as they go.
"""

import dis
import functools
import hashlib
import sys
import sysconfig
import types

import jax
import numpy as np

_LIBRARIES = tuple({sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")})


def fingerprint(function):
    """Key of everything that the function reaches; and the jitted functions found on the way.

    Returns: (a hashable key, a list of jitted functions, whose own memory must be cleared when the key changes).
    """
    seen, jitted, kept = {}, [], []
    key = _key(function, seen, jitted, kept)
    return _Key(key, kept), jitted


class _Key:
    """A hashable key that also keeps alive the objects it names by identity, so that no id is used twice."""

    def __init__(self, value, kept):
        self.value, self.kept, self.hash = value, kept, hash(value)

    def __hash__(self):
        return self.hash

    def __eq__(self, other):
        return isinstance(other, _Key) and self.value == other.value


def _key(thing, seen, jitted, kept):
    """Follow one object. `seen` cuts cycles: a function may name itself."""
    if thing is None or isinstance(thing, bool | int | float | complex | str | bytes):
        return type(thing).__name__, repr(thing)
    if isinstance(thing, np.ndarray | np.generic | jax.Array) and not isinstance(thing, jax.core.Tracer):
        return _array_key(thing)
    if isinstance(thing, types.ModuleType):
        return "module", thing.__name__
    if id(thing) in seen:
        return "seen", seen[id(thing)]
    seen[id(thing)] = len(seen)
    kept.append(thing)

    def follow(part):
        return _key(part, seen, jitted, kept)

    if isinstance(thing, types.FunctionType):
        return _function_key(thing, follow)
    if isinstance(thing, functools.partial):
        return "partial", follow(thing.func), follow(thing.args), follow(thing.keywords)
    if isinstance(thing, types.MethodType):
        return "method", follow(thing.__func__), follow(thing.__self__)
    if isinstance(thing, list | tuple):
        return type(thing).__qualname__, tuple(follow(part) for part in thing)
    if isinstance(thing, set | frozenset):
        return type(thing).__qualname__, frozenset(follow(part) for part in thing)
    if isinstance(thing, dict):
        return type(thing).__qualname__, tuple((follow(name), follow(part)) for name, part in thing.items())
    if hasattr(thing, "__wrapped__"):  # jax.jit, jax.vmap, jax.grad, functools.wraps
        if hasattr(thing, "clear_cache"):
            jitted.append(thing)
        return "wraps", type(thing).__qualname__, follow(thing.__wrapped__)
    if isinstance(thing, type):
        return _class_key(thing, follow)
    if hasattr(thing, "__dict__") and not _in_library(type(thing).__module__):
        return "object", follow(type(thing)), follow(vars(thing))
    return "identity", id(thing)


def _function_key(function, follow):
    code = function.__code__
    closure = dict(zip(code.co_freevars, map(_content, function.__closure__ or ()), strict=True))
    # A library's own globals do not change under a learner's hands, but what it closes over may be the learner's.
    named = () if _in_library(function.__module__) else _globals_named(code)
    reached = closure | {name: function.__globals__[name] for name in named if name in function.__globals__}
    key = tuple((name, follow(thing), _attributes_key(thing, code, follow)) for name, thing in reached.items())
    wrapped = follow(function.__wrapped__) if hasattr(function, "__wrapped__") else None
    return "function", _code_key(code), key, follow(function.__defaults__), follow(function.__kwdefaults__), wrapped


def _attributes_key(thing, code, follow):
    """Key of helpers.square, where helpers is a module of the learner's own, which an editor may change."""
    if not isinstance(thing, types.ModuleType) or _in_library(thing.__name__):
        return ()
    return tuple((name, follow(getattr(thing, name))) for name in _names_inside(code) if hasattr(thing, name))


def _class_key(cls, follow):
    if _in_library(cls.__module__):
        return "class", cls.__module__, cls.__qualname__
    members = {name: part for name, part in vars(cls).items() if name not in ("__dict__", "__weakref__", "__doc__")}
    return "class", cls.__qualname__, follow(members), tuple(follow(base) for base in cls.__bases__)


def _content(cell):
    try:
        return cell.cell_contents
    except ValueError:  # a name that is not yet bound
        return "empty"


def _array_key(array):
    try:
        digest = hashlib.blake2b(np.ascontiguousarray(array).tobytes(), digest_size=16).digest()
    except (TypeError, ValueError, RuntimeError):  # random keys have no bytes of their own
        digest = repr(array)
    return "array", np.shape(array), str(array.dtype), digest


@functools.lru_cache(maxsize=4096)
def _code_key(code):
    constants = tuple(
        _code_key(constant) if isinstance(constant, types.CodeType) else (type(constant).__name__, repr(constant))
        for constant in code.co_consts
    )
    return code.co_name, code.co_code, constants, code.co_names, code.co_varnames, code.co_freevars


@functools.lru_cache(maxsize=4096)
def _globals_named(code):
    """Global names that the code, or a function defined inside it, reads."""
    names = {step.argval for step in dis.get_instructions(code) if step.opname in ("LOAD_GLOBAL", "LOAD_NAME")}
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            names.update(_globals_named(constant))
    return tuple(sorted(names))


def _names_inside(code):
    inner = [_names_inside(part) for part in code.co_consts if isinstance(part, types.CodeType)]
    return tuple(sorted(set(code.co_names).union(*inner)))


@functools.lru_cache(maxsize=4096)
def _in_library(module_name):
    if module_name in sys.builtin_module_names:
        return True
    file = getattr(sys.modules.get(module_name), "__file__", None)
    return bool(file) and file.startswith(_LIBRARIES)
