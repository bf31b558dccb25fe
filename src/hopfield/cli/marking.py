"""One student's answers, run and checked in the process that this file is the program of.

It reads JSON from standard input and writes a line of JSON for each exercise: page, number, and
what the check says, nothing where the answer is right.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any, TextIO


def limit(memory: int, seconds: int) -> None:
    """Let this process take so many megabytes and seconds, where the system can hold it to that."""
    try:
        import resource
    except ImportError:  # Windows: the time is still limited from without
        return
    bounds = ((resource.RLIMIT_AS, memory * 2**20), (resource.RLIMIT_CPU, seconds))
    for what, most in bounds:
        _, ceiling = resource.getrlimit(what)
        resource.setrlimit(what, (most if ceiling < 0 else min(most, ceiling), ceiling))


def judge(answer: str, check: str, names: dict[str, Any]) -> str:
    """Return what the check says of an answer, run on a copy of the names; "" if it is right."""
    names = dict(names)
    try:
        exec(compile(answer, "<answer>", "exec"), names)
        exec(compile(check, "<check>", "exec"), names)
    except AssertionError as error:
        return " ".join(str(error).split()) or "not yet"
    except BaseException as error:  # whatever it is, the next answer is judged as well
        return f"{type(error).__name__}: {' '.join(str(error).split())}".rstrip(": ")
    return ""


def mark(cells: list[dict[str, Any]], answers: dict[str, str], report: Any) -> None:
    """Run a page from its top, as it stands in the book, and judge each answer where it stands."""
    names: dict[str, Any] = {"__name__": "__main__"}
    last = max((c["number"] for c in cells if str(c["number"]) in answers), default=0)
    for cell in cells[:last]:
        if "check" not in cell:
            exec(compile(cell["code"], f"<cell {cell['number']}>", "exec"), names)
        elif str(cell["number"]) in answers:
            report(cell["number"], judge(answers[str(cell["number"])], cell["check"], names))


def main() -> None:
    """Read, run, report."""
    given = json.load(sys.stdin)
    out: TextIO = os.fdopen(os.dup(1), "w", encoding="utf-8")
    with open(os.devnull, "w", encoding="utf-8") as nowhere:
        os.dup2(nowhere.fileno(), 1)  # what the answers print does not matter
    limit(given["memory"], given["seconds"])
    for page, answers in given["answers"].items():

        def report(number: int, says: str, page: str = page) -> None:
            print(json.dumps([page, number, says]), file=out, flush=True)

        mark(given["pages"][page], answers, report)


if __name__ == "__main__":
    main()
