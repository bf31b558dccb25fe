"""Every page of the site: on a phone and on a desk, light and dark, by eye and by screen reader."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import nbformat
import pytest
import yaml
from fontTools.ttLib import TTFont
from playwright.sync_api import expect

from .conftest import Reader

CHAPTER = "04_five_neurons.html"
CHAPTERS = sorted(path.stem for path in (Path(__file__).parents[2] / "book").glob("[0-9]*.md"))
PHONE, DESK = 390, 1440  # pixels
MYST = re.compile(r"\{[\w:]+\}`|^:::|^```\{|^\([\w-]+\)=$|^=== ", re.MULTILINE)
# A card's picture has its name beside it, in the same link.
NAMELESS = """images => images.filter((image) => !image.alt.trim() && !image.closest("a.card"))
  .map(({src}) => src)"""
# Where a formula and what stands at it without a space are not on one line.
PARTED = """() => [...document.querySelectorAll("span.formula")].flatMap((formula) => {
  const signs = formula.nextSibling;
  if (signs?.nodeType !== Node.TEXT_NODE || !/^\\S/.test(signs.data)) return [];
  const range = document.createRange();
  range.setStart(signs, 0);
  range.setEnd(signs, 1);
  const [sign, last] = [range, [...formula.querySelectorAll(".katex-base")].at(-1)].map((part) =>
    part.getBoundingClientRect());
  const apart = sign.height && (sign.top > last.bottom || sign.bottom < last.top);
  return apart ? [formula.closest("p, li, td, figcaption").innerText] : [];
})"""
ICONS = """() => [...document.querySelectorAll("*")].flatMap((element) =>
  ["::before", "::after"].flatMap((part) => {
    const { content, fontFamily, display } = getComputedStyle(element, part);
    const sign = content.match(/[\uf000-\uf8ff]/);
    return sign && fontFamily.includes("Awesome") && display !== "none" ? sign : [];
  }))"""
INKED = """(canvas) => {
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  return data.filter((_, k) => k % 4 === 0).join("");
}"""
LESSON = """<!doctype html><html lang="en"><title>A course</title><p>The lesson.</p>
{}</html>"""


def test_a_page_fits_its_window_and_keeps_wcag(reader: Any, path: str) -> None:
    page = reader.open(path)
    assert page.page.locator("img").evaluate_all(NAMELESS) == []
    for colours, size, other in (("light", DESK, PHONE), ("dark", PHONE, DESK)):
        page.theme(colours)
        page.resize(other)
        assert page.overflow() <= 0
        page.resize(size)
        assert page.overflow() <= 0
        assert page.violations() == []


@pytest.mark.parametrize("stem", CHAPTERS)
def test_no_formula_stops_the_tab_key_or_leaves_its_comma_to_the_next_line(
    reader: Any, stem: str
) -> None:
    page = reader.open(f"{stem}.html")
    assert page.frame.locator(".katex").count() > 5
    assert page.frame.locator("mjx-container, span.formula [tabindex]").count() == 0
    for width in (PHONE, 500, 640, 820, DESK):
        page.resize(width)
        assert page.frame.evaluate(PARTED) == []


def test_formulas_are_heard_as_mathml_and_seen_in_their_own_fonts(reader: Any) -> None:
    page = reader.open(CHAPTER)
    formula = page.frame.locator("span.formula").first
    assert formula.locator("math msub").count() >= 1
    expect(formula.locator(".katex-html")).to_have_attribute("aria-hidden", "true")
    assert page.frame.evaluate("document.fonts.load('1em KaTeX_Math').then((f) => f.length)") == 1
    sizes = formula.evaluate(
        "e => [e.getBoundingClientRect().height, e.parentElement.clientHeight]"
    )
    assert sizes[0] < 40


def test_the_search_quotes_each_formula_once(reader: Any) -> None:
    page = reader.open("search.html")
    quoted = page.frame.evaluate(
        f"fetch('{CHAPTER}').then((answer) => answer.text()).then((t) => Search.htmlToText(t))"
    )
    assert "Hebb’s rule gives Wij=ξiξj/5 off the diagonal" in " ".join(quoted.split())


@pytest.mark.parametrize("file", ["index.html", "02_orthogonality.html", "api/learning.html"])
def test_every_icon_is_drawn_from_the_small_font(reader: Any, built: Path, file: str) -> None:
    page = reader.open(file)
    drawn = page.frame.evaluate(ICONS)
    assert len(drawn) > 5
    with TTFont(built / "_static" / "styles" / "icons.woff") as font:
        assert {ord(sign) for sign in drawn} <= font.getBestCmap().keys()
    loaded = (
        "document.fonts.load('900 1em \"Font Awesome 7 Free\"', '\uf0c9').then((f) => f.length)"
    )
    assert page.frame.evaluate(loaded) == 1


def test_a_chapter_in_use_fits_and_keeps_wcag(reader: Any) -> None:
    chapter = reader.open(CHAPTER).ready()
    chapter.run_all()
    chapter.press("Run again", 1)
    chapter.write(4, "x = 'a link'")
    chapter.copied(chapter.button("Link", 4))
    chapter.write(4, "x = 'my own'")
    chapter.page.evaluate("dispatchEvent(new HashChangeEvent('hashchange'))")
    chapter.button("Done", 4).click()
    wrong, right, *_ = chapter.exercises
    chapter.press("Check", wrong)
    solution = chapter.page.locator(".exercise details.fold", has_text="Solution").nth(1)
    chapter.try_code(right, solution.locator("pre").text_content())
    long = "long " * 60
    chapter.try_code(3, f"{'long' * 60} = 1\nx = 1 / 0  # {long}")
    chapter.try_code(2, f"print('{long}')\nx = 1 / 0  # {long}")
    chapter.button("Done", 2).click()
    chapter.write(1, "while True:\n    pass")
    chapter.page.keyboard.press("Shift+Enter")
    states = chapter.status, chapter.error(2), chapter.error(3), chapter.editor(3)
    states += chapter.beside(4), chapter.cell(1).locator(".live-sample")
    for part in (*states, chapter.verdict(wrong), chapter.verdict(right)):
        expect(part).to_be_visible()
    assert in_every_way(chapter) == []


def test_a_chapter_that_loads_python_fits_keeps_wcag_and_can_be_stopped(reader: Any) -> None:
    reader.context.route("**/pyodide/pyodide.asm.wasm", lambda route: None)  # it never comes
    chapter = reader.open(CHAPTER).ready()
    chapter.button("Run", 1).click()
    expect(chapter.status.get_by_role("progressbar")).to_be_visible()
    assert in_every_way(chapter) == []
    chapter.status.get_by_role("button", name="Stop").click()
    chapter.idle()
    expect(chapter.verdict(1)).to_contain_text("Stopped")


def in_every_way(chapter: Any) -> list[str]:
    """Return what is wrong with a page, light on a phone and dark on a desk."""
    troubles = []
    for colours, size in (("light", PHONE), ("dark", DESK)):
        chapter.theme(colours)
        chapter.resize(size)
        if (by := chapter.overflow()) > 0:
            troubles.append(f"{colours}, {size}: {by} pixels too wide")
        troubles += chapter.violations()
    return troubles


def test_an_embedded_chapter_shows_the_chapter_alone(reader: Any) -> None:
    around = ".bd-header, .bd-header-article, .bd-footer, [class*=bd-sidebar]"
    whole = reader.open(CHAPTER).ready()
    expect(whole.page.locator(".bd-sidebar-primary")).to_be_visible()
    alone = reader.open(f"{CHAPTER}?embed=1").ready()
    expect(alone.page.get_by_role("heading", level=1)).to_be_visible()
    assert [part for part in alone.page.locator(around).all() if part.is_visible()] == []
    assert alone.overflow() <= 0
    alone.resize(PHONE)
    assert alone.overflow() <= 0


def test_a_chapter_runs_inside_another_site(
    reader: Any, serve: Any, source: Path, tmp_path: Path
) -> None:
    line = re.search(r"<iframe .*05_letters.*", (source / "platforms.md").read_text("utf-8"))[0]
    line = line.replace("https://YOUR-SITE/", reader.site).replace("05_letters.html", CHAPTER)
    (tmp_path / "index.html").write_text(LESSON.format(line), "utf-8")
    lesson = reader.open(serve(tmp_path))
    inside = lesson.framed()
    inside.press("Run", 2)
    expect(inside.output(2)).to_contain_text("[[ 0 -1 -1  1  1]")
    inside.copied(inside.button("Link", 2))


def test_a_printed_chapter_has_code_and_figures_but_no_buttons(reader: Any) -> None:
    chapter = reader.open(CHAPTER).ready()
    buttons = chapter.page.locator(".live-bar, .live-tools, .live-slider")
    assert all(button.is_visible() for button in buttons.all())
    chapter.page.emulate_media(media="print")
    assert not any(button.is_visible() for button in buttons.all())
    expect(chapter.cell(1).locator(".cell_input")).to_be_visible()
    expect(chapter.page.locator(".cell_output img").first).to_be_visible()


def file_of(name: str) -> str:
    """Return what a page's downloads are called."""
    return name.removesuffix("/index").rpartition("/")[2]


