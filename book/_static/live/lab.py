"""The lab's Python side: one run of the package, stepped for lab.js, which draws what comes back.

A state travels as two rows of packed bits, ink (+1) and unknown (0); patterns as one row each.
"""

from __future__ import annotations

import base64
import hashlib
import tempfile
import zlib
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

import hopfield as hf
from hopfield.analysis.couplings import block_means

MEASURED = 400_000  # values of patterns a frame may look at to measure energy and overlaps
LINE = 88  # characters of data in a line of the script
_SIGN = {1: "+", -1: "\N{MINUS SIGN}"}

ORDERS = {
    "Shuffled": hf.Shuffled,
    "Random": hf.Random,
    "Sequential": hf.Sequential,
    "Sync": hf.Sync,
}


def unpack(bits: Any, rows: int, n: int) -> np.ndarray:
    """Return rows of n bools from packed bits."""
    octets = np.frombuffer(bits, np.uint8).reshape(rows, -1)
    return np.unpackbits(octets, axis=1, count=n).astype(bool)


def to_state(bits: Any, n: int) -> np.ndarray:
    """Return a state of -1, 0 and +1 from its two rows of packed bits."""
    ink, unknown = unpack(bits, 2, n)
    return np.where(unknown, 0, np.where(ink, 1, -1)).astype(np.int8)


def to_bits(s: np.ndarray) -> bytes:
    """Return the two rows of packed bits of a state."""
    return np.packbits([s > 0, s == 0], axis=1).tobytes()


def neuron_of(settings: dict[str, Any]) -> Any:
    """Return the neuron that the settings choose."""
    if settings["neuron"] == "HeatBath":
        return hf.HeatBath(T=float(settings["T"]))
    return hf.Sign(tie=settings["tie"])


def held_of(cue: np.ndarray, start: np.ndarray, settings: dict[str, Any]) -> np.ndarray:
    """Return which neurons are held: what the cue knows and the state still shows, or none."""
    return (cue != 0) & (start != 0) & (settings.get("hold", "nothing") == "known")


