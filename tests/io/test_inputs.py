"""Inputs: patterns come from files of every kind that is handed out, and no file does harm."""

from __future__ import annotations

import contextlib
import gzip
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import scipy.io

import hopfield as hf
from hopfield import files
from hopfield.io.files import BadFile
from hopfield.io.foreign import read_mat
from hopfield.io.inputs import read
from tests.bad import refuses


def equal(a: Any, b: Any) -> bool:
    """Tell whether two arrays are of one type and shape and hold the same."""
    return a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes()


PATTERNS = np.array([[1, -1, 1], [-1, -1, 1]], dtype=np.int8)


def put(path: Path, array: np.ndarray) -> Path:
    match path.suffix:
        case ".npy":
            np.save(path, array)
        case ".npz":
            files.save(path, array)
        case ".csv":
            np.savetxt(path, array, delimiter=",", fmt="%g")
        case ".txt":
            np.savetxt(path, array, fmt="%+d", header="a comment")
    return path


@pytest.mark.parametrize("suffix", [".npy", ".npz", ".csv", ".txt"])
@pytest.mark.parametrize("dtype", [np.int8, np.int64, np.float32, np.float64])
def test_patterns_come_from_arrays_and_text(tmp_path, suffix, dtype):
    path = put(tmp_path / f"p{suffix}", PATTERNS.astype(dtype))
    assert equal(hf.read_patterns(path), PATTERNS)
    path = put(tmp_path / f"p{suffix}", (PATTERNS > 0).astype(dtype))
    with pytest.raises(BadFile, match=r"holds only 0 and 1: pass values=\(0, 1\)"):
        hf.read_patterns(path)
    assert equal(hf.read_patterns(path, values=(0, 1)), PATTERNS)


@pytest.mark.parametrize("suffix", [".npy", ".npz"])
def test_bools_and_single_rows_are_patterns(tmp_path, suffix):
    path = put(tmp_path / f"p{suffix}", PATTERNS > 0)
    assert equal(hf.read_patterns(path), PATTERNS)
    assert equal(hf.read_patterns(path, values=(0, 1)), PATTERNS)
    path = put(tmp_path / f"p{suffix}", PATTERNS[0])
    assert equal(hf.read_patterns(path), PATTERNS[:1])


def test_text_may_have_comments_blank_lines_a_mark_and_any_line_ends(tmp_path):
    path = tmp_path / "p.txt"
    path.write_bytes(b"\xef\xbb\xbf# two\r\n 1 -1\t+1 \r\n\r\n-1.0, -1, 1e0 # last")
    assert equal(hf.read_patterns(path), PATTERNS)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is empty"),
        ("# nothing\n\n", "is empty"),
        ("1 -1\n1 -1 1\n", "is ragged: row 2 of numbers has 3 fields, the first 2"),
        ("1 -1\n1 nan\n", "holds nan in row 2, column 2"),
        ("1 inf\n", "holds inf in row 1, column 2"),
        ("1 -1\n# more\n1 x\n", "line 3: .*'x'"),
        ("1,,1\n", "line 1"),
        ("1 0 -1\n", "holds 0 in row 1, column 2; patterns hold -1"),
        ("1 2\n", "holds 2 in row 1"),
        ("__import__('os')\n", "line 1"),
        ("#..\n#.\n", "several sizes, or lines of several lengths"),
        ("#.\n\n#.\n..\n", "several sizes"),
        ("#.\n.o\n", "neither numbers nor a drawing of # and . in line 2"),
    ],
)
def test_text_that_holds_no_patterns_is_refused(tmp_path, text, message):
    path = tmp_path / "p.csv"
    path.write_text(text)
    with pytest.raises(BadFile, match=rf"p\.csv .*{message}"):
        hf.read_patterns(path)


