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
import types
import weakref

import jax
import numpy as np

from dl_workshop.contents import IDENTICAL, arrays_bytes, parts_of
from dl_workshop.reached import in_library, of_library, reached_by

MANY = 256                             # plain numbers and texts from which on a list is hashed as a whole
MOST = 20_000                          # objects that one key follows; beyond, it is a key that equals no other
_PLAIN = (type(None), type(...), type(NotImplemented), bool, int, float, complex, str, bytes, range, slice)
_NUMBERS = {int, float, bool, str, bytes, complex, type(None)}
_anew = itertools.count()
_known = weakref.WeakKeyDictionary()   # functions, and what they reached when they were last looked at


class Key:
    """A key that also keeps alive the objects it names by identity, so that no id is used twice."""

    def __init__(self, token, kept):
        """Take the token, a text, and the objects in it."""
        self.token, self.kept = token, kept

    def __hash__(self):
        """Agree with equality."""
        return hash(self.token)

    def __eq__(self, other):
        """Say whether both reach the same."""
        return isinstance(other, Key) and self.token == other.token


def fingerprint(*functions) -> Key:
    """Give the key of everything that functions (or other objects) reach.

    A function that is still the same object but reaches something else than before is out of date in JAX's own memory
    too (`jax.jit`, `jax.lax.scan`), so that is cleared.
    """
    walk = _Walk()
    try:
        token = walk.follow(functions)
    except RecursionError:
        token = _unlike_any_other()
    if walk.changed:
        jax.clear_caches()
    return Key(token, walk.kept)


def forget_edited(*functions):
    """Let JAX forget what it compiled of functions that reach something else now than when they were last looked at."""
    fingerprint(*functions)


class _Walk:
    """One walk through everything reached. Each object gets a short token; equal tokens mean equal content."""

    def __init__(self):
        self.tokens, self.depths, self.met = {}, {}, []     # by id; `met` keeps the ids from being used twice
        self.kept, self.changed = [], False

    def follow(self, thing):
        """Give the token of one object. Where it is met again inside itself, that says how far out."""
        if type(thing) in _PLAIN:
            return f"{type(thing).__name__} {thing!r}"
        if id(thing) in self.tokens:
            return self.tokens[id(thing)]
        if id(thing) in self.depths:
            return f"circle {len(self.depths) - self.depths[id(thing)]}"
        if len(self.tokens) > MOST:
            return _unlike_any_other()
        self.met.append(thing)
        self.depths[id(thing)] = len(self.depths)
        try:
            token = self.look_into(thing)
        except RecursionError:
            raise
        except Exception:  # whatever a foreign object may raise when it is looked into
            token = _unlike_any_other()
        del self.depths[id(thing)]
        self.tokens[id(thing)] = token
        if isinstance(thing, types.FunctionType):
            self.changed |= _known.get(thing, token) != token
            _known[thing] = token
        return token

    def look_into(self, thing):
        """Follow an object of several parts, by its kind."""
        if type(thing) in (list, tuple):
            if len(thing) > MANY and set(map(type, thing)) <= _NUMBERS:
                return f"{type(thing).__name__} {_hash(marshal.dumps(list(thing), 2))}"
            return self.join(type(thing).__name__, *thing)
        if type(thing) is dict:
            return self.join("dict", *(part for pair in thing.items() for part in pair))
        if type(thing) in (set, frozenset):
            return f"set {_hash(repr(sorted(map(self.follow, thing))).encode())}"
        if isinstance(thing, jax.Array) and not isinstance(thing, jax.core.Tracer):
            return _digest(thing) or self.itself(thing)
        if type(thing) is np.ndarray or isinstance(thing, np.generic):
            if thing.dtype.hasobject:
                return self.join("objects", thing.shape, thing.tolist())
            return f"numpy {thing.dtype!r} {np.shape(thing)} {_hash(arrays_bytes(thing))}"
        if isinstance(thing, types.ModuleType):
            return f"module {thing.__name__}"
        if isinstance(thing, types.CodeType):
            return _code(thing)
        if isinstance(thing, types.FunctionType):
            return self.of_function(thing)
        if isinstance(thing, types.MethodType | types.BuiltinMethodType):
            return self.join("method", thing.__name__, thing.__self__, getattr(thing, "__func__", None))
        if isinstance(thing, type):
            return self.of_class(thing)
        if isinstance(thing, IDENTICAL):
            return self.itself(thing)
        wrapped = getattr(thing, "__wrapped__", None) if in_library(type(thing).__module__) else None
        if callable(wrapped):          # jax.jit, jax.vmap, jax.custom_jvp, functools.lru_cache
            rules = [getattr(thing, name, None) for name in ("jvp", "fwd", "bwd")]
            return self.join(f"wraps {type(thing).__qualname__}", wrapped, *rules)
        return self.join("object", type(thing), *parts_of(thing))

    def of_function(self, function):
        """Follow a function into its code, its closure, its defaults, its attributes and the globals that it reads."""
        named = reached_by(function)
        if named is None:
            return _unlike_any_other()
        cells = [part for cell in function.__closure__ or () for part in _content(cell)]
        attributes = {} if of_library(function) else vars(function)
        return self.join("function", function.__code__, cells, named, function.__defaults__, function.__kwdefaults__,
                         attributes)

    def of_class(self, cls):
        """Follow a class of the learner's own into its members and bases; those of libraries do not change."""
        if in_library(cls.__module__):
            return self.itself(cls)
        members = {name: part for name, part in vars(cls).items() if name not in _NO_MEMBERS
                   and not isinstance(part, types.MemberDescriptorType | types.GetSetDescriptorType)}
        return self.join("class", cls.__qualname__, type(cls), members, cls.__bases__)

    def itself(self, thing):
        """Name an object by its identity, and keep it, so that no other gets its id."""
        self.kept.append(thing)
        return f"is {id(thing)}"

    def join(self, kind, *parts):
        """Give the token of something that is made of parts."""
        return f"{kind} {_hash('|'.join(map(self.follow, parts)).encode())}"