def test_a_chapter_is_downloaded_as_notebook_program_and_quarto_document(
    built: Path, source: Path, name: str
) -> None:
    file = built / "downloads" / file_of(name)
    notebook = nbformat.read(f"{file}.ipynb", as_version=4)
    nbformat.validate(notebook)
    first, title, *cells = notebook.cells
    assert first.source.startswith("%pip install ")
    assert re.fullmatch("# .+", title.source)
    assert {cell.cell_type for cell in cells} == {"code", "markdown"}  # marimo runs what is raw
    text = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    assert MYST.findall(text) == []
    for link in re.findall(r"\]\(([\w./-]+\.ipynb)\)", text):
        assert (file.parent / link).is_file(), link
    code = [cell for cell in cells if cell.cell_type == "code"]
    labels = [line for cell in code for line in cell.source.splitlines() if "#| label:" in line]
    figures = re.findall(r"    name: (fig-[\w-]+)\n", (source / f"{name}.md").read_text("utf-8"))
    assert labels == [f"#| label: {figure}" for figure in figures]
    assert all(cell.outputs == [] for cell in code)  # a reader's run fills them
    document = Path(f"{file}.qmd").read_text("utf-8")
    front = yaml.safe_load(document.split("---\n")[1])
    assert (f"# {front['title']}", front["jupyter"]) == (title.source, "python3")
    written = re.findall(r"^```\{python\}\n(.*?)\n```$", document, re.M | re.S)
    assert written == [cell.source for cell in (first, *code)]
    program = Path(f"{file}.py").read_text("utf-8")
    compile(program, name, "exec")
    assert "import hopfield as hf" in program


