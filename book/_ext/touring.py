"""The lab's guided tours, read from their file; what does not fit is named by its place there."""

from __future__ import annotations

import base64
import json
import re
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

LINK, CHAPTER = "#lab=", "#chapter="
STEP = ("words", "try", "state", "settings")


def read(path: Path, known: Mapping[str, Any], chapters: Mapping[str, Any]) -> dict[str, Any]:
    """Return the tours of a file; ``known`` are the lab's menus, ``chapters`` the prepared states.

    Raises
    ------
    ValueError
        For what is no tour, with the place in the file.
    """
    try:
        tours = json.loads(path.read_text(encoding="utf-8"))
    except json.JSONDecodeError as error:
        raise ValueError(f"{path.name} is no JSON: {error}") from error
    if not isinstance(tours, dict):
        raise ValueError(f'{path.name} must be {{"NAME": {{"title": ..., "steps": [...]}}, ...}}')
    for name, tour in tours.items():
        where = f"{path.name}, tour {name!r}"
        if not re.fullmatch(r"[A-Za-z0-9_]+", name):
            raise ValueError(f"{where}: a name has letters, digits and _ alone: it is in addresses")
        _keys(tour, ("title", "steps"), where)
        _sentence(tour.get("title"), f"{where}: title")
        steps = tour.get("steps")
        if not isinstance(steps, list) or not steps:
            raise ValueError(f"{where}: steps must be a list of one step or more")
        for k, step in enumerate(steps, 1):
            _check(step, f"{where}, step {k}", k == 1, known, chapters)
    return tours


def _check(
    step: Any, where: str, first: bool, known: Mapping[str, Any], chapters: Mapping[str, Any]
) -> None:
    _keys(step, STEP, where)
    for key in ("words", "try"):
        _sentence(step.get(key), f"{where}: {key}")
    if "state" not in step and (first or "settings" in step):
        why = "the first step" if first else "a step with settings"
        raise ValueError(f"{where}: {why} needs a state, which it opens")
    if "state" in step:
        _state(step["state"], where, chapters)
    for name, value in step.get("settings", {}).items():
        _setting(name, value, where, known)


def _state(state: Any, where: str, chapters: Mapping[str, Any]) -> None:
    text = str(state)
    if text.startswith(CHAPTER):
        if text.removeprefix(CHAPTER) not in chapters:
            names = ", ".join(chapters)
            raise ValueError(f"{where}: state names no chapter with a lab; there are {names}")
    elif not text.startswith(LINK):
        raise ValueError(
            f"{where}: state must begin with {CHAPTER} or {LINK}, as the address that Share by "
            f"address gives does from its # on; it is {text[:40]!r}"
        )
    else:
        word = text.removeprefix(LINK)
        try:
            packed = base64.urlsafe_b64decode(word + "=" * (-len(word) % 4))
            json.loads(zlib.decompress(packed, wbits=-15))
        except (ValueError, zlib.error) as error:
            raise ValueError(f"{where}: state is a link that is cut or damaged") from error


def _setting(name: str, value: Any, where: str, known: Mapping[str, Any]) -> None:
    if name in known["sliders"]:
        low, high = known["sliders"][name]["low"], known["sliders"][name]["high"]
        number = isinstance(value, (int, float)) and not isinstance(value, bool)
        if not number or not low <= value <= high:
            raise ValueError(f"{where}: {name} must be from {low:g} to {high:g}, not {value!r}")
        return
    rows = known["rules"] if name == "rule" else known["menus"].get(name)
    if rows is None:
        raise ValueError(f"{where}: there is no setting {name!r}: {', '.join(known['settings'])}")
    names = [row["name"] for row in rows]
    if value not in names:
        raise ValueError(f"{where}: {name} must be one of {', '.join(names)}, not {value!r}")


def _keys(found: Any, allowed: tuple[str, ...], where: str) -> None:
    if not isinstance(found, dict):
        raise ValueError(f"{where} must have {', '.join(allowed)} in braces")
    for key in found:
        if key not in allowed:
            raise ValueError(f"{where}: {key!r} is none of {', '.join(allowed)}")


def _sentence(text: Any, where: str) -> None:
    if not isinstance(text, str) or not text.strip():
        raise ValueError(f"{where} must be some words")
