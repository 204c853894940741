"""The docstring of every public name is complete: a sentence, shapes, units, what it raises, its source."""

import inspect
import re
import typing
from collections.abc import Callable
from types import FunctionType

import jax
import numpy as np
import public_names
import pytest
from jaxtyping import PyTree

NAMES = public_names.found()
FUNCTIONS = {name: thing for name, thing in NAMES.items() if isinstance(thing, FunctionType)}

SHAPE = re.compile(r"\((\w+,|\w+(, \w+)+|\w+ \* \w+)[^()]*\)|\b(rows?|trees?|dicts?|numbers?|arrays?|pictures?)\b")
# What these arguments count has a unit, and the docstring says which.
UNITS = {
    "patience": "seconds|steps",
    "seconds": "seconds",
    "wide": "pixel",
    "width": "pixel|inch",
    "dpi": "dots|pixel",
    "height": "pixel|inch",
    "size": "rows and columns|pixel",
    "scale": "pixel",
    "limit": "characters",
    "memory": "bytes|MB|GB",
    "timeout": "seconds",
}
FORMULAS = ("losses", "optimizers", "initializers", "schedules", "metrics", "models")
A_YEAR = re.compile(r"\(\d{4}\)|\d{4}\)|scikit-learn")


def doc(thing):
    return inspect.getdoc(thing) or ""


def part(name, thing):
    """Give what a docstring says behind "Raises:", say, with its further lines."""
    found = re.search(rf"^{name}: (.*?)(?=^\w+: |\Z)|  {name}: (.*)$", doc(thing), re.M | re.S)
    return (found[1] or found[2] or "").strip() if found else ""


def test_names_are_found_by_themselves():
    from dl_workshop import losses, plots
    from dl_workshop.training.fit import fit

    assert NAMES["fit"] is fit and NAMES["losses.mse"] is losses.mse and NAMES["plots.data"] is plots.data
    assert {"Fit", "datasets.Table", "graph.Drawing.save", "Check.check", "panels.sweep"} <= set(NAMES)
    assert len(FUNCTIONS) > 150


@pytest.mark.parametrize("name", NAMES)
def test_the_first_line_is_one_sentence(name):
    first, *rest = doc(NAMES[name]).splitlines() or [""]
    assert first.endswith(".") and not any(rest[:1]), f"{name}: the first line ends with a full stop, then a blank one"
    assert not re.search(r"(?<!\.)\. +\S", first), f"{name}: the first line is one sentence"


def unshaped(kind):
    """Say whether a type may hold arrays whose shape it does not tell."""
    if kind in (typing.Any, jax.Array, np.ndarray, PyTree):
        return True
    if hasattr(kind, "dim_str") or kind is None or typing.get_origin(kind) is Callable or isinstance(kind, str):
        return False  # a type written as text is one of matplotlib, which is imported late
    if hasattr(kind, "leaftype"):
        return unshaped(kind.leaftype)
    return any(unshaped(inner) for inner in typing.get_args(kind) if inner is not Ellipsis)


def tells_shape(text, name):
    sentences = re.split(r"(?<=[.:;])\s+(?=[A-Z`a-z])", text)
    return any(re.search(rf"\b{name}\b", one) and SHAPE.search(one) for one in sentences)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_argument_and_result_has_a_type_and_every_array_a_shape(name):
    function = FUNCTIONS[name]
    signature = inspect.signature(function)
    kinds = {
        one.name: one.annotation
        for one in signature.parameters.values()
        if one.name not in ("self", "cls") and one.kind is not one.VAR_KEYWORD
    }
    untyped = [argument for argument, kind in kinds.items() if kind is inspect.Parameter.empty]
    assert not untyped, f"{name}: {', '.join(untyped)} without a type"
    assert signature.return_annotation is not inspect.Signature.empty, f"{name}: its result has no type"
    shapeless = [
        argument for argument, kind in kinds.items() if unshaped(kind) and not tells_shape(doc(function), argument)
    ]
    assert not shapeless, f"{name}: which shape has {', '.join(shapeless)}?"
    assert not unshaped(signature.return_annotation) or SHAPE.search(doc(function)), f"{name}: its result's shape?"


@pytest.mark.parametrize("name", [name for name, thing in NAMES.items() if isinstance(thing, type)])
def test_every_array_that_a_result_holds_has_a_shape(name):
    fields = {field: kind for field, kind in inspect.get_annotations(NAMES[name]).items() if unshaped(kind)}
    shapeless = [field for field in fields if not tells_shape(doc(NAMES[name]), field)]
    assert not shapeless, f"{name}: which shape has {', '.join(shapeless)}?"


@pytest.mark.parametrize("name", FUNCTIONS)
def test_what_it_raises_is_said(name):
    raised = public_names.raised(FUNCTIONS[name])
    missing = {one for one in raised if one not in part("Raises", FUNCTIONS[name])}
    assert not missing, f"{name} raises {', '.join(missing)}: write `Raises: {', '.join(missing)} if ...`"


@pytest.mark.parametrize("name", FUNCTIONS)
def test_units_are_said(name):
    function = FUNCTIONS[name]
    for argument in inspect.signature(function).parameters:
        need = UNITS.get(argument)
        assert not need or re.search(need, doc(function)), f"{name}: the unit of {argument}?"
    room, kind = name.split(".")[0], inspect.signature(function).return_annotation
    is_number = getattr(kind, "dim_str", None) == "" and room == "losses"
    is_measured = getattr(kind, "__name__", "") == "Table"
    if is_number or is_measured:
        assert part("Units", function), f"{name}: its result needs `Units: ...`"


@pytest.mark.parametrize("name", [name for name in FUNCTIONS if name.split(".")[0] in FORMULAS])
def test_a_formula_has_a_source(name):
    function = FUNCTIONS[name]
    first = doc(function).splitlines()[0]
    module = inspect.getmodule(function)
    by_another = any(
        part("Source", vars(module).get(called)) for called in re.findall(r"(\w+)\(", first) if called in vars(module)
    )
    if re.search(r"[=^/]|\bsum\b|N\(", first) and not by_another:
        assert A_YEAR.search(part("Source", function)), f"{name}: `Source: who, what (year), section`"
