"""IDX files and MNIST: small files written here and served from this machine; the real ones where a folder has them."""

import gzip
import hashlib
import os
import struct

import numpy as np
import pytest
from made_up_table import empty_cache, sends, serving  # noqa: F401

from dl_workshop.datasets import idx, mnist, mnist_digits
from dl_workshop.errors import LearnerError

DRAW = np.random.default_rng(0)
PICTURES = DRAW.integers(0, 256, (7, 28, 28), dtype=np.uint8)
LABELS = np.array([0, 9, 3, 3, 1, 5, 8], np.uint8)


def idx_bytes(array, kind=8):
    return bytes([0, 0, kind, array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape) + array.tobytes()


IMAGES_GZ, LABELS_GZ = (gzip.compress(idx_bytes(array), mtime=0) for array in (PICTURES, LABELS))
NAMES = list(mnist_digits.FILES["test"])


@pytest.fixture
def small(cache, monkeypatch):
    """MNIST's test part, small: its checksums are those of the files made here."""
    sums = [hashlib.sha256(content).hexdigest() for content in (IMAGES_GZ, LABELS_GZ)]
    monkeypatch.setitem(mnist_digits.FILES, "test", dict(zip(NAMES, sums, strict=True)))
    monkeypatch.delenv("DL_WORKSHOP_MNIST_URL", raising=False)
    return cache


def answer(images=IMAGES_GZ, labels=LABELS_GZ):
    return lambda handler: sends(images if "images" in handler.path else labels)(handler)


def assert_is_small(table):
    np.testing.assert_allclose(table.x, PICTURES.reshape(7, 784) / 255, rtol=1e-6)
    assert table.y.tolist() == LABELS.tolist() and np.issubdtype(table.y.dtype, np.integer)
    assert len(table.columns) == 784 and table.classes[9] == "9"


@pytest.mark.parametrize("shape", [(5,), (2, 3), (4, 28, 28), (0, 28, 28)])
@pytest.mark.parametrize("packed", [gzip.compress, bytes])
def test_idx_round_trip(shape, packed):
    array = DRAW.integers(0, 256, shape, dtype=np.uint8)
    np.testing.assert_array_equal(idx.parse(packed(idx_bytes(array)), (None, *shape[1:])), array)


WHOLE = idx_bytes(PICTURES)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"  <html>log in</html>", "web page"),
        (b"PK\3\4 zip", "no IDX file: it begins with 50 4b"),
        (WHOLE[:2], "no IDX file"),
        (WHOLE[:9], "cut short within its head"),
        (WHOLE[:-1], "5487 values.*cut short"),
        (WHOLE + b"x", "5489 values"),
        (idx_bytes(PICTURES, kind=0x0D), "type 0x0d"),
        (idx_bytes(LABELS), "1 axes, not 3"),
        (idx_bytes(PICTURES[:, :20]), r"\(7, 20, 28\), not \('n', 28, 28\)"),
        (IMAGES_GZ[:-200], "gzip is cut short"),
        (IMAGES_GZ[:50] + b"\xff" * 50 + IMAGES_GZ[100:], "gzip is damaged|cut short"),
        (WHOLE[:4] + struct.pack(">3I", 2**31, 28, 28) + WHOLE[16:], "head promises"),
    ],
)
def test_damaged_files_are_told_in_words(content, words):
    with pytest.raises(LearnerError, match=words):
        idx.parse(content, (None, 28, 28))


def test_downloaded_once_then_from_the_cache(small):
    with serving(answer()) as (url, hits):
        folder = url.rsplit("/", 1)[0]
        first, second = mnist("test", url=folder), mnist("test", url=folder)
        assert [path.rsplit("/", 1)[1] for path in hits] == NAMES
    assert_is_small(first)
    assert_is_small(second)
    assert "downloaded" in first.source and "cache" in second.source
    assert sorted(file.name for file in small.iterdir()) == sorted(NAMES)


def test_damaged_cache_is_replaced_and_a_wrong_file_refused(small, monkeypatch):
    with serving(answer()) as (url, hits):
        monkeypatch.setenv("DL_WORKSHOP_MNIST_URL", url.rsplit("/", 1)[0])
        mnist("test")
        (small / NAMES[0]).write_bytes(IMAGES_GZ[:-100])
        assert_is_small(mnist("test"))
        assert len(hits) == 3
    other = gzip.compress(idx_bytes(PICTURES[::-1].copy()))
    with serving(answer(images=other)) as (url, _), pytest.raises(LearnerError, match="SHA-256") as caught:
        mnist("test", url=url.rsplit("/", 1)[0], refresh=True)
    assert "DL_WORKSHOP_DATA" in str(caught.value) and "datasets.digits()" in str(caught.value)
    assert "cache" in mnist("test").source  # what was there before is untouched


@pytest.mark.parametrize("packed", [True, False])
def test_own_folder_needs_no_network(small, tmp_path, monkeypatch, packed):
    own = tmp_path / "own"
    own.mkdir()
    for name, content in zip(NAMES, (IMAGES_GZ, LABELS_GZ), strict=True):
        (own / (name if packed else name[:-3])).write_bytes(content if packed else gzip.decompress(content))
    monkeypatch.setenv("DL_WORKSHOP_DATA", str(own))
    assert_is_small(mnist("test"))
    labels = next(own.glob("*labels*"))
    labels.write_bytes(idx_bytes(LABELS[:5]))
    with pytest.raises(LearnerError, match=r"7 pictures and 5 labels.*do not belong together"):
        mnist("test")
    labels.write_bytes(idx_bytes(LABELS)[:-1])
    with pytest.raises(LearnerError, match=r"cut short or damaged.*\n.*changes nothing in your folder"):
        mnist("test")
    assert not small.exists() or not list(small.iterdir())


def test_missing_everywhere_says_what_to_do(small, tmp_path):
    with serving(sends(b"", status=404)) as (url, _), pytest.raises(LearnerError, match=r"answered 404.*\nWithout net"):
        mnist("test", url=url)
    with pytest.raises(LearnerError, match="There is no t10k-images"):
        mnist("test", folder=tmp_path)
    with pytest.raises(LearnerError, match='part="train" or part="test"'):
        mnist("validation")


def real_folder():
    folder = os.environ.get("DL_WORKSHOP_DATA")
    if not folder or not os.path.exists(os.path.join(folder, NAMES[0])):
        pytest.skip(f"no {NAMES[0]} in the folder named by DL_WORKSHOP_DATA")
    return folder


def test_the_real_test_digits():
    folder = real_folder()
    for name, checksum in mnist_digits.FILES["test"].items():  # the published sums are those of the real files
        with open(os.path.join(folder, name), "rb") as file:
            assert hashlib.sha256(file.read()).hexdigest() == checksum
    table = mnist("test")
    assert table.x.shape == (10_000, 784) and float(table.x.min()) == 0 and float(table.x.max()) == 1
    assert np.bincount(table.y).tolist() == [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]
