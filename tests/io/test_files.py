"""Files: what is saved comes back equal, and what is damaged is refused in one sentence."""

from __future__ import annotations

import copy
import io
import json
import math
import os
import pickle
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from hypothesis.extra import numpy as hnp
from scipy import sparse

import hopfield as hf
from hopfield import files
from hopfield.io.files import BadFile


@dataclass
class Box:
    """A savable class of these tests: it holds anything but the word "no"."""

    content: Any

    def __post_init__(self):
        if isinstance(self.content, str) and self.content == "no":
            raise ValueError("content must not be no")

    def parts(self):
        return {"content": self.content}


@pytest.fixture(autouse=True)
def _known(monkeypatch):
    monkeypatch.setitem(files.TYPES, "Box", Box)


@pytest.fixture(scope="module")
def scratch(tmp_path_factory):
    return tmp_path_factory.mktemp("files")


def equal(a: Any, b: Any) -> bool:
    """Tell whether two values are of the same types and hold the same, NaN equal to NaN."""
    if type(a) is not type(b):
        return False
    if sparse.issparse(a):
        return a.shape == b.shape and a.dtype == b.dtype and abs(a - b).sum() == 0
    if isinstance(a, np.ndarray):
        return a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes()
    if isinstance(a, Box):
        return equal(a.content, b.content)
    if isinstance(a, dict):
        return list(a) == list(b) and all(equal(a[key], b[key]) for key in a)
    if isinstance(a, (list, tuple)):
        return len(a) == len(b) and all(map(equal, a, b))
    if isinstance(a, float) and math.isnan(a):
        return math.isnan(b)
    return bool(a == b) and str(a) == str(b)


ARRAYS = hnp.arrays(
    st.one_of(
        hnp.boolean_dtypes(),
        hnp.integer_dtypes(),
        hnp.unsigned_integer_dtypes(),
        hnp.floating_dtypes(),
        hnp.unicode_string_dtypes(max_len=4),
    ),
    hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4),
)
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6) | ARRAYS
VALUES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(st.text(max_size=4), inner, max_size=3)
        | st.builds(Box, inner.filter(lambda value: not isinstance(value, str)))
    ),
    max_leaves=6,
)


@settings(max_examples=100, deadline=None, database=None)
@given(content=VALUES.filter(lambda value: not isinstance(value, str)))
def test_any_nested_value_comes_back_equal(scratch, content):
    path = scratch / "box"
    files.save(path, Box(content))
    assert equal(files.load(path), Box(content))


@settings(max_examples=100, deadline=None, database=None)
@given(thing=VALUES)
def test_what_may_stand_inside_may_stand_alone(scratch, thing):
    files.save(scratch / "thing", thing)
    assert equal(files.load(scratch / "thing"), thing)


@settings(max_examples=50, deadline=None, database=None)
@given(array=ARRAYS.filter(lambda array: array.dtype.kind != "U"))
def test_any_array_comes_back_equal(scratch, array):
    path = scratch / "array.npz"
    files.save(path, array)
    back = files.load(path)
    assert equal(back, array)
    assert back.flags.writeable


@pytest.mark.parametrize(
    "array",
    [
        np.arange(12).reshape(3, 4).T,
        np.arange(12)[::-2],
        np.arange(3, dtype=">i4"),
        np.asfortranarray(np.ones((3, 2), dtype=np.float32)),
    ],
)
def test_arrays_of_any_layout_come_back_equal(tmp_path, array):
    files.save(tmp_path / "a.npz", array)
    assert equal(files.load(tmp_path / "a.npz"), array)


@pytest.mark.parametrize("make", [sparse.csr_matrix, sparse.csr_array, sparse.coo_array])
def test_sparse_matrices_come_back(tmp_path, make):
    dense = np.array([[0, 2.5, 0], [0, 0, -1]])
    files.save(tmp_path / "s.npz", Box([make(dense)]))
    (back,) = files.load(tmp_path / "s.npz").content
    assert back.format == "csr"
    assert sparse.isspmatrix(back) == sparse.isspmatrix(make(dense))
    assert (back.toarray() == dense).all()


def test_a_sparse_matrix_without_scipy_says_what_to_install(tmp_path, monkeypatch):
    files.save(tmp_path / "s.npz", Box(sparse.csr_array(np.eye(3))))
    monkeypatch.setitem(sys.modules, "scipy", None)
    with pytest.raises(ImportError, match="pip install scipy"):
        files.load(tmp_path / "s.npz")


