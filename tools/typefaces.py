"""The book's typefaces, from npm: the subsets that its languages need, and their style sheet.

``write(folder)`` puts them there: ``typefaces.css``, the fonts it names, and each one's licence.
"""

from __future__ import annotations

import re
import shutil
from base64 import b64encode
from pathlib import Path

WEB = Path(__file__).resolve().parent.parent / "web"
FAMILIES = {"source-serif-4": "Source Serif 4", "source-sans-3": "Source Sans 3"}
STYLES = "wght", "wght-italic"  # of which a package has a sheet each
SUBSETS = "latin", "latin-ext", "greek"
# What every page shows stands in the sheet itself, for which a page waits: no line is set twice. A
# letter of another alphabet comes when a page has one.
INLINE = (
    "source-serif-4-latin-wght-normal.woff2",
    "source-serif-4-latin-wght-italic.woff2",
    "source-sans-3-latin-wght-normal.woff2",
)
FACE = re.compile(r"@font-face \{[^}]*?url\(\./files/([\w-]+\.woff2)\)[^}]*\}")


def write(folder: Path) -> None:
    """Write the fonts, their licences and their sheet into a folder of the book's own."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    sheet = []
    for package, family in FAMILIES.items():
        source = WEB / "node_modules" / "@fontsource-variable" / package
        shutil.copy2(source / "LICENSE", folder / f"{package}-LICENSE.txt")
        for style in STYLES:
            text = (source / f"{style}.css").read_text(encoding="utf-8")
            for face, file in kept(text, package):
                font = source / "files" / file
                sheet.append(face.replace(f"{family} Variable", family))
                if file in INLINE:
                    sheet[-1] = inlined(sheet[-1], file, font.read_bytes())
                else:
                    shutil.copy2(font, folder / file)
    (folder / "typefaces.css").write_text("\n".join(sheet) + "\n", encoding="utf-8")


def kept(sheet: str, package: str) -> list[tuple[str, str]]:
    """Return the rules of a sheet that are of our subsets, each with its font's file."""
    ours = re.compile(rf"{package}-({'|'.join(SUBSETS)})-wght-\w+\.woff2")
    faces = [face for face in FACE.finditer(sheet) if ours.fullmatch(face[1])]
    return [(face[0].replace("./files/", ""), face[1]) for face in faces]


def inlined(face: str, file: str, font: bytes) -> str:
    """Put a font into its rule."""
    data = f"data:font/woff2;base64,{b64encode(font).decode()}"
    return face.replace(file, data).replace("display: swap", "display: block")
