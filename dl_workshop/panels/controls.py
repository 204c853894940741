"""What surrounds a picture: sliders for every number in params, a line of words, and one redraw at a time."""

import html
import threading

import ipywidgets as widgets
import jax
import jax.numpy as jnp
import numpy as np
import traitlets

from dl_workshop.shapes import LearnerError, check_params, in_words

MOST_SLIDERS = 24


def leaf_name(path):
    """Name a leaf of params as a learner would: w, layer1.w, w[0]."""
    name = ""
    for key in path:
        if hasattr(key, "idx"):
            name += f"[{key.idx}]"
        else:
            part = str(getattr(key, "key", getattr(key, "name", key)))
            name += f".{part}" if name else part
    return name


def entry_name(path, index):
    """Name one number of a leaf: w, or w[0, 1] for an entry of an array."""
    return leaf_name(path) + (f"[{', '.join(map(str, index))}]" if index else "")


def scalars(params):
    """Give every single number in params under its name: {"w": 2.0, "b": 20.0} or {"w[0]": ..., "w[1]": ...}.

    Raises: LearnerError if a leaf is no number.
    """
    leaves = jax.tree_util.tree_leaves_with_path(params, is_leaf=lambda leaf: leaf is None)
    if isinstance(params, dict):  # JAX sorts the keys; the learner's own order reads better
        places = {key: place for place, key in enumerate(params)}
        leaves = sorted(leaves, key=lambda item: places[item[0][0].key])
    found = {}
    for path, leaf in leaves:
        if np.asarray(leaf).dtype.kind in "iub":  # sliders give floats in any case
            leaf = np.asarray(leaf, float)
        check_params({leaf_name(path): leaf})
        leaf = np.asarray(leaf, float)
        for index in np.ndindex(leaf.shape):
            found[entry_name(path, index)] = float(leaf[index])
    if not found:
        raise LearnerError("params holds no numbers, so there is nothing to move. Write for example "
                           "params = dict(w=0.0, b=0.0).")
    return found


def with_values(params, values):
    """Give params again with the numbers of `values`, named as `scalars` names them."""
    def leaf(path, old):
        if np.ndim(old) == 0 and not isinstance(old, jax.Array):
            return values[entry_name(path, ())]
        entries = [values[entry_name(path, index)] for index in np.ndindex(np.shape(old))]
        return jnp.array(entries, dtype=float).reshape(np.shape(old))
    return jax.tree_util.tree_map_with_path(leaf, params)


def slider_range(name, params, model, x, reach, spread):
    """Choose (low, high, step) for one number: far enough to send the model's output across the data.

    `reach` is how far the output may have to be lifted as a whole, `spread` how far it may have to be tilted.
    """
    values = scalars(params)
    h = 1e-2
    try:
        raised = np.asarray(model(with_values(params, values | {name: values[name] + h}), x), float)
        change = (raised - np.asarray(model(with_values(params, values), x), float)) / h
        lift, tilt = abs(change.mean()), change.std()
        far = reach / lift if lift >= tilt else spread / tilt
        far = far if np.isfinite(far) else 5.0
    except Exception:  # the learner's function is at fault: the panel's first drawing will say so in words
        far = 5.0
    far = round_up(max(far, 1.5 * abs(values[name]), 0.1))
    return -far, far, round_down(far / 100)


def round_up(value):
    """Give the next round number at or above `value`: 1, 2, 3, 4, 5, 6, 8 times a power of ten."""
    power = 10.0 ** np.floor(np.log10(value))
    return float(next(n for n in (1, 2, 3, 4, 5, 6, 8, 10) if n * power >= value * (1 - 1e-9)) * power)


def round_down(value):
    """Give the round number at or below `value`: 1, 2 or 5 times a power of ten."""
    power = 10.0 ** np.floor(np.log10(value))
    return float(max(n for n in (1, 2, 5) if n * power <= value * (1 + 1e-9)) * power)


def slider(name, value, low, high, step):
    """Make one float slider; its label is the name of the number."""
    places = max(0, -int(np.floor(np.log10(step))))
    return widgets.FloatSlider(value=value, min=min(low, value), max=max(high, value), step=step, description=name,
                               readout_format=f".{places}f", continuous_update=True,
                               style={"description_width": "initial"}, layout={"width": "auto"})