def test_the_page_offers_what_can_be_downloaded(chapter: Any, built: Path, name: str) -> None:
    links = chapter.page.locator(".live-files a")
    files = [link.get_attribute("href") for link in links.all()]
    file = file_of(name)
    up = "../" * name.count("/")
    kinds = "ipynb", "py", "qmd"
    assert files[:3] == [f"{up}downloads/{file}.{kind}" for kind in kinds]
    assert all(((built / name).parent / file).is_file() for file in files)
    with chapter.page.expect_download() as download:
        links.first.click()
    assert download.value.suggested_filename == f"{file}.ipynb"


def found(reader: Any, words: str) -> list[str]:
    """Return the addresses of what the search lists for some words, best first."""
    page = reader.open(f"search.html?q={words}").page
    expect(page.locator(".search-summary, #search-results p").first).to_contain_text("found")
    links = page.locator("#search-results li a")
    return [link.split("/")[-1] for link in links.evaluate_all("all => all.map(a => a.pathname)")]


def test_the_search_lists_chapters_before_names_of_the_package(reader: Any) -> None:
    first, *listed = found(reader, "overlap")
    assert first == "glossary.html"  # what the word means
    chapters = [address for address in listed if re.match(r"\d\d_", address)]
    assert len(chapters) >= 5
    assert listed[: len(chapters)] == chapters


def test_the_search_finds_a_word_however_it_is_joined(reader: Any) -> None:
    assert found(reader, "pseudoinverse")[0] == "10_learning.html"
    for words in ("pseudo-inverse", "pseudo inverse"):
        assert "10_learning.html" in found(reader, words)


def test_an_excerpt_is_of_the_page_and_not_of_its_menus(reader: Any) -> None:
    page = reader.open("search.html?q=pseudoinverse").page
    excerpts = page.locator("#search-results li p.context")
    expect(excerpts.first).not_to_be_empty()
    assert not any("System Settings" in text for text in excerpts.all_inner_texts())
    letters = page.locator("#search-results li", has=page.locator("a[href*='05_letters']"))
    expect(letters.locator("p.context")).to_contain_text(re.compile("pseudo-inverse", re.I))


def test_the_search_stays_in_view_beside_a_long_list_of_pages(reader: Any) -> None:
    page = reader.open("api/testing.html").page
    search = page.locator("#pst-primary-sidebar .search-button-field")
    page.locator("#pst-primary-sidebar").evaluate("e => e.scrollTo(0, e.scrollHeight)")
    assert page.locator("#pst-primary-sidebar").evaluate("e => e.scrollTop") > 0
    expect(search).to_be_in_viewport(ratio=1)


