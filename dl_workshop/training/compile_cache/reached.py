"""What a function's code reads from outside, by name: the things themselves, and which of them belong to a library."""

import builtins
import collections
import dis
import functools
import os
import sys
import sysconfig
import types
from collections.abc import Sequence
from typing import Any, NamedTuple

from dl_workshop.written import KIT

_LIBRARIES = [sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")]
_FOLDERS = tuple({folder + os.sep for folder in (*_LIBRARIES, KIT)})
_PACKAGES = ("site-packages", "dist-packages")

# Through these a function may read anything at all, so that it cannot be followed: builtins, modules, attributes.
_ANYTHING = {"globals", "eval", "exec", "compile", "__import__", "open", "input", "breakpoint"}
_OUTSIDE = {
    "time",
    "secrets",
    "uuid",
    "random",
    "os",
    "posix",
    "nt",
    "sys",
    "gc",
    "inspect",
    "io",
    "_io",
    "socket",
    "subprocess",
    "select",
    "threading",
    "_thread",
    "importlib",
    "tempfile",
    "glob",
    "shutil",
    "runpy",
    "builtins",
    "numpy.random",
    "numpy.random._generator",
    "numpy.random.bit_generator",
}
_MADE_ANEW = {
    "io",
    "_io",
    "random",
    "_random",
    "subprocess",
    "socket",
    "tempfile",
    "numpy.random",
    "numpy.random._generator",
}  # whose objects hold more than they are made of
_ASIDE = {
    "__globals__",
    "__builtins__",
    "__subclasses__",
    "f_globals",
    "f_locals",
    "f_back",
    "gi_frame",
    "read_text",
    "read_bytes",
}
_READING = ("load", "read", "open", "fetch", "fromfile", "genfromtxt", "memmap", "getcontext", "localcontext")
_CLOCKS = {"now", "today", "utcnow"}

_ABSENT = "absent"
_MACHINERY = {"__builtins__", "__loader__", "__spec__", "__file__", "__cached__", "__doc__", "__package__", "__path__"}


Names = tuple[str, ...]  # a path: ("np", "random", "rand") is `np.random.rand`


class Reads(NamedTuple):
    """What code reads from outside, as paths of names."""

    of_globals: tuple[Names, ...]
    of_cells: tuple[Names, ...]
    of_imports: tuple[Names, ...]  # of modules that the code imports itself
    names: frozenset[str]  # of attributes, and texts that may be such names


def reached_by(function: types.FunctionType) -> list[tuple[str, Any]] | None:
    """Give (path, what stands there) of all that a function reads outside itself: globals, imports, its closure.

    Of a module, a learner's own or a library's, that is only what the code reads of it, where it reads it by name.
    None where the code may read anything: through frames, or a file.
    """
    cells = dict(zip(function.__code__.co_freevars, function.__closure__ or (), strict=True))
    cells = {name: content for name, cell in cells.items() if (content := _content(cell)) is not _ABSENT}
    # A library's own globals do not change under a learner's hands, but what it closes over may be the learner's.
    if of_library(function):
        return sorted(cells.items())
    reads, there = reads_of(function.__code__), function.__globals__
    if reads.names & _ASIDE:
        return None
    modules = {name: _module(name, there.get("__package__")) for name, *_ in reads.of_imports}
    ways = (
        (reads.of_globals, collections.ChainMap(there, vars(builtins))),
        (reads.of_cells, cells),
        (reads.of_imports, modules),
    )
    return [
        (".".join(path), _at(path[1:], names[path[0]])) for paths, names in ways for path in paths if path[0] in names
    ]


def _content(cell: types.CellType) -> Any:
    try:
        return cell.cell_contents
    except ValueError:  # a name that is not yet bound
        return _ABSENT


def _module(name: str, package: str | None) -> Any:
    return sys.modules.get(name, sys.modules.get(f"{package}.{name}", _ABSENT))


def _at(path: Sequence[str], thing: Any) -> Any:
    """Go along the names through modules, and classes of libraries, as far as there are such."""
    for name in path:
        if isinstance(thing, types.ModuleType):
            known = vars(thing)
            lazy = in_library(thing.__name__) or "__getattr__" not in known
            thing = known[name] if name in known else getattr(thing, name, _ABSENT) if lazy else known["__getattr__"]
        elif isinstance(thing, type) and in_library(thing.__module__):
            thing = getattr(thing, name, _ABSENT)
        else:
            break
    return thing


def members(module: types.ModuleType) -> dict[str, Any]:
    """Give what a module of the learner's own holds."""
    return {name: part for name, part in vars(module).items() if name not in _MACHINERY}


def reads_anything(thing: Any) -> bool:
    """Say whether a module or a library's function gives what its arguments do not determine: time, files, frames."""
    if isinstance(thing, types.ModuleType):
        return thing.__name__ in _OUTSIDE
    name, module = getattr(thing, "__name__", ""), getattr(thing, "__module__", None)
    owner = getattr(thing, "__self__", None)
    if isinstance(owner, types.ModuleType):  # a function written in C: `__module__` may be anything
        module = owner.__name__
    elif isinstance(owner, type):
        return name in _CLOCKS and in_library(owner.__module__)
    elif owner is not None:  # a method of an object: what the object holds is followed
        return False
    if module == "builtins":
        return name in _ANYTHING
    if isinstance(thing, type):
        return module in _MADE_ANEW
    return in_library(module) and (module in _OUTSIDE or name.startswith(_READING) and name != "loads")


@functools.lru_cache(maxsize=4096)
def reads_of(code: types.CodeType) -> Reads:
    """Read off the code, and the code of functions defined inside it, which names it reads and what of them."""
    steps = [step for step in dis.get_instructions(code) if step.opname not in ("EXTENDED_ARG", "CACHE", "NOP")]
    bound, of_imports = _imports(steps)
    of_globals: set[Names] = set()
    of_cells: set[Names] = set()
    for place, step in enumerate(steps):
        if not step.opname.startswith(("LOAD", "STORE_FAST_LOAD")) or step.opname == "LOAD_CONST":
            continue
        names = step.argval if isinstance(step.argval, tuple) else (step.argval,)
        path = (names[-1], *_attributes(steps, place + 1))
        if step.opname in ("LOAD_GLOBAL", "LOAD_NAME", "LOAD_FROM_DICT_OR_GLOBALS"):
            of_globals.add(path)
        elif "DEREF" in step.opname:
            of_cells.add(path)
        if step.opname == "LOAD_NAME" or "LOAD_FAST" in step.opname or "DEREF" in step.opname:
            of_imports |= {
                (bound[name], *rest) for name, *rest in (*((name,) for name in names[:-1]), path) if name in bound
            }
    inside = [reads_of(constant) for constant in code.co_consts if isinstance(constant, types.CodeType)]
    texts = {text for text in code.co_consts if isinstance(text, str) and text.isidentifier()}
    # What a function inside reads of a module that is imported out here, through a cell.
    of_imports |= {(bound[name], *rest) for inner in inside for name, *rest in inner.of_cells if name in bound}
    read = {name for reads in (of_cells, *(inner.of_cells for inner in inside)) for name, *_ in reads}
    of_cells |= {(name,) for name in code.co_freevars if name not in read}

    def with_inside(mine: set[Names], what: str) -> tuple[Names, ...]:
        return tuple(sorted(mine.union(*(getattr(inner, what) for inner in inside))))

    return Reads(
        with_inside(of_globals, "of_globals"),
        with_inside(of_cells, "of_cells"),
        with_inside(of_imports, "of_imports"),
        frozenset(code.co_names).union(texts, *(inner.names for inner in inside)),
    )


def _attributes(steps: list[dis.Instruction], place: int) -> list[str]:
    """Give the names of the attributes that are read one after the other from here on."""
    names = []
    while place < len(steps) and steps[place].opname in ("LOAD_ATTR", "LOAD_METHOD"):
        names.append(steps[place].argval)
        place += 1
    return names


def _imports(steps: list[dis.Instruction]) -> tuple[dict[str, str], set[Names]]:
    """Give {local name: module} of `import module`, and the paths read by `from module import one, other`."""
    bound: dict[str, str] = {}
    paths: set[Names] = set()
    for place, step in enumerate(steps):
        if step.opname != "IMPORT_NAME":
            continue
        taken, rest = [], iter(steps[place + 1 :])
        for after in rest:
            if after.opname == "IMPORT_FROM":
                taken.append(after.argval)
            elif not after.opname.startswith(("STORE", "SWAP", "POP_TOP")):
                break
            elif after.opname.startswith("STORE") and steps[place - 1].argval is None:
                name = after.argval[0] if isinstance(after.argval, tuple) else after.argval
                bound[name] = step.argval if taken else step.argval.split(".")[0]
                break
        if steps[place - 1].argval is not None:
            paths |= {(step.argval, name) for name in taken} or {(step.argval,)}
    return bound, paths


def of_library(function: types.FunctionType) -> bool:
    """Say whether a function was written in a library: what `jax.vmap(f)` gives was, whatever module it names."""
    return _library_file(function.__code__.co_filename)


def _library_file(file: str) -> bool:
    return file.startswith(_FOLDERS) or file.startswith("<frozen") or any(name in file for name in _PACKAGES)


@functools.lru_cache(maxsize=4096)
def in_library(module_name: object) -> bool:
    """Say whether a module is one of Python's, of the kit's or of an installed package: nothing that changes."""
    if not isinstance(module_name, str):
        return False
    if module_name in sys.builtin_module_names:
        return True
    file = getattr(sys.modules.get(module_name), "__file__", None)
    return _library_file(file) if file else False
