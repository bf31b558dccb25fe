"""``hopfield grade``: what students handed in, judged by the book's own checks."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from typing import Any

from rich.table import Table

from ..base.checks import count
from . import site
from .options import Book, Folder, Json, Megabytes, Seconds
from .output import console, print_json

LARGEST = 5_000_000  # bytes of a file; a whole book's answers take some 50,000
QUIET = {"MPLBACKEND": "agg", "OPENBLAS_NUM_THREADS": "1", "HOPFIELD_THREADS": "1"}


def grade(
    folder: Folder,
    book: Book = None,
    seconds: Seconds = 120,
    memory: Megabytes = 4000,
    as_json: Json = False,
) -> int:
    """Run the checks of the book's exercises again on the answers that students handed in.

    Each file is one student's: the page's Hand in writes it. Folders within the folder are read
    too. Each file runs in a process of its own, with limits of time and memory. That is no sandbox:
    it is the students' code, on your machine.
    """
    limits = count(seconds, "seconds", 1), count(memory, "memory", 100)
    exercises = read_exercises(book or site.folder())
    files = sorted(folder.rglob("*.json"))  # platforms pack a folder for each student
    if not files:
        raise ValueError(
            f"folder must hold files that students handed in (.json), {folder} has none"
        )
    with ThreadPoolExecutor(min(len(files), os.cpu_count() or 1)) as pool:
        marks = pool.map(lambda file: judged(file, exercises, *limits), files)
        names = [file.relative_to(folder).as_posix() for file in files]
        found = [{"file": name, **one} for name, one in zip(names, marks, strict=True)]
    if as_json:
        print_json(found)
    else:
        print_table(found)
    return 0


COMMANDS = {grade: ("handed-in", "handed-in --json", "handed-in --seconds 30 --book build/book")}


def read_exercises(book: Path) -> dict[str, Any]:
    """Return each chapter's cells and checks, which the book's build wrote."""
    file = book / "downloads" / "exercises.json"
    if not file.is_file():
        raise ValueError(f"book must be a built book with {file.name}, {book} has none")
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return found


def judged(file: Path, exercises: dict[str, Any], seconds: int, memory: int) -> dict[str, Any]:
    """Return what became of one student's answers: each exercise, and a word of why not."""
    try:
        answers = read_answers(file, exercises)
    except ValueError as error:
        return {"problem": str(error), "answers": []}
    pages = {page: exercises[page]["cells"] for page in answers}
    given = json.dumps({"memory": memory, "seconds": seconds, "pages": pages, "answers": answers})
    told, ending = run_apart(given, seconds)
    said = read_marks(told)
    known = [(page, cell) for page in exercises for cell in exercises[page]["cells"]]
    rows = [
        {
            "page": page,
            "exercise": cell["title"],
            "right": said.get((page, cell["number"])) == "",
            "says": said.get((page, cell["number"]), ending or "it was not run"),
        }
        for page, cell in known
        if "check" in cell and str(cell["number"]) in answers.get(page, {})
    ]
    return {"problem": "", "answers": rows}


def read_answers(file: Path, exercises: dict[str, Any]) -> dict[str, dict[str, str]]:
    """Return page -> number of the cell -> code, of those pages that there are.

    Raises
    ------
    ValueError
        If the file is not what a page hands in; it says so in a sentence.
    """
    problem = ValueError("this is no file that a page of the book handed in")
    try:
        if file.stat().st_size > LARGEST:
            raise problem
        given = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        raise problem from None
    answers = given.get("answers") if isinstance(given, dict) else None
    if not isinstance(answers, dict):
        raise problem
    for cells in answers.values():
        codes = cells.values() if isinstance(cells, dict) else [None]
        if not all(isinstance(code, str) for code in codes):
            raise problem
    return {page: answers[page] for page in exercises if page in answers}


def run_apart(given: str, seconds: int) -> tuple[str, str]:
    """Run the answers in a process of their own; return what it wrote, and how it ended early.

    It reads and writes files, and no pipes: what it leaves running could hold those open for ever.
    """
    with TemporaryDirectory() as home, TemporaryFile() as asked, TemporaryFile() as told:
        asked.write(given.encode())
        asked.seek(0)
        child = subprocess.Popen(
            [sys.executable, "-P", "-m", "hopfield.cli.marking"],
            stdin=asked,
            stdout=told,
            stderr=subprocess.DEVNULL,
            cwd=home,
            env={**os.environ, **QUIET},
            start_new_session=True,
        )
        ending = ""
        try:
            if child.wait(seconds):
                ending = "it ended Python, for want of memory or otherwise"
        except subprocess.TimeoutExpired:
            ending = f"it did not end within {seconds} seconds"
        finally:
            stop(child)
            child.wait()
        told.seek(0)
        return told.read().decode("utf-8", "replace"), ending


def read_marks(told: str) -> dict[tuple[str, int], str]:
    """Return (page, number) -> what its check said, of the lines that are whole and are marks."""
    found = {}
    for line in told.splitlines(keepends=True):
        with suppress(ValueError, RecursionError):  # an answer may have written there too
            match json.loads(line) if line.endswith("\n") else None:
                case [str(page), int(number), str(words)]:
                    found[page, number] = words
    return found


def stop(child: subprocess.Popen[bytes]) -> None:
    """End a process and what it started."""
    with suppress(OSError):
        if hasattr(os, "killpg"):
            os.killpg(child.pid, signal.SIGKILL)
        else:
            child.kill()


def print_table(found: list[dict[str, Any]]) -> None:
    """Print a row a student, and below it what was not right."""
    table = Table("file", "right", "answered", "not right", box=None, pad_edge=False)
    for one in found:
        rows = one["answers"]
        wrong = [
            f"{row['page']}, {row['exercise']}: {row['says']}" for row in rows if not row["right"]
        ]
        words = "\n".join([one["problem"]] if one["problem"] else wrong)
        table.add_row(one["file"], str(len(rows) - len(wrong)), str(len(rows)), words)
    console().print(table)
