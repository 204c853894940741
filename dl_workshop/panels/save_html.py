"""A page of its own for a panel: it moves from recorded answers, without Python and without a network."""

from html import escape
from pathlib import Path

from dl_workshop.errors import LearnerError
from dl_workshop.files import write_whole
from dl_workshop.panels.javascript import CSS, HERE, module, without_modules

MOVES = (
    "A panel of dl-workshop, saved with recorded answers: its sliders may move in coarser steps than in the "
    "notebook. It needs no Python and no network."
)
STANDS = "A panel of dl-workshop as it stood when it was saved. {why}: run the notebook to move it."
STYLE = """
body { margin: 0 auto; max-width: 1000px; padding: 12px; background: #fff; color: #24292f; color-scheme: light dark;
  font: 14px/1.4 system-ui, sans-serif; }
main > p { opacity: .8; }
figure img { max-width: 100%; background: #fff; }
@media (prefers-color-scheme: dark) { body { background: #111; color: #e6e6e6; --jp-ui-font-color1: #e6e6e6;
  --jp-ui-font-color2: #a9b1ba; --jp-border-color2: #444c56; --jp-layout-color1: #111; --jp-layout-color2: #22272e; } }
"""
PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<main>
<p>{says}</p>
<div id="panel"></div>
{still}
</main>
{script}</body>
</html>
"""
SCRIPT = """<script type="text/plain" id="recording">{recording}</script>
<script type="module">
{player}
const panel = (() => {{
{panel}
return whole;
}})();
const model = recorded(await unpacked(document.getElementById("recording").textContent));
document.getElementById("still").hidden = true;
panel.render({{ model, el: document.getElementById("panel") }});
</script>
"""


def write_page(path, name, words, png, recording=None, why=""):
    """Write a panel to a page: with its recording, else (None) its picture and why there is no more.

    words: what the panel says.  png(): its picture, in base64.
    Raises: LearnerError if the file cannot be written.
    """
    script = (
        ""
        if recording is None
        else SCRIPT.format(
            recording=recording,
            player=without_modules((HERE / "recorded.js").read_text(encoding="utf-8")),
            panel=module(name).replace("export default", "const whole ="),
        )
    )
    still = (
        f'<figure><img alt="{escape(words)}" src="data:image/png;base64,{png()}"></figure>'
        if recording is None
        else f'<p id="still">{escape(words)} (To move it, a browser of 2023 or later is needed.)</p>'
    )
    page = PAGE.format(
        title=escape(name.replace("_", " ")),
        style=STYLE + CSS,
        still=still,
        script=script,
        says=escape(STANDS.format(why=why) if recording is None else MOVES),
    )
    try:
        write_whole(Path(path), page)
    except OSError as error:
        raise LearnerError(
            f"The page could not be written to {path}: {error.strerror or error}. "
            'Name a file in a folder of yours: panel.save_html("panel.html").'
        ) from None
