"""Objects of every kind that a model may read: followed into what they hold, or compiled anew each time."""

import types

import jax.numpy as jnp
import optax
import pytest
from test_fingerprint import compilations, slope

from dl_workshop import fit, graph, losses
from dl_workshop.fingerprint import fingerprint
from dl_workshop.panels.fit_by_hand import best_loss
from dl_workshop.panels.runs import train_together

# Each kind: what a cell makes, the expression by which the model reads 1.0 there, and the edit that makes it 2.0.
KINDS = {
    "SimpleNamespace": ("cfg = types.SimpleNamespace(s=1.0)", "cfg.s", "cfg.s = 2.0"),
    "argparse": ("cfg = argparse.Namespace(s=1.0)", "cfg.s", "cfg.s = 2.0"),
    "slots": ("class C:\n    __slots__ = ('s',)\ncfg = C()\ncfg.s = 1.0", "cfg.s", "cfg.s = 2.0"),
    "inherited private slots": ("class B:\n    __slots__ = '__s'\n    def set(self, s): self.__s = s\n"
                                "    def get(self): return self.__s\nclass C(B):\n    __slots__ = ()\ncfg = C()\n"
                                "cfg.set(1.0)", "cfg.get()", "cfg.set(2.0)"),
    "deque": ("cfg = collections.deque([1.0])", "cfg[0]", "cfg[0] = 2.0"),
    "UserDict": ("cfg = collections.UserDict(s=1.0)", "cfg['s']", "cfg['s'] = 2.0"),
    "UserList": ("cfg = collections.UserList([1.0])", "cfg[0]", "cfg[0] = 2.0"),
    "OrderedDict": ("cfg = collections.OrderedDict(s=1.0)", "cfg['s']", "cfg['s'] = 2.0"),
    "defaultdict": ("cfg = collections.defaultdict(lambda: 1.0)", "cfg.get('s', cfg.default_factory())",
                    "cfg['s'] = 2.0"),
    "ChainMap": ("cfg = collections.ChainMap({}, dict(s=1.0))", "cfg['s']", "cfg.maps[1]['s'] = 2.0"),
    "mapping proxy": ("inner = dict(s=1.0)\ncfg = types.MappingProxyType(inner)", "cfg['s']", "inner['s'] = 2.0"),
    "a cell": ("cfg = types.CellType(1.0)", "cfg.cell_contents", "cfg.cell_contents = 2.0"),
    "a dict's subclass": ("class C(dict):\n    pass\ncfg = C()\ncfg.s = 1.0", "cfg.s", "cfg.s = 2.0"),
    "a list's subclass": ("class C(list):\n    pass\ncfg = C([1.0])", "cfg[0]", "cfg[0] = 2.0"),
    "bytearray": ("cfg = bytearray([1])", "cfg[0]", "cfg[0] = 2"),
    "memoryview": ("inner = bytearray([1])\ncfg = memoryview(inner)", "cfg[0]", "inner[0] = 2"),
    "array.array": ("cfg = array.array('d', [1.0])", "cfg[0]", "cfg[0] = 2.0"),
    "a set": ("cfg = {1.0}", "max(cfg)", "cfg.add(2.0)"),
    "a dataclass": ("@dataclasses.dataclass\nclass C:\n    s: float = 1.0\ncfg = C()", "cfg.s", "cfg.s = 2.0"),
    "a list of many": ("cfg = [1.0] * 1000", "cfg[999]", "cfg[999] = 2.0"),
    "nested": ("cfg = [dict(a=(types.SimpleNamespace(s=1.0),))]", "cfg[0]['a'][0].s", "cfg[0]['a'][0].s = 2.0"),
    "NumPy of objects": ("cfg = np.array([1.0, None], object)", "cfg[0]", "cfg[0] = 2.0"),
    "NumPy view": ("inner = np.ones(3)\ncfg = inner[::2]\ncfg.flags.writeable = False", "cfg[1]", "inner[2] = 2.0"),
    "a mask": ("cfg = np.ma.array([1.0, 1.0], mask=[False, True])", "cfg.count()", "cfg.mask = [False, False]"),
    "a large array": ("cfg = np.ones(2_000_000, np.float32)", "cfg[-1]", "cfg[-1] = 2.0"),
    "a JAX array": ("cfg = jnp.ones(3)", "cfg[0]", "cfg = cfg.at[0].set(2.0)"),
    "a scaler": ("cfg = StandardScaler().fit([[0.0], [2.0]])", "cfg.scale_[0]", "cfg.fit([[0.0], [4.0]])"),
    "globals()": ("g = 1.0", "globals()['g']", "g = 2.0"),
    "eval": ("g = 1.0", "eval('g')", "g = 2.0"),
    "the environment": ("os.environ['DLW_G'] = '1.0'", "float(os.environ['DLW_G'])", "os.environ['DLW_G'] = '2.0'"),
    "a module of one's own": ("m = types.ModuleType('mine')\nm.s = 1.0", "m.s", "m.s = 2.0"),
    "getattr of a module": ("m = types.ModuleType('mine')\nm.s = 1.0\nname = 's'", "getattr(m, name)", "m.s = 2.0"),
    "import inside": ("sys.modules['dlw_mine'] = types.ModuleType('dlw_mine')\nsys.modules['dlw_mine'].s = 1.0\n"
                      "def h():\n    import dlw_mine\n    return dlw_mine.s", "h()", "sys.modules['dlw_mine'].s = 2.0"),
    "a function's attribute": ("def h():\n    return h.s\nh.s = 1.0", "h()", "h.s = 2.0"),
    "a changing default": ("def h(s=[1.0]):\n    return s[0]", "h()", "h.__defaults__[0][0] = 2.0"),
    "a keyword's default": ("def h(*, s=1.0):\n    return s", "h()", "h.__kwdefaults__ = dict(s=2.0)"),
    "other code": ("def h():\n    return 1.0", "h()", "h.__code__ = (lambda: 2.0).__code__"),
    "a class's attribute": ("class C:\n    s = 1.0", "C.s", "C.s = 2.0"),
    "a base's attribute": ("class B:\n    s = 1.0\nclass C(B):\n    pass\ncfg = C()", "cfg.s", "B.s = 2.0"),
    "a property": ("class C:\n    @property\n    def s(self): return self.t\ncfg = C()\ncfg.t = 1.0", "cfg.s",
                   "cfg.t = 2.0"),
    "a static method": ("class C:\n    @staticmethod\n    def s(): return g\ng = 1.0", "C.s()", "g = 2.0"),
    "an abstract class": ("class C(abc.ABC):\n    s = 1.0", "C.s", "C.s = 2.0"),
    "a metaclass": ("class M(type):\n    s = 1.0\nclass C(metaclass=M):\n    pass", "C.s", "M.s = 2.0"),
    "an enum": ("class E(enum.Enum):\n    A = 1.0\ncfg = [E.A]\n", "cfg[0].value", "class E(enum.Enum):\n    A = 2.0\n"
                "cfg = [E.A]"),
    "an object's method": ("cfg = dict(s=1.0)\nh = cfg.get", "h('s')", "cfg['s'] = 2.0"),
    "a bound method": ("class C:\n    def s(self): return self.t\ncfg = C()\ncfg.t = 1.0\nh = cfg.s", "h()",
                       "cfg.t = 2.0"),
    "a partial's object": ("cfg = types.SimpleNamespace(s=1.0)\nh = functools.partial(getattr, cfg)", "h('s')",
                           "cfg.s = 2.0"),
    "a weak reference": ("class C:\n    pass\ncfg = C()\ncfg.s = 1.0\nref = weakref.ref(cfg)", "ref().s",
                         "cfg.s = 2.0"),
    "a context variable": ("var = contextvars.ContextVar('var')\nvar.set(1.0)", "var.get()", "var.set(2.0)"),
    "an iterator": ("cfg = iter([1.0, 2.0])", "next(cfg)", ""),
    "a generator": ("cfg = (s for s in (1.0, 2.0))", "next(cfg)", ""),
    "a counter": ("cfg = itertools.count(1)", "next(cfg)", ""),
    "a file": ("cfg = io.StringIO('1.0')", "float(cfg.getvalue())", "cfg = io.StringIO('2.0')"),
    "a random state": ("cfg = np.random.default_rng(0)", "cfg.integers(1, 2)", "cfg.random()"),
    "a body of scan": ("g = 1.0\ndef body(carry, _):\n    return carry * g, None",
                       "jax.lax.scan(body, 1.0, None, length=1)[0]", "g = 2.0"),
    "a jitted helper of a helper": ("g = 1.0\n@jax.jit\ndef inner(z):\n    return z * g\ndef h(z):\n"
                                    "    return inner(z)",
                                    "h(1.0)", "g = 2.0"),
    "a custom slope": ("g = 1.0\n@jax.custom_jvp\ndef h(z):\n    return z\n@h.defjvp\ndef slope(p, t):\n"
                       "    return g * p[0], g * t[0]", "1.0 + h(0.0)", "g = 2.0"),
}
IMPORTS = ("import abc, argparse, array, collections, contextvars, dataclasses, enum, functools, io, itertools, os, "
           "sys, types, weakref\nimport jax, jax.numpy as jnp, numpy as np\n"
           "from sklearn.preprocessing import StandardScaler\n")
