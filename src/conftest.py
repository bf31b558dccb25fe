"""The examples in docstrings are tests.

Those of a bridge run where its host is installed, the widget's where its front end is built.
"""

from importlib.util import find_spec
from pathlib import Path

WIDGET = Path(__file__).parents[1] / "web" / "dist" / "widget.js"  # tools/front.py build

collect_ignore = [] if find_spec("torch") else ["hopfield/torch.py"]  # no part of the extra `test`
collect_ignore += [] if WIDGET.is_file() else ["hopfield/lab/widget.py"]
