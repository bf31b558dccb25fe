"""Other machines, other disks, other processes: everywhere the same bits come out."""

from __future__ import annotations

import ast
import hashlib
import os
import pickle
import platform
import subprocess
import sys
from pathlib import Path
from random import Random

import numpy as np
import pytest

import hopfield as hf
from hopfield import engine

pytest.importorskip("numba")

ELSEWHERE = pytest.mark.skipif(sys.platform == "win32", reason="folders are found otherwise there")
SAMPLE = """
import hashlib, numpy as np, scipy.sparse, hopfield as hf
digest, rng = hashlib.sha256(), np.random.default_rng(1)

def add(*arrays):
    for x in arrays:
        digest.update(np.ascontiguousarray(x).tobytes())

def recalled(kernel, memory, cues, **options):
    r = hf.recall(memory, cues, sweeps=9, rng=2, **options)
    assert r.kernel == kernel, (r.kernel, kernel)
    add(r.state, r.sweeps, r.updates, r.period, memory.field(r.state))
    return r

w, hot = rng.normal(size=(90, 90)), hf.HeatBath(0.4)
for p in (1, 40, 300):
    xi = hf.random_patterns(p, 300, rng=p)
    for options in ({}, {"neuron": hot}, {"order": hf.Random()}, {"neuron": hf.Sign(tie="random")}):
        add(recalled("bits", hf.hebb(xi), hf.flip(xi, 0.2, rng=1), **options).energy)
xi = hf.random_patterns(80, 96, rng=1)
for neuron in (hf.Sign(), hf.HeatBath(1e6)):
    dense = hf.dense(xi, degree=5)
    add(recalled("levels", dense, hf.flip(xi, 0.2, rng=1), neuron=neuron).energy)
for p, n in ((9, 20_000), (70, 999)):
    memory = hf.hebb(hf.random_patterns(p, n, rng=p))
    cues = np.tile(hf.flip(memory.patterns, 0.1, rng=1), (-(-70 // p), 1))
    for neuron in (hf.Sign(), hot):
        options = {"neuron": neuron, "order": hf.Sync()}
        add(recalled("together", memory, cues, **options).energy)
for weights in (w, w + w.T, scipy.sparse.csr_array(np.where(abs(w) > 1, w + w.T, 0))):
    for options in ({}, {"neuron": hf.HeatBath(5)}, {"order": hf.Sync()}):
        recalled("matrix", hf.Couplings(weights), rng.choice([-1, 1], (3, 90)), **options)
add(hf.hebb(hf.random_patterns(200, 999, rng=1)).dense().weights)
print(digest.hexdigest())
"""
ORDER = """
import numpy as np
from hopfield.base.streams import Streams
from hopfield.engine.compiled import kernel
streams, order = Streams.spawn(np.random.default_rng(1), 3), np.empty((3, 50), np.int64)
kernel("draws.permute")(streams.state, streams.step, order, np.empty(50, np.uint32))
assert np.array_equal(order, streams.permutation(50))
"""
PROCESSORS = ["generic"] + ["haswell"] * (platform.machine().lower() in ("x86_64", "amd64"))
FORKED = """
import os, numpy as np, hopfield as hf
memory, cues = hf.hebb(hf.random_patterns(12, 300, rng=1)), hf.random_patterns(70, 300, rng=2)
hf.threads(2)
runs = [{"order": order} for order in (hf.Shuffled(), hf.Sync())]

def ends(made):
    return [hf.recall(made, cues, sweeps=20, rng=3, **options).state for options in runs]

before = ends(memory)
child = os.fork()
if not child:
    again = ends(memory) + ends(hf.hebb(memory.patterns))
    os._exit(not all(np.array_equal(a, b) for a, b in zip(2 * before, again)))
assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
assert all(np.array_equal(a, b) for a, b in zip(before, ends(memory)))
"""


