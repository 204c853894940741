"""Save params and load them again, as numpy's own .npz: arrays with names, no code, no pickle."""

import io
import zipfile
from pathlib import Path

import jax.numpy as jnp
import numpy as np

from dl_workshop.files import write_whole
from dl_workshop.shapes import LearnerError, check_params

_NAMED = "params/"    # before every name, so that none can be a name of numpy's own


def save_params(file, params) -> Path:
    """Write params, a dict of arrays (dicts may be nested), to `file`.npz. Returns: where they are.

    The file is written beside and then moved into place: if that is interrupted, the old file is still whole.
    Raises: LearnerError if params are not floats, hold anything but dicts and arrays, or cannot be written there.
    """
    check_params(params)
    path = _path(file)
    content = io.BytesIO()
    np.savez(content, **{_NAMED + name: leaf for name, leaf in _flat(params).items()})
    try:
        write_whole(path, content.getvalue())
    except OSError as error:
        raise LearnerError(f"{path} cannot be written ({error.strerror}): params are not saved. Choose a folder "
                           "that is yours.") from None
    return path


def load_params(file, like=None):
    """Read params that save_params wrote; `like`, such as freshly initialised params, must agree in names and shapes.

    Raises: LearnerError if the file is missing, damaged or none of these, or if its params differ from `like`.
    """
    path = _path(file)
    try:
        saved = dict(np.load(path, allow_pickle=False))
    except FileNotFoundError:
        raise LearnerError(f"There is no {path}. Save first: save_params({str(file)!r}, params).") from None
    except (OSError, ValueError, TypeError, EOFError, NotImplementedError, zipfile.BadZipFile) as error:
        raise LearnerError(f"{path} is damaged, or was not written by save_params ({str(error)[:80]}). "
                           "Train and save anew.") from None
    flat = {name.removeprefix(_NAMED): leaf for name, leaf in saved.items() if name.startswith(_NAMED)}
    if not flat:
        raise LearnerError(f"{path} holds no params: it was not written by save_params.")
    if like is not None:
        _check_like(path, flat, _flat(like))
    return _nested(flat)


def _path(file):
    path = Path(file).expanduser()
    return path if path.suffix == ".npz" else path.with_name(path.name + ".npz")


def _flat(params, before=""):
    """Give {"layer1/w": array} for {"layer1": {"w": array}}."""
    if not isinstance(params, dict):
        raise LearnerError(f"params{before and ' at ' + before[:-1]} is a {type(params).__name__}: save_params keeps "
                           "dicts of arrays, because an array needs a name in the file.")
    flat = {}
    for name, leaf in params.items():
        if not isinstance(name, str) or "/" in name or not name:
            raise LearnerError(f"params has the name {name!r}: in a file a name must be text without a /.")
        if isinstance(leaf, dict):
            flat |= _flat(leaf, f"{before}{name}/")
        elif isinstance(leaf, list | tuple):
            _flat(leaf, f"{before}{name}/")    # says what is wrong with it
        else:
            flat[before + name] = np.asarray(leaf)
            if flat[before + name].dtype.kind != "f":
                raise LearnerError(f"params {before}{name} is {flat[before + name].dtype}, which numpy cannot keep: "
                                   "save it as float32, with .astype(jnp.float32).")
    return flat


def _nested(flat):
    params = {}
    for name, leaf in flat.items():
        *outer, last = name.split("/")
        place = params
        for one in outer:
            place = place.setdefault(one, {})
        place[last] = jnp.asarray(leaf)
    return params


def _check_like(path, saved, wanted):
    for where, names in (("is missing", wanted.keys() - saved.keys()), ("is more", saved.keys() - wanted.keys())):
        if names:
            raise LearnerError(f"{path} holds params {', '.join(saved)}, but your model has {', '.join(wanted)}: "
                               f"{sorted(names)[0]} {where}. It was saved from another net; use the same widths.")
    for name, leaf in wanted.items():
        if saved[name].shape != leaf.shape:
            raise LearnerError(f"{name} in {path} has shape {saved[name].shape}, but your model needs {leaf.shape}: "
                               "it was saved from another net. Use the same widths as when you saved.")