_NO_MEMBERS = {"__dict__", "__weakref__", "__doc__", "__module__", "__firstlineno__", "__static_attributes__",
               "_abc_impl", "__annotations__", "__annotate__", "__annotate_func__", "__annotations_cache__",
               "__classdictcell__"}


def _unlike_any_other():
    return f"unlike any other {next(_anew)}"


def _hash(content):
    return hashlib.blake2b(content, digest_size=16).hexdigest()


def _content(cell):
    try:
        return "holds", cell.cell_contents
    except ValueError:                 # a name that is not yet bound
        return ("empty",)


_digests = {}                          # of JAX's arrays, which never change: id -> digest, as long as they live


def _digest(array):
    """Give the digest of a JAX array, computed once for each; None where it is not all here."""
    if id(array) in _digests:
        return _digests[id(array)]
    try:
        key = jax.dtypes.issubdtype(array.dtype, jax.dtypes.prng_key)
        numbers = np.asarray(jax.random.key_data(array) if key else array)
        digest = f"jax {array.dtype} {array.shape} {array.aval.weak_type} {_hash(arrays_bytes(numbers))}"
    except (TypeError, ValueError, RuntimeError):  # deleted, or spread over several processes
        digest = None
    place = id(array)
    weakref.finalize(array, _digests.pop, place, None)
    _digests[place] = digest
    return digest


@functools.lru_cache(maxsize=4096)
def _code(code):
    constants = [_code(constant) if isinstance(constant, types.CodeType) else f"{type(constant).__name__} {constant!r}"
                 for constant in code.co_consts]
    return "code " + _hash(repr((code.co_name, code.co_code, constants, code.co_names, code.co_varnames,
                                 code.co_freevars, code.co_flags)).encode())
