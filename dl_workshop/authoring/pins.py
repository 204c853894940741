"""Exact versions for Binder and conda, read from uv.lock, which neither of them reads itself."""

import tomllib
from pathlib import Path

from packaging.markers import Marker

HEADER = "# Made from uv.lock by `dl-workshop build`; edit neither this file nor its versions by hand.\n"

# What a marker may ask about, by platform; Binder's machines are the first.
PLATFORMS = {
    "linux": dict(sys_platform="linux", platform_system="Linux", os_name="posix", platform_machine="x86_64"),
    "darwin": dict(sys_platform="darwin", platform_system="Darwin", os_name="posix", platform_machine="arm64"),
    "win32": dict(sys_platform="win32", platform_system="Windows", os_name="nt", platform_machine="AMD64"),
}


def texts(root: Path) -> dict[str, str]:
    """Make the two environment files, by their path below root.

    Binder's has the pins of Linux alone. The one in the root is for conda and mamba on any computer, so a package
    that only some platforms need carries a marker. Both pin every package, also those that ours only bring along.
    """
    python = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["dl-workshop"]["python"]
    lock = tomllib.loads((root / "uv.lock").read_text())
    per_platform = {name: pinned(lock, python, name) for name in PLATFORMS}
    every = sorted(set().union(*per_platform.values()), key=lambda pin: pin.split("=="))
    everywhere = [pin + _marker(pin, per_platform) for pin in every]
    # pip runs in the folder of the yml: a folder `binder` hides the root's files, and `-e ..` leads back to them.
    return {
        "binder/environment.yml": _yml(python, per_platform["linux"], ".."),
        "environment.yml": _yml(python, everywhere, "."),
    }


def pinned(lock: dict, python: str, platform: str) -> list[str]:
    """List `name==version` of all that the kit needs when it runs, sorted, without what only developers need."""
    environment = dict(
        PLATFORMS[platform],
        python_version=python,
        python_full_version=f"{python}.0",
        implementation_name="cpython",
        platform_python_implementation="CPython",
        extra="",
    )
    packages: dict[str, list[dict]] = {}
    for package in lock["package"]:
        packages.setdefault(package["name"], []).append(package)

    found, seen, todo = {}, set(), [{"name": "dl-workshop"}]
    while todo:
        wanted = todo.pop()
        if "marker" in wanted and not Marker(wanted["marker"]).evaluate(environment):
            continue
        # A package that uv locked in several versions is named with its version wherever it is wanted.
        (package,) = (
            one for one in packages[wanted["name"]] if wanted.get("version", one["version"]) == one["version"]
        )
        found[package["name"]] = package["version"]
        for extra in (None, *wanted.get("extra", [])):
            if (package["name"], extra) not in seen:
                seen.add((package["name"], extra))
                todo += (
                    package.get("optional-dependencies", {}).get(extra, [])
                    if extra
                    else package.get("dependencies", [])
                )
    del found["dl-workshop"]
    return [f"{name}=={version}" for name, version in sorted(found.items())]


def _marker(pin: str, per_platform: dict[str, list[str]]) -> str:
    only = [platform for platform, pins in per_platform.items() if pin in pins]
    if len(only) == len(PLATFORMS):
        return ""
    return "; " + " or ".join(f"sys_platform == '{platform}'" for platform in only)


def _yml(python: str, pins: list[str], kit: str) -> str:
    # repo2docker understands `python=3.12` alone: with >= or without a version it takes a Python too old for JAX.
    lines = [
        "name: dl-workshop",
        "channels:",
        "  - conda-forge",
        "dependencies:",
        f"  - python={python}",
        "  - pip",
        "  - pip:",
        *(f'      - "{pin}"' if ";" in pin else f"      - {pin}" for pin in pins),
        f"      - -e {kit}",
    ]
    return HEADER + "\n".join(lines) + "\n"
