"""What a reader does with a cell: edit, run, reset, slide, stop, copy and pass on."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from hopfield import cli

CHAPTER = "04_five_neurons.html"
FOREVER = "print('begun')\nwhile True:\n    pass"
FLOOD = "while True:\n    print(1)"
BAND = """(cell, line) => {
  const pre = cell.querySelector(".cell_input pre");
  const text = pre.textContent.split("\\n")[line - 1];
  const walker = document.createTreeWalker(pre, NodeFilter.SHOW_TEXT);
  for (let node; (node = walker.nextNode()); ) {
    if (!node.data.includes(text)) continue;
    const range = document.createRange();
    range.setStart(node, node.data.indexOf(text));
    range.setEnd(node, node.data.indexOf(text) + text.length);
    const words = range.getBoundingClientRect();
    const band = cell.querySelector(".live-error-band").getBoundingClientRect();
    return Math.abs(words.top + words.bottom - band.top - band.bottom) / 2 / band.height;
  }
}"""


@pytest.fixture(scope="module")
def started(open_once: Any) -> Any:
    """Return a chapter in which Python runs, for all of these tests."""
    chapter = open_once(CHAPTER)
    chapter.press("Run", 1)
    return chapter


@pytest.fixture
def desk(started: Any) -> Iterator[Any]:
    """Return that chapter as it was built; at the end it must have met no error."""
    started.anew()
    yield started
    started.reader.check()


def test_an_edited_cell_runs_and_reset_brings_back_what_was_built(desk: Any) -> None:
    built = desk.code(2)
    shown = desk.shown()[1]
    desk.try_code(2, "print('edited', rng)\nrng + 1")
    expect(desk.output(2)).to_have_text("edited 2026\n2027\n")
    expect(desk.cell(2)).to_have_class(re.compile("live-edited"))
    desk.button("Reset", 2).click()
    expect(desk.cell(2)).not_to_have_class(re.compile("live-edited"))
    desk.button("Done", 2).click()
    assert desk.code(2) == built
    assert desk.shown()[1] == shown


def test_a_slash_is_typed_and_opens_no_search(desk: Any) -> None:
    desk.write(1, "a = 1 ")
    desk.page.keyboard.type("/ 2")
    expect(desk.editor(1)).to_have_text("a = 1 / 2")
    expect(desk.editor(1)).to_be_focused()
    expect(desk.page.locator("dialog[open]")).to_have_count(0)


def test_escape_leaves_the_editor_and_keeps_the_code(desk: Any) -> None:
    desk.write(1, "a = 1\nb = 2")
    desk.page.keyboard.press("Escape")
    expect(desk.editor(1)).to_have_count(0)
    assert desk.code(1) == "a = 1\nb = 2"
    expect(desk.button("Edit", 1)).to_be_focused()


def test_earlier_cells_run_first_and_what_has_run_is_not_run_again(desk: Any) -> None:
    desk.write(1, "once = globals().get('once', 0) + 1")
    desk.try_code(2, "print('ran', once)")
    expect(desk.output(2)).to_have_text("ran 1\n")
    desk.press("Run", 2)
    expect(desk.output(2)).to_have_text("ran 1\n")
    desk.press("Run", 1)
    desk.press("Run", 2)
    expect(desk.output(2)).to_have_text("ran 2\n")


def test_what_ran_after_an_edited_cell_runs_again(desk: Any) -> None:
    for number, code in ((1, "x = 1"), (2, "y = 10 * x"), (3, "print(y)")):
        desk.write(number, code)
    desk.press("Run", 3)
    expect(desk.output(3)).to_have_text("10\n")
    desk.try_code(1, "x = 2")
    desk.press("Run", 3)
    expect(desk.output(3)).to_have_text("20\n")


def test_what_an_edit_leaves_behind_is_dimmed_until_it_runs(desk: Any) -> None:
    later = desk.cell(3).locator(".cell_output")
    expect(later).not_to_have_class(re.compile("live-outdated"))
    desk.try_code(2, "raise ValueError('here')")
    expect(later).to_have_class(re.compile("live-outdated"))
    expect(desk.cell(2).locator(".cell_output")).not_to_have_class(re.compile("live-outdated"))
    desk.anew()
    desk.try_code(2, desk.code(2))
    desk.press("Run", 3)
    expect(later).not_to_have_class(re.compile("live-outdated"))


def test_what_a_reader_wrote_is_there_at_the_next_visit_until_reset(reader: Any) -> None:
    first = reader.open(CHAPTER).ready()
    first.write(2, "mine = 1")
    again = reader.open(CHAPTER).ready()
    assert again.code(2) == "mine = 1"
    expect(again.verdict(2)).to_contain_text("from last time")
    assert again.asked_at_first == []
    again.button("Reset", 2).click()
    last = reader.open(CHAPTER).ready()
    assert last.code(2) != "mine = 1"
    expect(last.verdict(2)).to_be_hidden()


def test_an_exercise_leaves_the_chapter_s_names_alone(desk: Any) -> None:
    number = desk.exercises[0]
    desk.try_code(number, "hf = None\nforeign = 1")
    desk.try_code(number, "print('foreign' in globals(), hf is None)")
    expect(desk.output(number)).to_have_text("False False\n")


def test_reset_waits_until_a_cell_has_ended(desk: Any) -> None:
    built = desk.shown()[1]
    desk.write(2, "while True:\n    pass")
    desk.page.keyboard.press("Shift+Enter")
    expect(desk.cell(2)).to_have_class(re.compile("live-running"))
    desk.button("Reset", 2).click(force=True)
    expect(desk.cell(2)).to_have_class(re.compile("live-edited"))
    desk.status.get_by_role("button", name="Stop").click()
    desk.idle()
    desk.button("Reset", 2).click()
    assert desk.shown()[1] == built


def test_the_focus_stays_where_a_cell_was_run(desk: Any) -> None:
    desk.button("Run", 1).focus()
    desk.page.keyboard.press("Enter")
    desk.idle()
    expect(desk.button("Run", 1)).to_be_focused()
    expect(desk.page.locator(".live-spoken")).to_have_text("Cell 1 is done")


def test_a_figure_that_is_not_drawn_again_is_dimmed(desk: Any) -> None:
    number = desk.sliding[-1]
    figure = desk.cell(number).locator("figure")
    built = desk.code(number)
    desk.try_code(number, "print('no figure')")
    expect(figure).to_have_class(re.compile("live-stale"))
    desk.try_code(number, built)
    expect(figure).not_to_have_class(re.compile("live-stale"))


def test_text_and_a_figure_of_one_cell_both_come_again(desk: Any) -> None:
    both = "print('words')\nhf.plots.pattern([1, -1, 1, 1]);"
    for _ in range(2):
        desk.try_code(2, both)
        expect(desk.output(2)).to_have_text("words\n")
        expect(desk.cell(2).locator(".cell_output img")).to_have_count(1)


def test_a_line_that_is_not_ended_is_shown_while_the_cell_runs(desk: Any) -> None:
    slow = "import time\nfor k in range(4):\n    print('.', end='')\n    time.sleep(0.2)\n"
    desk.write(1, f"{slow}while True:\n    pass")
    desk.page.keyboard.press("Shift+Enter")
    expect(desk.output(1)).to_contain_text("..")
    desk.page.locator("article h1").click()
    desk.page.keyboard.press("Escape")
    expect(desk.verdict(1)).to_contain_text("Stopped")


def test_a_cell_waits_where_an_earlier_one_fails(desk: Any) -> None:
    desk.write(1, "missing")
    desk.press("Run", 3)
    expect(desk.error(1)).to_contain_text("NameError")
    expect(desk.verdict(3)).to_contain_text("Cell 1 above ended with an error")


@pytest.mark.parametrize(
    ("code", "line", "words"),
    [
        ("a = 1\nb = a / 0\nc = 2", 2, "ZeroDivisionError"),
        ("a = 1\ndef f(x):\n    return x / 0\nf(a)", 3, "Cell 1, line 4"),
        ("a = 1\nb = 2\nc = = 3", 3, "SyntaxError"),
        ("a = 1\ntry:\n    b = a / 0\nexcept ArithmeticError:\n    missing", 5, "NameError"),
    ],
    ids=["raised", "in a function", "syntax", "while handled"],
)
def test_an_error_marks_its_line_in_the_editor_and_in_the_page(
    desk: Any, code: str, line: int, words: str
) -> None:
    desk.try_code(1, code)
    expect(desk.error(1)).to_contain_text(words)
    expect(desk.error(1)).to_contain_text(f"Cell 1, line {line}")
    marked = code.splitlines()[line - 1].strip()
    expect(desk.cell(1).locator(".live-error-line")).to_have_text(marked)
    desk.button("Done", 1).click()
    for _ in range(2):  # as the editor leaves it, and after a run without the editor
        assert desk.cell(1).evaluate(BAND, line) < 0.3
        desk.press("Run", 1)
    desk.write(1, "a = 1")
    expect(desk.cell(1).locator(".live-error-line")).to_have_count(0)


def test_an_error_in_a_function_of_another_cell_marks_the_call(desk: Any) -> None:
    desk.write(1, "\n\n\ndef broken():\n    return 1 / 0")
    desk.try_code(2, "a = 1\nbroken()")
    expect(desk.error(2)).to_contain_text("Cell 1, line 5")
    expect(desk.cell(2).locator(".live-error-line")).to_have_text("broken()")


def test_run_again_draws_a_fresh_sample_and_same_sample_goes_back(desk: Any) -> None:
    draws = "import numpy as np\nprint(hf.random_patterns(1, 9, rng=rng)[0].tolist())\n"
    desk.try_code(2, f"{draws}print(np.random.default_rng(rng).integers(10**9))")
    own = desk.output(2).inner_text()
    seen = [own]
    for number in (1, 2):
        desk.press("Run again", 2)
        expect(desk.cell(2)).to_contain_text(f"Sample {number}: each seed + {number},000")
        seen.append(desk.output(2).inner_text())
    assert len(set(seen)) == 3
    expect(desk.told).to_have_text("Cell 2 is done, sample 2")
    desk.press("Run", 2)  # on the sample that is shown
    assert desk.output(2).inner_text() == seen[2]
    desk.try_code(1, desk.code(1).replace("2026", "4026"))
    desk.press("Same sample", 2)
    assert desk.output(2).inner_text() == seen[2]  # what the seeds of sample 2 are anywhere
    desk.button("Reset", 1).click()
    desk.press("Run", 2)
    assert desk.output(2).inner_text() == own
    expect(desk.cell(2).locator(".live-sample")).to_be_empty()
    expect(desk.page.get_by_role("button", name="Same sample")).to_have_count(0)


def test_a_fresh_sample_reaches_the_cells_above_sliders_and_exercises(desk: Any) -> None:
    desk.write(2, "print(hf.random_patterns(1, 40, rng=rng)[0].tolist())")
    desk.press("Run", 2)
    own = desk.output(2).inner_text()
    number = desk.sliding[-1]
    draw = "x = hf.random_patterns(1, 40, rng=start)[0].tolist()"
    desk.write(number, f"start = 7  # @slider 0 31 1\n{draw}\nprint(start, x)")
    desk.press("Run", number)
    slid = desk.output(number).inner_text()
    desk.press("Run again", number)
    assert desk.output(2).inner_text() != own
    assert desk.output(number).inner_text() != slid
    slider = desk.cell(number).get_by_role("slider")
    slider.press("ArrowLeft")
    desk.idle()
    slider.press("ArrowRight")
    desk.idle()
    fresh = desk.output(number).inner_text()
    assert fresh.startswith("7 ")
    assert fresh != slid
    task = desk.exercises[0]
    desk.try_code(task, "print(x)")
    assert desk.output(task).inner_text() == fresh.removeprefix("7 ")
    desk.press("Same sample", number)
    assert desk.output(2).inner_text() == own
    assert desk.output(number).inner_text() == slid


def test_what_another_sample_leaves_behind_is_dimmed(desk: Any) -> None:
    bar = desk.page.locator(".live-buttons")
    size = "bar => [bar.offsetWidth, bar.offsetHeight]"
    before = bar.evaluate(size)
    desk.press("Run again", 1)
    assert bar.evaluate(size) == before
    expect(desk.cell(1)).to_contain_text("The text describes the page's own sample.")
    outdated = desk.page.locator(".live-outdated")
    later = desk.page.locator(".cell:not(.exercise-cell) .cell_output:not(:empty)")
    expect(desk.verdict(1)).to_contain_text("every sample is the same")
    assert outdated.count() >= later.count() - 1
    desk.page.locator(".live-buttons").get_by_role("button", name="Same sample").click()
    desk.idle()
    expect(outdated).to_have_count(0)
    expect(desk.cell(1).locator(".live-sample")).to_be_empty()


def test_plt_show_warns_of_nothing_and_a_notebook_s_commands_are_left_out(desk: Any) -> None:
    code = "%matplotlib inline\nimport matplotlib.pyplot as plt\nplt.plot([1, 2]);\nplt.show()"
    desk.try_code(2, f"{code}\n!pip install x")
    expect(desk.output(2)).to_have_text(re.compile(r"^\(%matplotlib inline is .*\n\(!pip .*\n$"))
    expect(desk.cell(2).locator(".cell_output img")).to_have_count(1)
    expect(desk.error(2)).to_have_count(0)


def test_an_error_while_a_figure_is_drawn_has_its_message_in_sight(desk: Any) -> None:
    code = "import matplotlib.pyplot as plt\nprint('before')\nplt.title('$\\\\frac{$');"
    desk.try_code(2, code)
    error = desk.error(2)
    expect(error).to_contain_text("while the figure was drawn")
    assert error.bounding_box()["height"] < 200
    assert error.bounding_box()["y"] > desk.output(2).bounding_box()["y"]


def test_the_last_lines_of_a_long_error_are_in_sight_below_what_was_printed(desk: Any) -> None:
    desk.try_code(2, "print('first')\nraise ValueError('\\n'.join(map(str, range(99))))")
    error = desk.error(2)
    assert error.evaluate("e => e.scrollTop + e.clientHeight >= e.scrollHeight - 2")
    assert error.bounding_box()["y"] > desk.output(2).bounding_box()["y"]
    desk.try_code(2, "print('well')")
    expect(error).to_have_count(0)


def test_a_slider_moved_by_keyboard_changes_value_code_and_figure(desk: Any) -> None:
    number = desk.sliding[-1]
    slider = desk.cell(number).get_by_role("slider")
    image = desk.cell(number).locator("img")
    sources = [image.get_attribute("src")]
    for value in ("30", "29"):
        slider.press("ArrowLeft")
        desk.idle()
        expect(desk.cell(number).locator(".live-slider output")).to_have_text(value)
        assert f"start = {value}  # @slider" in desk.code(number)
        sources.append(image.get_attribute("src"))
    assert len(set(sources)) == 3
    expect(desk.page.locator(".live-error")).to_have_count(0)


def test_a_slider_answers_at_once_where_python_has_been_before(desk: Any) -> None:
    number = desk.sliding[-1]
    slider = desk.cell(number).get_by_role("slider")
    for _ in range(2):
        slider.press("ArrowLeft")
        desk.idle()
    changed = slider.evaluate("""(slider) => {
      const image = slider.closest(".cell").querySelector("img");
      const before = image.src;
      slider.stepUp();
      slider.dispatchEvent(new Event("input"));
      return image.src !== before;
    }""")  # within this call: no worker can have answered
    assert changed
    assert "start = 30  # @slider" in desk.code(number)
    desk.idle()
    desk.try_code(number + 1, "print(start)")  # for the cells below it is the new value, too
    expect(desk.output(number + 1)).to_have_text("30\n")


def test_a_slider_moved_fast_ends_at_its_newest_value(desk: Any) -> None:
    number = desk.sliding[-1]
    slow = "import time; time.sleep(0.05)"
    desk.try_code(number, f"start = 31  # @slider 0 31 1\n{slow}\nprint(start)")
    slider = desk.cell(number).get_by_role("slider")
    slider.focus()
    for _ in range(20):
        desk.page.keyboard.press("ArrowLeft")
    desk.idle()
    expect(desk.output(number)).to_have_text("11\n")
    expect(desk.editor(number)).to_contain_text("start = 11  # @slider")


def test_stop_ends_a_slider_s_endless_loop_for_good(desk: Any) -> None:
    number = desk.sliding[-1]
    desk.write(number, "start = 31  # @slider 0 31 1\nwhile True:\n    pass")
    desk.cell(number).get_by_role("slider").press("ArrowLeft")
    expect(desk.status).to_contain_text("Running cell")
    desk.status.get_by_role("button", name="Stop").click()
    desk.idle()
    expect(desk.verdict(number)).to_contain_text("Stopped")


@pytest.mark.parametrize("code", [FOREVER, FLOOD], ids=["silent", "flooding"])
def test_an_endless_loop_streams_and_is_stopped(desk: Any, code: str) -> None:
    desk.write(1, code)
    desk.page.keyboard.press("Shift+Enter")
    expect(desk.output(1)).to_contain_text(re.compile("begun|1\n1\n"))
    expect(desk.cell(1)).to_have_class(re.compile("live-running"))
    desk.draws()
    expect(desk.cell(1)).to_have_class(re.compile("live-running"))
    desk.status.get_by_role("button", name="Stop").click()
    expect(desk.verdict(1)).to_contain_text("Stopped")
    desk.idle()
    desk.try_code(1, "print('again')")
    expect(desk.output(1)).to_have_text("again\n")
    expect(desk.verdict(1)).to_be_hidden()


RIGHT = "overlap_sum = 1\nfive_h = [2, 0, 0, 2, 0]\nafter = [1, -1, -1, 1, 1]"


def test_right_is_said_of_the_answer_that_was_checked_alone(desk: Any) -> None:
    number = desk.exercises[0]
    verdict = desk.verdict(number)
    desk.try_code(number, RIGHT)
    expect(verdict).to_have_text("Right.")
    desk.write(number, RIGHT.replace("= 1", "= 7", 1))
    expect(verdict).to_have_text("Changed since it was checked: check it again.")
    expect(verdict).not_to_have_class(re.compile("live-right"))
    desk.write(number, RIGHT)
    expect(verdict).to_have_text("Right.")
    desk.write(1, f"{desk.code(1)}\nxi = [1, 1, 1, 1, 1]")  # what the answer is about
    expect(verdict).not_to_have_text("Right.")
    desk.press("Check", number)
    expect(verdict).to_have_class(re.compile("live-wrong"))
    desk.write(number, f"{RIGHT}\n")
    expect(verdict).to_have_text("Changed since it was checked: check it again.")


def test_a_solved_exercise_is_solved_at_the_next_visit_until_reset(reader: Any) -> None:
    page = reader.open(CHAPTER).ready()
    number = page.exercises[0]
    page.try_code(number, RIGHT)
    expect(page.verdict(number)).to_have_text("Right.")
    page = reader.open(CHAPTER).ready()
    expect(page.verdict(number)).to_have_text("Right.")
    box = page.page.locator(".exercise").first
    expect(box.locator(".live-solved")).to_be_visible()
    page.write(number, "overlap_sum = 7")
    page = reader.open(CHAPTER).ready()
    expect(page.verdict(number)).to_contain_text("from last time")
    expect(page.page.locator(".exercise .live-solved").first).to_be_visible()
    page.button("Reset", number).click()
    page = reader.open(CHAPTER).ready()
    expect(page.page.locator(".live-solved:visible")).to_have_count(0)


def test_what_is_handed_in_is_graded(
    reader: Any, built: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = reader.open(CHAPTER).ready()
    hand_in = page.frame.locator(".live-buttons [title*='for your teacher']")
    hand_in.click()
    expect(hand_in).to_have_text("No answers yet")
    first, second, *_ = page.exercises
    page.write(first, RIGHT)
    page.write(second, "x = 3")
    page = reader.open("01_network.html").ready()  # the answers of all chapters are in the file
    with page.page.expect_download() as waiting:
        page.frame.locator(".live-buttons [title*='for your teacher']").click()
    waiting.value.save_as(tmp_path / "ada.json")
    assert cli.main(["grade", str(tmp_path), "--book", str(built), "--json"]) == 0
    (found,) = json.loads(capsys.readouterr().out)
    assert found["file"] == "ada.json"
    assert [row["right"] for row in found["answers"]] == [True, False]
    assert {row["page"] for row in found["answers"]} == {"04_five_neurons"}


def test_a_wrong_answer_says_what_fails_and_an_error_marks_its_line(desk: Any) -> None:
    number = desk.exercises[0]
    desk.try_code(number, "x = 1\nmissing")
    expect(desk.error(number)).to_contain_text("NameError")
    expect(desk.cell(number).locator(".live-error-line")).to_have_text("missing")
    expect(desk.verdict(number)).to_be_hidden()


def test_code_is_copied(desk: Any) -> None:
    clipboard = "navigator.clipboard.readText()"
    copy = desk.button("Copy", 1)
    desk.copied(copy, presses=2)
    expect(copy).to_have_text("Copy")  # soon after
    assert desk.page.evaluate(clipboard) == desk.code(1)
    desk.copied(desk.page.get_by_role("button", name="Copy all code"))
    everything = desk.page.evaluate(clipboard)
    assert [desk.code(k) in everything for k in (1, 2, 3)] == [True] * 3
    compile(everything, "everything", "exec")


def link_of(desk: Any, number: int, code: str) -> str:
    """Return the address of a link that carries this code."""
    desk.write(number, code)
    desk.copied(desk.button("Link", number))
    address = desk.page.evaluate("location.href")
    assert desk.page.evaluate("navigator.clipboard.readText()") == address
    desk.page.evaluate("history.replaceState(null, '', location.pathname)")
    return address


def test_a_link_carries_code_to_another_reader_who_decides_to_run_it(
    desk: Any, another: Any
) -> None:
    code = "print('für alle: ±1, 你好')\n\nx = '<b>&amp;'"
    built = desk.code(2)
    there = another.open(link_of(desk, 2, code)).ready()
    assert there.code(2) == built
    expect(there.beside(2)).to_contain_text("came with a link")
    assert there.beside(2).locator("pre").inner_text() == code
    expect(there.beside(2)).to_be_in_viewport()
    assert there.asked_at_first == []
    there.page.wait_for_timeout(500)
    assert another.asked_for_python == []
    there.button("Put it in the cell", 2).click()
    assert there.code(2) == code
    expect(there.beside(2)).to_have_count(0)


def test_a_link_never_takes_the_place_of_what_a_reader_has_written(desk: Any, another: Any) -> None:
    address = link_of(desk, 2, "print('foreign')")
    home = another.open(CHAPTER).ready()
    home.write(2, "mine = 1")
    home = another.open(address).ready()
    assert home.code(2) == "mine = 1"
    expect(home.verdict(2)).to_have_text(re.compile("^Your code from last time"))
    home.button("Put it in the cell", 2).click()
    assert home.code(2) == "print('foreign')"
    expect(home.beside(2)).to_contain_text("what you had in the cell")
    for path in (CHAPTER, address):  # both stay, whatever is opened
        home = another.open(path).ready()
        assert home.code(2) == "print('foreign')"
        expect(home.verdict(2)).to_have_text(re.compile("^Code from a link that you put here"))
        expect(home.beside(2).locator("pre")).to_have_text("mine = 1")
        expect(home.beside(2)).to_have_count(1)
    home.button("Put it in the cell", 2).click()
    assert home.code(2) == "mine = 1"
    expect(home.beside(2).locator("pre")).to_have_text("print('foreign')")
    home.button("Close", 2).click()
    assert "code=" not in home.page.evaluate("location.href")
    again = another.open(CHAPTER).ready()
    assert again.code(2) == "mine = 1"
    expect(again.beside(2)).to_have_count(0)


def test_a_link_that_comes_while_its_cell_is_edited_leaves_the_editor_alone(desk: Any) -> None:
    fragment = link_of(desk, 2, "print('from the link')").partition("#")[2]
    desk.write(2, "print('in the editor')")
    desk.page.evaluate("fragment => location.hash = fragment", fragment)
    expect(desk.beside(2).locator("pre")).to_have_text("print('from the link')")
    expect(desk.editor(2)).to_have_text("print('in the editor')")
    desk.press("Run", 2)
    expect(desk.output(2)).to_have_text("in the editor\n")
    desk.button("Put it in the cell", 2).click()
    expect(desk.editor(2)).to_have_text("print('from the link')")
    desk.press("Run", 2)
    expect(desk.output(2)).to_have_text("from the link\n")
    desk.page.evaluate("history.replaceState(null, '', location.pathname)")


def test_what_was_written_for_another_edition_of_a_cell_stands_beside_it(reader: Any) -> None:
    page = reader.open(CHAPTER).ready()
    page.write(2, "mine = 1")
    page.page.evaluate(
        """() => {
          const key = Object.keys(localStorage).find((name) => name.startsWith("hopfield-book:"));
          const kept = JSON.parse(localStorage.getItem(key));
          localStorage.setItem(key, JSON.stringify({ ...kept, built: "another = 1" }));
        }"""
    )
    for _ in range(2):
        page = reader.open(CHAPTER).ready()
        assert page.code(2) != "mine = 1"
        expect(page.beside(2).locator("pre")).to_have_text("mine = 1")
        expect(page.beside(2)).to_contain_text("another edition")


def test_what_is_kept_and_cannot_be_read_is_as_nothing(reader: Any) -> None:
    page = reader.open(CHAPTER).ready()
    page.write(2, "mine = 1")
    for word in ("{", "[1, 2]", "null", "7", '{"code": 7}', '{"code": "a", "aside": 3}'):
        page.page.evaluate(
            "word => Object.keys(localStorage).filter((key) => key.startsWith('hopfield-book:'))"
            ".forEach((key) => localStorage.setItem(key, word))",
            word,
        )
        page = reader.open(CHAPTER).ready()
        assert page.code(2) != "mine = 1"


def test_a_broken_link_is_told(reader: Any) -> None:
    chapter = reader.open(f"{CHAPTER}#cell=2&code=%").ready()
    built = chapter.code(2)
    for code in ("@@@", "abc", "é", "AAAA", "S0ktLs"):
        expect(chapter.verdict(2)).to_contain_text("cannot be read")
        chapter.page.evaluate("document.querySelectorAll('.live-verdict')[1].hidden = true")
        chapter.page.evaluate("code => location.hash = `cell=2&code=${code}`", code)
    expect(chapter.verdict(2)).to_contain_text("cannot be read")
    assert chapter.code(2) == built
    for fragment in ("cell=2", "cell=99&code=AAAA", "cell=x&code=AAAA", "code=", "cell"):
        chapter.page.evaluate("fragment => location.hash = fragment", fragment)
    assert chapter.code(2) == built


def test_code_folds_and_unfolds_each_cell_or_all(desk: Any) -> None:
    code = desk.cell(1).locator(".cell_input")
    expect(code).to_be_visible()
    desk.cell(1).locator("summary").click()
    expect(code).to_be_hidden()
    desk.button("Edit", 1).click()  # which unfolds what it edits
    expect(desk.editor(1)).to_be_focused()
    desk.button("Done", 1).click()
    desk.page.get_by_role("button", name="Hide all code").click()
    expect(desk.page.locator(".cell_input:visible")).to_have_count(0)
    desk.page.get_by_role("button", name="Show all code").click()
    shown, every = desk.page.locator(".cell_input:visible"), desk.page.locator(".cell_input")
    expect(shown).to_have_count(every.count())
