"""MNIST, 70,000 handwritten digits: from your own folder, the cache, or the network, checked on every load.

Two more environment variables beside those of `real`, both optional:
- DL_WORKSHOP_DATA: a folder of your own with the IDX files, packed (.gz) or not. Read, never written.
- DL_WORKSHOP_MNIST_URL: the address of a folder to download them from, such as a mirror in the class room.
"""

import hashlib
import os
from pathlib import Path

import jax.numpy as jnp
import numpy as np

from dl_workshop.datasets import cache, idx
from dl_workshop.datasets.download import fetch
from dl_workshop.datasets.real import Table
from dl_workshop.errors import LearnerError
from dl_workshop.validate import check_positive

URL = "https://ossci-datasets.s3.amazonaws.com/mnist/"
LARGEST = 20_000_000  # bytes of one packed file; the largest has 9.9 million
SIDE = 28
# SHA-256 of the packed files, which several public projects list alike.
FILES = {
    "train": {
        "train-images-idx3-ubyte.gz": "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
        "train-labels-idx1-ubyte.gz": "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
    },
    "test": {
        "t10k-images-idx3-ubyte.gz": "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
        "t10k-labels-idx1-ubyte.gz": "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
    },
}


def mnist(
    part: str = "train",
    folder: str | os.PathLike | None = None,
    *,
    url: str | None = None,
    refresh: bool = False,
    patience: float = 60.0,
) -> Table:
    """Which digit was written? 60,000 pictures (part="train") or 10,000 ("test") of 28 by 28 grey levels, row by row.

    x is (n, 784), ink 1 and paper 0; y is the digit, a whole number 0 to 9. Looked for in this order: `folder`, the
    folder in DL_WORKSHOP_DATA, the cache, the network (`refresh=True` skips the cache), each file within `patience`
    seconds. What was downloaded must have the published checksum, now and on every later load.
    Units: the share of a pixel that ink covers.
    Raises: LearnerError that says what was wrong and where to put the files when there is no network.
    Source: LeCun, Bottou, Bengio, Haffner, Gradient-based learning applied to document recognition (1998).
    """
    check_positive("patience", patience)
    if part not in FILES:
        raise LearnerError(f'part={part!r} is no part of MNIST: write part="train" or part="test".')
    url = (url or os.environ.get("DL_WORKSHOP_MNIST_URL") or URL).rstrip("/") + "/"
    (pictures, from_where), (labels, _) = (
        _array(name, checksum, shape, folder, url, refresh, patience)
        for (name, checksum), shape in zip(FILES[part].items(), ((None, SIDE, SIDE), (None,)), strict=True)
    )
    if len(pictures) != len(labels) or labels.max(initial=0) > 9:
        raise LearnerError(
            f"There are {len(pictures)} pictures and {len(labels)} labels up to "
            f"{labels.max(initial=0)}: these files do not belong together. Put whole copies of "
            f"{' and '.join(FILES[part])} in your folder."
        )
    return Table(
        x=jnp.asarray(pictures.reshape(-1, SIDE**2), dtype=float) / 255,
        y=jnp.asarray(labels, dtype=int),
        columns=tuple(f"pixel_{row}_{column}" for row in range(SIDE) for column in range(SIDE)),
        name="MNIST digits",
        source=f"MNIST ({part} part, {len(labels)} digits; LeCun et al. 1998), {from_where}.",
        classes=tuple("0123456789"),
    )


def _array(
    name: str,
    checksum: str,
    shape: tuple[int | None, ...],
    folder: str | os.PathLike | None,
    url: str,
    refresh: bool,
    patience: float,
) -> tuple[np.ndarray, str]:
    """Give the array of one file, and where it was found."""
    own = _own_file(name, folder)
    if own is not None:
        try:
            return idx.parse(own.read_bytes(), shape), "from your own folder"
        except (LearnerError, OSError) as error:
            reason = error.strerror if isinstance(error, OSError) else error
            raise LearnerError(
                f"{own} is not the whole file: {reason}.\nThe kit changes nothing in your folder: put "
                "a whole copy there, or unset DL_WORKSHOP_DATA."
            ) from None
    kept, reasons = cache.file(name), []
    if kept.exists() and not refresh:
        try:
            return _checked(kept.read_bytes(), checksum, shape), "from the cache"
        except (LearnerError, OSError) as error:
            reasons.append(f"{kept} is damaged: {error}")
    try:
        content = fetch(url + name, patience, LARGEST, "the file")
        array = _checked(content, checksum, shape)
    except LearnerError as error:
        reasons.append(f"{error} ({url}{name})")
        raise LearnerError(f"MNIST is not here: {'; '.join(reasons)}.\n{_offline(url)}") from None
    cache.keep(kept, content)
    return array, "downloaded just now"


def _checked(content: bytes, checksum: str, shape: tuple[int | None, ...]) -> np.ndarray:
    array = idx.parse(content, shape)  # first, because it can say what is wrong
    found = hashlib.sha256(content).hexdigest()
    if found != checksum:
        raise LearnerError(f"its SHA-256 is {found[:12]}..., not {checksum[:12]}...: it is another file")
    return array


def _own_file(name: str, folder: str | os.PathLike | None) -> Path | None:
    """Give the learner's own file, or None; a folder that they name and that lacks the file is an error."""
    said = folder or os.environ.get("DL_WORKSHOP_DATA")
    if not said:
        return None
    for one in (name, name.removesuffix(".gz")):
        file = Path(said).expanduser() / one
        if file.exists():
            return file
    if folder:
        raise LearnerError(f"There is no {name} in {folder}.\n{_offline(URL)}")
    return None  # the folder may hold other data only: cache and network come next


def _offline(url: str) -> str:
    names = " ".join(name for files in FILES.values() for name in files)
    return (
        f"Without network: download {names} from {url} elsewhere, put them in a folder, and set the environment "
        "variable DL_WORKSHOP_DATA to that folder. Or use the bundled digits: datasets.digits()."
    )
