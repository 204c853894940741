"""IDX files, the format of MNIST: two zeros, a type, the number of axes, their lengths, then the values.

Source: Y. LeCun, C. Cortes, C. Burges, The MNIST database of handwritten digits, "File formats".
"""

import struct
import zlib

import numpy as np

from dl_workshop.errors import LearnerError

BYTES = 0x08  # the type of MNIST: values 0 to 255
LARGEST = 200_000_000  # bytes unpacked; the largest of MNIST has 47 million


def parse(content: bytes, shape: tuple[int | None, ...]) -> np.ndarray:
    """Give the array of an IDX file, packed by gzip or not; `shape` is what it must have, None for any length.

    Raises: LearnerError naming the first thing that is not as it must be.
    """
    if not content:
        raise LearnerError("it is empty")
    if content.lstrip()[:1] == b"<":
        raise LearnerError("it is a web page (a network that asks for a log-in?)")
    if content.startswith(b"\x1f\x8b"):
        content = _unpacked(content)
    if len(content) < 4 or content[:2] != b"\0\0":
        raise LearnerError(f"it is no IDX file: it begins with {content[:4].hex(' ')}, not with 00 00")
    kind, axes = content[2], content[3]
    if kind != BYTES:
        raise LearnerError(f"its values have type {kind:#04x}, not {BYTES:#04x} (bytes)")
    if axes != len(shape):
        raise LearnerError(f"it has {axes} axes, not {len(shape)}: are images and labels mixed up?")
    start = 4 + 4 * axes
    if len(content) < start:
        raise LearnerError("it is cut short within its head")
    sizes = struct.unpack(f">{axes}I", content[4:start])
    if any(wanted is not None and size != wanted for size, wanted in zip(sizes, shape, strict=True)):
        raise LearnerError(f"it holds an array {sizes}, not {tuple('n' if n is None else n for n in shape)}")
    if len(content) - start != np.prod(sizes, dtype=object):
        raise LearnerError(
            f"it holds {len(content) - start} values, but its head promises {sizes}: it is cut short or damaged"
        )
    return np.frombuffer(content, np.uint8, offset=start).reshape(sizes)


def _unpacked(content: bytes) -> bytes:
    unpack = zlib.decompressobj(16 + zlib.MAX_WBITS)  # refuses to grow without end, as gzip.decompress does not
    try:
        plain = unpack.decompress(content, LARGEST)
    except zlib.error as error:
        raise LearnerError(f"its gzip is damaged ({error})") from None
    if not unpack.eof:
        raise LearnerError("its gzip is cut short" if len(plain) < LARGEST else f"it unpacks to over {LARGEST} bytes")
    return plain
