"""One run of the package, stepped for a front end that draws what comes back.

The page's worker and the widget ask by the same names: see `answer`. How cells travel, their kind
says: ink as two rows of packed bits, +1 and unknown, stored patterns as one; others as bytes.
In a browser a reader waits for each import before the first move, so what only a later question
needs is imported when that is asked.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from ..base.checks import choice
from ..core.memory import Memory
from ..core.neurons import Anneal, Potts, Sign
from ..core.recall import Recall, Run
from .bits import States, unpack
from .kinds import KINDS, Colour, Grey, Ink
from .tables import DEFAULT, MODELS, NEURONS, ORDERS, Model, Settings, fitted, unit_of
from .words import words

if TYPE_CHECKING:
    from ..analysis.planes import Plane

MEASURED = 400_000  # values of patterns a frame may look at to measure energy and overlaps
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


def recipe(settings: Settings) -> tuple[Any, ...]:
    """Return all that a memory of given patterns is made from."""
    model = MODELS[settings["model"]]
    return settings["model"], *[settings[name] for name in model.uses]  # type: ignore[literal-required]


def completed(chosen: Mapping[str, Any]) -> Settings:
    """Return settings that are whole and go together."""
    return fitted({**DEFAULT, **chosen})  # type: ignore[typeddict-item]


def _enough(settings: Settings, p: int) -> None:
    model = MODELS[settings["model"]]
    if p < model.least:
        more = "a pattern" if model.least == 1 else f"{model.least} patterns or more"
        raise ValueError(f"store {more} first: {p} stored is too few for {model.text}")


def _learned(model: Model, xi: States, settings: Settings) -> Memory:
    try:
        return model.make(xi, settings)
    except ValueError as error:
        raise ValueError(
            f"the rule {settings['rule']} cannot store these {len(xi)} patterns. Forget some, or "
            f"choose another rule. The package says: {error}"
        ) from error


def _written(name: str, write: Callable[[Path], object]) -> bytes:
    """Return what is written to a file of that name."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        write(path)
        return path.read_bytes()


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
    kind: Ink
    q: int
    frames: int
    held: npt.NDArray[np.bool_]
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

    def learn(
        self, side: int, chosen: Mapping[str, Any], names: list[str], sent: Any, pins: Any = None
    ) -> Frame:
        """Store patterns; a run on a grid of the same side goes on from where it stands."""
        settings, n = completed(chosen), side * side
        kind, q = KINDS[MODELS[settings["model"]].kind], int(settings["q"])
        _enough(settings, len(names))
        xi = kind.rows(sent, len(names), n)
        goes_on = self.begun and (n, kind, q) == (self.n, self.kind, self.q)
        memory = self._made(xi, settings)
        self.begun, self.n, self.side, self.kind, self.q = goes_on, n, side, kind, q
        self.memory, self.xi, self.names, self.recipe = memory, xi, list(names), recipe(settings)
        self.skip = 1 + self.xi.size // MEASURED
        learned = ("learn", settings, self.xi, self.names)
        if not goes_on:
            self.log = [learned]
            return {}
        self.log.append(learned)
        return self.change(settings, pins)

    def _made(self, xi: States, settings: Settings) -> Memory:
        model = MODELS[settings["model"]]
        _enough(settings, len(xi))
        if "rule" not in model.uses:
            return model.make(xi, settings)
        if settings["rule"] != GIVEN:
            return _learned(model, xi, settings)
        if self.given is None or self.given.n != xi.shape[1]:
            raise ValueError(f"no memory of {xi.shape[1]} neurons was given to the lab")
        return self.given

    def _remake(self, settings: Settings) -> bool:
        """Make the memory anew where it is made of other settings; say whether it was."""
        model, wanted = MODELS[settings["model"]], recipe(settings)
        colours = int(settings["q"]) if isinstance(self.kind, Colour) else self.q
        if KINDS[model.kind] is not self.kind or colours != self.q:
            raise ValueError(f"patterns must be stored anew for other cells: {model.text}")
        if wanted == self.recipe:
            return False
        self.memory, self.recipe = self._made(self.xi, settings), wanted
        return True

    def begin(self, cue: Any, chosen: Mapping[str, Any], seed: int, pins: Any = None) -> Frame:
        """Begin a run at the cue, some of whose cells may be pinned (n,), packed bits."""
        settings = completed(chosen)
        self.seed, self.moves, self.visits = int(seed), 0, 0
        self.cue = self.kind.read(cue, self.n)
        self._remake(settings)
        self.log = [("learn", settings, self.xi, self.names)]
        return self._go(self.kind.cue(self.cue, self.q), settings, pins, self.cue)

    def change(self, chosen: Mapping[str, Any], pins: Any = None) -> Frame:
        """Go on from where the run stands with another memory, neuron, order or pins."""
        settings, start = completed(chosen), self.state.copy()
        self.seed += 1
        if self._remake(settings):
            self.log.append(("memory", settings, self.n))
        return self._go(start, settings, pins, self._shown)

    def step(self, moves: int, overlay: bool = False) -> Frame:
        """Make so many moves, fewer where it comes to rest before.

        Return the frame, with the seconds that the moves took, by which the front end paces itself.
        """
        together, began = bool(ORDERS[self.settings["order"]].together), perf_counter()
        for part in [1] * moves if together else [moves]:
            self.why = self.run.step(part).why
            if not self.held.all():
                self._count(part, self.n if together else 1)
            if self.run.period == 1:
                break
        took = perf_counter() - began
        self.frames += 1
        frame = self._frame(overlay, measure=bool(self.why) or self.frames % self.skip == 0)
        return frame | {"took": took}

    def paint(self, sites: Any, values: Any, overlay: bool = False) -> Frame:
        """Give neurons a state by hand, without a move."""
        sites, values = np.frombuffer(sites, np.int32), np.frombuffer(values, np.int8)
        self.run.set(*self.kind.places(sites, values, self.q))
        self.log.append(("set", self.kind.name, self.q, sites.copy(), values.copy()))
        self.why = ""
        return self.look(overlay)

    def look(self, overlay: bool = False) -> Frame:
        """Return the frame of where the run stands, and find out whether it is at rest."""
        if not self.why and self.run.settled():
            self.why = "fixed point"
        return self._frame(overlay, measure=True)

    def _frame(self, overlay: bool, measure: bool) -> Frame:
        """Return the state, what is measured of it, and what it is, in words."""
        s = self.state
        self.cells = self.kind.cells(s, self.q)
        frame: Frame = {
            "kind": self.kind.name,
            "bits": self.kind.write(self.cells),
            "moves": self.moves,
            "sweeps": self.visits / self.n,
            "why": self.why,
        }
        if measure:
            self.overlaps = self.kind.overlaps(s, self.xi)
            frame["overlaps"] = self.overlaps.tolist()
            frame["energy"] = self._energy() if self.memory.symmetric else None
            memory: Any = self.memory
            if hasattr(memory, "attention"):
                self.attention = memory.weights(s)
                frame["attention"] = self.attention.tolist()
        if overlay and not isinstance(self.kind, Grey):
            frame["unstable"] = np.packbits(self.unstable()).tobytes()
        frame["words"] = words(self)
        return frame

    def _energy(self) -> float:
        graded = self.run.neuron.states is None
        return float(self.run.energy() if graded else self.memory.energy(self.run.state))

    @property
    def state(self) -> States:
        """What of the run's state the canvas shows: the present one of each cell's neurons."""
        return self.run.state[: self.n * self.kind.sites(self.q)]

    @property
    def temperature(self) -> float | None:
        """The temperature of this sweep where it falls, else None."""
        if not isinstance(self.run.neuron, Anneal):
            return None
        sweep = max(int(self.run.counts.table[0, 0]) - 1, 0)
        return float(getattr(self.run.neuron.at(sweep), "T", 0.0)) / unit_of(self.settings)

    def weights(self) -> Frame:
        """Return the couplings, or a machine's filters, as a picture of float32."""
        from .couplings import weights

        return weights(self)

    def neuron(self, site: int) -> Frame:
        """Return the field of a neuron, and how much it adds to the others' (N,), as float32."""
        from .couplings import neuron

        return neuron(self, site)

    def landscape(self, kind: str, first: int, second: int, frames: Any, count: int) -> Frame:
        """Return the plane that is cut along, or all states; ``frames`` are states of the run."""
        from .landscape import seen

        states = [self.kind.cue(self.cue, self.q), *self._states(frames, count)]
        return seen(self, kind, first, second, np.array(states))

    def heights(self, places: Any) -> Frame:
        """Return the energies at places (M, 2) of that plane; all are float32."""
        from .landscape import heights

        return heights(self, np.frombuffer(places, np.float32).reshape(-1, 2))

    def film(self, frames: Any, count: int) -> bytes:
        """Return recorded states as a GIF."""
        from ..show.films import animate

        cells = self.kind.image(self._cells(frames, count))
        images = cells.reshape(count, self.side, self.side, *cells.shape[2:])
        return _written("recall.gif", lambda path: animate(images, path))

    def result(self, frames: Any, moves: list[int]) -> bytes:
        """Return the run as the file that `load` reads: a `Recall` with what was recorded."""
        from ..io.files import save

        found = self.run.result(otherwise=self.why or "stopped by hand")
        parts: dict[str, Any] = found.parts()
        parts["trace"] = {
            "states": np.array(self._states(frames, len(moves))),
            "moves": np.array(moves, dtype=np.int64),
            "patterns": self.xi,
            "cue": self.kind.cue(self.cue, self.q),
        }
        return _written("lab.npz", lambda path: save(path, Recall(**parts)))

    def script(self) -> str:
        """Return a program that makes the same run with the package alone."""
        from .script import written

        return written(self.log, self.settings, self._shown, self.kind.write(self.cells))

    def unstable(self) -> npt.NDArray[Any]:
        """Say which neurons would move if visited now; at a temperature, which ones should."""
        s, neuron, potts = self.run.state, self.run.neuron, isinstance(self.kind, Colour)
        if NEURONS[self.settings["neuron"]].hot:
            neuron = Potts(self.q) if potts else Sign()
        moves = ~neuron.settled(self.memory.field(s), s)[: self.state.size]
        each = moves.reshape(self.n, -1).any(axis=1)
        return np.asarray(each & ~self.held)

    # ---- how it runs -------------------------------------------------------------------------

    @property
    def _shown(self) -> str:
        """What of the run's state the canvas shows, as code."""
        return "run.state" if self.state.size == self.run.memory.n else f"run.state[:{self.n}]"

    def _go(self, start: States, settings: Settings, pins: Any, code: Any) -> Frame:
        cells = self.kind.cells(start, self.q)
        held = (self.cue != 0) & (cells != 0) & (settings["hold"] == "known")
        if pins:
            (pinned,) = unpack(pins, 1, self.n)
            held |= pinned & ((cells != 0) | isinstance(self.kind, Grey))
        clamp, hidden = self.kind.held(held, self.q), int(settings["hidden"])
        settings["n"] = self.n
        if MODELS[settings["model"]].hidden:
            start, clamp = np.pad(start, (0, hidden)), np.pad(clamp, (0, hidden))
        self.settings, self.frames, self.begun, self.held = settings, 0, True, held
        self.run = Run(
            self.memory,
            start,
            neuron=NEURONS[settings["neuron"]].make(settings),
            order=ORDERS[settings["order"]].make(settings),
            clamp=clamp if clamp.any() else None,
            rng=self.seed,
        )
        event = "change" if isinstance(code, str) else "begin"
        self.log.append((event, code, clamp, settings, self.seed))
        self.why = ""  # why the run has ended, as `recall` says it; "" while it has not
        return self.look()

    def _count(self, moves: int, visits: int) -> None:
        self.moves += moves
        self.visits += moves * visits
        if self.log[-1][0] == "step":
            self.log[-1] = ("step", self.log[-1][1] + moves)
        else:
            self.log.append(("step", moves))

    def _cells(self, frames: Any, count: int) -> npt.NDArray[Any]:
        """Return the cells (count, n) of frames that come back."""
        rows, each = bytes(frames), len(frames) // max(count, 1)
        found = [self.kind.read(rows[k * each : (k + 1) * each], self.n) for k in range(count)]
        return np.array(found).reshape(count, self.n)

    def _states(self, frames: Any, count: int) -> list[States]:
        """Return what the neurons are in where these frames were."""
        return [self.kind.cue(cells, self.q) for cells in self._cells(frames, count)]
