"""Runs the page's cells in the worker: what is printed, drawn and raised goes to the page."""

import ast
import builtins
import functools
import importlib
import io
import linecache
import os
import sys
import time
import traceback
import types

import figures
import samples

LARGEST = 200_000  # characters that one cell may print
AT_ONCE = 100  # writes sent without delay; beyond, one message holds what comes in EVERY seconds
EVERY = 0.05

os.environ["MPLBACKEND"] = f"module://{__name__}"  # `show` and `FigureCanvas` below

cells = {}  # file name -> the name a traceback shows
page = types.ModuleType("__main__")
sys.modules["__main__"] = page
answer = {}  # the names of the exercise that ran last: a copy, which leaves the chapter's alone
sending = None  # sends the figures of the cell that runs

samples.install()


def run(code, name, fine, part, sample, emit):
    """Run a cell: return {"value"} or {"error"}; call emit(kind, value) with what comes out.

    Images are drawn ``fine`` times as fine as the screen; with 0 nothing is shown. The part is
    "cell", "exercise", the "check" of the exercise that ran last, or "ahead": a cell with another
    value of its slider, which leaves no name behind. The seeds are those of the
    sample; the value is how many the code has taken.
    """
    global answer, sending
    if part == "exercise":
        answer = dict(page.__dict__)
    names = page.__dict__ if part == "cell" else answer
    if part == "ahead":
        names = dict(page.__dict__)
    samples.draw(sample)
    file = f"<{name}>"
    cells[file] = name
    linecache.cache[file] = len(code), None, code.splitlines(keepends=True), file
    out = Stream(emit)
    before = sys.stdout, sys.stderr
    sys.stdout = sys.stderr = out
    sending = functools.partial(send_figures, emit, fine, out)
    try:
        value = execute(code, file, names)
        if value is not None and fine:
            out.write(repr(value) + "\n")
        sending()
        return {"value": samples.seeds}
    except BaseException as error:  # SystemExit and KeyboardInterrupt too end a cell alone
        send_figures(emit, 0, out)
        return {"error": explain(error, file)}
    finally:
        out.flush()
        sys.stdout, sys.stderr = before


def execute(code, file, names):
    """Run the code; return the value of its last line as a notebook does."""
    tree = parsed(code, file)
    last = None
    if tree.body and isinstance(tree.body[-1], ast.Expr) and not code.rstrip().endswith(";"):
        last = ast.Expression(tree.body.pop().value)
    exec(compile(tree, file, "exec"), names)
    return None if last is None else eval(compile(last, file, "eval"), names)


def parsed(code, file):
    """Parse the code without a notebook's own commands, %this and !that, which are named."""
    lines, left_out = code.split("\n"), []
    while True:
        try:
            tree = ast.parse("\n".join(lines), file)
        except SyntaxError as error:
            at = error.lineno or 0
            line = "".join(lines[at - 1 : at])
            command = line.lstrip()
            if not command.startswith(("%", "!")):
                raise
            left_out.append(command.rstrip())
            lines[at - 1] = line.removesuffix(command) + "pass"
        else:
            for line in left_out:
                print(f"({line} is a notebook's command; it is left out here)")
            return tree


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
        ours = [frame for frame in part.stack or () if frame.filename in cells]
        part.stack = traceback.StackSummary.from_list(ours) if ours else None
        line = line or next((f.lineno for f in reversed(ours) if f.filename == file), None)
    if isinstance(error, SyntaxError) and error.filename == file:
        line = error.lineno
    text = "".join(stack.format())
    for file, name in cells.items():
        text = text.replace(f'File "{file}"', name)
    stack.__notes__ = None
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
        try:
            emit("figure", picture(pyplot.figure(number), fine))
        except Exception as error:
            error.add_note("This was met while the figure was drawn, after the cell's own lines.")
            raise
    pyplot.close("all")


def picture(figure, fine):
    """Return a figure's bytes: SVG, or PNG that is ``fine`` times as fine as the screen."""
    drawing = figures.vector(figure)
    if drawing:
        return drawing.encode()
    png = io.BytesIO()
    figure.savefig(png, format="png", dpi=fine * figure.dpi, bbox_inches="tight")
    return png.getvalue()


def show(*_, **__):
    """Do what plt.show() says, which calls it by this name: send what is drawn so far."""
    sending()


def __getattr__(name):
    """Be a backend of matplotlib's that draws as Agg does, once there is matplotlib."""
    global FigureCanvas
    if name != "FigureCanvas":
        raise AttributeError(name)
    from matplotlib.backends.backend_agg import FigureCanvasAgg as FigureCanvas

    return FigureCanvas


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
