"""The public names of the kit: all that `from dl_workshop import ...` leads to, found and never listed."""

import ast
import builtins
import inspect
import textwrap
import typing
from types import FunctionType, ModuleType

import dl_workshop
from dl_workshop.errors import explain_error


def found():
    """Give {"losses.mse": function, "Fit": class, "Drawing.save": method, ...}, each under one name."""
    names = {}
    for name in dl_workshop.__all__:
        _walk(name, getattr(dl_workshop, name), names)
    classes = [thing for thing in names if isinstance(thing, type)]
    for thing in classes:
        names |= {
            method: f"{names[thing]}.{name}"
            for name, method in vars(thing).items()
            if isinstance(method, FunctionType) and not name.startswith("_") and method.__module__ == thing.__module__
        }
    return {name: thing for thing, name in names.items()}


def _walk(name, thing, names):
    if isinstance(thing, ModuleType):
        chosen = getattr(thing, "__all__", None) or [
            inner
            for inner, value in vars(thing).items()
            if not inner.startswith("_") and getattr(value, "__module__", None) == thing.__name__
        ]
        for inner in chosen:
            _walk(f"{name}.{inner}", getattr(thing, inner), names)
    elif isinstance(thing, FunctionType | type) and thing.__module__.startswith("dl_workshop"):
        names.setdefault(thing, name)
        for one in _given(thing):  # what it gives is public too: exercises.load -> Lesson -> Check
            if one not in names:
                _walk(one.__name__, one, names)


def _given(thing):
    """Give the kit's classes that a function, or a method of a class, says it returns; not Panel, which the
    browser talks to."""
    values = [thing] if isinstance(thing, FunctionType) else vars(thing).values()
    functions = [value.fget if isinstance(value, property) else value for value in values]
    kinds = [getattr(one, "__annotations__", {}).get("return") for one in functions if isinstance(one, FunctionType)]
    kinds += [inner for kind in kinds for inner in typing.get_args(kind)]
    return [kind for kind in kinds if isinstance(kind, type) and _room(kind) not in ("", "panels")]


def _room(thing):
    return thing.__module__.partition(".")[2].partition(".")[0] if thing.__module__.startswith("dl_workshop") else ""


def tree(thing):
    """Give the syntax of a function or class."""
    return ast.parse(textwrap.dedent(inspect.getsource(thing))).body[0]


def raised(thing, seen=frozenset()):
    """Give the names of the exceptions that a function raises: itself, in a helper of its module, or in a guard."""
    if thing in seen:
        return set()
    known = {**vars(builtins), **inspect.unwrap(thing).__globals__}
    names = set()
    for node in _open(tree(thing)):
        raises = isinstance(node, ast.Raise)
        call = node.exc if raises else node
        called = known.get(call.func.id) if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) else None
        if raises and called is not None:
            names.add("LearnerError" if called is explain_error else called.__name__)
        elif isinstance(called, FunctionType) and _is_its_own(called, thing):
            names |= raised(called, seen | {thing})
    return names


def _is_its_own(called, thing):
    room = called.__module__
    return (
        called.__name__.startswith(("check_", "_check"))
        and room.startswith("dl_workshop")
        or called.__name__.startswith("_")
        and room == thing.__module__
    )


def _open(node):
    """Walk the syntax, without what stands in a `try` that catches something."""
    for child in ast.iter_child_nodes(node):
        if isinstance(node, ast.Try) and node.handlers and child in node.body:
            continue
        yield child
        yield from _open(child)
