"""The lab as a widget of a notebook: the page's front end on the kernel's own package."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from contextlib import contextmanager
from copy import deepcopy
from functools import cache
from math import isqrt
from typing import Any, cast

import anywidget
import numpy as np
import traitlets

from ..base.checks import choice, count, number
from ..core.memory import Memory
from .assets import STILL, asset, png, style
from .bits import States
from .choices import MOST, SIDES, known
from .kinds import KINDS
from .rules import SPOILT
from .session import GIVEN, Session, completed
from .states import told
from .tables import DEFAULT, DENSE, MENUS, MODELS, SLIDERS, Settings, largest

LARGEST = 2**31 - 1  # seed


class Widget(anywidget.AnyWidget):
    """See `Lab`, which makes it."""

    _esm = asset("widget.js")
    _css = style()
    _known = traitlets.Dict().tag(sync=True)  # the menus
    _made = traitlets.Dict().tag(sync=True)  # what the canvas and the tools hold, as a link has it
    state = traitlets.Any(None, allow_none=True)
    patterns = traitlets.Any(None, allow_none=True)
    names = traitlets.List(traitlets.Unicode())
    memory = traitlets.Any(None, allow_none=True)
    run = traitlets.Any(None, allow_none=True)

    def __init__(
        self,
        memory_or_patterns: Any,
        *,
        patterns: Any,
        names: Any,
        cue: Any,
        seed: int,
        settings: Mapping[str, Any],
    ) -> None:
        given = memory_or_patterns if isinstance(memory_or_patterns, Memory) else None
        self._session = Session(given)
        self._from_python = True
        menus = deepcopy(_known())
        if given is not None:
            menus["rules"].insert(0, _rule_of(given))
        chosen = _settings({"rule": GIVEN if given is not None else "hebb", **settings}, menus)
        xi = _patterns(given, memory_or_patterns if given is None else patterns, chosen)
        _fits(chosen, _side(xi.shape[1]), menus)
        called = _names(names, len(xi))
        start = xi[0] if cue is None else _state(cue, xi.shape[1], "cue", chosen)
        made = _told(called, xi, start, chosen, count(seed, "seed", 0, LARGEST))
        super().__init__(_known=menus | {"settings": chosen}, _made=made)
        self.patterns, self.names, self.state, self.memory = xi, called, start, given
        self._from_python = False
        self.on_msg(self._answer)

    # ---- what the front end asks ---------------------------------------------------------------

    def _answer(self, _: Any, asked: dict[str, Any], buffers: Sequence[Any]) -> None:
        """Answer a call of the front end, then tell who observes."""
        args = [_unpacked(arg, buffers) for arg in asked["args"]]
        try:
            value = self._session.answer(asked["name"], args)
        except Exception as error:  # is told in the lab, which stays usable
            said = {"message": str(error), "traceback": f"{type(error).__name__}: {error}"}
            self.send({"id": asked["id"], "error": said})
            return
        sent: list[bytes] = []
        self.send({"id": asked["id"], "value": _packed(value, sent)}, sent)
        self._tell()

    def _tell(self) -> None:
        session = self._session
        with self._quietly():
            if session.memory is not self.memory:
                self.memory, self.patterns = session.memory, session.xi
                self.names = list(session.names)
            if session.begun:
                self.run, self.state = session.run, session.kind.told(session.state, session.q)

    @contextmanager
    def _quietly(self) -> Any:
        """Let changes be told to Python alone: the front end has them."""
        before, self._from_python = self._from_python, True
        try:
            yield
        finally:
            self._from_python = before

    # ---- what Python changes -------------------------------------------------------------------

    @traitlets.validate("patterns")
    def _valid_patterns(self, proposal: dict[str, Any]) -> States:
        if self._from_python:
            return proposal["value"]
        chosen = self._made["settings"]
        xi = _patterns(None, proposal["value"], chosen)
        _fits(chosen, _side(xi.shape[1]), self._known)
        return xi

    @traitlets.validate("state")
    def _valid_state(self, proposal: dict[str, Any]) -> States:
        if self._from_python:
            return proposal["value"]
        return _state(proposal["value"], self.patterns.shape[1], "state", self._made["settings"])

    @traitlets.observe("patterns")
    def _show_patterns(self, change: dict[str, Any]) -> None:
        if self._from_python:
            return
        xi = change["new"]
        called = _names(self.names if len(self.names) == len(xi) else None, len(xi))
        made = self._made
        try:  # it may be of another size, or of another model's neurons
            start = _state(self.state, xi.shape[1], "state", made["settings"])
        except (TypeError, ValueError):
            start = xi[0]
        with self._quietly():
            self.names, self.state = called, start
        self._made = _told(called, xi, start, made["settings"], made["seed"])
        self.send({"show": self._made})

    @traitlets.observe("state")
    def _show_state(self, change: dict[str, Any]) -> None:
        if not self._from_python:
            kind = KINDS[MODELS[self._made["settings"]["model"]].kind]
            self.send({"edit": True}, [kind.write(kind.of_told(change["new"]))])

    # ---- where no kernel runs ------------------------------------------------------------------

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        """Show the state as a picture too, for a notebook that is read without a kernel."""
        bundle = super()._repr_mimebundle_(**kwargs)
        data, rest = bundle if isinstance(bundle, tuple) else (bundle, {})
        side = _side(self.patterns.shape[1])
        session, chosen = self._session, self._made["settings"]
        kind = session.kind if session.begun else KINDS[MODELS[chosen["model"]].kind]
        cells = kind.image(session.cells if session.begun else kind.of_told(self.state))
        picture = base64.b64encode(png(cells.reshape(side, side, *cells.shape[1:]))).decode()
        words = f"hopfield lab: {side} x {side} neurons, {len(self.patterns)} patterns"
        return (data or {}) | {"image/png": picture, "text/plain": words}, rest

    def _ipython_display_(self) -> None:
        """Show the picture in an output of its own too, which the widget's style hides.

        What turns a notebook into a page (nbconvert) leaves out all else of an output that holds a
        widget, and that needs a network.
        """
        from IPython.display import publish_display_data

        data, rest = self._repr_mimebundle_()
        still = {name: data[name] for name in ("image/png", "text/plain")}
        image = f'<img class="{STILL}" alt="{still["text/plain"]}" src="data:image/png;base64,'
        publish_display_data(still | {"text/html": f'{image}{still["image/png"]}">'})
        publish_display_data(data, rest)


# ---- what is given -----------------------------------------------------------------------------

_known = cache(known)


def _patterns(memory: Memory | None, given: Any, chosen: Mapping[str, Any]) -> States:
    if given is None:
        given = getattr(memory, "patterns", None)
        if given is None:
            raise ValueError(
                "patterns must be given: this memory does not hold those it is made of"
            )
    kind = KINDS[MODELS[chosen["model"]].kind]
    xi: States = np.atleast_2d(kind.given(given, "patterns", int(chosen["q"])))
    if xi.ndim != 2 or not 0 < len(xi) <= MOST:
        raise ValueError(f"patterns must be (P, N) with P from 1 to {MOST}, not {xi.shape}")
    n = getattr(memory, "n", xi.shape[1])
    if n != xi.shape[1]:
        raise ValueError(f"patterns have {xi.shape[1]} neurons, the memory has {n}")
    return xi


def _side(n: int) -> int:
    side = isqrt(n)
    if side * side != n or side not in SIDES:
        least, most = SIDES[0] ** 2, SIDES[-1] ** 2
        raise ValueError(f"N must be a square number from {least} to {most}, not {n}")
    return side


def _fits(chosen: Mapping[str, Any], side: int, menus: Mapping[str, Any]) -> None:
    """Refuse a grid that the front end would offer another model or rule for."""
    model, most = MODELS[chosen["model"]], largest(cast("Settings", chosen))
    if side > most:
        raise ValueError(f"N must be {most**2} at most for model {chosen['model']}, not {side**2}")
    rule = next(rule for rule in menus["rules"] if rule["name"] == chosen["rule"])
    if "rule" in model.uses and side**2 > DENSE and not rule["implicit"]:
        raise ValueError(f"N must be {DENSE} at most for rule {chosen['rule']}, not {side**2}")


def _state(given: Any, n: int, name: str, chosen: Mapping[str, Any]) -> States:
    s = KINDS[MODELS[chosen["model"]].kind].given_state(given, name, int(chosen["q"]))
    if s.shape != (n,):
        raise ValueError(f"{name} must be ({n},), not {s.shape}")
    return s


def _names(given: Any, p: int) -> list[str]:
    names = [f"pattern {k}" for k in range(p)] if given is None else [str(x) for x in given]
    if len(names) != p:
        raise ValueError(f"names must be {p}, one a pattern, not {len(names)}")
    return [name[:24] for name in names]


def _settings(given: Mapping[str, Any], menus: dict[str, Any]) -> dict[str, Any]:
    for name in given:
        choice(name, "setting", list(DEFAULT))
    chosen: dict[str, Any] = {**DEFAULT, **given}
    for name, rows in MENUS.items():
        choice(chosen[name], name, list(rows))
    choice(chosen["rule"], "rule", [rule["name"] for rule in menus["rules"]])
    for name, (_, low, high, *_) in SLIDERS.items():
        value = float(number(chosen[name], name))
        if not low <= value <= high:
            raise ValueError(f"{name} must be from {low:g} to {high:g}, not {value:g}")
        chosen[name] = value
    if "rule" not in MODELS[chosen["model"]].uses and chosen["rule"] == GIVEN:
        raise ValueError(
            f"model must be pairs or graded, which run a memory as it is, not {chosen['model']}: "
            "give the patterns alone"
        )
    return dict(completed(chosen))


def _told(names: list[str], xi: Any, cue: States, settings: Any, seed: int) -> dict[str, Any]:
    """Return what was given as a link has it, in cells of the model's kind."""
    kind = KINDS[MODELS[settings["model"]].kind]
    return told(names, [kind.of_told(x) for x in xi], kind.of_told(cue), settings, seed)


def _rule_of(memory: Memory) -> dict[str, Any]:
    """Return the row of the menu of rules that stands for a given memory."""
    words = f"the memory that was given: {type(memory).__name__}"
    row = {"name": GIVEN, "about": words, "beyond": SPOILT, "implicit": True}
    return row | {"capacity": [], "breaks": None, "heat": [], "side": isqrt(memory.n)}


# ---- what travels ------------------------------------------------------------------------------


def _unpacked(value: Any, buffers: Sequence[Any]) -> Any:
    if isinstance(value, dict) and "$buffer" in value:
        return bytes(buffers[value["$buffer"]])
    return value


def _packed(value: Any, buffers: list[bytes]) -> Any:
    """Return a value that JSON can hold; its bytes go into the buffers."""
    if isinstance(value, bytes):
        buffers.append(value)
        return {"$buffer": len(buffers) - 1}
    if isinstance(value, dict):
        return {name: _packed(one, buffers) for name, one in value.items()}
    return value
