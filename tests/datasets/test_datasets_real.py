"""The loader of real tables: what it accepts, what it refuses, and where it looks."""

import os

import numpy as np
import pytest
from made_up_table import CSV, assert_is_made_up, empty_cache, nobody_serves, parts, sends, serving, zipped  # noqa: F401

from dl_workshop.datasets import columns, real
from dl_workshop.errors import LearnerError


@pytest.mark.parametrize(
    "body",
    [CSV, zipped(CSV), zipped(CSV, "qsar/biodeg.csv"), b"\xef\xbb\xbf" + CSV, CSV.replace(b"\r\n", b"\n").strip()],
    ids=["table", "zip", "zip with a folder", "byte order mark", "bare newlines"],
)
def test_downloaded_once_then_from_the_cache(cache, body):
    with serving(sends(body)) as (url, hits):
        table = real.biodegradation(url=url)
        again = real.biodegradation(url=url)
    assert_is_made_up(table)
    assert_is_made_up(again)
    assert len(hits) == 1 and parts(cache) == ["biodeg.zip"]
    assert "downloaded" in table.source and "cache" in again.source and "Mansouri" in table.source


def test_form_of_the_table(cache):
    with serving(sends(CSV)) as (url, _):
        table = real.biodegradation(url=url)
    assert table.x.shape == (1055, 41) and table.y.shape == (1055,)
    assert table.x.dtype == table.y.dtype == np.float32
    assert int(table.y.sum()) == 356
    assert len(set(table.columns)) == 41 == len(columns.BIODEGRADATION) and table.columns[0] == "SpMax_L"
    assert table.classes == ("not readily biodegradable", "readily biodegradable")


def test_address_from_the_environment(cache, monkeypatch):
    with serving(sends(CSV)) as (url, hits):
        monkeypatch.setenv("DL_WORKSHOP_BIODEG_URL", url)
        real.biodegradation()
    assert hits == ["/table.zip"]


def edited(row, text):
    rows = CSV.split(b"\r\n")
    rows[row] = text(rows[row]) if callable(text) else text
    return b"\r\n".join(rows)


