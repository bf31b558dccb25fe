"""The server of the book: what it gives and what it refuses."""

from __future__ import annotations

import re
import runpy
import socket
import threading
from base64 import b64encode
from contextlib import ExitStack
from hashlib import sha256
from http.client import HTTPConnection
from pathlib import Path

import pytest

from hopfield.cli import site
from tests.cli.pages import FILES, TYPES

CDN = runpy.run_path(str(Path(__file__).resolve().parents[2] / "tools" / "pyodide.py"))["cdn"]()
pytestmark = pytest.mark.usefixtures("home")


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


def scripts(headers):
    (found,) = re.findall(r"script-src ([^;]*)", headers["Content-Security-Policy"])
    return found.split()


def test_pages_run_their_own_scripts_and_what_they_came_with(ask, book):
    ours = ["'self'", "'wasm-unsafe-eval'", site.CDN]
    assert scripts(ask("/")[1]) == ours
    inside = "\n  go(1 < 2)\n"
    (book / "live.html").write_text(
        f"<script>{inside}</script><script src='a.js'></script><a onclick=\"f(&quot;)\">"
    )
    hashed = [b64encode(sha256(code.encode()).digest()).decode() for code in (inside, 'f(")')]
    wanted = [*ours, "'unsafe-hashes'", *(f"'sha256-{one}'" for one in hashed)]
    assert scripts(ask("/live.html")[1]) == wanted
    assert scripts(ask("/live.html", "HEAD")[1]) == wanted
    (book / "_static" / "index.html").write_text("<script>2</script>")
    assert len(scripts(ask("/_static/")[1])) == 4
    assert scripts(ask("/../secret.txt")[1]) == scripts(ask("/types/live.js")[1]) == ours
    assert CDN.startswith(site.CDN)


@pytest.mark.parametrize("path", ["/", "/types/live.js", "/nothing.html", "/_static"])
def test_every_answer_keeps_the_page_apart_from_other_sites(ask, path):
    headers = ask(path)[1]
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Embedder-Policy"] == "require-corp"
    assert headers["Cross-Origin-Resource-Policy"] == "same-site"
    assert "object-src 'none'" in headers["Content-Security-Policy"]


def test_the_requests_of_a_whole_class_at_once_are_answered(book):
    """All of them connect before the server takes the first; some systems hold no more than 128."""
    with site.server(book) as web, ExitStack() as stack:
        ask = f"GET / HTTP/1.1\r\nHost: {site.HOST}\r\nConnection: close\r\n\r\n".encode()
        all_at_once = []
        for _ in range(120):
            one = stack.enter_context(socket.create_connection((site.HOST, web.server_port), 60))
            one.sendall(ask)
            all_at_once.append(one)
        thread = threading.Thread(target=web.serve_forever, args=(0.02,))
        thread.start()
        try:
            answers = [one.makefile("rb").read() for one in all_at_once]
        finally:
            web.shutdown()
            thread.join()
    assert all(answer.startswith(b"HTTP/1.1 200") for answer in answers)


def test_a_page_that_has_not_changed_is_not_sent_again(ask):
    changed = ask("/")[1]["Last-Modified"]
    status, _, text = ask("/", If_Modified_Since=changed)
    assert (status, text) == (304, "")


def test_a_folder_leads_to_its_page_on_the_same_machine(ask):
    status, headers, _ = ask("/_static")
    assert (status, headers["Location"]) == (301, "/_static/")


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
    monkeypatch.setattr(site, "__file__", str(package / "cli" / "site.py"))
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
