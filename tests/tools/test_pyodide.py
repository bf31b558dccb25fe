"""tools/pyodide.py: where Pyodide is taken from, and that nothing unchecked is ever used.

All but the last test have a tiny Pyodide: a core of five files and four wheels, and their lock.
"""

from __future__ import annotations

import hashlib
import importlib.util
import io
import json
import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path
from urllib.error import URLError

import pytest

PATH = Path(__file__).parents[2] / "tools" / "pyodide.py"
NEEDS = {
    **{"numpy": [], "matplotlib": ["Pillow", "numpy", "six"], "pillow": []},
    **{"six": [], "scipy": ["numpy"]},
}
WHEELS = {name: f"{name}-1-cp314-wasm32.whl" for name in NEEDS}


def load():
    """Return the module under a name of its own: some packages ask whether pyodide is loaded."""
    spec = importlib.util.spec_from_file_location("tool_for_pyodide", PATH)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def refuse(*_, **__):
    raise URLError("no network")


@pytest.fixture(scope="module")
def official():
    """Every file of a tiny Pyodide, one wheel more than is needed."""
    files = {name: f"the wheel of {name}".encode() for name in NEEDS}
    lock = {
        "packages": {
            name: {"file_name": WHEELS[name], "sha256": sha256(data), "depends": NEEDS[name]}
            for name, data in files.items()
        }
    }
    core = {name: name.encode() for name in load().CORE}
    core["pyodide-lock.json"] = json.dumps(lock).encode()
    return core | {WHEELS[name]: data for name, data in files.items()}


@pytest.fixture
def tool(official, tmp_path, monkeypatch):
    """The module, pinned to the tiny Pyodide, with a fresh cache and neither network nor folder."""
    tool = load()
    tool.CORE = {name: sha256(official[name]) for name in tool.CORE}
    tool.BESIDE = tmp_path / "beside"
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("HOPFIELD_PYODIDE", raising=False)
    monkeypatch.setattr(tool.urllib.request, "urlopen", refuse)
    monkeypatch.setattr(tool.subprocess, "run", refuse)
    return tool


@pytest.fixture
def needed(official):
    return {name: data for name, data in official.items() if "scipy" not in name}


@pytest.fixture
def folder(official, tmp_path):
    return fill(tmp_path / "given", official)


def fill(folder, files):
    folder.mkdir(parents=True)
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return folder


