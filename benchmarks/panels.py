"""How long from a key press to the painted picture? `interact` with matplotlib against fit_by_hand, in one JupyterLab.

Run: uv run python benchmarks/panels.py
Prints a table and writes it to benchmarks/results/panels.md. Trust the ratio, not one machine's milliseconds.
Times are taken in the page itself: from the key's event to the end of the frame in which the new picture is painted.
"""

import statistics
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "tests" / "browser"))
from driving import run_all, write_notebook  # noqa: E402
from serving import jupyterlab, running_browser, show_notebook  # noqa: E402

MOVES, BURST = 36, 30
DATA = """
import jax, jax.numpy as jnp
from dl_workshop import datasets, panels
x, y = datasets.simulated.line(jax.random.key(0), n=100)
model = lambda params, x: params["w"] * x + params["b"]
loss = lambda params, model, x, y: jnp.mean((y - model(params, x)) ** 2)
"""
# The line alone is less than the panel shows; all three of its pictures is the same.
SLIDERS = """
import matplotlib.pyplot as plt
from ipywidgets import FloatSlider, interact
visited, losses = [], []
def draw(w, b):
    {draw}
    plt.show()
interact(draw, w=FloatSlider(-5.0, min=-8, max=8, step=0.05), b=FloatSlider(3.0, min=-40, max=40, step=0.5));
"""
LINE = SLIDERS.format(
    draw="""
    y_pred = model(dict(w=w, b=b), x)
    plt.scatter(x, y, s=12)
    plt.plot(x, y_pred, color="C1")
    plt.vlines(x, y, y_pred, color="C3", alpha=0.5)
    plt.title(f"loss {loss(dict(w=w, b=b), model, x, y):.4g}")
"""
)
SAME = SLIDERS.format(
    draw="""
    y_pred = model(dict(w=w, b=b), x)
    visited.append((w, b))
    losses.append(float(loss(dict(w=w, b=b), model, x, y)))
    figure, axes = plt.subplot_mosaic([["data", "losses"], ["data", "places"]], figsize=(10, 4.5))
    axes["data"].scatter(x, y, s=12)
    axes["data"].plot(x, y_pred, color="C1")
    axes["data"].vlines(x, y, y_pred, color="C3", alpha=0.5)
    axes["data"].set(xlabel="x", ylabel="y", title=f"loss {losses[-1]:.4g}")
    axes["losses"].plot(losses)
    axes["losses"].set(xlabel="move", ylabel="loss")
    axes["places"].scatter(*zip(*visited), c=losses)
    axes["places"].set(xlabel="w", ylabel="b", xlim=(-8, 8), ylim=(-40, 40))
"""
)
PANEL = "panels.fit_by_hand(dict(w=-5.0, b=3.0), model, loss, x, y)"

# Notes the time of every key and of every new picture: `changed` says which picture now stands in the page.
WATCH = """(changed, drawnInFrame) => {
    const seen = window.seen = { keys: [], painted: [] };
    let last = changed();
    addEventListener("keydown", () => seen.keys.push(performance.now()), true);
    // A canvas is drawn inside the frame that paints it; a new <img> is painted by the next frame.
    const painted = () => setTimeout(() => seen.painted.push(performance.now()));
    const look = () => {
        const now = changed();
        if (now === last) return;
        last = now;
        if (drawnInFrame) painted(); else requestAnimationFrame(painted);
    };
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true, attributes: true,
        attributeFilter: ["src", "data-painted"] });
    document.body.addEventListener("load", look, true);
}"""
INLINE = """() => {
    const image = document.querySelector(".jp-OutputArea-output .jp-RenderedImage img");
    return image?.complete && image.naturalWidth ? image.src : window.standing; }"""
CANVAS = """() => document.querySelector(".dlw[data-move]").dataset.painted"""
ROWS = {  # the cell, what to press keys on, what changes with every picture
    "`interact` and matplotlib, the line alone": (LINE, ".noUi-handle", INLINE),
    "`interact` and matplotlib, the panel's three pictures": (SAME, ".noUi-handle", INLINE),
    "`fit_by_hand`, your model in Python": (PANEL, ".dlw input[type=range]", CANVAS),
}


def measure(page, handle, changed):
    """Give the milliseconds of MOVES moves one at a time, and (pictures, lag of the last) of a burst of keys."""
    page.evaluate(f"({WATCH})({changed}, {'true' if 'painted' in changed else 'false'})")
    page.locator(handle).first.focus()
    times = []
    for move in range(MOVES + 3):
        page.evaluate("window.seen.keys.length = window.seen.painted.length = 0")
        page.keyboard.press("ArrowRight")
        page.wait_for_function("window.seen.painted.length > 0")
        if move >= 3:  # the first moves warm up caches, of both
            times.append(page.evaluate("window.seen.painted[0] - window.seen.keys[0]"))
        page.wait_for_timeout(100)
    page.evaluate("window.seen.keys.length = window.seen.painted.length = 0")
    for _ in range(BURST):
        page.keyboard.press("ArrowRight")
        page.wait_for_timeout(1000 / BURST - 4)
    page.wait_for_timeout(2500)
    pictures, lag, late = page.evaluate("""() => { const { keys, painted } = window.seen, end = keys.at(-1);
        return [painted.length, painted.at(-1) - end, painted.filter((t) => t > end).length]; }""")
    return times, pictures, lag, late


def main():
    """Measure all in one JupyterLab, print the table and write it down."""
    rows = []
    with tempfile.TemporaryDirectory() as home, jupyterlab(Path(home) / "lab") as lab, running_browser() as browser:
        for place, (name, (cell, handle, changed)) in enumerate(ROWS.items()):
            write_notebook(lab["folder"] / f"panel_{place}.ipynb", DATA, cell)
            page = show_notebook(browser.new_page(viewport={"width": 1280, "height": 900}), lab, f"panel_{place}.ipynb")
            run_all(page)
            page.locator(handle).first.wait_for()
            page.wait_for_timeout(3000)
            rows.append((name, *measure(page, handle, changed)))
            page.evaluate("window.jupyterapp.commands.execute('notebook:shutdown-kernel')")  # or it runs on beside
            page.close()
    medians = [statistics.median(times) for _, times, *_ in rows]
    lines = [
        f"Key press to painted picture, 100 points, JupyterLab and Chromium: {MOVES} single moves, then a burst "
        f"of {BURST} keys in a second.",
        "",
        "| | median | p95 | pictures in the burst | after the last key | lag of the last |",
        "|---|---|---|---|---|---|",
    ]
    for (name, times, pictures, lag, late), median in zip(rows, medians, strict=True):
        p95 = sorted(times)[round(0.95 * (len(times) - 1))]
        lines.append(f"| {name} | {median:.0f} ms | {p95:.0f} ms | {pictures} | {late} | {lag:.0f} ms |")
    alone, same, panel = medians
    lines += [
        "",
        f"fit_by_hand takes 1/{same / panel:.1f} of the time of the same pictures by `interact`, and "
        f"1/{alone / panel:.1f} of that of the line alone.",
        "",
    ]
    print("\n".join(lines))
    (HERE / "results").mkdir(exist_ok=True)
    (HERE / "results" / "panels.md").write_text("\n".join(lines))


if __name__ == "__main__":
    main()