def test_numpy_scalars_come_back_as_numbers(tmp_path):
    content = [np.int64(3), np.float32(0.5), np.bool_(True), np.float64("inf"), np.str_("a")]
    files.save(tmp_path / "n.npz", Box(content))
    assert equal(files.load(tmp_path / "n.npz").content, [3, 0.5, True, math.inf, "a"])


def test_the_name_is_exactly_the_one_given(tmp_path):
    for name in ("memory", "memory.bin", "a name.npz"):
        files.save(str(tmp_path / name), np.ones(3))
    assert sorted(os.listdir(tmp_path)) == ["a name.npz", "memory", "memory.bin"]


def test_numpy_alone_can_read_the_format(tmp_path):
    files.save(tmp_path / "box.npz", Box({"w": np.eye(2), "t": 0.5}))
    with np.load(tmp_path / "box.npz", allow_pickle=False) as archive:
        header = json.loads(archive["hopfield"].item())
        assert [header[key] for key in ("format", "version", "kind")] == ["hopfield", 1, "Box"]
        items = header["parts"]["content"]["items"]
        assert items["t"] == 0.5
        assert (archive[items["w"]["member"]] == np.eye(2)).all()


# ---- what cannot be saved ------------------------------------------------------------------


class Text(str):
    __slots__ = ()


@pytest.mark.parametrize(
    ("thing", "message"),
    [
        (object(), "thing cannot be saved: it is of type object, not a number, text, an array"),
        (np.array([None]), "thing cannot be saved: it is of type ndarray and dtype object"),
        (np.array([1j]), "dtype complex128"),
        (np.zeros(2, dtype=[("a", int)]), "thing cannot be saved"),
        (np.ma.array([1, 2], mask=[0, 1]), "it is of type MaskedArray"),
        (Box(object()), r"thing\.content cannot be saved: it is of type object"),
        (Box([1, {"a": {2}}]), r"thing\.content\[1\]\['a'\] cannot be saved: it is of type set"),
        (Box({1: 2}), r"thing\.content cannot be saved: it is a dict with other keys than text"),
        (Box(Text("a")), r"thing\.content cannot be saved: it is of type Text"),
        (Box(b"bytes"), r"thing\.content cannot be saved: it is of type bytes"),
        (Box(lambda: 0), r"thing\.content cannot be saved: it is of type function"),
        (Box(1j), r"thing\.content cannot be saved: it is of type complex"),
    ],
)
def test_what_cannot_be_saved_is_named(tmp_path, thing, message):
    with pytest.raises(TypeError, match=message):
        files.save(tmp_path / "x.npz", thing)
    assert not list(tmp_path.iterdir())


def test_a_thing_that_holds_itself_is_refused(tmp_path):
    knot: list[Any] = []
    knot.append(knot)
    with pytest.raises(TypeError, match="nested more than 50 deep"):
        files.save(tmp_path / "x.npz", Box(knot))


def test_savable_wants_parts_and_a_free_name():
    with pytest.raises(TypeError, match="parts"):
        files.savable(type("Empty", (), {}))
    with pytest.raises(ValueError, match="taken"):
        files.savable(type("Box", (), {"parts": Box.parts, "__module__": "elsewhere"}))
    with pytest.raises(ValueError, match="taken"):
        files.savable(type("sparse", (), {"parts": Box.parts}))
    assert files.savable(Box) is Box
    assert files.TYPES["Box"] is Box


# ---- what cannot be loaded -----------------------------------------------------------------


def npz(path: Path, header: Any, **arrays: np.ndarray) -> Path:
    """Write a file with a header of one's own; text goes in as it is."""
    text = header if isinstance(header, str) else json.dumps(header)
    np.savez(path, hopfield=np.array(text), **arrays)
    return path


def header(**entries: Any) -> dict[str, Any]:
    return {"format": "hopfield", "version": 1, **entries}


def box(content: Any) -> dict[str, Any]:
    return header(kind="Box", parts={"content": content})


