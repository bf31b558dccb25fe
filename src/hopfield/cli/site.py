"""The built book: where it is, and a small server for it that only this machine can reach.

A book cannot be opened as files (browsers load no modules from there), so the package serves it.
"""

from __future__ import annotations

import os
import re
import sys
import webbrowser
from base64 import b64encode
from contextlib import suppress
from functools import partial
from hashlib import sha256
from html import unescape
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from socketserver import TCPServer
from threading import Thread
from typing import Any, BinaryIO

from ..base.checks import describe

HOST = "127.0.0.1"
PORT = 8138  # the same each time, where it is free: a link made here works tomorrow
INDEX = "index.html"
TEXT = "text/plain; charset=utf-8"
TYPES = {  # browsers run what has the right type, and a machine's own table may be wrong
    **SimpleHTTPRequestHandler.extensions_map,
    **{".html": "text/html", ".css": "text/css", ".js": "text/javascript"},
    **{".mjs": "text/javascript", ".wasm": "application/wasm", ".json": "application/json"},
    **{".whl": "application/zip", ".zip": "application/zip", ".ipynb": "application/json"},
    **{".svg": "image/svg+xml", ".woff2": "font/woff2", ".md": TEXT, ".py": TEXT, ".txt": TEXT},
}
CDN = "https://cdn.jsdelivr.net/pyodide/"  # where a book that holds no Python has it from
MAX_WAITING = 1024  # connections that nobody has taken yet: a class presses Run at once
# What a page may load: its own files and its Python, in a worker; no script but those it came with.
SOURCES = {
    "default-src": "'self'",
    "script-src": f"'self' 'wasm-unsafe-eval' {CDN}",
    "style-src": "'self' 'unsafe-inline'",  # of mathematics, figures and the editor
    "img-src": "'self' data: blob:",
    "font-src": "'self' data:",
    "connect-src": f"'self' {CDN}",
    "worker-src": "'self' blob:",
    "object-src": "'none'",
    "base-uri": "'self'",
    "form-action": "'self'",
}
HEADERS = {
    "Cache-Control": "no-cache",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-site",
}
SCRIPT = re.compile(r"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", re.DOTALL)
HANDLER = re.compile(r"<[a-z][^>]*\son[a-z]+=\"([^\"]*)\"")
LOCAL = re.compile(r"(127\.0\.0\.1|localhost|\[::1\])(:\d+)?", re.IGNORECASE)


def folder() -> Path:
    """Return the folder of the built book: the one installed here, else the checkout's.

    Returns
    -------
    pathlib.Path
        A folder that holds ``index.html``.

    Raises
    ------
    FileNotFoundError
        If there is none; it says how to make one.
    """
    here = Path(__file__).resolve().parents[1]
    for place in (here / "_book", here.parents[1] / "build" / "book"):
        if (place / INDEX).is_file():
            return place
    raise FileNotFoundError(
        "the book is not built: in a checkout of hopfield, run: make book; "
        "or say with --folder where a built one is"
    )


def policy(page: str = "") -> str:
    """Return the Content-Security-Policy of a page: what it may load and run.

    Parameters
    ----------
    page : str
        Its HTML; the scripts in it may run, by their hashes, and none that gets in later.

    Returns
    -------
    str

    Examples
    --------
    >>> policy("<script>go()</script>").split("; ")[1]
    "script-src 'self' 'wasm-unsafe-eval' https://cdn.jsdelivr.net/pyodide/ 'sha256-...'"
    """
    handlers = sorted({unescape(code) for code in HANDLER.findall(page)})
    scripts = [*dict.fromkeys(SCRIPT.findall(page)), *handlers]
    hashes = [b64encode(sha256(code.encode()).digest()).decode() for code in scripts]
    words = ["'unsafe-hashes'"] * bool(handlers) + [f"'sha256-{one}'" for one in hashes]
    sources = SOURCES | {"script-src": " ".join([SOURCES["script-src"], *words])}
    return "; ".join(f"{what} {where}" for what, where in sources.items())


