"""What a function reaches, as a key: two equal keys mean that the function would compute the same.

A compiled function remembers the globals it saw when it was compiled. In a notebook these change: a helper is
redefined, a constant edited, a scaler fitted again. So compiled work is kept under this key, made of the function's
code, its closure and defaults, and everything its global names lead to, followed as far as they go. What cannot be
followed and may change (a generator, a file, `eval`) makes a key that equals no other: it is compiled anew each time.
"""

import functools
import hashlib
import itertools
import marshal
import sys
import types
import weakref
from typing import Any, NamedTuple

import jax
import numpy as np

from dl_workshop.training.compile_cache.contents import IDENTICAL, parts_of
from dl_workshop.training.compile_cache.digests import digest_of
from dl_workshop.training.compile_cache.reached import in_library, members, of_library, reached_by, reads_anything
from dl_workshop.training.compile_cache.watched import watch

MANY = 256  # plain numbers and texts from which on a list is hashed as a whole
MOST = 20_000  # objects that one key follows; beyond, it is a key that equals no other
_PLAIN = (type(None), type(...), type(NotImplemented), bool, int, float, complex, str, bytes)
_NUMBERS = {int, float, bool, str, bytes, complex, type(None)}
_anew = itertools.count()
_NAMED = (types.ModuleType, types.FunctionType, types.BuiltinFunctionType, type, type(np.random.default_rng))
_SETTINGS_OF = type(jax.config).__module__
# What a setting of JAX changes is what a function gives, or how.
_SETTINGS = (
    "jax_enable_x64",
    "jax_default_matmul_precision",
    "jax_numpy_dtype_promotion",
    "jax_default_prng_impl",
    "jax_numpy_rank_promotion",
    "jax_threefry_partitionable",
    "jax_debug_nans",
    "jax_debug_infs",
    "jax_disable_jit",
    "jax_default_device",
    "jax_softmax_custom_jvp",
    "jax_default_dtype_bits",
)


class Key:
    """A key that also keeps alive the objects it names by identity, so that no id is used twice."""

    def __init__(self, token: str, kept: list) -> None:
        """Take the token, a text, and the objects in it."""
        self.token, self.kept = token, kept

    def __hash__(self) -> int:
        """Agree with equality."""
        return hash(self.token)

    def __eq__(self, other: object) -> bool:
        """Say whether both reach the same."""
        return isinstance(other, Key) and self.token == other.token


def fingerprint(*functions: object) -> Key:
    """Give the key of everything that functions (or other objects) reach, and of the settings of JAX.

    A function that is still the same object but reaches something else than before is out of date in JAX's own memory
    too (`jax.jit`, `jax.lax.scan`), so that is cleared.
    """
    walk = _Walk()
    try:
        token = walk.follow((functions, [getattr(jax.config, name, None) for name in _SETTINGS])).content
    except RecursionError:
        token = _unlike_any_other()
    if walk.changed:
        jax.clear_caches()
    return Key(token, walk.kept)


def forget_edited(*functions: object) -> None:
    """Let JAX forget what it compiled of functions that reach something else now than when they were last looked at."""
    fingerprint(*functions)


class _Token(NamedTuple):
    """What an object is: `content` equals that of others with the same content.

    `own` stops at functions, classes and objects that are watched for themselves, and names them by their number: it
    changes when something changed here, however one came here.
    """

    content: str
    own: str


