"""The command line: ``hopfield tour``, ``gallery``, ``recall``, ``info``, ``book``, ``scan`` ...

What a command computes is the library's; here are only its words. Typer and Rich come with
the extra ``cli``.
"""

from __future__ import annotations

import io
import os
import re
import sys
import traceback
from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from typing import Any

from ..base.checks import missing

BAD_INPUT = (ValueError, TypeError, OSError, ImportError, RuntimeError, MemoryError)


def main(args: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status.

    Parameters
    ----------
    args : sequence of str, optional
        The words after ``hopfield``; by default those of the process.

    Returns
    -------
    int
        0; 1 where a check of the tour failed; 2 for bad input; 130 after Ctrl-C.

    Examples
    --------
    >>> main(["--version"])
    hopfield ...
    0
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a file may have any name
    if not (find_spec("typer") and find_spec("rich")):
        return _complain(str(missing("the command line needs typer and rich", "cli")))
    import typer

    words = spread(sys.argv[1:] if args is None else args)
    try:
        status = _program()(words or ["--help"], prog_name="hopfield", standalone_mode=False)
    except (KeyboardInterrupt, typer.Abort):
        status = 130
    except Exception as error:
        told = hasattr(error, "format_message") or hasattr(error, "__notes__")
        if not (told or isinstance(error, BAD_INPUT)):
            raise
        if os.environ.get("HOPFIELD_DEBUG") == "1":
            traceback.print_exc()
        return _complain(called(_sentence(error), words), getattr(error, "status", 2))
    return _complain("stopped, nothing was written", 130) if status == 130 else int(status or 0)


def spread(words: Sequence[str], option: str = "--store") -> list[str]:
    """Repeat an option before each of its values, as Typer wants it.

    Examples
    --------
    >>> spread(["recall", "--store", "a.png", "b.png", "--flip", "0.2"])
    ['recall', '--store', 'a.png', '--store', 'b.png', '--flip', '0.2']
    """
    out: list[str] = []
    inside = False
    for word in words:
        if word.startswith("-"):
            inside = word.split("=")[0] == option
        elif inside and out[-1] != option:
            out.append(option)
        out.append(word)
    return out


def called(text: str, words: Sequence[str]) -> str:
    """Return an error of the library in the words of the command that led to it.

    Examples
    --------
    >>> called("shape must be given: 60 neurons do not form a square", ["recall"])
    '--size must be given: 60 neurons do not form a square'
    """
    command = _program().commands.get(words[0] if words else "")
    if command is None:
        return text
    from .options import CALLED

    own = {}
    for one in command.params:
        own[one.name] = one.opts[0] if one.opts[0].startswith("-") else one.metavar.split("=")[0]
    names = {k: name for k, name in CALLED.items() if name.split()[-1] in own.values()} | own
    subject = re.compile(r"^\w+(?= (must|cannot|as a fraction)\b)")
    text = subject.sub(lambda found: names.get(found[0], found[0]), text)
    return re.sub(r"\b(\w+)=(?=\S)", lambda at: f"{own[at[1]]} " if at[1] in own else at[0], text)


@cache
def _program() -> Any:
    """Return the program of all commands, each with its examples at the end of its help."""
    import typer

    from . import book, grade, info, learn, recall, scan, tour
    from .options import before_the_command

    app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
    app.callback(help="Hopfield networks: a memory, a neuron and an order.")(before_the_command)
    for module in (tour, recall, learn, info, book, grade, scan):
        for command, examples in module.COMMANDS.items():
            lines = (f"  hopfield {command.__name__} {words}".rstrip() for words in examples)
            app.command(epilog="\n".join(["\b", "Examples:", *lines]))(command)
    return typer.main.get_command(app)


def _complain(text: str, status: int = 2) -> int:
    print(f"hopfield: {text}", file=sys.stderr)
    return status


def _sentence(error: Exception) -> str:
    """Return an error as one line."""
    if hasattr(error, "format_message"):  # Typer's own, about the words of the command
        text = error.format_message()
    elif isinstance(error, OSError) and error.strerror and error.filename:
        text = f"{error.filename}: {error.strerror}"
    else:
        kind = "" if isinstance(error, BAD_INPUT) and str(error) else f"{type(error).__name__} "
        text = ", ".join([f"{kind}{error}", *getattr(error, "__notes__", ())])
    words = (f"{word[:40]}...{word[-20:]}" if len(word) > 80 else word for word in text.split())
    return " ".join(words)
