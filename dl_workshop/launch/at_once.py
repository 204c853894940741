"""A Jupyter server extension: answers of a kernel leave at once, so that panels follow the hand.

A kernel answers a slider with several small messages. The server's websocket holds the second back until the first is
acknowledged (Nagle's algorithm), and a browser acknowledges up to 40 ms late (RFC 1122, section 4.2.3.2): every other
move of a slider then takes 45 ms instead of 6. Jupyter Server leaves this at the system's default; this changes it
for websockets of kernels, and nothing else.
"""

import functools
from typing import Any


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": "dl_workshop.launch.at_once"}]


def _load_jupyter_server_extension(server: Any) -> None:
    """Let every websocket of a kernel send without delay (TCP_NODELAY)."""
    from jupyter_server.services.kernels.websocket import KernelWebsocketHandler

    inherited = KernelWebsocketHandler.open

    @functools.wraps(inherited)
    async def open_at_once(handler: Any, *args: Any, **kwargs: Any) -> Any:
        handler.set_nodelay(True)
        return await inherited(handler, *args, **kwargs)

    KernelWebsocketHandler.open = open_at_once  # type: ignore[method-assign, assignment]
