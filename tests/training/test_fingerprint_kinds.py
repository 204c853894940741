"""Objects of every kind that a model may read: followed into what they hold, or compiled anew each time."""

import math
import operator
import types

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest
import scipy.special
from kinds_in_tests import IMPORTS, KINDS, NEVER_THE_SAME
from test_fingerprint import compilations, slope

from dl_workshop import fit, gradients, graph, losses, panels, plots
from dl_workshop.panels.fit_by_hand.best import best_loss
from dl_workshop.panels.sweep.runs import train_together
from dl_workshop.training.compile_cache import digests
from dl_workshop.training.compile_cache.digests import LARGE
from dl_workshop.training.compile_cache.fingerprint import fingerprint

pytestmark = pytest.mark.slow  # nearly every case compiles a loop of its own

START, X = dict(w=0.0, b=0.0), jnp.linspace(-1, 1, 5)


def made(kind):
    """A module, as a notebook is one, with a model that reads an object of this kind."""
    make, read, edit = KINDS[kind]
    module = types.ModuleType("__notebook__")
    exec(compile(IMPORTS + make, "cell", "exec"), module.__dict__)
    exec(f"def model(params, x):\n    return params['w'] * ({read}) * x + params['b']", module.__dict__)
    return module, lambda: exec(compile(edit, "cell 2", "exec"), module.__dict__)


@pytest.mark.parametrize("kind", KINDS)
def test_an_edit_makes_another_key_and_nothing_else_does(kind):
    module, edit = made(kind)
    before = fingerprint(module.model)
    assert (fingerprint(module.model) == before) == (kind not in NEVER_THE_SAME)
    edit()
    assert fingerprint(module.model) != before


@pytest.mark.parametrize(
    "kind",
    [
        "SimpleNamespace",
        "slots",
        "UserDict",
        "bytearray",
        "a scaler",
        "globals()",
        "a mask",
        "a body of scan",
        "a jitted helper of a helper",
        "a module in a list",
        "a method compiled for its object",
    ],
)
def test_fit_trains_the_model_that_is_there(kind):
    module, edit = made(kind)
    assert slope(module.model) == pytest.approx(6, abs=1e-3)
    edit()
    assert slope(module.model) == pytest.approx(3, abs=1e-3)


@pytest.mark.parametrize("kind", ["SimpleNamespace", "a body of scan", "a jitted helper of a helper"])
def test_panels_plots_and_the_graph_look_at_the_model_that_is_there(kind):
    module, edit = made(kind)
    y = 3 * X

    def penalised(params, *others):
        return losses.mse_loss(params, *others) + 0.1 * (params["w"] - 4.0) ** 2

    def seen():
        traced = graph.trace(losses.mse_loss, dict(w=1.0, b=0.0), module.model, X, y)
        runs = train_together(dict(w=jnp.ones(1), b=jnp.zeros(1)), module.model, losses.mse_loss, X, y, [0.1], 1)
        return [float(traced.nodes[traced.output].value), float(runs.losses[0][0])], best_loss(
            START, module.model, penalised, X, y
        )

    mean, (before, best) = float(jnp.mean(X**2)), seen()
    assert before == pytest.approx([4 * mean] * 2, rel=1e-5)
    edit()
    after, other = seen()
    assert after == pytest.approx([mean] * 2, rel=1e-5) and abs(other - best) > 1e-3


SCANNED = """
g = 1.0
def body(carry, _): return carry * g, None
def scanned(z): return jax.lax.scan(body, z, None, length=1)[0]
def model(params, x): return params["w"] * scanned(jnp.ones(())) * x + params["b"]
def f(w): return scanned(w)
def of_params(params): return scanned(params["w"])
"""
AT_ONE = dict(w=1.0, b=0.0)
LOOKS = {  # what shows that the slope is 1, and after the edit 2, where nothing was trained in between
    "descend": lambda m: float(panels.descend(m.f, w=1.0).shown["runs"][0]["words"].split()[1].strip(",")),
    "fit_by_hand": lambda m: panels.fit_by_hand(AT_ONE, m.model, losses.mse_loss, X, 0 * X).shown["loss"] ** 0.5 / LONG,
    "tangent": lambda m: np.diff(plots.tangent(m.f, 1.0).lines[0].get_ydata()[[0, -1]])[0] / 10,
    "data_and_model": lambda m: plots.data_and_model(AT_ONE, m.model, X, X).lines[-1].get_ydata()[-1],
    "two_sided": lambda m: float(gradients.two_sided(m.of_params, dict(w=1.0))["w"]),
}
LONG = float(jnp.mean(X**2)) ** 0.5