BAD_TABLES = {
    "empty": (b"", "empty"),
    "web page": (b"<!DOCTYPE html><html>Please log in</html>", "web page"),
    "cut in a row": (CSV[: len(CSV) // 2], "row 5"),
    "cut after a row": (b"\r\n".join(CSV.split(b"\r\n")[:900]), "900 rows, not 1055"),
    "last label cut": (CSV.rstrip()[:-1], "row 1055"),
    "a row twice": (CSV + CSV.split(b"\r\n")[0], "1056 rows"),
    "a label turned": (
        edited(0, lambda row: row.replace(b";NRB", b";RB") if b";NRB" in row else row[:-2] + b"NRB"),
        "rows are RB, not 356",
    ),
    "nan": (edited(7, b"nan;" * 41 + b"RB"), "row 8 holds 'nan'"),
    "overflow": (edited(7, b"1e39;" * 41 + b"RB"), "row 8 holds '1e39'"),
    "words": (edited(7, b"much;" * 41 + b"RB"), "row 8 holds 'much'"),
    "not text": (bytes(range(128, 256)) * 100, "not text"),
    "cut zip": (zipped(CSV)[:-3000], "damaged or cut short"),
    "flipped byte in the zip": (zipped(CSV)[:2000] + b"\0\0\0" + zipped(CSV)[2003:], "damaged or cut short"),
    "another zip": (zipped(CSV, "iris.csv"), "holds no biodeg.csv"),
}


@pytest.mark.slow
@pytest.mark.parametrize("case", BAD_TABLES)
def test_bad_table_is_refused_wherever_it_is(cache, tmp_path, case):
    body, words = BAD_TABLES[case]
    with serving(sends(body)) as (url, _), pytest.raises(LearnerError, match=words):
        real.biodegradation(url=url)
    assert parts(cache) == []

    own = tmp_path / "own"
    own.mkdir()
    (own / "biodeg.csv").write_bytes(body)
    with pytest.raises(LearnerError, match=words) as caught:
        real.biodegradation(own)
    assert "changes nothing in your folder" in str(caught.value)
    assert (own / "biodeg.csv").read_bytes() == body and parts(own) == ["biodeg.csv"]

    cache.mkdir()
    (cache / "biodeg.zip").write_bytes(body)
    with serving(sends(CSV)) as (url, hits):
        assert_is_made_up(real.biodegradation(url=url))  # replaced
        assert_is_made_up(real.biodegradation(url=url))  # and good from now on
    assert len(hits) == 1 and parts(cache) == ["biodeg.zip"]


def test_offline_says_what_to_do(offline):
    with pytest.raises(LearnerError, match="could not be reached") as caught:
        real.biodegradation()
    _, second = str(caught.value).split("\n")
    assert offline in second and "biodeg.csv" in second and "DL_WORKSHOP_DATA" in second


def test_offline_with_a_damaged_cache_names_both(offline, cache):
    cache.mkdir()
    (cache / "biodeg.zip").write_bytes(zipped(CSV)[:500])
    with pytest.raises(LearnerError, match=r"cut short.*could not be reached"):
        real.biodegradation()


def test_nonsense_address(cache):
    with pytest.raises(LearnerError, match="failed"):
        real.biodegradation(url="no address")


def test_own_folder_comes_first_and_is_left_alone(offline, cache, tmp_path, monkeypatch):
    monkeypatch.setenv("DL_WORKSHOP_DATA", str(tmp_path))
    for name, body in (("qsar+biodegradation.zip", zipped(CSV)), ("biodeg.csv", CSV)):
        (tmp_path / name).write_bytes(body)
        table = real.biodegradation()
        assert_is_made_up(table)
        assert "own folder" in table.source and parts(cache) == []


def test_own_folder_without_the_table(offline, cache, tmp_path, monkeypatch):
    with pytest.raises(LearnerError, match=r"no biodeg\.csv in"):
        real.biodegradation(tmp_path / "missing")
    monkeypatch.setenv("DL_WORKSHOP_DATA", str(tmp_path / "missing"))  # may hold other data: look further
    with serving(sends(CSV)) as (url, _):
        assert_is_made_up(real.biodegradation(url=url))


def test_cache_that_cannot_be_written_costs_nothing_but_a_download(cache):
    cache.write_text("a file where the folder should be")
    with serving(sends(CSV)) as (url, hits):
        assert_is_made_up(real.biodegradation(url=url))
        assert_is_made_up(real.biodegradation(url=url))
    assert len(hits) == 2 and cache.read_text().startswith("a file")


def test_breast_cancer_has_1_for_malignant(offline):
    from sklearn.datasets import load_breast_cancer

    bundled, table = load_breast_cancer(), real.breast_cancer()
    np.testing.assert_allclose(table.x, bundled.data, rtol=1e-6)
    assert table.x.shape == (569, 30) and len(table.columns) == 30 and int(table.y.sum()) == 212
    names = np.array(table.classes)[np.asarray(table.y).astype(int)]
    np.testing.assert_array_equal(names, bundled.target_names[bundled.target])


def test_the_fallback_says_which_table_it_is_and_why(offline):
    table = real.biodegradation_or_bundled(patience=60)
    assert table.name == "Breast Cancer Wisconsin"
    assert "bundled with scikit-learn" in table.source and "could not be reached" in table.source
    assert "\n" not in table.source


def test_no_fallback_where_the_table_is(cache, monkeypatch):
    with serving(sends(CSV)) as (url, _):
        monkeypatch.setenv("DL_WORKSHOP_BIODEG_URL", url)
        assert_is_made_up(real.biodegradation_or_bundled(patience=60))


def test_the_real_table():
    if not os.environ.get("DL_WORKSHOP_DATA"):
        pytest.skip("DL_WORKSHOP_DATA is not set: name a folder that holds the real biodeg.csv")
    table = real.biodegradation()
    assert table.x.shape == (1055, 41) and int(table.y.sum()) == 356 and "own folder" in table.source
    numbers = dict(zip(table.columns, np.asarray(table.x).T, strict=True))
    for count in ("nHM", "nO", "nN", "nX", "nCIR", "nHDon"):
        assert (numbers[count] >= 0).all() and (numbers[count] == numbers[count].round()).all(), count
    assert (numbers["C%"] >= 0).all() and (numbers["C%"] <= 100).all()
    assert set(np.unique(numbers["B01[C-Br]"])) == {0.0, 1.0}