@pytest.mark.parametrize(
    ("array", "message"),
    [
        (np.zeros((0, 3)), "shape"),
        (np.zeros((3, 0)), "shape"),
        (np.float64(1), "shape"),
        (np.ones((2, 2, 2, 2)), "shape"),
        (np.array(["a"]), "dtype <U1"),
        (np.array([1j]), "dtype complex128"),
        (np.array([[1, np.nan]]), "holds nan in row 1, column 2"),
        (np.array([[1], [3]], dtype=np.uint8), "holds 3 in row 2, column 1"),
        (np.array([-128, 1], dtype=np.int8), "holds -128"),
    ],
)
def test_arrays_that_hold_no_patterns_are_refused(tmp_path, array, message):
    np.save(tmp_path / "p.npy", array)
    with pytest.raises(BadFile, match=rf"p\.npy .*{message}"):
        hf.read_patterns(tmp_path / "p.npy")
    np.savez(tmp_path / "p.npz", array)
    with pytest.raises(BadFile, match=rf"p\.npz .*{message}"):
        hf.read_patterns(tmp_path / "p.npz")


def test_values_say_what_stands_in_the_file(tmp_path):
    path = put(tmp_path / "p.npy", PATTERNS)
    with pytest.raises(BadFile, match="holds -1 and \\+1, not 0 and 1"):
        hf.read_patterns(path, values=(0, 1))
    for other in ((0, 2), (1, -1), "01", None, 3):
        with pytest.raises(ValueError, match="values must be"):
            hf.read_patterns(path, values=other)
    ones = put(tmp_path / "ones.npy", np.ones((2, 3)))  # which may be either
    assert equal(hf.read_patterns(ones), hf.read_patterns(ones, values=(0, 1)))


def test_numbers_in_one_line_are_cut_into_patterns(tmp_path):
    xi = hf.random_patterns(11, 24, rng=1)
    path = tmp_path / "pict.dat"
    path.write_text(",".join(map(str, xi.ravel())))
    assert equal(hf.read_patterns(path, shape=(-1, 24)), xi)
    assert equal(hf.read_patterns(path), xi.reshape(1, -1))
    path.write_text("\n".join(",".join(map(str, row)) + "," for row in xi.reshape(66, 4)))
    assert equal(hf.read_patterns(path, shape=(-1, 24)), xi)  # each a matrix of 6 lines
    path.write_text("1 -1 1\n1\n")  # lines need not end where patterns do
    assert equal(hf.read_patterns(path, shape=(2, 2)), np.int8([[1, -1], [1, 1]]))
    with pytest.raises(BadFile, match="4 numbers in rows of 4, not of 3 each"):
        hf.read_patterns(path, shape=(-1, 3))
    np.save(tmp_path / "p.npy", xi[:3, :10])
    with pytest.raises(BadFile, match="30 numbers in rows of 10, not of 15 each"):
        hf.read_patterns(tmp_path / "p.npy", shape=(-1, 15))
    with pytest.raises(BadFile, match="holds 2 patterns of 2 numbers, not 3"):
        hf.read_patterns(path, shape=(3, 2))
    with pytest.raises(ValueError, match=r"shape\[1\] must be 1 or more, not 0"):
        hf.read_patterns(path, shape=(-1, 0))
    for other in (4, "44", (4,), ()):
        with pytest.raises(TypeError, match="shape must be"):
            hf.read_patterns(path, shape=other)


def test_drawings_in_characters_and_stacks_of_pictures_are_patterns(tmp_path):
    letters = hf.pictures.small()
    path = tmp_path / "letters.txt"
    drawn = [
        "\n".join("".join(".#"[int(s > 0)] for s in row) for row in xi.reshape(5, 5))
        for xi in letters
    ]
    path.write_text("# three letters\n" + "\r\n\r\n".join(drawn) + "\n\n")
    assert equal(hf.read_patterns(path), letters)
    assert read(path).shape == (5, 5)
    np.save(tmp_path / "p.npy", letters.reshape(3, 5, 5))
    assert equal(hf.read_patterns(tmp_path / "p.npy"), letters)
    assert read(tmp_path / "p.npy").shape == (5, 5)


