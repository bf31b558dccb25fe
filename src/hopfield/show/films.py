"""Moving pictures of states: GIFs through Pillow, MP4 through ffmpeg."""

from __future__ import annotations

import shutil
import subprocess
from base64 import b64encode
from dataclasses import dataclass
from html import escape
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np

from ..base.checks import Array, count as whole, missing
from ..io.files import as_path, atomic_path
from .arrays import Shape, between, recorded, sides, span
from .palette import UNKNOWN

__all__ = ["animate"]
__dir__ = __all__.copy

FRAMES = 200  # of a film, at most
PIXELS, LARGEST = 300, 2000  # of its longer side: by default, at most
READ = "-y -loglevel error -f rawvideo -pix_fmt rgb24"  # what ffmpeg is told before sizes and after
WRITE = "-i - -c:v libx264 -pix_fmt yuv420p -movflags +faststart"


@dataclass(frozen=True)
class Film:
    """A film that has been written; it stands for its path, and plays in a notebook.

    Parameters
    ----------
    path : pathlib.Path
        A ``.gif`` or ``.mp4``.
    """

    path: Path

    def __fspath__(self) -> str:
        return str(self.path)

    def _repr_html_(self) -> str:
        """Return the film itself, within the page, so that it goes with the notebook."""
        data = b64encode(self.path.read_bytes()).decode()
        if self.path.suffix.lower() == ".gif":
            return f'<img alt="{escape(self.path.name)}" src="data:image/gif;base64,{data}">'
        return f'<video controls loop src="data:video/mp4;base64,{data}"></video>'


def animate(
    states: Any,
    path: str | PathLike[str],
    shape: Shape | None = None,
    fps: float = 12,
    scale: int | None = None,
    hold: float = 1.0,
    *,
    low: int | None = None,
) -> Film:
    """Write states as a moving picture, a ``.gif`` through Pillow or an ``.mp4`` through ffmpeg.

    Parameters
    ----------
    states : Recall or array, (T, N)
        States, or a recall that recorded them; thinned evenly to at most 200 frames. Or images of
        uint8, (T, rows, columns), in colours (T, rows, columns, 3).
    path : str or path
        Ends in ``.gif`` or ``.mp4``; replaced only once the film is whole.
    shape : (rows, columns), optional
        As in `pattern`.
    fps : float
        Frames a second, 0.1 to 50.
    scale : int, optional
        Pixels a neuron; by default what makes the longer side about 300, at most 2000 a side.
    hold : float
        Seconds, at most 60, that the last frame stays on.
    low : {-1, 0}, optional
        As in `raster`.

    Returns
    -------
    Film
        Where it is; at the end of a notebook's cell it plays there.

    Raises
    ------
    ValueError
        If an argument is out of its range, or the recall kept no states.
    RuntimeError
        If ffmpeg is missing or fails.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     animate([[1, -1, -1, 1], [1, 1, 1, 1]], folder + "/flip.gif").path.name
    'flip.gif'
    """
    kept, target = recorded(states, "states", 2, 3, 4), as_path(path)
    size, writer = sides(kept[0], shape), {".gif": _gif, ".mp4": _mp4}.get(target.suffix.lower())
    if writer is None:
        raise ValueError(f"path must end in .gif or .mp4, got {target.name!r}")
    fps, hold = between(fps, "fps", 0.1, 50), between(hold, "hold", 0, 60)
    zoom = max(1, round(PIXELS / max(size))) if scale is None else scale
    zoom = whole(zoom, "scale", 1, max(1, LARGEST // max(size)))
    index = np.unique(np.linspace(0, len(kept) - 1, min(len(kept), FRAMES)).round().astype(int))
    frames = kept[index].reshape(-1, *size)
    colours = np.repeat(np.arange(256, dtype=np.uint8)[:, None], 3, axis=1)
    if len(size) == 2:
        least, most, flat = span(kept, low)
        grey = np.rint(255 * (most - frames) / (most - least)).astype(np.uint8)
        if flat and least < 0:  # the one grey between, of what is unknown, has its colour instead
            colours[grey[frames == 0]] = _rgb(UNKNOWN)
        frames = grey
    shown = [frame.repeat(zoom, axis=0).repeat(zoom, axis=1) for frame in frames]
    writer(shown, colours, target, fps, hold)
    return Film(target)


def _rgb(colour: str) -> list[int]:
    """Return the red, green and blue of "#RRGGBB"."""
    return [int(colour[k : k + 2], 16) for k in (1, 3, 5)]


def _gif(frames: list[Array], colours: Array, path: Path, fps: float, hold: float) -> None:
    """Write frames of numbers 0 to 255, each of a colour, or in colours, as a GIF."""
    try:
        from PIL import Image
    except ImportError as error:
        raise missing("GIFs need Pillow", "plots") from error
    pictures = [Image.fromarray(frame) for frame in frames]
    for picture in pictures:
        if picture.mode == "L":
            picture.putpalette(colours.tobytes())
    first, *rest = pictures
    times = [round(1000 / fps)] * len(frames)
    times[-1] += round(1000 * hold)
    with atomic_path(path) as tmp:
        first.save(tmp, "GIF", save_all=True, append_images=rest, duration=times, loop=0)


def _mp4(frames: list[Array], colours: Array, path: Path, fps: float, hold: float) -> None:
    """Write frames of numbers 0 to 255, each of a colour, or in colours, through ffmpeg."""
    program = shutil.which("ffmpeg")
    if program is None:
        raise RuntimeError("an .mp4 needs the program ffmpeg on the PATH; a .gif does not")
    # H.264 in its common form wants even sides: repeat the last row or column where one is odd.
    lit = [frame if frame.ndim == 3 else colours[frame] for frame in frames]
    odd = [(0, side % 2) for side in lit[0].shape[:2]]
    even = [np.pad(frame, [*odd, (0, 0)], mode="edge") for frame in lit]
    height, width = even[0].shape[:2]
    with atomic_path(path) as tmp:
        sizes = ["-s", f"{width}x{height}", "-r", f"{fps:g}"]
        done = subprocess.run(
            [program, *READ.split(), *sizes, *WRITE.split(), str(Path(tmp).resolve())],
            input=b"".join(frame.tobytes() for frame in even + even[-1:] * round(hold * fps)),
            capture_output=True,
            check=False,
        )
        if done.returncode:
            message = done.stderr.decode(errors="replace").strip()[-300:]
            raise RuntimeError(f"ffmpeg could not write {path.name}: {message}")