def held(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def carry(official, words, cwd):
    """Do what ``npm pack`` and ``pip download`` do, with the tiny Pyodide."""
    if "pack" in words:
        with tarfile.open(cwd / "pyodide.tgz", "w:gz") as archive:
            for name in (name for name in official if not name.endswith(".whl")):
                member = tarfile.TarInfo(f"package/{name}")
                member.size = len(official[name])
                archive.addfile(member, io.BytesIO(official[name]))
    else:
        with zipfile.ZipFile(cwd / "carrier.whl", "w") as archive:
            for name in (name for name in official if name.endswith(".whl")):
                archive.writestr(f"open_webui/frontend/pyodide/{name}", official[name])


# ---- a folder ------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["argument", "environment", "beside the checkout"])
def test_a_folder_gives_the_core_and_the_wheels_needed_and_nothing_else(
    tool, folder, needed, tmp_path, monkeypatch, how
):
    if how == "environment":
        monkeypatch.setenv("HOPFIELD_PYODIDE", str(folder))
    elif how == "beside the checkout":
        tool.BESIDE = folder
    to = tmp_path / "site" / "pyodide"
    paths = tool.fetch(to, folder if how == "argument" else None)
    assert held(to) == needed
    assert sorted(paths) == sorted(to.iterdir())


def test_the_lock_names_the_wheels_and_all_that_they_need(tool, official):
    found = tool.wheels(official["pyodide-lock.json"])
    assert list(found) == sorted(WHEELS[name] for name in NEEDS if name != "scipy")
    assert all(sha256(official[name]) == expected for name, expected in found.items())


@pytest.mark.parametrize("name", ["pyodide-lock.json", "pyodide.asm.wasm", WHEELS["six"]])
def test_a_changed_file_is_refused_with_its_name_and_both_sums(
    tool, folder, official, tmp_path, capsys, name
):
    spoilt = official[name] + b"!"
    (folder / name).write_bytes(spoilt)
    to = tmp_path / "to"
    assert tool.main(["--to", str(to), "--from", str(folder)]) == 1
    said = capsys.readouterr().err
    assert f"{folder}: {name} is refused" in said
    assert f"{sha256(official[name])} expected" in said
    assert f"{sha256(spoilt)} found" in said
    assert not to.exists()


@pytest.mark.parametrize("name", ["pyodide-lock.json", "python_stdlib.zip", WHEELS["numpy"]])
def test_a_given_folder_must_hold_every_file(tool, folder, tmp_path, capsys, name):
    (folder / name).unlink()
    assert tool.main(["--to", str(tmp_path / "to"), "--from", str(folder)]) == 1
    assert capsys.readouterr().err == f"pyodide: {folder}: {name} is missing\n"


def test_a_given_folder_is_the_only_one_asked(tool, folder, tmp_path):
    tool.BESIDE = folder
    with pytest.raises(tool.Trouble, match=r"nowhere: pyodide-lock\.json is missing"):
        tool.fetch(tmp_path / "to", tmp_path / "nowhere")


def test_a_bad_folder_beside_the_checkout_is_named_and_passed_over(
    tool, folder, needed, tmp_path, capsys
):
    tool.BESIDE = folder
    (folder / "pyodide.mjs").write_bytes(b"of another version")
    fill(tool.cache(), needed)
    tool.fetch(tmp_path / "to")
    assert held(tmp_path / "to") == needed
    assert f"not used: {folder}: pyodide.mjs is refused" in capsys.readouterr().err


# ---- the CDN and the cache -----------------------------------------------------------------


def test_what_the_cdn_gave_is_there_without_a_network(
    tool, official, needed, tmp_path, monkeypatch
):
    asked = []

    def answer(address, timeout):
        assert timeout > 0
        asked.append(address)
        return io.BytesIO(official[address.removeprefix(tool.cdn())])

    with monkeypatch.context() as network:
        network.setattr(tool.urllib.request, "urlopen", answer)
        tool.fetch(tmp_path / "one")
    tool.fetch(tmp_path / "two")
    assert held(tmp_path / "one") == held(tmp_path / "two") == held(tool.cache()) == needed
    assert sorted(asked) == sorted(tool.cdn() + name for name in needed)


def test_a_spoilt_cache_is_not_used_and_made_anew(tool, official, needed, tmp_path, monkeypatch):
    fill(tool.cache(), needed | {"pyodide.mjs": b"cut"})
    monkeypatch.setattr(
        tool.urllib.request, "urlopen", lambda a, timeout: io.BytesIO(official[a.split("/")[-1]])
    )
    tool.fetch(tmp_path / "to")
    assert held(tmp_path / "to") == held(tool.cache()) == needed


def test_a_cache_that_cannot_be_written_stops_nothing(
    tool, official, needed, tmp_path, monkeypatch, capsys
):
    (tmp_path / "cache").write_text("a file where the folder should be")
    monkeypatch.setattr(
        tool.urllib.request, "urlopen", lambda a, timeout: io.BytesIO(official[a.split("/")[-1]])
    )
    tool.fetch(tmp_path / "to")
    assert held(tmp_path / "to") == needed
    assert "not kept" in capsys.readouterr().err


def test_a_page_in_place_of_the_file_is_never_kept(tool, tmp_path, monkeypatch, capsys):
    page = b"<html>Please log in to the network</html>"
    monkeypatch.setattr(tool.urllib.request, "urlopen", lambda a, timeout: io.BytesIO(page))
    assert tool.main(["--to", str(tmp_path / "to")]) == 1
    said = capsys.readouterr().err
    assert f"the CDN: pyodide-lock.json is refused: sha256 {tool.CORE[tool.LOCK]} expected" in said
    assert not tool.cache().exists()
    assert not (tmp_path / "to").exists()


def test_where_nothing_answers_it_says_each_reason_and_what_to_do(tool, tmp_path, capsys):
    assert tool.main(["--to", str(tmp_path / "to")]) == 1
    said = capsys.readouterr().err
    for words in ("is not to be had", "the CDN: ", "npm: ", "--from DIR", "HOPFIELD_PYODIDE=DIR"):
        assert words in said


# ---- npm and PyPI --------------------------------------------------------------------------


def test_without_the_cdn_npm_gives_the_core_and_pypi_the_wheels(
    tool, official, needed, tmp_path, monkeypatch
):
    ran = []

    def run(words, *, cwd, timeout, **_):
        assert timeout > 0
        ran.append(words)
        carry(official, words, cwd)
        if "download" in words:
            pinned = (cwd / words[words.index("-r") + 1]).read_text()
            assert pinned == f"{tool.CARRIER} --hash=sha256:{tool.CARRIER_SHA256}\n"

    monkeypatch.setattr(tool.subprocess, "run", run)
    tool.fetch(tmp_path / "to")
    assert held(tmp_path / "to") == held(tool.cache()) == needed
    assert len(ran) == 2
    assert f"pyodide@{tool.VERSION}" in ran[0]


@pytest.mark.parametrize("name", ["pyodide.mjs", WHEELS["numpy"]])
def test_what_npm_and_pypi_give_is_checked_too(tool, official, tmp_path, monkeypatch, name):
    spoilt = official | {name: b"something else"}
    monkeypatch.setattr(
        tool.subprocess, "run", lambda words, *, cwd, **_: carry(spoilt, words, cwd)
    )
    with pytest.raises(tool.Trouble, match=f"npm and PyPI: {name} is refused"):
        tool.fetch(tmp_path / "to")
    assert not tool.cache().exists()


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (subprocess.TimeoutExpired("npm", 900), "npm: took longer than 900 s"),
        (subprocess.CalledProcessError(1, "npm", stderr="one\nno such package\n"), "no such pack"),
        (subprocess.CalledProcessError(7, "npm", stderr=""), "npm: status 7"),
        (FileNotFoundError("npm"), "npm: cannot be started"),
    ],
)
def test_it_says_why_npm_failed(tool, monkeypatch, error, words):
    def run(*_, **__):
        raise error

    monkeypatch.setattr(tool.subprocess, "run", run)
    with pytest.raises(tool.Trouble, match=words):
        tool.from_registries()


