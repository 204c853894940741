"""Objects of every kind that a model may read, each with an edit after which the model is another."""

# Each kind: what a cell makes, the expression by which the model reads 1.0 there, and the edit that makes it 2.0.
KINDS = {
    "SimpleNamespace": ("cfg = types.SimpleNamespace(s=1.0)", "cfg.s", "cfg.s = 2.0"),
    "argparse": ("cfg = argparse.Namespace(s=1.0)", "cfg.s", "cfg.s = 2.0"),
    "slots": ("class C:\n    __slots__ = ('s',)\ncfg = C()\ncfg.s = 1.0", "cfg.s", "cfg.s = 2.0"),
    "inherited private slots": (
        "class B:\n    __slots__ = '__s'\n    def set(self, s): self.__s = s\n"
        "    def get(self): return self.__s\nclass C(B):\n    __slots__ = ()\ncfg = C()\n"
        "cfg.set(1.0)",
        "cfg.get()",
        "cfg.set(2.0)",
    ),
    "deque": ("cfg = collections.deque([1.0])", "cfg[0]", "cfg[0] = 2.0"),
    "UserDict": ("cfg = collections.UserDict(s=1.0)", "cfg['s']", "cfg['s'] = 2.0"),
    "UserList": ("cfg = collections.UserList([1.0])", "cfg[0]", "cfg[0] = 2.0"),
    "OrderedDict": ("cfg = collections.OrderedDict(s=1.0)", "cfg['s']", "cfg['s'] = 2.0"),
    "defaultdict": (
        "cfg = collections.defaultdict(lambda: 1.0)",
        "cfg.get('s', cfg.default_factory())",
        "cfg['s'] = 2.0",
    ),
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
    "import inside": (
        "sys.modules['dlw_mine'] = types.ModuleType('dlw_mine')\nsys.modules['dlw_mine'].s = 1.0\n"
        "def h():\n    import dlw_mine\n    return dlw_mine.s",
        "h()",
        "sys.modules['dlw_mine'].s = 2.0",
    ),
    "a function's attribute": ("def h():\n    return h.s\nh.s = 1.0", "h()", "h.s = 2.0"),
    "a changing default": ("def h(s=[1.0]):\n    return s[0]", "h()", "h.__defaults__[0][0] = 2.0"),
    "a keyword's default": ("def h(*, s=1.0):\n    return s", "h()", "h.__kwdefaults__ = dict(s=2.0)"),
    "other code": ("def h():\n    return 1.0", "h()", "h.__code__ = (lambda: 2.0).__code__"),
    "a class's attribute": ("class C:\n    s = 1.0", "C.s", "C.s = 2.0"),
    "a base's attribute": ("class B:\n    s = 1.0\nclass C(B):\n    pass\ncfg = C()", "cfg.s", "B.s = 2.0"),
    "a property": (
        "class C:\n    @property\n    def s(self): return self.t\ncfg = C()\ncfg.t = 1.0",
        "cfg.s",
        "cfg.t = 2.0",
    ),
    "a static method": ("class C:\n    @staticmethod\n    def s(): return g\ng = 1.0", "C.s()", "g = 2.0"),
    "an abstract class": ("class C(abc.ABC):\n    s = 1.0", "C.s", "C.s = 2.0"),
    "a metaclass": ("class M(type):\n    s = 1.0\nclass C(metaclass=M):\n    pass", "C.s", "M.s = 2.0"),
    "an enum": (
        "class E(enum.Enum):\n    A = 1.0\ncfg = [E.A]\n",
        "cfg[0].value",
        "class E(enum.Enum):\n    A = 2.0\ncfg = [E.A]",
    ),
    "an object's method": ("cfg = dict(s=1.0)\nh = cfg.get", "h('s')", "cfg['s'] = 2.0"),
    "a bound method": (
        "class C:\n    def s(self): return self.t\ncfg = C()\ncfg.t = 1.0\nh = cfg.s",
        "h()",
        "cfg.t = 2.0",
    ),
    "a partial's object": (
        "cfg = types.SimpleNamespace(s=1.0)\nh = functools.partial(getattr, cfg)",
        "h('s')",
        "cfg.s = 2.0",
    ),
    "a weak reference": (
        "class C:\n    pass\ncfg = C()\ncfg.s = 1.0\nref = weakref.ref(cfg)",
        "ref().s",
        "cfg.s = 2.0",
    ),
    "a context variable": ("var = contextvars.ContextVar('var')\nvar.set(1.0)", "var.get()", "var.set(2.0)"),
    "an iterator": ("cfg = iter([1.0, 2.0])", "next(cfg)", ""),
    "a generator": ("cfg = (s for s in (1.0, 2.0))", "next(cfg)", ""),
    "a counter": ("cfg = itertools.count(1)", "next(cfg)", ""),
    "a file": ("cfg = io.StringIO('1.0')", "float(cfg.getvalue())", "cfg = io.StringIO('2.0')"),
    "a random state": ("cfg = np.random.default_rng(0)", "cfg.integers(1, 2)", "cfg.random()"),
    "a body of scan": (
        "g = 1.0\ndef body(carry, _):\n    return carry * g, None",
        "jax.lax.scan(body, 1.0, None, length=1)[0]",
        "g = 2.0",
    ),
    "a rule for batches": (
        "g = 1.0\n@jax.custom_batching.custom_vmap\ndef h(z): return z\n@h.def_vmap\n"
        "def rule(size, batched, z): return g * z, True",
        "jax.vmap(h)(jnp.ones(1))[0]",
        "g = 2.0",
    ),
    "a jitted helper of a helper": (
        "g = 1.0\n@jax.jit\ndef inner(z):\n    return z * g\ndef h(z):\n    return inner(z)",
        "h(1.0)",
        "g = 2.0",
    ),
    "a custom slope": (
        "g = 1.0\n@jax.custom_jvp\ndef h(z):\n    return z\n@h.defjvp\ndef slope(p, t):\n    return g * p[0], g * t[0]",
        "1.0 + h(0.0)",
        "g = 2.0",
    ),
    # Python's own containers and buffers, and classes that lie about themselves.
    "a range": ("cfg = range(1, 5)", "cfg[0]", "cfg = range(2, 5)"),
    "a slice of objects": ("cfg = slice([1.0])", "cfg.stop[0]", "cfg.stop[0] = 2.0"),
    "mmap": ("cfg = mmap.mmap(-1, 16)\ncfg[0] = 1", "cfg[0]", "cfg[0] = 2"),
    "ctypes": ("cfg = ctypes.c_double(1.0)", "cfg.value", "cfg.value = 2.0"),
    "a thread's own": ("cfg = threading.local()\ncfg.s = 1.0", "cfg.s", "cfg.s = 2.0"),
    "a queue": ("cfg = queue.Queue()\ncfg.put(1.0)", "cfg.queue[0]", "cfg.queue[0] = 2.0"),
    "weak values": (
        "class C: pass\no = C()\no.s = 1.0\ncfg = weakref.WeakValueDictionary(a=o)",
        "cfg['a'].s",
        "o.s = 2.0",
    ),
    "values of a dict": ("d = dict(a=1.0)\ncfg = d.values()", "list(cfg)[0]", "d['a'] = 2.0"),
    "order in a dict": ("cfg = dict(a=1.0, b=2.0)", "list(cfg.values())[0]", "cfg = dict(b=2.0, a=1.0)"),
    "a number's subclass": ("class C(int): pass\ncfg = C(1)\ncfg.s = 1.0", "cfg.s", "cfg.s = 2.0"),
    "a list that hides": (
        "class C(list):\n    def __iter__(self): return iter(())\ncfg = C([1.0])",
        "cfg[0]",
        "cfg[0] = 2.0",
    ),
    "a dict that hides": (
        "class C(dict):\n    def items(self): return []\ncfg = C(s=1.0)",
        "cfg['s']",
        "cfg['s'] = 2.0",
    ),
    "a set that hides": (
        "class C(set):\n    def __iter__(self): return iter(())\ncfg = C([1.0])",
        "len(cfg)",
        "cfg.add(2.0)",
    ),
    "a state that lies": (
        "class C:\n    def __getstate__(self): return {}\n    def __reduce__(self): return (C, ())\n"
        "cfg = C()\ncfg.s = 1.0",
        "cfg.s",
        "cfg.s = 2.0",
    ),
    "hidden attributes": (
        "class C:\n    def __init__(self): self.s = 1.0\n    @property\n    def __dict__(self): return {}\ncfg = C()",
        "cfg.s",
        "cfg.s = 2.0",
    ),
    "another class": ("class A: s = 1.0\nclass B: s = 2.0\ncfg = A()", "cfg.s", "cfg.__class__ = B"),
    "a descriptor": (
        "class D:\n    def __get__(self, o, t): return self.v\nclass C:\n    s = D()\n"
        "C.__dict__['s'].v = 1.0\ncfg = C()",
        "cfg.s",
        "C.__dict__['s'].v = 2.0",
    ),
    "names made up": (
        "store = dict(s=1.0)\nclass C:\n    def __getattr__(self, n): return store[n]\ncfg = C()",
        "cfg.s",
        "store['s'] = 2.0",
    ),
    "one function for many": (
        "@functools.singledispatch\ndef h(z): return 1.0",
        "h(3)",
        "h.register(int, lambda z: 2.0)",
    ),
    "a partial method": (
        "class C:\n    def f(self, a): return a\n    h = functools.partialmethod(f, 1.0)\ncfg = C()",
        "cfg.h()",
        "C.h = functools.partialmethod(C.f, 2.0)",
    ),
    "a closure's cell": (
        "def make():\n    s = 1.0\n    def put(v):\n        nonlocal s\n        s = v\n"
        "    return lambda: s, put\nh, put = make()",
        "h()",
        "put(2.0)",
    ),
    # Modules, however one comes to them.
    "a module's namespace": ("m.s = 1.0", "vars(m)['s']", "m.s = 2.0"),
    "a module in a list": ("m.s = 1.0\ncfg = [m]", "cfg[0].s", "m.s = 2.0"),
    "a module in a namespace": ("m.s = 1.0\ncfg = types.SimpleNamespace(m=m)", "cfg.m.s", "m.s = 2.0"),
    "a module handed on": ("m.s = 1.0\ndef h(q): return q.s", "h(m)", "m.s = 2.0"),
    "a module in a cell": ("m.s = 1.0\ndef make(q): return lambda: q.s\nh = make(m)", "h()", "m.s = 2.0"),
    "a module as default": ("m.s = 1.0\ndef h(q=m): return q.s", "h()", "m.s = 2.0"),
    "a module renamed": ("m.s = 1.0\ndef h():\n    q = m\n    return q.s", "h()", "m.s = 2.0"),
    "a module in a module": ("m.sub = types.ModuleType('mine.sub')\nm.sub.s = 1.0", "m.sub.s", "m.sub.s = 2.0"),
    "a module that makes names up": ("m.s = 1.0\nm.__getattr__ = lambda name: m.s", "m.other", "m.s = 2.0"),
    "a name that comes late": ("def h(): return getattr(m, 'late', 1.0)", "h()", "m.late = 2.0"),
    "from a module": (
        "sys.modules['dlw_from'] = m\nm.s = 1.0\ndef h():\n    from dlw_from import s\n    return s",
        "h()",
        "m.s = 2.0",
    ),
    "import as": (
        "m.sub = types.ModuleType('dlw_top.sub')\nm.sub.s = 1.0\n"
        "sys.modules.update({'dlw_top': m, 'dlw_top.sub': m.sub})\n"
        "def h():\n    import dlw_top.sub as q\n    return q.s",
        "h()",
        "m.sub.s = 2.0",
    ),
    "a library's new name": ("math.dlw = 1.0", "math.dlw", "math.dlw = 2.0"),
    "a library's class": ("argparse.Namespace.dlw = 1.0", "argparse.Namespace.dlw", "argparse.Namespace.dlw = 2.0"),
    "a new builtin": ("builtins.dlw = 1.0", "dlw", "builtins.dlw = 2.0"),
    "a builtin covered": ("", "sum([1.0])", "sum = lambda z: 2.0"),
    "arguments": ("", "len(sys.argv)", "sys.argv = [*sys.argv, 'more']"),
    # What may read anything, under whatever name.
    "other eval": ("ev = eval\ng = 1.0", "ev('g')", "g = 2.0"),
    "builtins": ("g = 1.0", "builtins.globals()['g']", "g = 2.0"),
    "a frame": ("g = 1.0", "sys._getframe().f_globals['g']", "g = 2.0"),
    "a function's globals": ("g = 1.0\ndef h(): pass", "h.__globals__['g']", "g = 2.0"),
    "importlib": ("sys.modules['dlw_lib'] = m\nm.s = 1.0", "importlib.import_module('dlw_lib').s", "m.s = 2.0"),
    "all modules": ("from sys import modules\nmodules['dlw_all'] = m\nm.s = 1.0", "modules['dlw_all'].s", "m.s = 2.0"),
    "os, renamed": (
        "os.environ['DLW_G'] = '1'\ndef make(o): return lambda: float(o.environ['DLW_G'])\nh = make(os)",
        "h()",
        "os.environ['DLW_G'] = '2'",
    ),
    "getenv": (
        "from os import getenv as get\nos.environ['DLW_G'] = '1'",
        "float(get('DLW_G'))",
        "os.environ['DLW_G'] = '2'",
    ),
    "a file's text": (
        "p = pathlib.Path(tempfile.mkdtemp()) / 'a'\np.write_text('1')",
        "float(p.read_text())",
        "p.write_text('2')",
    ),
    "a file of numbers": ("p = tempfile.mkdtemp() + '/a.npy'\nnp.save(p, 1.0)", "float(np.load(p))", "np.save(p, 2.0)"),
    "time": ("from time import time as now", "now()", ""),
    "today": ("", "datetime.datetime.now().hour", ""),
    "os inside": ("def h():\n    import os\n    return float(os.getpid())", "h()", ""),
    "NumPy's random state": ("", "np.random.rand()", "np.random.rand()"),
    "Python's random state": ("", "random.random()", "random.random()"),
    # Objects of libraries.
    "a pipeline": (
        "cfg = make_pipeline(StandardScaler()).fit([[0.0], [2.0]])",
        "cfg[0].scale_[0]",
        "cfg.fit([[0.0], [4.0]])",
    ),
    "a fitted line": (
        "cfg = LinearRegression().fit([[0.0], [1.0]], [0.0, 1.0])",
        "cfg.coef_[0]",
        "cfg.fit([[0.0], [1.0]], [0.0, 2.0])",
    ),
    "a scaler's method": (
        "cfg = StandardScaler().fit([[0.0], [2.0]])\nh = cfg.transform",
        "h([[2.0]])[0, 0]",
        "cfg.fit([[0.0], [4.0]])",
    ),
    "a sparse matrix": ("cfg = scipy.sparse.csr_matrix([[1.0]])", "cfg[0, 0]", "cfg.data[0] = 2.0"),
    "a polynomial": ("cfg = np.polynomial.Polynomial([1.0])", "cfg.coef[0]", "cfg.coef[0] = 2.0"),
    "a record": ("cfg = np.array([(1.0,)], dtype=[('s', 'f8')])", "cfg['s'][0]", "cfg['s'][0] = 2.0"),
    "memory that is shared": (
        "inner = np.ones(1)\ncfg = np.broadcast_to(inner, (100, 100))",
        "cfg[0, 0]",
        "inner[0] = 2.0",
    ),
    "a NumPy subclass": ("class C(np.ndarray): pass\ncfg = np.ones(1).view(C)\ncfg.s = 1.0", "cfg.s", "cfg.s = 2.0"),
    "a random key": ("cfg = jax.random.key(0)", "jax.random.normal(cfg)", "cfg = jax.random.key(1)"),
    "a logger's level": ("cfg = logging.getLogger('dlw')\ncfg.setLevel(10)", "cfg.level", "cfg.setLevel(20)"),
    "a method compiled for its object": (
        "class C:\n    @functools.partial(jax.jit, static_argnums=0)\n"
        "    def h(self): return self.t * jnp.ones(())\ncfg = C()\ncfg.t = 1.0",
        "cfg.h()",
        "cfg.t = 2.0",
    ),
}
# Kinds of which one cannot say that they are still the same: compiled anew each time.
NEVER_THE_SAME = {
    "a file",
    "globals()",
    "eval",
    "the environment",
    "an iterator",
    "a generator",
    "a counter",
    "hidden attributes",
    "other eval",
    "builtins",
    "a frame",
    "a function's globals",
    "importlib",
    "all modules",
    "os, renamed",
    "getenv",
    "a file's text",
    "a file of numbers",
    "time",
    "today",
    "os inside",
}
IMPORTS = """
import abc, argparse, array, builtins, collections, contextvars, ctypes, dataclasses, datetime, enum, functools
import importlib, io, itertools, logging, math, mmap, os, pathlib, queue, random, sys, tempfile, threading, types
import weakref, jax, jax.numpy as jnp, numpy as np, scipy.sparse
from sklearn.linear_model import LinearRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
m = types.ModuleType("mine")
"""