class _Walk:
    """One walk through everything reached. Each object gets a short token; equal tokens mean equal content."""

    def __init__(self) -> None:
        self.tokens: dict[int, _Token] = {}  # by id, as depths; `met` keeps the ids from being used twice
        self.depths: dict[int, int] = {}
        self.met: list = []
        self.kept: list = []
        self.changed = False

    def follow(self, thing: Any) -> _Token:
        """Give the token of one object. Where it is met again inside itself, that says how far out."""
        if type(thing) in _PLAIN:
            return _same(_plain(thing))
        if id(thing) in self.tokens:
            return self.tokens[id(thing)]
        watched = watch(thing)
        if id(thing) in self.depths:
            circle = f"circle {len(self.depths) - self.depths[id(thing)]}"
            return _Token(circle, watched.name if watched else circle)
        if len(self.tokens) > MOST:
            return _same(_unlike_any_other())
        self.met.append(thing)
        self.depths[id(thing)] = len(self.depths)
        try:
            token = self.look_into(thing)
        except RecursionError:
            raise
        except Exception:  # whatever a foreign object may raise when it is looked into
            token = _same(_unlike_any_other())
        del self.depths[id(thing)]
        if watched:
            self.changed |= watched.token not in (None, token.own)
            watched.token = token.own
            token = token._replace(own=watched.name)
        self.tokens[id(thing)] = token
        return token

    def look_into(self, thing: Any) -> _Token:
        """Follow an object of several parts, by its kind."""
        if type(thing) in (list, tuple):
            if len(thing) > MANY and set(map(type, thing)) <= _NUMBERS:
                return _same(f"{type(thing).__name__} {_hash(marshal.dumps(list(thing), 2))}")
            return self.join(type(thing).__name__, *thing)
        if type(thing) in (range, slice):
            return self.join(type(thing).__name__, thing.start, thing.stop, thing.step)
        if thing is sys.modules:
            return _same(_unlike_any_other())
        if type(thing) is dict:
            return self.join("dict", *(part for pair in thing.items() for part in pair))
        if type(thing) in (set, frozenset):
            parts = sorted(map(self.follow, thing))
            return (
                _Token(*(f"set {_hash(repr(part).encode())}" for part in zip(*parts, strict=True)))
                if parts
                else _same("set")
            )
        if isinstance(thing, jax.Array) and not isinstance(thing, jax.core.Tracer):
            return _same(_digest(thing) or self.itself(thing))
        if type(thing) is np.ndarray or isinstance(thing, np.generic):
            if thing.dtype.hasobject:
                return self.join("objects", thing.shape, thing.tolist())
            return _same(f"numpy {thing.dtype!r} {np.shape(thing)} {digest_of(np.asarray(thing))}")
        if isinstance(thing, types.CodeType):
            return _same(_code(thing))
        if isinstance(thing, _NAMED) and reads_anything(thing):
            return _same(_unlike_any_other())
        if isinstance(thing, types.ModuleType):
            own = {} if in_library(thing.__name__) else members(thing)
            return self.join(f"module {thing.__name__}", *(part for pair in own.items() for part in pair))
        if isinstance(thing, types.FunctionType):
            return self.of_function(thing)
        if isinstance(thing, types.MethodType | types.BuiltinMethodType):
            owner = None if isinstance(thing.__self__, types.ModuleType) else thing.__self__
            function = getattr(thing, "__func__", None)
            return self.join(
                f"method {thing.__module__}",
                thing.__name__,
                owner,
                function if isinstance(function, types.FunctionType) else None,
            )
        if isinstance(thing, type):
            return self.of_class(thing)
        if isinstance(thing, IDENTICAL) or type(thing).__module__ == _SETTINGS_OF:
            return _same(self.itself(thing))
        kind = self.itself(type(thing)) if in_library(type(thing).__module__) else type(thing)
        wrapped = getattr(thing, "__wrapped__", None) if isinstance(kind, str) else None
        if callable(wrapped):  # jax.jit, jax.vmap, jax.custom_jvp, functools.lru_cache
            rules = [part for part in getattr(thing, "__dict__", {}).values() if callable(part)]
            return self.join(f"wraps {type(thing).__qualname__}", wrapped, *rules)
        return self.join("object", kind, *parts_of(thing))

    def of_function(self, function: types.FunctionType) -> _Token:
        """Follow a function into its code, its closure, its defaults, its attributes and the globals that it reads."""
        read = reached_by(function)
        if read is None:
            return _same(_unlike_any_other())
        attributes = {} if of_library(function) else vars(function)
        return self.join(
            "function", function.__code__, read, function.__defaults__, function.__kwdefaults__, attributes
        )

    def of_class(self, cls: type) -> _Token:
        """Follow a class of the learner's own into its members and bases; those of libraries do not change."""
        if in_library(cls.__module__):
            return _same(self.itself(cls))
        members = {
            name: part
            for name, part in vars(cls).items()
            if name not in _NO_MEMBERS and not isinstance(part, types.MemberDescriptorType | types.GetSetDescriptorType)
        }
        return self.join("class", cls.__qualname__, type(cls), members, cls.__bases__)

    def itself(self, thing: object) -> str:
        """Name an object by its identity, and keep it, so that no other gets its id."""
        self.kept.append(thing)
        return f"is {id(thing)}"

    def join(self, kind: str, *parts: Any) -> _Token:
        """Give the token of something that is made of parts."""
        tokens = [self.follow(part) for part in parts]
        return (
            _Token(*(f"{kind} {_hash('|'.join(side).encode())}" for side in zip(*tokens, strict=True)))
            if tokens
            else _same(kind)
        )


def _plain(thing: Any) -> str:
    """Give a number or a text as it is written, or what is short enough to stand for it."""
    if type(thing) is int:  # which Python writes out only up to so many digits
        return f"int {thing:x}"
    if type(thing) in (str, bytes) and len(thing) > MANY:
        content = thing if type(thing) is bytes else thing.encode(errors="surrogatepass")
        return f"{type(thing).__name__} {len(thing)} {_hash(content)}"
    return f"{type(thing).__name__} {thing!r}"


def _same(token: str) -> _Token:
    return _Token(token, token)


_NO_MEMBERS = {
    "__dict__",
    "__slots__",
    "__weakref__",
    "__doc__",
    "__module__",
    "__firstlineno__",
    "_abc_impl",
    "__static_attributes__",
    "__annotations__",
    "__annotate__",
    "__annotate_func__",
    "__annotations_cache__",
    "__classdictcell__",
}


def _unlike_any_other() -> str:
    return f"unlike any other {next(_anew)}"


def _hash(content: bytes) -> str:
    return hashlib.blake2b(content, digest_size=16).hexdigest()


_digests: dict[int, str | None] = {}  # of JAX's arrays, which never change: id -> digest, as long as they live


def _digest(array: jax.Array) -> str | None:
    """Give the digest of a JAX array, computed once for each; None where it is not all here."""
    if id(array) in _digests:
        return _digests[id(array)]
    try:
        key = jax.dtypes.issubdtype(array.dtype, jax.dtypes.prng_key)
        numbers = np.asarray(jax.random.key_data(array) if key else array)
        digest = f"jax {array.dtype} {array.shape} {array.aval.weak_type} {digest_of(numbers)}"
    except (TypeError, ValueError, RuntimeError):  # deleted, or spread over several processes
        digest = None
    place = id(array)
    weakref.finalize(array, _digests.pop, place, None)
    _digests[place] = digest
    return digest


@functools.lru_cache(maxsize=4096)
def _code(code: types.CodeType) -> str:
    constants = [
        _code(constant) if isinstance(constant, types.CodeType) else f"{type(constant).__name__} {constant!r}"
        for constant in code.co_consts
    ]
    return "code " + _hash(
        repr(
            (code.co_name, code.co_code, constants, code.co_names, code.co_varnames, code.co_freevars, code.co_flags)
        ).encode()
    )
