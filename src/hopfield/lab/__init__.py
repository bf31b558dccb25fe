"""The lab: one front end for a page of the book and, as a widget, for a notebook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..core.memory import Memory

if TYPE_CHECKING:
    from .widget import Widget

__all__ = ["Lab"]
__dir__ = __all__.copy


def Lab(  # noqa: N802  what it returns is a lab
    memory_or_patterns: Memory | Any,
    *,
    patterns: Any = None,
    names: Any = None,
    cue: Any = None,
    seed: int = 2026,
    **settings: Any,
) -> Widget:
    """Return the lab of the book as a widget: draw, store, spoil and watch a network recall.

    It works in Jupyter and marimo, runs on the kernel's own hopfield, and fetches nothing from a
    network. VS Code and Colab show such widgets too.

    Parameters
    ----------
    memory_or_patterns : Memory or array_like (P, N)
        Patterns, which the lab learns, or a memory of pairs of neurons, which it runs as it is
        until another rule is chosen. Patterns are -1/+1 or bools; of the models "attention" and
        "graded" they are grey levels from -1 (paper) to 1 (ink), of "potts" colours 0 ... q-1. N
        is a square number from 9 to 40,000, the pixels of the canvas; some models and rules take
        fewer.
    patterns : array_like (P, N), optional
        What a memory is compared with; those that it holds if left out.
    names : sequence of str, optional
        What the patterns are called; "pattern 0" and so on if left out.
    cue : array_like (N,), optional
        What the canvas shows first, 0 where it is unknown, for "potts" -1; the first pattern if
        left out.
    seed : int
        Of all that is random in a run.
    **settings
        What is chosen at first: ``model`` ("pairs", "dense", "exponential", "sequence",
        "attention", "graded", "potts", "machine"), ``rule``, ``neuron`` (of pairs "Sign",
        "HeatBath", "Anneal"), ``tie``, ``order`` ("Shuffled", "Random", "Sequential", "Sync"),
        ``hold`` ("nothing", "known"), ``T``, and what a model is made of: ``degree``, ``stay``,
        ``strength``, ``drive``, ``ends``, ``attention``, ``similarity``, ``beta`` (times N),
        ``gain``, ``q``, ``hidden``, ``epochs``. A neuron or an order that does not go with the
        model gives way to its own.

    Returns
    -------
    Widget
        An anywidget. These values of it are live, and can be observed: ``state`` (N,), where the
        run stands, in reals for grey levels and 0 ... q-1 for colours (-1 where not known);
        ``patterns`` (P, N) and ``names``, what the network has learned, in the same values;
        ``memory``, and ``run``, the `Run` itself, None before it begins. Patterns, or a state,
        that are assigned are shown on the canvas.

    Raises
    ------
    ImportError
        If anywidget is not there: the extra ``lab`` installs it.
    TypeError, ValueError
        If N is no square number that the canvas and the model can show, a shape does not fit,
        patterns or a state are none of the model's, or a setting is none of the lab's.

    Examples
    --------
    >>> lab = hf.lab.Lab(hf.pictures.large("BU", "BC"), names=["BU", "BC"])  # doctest: +SKIP
    >>> lab  # doctest: +SKIP
    >>> lab.run.result()  # doctest: +SKIP
    """
    try:
        from .widget import Widget
    except ImportError as error:
        raise ImportError(f"hf.lab.Lab needs what 'hopfield[lab]' installs: {error}") from error
    return Widget(
        memory_or_patterns, patterns=patterns, names=names, cue=cue, seed=seed, settings=settings
    )
