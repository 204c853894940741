"""What an object of any kind holds, as parts that can be followed further; and the bytes of an array, quickly."""

import array
import concurrent.futures
import contextvars
import copyreg
import functools
import hashlib
import logging
import mmap
import os
import threading
import types
import weakref

import jax
import numpy as np

from dl_workshop.reached import in_library

LARGE = 2**22                          # bytes of an array from which on several threads hash it

# Of these the one object is all that matters: what they do is not changed by what happens to them.
IDENTICAL = (np.ufunc, np.dtype, types.WrapperDescriptorType, types.MethodDescriptorType,
             types.ClassMethodDescriptorType, types.GetSetDescriptorType, types.MemberDescriptorType, logging.Logger,
             type(threading.Lock()), type(threading.RLock()), jax.Device)


def parts_of(thing):
    """Give the parts of an object: contents, attributes, slots. Raises TypeError where they are hidden or used up."""
    if isinstance(thing, functools.partial):
        return [thing.func, thing.args, thing.keywords, vars(thing)]
    # A library's object may keep in its attributes what it has computed already; what pickle keeps is what it is.
    return _contents(thing) if in_library(type(thing).__module__) else [*_attributes(thing), *_contents(thing)]


def _contents(thing):
    """Give what a buffer, a wrapper or an extension's object holds: what pickle would keep, unless Python tells."""
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
        return [thing.get(None)]
    if isinstance(thing, property):
        return [thing.fget, thing.fset]
    if isinstance(thing, types.CellType):
        return [] if thing == types.CellType() else [thing.cell_contents]
    if isinstance(thing, staticmethod | classmethod):
        return [thing.__func__]
    if isinstance(thing, types.MethodWrapperType):
        return [thing.__name__, thing.__self__]
    if hasattr(type(thing), "__next__"):
        raise TypeError("an iterator is used up as it is read")
    pickles = copyreg.dispatch_table.get(type(thing))
    reduced = pickles(thing) if pickles else thing.__reduce_ex__(4)
    if isinstance(reduced, str):
        return [reduced]
    return [tuple(part) if hasattr(type(part), "__next__") else part for part in reduced]


def _attributes(thing):
    """Give the attributes of an object and what stands in the slots of its classes."""
    found = [vars(thing)] if hasattr(thing, "__dict__") else []
    for cls in type(thing).__mro__:
        slots = vars(cls).get("__slots__", ())
        for name in (slots,) if isinstance(slots, str) else slots:
            member = vars(cls).get(_mangled(cls, name))
            if isinstance(member, types.MemberDescriptorType):
                try:
                    found.append((name, member.__get__(thing)))
                except AttributeError:     # a slot that is not filled
                    found.append((name,))
    return found


def _mangled(cls, name):
    private = name.startswith("__") and not name.endswith("__")
    return f"_{cls.__name__.lstrip('_')}{name}" if private else name


def arrays_bytes(numbers):
    """Give the bytes of an array, or of a large one a digest of them: four parts, hashed side by side.

    60,000 pictures of 28 x 28 are 188 MB; SHA-256 has its own instructions in processors, and lets threads run.
    """
    content = memoryview(np.ascontiguousarray(numbers).reshape(-1).view(np.uint8))
    if len(content) < LARGE:
        return content
    size = -(-len(content) // 4)
    with concurrent.futures.ThreadPoolExecutor(min(4, os.cpu_count() or 1)) as threads:
        parts = threads.map(lambda i: hashlib.sha256(content[i * size:(i + 1) * size]).digest(), range(4))
        return b"".join(parts)
