"""What the README repeats: the public address, kept in [project.urls] Repository, and the panels' measured times."""

import re
import tomllib
from pathlib import Path
from urllib.parse import quote, urlsplit

FIRST_PAGE = "notebooks/student/01_linear_regression.ipynb"
BRANCH = "main"
RESULTS = "benchmarks/results/panels.md"


def texts(root: Path) -> dict[str, str]:
    """Fill in README.md's marked regions; return it by its path below root.

    A region lies between `<!-- derived: NAME -->` and `<!-- end -->`; what stands around it is left alone.
    Raises: LearnerError if a region is missing.
    """
    readme = (root / "README.md").read_text(encoding="utf-8")
    latency = (root / RESULTS).read_text(encoding="utf-8").strip()
    for name, text in {**regions(repository(root)), "latency": latency}.items():
        pattern = re.compile(rf"(<!-- derived: {name} -->\n).*?(<!-- end -->)", re.DOTALL)
        if not pattern.search(readme):
            from dl_workshop.shapes import LearnerError
            raise LearnerError(f"README.md has no place for the {name}: put the lines `<!-- derived: {name} -->` "
                               "and `<!-- end -->` where it belongs.")
        # A function, so that a backslash in an address is not read as an escape.
        readme = pattern.sub(lambda found, text=text: f"{found[1]}{text}\n{found[2]}", readme)
    return {"README.md": readme}


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
        from dl_workshop.shapes import LearnerError
        raise LearnerError(f"[project.urls] Repository is {address!r}. The Binder address is made for GitHub: "
                           "write https://github.com/OWNER/NAME.")
    return f"https://mybinder.org/v2/gh/{owner_and_name}/{BRANCH}?urlpath={quote(f'lab/tree/{FIRST_PAGE}', safe='')}"


def hub_address(address: str) -> str:
    """Make the nbgitpuller link for a class hub: it fetches the kit, keeps a learner's edits, opens lesson 01."""
    page = quote(f"lab/tree/{_name(address)}/{FIRST_PAGE}?autodecode", safe="")
    return f"https://HUB/hub/user-redirect/git-pull?repo={quote(address, safe='')}&branch={BRANCH}&urlpath={page}"


def _name(address):
    return address.rsplit("/", 1)[-1]