@pytest.mark.parametrize("look", LOOKS)
def test_what_is_looked_at_is_the_function_that_is_there(look):
    module = types.ModuleType("__notebook__")
    exec(IMPORTS + SCANNED, module.__dict__)
    assert LOOKS[look](module) == pytest.approx(1, rel=1e-3)
    module.g = 2.0
    assert LOOKS[look](module) == pytest.approx(2, rel=1e-3)


def test_a_large_array_is_copied_once_compared_then_and_let_go():
    pictures = np.ones(LARGE // 4 + 3, np.float32)
    digests_of_ones = {digests.digest_of(pictures) for _ in range(4)}
    assert len(digests_of_ones) == 1 and digests.digest_of(pictures.copy()) in digests_of_ones
    seen = set(digests_of_ones)
    for place in (0, len(pictures) // 2, -1):
        pictures[place] = 2.0
        for _ in range(4):
            found = digests.digest_of(pictures)
        assert found not in seen
        seen.add(found)
    pictures[[0, len(pictures) // 2, -1]] = 1.0
    assert digests.digest_of(pictures) in digests_of_ones
    place = id(pictures)
    assert place in digests._known
    del pictures
    assert place not in digests._known


STEADY = """
import dataclasses, datetime, enum, fractions, functools, logging, operator, pathlib, re, threading, typing
import jax, jax.numpy as jnp, numpy as np, optax, scipy.special
from beartype import beartype
from jaxtyping import Array, Float, jaxtyped
from sklearn.neural_network import MLPClassifier
from sklearn.tree import DecisionTreeClassifier
@jax.jit
def jitted(z): return z
@jax.custom_vjp
def custom(z): return z
custom.defvjp(lambda z: (z, None), lambda _, g: (g,))
@functools.lru_cache
def remembered(): return 1.0
@dataclasses.dataclass(frozen=True)
class Point: s: float = 1.0
class Pair(typing.NamedTuple): a: float = 1.0
class Colour(enum.Enum): RED = 1.0
lock, logger, pattern = threading.Lock(), logging.getLogger("mine"), re.compile("a")
net, tree = MLPClassifier(), DecisionTreeClassifier().fit([[0], [1]], [0, 1])
when, path, third = datetime.date(2020, 1, 1), pathlib.Path("a"), fractions.Fraction(1, 3)
sgd, many, big = optax.adam(optax.cosine_decay_schedule(0.1, 10)), list(range(5000)), np.ones((1000, 1000))
operator_, mesh = operator.itemgetter(0), jax.sharding.Mesh(np.array(jax.devices()), ("d",))
@jaxtyped(typechecker=beartype)
def typed(z: Float[Array, "n"]) -> Float[Array, "n"]: return z
def precise(z):
    with jax.named_scope("precise"), jax.default_matmul_precision("float32"):
        return jnp.dot(z, z)
def model(params, x):
    typed, precise
    things = (jitted, custom, remembered, Point, Pair, Colour.RED, lock, logger, pattern, net, tree, when, path, third)
    more = (sgd, many, big, operator_, mesh, jnp.add, jnp.where, jax.nn.relu, jax.nn.gelu, jnp.linalg.norm, np.add)
    last = (scipy.special.expit, jax.scipy.special.logsumexp, jnp.float32, np.float32, optax.adam, jax.lax.scan)
    return params["w"] * x + jax.vmap(jax.checkpoint(jitted))(x) * jax.nn.softplus(params["b"])
"""


READING = {"fromfile", "genfromtxt", "load", "loadtxt", "random", "io", "os", "sys", "threading", "time", "shutdown"}


@pytest.mark.parametrize("library", [jax, jax.lax, jax.nn, jnp, jnp.linalg, math, np, operator, optax, scipy.special])
def test_only_what_reads_files_or_draws_is_compiled_anew_of_a_library(library):
    parts = {name: getattr(library, name) for name in dir(library) if not name.startswith("_")}
    anew = {name for name, part in parts.items() if fingerprint(part) != fingerprint(part)}
    assert anew <= READING


def test_what_does_not_change_keeps_its_key():
    module = types.ModuleType("__notebook__")
    exec(STEADY, module.__dict__)
    before = fingerprint(module.model)
    assert fingerprint(module.model) == before
    fit(START, module.model, losses.mse_loss, X, X, n_steps=3, optimizer=optax.adam(0.1), progress=False)
    assert fingerprint(module.model) == before
    with compilations() as compiled:
        fit(START, module.model, losses.mse_loss, X, X, n_steps=3, optimizer=optax.adam(0.1), progress=False)
    assert compiled == []


HOSTILE = """
import numpy as np
class Loud:
    def __getattr__(self, name): raise RuntimeError("loud")
class Agreeing:
    def __getattr__(self, name): return self
    def __call__(self, *args): return self
class Unpicklable:
    def __reduce_ex__(self, version): raise OSError("no")
deep = []
for _ in range(100_000): deep = [deep]
ring = []; ring.append(ring)
wide = [[i] for i in range(50_000)]
class Faceless:
    @property
    def __class__(self): raise RuntimeError("no")
    def __getattribute__(self, name): raise RuntimeError("no")
vast = np.broadcast_to(np.ones(1), (10**6, 10**6))
long = [10 ** 5000, slice(10 ** 5000), range(10 ** 5000), "a" * 10 ** 6, b"a" * 10 ** 6]
class Equal:
    def __eq__(self, other): raise RuntimeError("never")
    __hash__ = None
"""


@pytest.mark.parametrize(
    "thing", ["Loud()", "Agreeing()", "Unpicklable()", "deep", "ring", "wide", "Equal()", "Faceless()", "vast", "long"]
)
def test_no_object_stops_the_walk(thing):
    module = types.ModuleType("__notebook__")
    exec(HOSTILE + f"it = {thing}\ndef model(params, x):\n    it\n    return params['w'] * x", module.__dict__)
    same = fingerprint(module.model) == fingerprint(module.model)
    assert same == (thing not in ("deep", "wide", "Faceless()"))


def test_an_object_known_to_jax_by_its_identity_is_seen_from_a_new_model_too():
    module, edit = made("a method compiled for its object")
    define = "def model(params, x):\n    return params['w'] * cfg.h() * x + params['b']"
    exec(define, module.__dict__)
    assert slope(module.model) == pytest.approx(6, abs=1e-3)
    edit()
    exec(define, module.__dict__)
    assert slope(module.model) == pytest.approx(3, abs=1e-3)


CIRCLES = """
def even(n): return True if n == 0 else odd(n - 1)
def odd(n): return False if n == 0 else even(n - 1)
class C:
    def one(self): return C
    def two(self): return C().one()
"""


def test_looking_at_circles_from_several_sides_forgets_nothing(monkeypatch):
    module, forgotten = types.ModuleType("__notebook__"), []
    exec(CIRCLES, module.__dict__)
    sides = [module.even, module.odd, module.C, module.C.one, module.C.two]
    monkeypatch.setattr(jax, "clear_caches", lambda: forgotten.append(True))
    keys = [[fingerprint(side) for side in sides] for _ in range(2)]
    assert keys[0] == keys[1] and not forgotten
    module.even = lambda n: n
    fingerprint(module.odd)
    assert forgotten


def test_settings_of_jax_make_another_key():
    def model(params, x):
        return x

    before = fingerprint(model)
    with jax.default_matmul_precision("highest"):
        assert fingerprint(model) != before
    with jax.numpy_dtype_promotion("strict"):
        assert fingerprint(model) != before
    assert fingerprint(model) == before
