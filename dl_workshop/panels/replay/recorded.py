"""What a saved page of a replay can do: all of it, with fewer steps of the training."""

from functools import partial

import jax
import numpy as np

from dl_workshop.panels.recording import compiled_fit
from dl_workshop.panels.replay.state import params_at

MISSING = "This page holds some steps of the training only. Run the notebook for those between."


def plan(settings, move, detail):
    """Give what `recording.record` needs, with about 8 * `detail` rows of the path. move: the panel's step."""
    n_rows, most = len(settings["steps"]), 8 * detail
    kept = np.unique(np.linspace(0, n_rows - 1, min(n_rows, most)).round().astype(int))
    last = len(kept) - 1
    weights = [
        one | ({"values": [one["values"][row] for row in kept]} if one["kind"] == "curve" else {})
        for one in settings["weights"]
    ]
    still = settings | {"steps": [settings["steps"][row] for row in kept], "weights": weights}
    known = move.keywords | {"params": params_at(move.keywords["path"], 0)}
    path = jax.tree.map(lambda leaf: leaf[kept], known["path"])

    def walk(recorder, state):
        for row in range(last + 1):
            here, _ = recorder.record(state, {"act": "seek", "row": row}, anywhere=True)
            if row < last:
                recorder.record(here, {"act": "tick"})
                recorder.rest(here, ["play"])
            else:
                recorder.record(here, {"act": "play"})
                recorder.rest(here, ["tick"])
        recorder.rest(None, ["pause"])

    return {
        "settings": still,
        "walk": walk,
        "start": {"row": last},
        "drawn": ("curve", "y_pred"),
        "step": partial(move, **compiled_fit(**known), path=path, settings=still),
        "missing": MISSING,
        "finest": most >= n_rows,
    }
