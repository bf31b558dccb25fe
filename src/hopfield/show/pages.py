"""Folders that a command writes whole: pictures and one page of HTML."""

from __future__ import annotations

import html
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from ..io.files import BadFile

STYLE = """
:root { color-scheme: light dark; --ink: #1c2329; --soft: #5a6672; --line: #d5dbe1;
  --paper: #fff; --band: #f4f6f8; --good: #00664a; --bad: #a63c00; --link: #005b9f; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6eaee; --soft: #a3adb8; --line: #3a444e;
  --paper: #14191e; --band: #1c2329; --good: #4cc9a0; --bad: #ff9a5c; --link: #7ab8ee; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 62rem; padding: 1.2rem 1rem 4rem; color: var(--ink);
  background: var(--paper); font: 16px/1.55 system-ui, sans-serif; }
h1 { line-height: 1.2; margin: .4rem 0; } h2 { margin: 3rem 0 .3rem; line-height: 1.25; }
a { color: var(--link); } p { max-width: 44rem; } .soft { color: var(--soft); }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .92rem; margin: 1rem 0; }
th, td { text-align: left; padding: .35rem .6rem .35rem 0; border-bottom: 1px solid var(--line);
  vertical-align: top; } th { color: var(--soft); font-weight: 600; }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
td.v { min-width: 5.5rem; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
.pass { color: var(--good); font-weight: 600; } .fail { color: var(--bad); font-weight: 700; }
.page { border-left: 3px solid var(--line); padding-left: .8rem; color: var(--soft); }
.figures { display: grid; gap: 1.2rem;
  grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr)); }
figure { margin: 0; max-width: 44rem; }
figcaption { font-size: .9rem; color: var(--soft); margin-top: .3rem; }
pre { overflow-x: auto; }
img { width: 100%; height: auto; background: #fff; border-radius: 6px; padding: 6px; }
"""


@contextmanager
def folder(out: Path | str, kind: str) -> Iterator[Path]:
    """Yield an empty folder that takes the place of ``out`` once all in it is written.

    An earlier folder of the same kind is replaced then; anything else is refused, untouched.
    """
    out, mark = Path(out), f".hopfield-{kind}"
    if out.exists() and not (out / mark).is_file() and (not out.is_dir() or any(out.iterdir())):
        raise BadFile(f"{out} is not a {kind}'s folder; name one that is empty or new")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        new = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    except OSError as error:
        raise BadFile(f"{out} cannot be written: {error.strerror}") from error
    try:
        yield new
        (new / mark).write_text(f"This folder is a {kind} of hopfield; the next replaces it.\n")
        new.chmod(0o755)
        if out.exists():
            shutil.rmtree(out)
        new.rename(out)
    except BaseException:
        shutil.rmtree(new, ignore_errors=True)
        raise


def document(title: str, body: str) -> str:
    """Return a page of HTML that needs nothing but its pictures."""
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{html.escape(title)}</title>
<style>{STYLE}</style>
</head>
<body>
{body}
</body>
</html>
"""


def figures(pictures: Iterable[tuple[str, str]]) -> str:
    """Return pictures (file, caption) as HTML."""
    shown = "".join(
        f'<figure><img src="{name}" alt="{html.escape(caption, quote=True)}" loading="lazy">'
        f"<figcaption>{html.escape(caption)}</figcaption></figure>\n"
        for name, caption in pictures
    )
    return f'<div class="figures">{shown}</div>' if shown else ""
