"""Remember the kit and the libraries as they were, to put back what a submission changed in them."""

import sys
import types
from collections.abc import Callable

from dl_workshop.packs import Found

# Besides the kit: what references, probes and the comparison call.
_OTHERS = {
    "builtins",
    "functools",
    "inspect",
    "types",
    "secrets",
    "math",
    "jax",
    "jax.numpy",
    "jax.random",
    "jax.nn",
    "jax.tree",
    "jax.lax",
    "numpy",
    "numpy.linalg",
    "numpy.random",
}


def remember(lesson: Found) -> Callable[[], list[str]]:
    """Give a function that puts everything back as it is now, and lists what had been changed.

    Names of modules and of the kit's classes, and the code of the kit's functions; names that were added stay. What
    the lesson's own package holds, a pack's too, counts as the kit's.
    """
    ours = ("dl_workshop", lesson.package.split(".")[0])

    def is_ours(value: object) -> bool:
        code = getattr(value, "__code__", None)
        return (
            str(getattr(value, "__module__", "")).startswith(ours)
            or isinstance(code, types.CodeType)
            and code.co_filename.startswith(str(lesson.folder))
        )

    spaces = {
        name: dict(vars(module))
        for name, module in list(sys.modules.items())
        if isinstance(module, types.ModuleType) and (name in _OTHERS or name.startswith(ours))
    }
    modules = {name: sys.modules[name] for name in spaces}
    kits = [
        value for name, space in spaces.items() if name.startswith(ours) for value in space.values() if is_ours(value)
    ]
    classes = {value: dict(vars(value)) for value in kits if isinstance(value, type)}
    functions = [value for value in kits if isinstance(value, types.FunctionType)]
    functions += [
        value for space in classes.values() for value in space.values() if isinstance(value, types.FunctionType)
    ]
    inner = [(function, function.__code__, function.__defaults__, function.__kwdefaults__) for function in functions]

    def put_back() -> list[str]:
        changed = []
        for name, space in spaces.items():
            now = vars(modules[name])
            for key, value in space.items():
                if now.get(key, put_back) is not value:
                    now[key] = value
                    if key.startswith("__") is False:
                        changed.append(f"{name}.{key}")
        for kind, space in classes.items():
            for key, value in space.items():
                if vars(kind).get(key, put_back) is not value:
                    setattr(kind, key, value)
                    changed.append(f"{kind.__name__}.{key}")
        for function, code, defaults, kwdefaults in inner:
            if (function.__code__, function.__defaults__, function.__kwdefaults__) != (code, defaults, kwdefaults):
                function.__code__, function.__defaults__, function.__kwdefaults__ = code, defaults, kwdefaults
                changed.append(function.__qualname__)
        return changed

    return put_back
