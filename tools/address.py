"""Sets the project's address: tools/address.py https://github.com/OWNER/REPOSITORY.

[project.urls] in pyproject.toml is the one place of it. The book's links to Colab and Binder, and
README's on a package index, and what `hopfield.cite()` says, are made from there at each build.
What no build makes, CITATION.cff, the conda recipe and README's badges, is written with it; a test
compares them.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ADDRESS = re.compile(r"https://github\.com/([A-Za-z0-9][A-Za-z0-9-]*)/([\w.-]+?)(?:\.git)?/?")


def urls(address: str) -> dict[str, str]:
    """Return what [project.urls] holds for an address.

    >>> urls("https://github.com/Owner/name/")["Documentation"]
    'https://owner.github.io/name/'

    Raises
    ------
    ValueError
        For what is no repository's address there.
    """
    if not (found := ADDRESS.fullmatch(address)):
        raise ValueError(
            f"the address must be https://github.com/OWNER/REPOSITORY, not {address!r}"
        )
    owner, name = found.groups()
    there = f"https://github.com/{owner}/{name}"
    return {
        "Repository": there,
        "Documentation": f"https://{owner.lower()}.github.io/{name}/",
        "Issues": f"{there}/issues",
        "Changelog": f"{there}/blob/HEAD/CHANGELOG.md",
    }


def project(text: str, links: dict[str, str]) -> str:
    """Return pyproject.toml with the links in [project.urls]."""
    lines = "".join(f'{name} = "{link}"\n' for name, link in links.items())
    return re.sub(r"^(\[project\.urls\].*\n)(?:\w+ = .*\n)*", rf"\g<1>{lines}", text, flags=re.M)


def citation(text: str, links: dict[str, str]) -> str:
    """Return CITATION.cff with the links."""
    text = re.sub(r"^(?:url|repository-code): .*\n", "", text, flags=re.M)
    lines = f"repository-code: {links['Repository']}\nurl: {links['Documentation']}\n"
    return re.sub(r"^license: .*\n", rf"\g<0>{lines}", text, flags=re.M)


def recipe(text: str, links: dict[str, str]) -> str:
    """Return the conda recipe with the links."""
    text = re.sub(r"^  (?:homepage|repository|documentation): .*\n", "", text, flags=re.M)
    names = {
        "homepage": "Documentation",
        "repository": "Repository",
        "documentation": "Documentation",
    }
    lines = "".join(f"  {name}: {links[link]}\n" for name, link in names.items())
    return re.sub(r"^about:\n", rf"\g<0>{lines}", text, flags=re.M)


def readme(text: str, links: dict[str, str]) -> str:
    """Return README.md with badges under its title: the tests' state, and where the book is."""
    there = links["Repository"]
    badges = "".join(
        f"[![{name}]({there}/actions/workflows/{name}.yml/badge.svg?branch=main)]({to})\n"
        for name, to in (
            ("test", f"{there}/actions/workflows/test.yml"),
            ("book", links["Documentation"]),
        )
    )
    return re.sub(r"\A(# .*\n\n)(?:(?:\[!\[.*\n)+\n)?", rf"\g<1>{badges}\n", text)


WRITTEN = {
    "pyproject.toml": project,
    "CITATION.cff": citation,
    "conda/recipe.yaml": recipe,
    "README.md": readme,
}


def main(address: str, root: Path = ROOT) -> None:
    """Write the files."""
    links = urls(address)
    for name, change in WRITTEN.items():
        path = root / name
        path.write_text(change(path.read_text(encoding="utf-8"), links), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1]) if len(sys.argv) == 2 else sys.exit(__doc__)
