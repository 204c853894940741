"""Which globals a function's code reads, by name, and which of them belong to a library."""

import dis
import functools
import sys
import sysconfig
import types
from pathlib import Path

_LIBRARIES = tuple({sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")})
_KIT = str(Path(__file__).parent)
_PACKAGES = ("site-packages", "dist-packages")
_ANY_NAME = {"globals", "locals", "vars", "eval", "exec", "compile", "__import__", "open", "input", "breakpoint"}
_ANY_VALUE = {"environ", "getenv", "import_module", "reload"}
_CHANGING = {"random", "time", "secrets"}


def reached_by(function):
    """Give {name: what it stands for} of the globals that a function reads, with the attributes read of own modules.

    None where the code may read anything: through `globals()`, `eval`, a file, the environment, the clock.
    """
    code, there = function.__code__, function.__globals__
    # A library's own globals do not change under a learner's hands, but what it closes over may be the learner's.
    if of_library(function):
        return {}
    names, imported = _named(code)
    inside = _names_inside(code)
    if any(name in _ANY_NAME and name not in there for name in names) or inside & _ANY_VALUE:
        return None
    found = {name: there[name] for name in names if name in there}
    found |= {name: sys.modules[name] for name in imported if name in sys.modules}
    for name, thing in list(found.items()):
        if isinstance(thing, types.ModuleType):
            if thing.__name__ in _CHANGING or thing is sys and "modules" in inside:
                return None
            if not in_library(thing.__name__):       # of the learner's own, which an editor may change
                read = vars(thing).keys() if "getattr" in names else inside
                found |= {f"{name}.{part}": vars(thing)[part] for part in sorted(read) if part in vars(thing)
                          and not part.startswith("__")}
    return found


@functools.lru_cache(maxsize=4096)
def _named(code):
    """Global names that the code, or a function defined inside it, reads; and the modules that it imports."""
    steps = list(dis.get_instructions(code))
    names = {step.argval for step in steps if step.opname in ("LOAD_GLOBAL", "LOAD_NAME", "LOAD_FROM_DICT_OR_GLOBALS")}
    imported = {step.argval for step in steps if step.opname == "IMPORT_NAME"}
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            more, others = _named(constant)
            names.update(more)
            imported.update(others)
    return tuple(sorted(names)), tuple(sorted(imported))


@functools.lru_cache(maxsize=4096)
def _names_inside(code):
    """Names of attributes, and short texts, that the code has in it: what `helpers.gain` or `getattr` may ask for."""
    inner = [_names_inside(part) for part in code.co_consts if isinstance(part, types.CodeType)]
    texts = {part for part in code.co_consts if isinstance(part, str) and part.isidentifier()}
    return frozenset(code.co_names).union(texts, *inner)


def of_library(function):
    """Say whether a function was written in a library: what `jax.vmap(f)` gives was, whatever module it names."""
    return _library_file(function.__code__.co_filename)


def _library_file(file):
    return file.startswith((*_LIBRARIES, _KIT)) or file.startswith("<frozen") or any(name in file for name in _PACKAGES)


@functools.lru_cache(maxsize=4096)
def in_library(module_name):
    """Say whether a module is one of Python's, of the kit's or of an installed package: nothing that changes."""
    if not isinstance(module_name, str):
        return False
    if module_name in sys.builtin_module_names:
        return True
    file = getattr(sys.modules.get(module_name), "__file__", None)
    return bool(file) and _library_file(file)
