"""Runs the page's cells in the worker: what is printed, drawn and raised goes to the page."""

import ast
import builtins
import importlib
import io
import linecache
import os
import sys
import time
import traceback
import types

LARGEST = 200_000  # characters that one cell may print
AT_ONCE = 100  # writes sent without delay; beyond, one message holds what comes in EVERY seconds
EVERY = 0.05

os.environ["MPLBACKEND"] = "agg"  # a worker has no page to draw on

cells = {}  # file name -> the name a traceback shows
page = types.ModuleType("__main__")
sys.modules["__main__"] = page
answer = {}  # the names of the exercise that ran last: a copy, which leaves the chapter's alone


def run(code, name, fine, part, emit):
    """Run a cell: return {} or {"error": ...}; call emit(kind, value) with what comes out.

    Figures are drawn ``fine`` times as fine as the screen; with 0 nothing is shown. The part is
    "cell", "exercise", or the "check" of the exercise that ran last.
    """
    global answer
    if part == "exercise":
        answer = dict(page.__dict__)
    names = page.__dict__ if part == "cell" else answer
    file = f"<{name}>"
    cells[file] = name
    linecache.cache[file] = len(code), None, code.splitlines(keepends=True), file
    out = Stream(emit)
    before = sys.stdout, sys.stderr
    sys.stdout = sys.stderr = out
    try:
        value = execute(code, file, names)
        if value is not None and fine:
            out.write(repr(value) + "\n")
        send_figures(emit, fine, out)
        return {}
    except BaseException as error:  # SystemExit and KeyboardInterrupt too end a cell alone
        send_figures(emit, 0, out)
        return {"error": explain(error, file)}
    finally:
        out.flush()
        sys.stdout, sys.stderr = before


def execute(code, file, names):
    """Run the code; return the value of its last line as a notebook does."""
    tree = ast.parse(code, file)
    last = None
    if tree.body and isinstance(tree.body[-1], ast.Expr) and not code.rstrip().endswith(";"):
        last = ast.Expression(tree.body.pop().value)
    exec(compile(tree, file, "exec"), names)
    return None if last is None else eval(compile(last, file, "eval"), names)


def call(module, name, args, keep=True):
    """Call a module's function: return {"value": ...} or {"error": ...}."""
    try:
        value = getattr(importlib.import_module(module), name)(*args)
        return {"value": value if keep else None}
    except BaseException as error:
        return {"error": explain(error)}


def explain(error, file=None):
    """Return the message, the traceback within the page's cells, and the last line of the file."""
    line = None
    stack = traceback.TracebackException.from_exception(error)
    for part in chain(stack):
        ours = [frame for frame in part.stack if frame.filename in cells]
        if ours:
            part.stack = traceback.StackSummary.from_list(ours)
        line = line or next((f.lineno for f in reversed(ours) if f.filename == file), None)
    if isinstance(error, SyntaxError) and error.filename == file:
        stack.stack = traceback.StackSummary.from_list([])
        line = error.lineno
    text = "".join(stack.format())
    for file, name in cells.items():
        text = text.replace(f'File "{file}"', name)
    message = "".join(stack.format_exception_only()).strip().splitlines()[-1]
    return {"message": message, "traceback": text, "line": line}


def chain(stack):
    """Yield a traceback and those it came from."""
    while stack is not None:
        yield stack
        stack = stack.__cause__ or (None if stack.__suppress_context__ else stack.__context__)


def send_figures(emit, fine, out):
    """Send the open figures, as a notebook does at the end of a cell, and close them."""
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is None:
        return
    out.flush()
    for number in pyplot.get_fignums() if fine else ():
        png = io.BytesIO()
        figure = pyplot.figure(number)
        figure.savefig(png, format="png", dpi=fine * figure.dpi, bbox_inches="tight")
        emit("figure", png.getvalue())
    pyplot.close("all")


class Stream(io.TextIOBase):
    """What a cell prints, sent at once, but not in more messages than a page can take."""

    def __init__(self, emit):
        self.emit, self.kept, self.writes, self.sent, self.total = emit, [], 0, 0.0, 0

    def write(self, text):
        if self.total < LARGEST:
            self.kept.append(text[: LARGEST - self.total])
            if self.total + len(text) >= LARGEST:
                self.kept.append(f"\n(no more than {LARGEST:,} characters are shown)\n")
        self.total += len(text)
        self.writes += 1
        few = "\n" in text and self.writes < AT_ONCE
        if few or time.monotonic() - self.sent > EVERY:
            self.flush()
        return len(text)

    def flush(self):
        if self.kept:
            self.emit("text", "".join(self.kept))
            self.kept, self.sent = [], time.monotonic()

    def writable(self):
        return True


def refuse_input(prompt=""):
    """Say why a page's cell cannot ask."""
    raise RuntimeError("input() is not available in the browser: write the value in the code")


builtins.input = refuse_input