# ---- files and the pin ---------------------------------------------------------------------


def test_a_write_that_fails_leaves_the_old_file_and_no_part(tool, folder, tmp_path, monkeypatch):
    to = fill(tmp_path / "to", {"pyodide.mjs": b"old"})

    def full(*_):
        raise OSError("disk full")

    monkeypatch.setattr(tool.os, "replace", full)
    assert tool.main(["--to", str(to), "--from", str(folder)]) == 1
    assert held(to) == {"pyodide.mjs": b"old"}


@pytest.mark.parametrize("platform", ["linux", "darwin", "win32"])
def test_the_cache_is_where_the_platform_keeps_them(tool, tmp_path, monkeypatch, platform):
    tail = Path("hopfield") / f"pyodide-{tool.VERSION}"
    assert tool.cache() == tmp_path / "cache" / tail
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "local"))
    monkeypatch.setattr(tool.sys, "platform", platform)
    homes = {
        "linux": Path.home() / ".cache",
        "darwin": Path.home() / "Library" / "Caches",
        "win32": tmp_path / "local",
    }
    assert tool.cache() == homes[platform] / tail


def test_the_version_is_written_down_once(tool):
    assert tool.VERSION in tool.cdn()
    assert PATH.read_text().count(tool.VERSION) == 1
    assert all(len(sha) == 64 for sha in load().CORE.values())


if load().BESIDE.is_dir():  # what CI and developers are given; elsewhere only the pin is checked

    def test_the_real_pin_fits_the_real_files(tmp_path):
        env = {**os.environ, "HOPFIELD_PYODIDE": str(load().BESIDE)}
        done = subprocess.run(
            [sys.executable, str(PATH), "--to", str(tmp_path)],
            env=env,
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, done.stdout) == (0, "")
        assert done.stderr.startswith("pyodide: 17 files of version ")
        names = {path.name.split("-")[0] for path in tmp_path.glob("*.whl")}
        assert {"numpy", "matplotlib", "pillow", "contourpy", "six"} <= names
        assert "micropip" not in names