def test_a_cue_may_hold_unknown_neurons(tmp_path):
    np.save(tmp_path / "c.npy", [1, 0, -1])
    assert equal(read(tmp_path / "c.npy", unknown=True).patterns, np.int8([[1, 0, -1]]))
    with pytest.raises(BadFile, match="holds 0 in row 1, column 2"):
        hf.read_patterns(tmp_path / "c.npy")


def test_an_npz_must_hold_one_array_or_be_ours(tmp_path):
    path = tmp_path / "p.npz"
    np.savez(path, only=PATTERNS)
    assert equal(hf.read_patterns(path), PATTERNS)
    np.savez(path, one=PATTERNS, two=PATTERNS)
    with pytest.raises(BadFile, match=r"must hold exactly one array, and holds 2 \(one, two\)"):
        hf.read_patterns(path)
    hf.save(path, hf.hebb(PATTERNS))
    with pytest.raises(BadFile, match="holds a Hebbian, not patterns"):
        hf.read_patterns(path)


@pytest.mark.parametrize("suffix", [".npy", ".npz", ".csv", ".txt", ".png"])
def test_damaged_and_missing_pattern_files_are_refused(tmp_path, suffix):
    path = tmp_path / f"p{suffix}"
    with pytest.raises(BadFile, match="does not exist"):
        hf.read_patterns(path)
    path.write_bytes(bytes(range(256)) * 4)
    with pytest.raises(BadFile, match=rf"p\{suffix} "):
        hf.read_patterns(path)


def test_a_picture_is_one_pattern(tmp_path):
    from hopfield import pictures

    row = pictures.small("A")
    path = tmp_path / "A.png"
    pictures.save_image(path, row[0], scale=3)
    assert equal(hf.read_patterns(path, size=(5, 5)), row)
    assert equal(hf.read_patterns(path, size=(5, 5), invert=True), -row)
    with pytest.raises(TypeError, match="size cannot be given"):
        hf.read_patterns(put(tmp_path / "p.npy", PATTERNS), size=(5, 5))


def test_an_unknown_suffix_is_refused(tmp_path):
    for name in ("p.xlsx", "p"):
        (tmp_path / name).touch()
        with pytest.raises(BadFile, match="which is not one of"):
            hf.read_patterns(tmp_path / name)


def idx(array: np.ndarray) -> bytes:
    """Return an array of bytes in MNIST's own format."""
    sides = b"".join(side.to_bytes(4, "big") for side in array.shape)
    return bytes([0, 0, 8, array.ndim]) + sides + array.astype(np.uint8).tobytes()


GREY = np.random.default_rng(3).integers(256, size=(4, 5, 6)).astype(np.uint8)


@pytest.mark.parametrize("name", ["train-images-idx3-ubyte", "t.idx3-ubyte", "t.dat", "t.gz"])
def test_mnists_own_files_are_read_whatever_their_name(tmp_path, name):
    path = tmp_path / name
    path.write_bytes(gzip.compress(idx(GREY)) if name.endswith("gz") else idx(GREY))
    assert equal(hf.read_patterns(path, mode="grey"), GREY)
    assert equal(hf.read_patterns(path, mode="grey", invert=True), 255 - GREY)
    signs = np.where(GREY >= 128, 1, -1).astype(np.int8).reshape(4, -1)
    assert equal(hf.read_patterns(path, threshold=128), signs)
    assert equal(hf.read_patterns(path, threshold=128, invert=True), -signs)
    level = hf.pictures.otsu(GREY)
    assert equal(hf.read_patterns(path), np.where(GREY > level, 1, -1).astype("i1").reshape(4, -1))
    assert read(path).shape == (5, 6)
    dithered = hf.read_patterns(path, threshold="dither")
    assert abs((dithered > 0).mean() - GREY.mean() / 255) < 0.1


