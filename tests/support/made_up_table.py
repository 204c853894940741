"""A table of the real one's size, made of random numbers, and a server on this machine that hands it out."""

import contextlib
import http.server
import io
import threading
import zipfile

import numpy as np
import pytest


def made_up(seed=0):
    """Give 1055 rows of random numbers with the real table's class counts, as numbers and as a csv."""
    draw = np.random.default_rng(seed)
    x = draw.normal(size=(1055, 41)).round(3)
    labels = draw.permutation(["RB"] * 356 + ["NRB"] * 699)
    rows = [";".join([*map(str, row), label]) for row, label in zip(x.tolist(), labels, strict=True)]
    return x, labels == "RB", "\r\n".join([*rows, ""]).encode()


X, IS_RB, CSV = made_up()


def zipped(content, name="biodeg.csv"):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("readme.txt", "something else")
        archive.writestr(name, content)
    return file.getvalue()


@contextlib.contextmanager
def serving(answer):
    """Serve on a free port of this machine; `answer(handler)` writes the response. Gives the address and the hits."""
    hits = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            hits.append(self.path)
            with contextlib.suppress(OSError):  # the other side may have hung up
                answer(self)

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/table.zip", hits
    finally:
        server.shutdown()
        server.server_close()


def sends(body, status=200, length=None):
    def answer(handler):
        handler.send_response(status)
        handler.send_header("Content-Length", str(length or len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def assert_is_made_up(table):
    np.testing.assert_array_equal(table.x, X.astype(np.float32))
    np.testing.assert_array_equal(table.y, IS_RB.astype(np.float32))


def parts(cache):
    return sorted(file.name for file in cache.glob("*")) if cache.exists() else []


@pytest.fixture(name="cache")
def empty_cache(tmp_path, monkeypatch):
    """An empty cache, no folder of one's own, and no proxy between the test and its server."""
    for name in ("DL_WORKSHOP_DATA", "DL_WORKSHOP_BIODEG_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DL_WORKSHOP_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("NO_PROXY", "*")
    return tmp_path / "cache"


@pytest.fixture(name="offline")
def nobody_serves(cache, monkeypatch):
    with serving(sends(b"")) as (url, _):
        pass  # a port that was free a moment ago, with nobody listening on it any more
    monkeypatch.setenv("DL_WORKSHOP_BIODEG_URL", url)
    return url
