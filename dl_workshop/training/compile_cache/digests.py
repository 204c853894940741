"""The bytes of an array as a short digest; of a large one quickly, since it is looked at in every call of fit.

60,000 pictures of 28 x 28 are 188 MB. On one core SHA-256 takes 0.16 s for them (BLAKE2b 0.37 s, CRC-32, which is too
short to tell all contents apart, 0.07 s); comparing them with a copy takes 0.02 s.
"""

import concurrent.futures
import functools
import hashlib
import os
import weakref

import numpy as np

LARGE = 2**22  # bytes of an array from which on it is hashed by several threads, and copied
MOST_COPIED = 2**28  # bytes of all copies
STRETCH = 2**17  # bytes that are compared in one go, near the processor

# Large arrays: id -> (reference, digest, copy of the bytes or None).
_known: dict[int, tuple[weakref.ref, str, np.ndarray | None]] = {}


def digest_of(array: np.ndarray) -> str:
    """Give a digest of an array's bytes. Of a large array that stays the same a copy is kept, to compare it with."""
    if 0 in array.strides:  # what is only seen many times over is looked at once
        array = array[tuple(slice(0, 1) if step == 0 else slice(None) for step in array.strides)]
    content = np.ascontiguousarray(array).reshape(-1).view(np.uint8)
    if content.nbytes < LARGE:
        return hashlib.blake2b(content, digest_size=16).hexdigest()
    ref, known, copy = _known.get(id(array), (None, "", None))
    ours = ref is not None and ref() is array
    if ours and copy is not None and _equal(content, copy):
        return known
    digest, copy = _in_parts(content), None
    copied = sum(copy.nbytes for _, _, copy in list(_known.values()) if copy is not None)
    if ours and digest == known and copied + content.nbytes <= MOST_COPIED:
        copy = content.copy()
    _known[id(array)] = weakref.ref(array, functools.partial(_forget, id(array))), digest, copy
    return digest


def _forget(place: int, ref: weakref.ref) -> None:
    if place in _known and _known[place][0] is ref:
        del _known[place]


def _equal(content: np.ndarray, copy: np.ndarray) -> bool:
    """Say whether two rows of bytes are the same, stretch by stretch."""
    if content.nbytes != copy.nbytes:
        return False
    whole = content.nbytes // 8 * 8
    ours, theirs = content[:whole].view(np.uint64), copy[:whole].view(np.uint64)
    size = STRETCH // 8
    return np.array_equal(content[whole:], copy[whole:]) and all(
        np.array_equal(ours[i : i + size], theirs[i : i + size]) for i in range(0, len(ours), size)
    )


def _in_parts(content: np.ndarray) -> str:
    """Hash four parts side by side: SHA-256 has its own instructions in processors, and lets threads run."""
    size = -(-len(content) // 4)
    with concurrent.futures.ThreadPoolExecutor(min(4, os.cpu_count() or 1)) as threads:
        parts = threads.map(lambda i: hashlib.sha256(content[i * size : (i + 1) * size]).digest(), range(4))
        return hashlib.blake2b(b"".join(parts), digest_size=16).hexdigest()