NESTED: Any = 0
for _ in range(60):
    NESTED = [NESTED]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (header(kind="Lamp", parts={}), "holds a 'Lamp', which this version does not know"),
        (header(kind=["Box"], parts={}), "cannot be read"),
        (header(parts={}), "holds a None"),
        (header(kind="array", member="a7"), "is incomplete: the array 'a7' is missing"),
        (header(kind="array"), "cannot be read"),
        (header(kind="Box", parts={}), "holds a Box that cannot be rebuilt"),
        (header(kind="Box", parts={"content": 1, "more": 2}), "cannot be rebuilt"),
        (header(kind="Box", parts=[1]), "cannot be read"),
        (box("no"), "holds a Box that cannot be rebuilt: content must not be no"),
        (box({"kind": "float", "value": "__import__('os')"}), "cannot be read"),
        (box(NESTED), "is nested more than 50 deep"),
        (
            {**header(kind="array", member="a0"), "version": 3},
            "was written by a newer hopfield: version 3, this one reads up to 1",
        ),
        ({**header(), "version": 0}, "impossible version 0"),
        ({**header(), "version": "1"}, "impossible version '1'"),
        ({**header(), "version": True}, "impossible version True"),
        ({**header(), "format": "other"}, "is of another format"),
        ([], "is of another format"),
        ("{", "cannot be read"),
        ("[" * 100_000, "cannot be read"),
        ("9" * 10_000, "cannot be read"),
    ],
)
def test_a_wrong_header_is_refused(tmp_path, content, message):
    path = npz(tmp_path / "x.npz", content)
    with pytest.raises(BadFile, match=rf"x\.npz .*{message}"):
        files.load(path)


# ---- older files ---------------------------------------------------------------------------


def test_a_name_that_older_files_hold_is_rebuilt(tmp_path, monkeypatch):
    path = npz(tmp_path / "old.npz", header(kind="Crate", parts={"inside": [box(1), box(2)]}))
    with pytest.raises(BadFile, match="holds a 'Crate', which this version does not know"):
        files.load(path)
    monkeypatch.setitem(files.FORMER, "Crate", lambda inside: Box([*inside, "more"]))
    assert equal(files.load(path), Box([Box(1), Box(2), "more"]))
    monkeypatch.setitem(files.FORMER, "Crate", lambda: None)
    with pytest.raises(BadFile, match="holds a Crate that cannot be rebuilt"):
        files.load(path)


XI = hf.random_patterns(3, 12, rng=1)


def overlaps(patterns: Any, separation: str = "square", degree: int = 0, **other: Any) -> Any:
    """Return a header of patterns as the first version of the package wrote it."""
    kind = {"separation": separation, "degree": degree, "coding": "bipolar"}
    parts = {"patterns": patterns, **kind, "self_coupling": False, **other}
    return header(kind="Overlaps", parts=parts)


@pytest.mark.parametrize(
    ("entries", "memory"),
    [
        ({}, hf.hebb(XI)),
        ({"self_coupling": True}, hf.hebb(XI, self_coupling=True)),
        ({"separation": "power", "degree": 4}, hf.dense(XI)),
        ({"separation": "rectified", "degree": 3}, hf.dense(XI, 3, rectified=True)),
        ({"separation": "exponential", "degree": 0}, hf.models.exponential(XI)),
    ],
)
def test_patterns_in_files_of_the_first_version_are_loaded(tmp_path, entries, memory):
    held = {"kind": "array", "member": "a0"}
    loaded = files.load(npz(tmp_path / "old.npz", overlaps(held, **entries), a0=XI))
    s = hf.random_patterns(5, 12, rng=2)
    assert np.array_equal(loaded.field(s), memory.field(s))
    assert np.array_equal(loaded.energy(s), memory.energy(s))


def test_ones_in_files_of_the_first_version_are_loaded(tmp_path):
    held = {"kind": "array", "member": "a0"}
    ones = (XI > 0).astype(np.int8)
    loaded = files.load(npz(tmp_path / "old.npz", overlaps(held, coding="01"), a0=ones))
    s = hf.random_patterns(5, 12, rng=2)
    assert np.array_equal(loaded.field(s), hf.hebb(ones, coding="01").field(s))


def test_bits_in_files_of_the_first_version_are_loaded(tmp_path):
    """Bit mu % 16 of word mu // 16 is set where pattern mu is 1; rows are of 64 patterns."""
    masks = np.zeros((12, 4), np.uint16)
    masks[:, 0] = (XI > 0).T @ (1 << np.arange(3))
    parts = {"masks": {"kind": "array", "member": "a0"}, "unset": -1, "size": 3}
    held = {"kind": "Packed", "parts": parts}
    loaded = files.load(npz(tmp_path / "old.npz", overlaps(held), a0=masks))
    s = hf.random_patterns(5, 12, rng=2)
    assert np.array_equal(loaded.field(s), hf.hebb(XI).field(s))