def test_of_mnists_other_types_the_numbers_are_those_of_this_machine(tmp_path):
    path = tmp_path / "signs"
    for code, dtype in {9: "i1", 11: ">i2", 12: ">i4", 13: ">f4", 14: ">f8"}.items():
        sides = b"".join(side.to_bytes(4, "big") for side in PATTERNS.shape)
        path.write_bytes(bytes([0, 0, code, 2]) + sides + PATTERNS.astype(dtype).tobytes())
        assert equal(hf.read_patterns(path), PATTERNS)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (idx(GREY[0, 0]), "one number an item, such as labels, not patterns"),
        (bytes([0, 0, 8, 9]) + bytes(40), "9 dimensions, not patterns"),
        (idx(GREY)[:9], "is truncated"),
        (idx(GREY)[:-1], "does not have its size"),
        (idx(GREY) + b"x", "does not have its size"),
        (bytes([0, 0, 8, 3]) + b"\xff" * 12, "claims more than it holds"),
        (bytes([0, 0, 8, 3]) + bytes(12), "must hold rows of numbers"),
        (gzip.compress(b"1 -1 1", mtime=0), "packed, and is no IDX file inside"),
        (gzip.compress(idx(GREY)[:-1], mtime=0), "does not have its size"),
        (gzip.compress(bytes([0, 0, 8, 3]) + b"\xff" * 12, mtime=0), "claims more than it holds"),
        (gzip.compress(idx(GREY), mtime=0)[:-20], "cannot be read: EOFError"),
        (gzip.compress(idx(np.zeros((2, 9, 9))), mtime=0)[:3], "cannot be read"),
    ],
)
def test_damaged_files_of_mnists_kind_are_refused(tmp_path, data, message):
    path = tmp_path / "train-images-idx3-ubyte"
    path.write_bytes(data)
    with pytest.raises(BadFile, match=f"ubyte .*{message}"):
        hf.read_patterns(path)


@pytest.mark.parametrize("options", [{}, {"do_compression": True}])
def test_matlabs_files_hold_patterns(tmp_path, options):
    path = tmp_path / "p.mat"
    scipy.io.savemat(path, {"xi": PATTERNS.astype(float)}, **options)
    assert equal(hf.read_patterns(path), PATTERNS)
    scipy.io.savemat(path, {"xi": (PATTERNS > 0).astype(float)}, **options)
    assert equal(hf.read_patterns(path, values=(0, 1)), PATTERNS)
    scipy.io.savemat(path, {"images": GREY, "name": "digits", "of": {"a": 1}}, **options)
    assert equal(hf.read_patterns(path, mode="grey"), GREY)
    scipy.io.savemat(path, {"on": PATTERNS > 0}, **options)
    assert equal(hf.read_patterns(path), PATTERNS)
    scipy.io.savemat(path, {"a": PATTERNS, "b": PATTERNS}, **options)
    with pytest.raises(BadFile, match=r"exactly one array of numbers, and holds 2 \(a, b\)"):
        hf.read_patterns(path)
    scipy.io.savemat(path, {"s": "text"}, **options)
    with pytest.raises(BadFile, match=r"exactly one array of numbers, and holds 0 \(none\)"):
        hf.read_patterns(path)


@pytest.mark.parametrize("dtype", ["u1", "i1", "i2", "u2", "i4", "u4", "f4", "f8", "i8", "u8", "?"])
def test_matlabs_numbers_are_what_scipy_reads(tmp_path, dtype):
    path = tmp_path / "p.mat"
    for shape in ((3, 4), (2, 3, 4), (1, 1), (1, 3)):
        x = np.random.default_rng(1).integers(2, size=shape).astype(dtype)
        scipy.io.savemat(path, {"x": x})
        with path.open("rb") as handle:
            assert np.array_equal(read_mat(handle), scipy.io.loadmat(path)["x"])


