"""One run of the package, stepped for a front end that draws what comes back.

The page's worker and the widget ask by the same names: see `answer`. A state travels as two rows of
packed bits, ink (+1) and unknown (0); patterns as one row each.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
import numpy.typing as npt

from ..analysis.couplings import block_means
from ..analysis.planes import Plane
from ..base.checks import choice
from ..core.memory import Memory
from ..core.neurons import Sign
from ..core.patterns import bipolar, overlap
from ..core.recall import Recall, Run
from ..io.files import save
from ..learning import RULES
from . import landscape
from .bits import States, to_bits, to_state, unpack
from .script import written
from .tables import NEURONS, ORDERS, Settings
from .words import words

MEASURED = 400_000  # values of patterns a frame may look at to measure energy and overlaps
FINEST = 128  # blocks of neurons whose couplings are shown
CALLS = (
    "learn",
    "begin",
    "change",
    "step",
    "paint",
    "look",
    "weights",
    "neuron",
    "landscape",
    "heights",
    "film",
    "result",
    "script",
)
GIVEN = "as given"  # the rule's name where the memory was given and is not learned here
Frame = dict[str, Any]


def held_of(cue: States, start: States, settings: Settings) -> npt.NDArray[np.bool_]:
    """Return which neurons are held: what the cue knows and the state still shows, or none."""
    held: npt.NDArray[np.bool_] = (cue != 0) & (start != 0)
    return held & (settings.get("hold", "nothing") == "known")


class Session:
    """What the lab works with: patterns, the memory of them, and the run.

    Parameters
    ----------
    given : Memory or None
        What the rule "as given" stands for.
    """

    run: Run
    settings: Settings
    memory: Memory
    plane: Plane  # of the landscape
    log: list[tuple[Any, ...]]

    def __init__(self, given: Memory | None = None) -> None:
        self.given = given
        self.begun = False
        self.n = self.side = 0

    def answer(self, name: str, args: Sequence[Any]) -> Any:
        """Answer a call of the front end by its name.

        Raises
        ------
        ValueError
            If it is none of `CALLS`.
        """
        return getattr(self, choice(name, "name", CALLS))(*args)

    # ---- what the front end asks for ---------------------------------------------------------

    def learn(self, side: int, rule: str, names: list[str], bits: Any) -> Frame:
        """Store patterns; a run on a grid of the same side goes on from where it stands."""
        patterns = unpack(bits, len(names), side * side)
        self.memory = self._learned(rule, patterns)
        self.xi, self.names, self.rule = bipolar(patterns), list(names), rule
        self.n, self.side = side * side, side
        self.skip = 1 + self.xi.size // MEASURED
        learned = ("learn", rule, self.xi, self.names)
        if not self.begun or self.run.state.size != self.n:
            self.begun, self.log = False, [learned]
            return {}
        self.log.append(learned)
        return self.change(self.settings)

    def _learned(self, rule: str, patterns: npt.NDArray[np.bool_]) -> Memory:
        if rule != GIVEN:
            return RULES[rule].learn(patterns)
        if self.given is None or self.given.n != patterns.shape[1]:
            raise ValueError(f"no memory of {patterns.shape[1]} neurons was given to the lab")
        return self.given

    def begin(self, cue: Any, settings: Settings, seed: int) -> Frame:
        """Begin a run at the cue."""
        self.seed, self.moves, self.visits = int(seed), 0, 0
        self.cue = to_state(cue, self.n)
        self.log = [("learn", self.rule, self.xi, self.names)]
        return self._go(self.cue, settings, "begin")

    def change(self, settings: Settings) -> Frame:
        """Go on from where the run stands with another memory, neuron or order."""
        self.seed += 1
        return self._go(self.run.state.copy(), settings, "change")

    def step(self, moves: int, overlay: bool = False) -> Frame:
        """Make so many moves, fewer where it comes to rest before.

        Return the frame, with the seconds that the moves took, by which the front end paces itself.
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

    def paint(self, sites: Any, values: Any, overlay: bool = False) -> Frame:
        """Give neurons a state by hand, without a move."""
        sites, values = np.frombuffer(sites, np.int32), np.frombuffer(values, np.int8)
        self.run.set(sites, values)
        self.log.append(("set", sites.copy(), values.copy()))
        self.why = ""
        return self.look(overlay)

    def look(self, overlay: bool = False) -> Frame:
        """Return the frame of where the run stands, and find out whether it is at rest."""
        if not self.why and self.run.settled():
            self.why = "fixed point"
        return self._frame(overlay, measure=True)

    def _frame(self, overlay: bool, measure: bool) -> Frame:
        """Return the state, what is measured of it, and what it is, in words."""
        s = self.run.state
        frame: Frame = {
            "bits": to_bits(s),
            "moves": self.moves,
            "sweeps": self.visits / self.n,
            "why": self.why,
        }
        if measure:
            self.overlaps = np.atleast_1d(overlap(s, self.xi))
            frame["overlaps"] = self.overlaps.tolist()
            frame["energy"] = float(self.memory.energy(s)) if self.memory.symmetric else None
        if overlay:
            frame["unstable"] = np.packbits(self.unstable()).tobytes()
        frame["words"] = words(self)
        return frame

    def weights(self) -> Frame:
        """Return the couplings, single or as means over blocks of neurons, as float32."""
        parts = max(
            d
            for d in range(1, self.side + 1)
            if self.side % d == 0 and (d == 1 or self.side * d <= FINEST)
        )
        k = self.side * parts
        try:
            means = block_means(self.memory, k)
        except TypeError as error:  # an energy beyond pairs has no couplings
            return {"k": 0, "words": str(error)}
        return {"k": k, "block": self.n // k, "values": means.astype(np.float32).tobytes()}

    def neuron(self, site: int) -> dict[str, Any]:
        """Return the field of a neuron, and how much it adds to the others' (N,), as float32.

        Between pairs that is a column of W; beyond them, half of what its flip would change.
        """
        s = self.run.state
        other = s.copy()
        other[site] = -1 if s[site] > 0 else 1
        fields = self.memory.field(s)
        told = (self.memory.field(other) - fields) / (float(other[site]) - float(s[site]))
        return {"field": float(fields[site]), "values": told.astype(np.float32).tobytes()}

    def landscape(self, kind: str, first: int, second: int, frames: Any, count: int) -> Frame:
        """Return the plane that is cut along, or all states; ``frames`` are states of the run."""
        return landscape.seen(self, kind, first, second, self._states(frames, count))

    def heights(self, places: Any) -> Frame:
        """Return the energies at places (M, 2) of that plane; all are float32."""
        return landscape.heights(self, np.frombuffer(places, np.float32).reshape(-1, 2))

    def film(self, frames: Any, count: int) -> bytes:
        """Return recorded states as a GIF."""
        from ..show.films import animate

        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "recall.gif"
            animate(self._states(frames, count), path, shape=(self.side, self.side))
            return path.read_bytes()

    def result(self, frames: Any, moves: list[int]) -> bytes:
        """Return the run as the file that `load` reads: a `Recall` with what was recorded."""
        found = self.run.result(otherwise=self.why or "stopped by hand")
        parts: dict[str, Any] = found.parts()
        parts["trace"] = {
            "states": self._states(frames, len(moves)),
            "moves": np.array(moves, dtype=np.int64),
            "patterns": self.xi,
            "cue": self.cue,
        }
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "lab.npz"
            save(path, Recall(**parts))
            return path.read_bytes()

    def script(self) -> str:
        """Return a program that makes the same run with the package alone."""
        return written(self.log, self.run.state)

    def unstable(self) -> npt.NDArray[Any]:
        """Say which neurons would move if visited now; at a temperature, which ones should."""
        s = self.run.state
        neuron = Sign() if NEURONS[self.settings["neuron"]].hot else self.run.neuron
        return ~neuron.settled(self.memory.field(s), s) & ~self.held

    # ---- how it runs -------------------------------------------------------------------------

    def _go(self, start: States, settings: Settings, event: str) -> Frame:
        self.settings, self.frames, self.begun = settings, 0, True
        self.held = held_of(self.cue, start, settings)
        self.run = Run(
            self.memory,
            start,
            neuron=NEURONS[settings["neuron"]].make(settings),
            order=ORDERS[settings["order"]].make(settings),
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

    def _states(self, frames: Any, count: int) -> npt.NDArray[Any]:
        rows = np.frombuffer(frames, np.uint8).reshape(count, 2 * -(-self.n // 8))
        return np.array([to_state(row, self.n) for row in rows]).reshape(-1, self.n)
