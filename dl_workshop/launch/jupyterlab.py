"""Start JupyterLab on one notebook, print its true address, and end it cleanly.

JupyterLab runs as a child that answers on this computer only. Everything it and its kernels remember goes into the
kit's own state folder, so that the user's Jupyter, IPython and matplotlib files stay as they are.
"""

import contextlib
import errno
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any
from urllib.parse import quote

from dl_workshop.files import write_whole

START_SECONDS = 120  # a first start on a slow disk compiles all of Jupyter
STOP_SECONDS = 8
NEWS = "@jupyterlab/apputils-extension:announcements"


def launch(root: Path, page: str, *, port: int = 8888, browser: bool = True) -> int:
    """Open `page` (a path below root) in JupyterLab and wait until it ends; return the exit status.

    Ctrl-C or a SIGTERM shuts down server and kernels at once, without a question.
    Raises: LearnerError if no port is free, or if JupyterLab does not start.
    """
    state = state_folder()
    port = free_port(port)
    token = secrets.token_hex(16)
    log = state / "logs" / f"jupyterlab-{port}.log"
    server = None
    _catch_signals()
    try:
        print("Starting JupyterLab ...", flush=True)
        # Its own session: a Ctrl-C in the terminal reaches this process alone, which then ends the server in order.
        with log.open("wb") as output:
            server = subprocess.Popen(
                _command(root, page, port, browser),
                env=environment(state, token),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        served = _wait_until_served(server, state, log)
        print(
            f"The workshop is open at\n\n    {served['url']}lab/tree/{quote(page)}?token={token}\n\n"
            "Press Ctrl-C here to end it. Save in JupyterLab first (Ctrl-S).",
            flush=True,
        )
        status = server.wait()
        print("JupyterLab was shut down.", flush=True)
        return 0 if status == 0 else 1
    except KeyboardInterrupt:
        _stop(server)
        print("\nThe workshop has ended.", flush=True)
        return 0
    finally:
        _stop(server)


def state_folder() -> Path:
    """Make the kit's own folder for what Jupyter remembers, and return it.

    Raises: LearnerError if it cannot be written.
    """
    from platformdirs import user_state_path

    state = user_state_path("dl-workshop", appauthor=False)
    try:
        for name in ("config/labconfig", "data", "runtime", "settings", "workspaces", "ipython", "matplotlib", "logs"):
            (state / name).mkdir(parents=True, exist_ok=True)
        # JupyterLab would otherwise ask each newcomer whether it may fetch news.
        page_config = state / "config/labconfig/page_config.json"
        if not page_config.exists():
            write_whole(page_config, json.dumps({"disabledExtensions": {NEWS: True}}).encode())
    except OSError as error:
        raise _learner_error(
            f"the kit keeps Jupyter's settings in {state}, which cannot be written "
            f"({error.strerror}). Set XDG_STATE_HOME to a folder of yours."
        ) from None
    return state


def environment(state: Path, token: str) -> dict[str, str]:
    """Make the server's environment: every folder that Jupyter, IPython or matplotlib writes to lies in `state`."""
    folders = dict(
        JUPYTER_CONFIG_DIR="config",
        JUPYTER_DATA_DIR="data",
        JUPYTER_RUNTIME_DIR="runtime",
        JUPYTERLAB_SETTINGS_DIR="settings",
        JUPYTERLAB_WORKSPACES_DIR="workspaces",
        IPYTHONDIR="ipython",
        MPLCONFIGDIR="matplotlib",
    )
    # The token goes this way because every user of the computer can read a command line.
    # What is installed beside this Python (kernels, widgets) comes before what a user installed elsewhere.
    return {
        **os.environ,
        **{name: str(state / folder) for name, folder in folders.items()},
        "JUPYTER_TOKEN": token,
        "JUPYTER_PREFER_ENV_PATH": "1",
    }


def free_port(first: int) -> int:
    """Find the first port from `first` on that nothing listens on.

    Raises: LearnerError if a hundred of them are busy.
    """
    last = min(first + 99, 65535)
    for port in range(first, last + 1):
        with socket.socket() as probe:
            if os.name == "posix":  # as the server does; elsewhere this would allow two servers on one port
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
                return port
            except OSError as error:
                if error.errno not in (errno.EADDRINUSE, errno.EACCES):
                    raise
    raise _learner_error(f"no port from {first} to {last} is free. Try another: dl-workshop --port 8888")


def _command(root: Path, page: str, port: int, browser: bool) -> list[str]:
    options = {
        "ServerApp.root_dir": root,
        "ServerApp.ip": "127.0.0.1",
        "ServerApp.port": port,
        # Should another program take the port meanwhile, the server moves on, and its own record tells us.
        "ServerApp.port_retries": min(4, 65535 - port),
        "ServerApp.open_browser": browser,
        "LabApp.open_browser": browser,
        "LabApp.default_url": f"/lab/tree/{quote(page)}",
        "KernelManager.shutdown_wait_time": 1,  # a kernel that is busy is not waited for
        # Looking for language servers runs the user's npm, which leaves logs in the home folder.
        "LanguageServerManager.autodetect": False,
        # In a container the only user is root; bound to this computer and with a token that is no danger.
        "ServerApp.allow_root": True,
    }
    return [sys.executable, "-m", "jupyterlab", *(f"--{name}={value}" for name, value in options.items())]


def _wait_until_served(server: subprocess.Popen, state: Path, log: Path) -> dict[str, Any]:
    record = state / "runtime" / f"jpserver-{server.pid}.json"
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if server.poll() is not None:
            break
        # The server writes this file a moment before it listens; it may be half written, too.
        with contextlib.suppress(OSError, ValueError):
            served = json.loads(record.read_text())
            socket.create_connection(("127.0.0.1", served["port"]), timeout=1).close()
            return served
        time.sleep(0.1)
    lines = log.read_text(errors="replace").strip().splitlines() or ["it said nothing"]
    raise _learner_error(f"JupyterLab did not start: {lines[-1].strip()}\nAll it said is in {log}.")


def _catch_signals() -> None:
    def stop(*_: Any) -> None:
        raise KeyboardInterrupt

    # SIGHUP: the terminal was closed. Set even for SIGINT, which a shell's background jobs start out ignoring.
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), stop)


def _stop(server: subprocess.Popen | None) -> None:
    """End the server, which ends its kernels; kill it if it lingers or if Ctrl-C comes again."""
    if server is None or server.poll() is not None:
        return
    server.terminate()
    try:
        server.wait(STOP_SECONDS)
    except (subprocess.TimeoutExpired, KeyboardInterrupt):
        server.kill()  # kernels see their parent gone and end themselves
        server.wait()


def _learner_error(words: str) -> Exception:
    # Imported late: the guards bring JAX along, which opening a notebook does not need.
    from dl_workshop.errors import LearnerError

    return LearnerError(words)