def test_couplings_in_files_of_the_first_version_name_their_neuron(tmp_path):
    memory = hf.models.potts([[0, 1, 2, 0], [2, 1, 1, 0]], 3)
    weights = {"kind": "array", "member": "a0"}
    parts = {"weights": weights, "self_coupling": False, "divisor": 4.0}
    w = memory.parts()["weights"]
    for width, neuron in ({"width": 3}, hf.Potts(3)), ({"width": 1}, hf.Sign()), ({}, hf.Sign()):
        old = header(kind="Couplings", parts={**parts, **width})
        loaded = files.load(npz(tmp_path / "old.npz", old, a0=w))
        assert loaded.neuron == neuron
        assert np.array_equal(loaded.weights, memory.weights)


def test_a_sum_in_a_file_of_the_first_version_is_loaded(tmp_path):
    held = {"kind": "array", "member": "a0"}
    entries = overlaps(held), header(kind="Bias", parts={"values": 0.25, "n": 12})
    parts = {"memories": [{k: e[k] for k in ("kind", "parts")} for e in entries]}
    old = header(kind="Sum", parts={**parts, "weights": [2.0, 1.0]})
    loaded = files.load(npz(tmp_path / "old.npz", old, a0=XI))
    s = hf.random_patterns(5, 12, rng=2)
    assert np.array_equal(loaded.field(s), (2 * hf.hebb(XI) + hf.Bias(0.25)).field(s))


@pytest.mark.parametrize(
    ("why", "period"),
    [
        ("fixed point", 1),
        ("2-cycle", 2),
        ("ran out of sweeps", 0),
        (np.array(["fixed point", "12-cycle", "ran out of updates"]), np.array([1, 12, 0])),
    ],
)
def test_recalls_in_files_of_the_first_version_have_a_period(tmp_path, why, period):
    counts = {name: 2 for name in ("sweeps", "updates", "undecided")}
    kept = {"energy": None, "trace": None, "kernel": "field", **counts}
    state, many = np.ones((*np.shape(why), 4), np.int8), isinstance(why, np.ndarray)
    told = {"kind": "array", "member": "a1"} if many else why
    parts = {"state": {"kind": "array", "member": "a0"}, "why": told, **kept}
    old = header(kind="Recall", parts=parts)
    loaded = files.load(npz(tmp_path / "old.npz", old, a0=state, **({"a1": why} if many else {})))
    assert type(loaded.period) is type(period)
    assert np.array_equal(loaded.period, period)
    assert np.array_equal(loaded.why, why)
    assert np.array_equal(loaded.state, state)


def test_sparse_indices_are_checked(tmp_path):
    packed = {
        "kind": "sparse",
        "shape": [2, 2],
        "matrix": False,
        "data": "a0",
        "indices": "a1",
        "indptr": "a2",
    }
    for indices, indptr in [([10**6], [0, 1, 1]), ([-5], [0, 1, 1]), ([0], [0, 7, 1])]:
        path = npz(
            tmp_path / "s.npz",
            box(packed),
            a0=np.ones(1),
            a1=np.array(indices, np.int32),
            a2=np.array(indptr, np.int32),
        )
        with pytest.raises(BadFile, match=r"s\.npz cannot be read"):
            files.load(path)


class Trap:
    """What a pickle runs where it is read."""

    sprung = False

    def __reduce__(self):
        return setattr, (Trap, "sprung", True)


def test_nothing_is_unpickled(tmp_path):
    path = tmp_path / "p.npz"
    npz(path, header(kind="array", member="a0"), a0=np.array([Trap()], dtype=object))
    with pytest.raises(BadFile, match="holds an array of dtype object"):
        files.load(path)
    np.savez(path, hopfield=np.array([Trap()], dtype=object))
    with pytest.raises(BadFile, match="holds an array of dtype object"):
        files.load(path)
    path.write_bytes(pickle.dumps(Trap()))
    with pytest.raises(BadFile, match="is not a zip file"):
        files.load(path)
    np.save(tmp_path / "p.npy", np.array([Trap()], dtype=object))
    with pytest.raises(BadFile, match="holds an array of dtype object"):
        hf.read_patterns(tmp_path / "p.npy")
    assert not Trap.sprung


def claim(shape: tuple[int, ...]) -> bytes:
    """Return a .npy file that claims a shape and holds three bytes."""
    stream = io.BytesIO()
    np.lib.format.write_array_header_1_0(
        stream, {"descr": "|i1", "fortran_order": False, "shape": shape}
    )
    return stream.getvalue() + b"\1\1\1"


