"""Where the code runs, and what stays in a notebook's outputs when no kernel does."""

import sys
from collections.abc import Callable
from typing import Any


def running_kernel() -> Any:
    """Give the kernel that this code runs in, or None: in a terminal or a script there is none."""
    ipython = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    return getattr(ipython, "kernel", None)


def show(text: str, rich: str) -> None:
    """Show HTML in a notebook, plain text anywhere else."""
    ipython = sys.modules.get("IPython")
    if ipython is not None and ipython.get_ipython() is not None:
        from IPython.display import display

        display({"text/plain": text, "text/html": rich}, raw=True)
    else:
        print(text)


def update(display_id: str | None, bundle: Callable[[], dict[str, str]]) -> None:
    """Bring an output up to date: in the main thread, between cells, which may be showing something too."""
    kernel = running_kernel()
    if display_id is None or kernel is None:
        return
    from IPython.display import update_display

    kernel.io_loop.add_callback(lambda: update_display(bundle(), raw=True, display_id=display_id))


def stand_in(name: str, of: str) -> str:
    """Give the start of the HTML that stands for a widget without a kernel: it hides the widget's own output there.

    Where nothing is behind the widget, its own output holds an error message, which would only puzzle.
    name: the class of this output's element.  of: a class that every living widget of this kind holds.
    """
    return (
        f"<style>.jp-OutputArea-child:has(+ .jp-OutputArea-child .{name}):not(:has(.{of})) {{ display: none; }}</style>"
    )
