"""The live book: Sphinx and MyST-NB; tools/book.py builds what it needs beside it, and runs it."""

from __future__ import annotations

import os
import sys
import tomllib
from importlib.util import find_spec
from pathlib import Path

from sphinx.util.logging import getLogger
from sphinx.util.nodes import make_refnode

import hopfield
from hopfield.show.palette import variables

BOOK = Path(__file__).parent
ASSETS = BOOK.parent / "build" / "assets"  # the wheel, the editor, fonts: tools/book.py
DRAWER = BOOK / "_static" / "live" / "figures.py"
sys.path.insert(0, str(BOOK / "_ext"))

import inventories  # noqa: E402

logger = getLogger(__name__)

project = "Hopfield networks"
author = "the hopfield developers"
copyright = "2026, the hopfield developers, MIT licence"
version = release = hopfield.__version__
# The project's one address, once there is one: chapters can then be opened elsewhere.
urls = tomllib.loads((BOOK.parent / "pyproject.toml").read_text("utf-8"))["project"]["urls"]
repository = urls.get("Repository", "")

extensions = [
    "myst_nb",
    "numpydoc",
    "sphinx.ext.autodoc",
    "sphinx.ext.intersphinx",
    "sphinxcontrib.bibtex",
    "formulas",
    "icons",
    "livecells",
    "plates",
    "lablinks",
    "opening",
    "finding",
    "terms",
]
exclude_patterns = ["_*"]
default_role = "py:obj"  # `hebb` in a docstring is a link; see `setup`

# Chapters run at every build, on the real package; a cell that fails fails the build.
nb_execution_mode = "force"
nb_execution_raise_on_error = True
nb_execution_timeout = -1  # a slow machine builds the same book
nb_merge_streams = True
nb_code_prompt_show = nb_code_prompt_hide = "Code"
# Figures are drawn as the live ones are: lines as SVG, images twice as fine as the screen. What a
# cell prints is sent at its end: in two parts, MyST-NB would end a line between them.
profile = ASSETS.parent / "ipython" / "profile_default" / "ipython_kernel_config.py"
profile.parent.mkdir(parents=True, exist_ok=True)
first = [
    "__import__('sys').stdout.flush_interval = 60",
    f"__import__('runpy').run_path({str(DRAWER)!r})['install']()",
]
profile.write_text(
    "c = get_config()\n"
    "c.InlineBackend.figure_formats = {'svg', 'retina'}\n"
    "c.HistoryManager.enabled = False\n"
    f"c.IPKernelApp.exec_lines = {first!r}\n",
    encoding="utf-8",
)
os.environ["IPYTHONDIR"] = str(profile.parents[1])
# The colours of figures, pages and the book are one palette, which the package has.
colours = ASSETS / "live" / "colours.css"
colours.parent.mkdir(parents=True, exist_ok=True)
colours.write_text(
    f'html, html[data-theme="light"] {{ {variables("light")} }}\n'
    f'html[data-theme="dark"] {{ {variables("dark")} }}\n'
    f"@media print {{ html[data-theme] {{ {variables('light')} }} }}\n"
)
for setting in ("HOPFIELD_ENGINES", "MPLBACKEND"):  # a reader's own would change the book
    os.environ.pop(setting, None)

myst_enable_extensions = ["dollarmath", "amsmath", "colon_fence", "deflist"]
myst_heading_anchors = 3
numfig = True
bibtex_bibfiles = ["../src/hopfield/analysis/references.bib"]  # `hopfield.cite` reads it too
bibtex_reference_style = "author_year"

intersphinx_mapping = inventories.kept(ASSETS.parent / "inventories")

autodoc_member_order = "bysource"
autodoc_typehints = "none"
# A bridge has its page where its host is not installed, too.
autodoc_mock_imports = [host for host in ("dimod", "sklearn", "torch") if not find_spec(host)]
numpydoc_show_class_members = False
numpydoc_class_members_toctree = False

html_theme = "sphinx_book_theme"
html_title = "Hopfield networks: the live book"
html_static_path = ["_static", str(ASSETS)]
html_math_renderer = "set"
html_css_files = [
    "typefaces/typefaces.css",
    "live/colours.css",
    "look.css",
    "live/live.css",
    "book.css",
    "opening.css",
    "print.css",
    "sheet.css",
]
html_search_scorer = str(BOOK / "_ext" / "finding.js")
html_copy_source = True
html_show_sourcelink = False
html_last_updated_fmt = None
html_scaled_image_link = False
html_favicon = "_static/favicon.svg"
html_context = {"default_mode": "auto"}
html_theme_options = {
    "navbar_persistent": [],
    "home_page_in_toc": True,
    "show_toc_level": 2,
    "use_download_button": False,
    "use_fullscreen_button": True,
    "use_sidenotes": False,
    "extra_footer": f"hopfield {version}. "
    "The same seed gives the same numbers here, live, and on your computer.",
}


def setup(app):
    """Look for what a docstring names beyond its own module."""
    app.connect("missing-reference", elsewhere)


def elsewhere(app, env, node, shown):
    """Link a name from any docstring to the shortest path that ends with it; all must have one."""
    if node.get("reftype") != "obj":
        return None
    name, objects = node["reftarget"].partition("(")[0], env.domains["py"].objects
    if name.partition(".")[0] in inventories.PLACES:
        return shown  # intersphinx, which comes first, has no inventory
    paths = [path for path in objects if path.endswith(f".{name}")]
    if not paths:
        logger.warning("`%s` in a docstring is no link: write ``%s``", name, name, location=node)
        return None
    path = min(paths, key=lambda path: (path.count("."), len(path)))
    page, anchor, *_ = objects[path]
    return make_refnode(app.builder, node["refdoc"], page, anchor, shown)