START, X = dict(w=0.0, b=0.0), jnp.linspace(-1, 1, 5)


def made(kind):
    """A module, as a notebook is one, with a model that reads an object of this kind."""
    make, read, edit = KINDS[kind]
    module = types.ModuleType("__notebook__")
    exec(compile(IMPORTS + make, "cell", "exec"), module.__dict__)
    exec(f"def model(params, x):\n    return params['w'] * ({read}) * x + params['b']", module.__dict__)
    return module, lambda: exec(compile(edit, "cell 2", "exec"), module.__dict__)


NEVER_THE_SAME = {"a file", "globals()", "eval", "the environment", "an iterator", "a generator", "a counter"}


@pytest.mark.parametrize("kind", KINDS)
def test_an_edit_makes_another_key_and_nothing_else_does(kind):
    module, edit = made(kind)
    before = fingerprint(module.model)
    assert (fingerprint(module.model) == before) == (kind not in NEVER_THE_SAME)
    edit()
    assert fingerprint(module.model) != before


@pytest.mark.parametrize("kind", ["SimpleNamespace", "slots", "UserDict", "bytearray", "a scaler", "globals()",
                                  "a mask", "a body of scan", "a jitted helper of a helper"])
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
            START, module.model, penalised, X, y)

    mean, (before, best) = float(jnp.mean(X ** 2)), seen()
    assert before == pytest.approx([4 * mean] * 2, rel=1e-5)
    edit()
    after, other = seen()
    assert after == pytest.approx([mean] * 2, rel=1e-5) and abs(other - best) > 1e-3


