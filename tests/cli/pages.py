"""The files of a small book, and the type that a browser needs of each kind."""

from __future__ import annotations

FILES = {
    "index.html": "<h1>The book</h1>",
    "lab.html": "<h1>The lab</h1>",
    "a file.txt": "a name with a space",
    "_static/index.html": "a folder's own page",
    "empty/deep/page.html": "no index above",
}


TYPES = {
    "pyodide.asm.wasm": "application/wasm",
    "pyodide.mjs": "text/javascript",
    "live.js": "text/javascript",
    "live.css": "text/css",
    "numpy-2-wasm32.whl": "application/zip",
    "python_stdlib.zip": "application/zip",
    "pyodide-lock.json": "application/json",
    "chapter.ipynb": "application/json",
    "chapter.py": "text/plain; charset=utf-8",
    "figure.svg": "image/svg+xml",
    "figure.png": "image/png",
    "page.html": "text/html",
}
