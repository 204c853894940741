"""Keep a submission, by accident at least, inside its own folder: no writes elsewhere, no programs, no network.

An audit hook of Python's sees what goes through Python. Machine code, and somebody who sets out to get past it, it does
not stop: run a class that you do not trust in a container.
"""

import os
import sys
from collections.abc import Callable
from typing import Any

_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
# How many of an event's first arguments are paths that are changed.
_CHANGES = {
    "os.remove": 1,
    "os.rename": 2,
    "os.rmdir": 1,
    "os.mkdir": 1,
    "os.chmod": 1,
    "os.chown": 1,
    "os.link": 2,
    "os.truncate": 1,
    "os.utime": 1,
    "os.setxattr": 1,
    "os.removexattr": 1,
    "shutil.rmtree": 1,
    "sqlite3.connect": 1,
}
_PROGRAMS = {
    "subprocess.Popen",
    "os.system",
    "os.exec",
    "os.fork",
    "os.forkpty",
    "os.posix_spawn",
    "os.spawn",
    "pty.spawn",
}
_NETWORK = {"socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"}


def guard(folder: str, tell: Callable[[str], None]) -> None:
    """From now on, and for good, refuse what leaves `folder`; `tell` is called with what was tried, in words.

    The code that tries gets a PermissionError.
    """
    inside, me = os.path.join(os.path.realpath(folder), ""), os.getpid()
    realpath, join, decode, is_path = os.path.realpath, os.path.join, os.fsdecode, (str, bytes, os.PathLike)

    def refuse(what: str) -> None:
        tell(what)
        raise PermissionError(f"a submission that is run again may not do this: {what}")

    def refuse_outside(path: Any) -> None:
        if (
            isinstance(path, is_path)
            and decode(path) != os.devnull
            and not join(realpath(decode(path)), "").startswith(inside)
        ):
            refuse(f"change {decode(path)[:80]}")

    def hook(event: str, arguments: tuple) -> None:
        if event == "open":
            path, mode, flags = arguments
            if flags & _WRITES if isinstance(flags, int) else set(mode or "r") & set("wax+"):
                refuse_outside(path)
        elif event in _CHANGES:
            for path in arguments[: _CHANGES[event]]:
                refuse_outside(path)
        elif event == "os.symlink":
            refuse_outside(arguments[1])
        elif event in _PROGRAMS:
            refuse("start another program")
        elif event in _NETWORK:  # not told: lesson 05 looks for its table there, and has another
            raise PermissionError("a submission that is run again has no network")
        elif event in ("os.kill", "os.killpg") and arguments[0] != me:
            refuse("end another program")

    sys.addaudithook(hook)
