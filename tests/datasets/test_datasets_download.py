"""The download: bad servers, processes that load at once, processes that are killed."""

import os
import subprocess
import sys
import threading

import pytest
from made_up_table import CSV, assert_is_made_up, empty_cache, parts, sends, serving, zipped  # noqa: F401

from dl_workshop.datasets import biodeg_file, real
from dl_workshop.errors import LearnerError


def hangs_before(release):
    def answer(handler):
        release.wait(60)

    return answer


def hangs_within(release):
    def answer(handler):
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(CSV)))
        handler.end_headers()
        handler.wfile.write(CSV[:3000])
        release.wait(60)

    return answer


def drips(release):
    def answer(handler):
        handler.send_response(200)
        handler.end_headers()
        while not release.wait(0.02):  # never silent long enough for a read to time out
            handler.wfile.write(b"1")

    return answer


def bad_answers(release):
    return {
        "500": (sends(b"<html>oops</html>", status=500), "answered 500"),
        "404": (sends(b"", status=404), "answered 404"),
        "web page": (sends(b"<html>log in</html>"), "web page"),
        "broken off": (sends(CSV[:3000], length=len(CSV)), "broke off|not the whole"),
        "too much": (sends(b"1" * (biodeg_file.LARGEST + 1)), "not the table"),
        "hangs before": (hangs_before(release), "within 0.5 seconds"),
        "hangs within": (hangs_within(release), "within 0.5 seconds"),
        "drips": (drips(release), "within 0.5 seconds"),
    }


@pytest.mark.timeout(120)  # a loader that waits for ever is what this test is about
@pytest.mark.parametrize("case", bad_answers(None))
def test_bad_answer_leaves_the_earlier_table_whole(cache, case):
    release = threading.Event()
    answer, words = bad_answers(release)[case]
    patience = 0.5 if "0.5" in words else 20
    with serving(sends(CSV)) as (url, _):
        real.biodegradation(url=url)
    before = (cache / "biodeg.zip").read_bytes()
    with serving(answer) as (url, _):
        try:
            with pytest.raises(LearnerError, match=words) as caught:
                real.biodegradation(url=url, refresh=True, patience=patience)
            assert "DL_WORKSHOP_DATA" in str(caught.value)
            assert "cache" in real.biodegradation(url=url).source
        finally:
            release.set()
    assert (cache / "biodeg.zip").read_bytes() == before and parts(cache) == ["biodeg.zip"]


def start(code, url):
    """Start another Python process that loads the table; the environment names the cache."""
    code = f"import os, sys\nfrom dl_workshop.datasets import real\n{code}"
    return subprocess.Popen(
        [sys.executable, "-c", code],
        env={**os.environ, "DL_WORKSHOP_BIODEG_URL": url},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.slow
def test_two_processes_download_at_once(cache):
    both_here = threading.Barrier(2, timeout=120)

    def answer(handler):
        both_here.wait()  # neither gets its table before both have asked for it
        sends(zipped(CSV))(handler)

    with serving(answer) as (url, hits):
        code = "t = real.biodegradation(patience=120); print(t.x.shape, float(t.x.sum()), t.source)"
        processes = [start(code, url) for _ in range(2)]
        answers = [process.communicate(timeout=180) for process in processes]
    assert [process.returncode for process in processes] == [0, 0], answers
    assert answers[0] == answers[1] and answers[0][0].startswith("(1055, 41)") and len(hits) == 2
    assert parts(cache) == ["biodeg.zip"]
    assert_is_made_up(real.biodegradation())


@pytest.mark.slow
def test_readers_never_see_half_a_table(cache):
    with serving(sends(CSV)) as (url, _):
        real.biodegradation(url=url)
        writer = threading.Thread(target=lambda: [real.biodegradation(url=url, refresh=True) for _ in range(5)])
        writer.start()
        sources = set()
        while writer.is_alive():
            sources.add(real.biodegradation(url=url).source)
        writer.join()
    assert len(sources) == 1 and "cache" in sources.pop()


@pytest.mark.slow
@pytest.mark.parametrize("earlier", [False, True])
def test_killed_just_before_the_table_is_in_place(cache, earlier):
    with serving(sends(CSV)) as (url, hits):
        if earlier:
            real.biodegradation(url=url)
        process = start("os.replace = lambda *_: os._exit(9)\nreal.biodegradation(refresh=True)", url)
        _, errors = process.communicate(timeout=120)
        assert process.returncode == 9, errors
        left_over = [name for name in parts(cache) if name.endswith(".tmp")]
        assert len(left_over) == 1
        assert_is_made_up(real.biodegradation(url=url))
        assert len(hits) == 2
        os.utime(cache / left_over[0], (0, 0))  # a while later it is swept away
        real.biodegradation(url=url, refresh=True)
    assert parts(cache) == ["biodeg.zip"]


@pytest.mark.slow
def test_killed_in_the_middle_of_the_download(cache):
    half_sent, release = threading.Event(), threading.Event()

    def answer(handler):
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(CSV)))
        handler.end_headers()
        handler.wfile.write(CSV[: len(CSV) // 2])
        half_sent.set()
        release.wait(60)

    with serving(answer) as (url, _):
        process = start("real.biodegradation(patience=120)", url)
        assert half_sent.wait(120)
        process.kill()
        process.communicate(timeout=60)
        release.set()
    assert parts(cache) == []
    with serving(sends(CSV)) as (url, _):
        assert_is_made_up(real.biodegradation(url=url))
