"""What the README repeats: the public address, kept in [project.urls] Repository, and the panels' measured times."""

import tomllib
from pathlib import Path
from urllib.parse import quote, urlsplit

from dl_workshop.authoring.regions import fill

FIRST_PAGE = "notebooks/student/01_linear_regression.ipynb"
BRANCH = "main"
RESULTS = "benchmarks/results/panels.md"


def texts(root: Path) -> dict[str, str]:
    """Fill in README.md's marked regions; return it by its path below root.

    Raises: LearnerError if a region is missing.
    """
    latency = (root / RESULTS).read_text(encoding="utf-8").strip()
    return {"README.md": fill(root / "README.md", {**regions(repository(root)), "latency": latency})}


def repository(root: Path) -> str:
    """Read the repository's public address from pyproject.toml."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return project["urls"]["Repository"].removesuffix("/").removesuffix(".git")


def regions(address: str) -> dict[str, str]:
    """Make the derived regions by name: the Binder badge, the lines that clone, the link for a hub."""
    badge = f"[![Open in Binder](https://mybinder.org/badge_logo.svg)]({binder_address(address)})"
    clone = f"```sh\ngit clone {address}.git\ncd {_name(address)}\n```"
    return {"badge": badge, "clone": clone, "hub": f"```\n{hub_address(address)}\n```"}


def binder_address(address: str) -> str:
    """Make the address that opens lesson 01 in JupyterLab on the public Binder.

    Raises: LearnerError if the repository is not on GitHub.
    """
    parts = urlsplit(address)
    owner_and_name = parts.path.strip("/")
    if parts.netloc != "github.com" or owner_and_name.count("/") != 1:
        from dl_workshop.errors import LearnerError

        raise LearnerError(
            f"[project.urls] Repository is {address!r}. The Binder address is made for GitHub: "
            "write https://github.com/OWNER/NAME."
        )
    return f"https://mybinder.org/v2/gh/{owner_and_name}/{BRANCH}?urlpath={quote(f'lab/tree/{FIRST_PAGE}', safe='')}"


def hub_address(address: str) -> str:
    """Make the nbgitpuller link for a class hub: it fetches the kit, keeps a learner's edits, opens lesson 01."""
    page = quote(f"lab/tree/{_name(address)}/{FIRST_PAGE}?autodecode", safe="")
    return f"https://HUB/hub/user-redirect/git-pull?repo={quote(address, safe='')}&branch={BRANCH}&urlpath={page}"


def _name(address: str) -> str:
    return address.rsplit("/", 1)[-1]
