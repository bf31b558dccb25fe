"""Builds the book: python tools/book.py [--offline] [--no-solutions] [--to build/book].

What it makes beside Sphinx's pages lies in build/assets: the package's own wheel (Python in the
browser runs it), the front end, the typefaces and the formulas' fonts (npm, web/), and the lab's
menus. With --offline the folder holds Pyodide too and needs no network; else it points at the CDN.
Nothing else differs.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import sys
import tempfile
from pathlib import Path

CHARSET = re.compile(r"<meta charset=[^>]*>")  # which must stand among a page's first 1,024 bytes
MARK = Path("_static") / "live" / "config.json"  # every built book has it
ROOT = Path(__file__).resolve().parent.parent
ASSETS = ROOT / "build" / "assets"
sys.path[:0] = [str(ROOT / "tools"), str(ROOT / "book" / "_ext")]

import front  # noqa: E402
import prepared  # noqa: E402
import pyodide  # noqa: E402
import recorded  # noqa: E402
import touring  # noqa: E402
import typefaces  # noqa: E402

from hopfield.cli.site import policy  # noqa: E402
from hopfield.lab.choices import known  # noqa: E402

del sys.modules["pyodide"]  # some packages take its presence to mean a browser


def say(text: str) -> None:
    """Tell where it is."""
    print(f"hopfield: {text}", flush=True)


def assets() -> None:
    """Bundle the front end, and take from npm what letters and formulas look like."""
    bundles = front.build()
    typefaces.write(ASSETS / "typefaces")
    look = front.WEB / "node_modules" / "katex" / "dist"
    fonts = sorted((look / "fonts").glob("*.woff2"))  # which every browser takes
    for target, sources in (
        (ASSETS / "live", bundles),
        (ASSETS / "formulas", [look / "katex.min.css", look.parent / "LICENSE"]),
        (ASSETS / "formulas" / "fonts", fonts),
    ):
        target.mkdir(parents=True, exist_ok=True)
        for source in sources:
            shutil.copy2(source, target)


def wheel() -> str:
    """Build the package's wheel into the assets; return its file name."""
    for old in (ASSETS / "live").glob("*.whl"):
        old.unlink()
    front.run(
        sys.executable,
        "-m",
        "build",
        "--wheel",
        "--no-isolation",
        "--outdir",
        ASSETS / "live",
        ROOT,
        HOPFIELD_BOOK="",
        HOPFIELD_WIDGET="no",
    )  # the small wheel: the one in the book holds neither
    return next((ASSETS / "live").glob("*.whl")).name


def write(path: Path, text: str) -> None:
    """Write a small file of the site."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def build(to: Path, *, offline: bool, solutions: bool = True) -> None:
    """Build the book into a folder, which is replaced once the new one is whole."""
    if to.exists() and not (to / MARK).is_file() and (not to.is_dir() or any(to.iterdir())):
        raise SystemExit(f"hopfield: {to} is no built book; name a folder that is empty or new")
    (ASSETS / "live").mkdir(parents=True, exist_ok=True)
    assets()
    name = wheel()
    menus, chapters = known(), prepared.states()
    tours = touring.read(ROOT / "book" / "tours.json", menus, chapters)
    menus |= {"chapters": chapters, "tours": tours, "first": recorded.first()}
    write(ASSETS / "live" / "lab.json", json.dumps(menus, allow_nan=False) + "\n")
    to.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=to.parent, prefix=f".{to.name}-") as folder:
        site = Path(folder) / "site"
        say("building the book: every chapter runs on the package")
        front.run(
            sys.executable,
            "-m",
            "sphinx",
            "-b",
            "html",
            "-W",
            "--keep-going",
            "-q",
            "-j",
            "2",
            "-d",
            Path(folder) / "doctrees",
            "-D",
            f"solutions={int(solutions)}",
            ROOT / "book",
            site,
        )
        for leftover in (".buildinfo", "objects.inv.bak"):
            (site / leftover).unlink(missing_ok=True)
        finish(site, name, offline=offline)
        if to.exists():
            shutil.rmtree(to)
        site.rename(to)
    size = sum(f.stat().st_size for f in to.rglob("*") if f.is_file()) / 1e6
    say(f"the book is in {to} ({size:.0f} MB{', works offline' if offline else ''})")


def secure(site: Path) -> None:
    """Write into each page what it may load and run, for hosts that send no headers of ours."""
    for page in site.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        rule = f'<meta http-equiv="Content-Security-Policy" content="{policy(text)}" />'
        page.write_text(CHARSET.sub(rf"\g<0>\n    {rule}", text, count=1), encoding="utf-8")


def finish(site: Path, wheel_name: str, *, offline: bool) -> None:
    """Say where the page finds Python: the one file in which the two builds differ."""
    address = pyodide.cdn()
    if offline:
        say("adding Python for the browser")
        try:
            pyodide.fetch(site / "pyodide")
        except pyodide.Trouble as trouble:
            raise SystemExit(f"hopfield: {trouble}") from None
        address = "../../pyodide/"
    secure(site)
    config = {"pyodide": address, "wheel": wheel_name}
    write(site / MARK, json.dumps(config, indent=1) + "\n")
    write(site / ".nojekyll", "")


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--to", type=Path, default=ROOT / "build" / "book")
    parser.add_argument("--offline", action="store_true", help="put Python for the browser in")
    words = "leave the solutions and answers of the exercises out of pages and downloads"
    parser.add_argument("--no-solutions", dest="solutions", action="store_false", help=words)
    given = parser.parse_args()
    build(given.to.resolve(), offline=given.offline, solutions=given.solutions)


if __name__ == "__main__":
    main()
