"""The Jupyter server extension, in a real server with a real kernel."""

import asyncio
import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import pytest
from tornado.websocket import websocket_connect

pytestmark = pytest.mark.slow

TOKEN = "for-the-tests-only"
# Runs inside the server: notes every change of TCP_NODELAY, and of which connection.
WATCH = """
import os, socket
inherited = socket.socket.setsockopt
def setsockopt(self, level, option, value, *more):
    if (level, option) == (socket.IPPROTO_TCP, socket.TCP_NODELAY):
        with open(os.environ["NODELAY_LOG"], "a") as log:
            print(self.getpeername()[1], value, file=log)
    return inherited(self, level, option, value, *more)
socket.socket.setsockopt = setsockopt
"""


@pytest.fixture
def server(tmp_path):
    """Start a Jupyter server as installed here, without settings of this machine's user; give (address, log)."""
    (tmp_path / "sitecustomize.py").write_text(WATCH)
    log = tmp_path / "nodelay.log"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = os.environ | {
        name: str(tmp_path / name.lower())
        for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")
    }
    environment |= {"PYTHONPATH": str(tmp_path), "NODELAY_LOG": str(log), "JUPYTER_TOKEN": TOKEN}
    with open(tmp_path / "server.log", "w") as said:
        running = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "jupyter_server",
                "--allow-root",
                "--no-browser",
                "--ServerApp.ip=127.0.0.1",
                f"--ServerApp.port={port}",
            ],
            env=environment,
            cwd=tmp_path,
            stdout=said,
            stderr=said,
        )
    try:
        until_it_answers(f"http://127.0.0.1:{port}", running, tmp_path / "server.log")
        yield port, log
    finally:
        running.terminate()
        running.wait(30)


def until_it_answers(address, running, said):
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and running.poll() is None:
        try:
            return ask(f"{address}/api/status")
        except OSError:
            time.sleep(0.2)
    raise RuntimeError(f"The server did not start:\n{said.read_text()}")


def ask(address, data=None):
    with urllib.request.urlopen(urllib.request.Request(f"{address}?token={TOKEN}", data), timeout=30) as answer:
        return json.load(answer)


def test_a_kernels_answers_are_not_held_back(server):
    port, log = server
    kernel = ask(f"http://127.0.0.1:{port}/api/kernels", b"{}")["id"]

    async def connect():
        address = f"ws://127.0.0.1:{port}/api/kernels/{kernel}/channels?session_id=one&token={TOKEN}"
        websocket = await websocket_connect(address)
        json.loads(await asyncio.wait_for(websocket.read_message(), 60))  # the kernel's first word has come through
        own_port = websocket.protocol.stream.socket.getsockname()[1]
        websocket.close()
        return own_port

    with ThreadPoolExecutor() as pool:  # the browser tests leave a loop running in this thread
        own_port = pool.submit(asyncio.run, connect()).result()
    changes = [line.split()[1] for line in log.read_text().splitlines() if line.split()[0] == str(own_port)]
    assert changes[-1:] == ["1"], changes
