"""Real tables: biodegradation (downloaded once, checked on every load) and the one bundled with scikit-learn.

Three environment variables, all optional:
- DL_WORKSHOP_DATA: a folder of your own that holds biodeg.csv, or the zip with it. Read, never written.
- DL_WORKSHOP_CACHE: the folder where downloads are kept (otherwise the user's cache folder).
- DL_WORKSHOP_BIODEG_URL: another address to download from, such as a mirror in the class room.
"""

import os
from pathlib import Path
from typing import NamedTuple

import jax.numpy as jnp
from jaxtyping import Array, Float

from dl_workshop.datasets import biodeg_file, bundled, cache, columns
from dl_workshop.datasets.download import fetch
from dl_workshop.errors import LearnerError
from dl_workshop.validate import check_positive

URL = "https://archive.ics.uci.edu/static/public/254/qsar+biodegradation.zip"
FILES = ("biodeg.csv", "biodeg.zip", "qsar+biodegradation.zip", "qsar_biodegradation.zip")


class Table(NamedTuple):
    """A table of n rows and d columns, with two classes or more.

    `source` is a sentence that says what the table is and where it came from; `classes` names y = 0, y = 1, ...
    """

    x: Float[Array, "n d"]
    y: Float[Array, " n"]
    columns: tuple[str, ...]
    name: str
    source: str
    classes: tuple[str, ...]


def biodegradation(
    folder: str | os.PathLike | None = None, *, url: str | None = None, refresh: bool = False, patience: float = 20.0
) -> Table:
    """Is a molecule readily biodegradable? 1055 molecules, 41 descriptors; y is 1 for the 356 that are.

    Looked for in this order: `folder`, the folder in DL_WORKSHOP_DATA, the cache, the network (`refresh=True`
    skips the cache). Whatever is found must hold the whole table: a damaged file in the cache is replaced, one
    in your own folder is refused and left as it is. The download is given `patience` seconds.

    Units: as `columns.BIODEGRADATION` describes each descriptor (counts, shares, indices).
    Raises: LearnerError that says what was wrong and where to put the file when there is no network.
    Source: K. Mansouri et al. (2013), UCI Machine Learning Repository no. 254, doi 10.24432/C5H60M, CC BY 4.0.
    """
    check_positive("patience", patience)
    own = _own_file(folder)
    if own is not None:
        try:
            return _biodegradation(_read(own), "from your own folder")
        except LearnerError as error:
            raise LearnerError(
                f"{error}.\nThe kit changes nothing in your folder: put a whole copy there, or unset DL_WORKSHOP_DATA."
            ) from None
    kept, reasons = cache.file("biodeg.zip"), []
    if kept.exists() and not refresh:
        try:
            return _biodegradation(_read(kept), "from the cache")
        except LearnerError as error:
            reasons.append(str(error))
    url = url or os.environ.get("DL_WORKSHOP_BIODEG_URL") or URL
    try:
        content = fetch(url, patience, biodeg_file.LARGEST)
        table = _biodegradation(_parsed(content, f"What came from {url}"), "downloaded just now")
    except LearnerError as error:
        reasons.append(str(error))
        raise LearnerError(f"The biodegradation table is not here: {'; '.join(reasons)}.\n{_offline(url)}") from None
    cache.keep(kept, biodeg_file.packed(content))
    return table


def biodegradation_or_bundled(*, patience: float = 6.0) -> Table:
    """Give the biodegradation table, or at once Breast Cancer Wisconsin where that one cannot be had.

    `source` says which of the two it is, and why. The network is given `patience` seconds.
    Units: as `biodegradation` or `breast_cancer` has them.
    """
    try:
        return biodegradation(patience=patience)
    except LearnerError as error:
        reason = str(error).split("\n")[0].rstrip(".")
        table = breast_cancer()
        return table._replace(source=f"{table.source} It stands in for biodegradation. ({reason}.)")


def breast_cancer() -> Table:
    """Is a tumour malignant? 569 tumours, 30 measurements of cell nuclei; y is 1 for the 212 that are malignant.

    scikit-learn has it the other way round (1 is benign); here 1 is the rarer class, as in `biodegradation`.
    Units: those of scikit-learn's table, which names none.
    Source: scikit-learn's load_breast_cancer: Breast Cancer Wisconsin (Diagnostic), UCI no. 17, CC BY 4.0.
    """
    numbers = bundled.rows("breast_cancer.csv", header=1)
    return Table(
        x=jnp.asarray(numbers[:, :-1], dtype=float),
        y=jnp.asarray(numbers[:, -1] == 0, dtype=float),
        columns=columns.BREAST_CANCER,
        name="Breast Cancer Wisconsin",
        source="Breast Cancer Wisconsin (Diagnostic), UCI no. 17, bundled with scikit-learn.",
        classes=("benign", "malignant"),
    )


def _biodegradation(numbers: biodeg_file.Numbers, where: str) -> Table:
    x, y = numbers
    return Table(
        x=jnp.asarray(x),
        y=jnp.asarray(y),
        columns=tuple(columns.BIODEGRADATION),
        name="QSAR biodegradation",
        source=f"QSAR biodegradation, UCI no. 254 (Mansouri et al. 2013, CC BY 4.0), {where}.",
        classes=("not readily biodegradable", "readily biodegradable"),
    )


def _own_file(folder: str | os.PathLike | None) -> Path | None:
    """Give the learner's own file, or None; a folder that they name and that lacks the file is an error."""
    folder, said = (folder, "folder") if folder else (os.environ.get("DL_WORKSHOP_DATA"), "DL_WORKSHOP_DATA")
    if not folder:
        return None
    for name in FILES:
        file = Path(folder).expanduser() / name
        if file.exists():
            return file
    if said == "DL_WORKSHOP_DATA":
        return None  # the folder may hold other data only: cache and network come next
    raise LearnerError(f"There is no biodeg.csv in {folder}.\n{_offline(URL)}")


def _offline(url: str) -> str:
    return (
        f"Without network: download {url} elsewhere, put the zip (or the biodeg.csv in it) in a folder, and set "
        "the environment variable DL_WORKSHOP_DATA to that folder before you start Jupyter."
    )


def _read(file: Path) -> biodeg_file.Numbers:
    try:
        content = file.read_bytes()
    except OSError as error:
        raise LearnerError(f"{file} cannot be read ({error.strerror})") from None
    return _parsed(content, str(file))


def _parsed(content: bytes, what: str) -> biodeg_file.Numbers:
    try:
        return biodeg_file.parse(content)
    except LearnerError as error:
        raise LearnerError(f"{what} is not the whole biodegradation table: {error}") from None