STEADY = """
import dataclasses, datetime, enum, fractions, functools, logging, operator, pathlib, re, threading, typing
import jax, jax.numpy as jnp, numpy as np, optax, scipy.special
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
def model(params, x):
    things = (jitted, custom, remembered, Point, Pair, Colour.RED, lock, logger, pattern, net, tree, when, path, third)
    more = (sgd, many, big, operator_, mesh, jnp.add, jnp.where, jax.nn.relu, jax.nn.gelu, jnp.linalg.norm, np.add)
    last = (scipy.special.expit, jax.scipy.special.logsumexp, jnp.float32, np.float32, optax.adam, jax.lax.scan)
    return params["w"] * x + jax.vmap(jax.checkpoint(jitted))(x) * jax.nn.softplus(params["b"])
"""


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
class Equal:
    def __eq__(self, other): raise RuntimeError("never")
    __hash__ = None
"""


@pytest.mark.parametrize("thing", ["Loud()", "Agreeing()", "Unpicklable()", "deep", "ring", "wide", "Equal()"])
def test_no_object_stops_the_walk(thing):
    module = types.ModuleType("__notebook__")
    exec(HOSTILE + f"it = {thing}\ndef model(params, x):\n    it\n    return params['w'] * x", module.__dict__)
    same = fingerprint(module.model) == fingerprint(module.model)
    assert same == (thing in ("Loud()", "Agreeing()", "ring", "Equal()"))