@pytest.mark.parametrize("shape", [(2**40,), (2**62, 2**62), (4,), (2,), (0, 2**63)])
def test_a_shape_that_is_not_there_is_refused_before_it_is_allocated(tmp_path, shape):
    (tmp_path / "x.npy").write_bytes(claim(shape))
    with pytest.raises(BadFile, match="does not have its size"):
        hf.read_patterns(tmp_path / "x.npy")
    path = npz(tmp_path / "x.npz", header(kind="array", member="a0"))
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("a0.npy", claim(shape))
    with pytest.raises(BadFile, match="does not have its size"):
        files.load(path)


def test_a_zip_that_claims_too_much_is_refused(tmp_path, monkeypatch):
    files.save(tmp_path / "x.npz", np.zeros(10_000))
    monkeypatch.setattr(files, "MAX_BYTES", 50_000)
    with pytest.raises(BadFile, match="claims to hold more"):
        files.load(tmp_path / "x.npz")
    monkeypatch.setattr(files, "MAX_BYTES", 100)
    with pytest.raises(BadFile, match="is larger than"):
        files.load(tmp_path / "x.npz")


def test_a_header_cannot_ask_for_an_array_again_and_again(tmp_path):
    held = {"kind": "array", "member": "a0"}
    path = npz(tmp_path / "x.npz", box([held] * 150), a0=np.zeros(1000))
    with pytest.raises(BadFile, match="the array 'a0' is missing or named twice"):
        files.load(path)


def test_members_that_share_their_bytes_are_refused(tmp_path):
    """All of 40 entries of a zip's list point at the same half a megabyte, packed."""
    path = tmp_path / "x.npz"
    names = [f"a{k}" for k in range(40)]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        content = box([{"kind": "array", "member": name} for name in names])
        for name, array in (("hopfield", np.array(json.dumps(content))), ("a0", np.zeros(2**20))):
            with archive.open(f"{name}.npy", "w") as member:
                np.lib.format.write_array(member, array)
        info = archive.getinfo("a0.npy")
        for name in names[1:]:
            again = copy.copy(info)
            again.filename = f"{name}.npy"
            archive.filelist.append(again)
    with pytest.raises(BadFile, match="claims to hold more than a file of its size can"):
        files.load(path)


def test_what_is_too_large_to_load_is_not_saved(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "MAX_BYTES", 2**20 + 1000)
    with pytest.raises(TypeError, match="it is larger than"):
        files.save(tmp_path / "x.npz", np.zeros(10_000))


@pytest.mark.parametrize("content", [b"", b"PK", b"text\n" * 99, b"\x93NUMPY\x01\x00"])
def test_what_is_no_zip_is_refused(tmp_path, content):
    (tmp_path / "x").write_bytes(content)
    with pytest.raises(BadFile, match="x is not a zip file"):
        files.load(tmp_path / "x")


def test_a_zip_that_is_not_ours_is_refused(tmp_path):
    np.savez(tmp_path / "x.npz", a0=np.ones(3))
    with pytest.raises(BadFile, match="was not written by hopfield"):
        files.load(tmp_path / "x.npz")
    with zipfile.ZipFile(tmp_path / "x.npz", "w"):
        pass
    with pytest.raises(BadFile, match="was not written by hopfield"):
        files.load(tmp_path / "x.npz")


def test_paths_that_are_no_files_are_refused(tmp_path):
    with pytest.raises(BadFile, match="none does not exist"):
        files.load(tmp_path / "none")
    with pytest.raises(BadFile, match="is a directory"):
        files.load(tmp_path)
    with pytest.raises(BadFile, match="is a directory"):
        files.load("")
    with pytest.raises(BadFile, match="null character"):
        files.load("a\0b")
    with pytest.raises(BadFile, match=r"cannot be read|does not exist"):
        files.load("a" * 5000)
    for wrong in (3, None, b"bytes"):
        with pytest.raises(TypeError, match="path must be"):
            files.load(wrong)


def test_devices_and_pipes_are_refused_and_not_waited_for(tmp_path, monkeypatch):
    path = tmp_path / "pipe"
    path.touch()
    monkeypatch.setattr(Path, "is_file", lambda self: False)
    with pytest.raises(BadFile, match="pipe is not an ordinary file"):
        files.load(path)
    with pytest.raises(BadFile, match=r"pipe cannot be written: it is not an ordinary file"):
        files.save(path, np.ones(3))
    assert path.read_bytes() == b""