def test_a_printed_page_has_no_labels_without_a_use(reader: Any) -> None:
    chapter = reader.open(CHAPTER).ready()
    labels = chapter.page.locator("details.live-code > summary")
    assert labels.count() > 5
    chapter.page.emulate_media(media="print", color_scheme="dark")
    assert not any(label.is_visible() for label in labels.all())
    assert chapter.page.locator("div.cell_input").first.is_visible()
    for ground in ("body", ".bd-article"):  # white, from the dark theme too
        colour = chapter.page.locator(ground).evaluate("e => getComputedStyle(e).backgroundColor")
        assert colour == "rgb(255, 255, 255)"
    ink = chapter.page.locator(".bd-article p").first.evaluate("e => getComputedStyle(e).color")
    assert max(map(int, re.findall(r"\d+", ink))) < 80
    around = ".bd-header, .bd-sidebar-primary, .bd-sidebar-secondary, details.fold, .lab-link"
    assert not any(part.is_visible() for part in chapter.page.locator(around).all())


def test_the_front_page_plays_a_recorded_run_and_python_heals_what_is_smeared(reader: Any) -> None:
    front = reader.open("index.html")
    said = front.page.locator(".opening-said")
    expect(said).to_contain_text("Recalled: BU, every pixel right.")
    canvas = front.page.locator(".opening-picture canvas")
    recalled = canvas.evaluate(INKED)
    box = canvas.bounding_box()
    front.page.mouse.move(box["x"] + 20, box["y"] + box["height"] / 2)
    front.page.mouse.down()
    front.page.mouse.move(box["x"] + box["width"] - 20, box["y"] + box["height"] / 2, steps=5)
    front.page.mouse.up()
    expect(said).to_contain_text("Press Heal")  # who saves data is asked first
    assert canvas.evaluate(INKED) != recalled
    assert reader.asked_for_python == []
    front.page.get_by_role("button", name="Heal").press("Enter")
    expect(said).to_contain_text("recalled by Python in this page: BU, every pixel right.")
    assert canvas.evaluate(INKED) == recalled
    front.page.get_by_role("button", name="Smear").press("Enter")
    assert canvas.evaluate(INKED) != recalled
    expect(said).to_contain_text("recalled by Python")  # by itself, now that Python is there
    cards = front.page.locator(".cards a.card")
    assert cards.count() == len(CHAPTERS)
    cards.last.scroll_into_view_if_needed()
    drawn = cards.locator("img").last
    front.until("[...document.querySelectorAll('.cards img')].at(-1).naturalWidth > 300")
    assert drawn.get_attribute("alt") == ""  # the card says what it is


def test_a_cell_s_buttons_come_with_the_pointer_or_the_keyboard(reader: Any) -> None:
    chapter = reader.open(CHAPTER).ready()
    buttons = chapter.cell(2).locator(".live-tools")
    seen = "e => getComputedStyle(e).opacity"
    assert buttons.evaluate(seen) == "0"
    assert chapter.cell(1).locator(".live-tools").evaluate(seen) == "1"  # so that one knows of them
    chapter.cell(2).locator(".cell_input").hover()
    chapter.until(f"({seen})(document.querySelectorAll('.live-tools')[1]) === '1'")
    chapter.page.mouse.move(0, 0)
    chapter.until(f"({seen})(document.querySelectorAll('.live-tools')[1]) === '0'")
    chapter.button("Run", 2).focus()
    chapter.until(f"({seen})(document.querySelectorAll('.live-tools')[1]) === '1'")


def test_a_cell_s_buttons_are_always_there_where_nothing_hovers(browser: Any, site: str) -> None:
    phone = Reader(browser, site, has_touch=True, is_mobile=True)
    chapter = phone.open(CHAPTER).ready()
    opacities = chapter.page.locator(".live-tools").evaluate_all(
        "all => all.map((e) => getComputedStyle(e).opacity)"
    )
    assert set(opacities) == {"1"}
    phone.close()
    phone.check()


def test_figures_fill_their_column(reader: Any) -> None:
    chapter = reader.open("03_one_pattern.html").ready()
    column = chapter.page.locator("#fig-recall-error").evaluate("e => e.parentElement.clientWidth")
    width, *_ = chapter.page.locator("#fig-recall-error img").evaluate_all(
        "e => e.map(i => i.width)"
    )
    assert 0.85 * column <= width <= column
