"""The biodegradation file: from bytes to checked numbers, or a refusal that says what is wrong with them."""

import io
import zipfile
import zlib

import numpy as np
from jaxtyping import Float

from dl_workshop.errors import LearnerError

NAME = "biodeg.csv"
ROWS, DESCRIPTORS = 1055, 41
Numbers = tuple[Float[np.ndarray, "1055 41"], Float[np.ndarray, " 1055"]]  # x and y
COUNTS = {"RB": 356, "NRB": 699}  # readily biodegradable, and not
LARGEST = 5_000_000  # bytes; the table has about 156,000


def parse(content: bytes) -> Numbers:
    """Give x (1055, 41) and y (1055,) as float32 from a csv, or from a zip that holds biodeg.csv; y is 1 for RB.

    Raises: LearnerError naming the first thing that is not as it must be.
    """
    rows = [line.split(";") for line in _text(content).splitlines() if line.strip()]
    for number, row in enumerate(rows, start=1):
        if len(row) != DESCRIPTORS + 1 or row[-1].strip() not in COUNTS:
            raise LearnerError(f"row {number} is not {DESCRIPTORS} numbers and RB or NRB, but {';'.join(row)[-40:]!r}")
    if len(rows) != ROWS:
        raise LearnerError(f"it holds {len(rows)} rows, not {ROWS}")
    labels = [row[-1].strip() for row in rows]
    for label, count in COUNTS.items():
        if labels.count(label) != count:
            raise LearnerError(f"{labels.count(label)} rows are {label}, not {count}")
    x = np.array([[_number(text, number) for text in row[:-1]] for number, row in enumerate(rows, start=1)], np.float32)
    return x, np.array([label == "RB" for label in labels], np.float32)


def packed(content: bytes) -> bytes:
    """Give the table as a zip: its checksum then guards every digit of what is kept on disk."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(NAME, _text(content))
    return file.getvalue()


def _text(content: bytes) -> str:
    if content.startswith(b"PK"):
        content = _unpacked(content)
    if not content.strip():
        raise LearnerError("it is empty")
    if content.lstrip().startswith(b"<"):
        raise LearnerError("it is a web page, not the table (a network that asks for a log-in?)")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise LearnerError("it is not text") from None


def _unpacked(content: bytes) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for member in archive.infolist():
                if member.filename.rsplit("/", 1)[-1] == NAME and member.file_size <= LARGEST:
                    return archive.read(member)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError) as error:
        raise LearnerError(f"its zip is damaged or cut short ({error})") from None
    raise LearnerError(f"its zip holds no {NAME}")


def _number(text: str, row: int) -> np.float32:
    try:
        with np.errstate(over="ignore"):  # too large for float32 becomes inf, which is refused below
            value = np.float32(float(text))
    except ValueError:
        value = np.float32("nan")
    if not np.isfinite(value):
        raise LearnerError(f"row {row} holds {text!r}, which is not a finite number")
    return value
