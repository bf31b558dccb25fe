"""Runs README's examples with the hopfield that is installed: tools/bare.py [--alone].

For an environment that holds a built wheel, outside of the source:

    python -I tools/bare.py            the examples, and the command lines on two pictures
    python -I tools/bare.py --alone    the examples, and recall, where there is nothing but NumPy
"""

from __future__ import annotations

import contextlib
import io
import re
import shlex
import subprocess
import sys
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

README = Path(__file__).resolve().parents[1] / "README.md"
EXAMPLE = re.compile(r"```python\n(.*?)```\s*```text\n(.*?)```", re.DOTALL)
COMMAND = re.compile(r"^    (?:\.venv/bin/)?hopfield (.*)$", re.MULTILINE)
OTHERS = ("scipy", "numba", "matplotlib", "PIL")


def examples(text: str) -> int:
    """Run each example, which must print what is shown; return how many there were."""
    found = EXAMPLE.findall(text)
    for code, shown in found:
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(code, {})
        assert printed.getvalue() == shown, f"shown:\n{shown}printed:\n{printed.getvalue()}"
    return len(found)


def commands(text: str) -> int:
    """Run each command line where a.png and b.png are; return how many there were."""
    import hopfield as hf

    found = COMMAND.findall(text)
    with TemporaryDirectory() as folder:
        for file, picture in zip(("a.png", "b.png"), hf.pictures.large("BU", "BC"), strict=True):
            hf.pictures.save_image(Path(folder, file), picture, shape=(100, 100))
        for words in found:
            done = subprocess.run(
                [sys.executable, "-I", "-m", "hopfield", *shlex.split(words)],
                cwd=folder,
                capture_output=True,
                text=True,
                check=False,
            )
            assert done.returncode == 0, f"hopfield {words}\n{done.stdout}{done.stderr}"
    return len(found)


def recalled() -> None:
    """See two patterns recalled exactly, each from a cue with a tenth of its neurons wrong."""
    import numpy as np

    import hopfield as hf

    patterns = hf.random_patterns(2, 200, rng=1)
    for pattern in patterns:
        result = hf.recall(hf.hebb(patterns), hf.flip(pattern, 20, rng=2), rng=3)
        assert np.array_equal(result.state, pattern), "recall is not exact"


def main(*, alone: bool) -> None:
    """Run what there is."""
    import hopfield as hf

    assert hf.__version__ == version("hopfield"), "the version of the package is not the wheel's"
    source = README.parent / "src"
    assert source not in Path(hf.__file__).resolve().parents, (
        "this is the source, no installed wheel"
    )
    present = [name for name in OTHERS if find_spec(name)]
    assert not (alone and present), f"NumPy is not alone: {present}"
    text = README.read_text(encoding="utf-8")
    recalled()
    ran = f"{examples(text)} examples"
    if not alone:
        ran += f" and {commands(text)} command lines"
    print(f"hopfield {hf.__version__} runs README's {ran}{' with NumPy alone' if alone else ''}")


if __name__ == "__main__":
    main(alone="--alone" in sys.argv[1:])