@pytest.fixture(scope="module")
def written(scratch):
    rng = np.random.default_rng(4)
    content = {
        "patterns": rng.choice([-1, 1], (3, 99)).astype(np.int8),
        "numbers": rng.standard_normal(40),
        "t": (math.inf, None, "text"),
    }
    files.TYPES["Box"] = Box
    files.save(scratch / "whole.npz", Box(content))
    del files.TYPES["Box"]
    return Box(content), (scratch / "whole.npz").read_bytes()


def refused(path: Path, data: bytes, thing: Box) -> bool:
    """Tell whether these bytes are refused by name; if not, they must hold an equal thing."""
    path.write_bytes(data)
    try:
        outcome = files.load(path)
    except BadFile as error:
        outcome = str(error)
    if isinstance(outcome, str):
        assert outcome.startswith(str(path))
        return True
    assert equal(outcome, thing)
    return False


def test_a_truncated_file_is_refused(written, tmp_path):
    thing, data = written
    for length in {*range(0, len(data), 97), len(data) - 1}:
        assert refused(tmp_path / "cut.npz", data[:length], thing)


def test_a_flipped_byte_is_refused_or_harmless(written, tmp_path):
    thing, data = written
    rng = np.random.default_rng(5)
    count = 0
    for place in rng.permutation(len(data))[:600]:
        wrong = bytearray(data)
        wrong[place] ^= int(rng.integers(1, 256))
        count += refused(tmp_path / "flipped.npz", bytes(wrong), thing)
    assert count > 300


# ---- atomic writing ------------------------------------------------------------------------


@pytest.mark.parametrize("error", [ValueError, OSError, KeyboardInterrupt, SystemExit])
@pytest.mark.parametrize("old", [None, b"old"])
def test_a_writer_that_fails_leaves_the_old_file_and_nothing_else(tmp_path, error, old):
    path = tmp_path / "x.bin"
    if old is not None:
        path.write_bytes(old)
    before = os.listdir(tmp_path)

    def write():
        with files.atomic(path) as handle:
            handle.write(b"half")
            assert path.exists() == (old is not None)
            raise error("midway")

    with pytest.raises(BadFile if error is OSError else error, match="midway"):
        write()
    assert os.listdir(tmp_path) == before
    assert old is None or path.read_bytes() == old


def test_a_save_that_fails_midway_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "x.npz"
    files.save(path, np.ones(3))

    def interrupted(*args, **kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr(np.lib.format, "write_array", interrupted)
    with pytest.raises(KeyboardInterrupt):
        files.save(path, np.zeros(3))
    assert os.listdir(tmp_path) == ["x.npz"]
    assert (files.load(path) == 1).all()


def test_a_replacement_that_fails_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "x.bin"
    path.write_bytes(b"old")

    def refused(*args):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "replace", refused)
    with pytest.raises(BadFile, match="Permission denied"), files.atomic(path) as handle:
        handle.write(b"new")
    assert os.listdir(tmp_path) == ["x.bin"]
    assert path.read_bytes() == b"old"


def test_a_temporary_path_has_the_suffix_and_the_folder(tmp_path):
    with files.atomic_path(tmp_path / "film.gif") as temporary:
        assert temporary.suffix == ".gif"
        assert temporary.parent == tmp_path.resolve()
        temporary.write_bytes(b"frames")
    assert (tmp_path / "film.gif").read_bytes() == b"frames"
    assert os.listdir(tmp_path) == ["film.gif"]


def test_permissions_are_those_of_any_new_file_or_of_the_old_one(tmp_path):
    (tmp_path / "plain").touch()
    files.save(tmp_path / "new", np.ones(3))
    assert (tmp_path / "new").stat().st_mode == (tmp_path / "plain").stat().st_mode
    (tmp_path / "new").chmod(0o600)
    mode = (tmp_path / "new").stat().st_mode
    files.save(tmp_path / "new", np.ones(3))
    assert (tmp_path / "new").stat().st_mode == mode


def test_a_link_is_followed(tmp_path):
    (tmp_path / "folder").mkdir()
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "folder" / "real")
    files.save(link, np.ones(3))
    assert link.is_symlink()
    assert (files.load(tmp_path / "folder" / "real") == 1).all()


@pytest.mark.parametrize("name", ["missing/x", "file/x", "folder", "a" * 300])
def test_unwritable_paths_are_refused(tmp_path, name):
    (tmp_path / "file").touch()
    (tmp_path / "folder").mkdir()
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(BadFile, match="cannot be written"):
        files.save(tmp_path / name, np.ones(3))
    assert sorted(tmp_path.rglob("*")) == before
