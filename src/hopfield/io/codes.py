"""Images as patterns: grey levels and colours as reals, as planes of bits, as Potts states."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ..base.checks import Array, choice, count, describe, numbers, real

__all__ = ["Code"]
__dir__ = __all__.copy

Bools = npt.NDArray[np.bool_]
Floating = npt.NDArray[np.floating[Any]]
WAYS = "reals", "planes", "levels"
TOP = 255  # the highest level of an image of bytes


@dataclass(frozen=True)
class Code:
    """How an image in grey or colours becomes the pattern of a memory, and a state an image.

    ======= ============================ ================================ ====================
    way     a level becomes              memories                         neurons of n levels
    ======= ============================ ================================ ====================
    reals   a number from -1 to +1       `modern`, `models.epanechnikov`  n
    planes  its bits, as -1 and +1       every rule, `dense`, `sequence`  n log2(levels)
    levels  a state 0 ... levels - 1     `models.potts`, its q = levels   n levels, one-hot
    ======= ============================ ================================ ====================

    The bits are those of Gray's code, in which neighbouring levels differ in one, and stand plane
    after plane, the one that counts most first. With 256 levels nothing is lost; with fewer each
    value becomes the nearest that there is.

    Parameters
    ----------
    shape : (rows, columns) or (rows, columns, 3)
        Of one image.
    way : {"planes", "reals", "levels"}
    levels : int
        Of the values 0 to 255 that are told apart: for planes 2, 4, 8 ... 256, for levels 2 to
        256.

    Raises
    ------
    TypeError, ValueError
        If one of them is something else.

    References
    ----------
    Gray 1953, US patent 2,632,058.

    Examples
    --------
    Three images in colours, stored as planes of bits, one of them recalled from its top:

    >>> import numpy as np
    >>> import hopfield as hf
    >>> images = np.random.default_rng(1).integers(256, size=(3, 8, 9, 3), dtype=np.uint8)
    >>> code = hf.pictures.Code((8, 9, 3))
    >>> memory = hf.hebb(code.encode(images))
    >>> top = np.zeros((8, 9), bool)
    >>> top[:4] = True
    >>> found = hf.recall(memory, code.encode(images[0], known=top), rng=1)
    >>> bool((code.decode(found.state) == images[0]).all())
    True
    """

    shape: tuple[int, ...]
    way: str = "planes"
    levels: int = TOP + 1

    def __post_init__(self) -> None:
        shape, many = self.shape, self.levels
        listed = isinstance(shape, (tuple, list)) and len(shape) > 1
        if not listed or tuple(shape[2:]) not in ((), (3,)):
            allowed = "(rows, columns) or (rows, columns, 3)"
            raise ValueError(f"shape must be {allowed}, not {describe(shape)}")
        sides = tuple(count(side, f"shape[{k}]", 1) for k, side in enumerate(shape))
        object.__setattr__(self, "shape", sides)
        choice(self.way, "way", WAYS)
        count(many, "levels", 2, TOP + 1)
        if self.way == "planes" and many & (many - 1):
            raise ValueError(f"levels must be 2, 4, 8 ... 256 for planes of bits, not {many}")
        if self.way == "reals" and many != TOP + 1:
            raise ValueError(f"levels must be 256 for reals, which keep them all, not {many}")

    @property
    def each(self) -> int:
        """Neurons a value of the image; sites, for levels."""
        return {"reals": 1, "planes": self.levels.bit_length() - 1, "levels": self.levels}[self.way]

    @property
    def n(self) -> int:
        """Neurons an image; sites, for levels."""
        return math.prod(self.shape) * self.each

    def encode(self, images: npt.ArrayLike, known: npt.ArrayLike | None = None) -> Array:
        """Return images as patterns, one a row.

        Parameters
        ----------
        images : array_like of whole numbers 0 to 255, shape (..., rows, columns[, 3])
            One image or a stack of them; also flat, (..., n).
        known : array_like of bool, shape (rows, columns) or that of an image, optional
            Which pixels are known; the others give no evidence: 0, or the state -1 of levels.

        Returns
        -------
        ndarray, shape (..., n)
            float64 for reals, int8 -1/+1 for planes, int16 for levels: one state a value, of which
            `models.one_hot` makes a cue.

        Raises
        ------
        TypeError, ValueError
            If they are not such images.
        """
        x = self._flat(real(images, "images"), "images")
        if (x.dtype.kind == "f" and (x != np.rint(x)).any()) or x.min() < 0 or x.max() > TOP:
            raise ValueError(f"images must hold whole numbers from 0 to {TOP}")
        seen = None if known is None else self._mask(known)
        if self.way == "reals":
            out = x / (TOP / 2) - 1
            return out if seen is None else np.where(seen, out, 0.0)
        states = np.rint(x * ((self.levels - 1) / TOP)).astype(np.int16)
        if self.way == "levels":
            return states if seen is None else np.where(seen, states, -1).astype(np.int16)
        gray = states ^ (states >> 1)
        bits = (gray[..., None, :] >> np.arange(self.each - 1, -1, -1)[:, None]) & 1
        signs = (2 * bits - 1).astype(np.int8).reshape(*x.shape[:-1], -1)
        return signs if seen is None else np.where(np.tile(seen, self.each), signs, 0).astype("i1")

    def decode(self, states: npt.ArrayLike) -> npt.NDArray[np.uint8]:
        """Return states as images: the inverse of `encode`, for anything that a recall ends in.

        Parameters
        ----------
        states : array_like, shape (..., n)
            Of levels either one-hot sites, as `recall` returns them, or states 0 ... levels - 1.

        Returns
        -------
        ndarray of uint8, shape (..., rows, columns[, 3])
            A bit or a state that is not known is taken to be the lowest.

        Raises
        ------
        TypeError, ValueError
            If they are not states of so many neurons.
        """
        x = real(states, "states")
        small = math.prod(self.shape)
        if x.ndim == 0 or x.shape[-1] not in (
            (self.n, small) if self.way == "levels" else (self.n,)
        ):
            raise ValueError(
                f"states must have {self.n} neurons on their last axis, not the shape {x.shape}"
            )
        lead = x.shape[:-1]
        if self.way == "reals":
            found: Floating = (x.astype(np.float64) + 1) * (TOP / 2)
        else:
            if self.way == "planes":
                bits = (x.reshape(*lead, self.each, small) > 0).astype(np.int64)
                plain = np.bitwise_xor.accumulate(bits, axis=-2)
                k = (plain << np.arange(self.each - 1, -1, -1)[:, None]).sum(axis=-2)
            else:
                k = x if x.shape[-1] == small else x.reshape(*lead, small, -1).argmax(axis=-1)
            found = k * (TOP / (self.levels - 1))
        return np.rint(np.clip(found, 0, TOP)).astype(np.uint8).reshape(*lead, *self.shape)

    def sites(self, mask: npt.ArrayLike) -> Bools:
        """Return which neurons stand for the pixels of a mask: what ``clamp=`` takes.

        Parameters
        ----------
        mask : array_like of bool, shape (rows, columns) or that of an image

        Returns
        -------
        ndarray of bool, shape (n,)

        Raises
        ------
        TypeError, ValueError
            If it is no such mask.
        """
        flat = self._mask(mask)
        return np.repeat(flat, self.each) if self.way == "levels" else np.tile(flat, self.each)

    def _mask(self, mask: npt.ArrayLike) -> Bools:
        found = numbers(mask, "mask")
        if found.dtype != bool or found.shape not in (self.shape, self.shape[:2]):
            raise ValueError(
                f"mask must be bools of the shape {self.shape[:2]} or {self.shape}, "
                f"not {found.dtype} of {found.shape}"
            )
        wide = found if found.shape == self.shape else found[..., None]
        return np.broadcast_to(wide, self.shape).ravel()

    def _flat(self, x: Array, name: str) -> Array:
        """Return images (..., *shape) or (..., n) as (..., n)."""
        k, n = len(self.shape), math.prod(self.shape)
        if x.shape[-k:] == self.shape:
            return x.reshape(*x.shape[:-k], n)
        if x.ndim and x.shape[-1] == n:
            return x
        raise ValueError(f"{name} must have the shape (..., {self.shape}), not {x.shape}")
