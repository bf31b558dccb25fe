"""The theme's icons: of Font Awesome's 2,000 those that the book shows, as a font of a few kB."""

from __future__ import annotations

import re
from pathlib import Path
from shutil import rmtree
from typing import Any

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.transformPen import TransformPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.svgLib.path import parse_path
from sphinx.application import Sphinx

SCRIPT = re.compile(r"\s*<script[^>]*scripts/fontawesome\.js[^>]*></script>")
SHOWN = re.compile(r"\bfa-[a-z-]+")  # in the pages and in the theme's scripts
RULE = re.compile(r'((?:\.fa-[\w-]+,?)+)\{--fa:"\\(\w+)"[^}]*\}')
FACE = re.compile(r"@font-face\{[^}]*fontawesome/webfonts[^}]*\}")
CODE = re.compile('[\uf000-\uf8ff]|(?<="\\\\)f\\w{3}(?=")')  # an icon that a style sheet draws
OUTLINE = re.compile(r':\[(\d+),(\d+),\[[^\]]*\],"(f\w{3})","([^"]*)"\]')  # in the theme's script
EM, ABOVE = 512, 448  # the size of an icon, and how much of it stands above the line
SOURCE = "Font Awesome Free 7, fontawesome.com, CC BY 4.0"


def write_font(path: Path, outlines: dict[int, tuple[int, str]]) -> None:
    """Write a font of icons, each code's width and SVG path."""
    names = {code: f"icon{code:x}" for code in sorted(outlines)}
    glyphs = {".notdef": TTGlyphPen(None).glyph()}
    widths = {".notdef": (EM, 0)}
    for code, name in names.items():
        width, outline = outlines[code]
        pen = TTGlyphPen(None)
        parse_path(outline, TransformPen(Cu2QuPen(pen, 1), (1, 0, 0, -1, 0, ABOVE)))
        glyphs[name], widths[name] = pen.glyph(), (width, 0)
    font = FontBuilder(EM)
    font.setupGlyphOrder(list(glyphs))
    font.setupCharacterMap(names)
    font.setupGlyf(glyphs)
    font.setupHorizontalMetrics(widths)
    font.setupHorizontalHeader(ascent=ABOVE, descent=ABOVE - EM)
    font.setupNameTable({"familyName": "Icons", "styleName": "Solid", "copyright": SOURCE})
    font.setupOS2(sTypoAscender=ABOVE, sTypoDescender=ABOVE - EM, usWinAscent=ABOVE)
    font.setupPost()
    font.font.flavor = "woff"
    font.save(path)


def names(selector: str) -> set[str]:
    """Return the icons of a rule, which has a selector for each name of one."""
    return set(selector.replace(".", "").split(","))


def keep_shown(app: Sphinx, exception: Exception | None) -> None:
    """Put a small font in the place of the theme's three and of its script."""
    if exception or app.builder.format != "html":
        return
    static = Path(app.outdir) / "_static"
    script, sheet = static / "scripts" / "fontawesome.js", static / "styles"
    pages = {page: page.read_text(encoding="utf-8") for page in Path(app.outdir).rglob("*.html")}
    scripts = [path.read_text("utf-8") for path in script.parent.glob("*theme.js")]
    shown = {name for text in (*pages.values(), *scripts) for name in SHOWN.findall(text)}
    styles = {path: path.read_text(encoding="utf-8") for path in sheet.glob("*.css")}
    face = (
        "@font-face{font-display:block;font-family:'Font Awesome 7 Free';font-weight:900;"
        f"src:url(icons.woff)}}/* {SOURCE} */"
    )
    codes = set()
    for path, text in styles.items():
        text = RULE.sub(lambda rule: rule[0] if shown & names(rule[1]) else "", text)
        text = FACE.sub(lambda found: face if "solid" in found[0] else "", text)
        codes |= {int(c, 16) if len(c) > 1 else ord(c) for c in CODE.findall(text)}
        path.write_text(text, encoding="utf-8")
    every = OUTLINE.findall(script.read_text(encoding="utf-8"))  # the solid ones come last
    known = {int(code, 16): (int(width), path) for width, _, code, path in every}
    write_font(sheet / "icons.woff", {code: known[code] for code in codes & known.keys()})
    for page, text in pages.items():
        page.write_text(SCRIPT.sub("", text), encoding="utf-8")
    for useless in script.parent.glob("fontawesome.js*"):
        useless.unlink()
    rmtree(static / "vendor" / "fontawesome", ignore_errors=True)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register it with Sphinx."""
    app.connect("build-finished", keep_shown)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
