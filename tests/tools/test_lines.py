"""Lines of code, docstrings and comments apart."""

from __future__ import annotations

import runpy
from pathlib import Path

CODE_LINES = runpy.run_path(str(Path(__file__).parents[2] / "tools" / "lines.py"))["code_lines"]

SOURCE = '''
"""A module
of two lines."""

# a comment
LIST = [
    1,  # counted

]
TEXT = """counted:
a text that is no docstring"""


def f():
    """Not counted."""
    return """counted"""
'''


def test_docstrings_comments_and_empty_lines_are_no_code():
    assert CODE_LINES(SOURCE) == 3 + 2 + 2
    assert CODE_LINES("") == CODE_LINES("# nothing\n") == 0
