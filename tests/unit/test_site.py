"""The server of the book: what it gives, what it refuses, how it starts and how it ends."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import zipfile
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

import pytest
import yaml

import hopfield as hf
from hopfield import cli
from hopfield.cli import site

ROOT = Path(__file__).parents[2]
ENV = {**os.environ, "PYTHONPATH": str(Path(hf.__file__).parents[1]), "COLUMNS": "80"}
ENV.pop("HOPFIELD_BOOK", None)
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


@pytest.fixture
def book(tmp_path):
    """A small built book, and something beside it that is no part of it."""
    for name, text in (FILES | {f"types/{name}": "x" for name in TYPES}).items():
        path = tmp_path / "book" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (tmp_path / "secret.txt").write_text("secret")
    return tmp_path / "book"


@pytest.fixture(autouse=True)
def home(monkeypatch):
    """A free port in place of the usual one, on which something else may run here."""
    with socket.create_server((site.HOST, 0)) as free:
        port = free.getsockname()[1]
    monkeypatch.setattr(site, "PORT", port)
    return port


@pytest.fixture
def ask(book):
    """Ask a running server of the book; return its status, headers and text."""
    with site.server(book) as web:
        thread = threading.Thread(target=web.serve_forever, args=(0.02,))
        thread.start()

        def ask(path, method="GET", **headers):
            connection = HTTPConnection(site.HOST, web.server_port, timeout=20)
            try:
                connection.putrequest(method, path, skip_host="Host" in headers)
                for name, value in headers.items():
                    if value is not None:
                        connection.putheader(name.replace("_", "-"), value)
                connection.endheaders()
                answer = connection.getresponse()
                return answer.status, answer.headers, answer.read().decode()
            finally:
                connection.close()

        yield ask
        web.shutdown()
        thread.join()


# ---- what it gives -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("/", "<h1>The book</h1>"),
        ("/index.html", "<h1>The book</h1>"),
        ("/lab.html?state=abc#x", "<h1>The lab</h1>"),
        ("/a%20file.txt", "a name with a space"),
        ("/_static/", "a folder's own page"),
        ("/_static/../lab.html", "<h1>The lab</h1>"),
    ],
)
def test_pages(ask, path, text):
    status, headers, found = ask(path)
    assert (status, found) == (200, text)
    assert headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("name", TYPES)
def test_every_file_has_the_type_that_a_browser_needs(ask, name):
    status, headers, _ = ask(f"/types/{name}")
    assert (status, headers["Content-Type"]) == (200, TYPES[name])
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_head_gives_the_headers_alone(ask):
    status, headers, text = ask("/lab.html", "HEAD")
    assert (status, headers["Content-Length"], text) == (200, str(len(FILES["lab.html"])), "")
    assert ask("/nothing.html", "HEAD")[::2] == (404, "")


def test_a_page_that_has_not_changed_is_not_sent_again(ask):
    changed = ask("/")[1]["Last-Modified"]
    status, _, text = ask("/", If_Modified_Since=changed)
    assert (status, text) == (304, "")


def test_a_folder_leads_to_its_page_on_the_same_machine(ask):
    status, headers, _ = ask("/_static")
    assert (status, headers["Location"]) == (301, "/_static/")


# ---- what it refuses -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "/nothing.html",
        "/empty/",
        "/empty/deep/",
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "/_static/../../secret.txt",
        "/..\\secret.txt",
        "//secret.txt",
        "/%00",
        "/a%00/index.html",
        "/" + "a" * 5000,
        "/index.html/",
        "/%ff%fe",
    ],
)
def test_no_other_page_no_list_of_files_and_nothing_outside(ask, path):
    status, headers, text = ask(path)
    assert status == 404
    assert headers["Cache-Control"] == "no-cache"
    assert "secret" not in text
    assert "page.html" not in text


@pytest.mark.parametrize("link", ["link.txt", "linked/index.html"])
def test_no_link_leads_out(ask, book, link):
    (book / link).parent.mkdir(exist_ok=True)
    (book / link).symlink_to(book.parent / "secret.txt")
    assert ask(f"/{link}")[0] == 404
    assert ask(f"/{link.removesuffix('index.html')}")[0] == 404


def test_a_ring_of_links_leads_nowhere(ask, book):
    (book / "ring").symlink_to(book / "ring")
    assert ask("/ring")[0] == 404


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.0.0.1:9", "localhost", "LocalHost:80", "[::1]:8"]
)
def test_names_of_this_machine_are_answered(ask, host):
    assert ask("/", Host=host)[0] == 200


@pytest.mark.parametrize(
    "host",
    ["example.org", "localhost.example.org", "127.0.0.1.example.org:80", "", "localhost:x", None],
)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_any_other_name_is_not(ask, host, method):
    status, _, text = ask("/", method, Host=host)
    assert status == 421
    assert "The book" not in text


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_it_only_reads(ask, method):
    assert ask("/", method)[0] == 501


def test_it_answers_after_all_that(ask, capfd):
    for path in ("/../secret.txt", "/%00", "/nothing"):
        ask(path)
    assert ask("/")[0] == 200
    assert capfd.readouterr() == ("", "")


def test_only_this_machine_can_reach_it(book):
    with site.server(book) as web:
        assert web.socket.getsockname()[0] == "127.0.0.1"


# ---- ports and folders ---------------------------------------------------------------------


def test_the_usual_port_is_taken_and_another_one_where_it_is_in_use(book, home):
    with site.server(book) as first, site.server(book) as second:
        assert first.server_port == home
        assert second.server_port not in (0, home)


def test_a_port_that_was_asked_for_and_is_in_use_is_an_error(book):
    with socket.create_server((site.HOST, 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(OSError, match=f"port {port} cannot be used: .*; port 0 takes a free"):
            site.server(book, port)


@pytest.mark.parametrize("port", [-1, 65536, True, 80.0, "8000", None])
def test_a_port_is_a_number(book, port):
    with pytest.raises(ValueError, match="port must be an integer from 0 to 65535, not "):
        site.server(book, port)


def test_a_folder_must_be_a_folder_with_the_page(book, tmp_path):
    with pytest.raises(NotADirectoryError, match=r"secret\.txt is not a folder"):
        site.server(tmp_path / "secret.txt")
    with pytest.raises(FileNotFoundError, match=r"holds no built book: index\.html is not there"):
        site.serve(tmp_path)
    (book / "lab.html").unlink()
    with pytest.raises(FileNotFoundError, match=r"lab\.html is not there"):
        site.serve(book, page="lab.html")


def test_the_installed_book_comes_first_then_the_checkouts(tmp_path, monkeypatch):
    package = tmp_path / "src" / "hopfield"
    monkeypatch.setattr(site, "__file__", str(package / "site.py"))
    with pytest.raises(FileNotFoundError, match="make book"):
        site.folder()
    for place in (tmp_path / "build" / "book", package / "_book"):
        place.mkdir(parents=True)
        (place / "index.html").write_text("book")
        assert site.folder() == place


@pytest.mark.parametrize(("page", "tail"), [("index.html", ""), ("lab.html", "lab.html")])
def test_the_page_is_opened_in_a_browser(book, home, monkeypatch, capsys, page, tail):
    opened = threading.Event()
    asked = []

    def browser(address):
        asked.append(address)
        opened.set()

    def wait(self):
        assert opened.wait(20)
        raise KeyboardInterrupt

    monkeypatch.setattr(site.webbrowser, "open", browser)
    monkeypatch.setattr(site._Server, "serve_forever", wait)
    site.serve(book, page=page)
    assert asked == [f"http://127.0.0.1:{home}/{tail}"]
    assert capsys.readouterr().out == f"The book: {asked[0]}\nCtrl-C stops it\n\n"


# ---- the command line ----------------------------------------------------------------------


@contextmanager
def started(*words, env=ENV, cwd=None):
    """Start the program; give the process and the first line that it prints."""
    program = subprocess.Popen(
        [sys.executable, "-m", "hopfield", *words],
        env=env,
        cwd=cwd,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield program, program.stdout.readline()
    finally:
        program.kill()
        program.communicate()


def get(address):
    host, port, path = re.fullmatch(r"http://([\d.]+):(\d+)(/.*)", address).groups()
    connection = HTTPConnection(host, int(port), timeout=20)
    connection.request("GET", path)
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer.status, text


@pytest.mark.parametrize("command", ["book", "lab"])
def test_a_command_says_where_and_ends_cleanly_at_ctrl_c(book, command):
    with started(command, "--folder", str(book), "--no-open") as (program, line):
        address = line.removeprefix("The book: ").strip()
        assert get(address) == (200, f"<h1>The {command}</h1>")
        program.send_signal(signal.SIGINT)
        _, err = program.communicate(timeout=60)
        assert (program.returncode, err) == (0, "")


def test_the_commands_pass_on_what_they_are_given(book, monkeypatch):
    asked = []
    monkeypatch.setattr(site, "serve", lambda *given, **more: asked.append((given, more)))
    monkeypatch.setattr(site, "folder", lambda: Path("installed"))
    assert cli.main(["book"]) == 0
    assert cli.main(["lab", "--port", "8001", "--folder", str(book), "--no-open"]) == 0
    assert asked == [
        ((Path("installed"), 0), {"open_browser": True, "page": "index.html"}),
        ((book, 8001), {"open_browser": False, "page": "lab.html"}),
    ]


@pytest.mark.parametrize("command", ["book", "lab"])
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--port", "70000"], "port must be an integer from 0 to 65535, not 70000"),
        (["--port", "x"], "'--port'"),
        (["--folder", "nowhere"], "folder nowhere holds no built book"),
        (["elsewhere"], "elsewhere"),
    ],
)
def test_bad_words_are_refused_in_one_line(book, capsys, command, words, said):
    given = [] if "--folder" in words else ["--folder", str(book)]
    assert cli.main([command, *given, *words]) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert err.startswith("hopfield: ")
    assert said in err


@pytest.mark.parametrize("command", ["book", "lab"])
def test_help_has_examples_and_fits_a_terminal(command, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    assert cli.main([command, "--help"]) == 0
    out = capsys.readouterr().out
    assert out.count(f"  hopfield {command}") == 3
    assert max(map(len, out.splitlines())) <= 80


# ---- the wheel -----------------------------------------------------------------------------


def wheel(folder, **env):
    """Build the package's wheel; return its path."""
    words = "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)
    done = subprocess.run(
        [sys.executable, *words], env=ENV | env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return next(folder.glob("*.whl"))


def test_a_wheel_holds_the_book_only_where_it_is_asked_to(book, tmp_path):
    small = zipfile.ZipFile(wheel(tmp_path / "small")).namelist()
    large = zipfile.ZipFile(wheel(tmp_path / "large", HOPFIELD_BOOK=str(book))).namelist()
    pages = {f"hopfield/_book/{p.relative_to(book)}" for p in book.rglob("*") if p.is_file()}
    assert not any("_book" in name for name in small)
    assert set(large) - set(small) == pages


def test_the_book_of_an_installed_wheel_is_served(book, tmp_path):
    installed = tmp_path / "installed"
    with zipfile.ZipFile(wheel(tmp_path / "large", HOPFIELD_BOOK=str(book))) as archive:
        archive.extractall(installed)
    env = ENV | {"PYTHONPATH": str(installed)}
    with started("book", "--no-open", env=env, cwd=tmp_path) as (_, line):
        assert get(line.removeprefix("The book: ").strip()) == (200, "<h1>The book</h1>")


def test_a_wheel_is_not_built_with_a_folder_that_is_no_book(tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(AssertionError, match=r"is no built book: it has no index\.html"):
        wheel(tmp_path / "wheel", HOPFIELD_BOOK=str(tmp_path / "empty"))


def test_the_workflow_publishes_the_folder_that_make_book_builds():
    text = (ROOT / ".github" / "workflows" / "book.yml").read_text()
    jobs = yaml.safe_load(text)["jobs"]
    steps = [step for job in jobs.values() for step in job["steps"]]
    used = [step["uses"] for step in steps if "uses" in step]
    assert {"make book"} == {step["run"] for step in steps if "run" in step}
    assert {"path": "build/book"} in [step.get("with") for step in steps]
    assert all(re.fullmatch(r"actions/[a-z-]+@v\d+", name) for name in used)
    assert jobs["deploy"]["permissions"] == {"pages": "write", "id-token": "write"}
