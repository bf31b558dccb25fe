"""Any command with any words: it ends by a documented status, and what is wrong is said in a line.

The options are those that the commands have: a new one is tried as soon as it is there.
"""

from __future__ import annotations

import contextlib
import io
import re
import shutil
import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

import hopfield as hf
from hopfield import cli
from hopfield.base.checks import missing
from hopfield.cli import app, site
from hopfield.io.pictures import save_image
from hopfield.lessons import course, gallery
from tests.bad import is_a_sentence
from tests.cli.lines import XI
from tests.scans.coin import stored

MINE = """
import hopfield as hf
rule = hf.hebb
neuron = hf.Sign(tie="up")
order = hf.Sequential()
number = 3
def fails(*args, **options):
    raise KeyError("of one's own")
class Needy:
    def __init__(self, what): pass
"""
# Python's words, which the command line has others for
LEAKS = re.compile(
    r"Traceback|NoneType|ufunc|__\w+__|\bkwargs?\b|<\w+ object|\bhf\.|\bself\b|positional argument"
    r"|\b(rng|allow_repeats|coding|limit|values|repeats|until|on)="
)
NAMES = [
    *(
        "a.png",
        "xi.npy",
        "zeros.npy",
        "grey.npy",
        "one.csv",
        "line.dat",
        "art.txt",
        "m.npz",
        "r.npz",
    ),
    *("coin.db", "text.png", "text.npy", "text.db", "empty.csv", "cut.npz", "nan.npy", "big.npy"),
    *("objects.npy", "folder", "nowhere.png", "nowhere.db", ".", "/", "/dev/null", "no/where.npz"),
    *(
        "",
        " ",
        "-",
        "é\udcff.npy",
        "x" * 300 + ".png",
        "a\nb.png",
        "ring.png",
        "link.npy",
        "zip.npz",
    ),
]
WORDS = [
    *(
        "",
        "-1",
        "0",
        "1",
        "2",
        "0.5",
        "1.5",
        "-0.1",
        "1e400",
        "nan",
        "inf",
        "-inf",
        "1_0",
        "½",
        "٣",
    ),
    *("10x10", "0x0", "-3x4", "10x", "100", "999999x999999", "[bold]", "a,b", "=", "x=1", "None"),
    *("true", "otsu", "300", "99999999999999999999", "hebb", "modern", "sync", "sign", "heatbath"),
    *("bottom", "01", "bipolar", "keep", "up", "covariance", "adatron", "mine.py:rule", "mine.py:"),
    *("mine.py:neuron", "mine.py:order", "mine.py:number", "mine.py:fails", "mine.py:Needy"),
    *("nowhere.py:x", "text.py:x", "Retrieval", "Capacity", "N=20", "N=a", "N=1:2:3", "alpha=0.1"),
    *("alpha=nan", "N=20,20", "size=3", "$N$=1", "p=0.5", "tcp://127.0.0.1:1", "8138", "80000"),
    *("landscape", "no-such-plate", "film.gif", "film.xyz", "out.png", "out.html", "out.db", "-"),
]
PROGRAM = app._program()
ALONE = f"{missing('one process, since several need joblib', 'scan')}\n"


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A folder with files of every kind, whole and broken."""
    here = tmp_path_factory.mktemp("nasty")
    with contextlib.chdir(here):
        save_image("a.png", XI[0], shape=(10, 10))
        save_image("small.png", [[1, -1]])
        arrays = {"xi": XI, "zeros": XI > 0, "grey": XI * 7, "nan": XI * np.nan, "big": XI * 1e300}
        for name, array in arrays.items():
            np.save(f"{name}.npy", array)
        np.save("objects.npy", np.array([None, 1]), allow_pickle=True)
        np.savetxt("one.csv", XI[:1], fmt="%d", delimiter=",")
        Path("line.dat").write_text(",".join(map(str, XI.ravel())))
        Path("art.txt").write_text("#..\n.#.\n..#\n")
        Path("empty.csv").touch()
        hf.save("m.npz", hf.hebb(XI))
        hf.save("r.npz", hf.recall(hf.hebb(XI), XI[0], rng=1))
        Path("cut.npz").write_bytes(Path("m.npz").read_bytes()[:200])
        Path("zip.npz").write_bytes(b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, 0, 0, 0, 0, 0))
        for suffix in ("png", "npy", "db", "py"):
            Path(f"text.{suffix}").write_text("no such thing")
        Path("folder").mkdir()
        Path("ring.png").symlink_to("ring.png")
        Path("link.npy").symlink_to("xi.npy")
        Path("mine.py").write_text(MINE)
        stored("coin.db")
    return here


@pytest.fixture(scope="module")
def _quick():
    """What takes long, or serves until Ctrl-C, ends at once."""
    finish = hf.Run.finish

    def ctrl_c(self):
        raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(course, "CASES", {})
        patch.setattr(gallery, "PLATES", {"landscape": gallery.PLATES["landscape"]})
        patch.setattr("hopfield.cli.scan.find_spec", lambda name: None)  # in this process
        patch.setattr(hf.Run, "finish", lambda self, sweeps=20: finish(self, min(sweeps, 20)))
        patch.setattr(site._Server, "serve_forever", ctrl_c)
        patch.setattr(site.webbrowser, "open", lambda address: None)
        yield


@st.composite
def lines(draw):
    """Draw a command and words for it: mostly such as it has."""
    name = draw(st.sampled_from(sorted(PROGRAM.commands)))
    words = [name]
    values = st.sampled_from(NAMES) | st.sampled_from(WORDS) | st.text(max_size=8)
    options = [one for one in PROGRAM.commands[name].params if one.opts[0].startswith("-")]
    if name == "recall" and draw(st.booleans()):
        words += ["--store", draw(st.sampled_from(NAMES[:3])), "--flip", "0.1"]
    for one in draw(st.lists(st.sampled_from(options), max_size=4)):
        words += [one.opts[0], *([] if one.is_flag else [draw(values)])]
    words += draw(st.lists(values, max_size=2))
    return words


def ends(words):
    """Run a command line; return its status and what it wrote on standard error."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        status = cli.main(words)
    return status, err.getvalue()


@pytest.mark.usefixtures("_quick")
@settings(max_examples=200)
@given(words=lines())
def test_any_words_end_in_a_status_and_one_line(place, tmp_path_factory, words):
    here = tmp_path_factory.mktemp("try")
    shutil.copytree(place, here, symlinks=True, dirs_exist_ok=True)
    before = sorted(here.iterdir())
    with contextlib.chdir(here):
        status, err = ends(words)
    left = sorted(here.iterdir())
    shutil.rmtree(here)
    assert status in (0, 1, 2, 130), words
    if status == 2:
        first, _, rest = err.removeprefix(ALONE).partition("\n")
        assert first.startswith("hopfield: "), (words, err)
        assert is_a_sentence(first.removeprefix("hopfield: ")), (words, err)
        assert not rest, (words, err)
        assert not LEAKS.search(first), (words, err)
        assert left == before or words[0] == "scan", (words, err)  # its store goes on another time
