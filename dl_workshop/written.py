"""What a learner wrote at the place where an exception arose: the expression, and what to write in its stead."""

import ast
import builtins
import linecache
import sys
import sysconfig
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any

# Where code lies that is not the learner's: the kit itself, Python's own library, installed packages, loaded lessons.
KIT = str(Path(__file__).parent)
_LIBRARIES = {KIT, *(sysconfig.get_path(name) for name in ("stdlib", "purelib", "platlib"))}
OF_TRACING = (
    "TracerArrayConversionError",
    "ConcretizationTypeError",
    "TracerBoolConversionError",
    "TracerIntegerConversionError",
)
PLAIN = {"float": "a plain number", "int": "a plain whole number", "bool": "True or False", "complex": "a plain number"}
TAKEN_OUT = {"item": "a plain number", "tolist": "a plain list", "__array__": "a NumPy array"}


def is_no_learners(folder: str | Path) -> None:
    """Take what lies in a folder for the kit's or a lesson's author's, wherever it is installed."""
    _LIBRARIES.add(str(folder))


def in_library(file: str) -> bool:
    """Say whether a file of code is not the learner's."""
    return file.startswith(tuple(_LIBRARIES))


def last_line_in(error: BaseException, belongs: Callable[[Path], bool]) -> str:
    """Name the last line that an error went through in a file that `belongs`: "FILE, line 3: "; "" where none does."""
    place, frame = "", error.__traceback__
    while frame is not None:
        file = frame.tb_frame.f_code.co_filename
        if belongs(Path(file)):
            place = f"{file}, line {frame.tb_lineno}: "
        frame = frame.tb_next
    return place


def source_lines(file: str) -> list[str]:
    """Give the lines of a file or of a notebook's cell; none of "<string>", a name that many texts bear."""
    return [] if file == "<string>" else linecache.getlines(file)


def source_line(file: str, number: int) -> str:
    """Give one line of a file or of a notebook's cell; "" where there is none."""
    return "".join(source_lines(file)[number - 1 : number])


def expression(frame: TracebackType) -> str:
    """Give the source of the expression that a frame of a traceback had come to, on one line; "" if it is unknown."""
    try:
        positions = list(frame.tb_frame.f_code.co_positions())[frame.tb_lasti // 2]
        first, last, begin, end = positions
        lines = source_lines(frame.tb_frame.f_code.co_filename)[first - 1 : last]  # type: ignore[operator]  # None: below
        encoded = [line.encode() for line in lines]  # columns count bytes
        encoded[-1] = encoded[-1][:end]
        encoded[0] = encoded[0][begin:]
        return " ".join(b"".join(encoded).decode().split())
    except (IndexError, TypeError, UnicodeDecodeError):
        return ""


def instead_of(source: str, names: Mapping[str, Any]) -> str | None:
    """Say what is wrong with an expression where JAX is tracing, and what to write; None where nothing is known of it.

    names: what the names in it stand for, to tell whose function was called.
    """
    try:
        tree = ast.parse(source, mode="eval").body
    except (SyntaxError, ValueError):
        return None
    if not isinstance(tree, ast.Call):
        return None
    called, name = ast.unparse(tree.func), ast.unparse(tree.func).split(".")[-1]
    it = f"`{called}(...)`"
    if called in PLAIN:
        return f"{it} makes {PLAIN[called]}, and no gradient comes through one: leave it out."
    if name in TAKEN_OUT and "." in called:
        return f"`.{name}()` makes {TAKEN_OUT[name]}, and no gradient comes through one: leave it out."
    owner = _owner(tree.func, names)
    jnp = sys.modules.get("jax.numpy")  # it is there, as JAX was tracing; errors need no JAX of their own
    if owner == "numpy" and name in ("array", "asarray", "ascontiguousarray", "float32", "float64"):
        return f"{it} makes a NumPy array, and no gradient comes through one: leave it out, or write `jnp.{name}`."
    if owner in ("numpy", "math", "cmath", "builtins"):
        theirs = {"numpy": "NumPy's", "builtins": "Python's own"}.get(owner, "Python's math")
        if hasattr(jnp, name):
            return f"{it} is {theirs}, and no gradient comes through it: write `jnp.{name}`."
        return f"{it} is {theirs}, and no gradient comes through it: say it with functions of `jnp`."
    library = {
        "sklearn": "scikit-learn",
        "scipy": "SciPy",
        "pandas": "pandas",
        "torch": "PyTorch",
        "tensorflow": "TensorFlow",
    }.get(owner or "")
    if library:
        return f"{it} is {library}'s, and computes outside JAX, so no gradient comes through: write it out with `jnp`."
    return None


def _owner(function: ast.expr, names: Mapping[str, Any]) -> str | None:
    """Give the package that a called function comes from, by the name in front of it or by itself."""
    root = function
    while isinstance(root, ast.Attribute):
        root = root.value
    thing: Any = names.get(root.id) if isinstance(root, ast.Name) else None
    if thing is None and isinstance(root, ast.Name):
        return "builtins" if hasattr(builtins, root.id) else None
    if type(thing).__name__ == "ufunc" and not hasattr(sys.modules["numpy"], thing.__name__):
        return "scipy"
    module = (
        getattr(thing, "__name__", "")
        if type(thing).__name__ == "module"
        else getattr(thing, "__module__", None) or type(thing).__module__
    )
    return (module or "").split(".")[0]


def while_traced(kind: str, frame: TracebackType | None, where: str) -> str:
    """Say what does not go while JAX is tracing: by what the learner wrote, else by the kind of exception."""
    written = expression(frame) if frame else ""
    found = instead_of(written, frame.tb_frame.f_globals | frame.tb_frame.f_locals) if frame and written else None
    if found:
        return f"JAX is tracing your values{where}. {found}"
    if kind == "TracerBoolConversionError":
        return (
            f"Your function asks whether an array is true while JAX is tracing it{where}, as `if`, `while`, `and`, "
            "`max` do. Use jnp.where(condition, a, b) for a choice."
        )
    if kind == "TracerArrayConversionError":
        return (
            f"Something here computes with NumPy, on values that JAX is tracing{where}, so no gradient comes "
            "through: say it with functions of `jnp`."
        )
    return (
        f"Your function asks for the value of an array while JAX is tracing it{where}. "
        "Drop float(), int() or if on arrays: use jnp.where for a choice."
    )


def learners_frame(error: BaseException, functions: Iterable[Callable | None]) -> TracebackType | None:
    """Give the last part of a traceback that lies in the learner's code; None where none does."""
    own = theirs = None
    functions = [f.func if isinstance(f, partial) else f for f in functions]
    files = {getattr(getattr(f, "__code__", None), "co_filename", None) for f in functions}
    frame = error.__traceback__
    while frame is not None:
        file = frame.tb_frame.f_code.co_filename
        if not in_library(file):
            own = frame
        elif file in files:
            theirs = frame
        frame = frame.tb_next
    return own or theirs


def learners_line(error: BaseException, functions: Iterable[Callable | None]) -> str | None:
    """Give the source line at which the error arose: the learner's own, else one in the functions or what they call."""
    frame = learners_frame(error, functions)
    return source_line(frame.tb_frame.f_code.co_filename, frame.tb_lineno).strip() if frame else None