def server(folder: str | os.PathLike[str], port: int = 0) -> ThreadingHTTPServer:
    """Return a server of a folder on this machine alone, listening and ready to be run.

    Parameters
    ----------
    folder : path
        What it serves; nothing outside it, and no lists of files.
    port : int
        0 takes port 8138, or a free one where that is in use.

    Returns
    -------
    http.server.ThreadingHTTPServer
        ``server_port`` says its port; ``serve_forever()`` runs it; a ``with`` block closes it.

    Raises
    ------
    OSError
        If there is no such folder, or the port is in use.
    ValueError
        If the port is not one.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as place, server(place) as web:
    ...     web.server_address[0]
    '127.0.0.1'
    """
    root = Path(folder).resolve()
    if not root.is_dir():
        raise NotADirectoryError(f"folder {folder} is not a folder")
    if isinstance(port, bool) or not isinstance(port, int) or not 0 <= port < 2**16:
        raise ValueError(f"port must be an integer from 0 to 65535, not {describe(port)}")
    page = partial(_Page, directory=str(root))
    if port == 0:
        with suppress(OSError):
            return _Server((HOST, PORT), page)
    try:
        return _Server((HOST, port), page)
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise OSError(f"port {port} cannot be used: {why}; port 0 takes a free one") from error


def serve(
    folder: str | os.PathLike[str], port: int = 0, open_browser: bool = True, page: str = INDEX
) -> None:
    """Serve a built book on this machine alone, and say where, until Ctrl-C.

    Parameters
    ----------
    folder : path
        The built book, as from `folder`.
    port : int
        0 takes port 8138, or a free one where that is in use.
    open_browser : bool
        Whether to open the page in a browser.
    page : str
        Which page to open and name.

    Raises
    ------
    OSError
        If the folder does not hold the page, or the port is in use.
    """
    if not Path(folder, page).is_file():
        raise FileNotFoundError(f"folder {folder} holds no built book: {page} is not there")
    try:
        with server(folder, port) as web:
            address = f"http://{HOST}:{web.server_port}/{'' if page == INDEX else page}"
            print(f"The book: {address}\nCtrl-C stops it", flush=True)
            if open_browser:  # some browsers return only when they are closed
                Thread(target=webbrowser.open, args=(address,), daemon=True).start()
            web.serve_forever()
    except KeyboardInterrupt:
        print()


class _Server(ThreadingHTTPServer):
    allow_reuse_address = sys.platform != "win32"  # there, it would share a port that is in use
    allow_reuse_port = False
    request_queue_size = MAX_WAITING

    def server_bind(self) -> None:
        TCPServer.server_bind(self)  # HTTPServer's asks for this machine's name: slow when offline
        self.server_name, self.server_port = HOST, int(self.server_address[1])

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exc_info()[1], OSError):  # that is a browser that went away
            super().handle_error(request, client_address)


class _Page(SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 60  # seconds that a browser may keep a silent connection
    extensions_map = TYPES
    _found = False  # whether the request is for what may be read

    def send_head(self) -> BytesIO | BinaryIO | None:
        self._found = False  # of the connection's last request
        if not LOCAL.fullmatch(self.headers.get("Host", "")):  # a foreign name led a browser here
            self.send_error(HTTPStatus.MISDIRECTED_REQUEST)
        elif not self._inside():
            self.send_error(HTTPStatus.NOT_FOUND)
        else:
            self._found = True
            return super().send_head()
        return None

    def _inside(self) -> bool:
        """Say whether what would be sent lies in the folder, links followed."""
        root, path = Path(self.directory), Path(self.translate_path(self.path))
        try:
            ends = [end.resolve() for end in (path, path / INDEX, path / "index.htm")]
        except (OSError, RuntimeError, ValueError):  # too long, a ring of links, a null byte
            return False
        return all(end.is_relative_to(root) for end in ends)

    def list_directory(self, path: str | os.PathLike[str]) -> None:
        self.send_error(HTTPStatus.NOT_FOUND)

    def end_headers(self) -> None:
        for name, value in HEADERS.items():
            self.send_header(name, value)
        self.send_header("Content-Security-Policy", policy(self._text()))
        super().end_headers()

    def _text(self) -> str:
        """Return the HTML that is sent, "" where it is none."""
        path = Path(self.translate_path(self.path) if self._found else "")
        with suppress(OSError):
            page = path / INDEX if path.is_dir() else path
            if page.suffix == ".html":
                return page.read_text(encoding="utf-8", errors="replace")
        return ""

    def version_string(self) -> str:
        return "hopfield"

    def log_message(self, format: str, *args: Any) -> None:
        """Keep the terminal for the address."""