def python(code, *flags, **environment):
    """Run a program in a process of its own; a variable of None is taken out."""
    environment = {key: x for key, x in (os.environ | environment).items() if x is not None}
    flags = flags or ("-W", "error")
    done = subprocess.run(
        [sys.executable, *flags, "-c", code], env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return done.stdout


@pytest.fixture(scope="module")
def expected():
    """What the sample gives on this machine."""
    return python(SAMPLE)


@pytest.mark.parametrize("processor", PROCESSORS)
def test_machines_of_other_vectors_give_the_same_bits(processor, expected, tmp_path):
    other = {"NUMBA_CPU_NAME": processor, "NUMBA_CPU_FEATURES": ""}
    assert python(SAMPLE, NUMBA_CACHE_DIR=str(tmp_path), **other) == expected


# ---- where kernels are kept ----------------------------------------------------------------------


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """A cache directory that a process has filled."""
    folder = tmp_path_factory.mktemp("cache")
    python(ORDER, NUMBA_CACHE_DIR=str(folder))
    return folder


def hashes(folder):
    files = sorted(f for f in folder.rglob("*") if f.is_file())
    return {f: hashlib.sha256(f.read_bytes()).hexdigest() for f in files}


def test_kernels_are_kept_and_found_again(kept):
    before = hashes(kept)
    assert any(f.suffix == ".nbc" for f in before)
    python(ORDER, NUMBA_CACHE_DIR=str(kept))
    assert hashes(kept) == before


@ELSEWHERE
def test_they_are_kept_in_the_cache_of_the_user(tmp_path):
    python(ORDER, HOME=str(tmp_path), XDG_CACHE_HOME=None, NUMBA_CACHE_DIR=None)
    assert any(f.suffix == ".nbc" and "hopfield" in f.parts for f in hashes(tmp_path))


def at(folder):
    return {"NUMBA_CACHE_DIR": str(folder)}


SPOILT = {"cut": lambda x: x[:40], "empty": lambda x: b"", "zeros": lambda x: bytes(len(x))}


@pytest.mark.parametrize("how", SPOILT)
def test_kept_kernels_that_are_spoilt_are_made_anew(kept, how, tmp_path):
    for f in hashes(kept):
        copy = tmp_path / f.relative_to(kept)
        copy.parent.mkdir(exist_ok=True)
        copy.write_bytes(SPOILT[how](f.read_bytes()))
    python(ORDER, NUMBA_CACHE_DIR=str(tmp_path))


def test_a_kept_kernel_with_a_wrong_bit_never_runs(kept, tmp_path):
    """A wrong bit of machine code ends the process, or gives another number: none is loaded."""
    random = Random(1)
    for f in hashes(kept):
        copy = tmp_path / f.relative_to(kept)
        copy.parent.mkdir(exist_ok=True)
        data = bytearray(f.read_bytes())
        data[random.randrange(len(data))] ^= 1 << random.randrange(8)
        copy.write_bytes(data)
    spoilt = hashes(tmp_path)
    python(f"{ORDER}\nassert kernel('draws.permute').stats.cache_hits == {{}}", **at(tmp_path))
    mended = hashes(tmp_path)
    assert spoilt.keys() == mended.keys()
    assert not set(spoilt.values()) & set(mended.values())
    python(ORDER, **at(tmp_path))
    assert hashes(tmp_path) == mended


@pytest.mark.parametrize("variable", ["NUMBA_CACHE_DIR", "HOME"])
def test_a_cache_that_cannot_be_made_goes_unnoticed(variable, tmp_path):
    file = tmp_path / "file"
    file.write_text("no folder")
    where = {"NUMBA_CACHE_DIR": None, "XDG_CACHE_HOME": None}
    python(ORDER, **where | {variable: str(file / "inside")})
    assert file.read_text() == "no folder"


@ELSEWHERE
def test_a_home_that_is_to_be_read_only_goes_unnoticed(tmp_path):
    tmp_path.chmod(0o500)
    try:
        python(ORDER, HOME=str(tmp_path), XDG_CACHE_HOME=None, NUMBA_CACHE_DIR=None)
    finally:
        tmp_path.chmod(0o700)


def test_scipy_is_loaded_where_blas_is_called_alone(kept):
    pytest.importorskip("scipy")
    code = f"""{ORDER}
import sys
from numba.np import arraymath, linalg
assert "scipy.linalg" not in sys.modules and arraymath._HAVE_BLAS
linalg.ensure_blas()
assert "scipy.linalg" in sys.modules
"""
    python(code, NUMBA_CACHE_DIR=str(kept))


# ---- other processes -----------------------------------------------------------------------------


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes do not fork there")
def test_a_process_that_forks_goes_on_in_both():
    python(FORKED, "-W", "ignore::DeprecationWarning")  # Python's own, about any threads


XI = hf.random_patterns(12, 300, rng=1)
REAL = np.random.default_rng(1).normal(size=(90, 90))


def test_kept_kernels_heed_every_file_that_kernels_are_made_of():
    from hopfield.engine.kernels import cache

    heeded = set(cache.sources())
    folder = Path(cache.__file__).parent
    for file in folder.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.ImportFrom) and node.level:
                above = file.parents[node.level - 1].joinpath(*(node.module or "").split("."))
                named = [above.joinpath(alias.name).with_suffix(".py") for alias in node.names]
                found = [above.with_suffix(".py"), *named]
                assert heeded & set(found), (file.name, ast.unparse(node))


MEMORIES = {
    "bits": hf.hebb(XI),
    "together": hf.hebb(XI),
    "matrix": hf.hebb(XI[:, :90]),
    "couplings": hf.Couplings(REAL + REAL.T),
    "asymmetric": hf.Couplings(REAL),
    "levels": hf.dense(XI, 3),
}


@pytest.mark.parametrize("name", MEMORIES)
def test_a_pickle_holds_nothing_that_can_be_made_again(name):
    memory = MEMORIES[name]
    cues = hf.random_patterns(50, memory.n, rng=2)
    order = hf.Sync() if name == "together" else hf.Shuffled()
    options = {"order": order, "sweeps": 9, "rng": 3}
    memory.form()
    fresh = len(pickle.dumps(memory))
    ends = [hf.recall(memory, cues, neuron=t, **options) for t in (hf.Sign(), hf.HeatBath(2.0))]
    assert memory.form().source._made
    assert len(pickle.dumps(memory)) == fresh
    again = pickle.loads(pickle.dumps(memory))
    for end, neuron in zip(ends, (hf.Sign(), hf.HeatBath(2.0)), strict=True):
        other = hf.recall(again, cues, neuron=neuron, **options)
        assert np.array_equal(end.state, other.state)
        assert np.array_equal(end.sweeps, other.sweeps)


@pytest.mark.parametrize("rows", [[row.name] for row in engine.ENGINES] + [[]])
def test_one_generator_serves_runs_in_turn_whichever_row_takes_them(rows):
    xi, cues = hf.random_patterns(5, 60, rng=1), hf.random_patterns(3, 60, rng=2)
    ends = []
    for names in (rows, []):
        with engine.using(*names):
            rng = np.random.default_rng(7)
            run = hf.Run(hf.hebb(xi), cues, rng=rng)
            first = run.finish(2)  # leaves each stream where the next draw finds it
            ends.append((first, run.finish(), hf.recall(hf.hebb(xi), -xi[0], rng=rng)))
            ends[-1] += (rng.integers(2**62),)
    for a, b in zip(*ends, strict=True):
        if isinstance(a, hf.Recall):
            a, b = (np.append(x.state, x.sweeps) for x in (a, b))
        assert np.array_equal(a, b)
