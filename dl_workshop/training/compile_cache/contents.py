"""What an object of any kind holds, as parts that can be followed further."""

import abc
import array
import collections
import contextvars
import copyreg
import enum
import functools
import logging
import mmap
import threading
import types
import typing
import weakref
from typing import Any

import jax
import numpy as np

from dl_workshop.training.compile_cache.reached import in_library

# Of these the one object is all that matters: what they do is not changed by what happens to them.
IDENTICAL = (
    np.ufunc,
    np.dtype,
    types.WrapperDescriptorType,
    types.MethodDescriptorType,
    types.ClassMethodDescriptorType,
    types.GetSetDescriptorType,
    types.MemberDescriptorType,
    type(threading.Lock()),
    type(threading.RLock()),
    jax.Device,
)
_PLAIN_BASES = {object, abc.ABC, typing.Generic, typing.Protocol, enum.Enum}
_HOLDERS: tuple[Any, ...] = (list, tuple, set, frozenset, collections.deque)
_VIEWS: tuple[Any, ...] = (type({}.keys()), type({}.values()), type({}.items()))


def parts_of(thing: Any) -> list:
    """Give the parts of an object: contents, attributes, slots. Raises TypeError where they are hidden or used up."""
    if isinstance(thing, functools.partial):
        return [thing.func, thing.args, thing.keywords, vars(thing)]
    if in_library(type(thing).__module__):
        # A library's object may keep in its attributes what it has computed already; what pickle keeps is what it is.
        buffers = [part for part in getattr(thing, "__dict__", {}).values() if isinstance(part, memoryview | mmap.mmap)]
        return [*_contents(thing), *buffers]
    if hasattr(type(thing), "__next__"):
        raise TypeError("an iterator is used up as it is read")
    whole = all(cls in _PLAIN_BASES or not in_library(cls.__module__) for cls in type(thing).__mro__)
    return _attributes(thing) if whole else [*_attributes(thing), *_contents(thing)]


def _contents(thing: Any) -> list:
    """Give what a buffer, a wrapper or an extension's object holds: what pickle would keep, unless Python tells."""
    for holder in _HOLDERS:
        if isinstance(thing, holder):  # whatever a class of the learner's own says of itself
            return list(holder.__iter__(thing))
    if isinstance(thing, dict):
        return [part for pair in dict.items(thing) for part in pair] + [getattr(thing, "default_factory", None)]
    if isinstance(thing, _VIEWS):
        return list(thing)
    if isinstance(thing, bytearray | memoryview | array.array | mmap.mmap):
        return [bytes(thing)]
    if isinstance(thing, np.ma.MaskedArray):
        return [np.ma.getdata(thing).view(np.ndarray), np.ma.getmaskarray(thing)]
    if isinstance(thing, np.ndarray):
        return [thing.view(np.ndarray)]
    if isinstance(thing, types.MappingProxyType):
        return [dict(thing)]
    if isinstance(thing, weakref.ref):
        return [thing()]
    if isinstance(thing, contextvars.ContextVar):
        try:
            return [thing.get()]
        except LookupError:
            return []
    if isinstance(thing, property):
        return [thing.fget, thing.fset]
    if isinstance(thing, types.CellType):
        return [] if thing == types.CellType() else [thing.cell_contents]
    if isinstance(thing, staticmethod | classmethod):
        return [thing.__func__]
    if isinstance(thing, types.MethodWrapperType):
        return [thing.__name__, thing.__self__]
    if isinstance(thing, logging.Logger):
        return [thing.name, thing.getEffectiveLevel(), thing.disabled]
    if isinstance(thing, threading.local):
        return [vars(thing)]
    if hasattr(type(thing), "__next__"):
        raise TypeError("an iterator is used up as it is read")
    return _pickled(thing)


def _pickled(thing: Any) -> list:
    """Give what pickle would keep of an object."""
    pickles = copyreg.dispatch_table.get(type(thing))
    reduced: Any = pickles(thing) if pickles else thing.__reduce_ex__(4)
    if isinstance(reduced, str):
        return [reduced]
    make, arguments, *rest = reduced
    library = in_library(getattr(make, "__module__", None))
    return [
        f"{make.__module__}.{make.__qualname__}" if library else make,
        [None if part is type(thing) else part for part in arguments],
        *(tuple(part) if hasattr(type(part), "__next__") else part for part in rest),
    ]


def _attributes(thing: Any) -> list:
    """Give the attributes of an object and what stands in the slots of its classes, whatever these say of them."""
    found, hidden = [], type(thing).__dictoffset__ != 0
    for cls in type(thing).__mro__:
        for name, member in vars(cls).items():
            of_all = name == "__dict__" and isinstance(member, types.GetSetDescriptorType)
            hidden &= not of_all
            if of_all or isinstance(member, types.MemberDescriptorType):
                try:
                    found += [name, member.__get__(thing)]
                except AttributeError:  # a slot that is not filled
                    found += [name]
    if hidden:
        raise TypeError("the class hides the attributes of its objects")
    return found