class Lab:
    """What the lab works with: patterns, the memory of them, and the run."""

    def __init__(self) -> None:
        self.run: hf.Run | None = None

    # ---- what lab.js asks for ----------------------------------------------------------------

    def learn(self, side: int, rule: str, names: list[str], bits: Any) -> dict[str, Any]:
        """Store patterns; a run on a grid of the same side goes on from where it stands."""
        patterns = unpack(bits, len(names), side * side)
        self.memory = hf.learning.RULES[rule].learn(patterns)
        self.xi, self.names, self.rule = hf.bipolar(patterns), list(names), rule
        self.n, self.side = side * side, side
        self.skip = 1 + self.xi.size // MEASURED
        learned = ("learn", rule, self.xi, self.names)
        if self.run is None or self.run.state.size != self.n:
            self.run, self.log = None, [learned]
            return {}
        self.log.append(learned)
        return self.change(self.settings)

    def begin(self, cue: Any, settings: dict[str, Any], seed: int) -> dict[str, Any]:
        """Begin a run at the cue."""
        self.seed, self.moves, self.visits = int(seed), 0, 0
        self.cue = to_state(cue, self.n)
        self.log = [("learn", self.rule, self.xi, self.names)]
        return self._go(self.cue, settings, "begin")

    def change(self, settings: dict[str, Any]) -> dict[str, Any]:
        """Go on from where the run stands with another memory, neuron or order."""
        self.seed += 1
        return self._go(self.run.state.copy(), settings, "change")

    def step(self, moves: int, overlay: bool = False) -> dict[str, Any]:
        """Make so many moves, fewer where it comes to rest before.

        Return the frame, with the seconds that the moves took, by which lab.js paces itself.
        """
        together, began = self.settings["order"] == "Sync", perf_counter()
        for part in [1] * moves if together else [moves]:
            self.why = self.run.step(part).why
            if not self.held.all():
                self._count(part, self.n if together else 1)
            if self.why:
                break
        took = perf_counter() - began
        self.frames += 1
        frame = self._frame(overlay, measure=bool(self.why) or self.frames % self.skip == 0)
        return frame | {"took": took}

    def paint(self, sites: Any, values: Any, overlay: bool = False) -> dict[str, Any]:
        """Give neurons a state by hand, without a move."""
        sites, values = np.frombuffer(sites, np.int32), np.frombuffer(values, np.int8)
        self.run.set(sites, values)
        self.log.append(("set", sites.copy(), values.copy()))
        self.why = ""
        return self.look(overlay)

    def look(self, overlay: bool = False) -> dict[str, Any]:
        """Return the frame of where the run stands, and find out whether it is at rest."""
        if not self.why and self.run.settled():
            self.why = "fixed point"
        return self._frame(overlay, measure=True)

    def _frame(self, overlay: bool, measure: bool) -> dict[str, Any]:
        """Return the state, what is measured of it, and what it is, in words."""
        s = self.run.state
        frame: dict[str, Any] = {
            "bits": to_bits(s),
            "moves": self.moves,
            "sweeps": self.visits / self.n,
            "why": self.why,
        }
        if measure:
            self.overlaps = np.atleast_1d(hf.overlap(s, self.xi))
            frame["overlaps"] = self.overlaps.tolist()
            frame["energy"] = float(self.memory.energy(s)) if self.memory.symmetric else None
        if overlay:
            frame["unstable"] = np.packbits(self.unstable()).tobytes()
        frame["words"] = self.words()
        return frame

    def weights(self) -> dict[str, Any]:
        """Return the couplings, single or as means over blocks of neurons, as float32."""
        parts = max(
            d
            for d in range(1, self.side + 1)
            if self.side % d == 0 and (d == 1 or self.side * d <= 128)
        )
        k = self.side * parts
        try:
            means = block_means(self.memory, k)
        except TypeError as error:  # an energy beyond pairs has no couplings
            return {"k": 0, "words": str(error)}
        return {"k": k, "block": self.n // k, "values": means.astype(np.float32).tobytes()}

    def film(self, frames: Any, count: int) -> bytes:
        """Return recorded states as a GIF."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "recall.gif"
            hf.plots.animate(self._states(frames, count), path, shape=(self.side, self.side))
            return path.read_bytes()

    def result(self, frames: Any, moves: list[int]) -> bytes:
        """Return the run as the file that `hf.load` reads: a `Recall` with what was recorded."""
        found = self.run.result(otherwise=self.why or "stopped by hand")
        parts = found.parts()
        parts["trace"] = {
            "states": self._states(frames, len(moves)),
            "moves": np.array(moves, dtype=np.int64),
            "patterns": self.xi,
            "cue": self.cue,
        }
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "lab.npz"
            hf.save(path, hf.Recall(**parts))
            return path.read_bytes()

    def script(self) -> str:
        """Return a program that makes the same run with the package alone."""
        lines = [HEAD]
        for event, *values in self.log:
            lines += WRITERS[event](*values)
        return "\n".join([*lines, TAIL.format(digest(self.run.state))])

    # ---- what it is --------------------------------------------------------------------------

    def unstable(self) -> np.ndarray:
        """Say which neurons would move if visited now; at a temperature, which ones should."""
        s = self.run.state
        neuron = hf.Sign() if self.settings["neuron"] == "HeatBath" else self.run.neuron
        return ~neuron.settled(self.memory.field(s), s) & ~self.held

    def words(self) -> str:
        """Say what the state is, and whether it can still move."""
        unknown = int(np.count_nonzero(self.run.state == 0))
        left = f" {_neurons(unknown)} unknown." if unknown else ""
        if self.run.period > 1:
            states = "two states" if self.run.period == 2 else f"{self.run.period} states in turn"
            goes = "alternates between" if self.run.period == 2 else "goes through"
            return (
                f"It {goes} {states} for ever, because all neurons move at once. "
                f"Nearest: {self._nearest()}."
            )
        if self.why:
            what = self._fallen() + left
            return what if self.moves else what.replace("It fell into", "This is")
        if not self.moves:
            return f"Nothing has moved yet. The cue is nearest to {self._nearest()}.{left}"
        if self.settings["neuron"] == "HeatBath" and float(self.settings["T"]) > 0:
            return f"At a temperature it never comes to rest. Nearest: {self._nearest()}.{left}"
        return f"Still moving. Nearest so far: {self._nearest()}.{left}"

    def _fallen(self) -> str:
        what = hf.landscape.identify(self.run.state, self.xi)
        names = [self.names[k] for k in what.patterns]
        if what.kind == "pattern":
            return f"It fell into the memory “{names[0]}”: every neuron agrees, and none can move."
        if what.kind == "inverse":
            return f"It fell into the inverse of “{names[0]}”: every neuron is the other way round."
        if what.kind == "mixture":
            signed = zip(what.signs, names, strict=True)
            terms = " ".join(f"{_SIGN[sign]}“{name}”" for sign, name in signed)
            return f"It fell into a mixture: the majority of {terms}. Nobody stored it."
        if what.kind == "undecided":
            return "It stands still: nothing is known, and no field pulls either way."
        return f"It fell into a spurious state that nobody stored. Nearest: {self._nearest()}."

    def _nearest(self) -> str:
        k = int(np.argmax(np.abs(self.overlaps)))
        m = float(self.overlaps[k])
        whose = f"“{self.names[k]}”" if m >= 0 else f"the inverse of “{self.names[k]}”"
        return f"{whose}, overlap {abs(m):.2f}"

    # ---- how it runs -------------------------------------------------------------------------

    def _go(self, start: np.ndarray, settings: dict[str, Any], event: str) -> dict[str, Any]:
        self.settings, self.frames = dict(settings), 0
        self.held = held_of(self.cue, start, settings)
        self.run = hf.Run(
            self.memory,
            start,
            neuron=neuron_of(settings),
            order=ORDERS[settings["order"]](),
            clamp=self.held if self.held.any() else None,
            rng=self.seed,
        )
        self.log.append((event, start if event == "begin" else None, self.settings, self.seed))
        self.why = ""  # why the run has ended, as `recall` says it; "" while it has not
        return self.look()

    def _count(self, moves: int, visits: int) -> None:
        self.moves += moves
        self.visits += moves * visits
        if self.log[-1][0] == "step":
            self.log[-1] = ("step", self.log[-1][1] + moves)
        else:
            self.log.append(("step", moves))

    def _states(self, frames: Any, count: int) -> np.ndarray:
        rows = np.frombuffer(frames, np.uint8).reshape(count, -1)
        return np.array([to_state(row, self.n) for row in rows])


# ---- the script --------------------------------------------------------------------------------

HEAD = '''"""A run of the hopfield lab, made again with the package alone: same seed, same bits."""

import base64
import hashlib
import zlib

import numpy as np

import hopfield as hf


def read(text, dtype):
    return np.frombuffer(zlib.decompress(base64.b64decode(text)), dtype)


def bits(text, *shape):
    count = int(np.prod(shape))
    return np.unpackbits(read(text, np.uint8), count=count).reshape(shape).astype(bool)

'''

TAIL = """
result = run.result()
print(result)
print("overlaps:", hf.overlap(result.state, patterns))
digest = hashlib.sha256(np.packbits([run.state > 0, run.state == 0], axis=1).tobytes()).hexdigest()
print("the same state as in the lab:", digest == "{}")
"""


def digest(s: np.ndarray) -> str:
    """Return a fingerprint of a state."""
    return hashlib.sha256(to_bits(s)).hexdigest()


def quoted(data: bytes) -> str:
    """Return bytes as the text that the script reads, in lines."""
    text = base64.b64encode(zlib.compress(data, 9)).decode()
    lines = [text[k : k + LINE] for k in range(0, len(text), LINE)]
    return f'"{text}"' if len(lines) == 1 else "\n    " + "\n    ".join(f'"{x}"' for x in lines)


def bits_of(x: np.ndarray) -> str:
    """Return the expression that makes these bools."""
    text = quoted(np.packbits(x).tobytes())
    return f"bits({text}, {', '.join(map(str, x.shape))})"


def numbers_of(x: np.ndarray) -> str:
    """Return the expression that makes these integers."""
    if x.size <= 12:
        return repr(x.tolist())
    return f"read({quoted(x.tobytes())}, np.{x.dtype.name})"


def write_learn(rule: str, xi: np.ndarray, names: list[str]) -> list[str]:
    """Write how the memory is made."""
    titles = "".join(c if c.isprintable() else " " for c in ", ".join(names))
    return [
        f"# {titles}",
        f"patterns = hf.bipolar({bits_of(xi > 0)})",
        f'memory = hf.learning.RULES["{rule}"].learn(patterns)',
    ]


def write_begin(cue: np.ndarray, settings: dict[str, Any], seed: int) -> list[str]:
    """Write how the run begins."""
    lines = [f"cue = hf.bipolar({bits_of(cue > 0)})"]
    if (cue == 0).any():
        lines.append(f"cue = hf.blank(cue, {bits_of(cue == 0)})")
    return [*lines, _run("cue", settings, seed)]


def write_change(_: None, settings: dict[str, Any], seed: int) -> list[str]:
    """Write how the run goes on with something else."""
    return [_run("run.state", settings, seed)]


def write_step(moves: int) -> list[str]:
    """Write moves."""
    return [f"run.step({moves})"]


def write_set(sites: np.ndarray, values: np.ndarray) -> list[str]:
    """Write what was set by hand."""
    if (values == values[0]).all():
        return [f"run.set({numbers_of(sites)}, {values[0]})"]
    return [f"run.set({numbers_of(sites)}, {numbers_of(values)})"]


WRITERS = {
    "learn": write_learn,
    "begin": write_begin,
    "change": write_change,
    "step": write_step,
    "set": write_set,
}


def _run(start: str, settings: dict[str, Any], seed: int) -> str:
    heat = settings["neuron"] == "HeatBath"
    neuron = f"HeatBath(T={float(settings['T'])!r})" if heat else f'Sign(tie="{settings["tie"]}")'
    held = "cue != 0" if start == "cue" else f"(cue != 0) & ({start} != 0)"
    clamp = f"clamp={held}, " if settings.get("hold") == "known" else ""
    return (
        f"run = hf.Run(memory, {start}, neuron=hf.{neuron}, order=hf.{settings['order']}(), "
        f"{clamp}rng={seed})"
    )


def _neurons(count: int) -> str:
    return "1 neuron is still" if count == 1 else f"{count} neurons are still"


_lab = Lab()
learn, begin, change, step, paint, look = (
    _lab.learn,
    _lab.begin,
    _lab.change,
    _lab.step,
    _lab.paint,
    _lab.look,
)
weights, film, result, script = _lab.weights, _lab.film, _lab.result, _lab.script
