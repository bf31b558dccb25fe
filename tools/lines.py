"""Count lines of code, docstrings and comments apart: ``python tools/lines.py [FOLDER ...]``."""

from __future__ import annotations

import ast
import io
import sys
import tokenize
from pathlib import Path

_NOT_CODE = {
    tokenize.COMMENT,
    tokenize.NL,
    tokenize.NEWLINE,
    tokenize.INDENT,
    tokenize.DEDENT,
    tokenize.ENDMARKER,
}


def code_lines(source: str) -> int:
    """Return how many lines of a module hold code."""
    docs: set[int] = set()
    for node in ast.walk(ast.parse(source)):
        body = getattr(node, "body", None)
        first = body[0] if isinstance(body, list) and body else None
        if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
            if isinstance(first.value.value, str):
                docs.update(range(first.lineno, (first.end_lineno or first.lineno) + 1))
    lines: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type not in _NOT_CODE:
            lines.update(range(token.start[0], token.end[0] + 1))
    return len(lines - docs)


def main(folders: list[str]) -> None:
    """Print the lines of each file, of each folder and of all."""
    for folder in folders:
        root, total = Path(folder), 0
        rooms: dict[str, int] = {}
        for path in sorted(root.rglob("*.py")):
            lines = code_lines(path.read_text(encoding="utf-8"))
            name = path.relative_to(root)
            print(f"{lines:6} {name}")
            rooms[name.parts[0]] = rooms.get(name.parts[0], 0) + lines
            total += lines
        print()
        for name, lines in rooms.items():
            print(f"{lines:6} {name}")
        print(f"{total:6} {folder}\n")


if __name__ == "__main__":
    main(sys.argv[1:] or ["src/hopfield"])