def log_slider(name, value, low, high):
    """Make one slider from 10^low to 10^high, in steps of a twentieth of a power of ten."""
    return widgets.FloatLogSlider(value=value, base=10, min=low, max=high, step=0.05, description=name,
                                  readout_format=".3g", continuous_update=True,
                                  style={"description_width": "initial"}, layout={"width": "auto"})


def button(text, tooltip):
    """Make one push button."""
    return widgets.Button(description=text, tooltip=tooltip, layout={"width": "auto"})


class Redraw:
    """Calls draw(), never twice at once: calls that come while it draws become one more draw. The last value wins."""

    def __init__(self, draw):
        """Take the function that draws."""
        self._draw, self._lock = draw, threading.Lock()
        self._busy = self._wanted = self._held = False

    def __call__(self, *_):
        """Draw now, or once more after the drawing that is under way."""
        with self._lock:
            self._wanted = True
            if self._busy or self._held:
                return
            self._busy = True
        try:
            while self._take():
                self._draw()
        except BaseException:
            with self._lock:
                self._busy = False
            raise

    def _take(self):
        with self._lock:
            wanted, self._wanted = self._wanted, False
            self._busy = wanted
            return wanted

    def hold(self, change):
        """Run change(), which may move many sliders, and draw once at the end."""
        with self._lock:
            self._held = True
        try:
            change()
        finally:
            with self._lock:
                self._held = False
        self()


class Picture(widgets.Image):
    """An Image whose tooltip, the only text alternative it has, can be set.

    ipywidgets shows a tooltip only where the description is empty, and an Image without one breaks its view.
    """

    description = traitlets.Unicode("").tag(sync=True)


class Face:
    """What every panel shows: a picture, a line of words under the controls, and the words of an error."""

    def __init__(self, canvas):
        """Make the widgets, still empty."""
        self.canvas = canvas
        self.words = widgets.HTML(layout={"margin": "2px 8px"})
        self.trouble = widgets.HTML(layout={"margin": "0 8px", "display": "none"})
        self.image = Picture(format="png", layout={"width": f"{canvas.width}px", "max_width": "100%", "height": "auto",
                                                   "align_self": "flex-start", "margin": "4px 0"})

    def show(self, strong, words, trouble=""):
        """Send the picture as it is now, with its words: `strong` in bold, then the rest."""
        png = self.canvas.png()
        with self.image.hold_sync():
            self.image.value, self.image.tooltip = png, f"{strong}: {words}"
        self.words.value = f'<div role="status"><b>{html.escape(strong)}</b>&ensp;{html.escape(words)}</div>'
        self.complain(trouble)

    def complain(self, trouble):
        """Show what went wrong, in words, or take it away again if `trouble` is empty."""
        self.trouble.value = (f'<div role="alert" style="border-left: 4px solid #D55E00; padding: 2px 8px">'
                              f"{html.escape(trouble)}</div>" if trouble else "")
        self.trouble.layout.display = None if trouble else "none"

    def box(self, sliders, *buttons):
        """Stack the sliders, the buttons beside the words, and the picture into the panel."""
        return widgets.VBox([sliders, row(*buttons, self.words), self.trouble, self.image],
                            layout={"max_width": f"{self.canvas.width + 16}px"})


def guarded(face, functions, draw):
    """Wrap draw() so that whatever a learner's function raises is shown in words; the last picture stays.

    Without this an error in a slider's callback would never reach the notebook.
    """
    def safe():
        try:
            draw()
        except Exception as error:
            face.complain(str(in_words(error, functions, "drawing this panel")))
    return Redraw(safe)


def grid(children, columns=2):
    """Lay sliders out in aligned columns; many of them scroll."""
    return widgets.GridBox(children, layout={"grid_template_columns": f"repeat({columns}, minmax(0, 1fr))",
                                             "max_height": "230px", "overflow": "hidden auto"})


def row(*children):
    """Lay controls out in one row."""
    return widgets.HBox(children, layout={"align_items": "center", "flex_flow": "row wrap"})