def test_damaged_files_of_matlab_are_refused(tmp_path):
    path = tmp_path / "p.mat"
    scipy.io.savemat(path, {"xi": PATTERNS.astype(float)})
    whole = path.read_bytes()
    at = whole.index(struct.pack("<2i", *PATTERNS.shape))
    huge = whole[:at] + struct.pack("<2i", 2**31 - 1, 2**31 - 1) + whole[at + 8 :]
    scipy.io.savemat(path, {"xi": np.eye(9)}, do_compression=True)
    packed = path.read_bytes()
    scipy.io.savemat(path, {"xi": 1j * np.eye(2)})
    wrong = {
        "cut off within an array": (whole[:-9], whole[:130], packed[:-3], whole + b"123"),
        "an array of shape": (huge,),
        "no MATLAB file of version 5 to 7": (b"", b"no MATLAB file", b"\0" * 200),
        "in MATLAB with the option -v7": (b"\x89HDF\r\n\x1a\n", b"MATLAB 7.3 MAT-file"),
        "complex numbers": (path.read_bytes(),),
    }
    for message, files_ in wrong.items():
        for data in files_:
            path.write_bytes(data)
            refuses(lambda: hf.read_patterns(path), BadFile, rf"^\S+p\.mat .*{message}")


@pytest.mark.parametrize("packed", [False, True])
def test_a_flipped_bit_of_a_matlab_file_does_no_harm(tmp_path, packed):
    path = tmp_path / "p.mat"
    scipy.io.savemat(path, {"xi": PATTERNS.astype(float)}, do_compression=packed)
    whole = path.read_bytes()
    for bit in range(8 * 124, 8 * len(whole)):
        spoilt = bytearray(whole)
        spoilt[bit // 8] ^= 1 << bit % 8
        path.write_bytes(spoilt)
        with contextlib.suppress(BadFile):
            assert hf.read_patterns(path, threshold="otsu").dtype == np.int8


def test_levels_in_arrays_are_images_of_ink_or_parted_by_a_threshold(tmp_path):
    path = tmp_path / "p.npy"
    np.save(path, GREY)
    assert equal(hf.read_patterns(path, mode="grey"), GREY)
    signs = np.where(GREY >= 90, 1, -1).astype(np.int8).reshape(4, -1)
    assert equal(hf.read_patterns(path, threshold=90), signs)
    with pytest.raises(BadFile, match="patterns hold -1 and \\+1, or 0 and 1 alone"):
        hf.read_patterns(path)
    with pytest.raises(BadFile, match="give threshold="):
        hf.read_patterns(path, invert=True)
    colours = GREY.reshape(-1, 2, 5, 3)
    np.save(path, colours)
    assert equal(hf.read_patterns(path, mode="colour"), colours)
    with pytest.raises(BadFile, match="an array of shape"):
        hf.read_patterns(path, mode="grey")
    np.save(path, GREY.reshape(4, -1))
    assert equal(hf.read_patterns(path, mode="grey", shape=(-1, 5, 6)), GREY)
    with pytest.raises(BadFile, match=r"does not say rows and columns: give shape="):
        hf.read_patterns(path, mode="grey")
    for wrong in (GREY / 2, 300.0 * GREY, -1.0 * GREY, GREY * np.nan):
        np.save(path, wrong)
        with pytest.raises(BadFile, match="other numbers than levels"):
            hf.read_patterns(path, mode="grey")
    with pytest.raises(BadFile, match="not finite"):
        hf.read_patterns(path, threshold=3)
    with pytest.raises(ValueError, match="mode must be one of binary, grey, colour"):
        hf.read_patterns(path, mode="gray")
    with pytest.raises(ValueError, match='threshold is for mode="binary"'):
        hf.read_patterns(path, mode="grey", threshold=3)
