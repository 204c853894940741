"""A small file from the network, within a given time and size, or a sentence that says why not."""

import io
import queue
import threading
from typing import Any
from urllib.parse import urlsplit

from dl_workshop.errors import LearnerError


def fetch(url: str, patience: float, largest: int, what: str = "the table") -> bytes:
    """Give the bytes at `url`, if they come within `patience` seconds and are no more than `largest`.

    Raises: LearnerError saying whether the host could not be reached, answered an error, broke off, or kept us waiting.
    """
    import requests
    from pooch import HTTPDownloader

    inbox = _Inbox(largest, what)
    outcome: queue.Queue[Exception | None] = queue.Queue()

    def work() -> None:
        try:
            HTTPDownloader(timeout=patience)(url, inbox, None)
            outcome.put(None)
        except Exception as error:
            outcome.put(error)

    # A thread, because the timeouts of requests start anew with every byte and do not cover looking up a name.
    threading.Thread(target=work, daemon=True).start()
    host = urlsplit(url).netloc or url
    try:
        error = outcome.get(timeout=patience)
    except queue.Empty:
        inbox.closed_early = True
        raise LearnerError(f"{host} did not send {what} within {patience:g} seconds") from None
    match error:
        case None:
            return inbox.getvalue()
        case requests.HTTPError(response=requests.Response() as answer):
            raise LearnerError(f"{host} answered {answer.status_code} instead of sending {what}")
        case requests.Timeout():
            raise LearnerError(f"{host} did not send {what} within {patience:g} seconds")
        case requests.exceptions.ChunkedEncodingError():
            raise LearnerError(f"{host} broke off in the middle of {what}")
        case requests.ConnectionError():
            raise LearnerError(f"{host} could not be reached")
        case _:
            raise LearnerError(f"the download from {host} failed: {str(error)[:120]}")


class _Inbox(io.BytesIO):
    """Memory for a download; refuses more when it is full, or when nobody waits for it any longer."""

    closed_early = False

    def __init__(self, largest: int, what: str) -> None:
        super().__init__()
        self.largest, self.what = largest, what

    def write(self, data: Any) -> int:
        if self.closed_early or self.tell() + len(data) > self.largest:
            raise OSError(f"more than {self.largest} bytes came, so this is not {self.what}")
        return super().write(data)
