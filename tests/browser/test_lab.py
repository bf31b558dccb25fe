"""The lab, as a reader uses it: by pointer, by finger and by keyboard alone."""

from __future__ import annotations

import re
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

import hopfield as hf
from hopfield.show.palette import UNKNOWN

from .conftest import Reader

CELLS = """async () => {
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  await frame();
  await frame();
  const canvas = document.querySelector('.lab-canvas');
  const { width, height } = canvas;
  const { data } = canvas.getContext('2d').getImageData(0, 0, width, height);
  return Array.from({ length: width * height }, (_, i) => data.slice(4 * i, 4 * i + 3).join());
}"""

EDGE = "e => [getComputedStyle(e).borderTopColor, getComputedStyle(e).backgroundColor]"


class Lab:
    """A lab that is open, and what a reader does in it."""

    def __init__(self, reader, path="lab.html"):
        self.view = reader.open(path)
        self.page = self.view.page
        expect(self.at("words")).not_to_be_empty()
        for closed in self.page.locator(".lab-card:not([open]) > summary").all()[::-1]:
            closed.click()

    def at(self, name):
        return self.page.locator(f"[data-lab={name}]")

    def press(self, *names):
        for name in names:
            self.at(name).click()

    def choose(self, name, value):
        self.at(name).select_option(value)

    def slide(self, name, value):
        self.at(name).fill(str(value))
        self.at(name).dispatch_event("change")

    def cells(self):
        """Return the canvas's colours, a neuron each."""
        return np.array(self.page.evaluate(CELLS))

    def names(self):
        return self.page.locator(".lab-thumb span").all_inner_texts()

    def draw(self, *points):
        """Draw a line through points given as shares of the canvas."""
        box = self.at("canvas").bounding_box()
        places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in points]
        self.page.mouse.move(*places[0])
        self.page.mouse.down()
        for place in places[1:]:
            self.page.mouse.move(*place, steps=8)
        self.page.mouse.up()

    def address(self):
        """Press Share and return the address."""
        self.press("link")
        expect(self.at("addressField")).to_have_value(re.compile("#lab="))
        return self.at("addressField").input_value()

    def recall(self):
        """Play until the network says what it fell into."""
        self.press("play")
        return self.fell()

    def fell(self):
        expect(self.at("words")).to_contain_text(re.compile("fell into|2-cycle|for ever"))
        return self.at("words").inner_text()

    def download(self, name, folder):
        with self.page.expect_download() as waiting:
            self.press(name)
        path = folder / waiting.value.suggested_filename
        waiting.value.save_as(path)
        return path

    def tab_to(self, name, most=150):
        """Press Tab until a control has the focus."""
        for _ in range(most):
            self.page.keyboard.press("Tab")
            if self.at(name).evaluate("e => e === document.activeElement"):
                return
        pytest.fail(f"{name} cannot be reached by Tab")


@pytest.fixture
def lab(reader):
    return Lab(reader)


def test_nothing_of_python_is_fetched_before_it_is_needed(lab):
    lab.draw((0.2, 0.2), (0.8, 0.8))
    lab.press("store", "flip", "clear")
    assert lab.view.reader.asked_for_python == []


def test_a_first_visit_shows_a_recorded_run_and_then_the_network_itself(browser, site):
    reader = Reader(browser, site, thrifty=False, reduced_motion="no-preference")
    page = reader.open("lab.html").page
    words, energy = page.locator("[data-lab=words]"), page.locator("[data-lab=energy]")
    expect(words).to_contain_text("Recorded: ")
    expect(energy).to_have_attribute("aria-label", re.compile("Energy, from .* to "))
    begin = energy.get_attribute("aria-label").partition(" to ")[0]
    expect(words).to_contain_text(re.compile("^It fell into the memory “BU”"))
    assert energy.get_attribute("aria-label").startswith(begin)  # it is the same run
    expect(page.locator("[data-lab=play]")).to_contain_text("Play")
    reader.close()
    reader.check()


def test_whatever_is_touched_ends_the_recorded_run(browser, site):
    reader = Reader(browser, site, reduced_motion="no-preference")  # who saves data
    view = reader.open("lab.html")
    words = view.page.locator("[data-lab=words]")
    expect(words).to_contain_text("Recorded: Still moving")
    view.page.locator("[data-lab=flip]").click()
    expect(words).to_have_text("Press Play.")
    expect(view.page.locator("[data-lab=timeText]")).to_have_text("0.00 sweeps, 0 moves")
    view.page.locator("[data-lab=undo]").click()
    view.page.wait_for_timeout(500)
    expect(view.page.locator("[data-lab=timeText]")).to_have_text("0.00 sweeps, 0 moves")
    assert reader.asked_for_python == []
    reader.close()
    reader.check()


def test_a_first_press_of_play_recalls_the_picture(lab):
    assert lab.names() == ["BU", "X", "digit 3"]
    assert "“BU”" in lab.recall()
    lab.page.get_by_label("Show “BU”").click()
    shown = lab.cells()
    lab.page.get_by_label("Show “BU”").click()
    assert np.array_equal(shown, lab.cells())
    expect(lab.at("overlaps")).to_have_attribute("aria-label", re.compile("BU: 1.00"))
    expect(lab.at("energy")).to_have_attribute("aria-label", re.compile("Energy, from .* to "))
    expect(lab.at("weightsText")).to_contain_text("eights between")


@pytest.mark.parametrize("side", [10, 33, 50, 99, 100, 200])
def test_the_star_keeps_its_thin_lines_on_every_grid(lab, side):
    lab.press("clear")
    paper = lab.cells()[0]
    lab.slide("side", side)
    lab.choose("picture", "star")
    lab.press("putPicture")
    star = lab.cells().reshape(side, side) != paper
    assert star[side // 2].all()
    assert star[:, side // 2].all()
    assert star.diagonal().all()
    mirrored = star[:, ::-1]
    assert (mirrored.diagonal()[:-1] | mirrored.diagonal(1)).all()  # by a cell it may be beside
    assert star.mean() < 0.5


def test_drawn_stored_corrupted_and_recalled_by_pointer(lab):
    lab.press("forgetAll", "forgetThem", "clear")
    lab.slide("side", 20)
    lab.slide("brush", 2)
    lab.draw((0.2, 0.2), (0.8, 0.2), (0.8, 0.8), (0.2, 0.8), (0.2, 0.2))
    lab.at("name").fill("box")
    lab.press("store")
    box = lab.cells()
    assert len(set(box)) == 2
    lab.at("letter").fill("T")
    lab.press("putLetter", "store")
    assert lab.names() == ["box", "T"]
    lab.page.get_by_label("Use “box” as the cue").click()
    lab.slide("share", 15)
    lab.press("flip")
    assert (lab.cells() != box).mean() == pytest.approx(0.15, abs=0.01)
    lab.page.get_by_role("button", name="Blank the lower half").click()
    assert len(set(lab.cells())) == 3
    assert "“box”" in lab.recall()
    assert np.array_equal(lab.cells(), box)


def test_drawn_stored_corrupted_and_recalled_by_keyboard_alone(lab):
    keys = lab.page.keyboard
    lab.at("canvas").evaluate("e => e.blur()")
    lab.tab_to("canvas")
    blank = lab.cells()
    keys.press("u")
    for _ in range(6):
        keys.press("Shift+ArrowRight")
        keys.press("Shift+ArrowDown")
    assert (lab.cells() != blank).sum() > 12
    expect(lab.at("say")).to_contain_text(re.compile(r"row \d+, column \d+: unknown"))
    keys.press(".")
    expect(lab.at("timeText")).to_contain_text(" 1 move")
    keys.press("r")
    assert "“BU”" in lab.fell()
    lab.tab_to("play")
    lab.tab_to("letter")
    keys.press("Control+a")
    keys.type("K")
    keys.press("Enter")
    lab.tab_to("name")
    keys.type("mine")
    keys.press("Enter")
    assert lab.names()[-1] == "mine"
    kept = lab.cells()
    lab.tab_to("flip")
    keys.press("Enter")
    assert not np.array_equal(lab.cells(), kept)
    for _ in range(60):
        keys.press("Shift+Tab")
        if lab.at("play").evaluate("e => e === document.activeElement"):
            break
    keys.press("Enter")
    expect(lab.at("words")).to_contain_text("fell into the memory “mine”")
    assert np.array_equal(lab.cells(), kept)


def test_a_finger_draws(browser, site):
    reader = Reader(browser, site, has_touch=True)
    lab = Lab(reader)
    lab.press("clear")
    before = lab.cells()
    lab.at("canvas").tap(position={"x": 60, "y": 60})
    assert 1 <= (lab.cells() != before).sum() <= 9
    reader.close()
    reader.check()


def test_the_whole_state_travels_by_address(lab, another):
    lab.choose("neuron", "HeatBath")
    lab.slide("T", 0.3)
    lab.choose("order", "Random")
    lab.page.get_by_label("Forget “X”").click()
    lab.draw((0.3, 0.5), (0.7, 0.5))
    lab.press("oneSweep")
    expect(lab.at("timeText")).to_have_text("1.00 sweeps, 2500 moves")
    address = lab.address()
    assert address == lab.page.url
    there = Lab(another, address)
    assert there.names() == lab.names()
    assert np.array_equal(there.cells(), lab.cells())
    for name in ("neuron", "T", "order", "seed", "rule"):
        assert there.at(name).input_value() == lab.at(name).input_value()
    expect(there.at("timeText")).to_have_text("1.00 sweeps, 2500 moves")
    assert another.asked_for_python == []


def test_the_lab_is_there_as_it_was_left(lab):
    lab.press("clear")
    lab.draw((0.2, 0.5), (0.8, 0.5))
    lab.press("store")
    lab.choose("order", "Sync")
    lab.recall()
    drawn, names, time = lab.cells(), lab.names(), lab.at("timeText").inner_text()
    assert not time.startswith("0.00 sweeps")
    assert len(names) == 4
    lab.page.get_by_role("link", name="How much fits").first.click()
    lab.page.wait_for_url("**/08_capacity.html")
    lab.page.go_back()
    expect(lab.at("words")).to_contain_text("as you left them")
    assert np.array_equal(lab.cells(), drawn)
    assert lab.names() == names
    assert lab.at("timeText").inner_text() == time
    assert lab.at("order").input_value() == "Sync"
    there = Lab(lab.view.reader)  # from the menu, in another tab
    assert there.names() == names
    there.press("over")
    assert there.names() == ["BU", "X", "digit 3"]
    there.press("undo")
    assert there.names() == names


def test_a_strangers_link_is_shown_beside_ones_own_lab(lab, another):
    lab.page.get_by_label("Forget “X”").click()
    address = lab.address()
    own = Lab(another)
    own.press("random", "store")
    names = own.names()
    guest = Lab(another, address)
    assert guest.names() == ["BU", "digit 3"]
    guest.press("clear", "store")
    guest.page.close()
    assert Lab(another).names() == names
    assert Lab(another, address).names() == ["BU", "digit 3", "pattern 3"]


def test_changes_are_taken_back_and_done_again(lab):
    expect(lab.at("undo")).to_be_disabled()
    first = lab.cells()
    lab.draw((0.2, 0.2), (0.8, 0.8))
    drawn = lab.cells()
    lab.press("flip")
    lab.slide("side", 20)
    lab.press("undo", "undo")
    assert np.array_equal(lab.cells(), drawn)
    lab.press("undo")  # a stroke is one change
    assert np.array_equal(lab.cells(), first)
    lab.press("redo")
    assert np.array_equal(lab.cells(), drawn)
    lab.at("canvas").focus()
    lab.page.keyboard.press("Control+z")
    assert np.array_equal(lab.cells(), first)
    lab.page.get_by_label("Forget “BU”").click()
    lab.press("undo")
    assert lab.names() == ["BU", "X", "digit 3"]
    lab.recall()
    last, time = lab.cells(), lab.at("timeText").inner_text()
    lab.press("reset")
    expect(lab.at("timeText")).to_have_text("0.00 sweeps, 0 moves")
    lab.press("undo")
    assert np.array_equal(lab.cells(), last)
    expect(lab.at("timeText")).to_have_text(time)


def test_all_is_forgotten_only_when_asked_twice(lab):
    lab.press("forgetAll")
    expect(lab.at("sure")).to_contain_text("Forget all 3 patterns?")
    expect(lab.at("keepThem")).to_be_focused()
    lab.page.keyboard.press("Escape")
    expect(lab.at("sure")).to_be_hidden()
    lab.press("forgetAll", "keepThem")
    assert len(lab.names()) == 3
    lab.press("forgetAll", "forgetThem")
    assert lab.names() == []
    lab.press("undo")
    assert len(lab.names()) == 3


def test_what_the_cue_knows_is_held(lab):
    lab.slide("share", 20)
    lab.press("flip")
    lab.page.get_by_role("button", name="Blank the lower half").click()
    cue = lab.cells()
    lab.choose("hold", "known")
    assert "“BU”" in lab.recall()
    held = np.array_equal(lab.cells()[: len(cue) // 2], cue[: len(cue) // 2])
    assert held
    assert not np.array_equal(lab.cells(), cue)


def test_what_is_unknown_has_the_colour_that_it_has_in_the_figures(lab):
    lab.view.theme("light")
    lab.page.get_by_role("button", name="Blank the lower half").click()
    assert lab.cells()[-1] == ",".join(str(int(UNKNOWN[k : k + 2], 16)) for k in (1, 3, 5))


def test_a_damaged_address_is_a_sentence_and_the_lab_works(lab, another):
    there = Lab(another, lab.address()[:-9])
    expect(there.at("words")).to_contain_text("could not be read")
    assert there.names() == ["BU", "X", "digit 3"]
    there.at("words").evaluate("e => (e.textContent = '')")
    assert "“BU”" in there.recall()


def test_a_hostile_link_does_nothing_but_show_a_sentence(lab, another):
    lab.at("name").fill("<i onclick=hacked()>")
    lab.press("clear", "store")
    there = Lab(another, lab.address())
    assert there.names()[-1] == "<i onclick=hacked()>"
    hostile = "#lab=" + "A" * 2_000_000, "#tour=<img src=x onerror=hacked()>", "#chapter=toString"
    for named in hostile:
        there.page.evaluate("named => (location.hash = named)", named)
        expect(there.at("words")).to_contain_text("The link could not be read")
        assert there.names() == ["BU", "X", "digit 3"]
        there.press("over")
        expect(there.at("words")).to_contain_text("Press Play")
    assert there.page.locator("#lab :is(i[onclick], img, script)").count() == 0


def test_the_script_makes_the_same_run_with_the_package_alone(lab, tmp_path):
    lab.choose("neuron", "HeatBath")
    lab.slide("T", 0.2)
    lab.press("oneSweep")
    expect(lab.at("timeText")).to_contain_text("2500 moves")
    lab.draw((0.2, 0.3), (0.6, 0.3))
    lab.choose("order", "Sequential")
    lab.press("oneSweep")
    expect(lab.at("timeText")).to_contain_text("5000 moves")
    saved = hf.load(lab.download("npz", tmp_path))
    script = lab.download("script", tmp_path)
    check = "\nimport sys; run.state.astype('int8').tofile(sys.argv[1])\n"
    script.write_text(script.read_text(encoding="utf-8") + check, encoding="utf-8")
    out = tmp_path / "state"
    subprocess.run([sys.executable, script, out], check=True, capture_output=True)
    assert np.array_equal(np.fromfile(out, np.int8), saved.state)


def test_pictures_and_films_are_saved(lab, tmp_path):
    lab.recall()
    with Image.open(lab.download("png", tmp_path)) as picture:
        assert picture.size == (600, 600)
        drawn = np.asarray(picture.convert("L").resize((50, 50), Image.Resampling.NEAREST)) < 128
    saved = hf.load(lab.download("npz", tmp_path))
    assert np.array_equal(drawn.ravel(), saved.state > 0)
    with Image.open(lab.download("gif", tmp_path)) as film:
        assert film.n_frames > 2


def test_an_image_from_the_disk_becomes_a_pattern(lab, tmp_path):
    grey = np.full((80, 120), 255, np.uint8)
    grey[20:60, 20:60] = 0
    Image.fromarray(grey).save(tmp_path / "square.png")
    lab.slide("side", 30)
    lab.at("image").set_input_files(tmp_path / "square.png")
    expect(lab.at("level")).to_be_visible()
    _, counts = np.unique(lab.cells(), return_counts=True)
    assert len(counts) == 2
    assert counts.min() / counts.sum() == pytest.approx(1600 / 9600, abs=0.1)
    (tmp_path / "no.png").write_text("no image")
    lab.at("image").set_input_files(tmp_path / "no.png")
    expect(lab.at("words")).to_contain_text("This browser cannot read no.png as an image")


def test_both_limits_are_said_and_what_each_means(lab):
    expect(lab.at("load")).to_contain_text(
        "about 160 random patterns = N/(2 ln N) without a wrong pixel"
    )
    expect(lab.at("load")).to_contain_text("about 345 random patterns = 0.138 N with a few")
    lab.slide("side", 10)
    lab.at("many").fill("9")
    lab.press("storeRandom")
    expect(lab.at("overload")).to_contain_text("more than the 11 that come back exactly")
    expect(lab.at("overload")).to_contain_text("Up to about 14")


def test_too_much_and_too_much_alike_is_said_in_words(lab):
    lab.slide("side", 10)
    lab.at("many").fill("30")
    lab.press("storeRandom")
    expect(lab.at("load")).to_contain_text("Load α = P/N = 33 / 100")
    expect(lab.at("overload")).to_contain_text("Too much is stored: 33 patterns")
    gauge = lab.at("gauge").bounding_box()
    for name in lab.page.locator(".lab-marks > span").all():
        box = name.bounding_box()
        assert box["x"] >= gauge["x"]
        assert box["x"] + box["width"] <= gauge["x"] + gauge["width"] + 1
    lab.press("forgetAll", "forgetThem")
    expect(lab.at("overload")).to_be_hidden()
    expect(lab.at("alike")).to_be_hidden()
    lab.slide("side", 20)
    lab.at("letter").fill("O")
    lab.press("putLetter", "store")
    lab.page.get_by_role("button", name="Shift right by one pixel").click()
    lab.press("store")
    expect(lab.at("alike")).to_be_visible()
    expect(lab.at("alike")).to_contain_text("“O” and “pattern 2” are much alike: overlap 0.")
    lab.press("play")
    expect(lab.at("words")).not_to_be_empty()


def test_time_can_be_pulled_back_and_played_again(lab):
    first = lab.cells()
    lab.recall()
    last = lab.cells()
    lab.slide("time", 0)
    assert np.array_equal(lab.cells(), first)
    assert "0 moves" in lab.at("timeText").inner_text()
    lab.press("play")
    lab.fell()
    assert np.array_equal(lab.cells(), last)
    lab.press("reset")
    assert np.array_equal(lab.cells(), first)


def test_who_is_about_to_flip_is_shown(lab):
    lab.press("oneMove")
    expect(lab.at("timeText")).to_contain_text("1 move")
    plain = lab.cells()
    lab.at("overlay").check()
    expect(lab.at("words")).to_contain_text("about to flip")
    marked = int(re.search(r"(\d+) neurons? (?:is|are) about", lab.at("words").inner_text())[1])
    expect(lab.at("words")).to_contain_text(str(marked))
    assert (lab.cells() != plain).sum() == marked


@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1440])
def test_a_lab_that_has_run_is_open_to_everybody(lab, colours, width):
    lab.page.set_viewport_size({"width": width, "height": 900})
    lab.view.theme(colours)
    lab.recall()
    lab.address()
    assert lab.view.overflow() <= 0
    assert lab.view.violations() == []
    if width == 1440:  # the landscape is drawn, and the energy below it can be seen
        expect(lab.at("solid")).to_be_enabled()
        lab.page.evaluate("scrollTo(0, 0)")
        box = lab.at("energy").bounding_box()
        assert box["y"] + box["height"] <= 900


def test_a_lab_at_twice_the_size_or_in_forced_colours_is_open_to_everybody(lab):
    lab.recall()
    lab.page.set_viewport_size({"width": 720, "height": 450})  # a laptop's at 200 %
    assert lab.view.overflow() <= 0
    assert lab.view.violations() == []
    lab.page.set_viewport_size({"width": 1440, "height": 900})
    lab.page.evaluate("document.documentElement.style.fontSize = '200%'")  # the text alone
    assert lab.view.overflow() <= 0
    assert lab.view.violations() == []
    lab.page.evaluate("document.documentElement.style.fontSize = ''")
    for colours in ("light", "dark"):
        lab.view.theme(colours)
        lab.page.emulate_media(forced_colors="active")
        lab.view.draws()
        assert lab.view.violations() == []
        assert len(set(lab.cells())) == 2
        for name in ("play", "store", "flip", "undo", "name", "rule"):
            border, behind = lab.at(name).evaluate(EDGE)
            assert border != behind
        thumb = lab.page.locator(".lab-small").first
        plain = thumb.evaluate(EDGE)
        thumb.click()
        assert thumb.evaluate(EDGE) != plain  # which picture is shown can be seen
        thumb.click()


def test_what_is_needed_shares_the_first_screen(lab):
    lab.page.reload()  # with the cards as they are at first
    expect(lab.at("words")).not_to_be_empty()
    upright = "canvas", "play", "words", "time", "stored", "store", "flip", "over"
    laptop = *upright, "energy"
    seen = {
        (1440, 900): laptop,
        (1024, 768): laptop,
        (768, 1024): upright,
        (390, 844): ("canvas", "play", "words", "time"),
    }
    for (width, height), names in seen.items():
        lab.page.set_viewport_size({"width": width, "height": height})
        lab.cells()  # two frames later
        for name in names:
            box = lab.at(name).bounding_box()
            assert box["y"] + box["height"] <= height, (name, width)


def test_a_two_cycle_is_shown_until_the_reader_pauses(lab):
    lab.press("forgetAll", "forgetThem", "clear")
    lab.slide("side", 6)
    lab.press("store")
    lab.slide("share", 50)
    lab.press("flip")  # half of the neurons are wrong: all want the other state, for ever
    lab.choose("order", "Sync")
    width = lab.at("play").bounding_box()["width"]
    first = lab.cells()
    lab.press("play")
    expect(lab.at("words")).to_contain_text("alternates between two states for ever")
    expect(lab.at("play")).to_contain_text("Pause")
    assert lab.at("play").bounding_box()["width"] == width
    for other in (True, False, True):
        while np.array_equal(lab.cells(), first) == other:
            pass
    lab.press("play")
    expect(lab.at("play")).to_contain_text("Play")
    still = lab.cells()
    lab.page.wait_for_timeout(800)
    assert np.array_equal(lab.cells(), still)


def test_the_projector_shows_little_and_large(reader):
    page = reader.open("lab.html?projector#chapter=05_letters").page
    at = {
        name: page.locator(f"[data-lab={name}]") for name in ("canvas", "play", "store", "energy")
    }
    for name in ("canvas", "play", "energy"):
        expect(at[name]).to_be_visible()
    expect(at["store"]).to_be_hidden()
    large = at["canvas"].bounding_box()["width"]
    page.keyboard.press("Escape")
    expect(at["store"]).to_be_visible()
    assert at["canvas"].bounding_box()["width"] < large
    assert page.url == f"{reader.site}lab.html#chapter=05_letters"
    page.get_by_role("button", name="Projector").click()
    expect(at["store"]).to_be_hidden()
    assert page.url == f"{reader.site}lab.html?projector#chapter=05_letters"


def test_reset_ends_a_sweep_that_is_under_way(lab):
    lab.slide("side", 200)
    lab.press("oneMove")
    expect(lab.at("timeText")).to_contain_text("1 move")
    lab.press("oneSweep")
    expect(lab.at("timeText")).not_to_contain_text(" 1 move")
    lab.press("reset")
    lab.page.wait_for_timeout(1500)
    expect(lab.at("timeText")).to_contain_text(" 0 moves")


def test_the_lab_runs_inside_another_site(reader, serve, source, tmp_path):
    line = re.search(r"<iframe .*lab[.]html.*", (source / "teachers.md").read_text("utf-8"))[0]
    line = line.replace("https://YOUR-SITE/", reader.site)
    (tmp_path / "index.html").write_text(f"<!doctype html><title>A course</title>{line}", "utf-8")
    lesson = reader.open(serve(tmp_path)).page.frame_locator("iframe")
    expect(lesson.locator(".bd-sidebar-primary")).to_be_hidden()
    lesson.get_by_role("button", name="Play").click()
    expect(lesson.locator("[data-lab=words]")).to_contain_text("fell into the memory")


def test_a_tour_leads_from_state_to_state(lab):
    tours = lab.page.get_by_role("list", name="Guided tours")
    tours.get_by_role("link", name="Recall").click()
    expect(lab.at("tour")).to_contain_text("Recall 1 of 3")
    assert lab.names() == ["pattern"]
    lab.at("tour").get_by_role("link", name="Next").click()
    expect(lab.at("tour")).to_contain_text("Recall 2 of 3")
    assert lab.page.url.endswith("#tour=recall.2")
    assert lab.names() == ["checkerboard", "X", "A"]
    assert "“X”" in lab.recall()
    there = Lab(lab.view.reader, "lab.html#tour=recall.99")
    expect(there.at("words")).to_contain_text("could not be read")
    expect(there.at("tour")).to_have_count(0)


def test_a_neuron_that_is_pointed_at_shows_its_field_and_weights(lab):
    lab.recall()
    box = lab.at("canvas").bounding_box()
    lab.page.mouse.move(box["x"] + 0.51 * box["width"], box["y"] + 0.31 * box["height"])
    expect(lab.at("neuronText")).to_contain_text("Row 16, column 26: field h = ")
    expect(lab.at("neuronText")).to_contain_text("It agrees with its field")
    expect(lab.at("neuronMap")).to_be_visible()
    lab.at("canvas").focus()
    lab.page.keyboard.press("ArrowRight")
    expect(lab.at("neuronText")).to_contain_text("Row 16, column 27")


def test_every_model_recalls_shows_its_cells_and_travels_by_link(lab):
    lab.slide("side", 20)
    ends = {
        "dense": "the memory “BU”",
        "sequence": "nearest",
        "attention": "the memory “BU”, which has all",
        "graded": "“BU”, overlap 1.00",
        "machine": "the memory “BU”",
        "potts": "the memory “BU”",
    }
    for model, words in ends.items():
        lab.choose("model", model)
        lab.slide("speed", 1.5)
        if model == "attention":
            lab.slide("beta", 64)
        lab.press("play")
        expect(lab.at("words")).to_contain_text(words)
        if model == "sequence":
            expect(lab.at("words")).to_contain_text("begins again every 9 moves")
        if model == "attention":
            expect(lab.at("attention").first).to_contain_text("100 %")
        if lab.at("play").inner_text() == "Pause":
            lab.press("play")
        lab.press("reset")
    lab.page.locator('.lab-inks input[value="3"]').check()
    lab.draw((0.1, 0.1), (0.9, 0.1))
    lab.page.locator('.lab-inks input[value="pin"]').check()
    lab.draw((0.1, 0.1), (0.9, 0.1))
    expect(lab.at("pinned")).to_contain_text("pinned")
    assert len(set(lab.cells())) == 3
    drawn, pinned = lab.cells(), lab.at("pinned").inner_text()
    other = Lab(lab.view.reader, lab.address().rpartition("/")[2])
    assert np.array_equal(other.cells(), drawn)
    assert other.at("pinned").inner_text() == pinned
    lab.press("play")
    expect(lab.at("words")).to_contain_text("fell into")
    assert np.array_equal(lab.cells()[42:58], drawn[42:58])
    lab.choose("model", "attention")
    lab.slide("beta", 2)
    lab.press("oneMove")
    expect(lab.at("words")).to_contain_text("Still moving")
    assert len(set(lab.cells())) > 3
    lab.press("undo", "undo")
    assert len(set(lab.cells())) == 3


def test_the_landscape_shows_the_run_and_a_run_starts_where_one_points(lab):
    expect(lab.at("landscapeNone")).to_contain_text("Press Play")
    lab.recall()
    land = lab.at("landscape")
    expect(land).to_have_attribute("aria-label", re.compile("overlap 1.00 with “BU”"))
    expect(land).to_have_attribute("aria-label", re.compile("from −13.* at the deepest to 0"))
    box = land.bounding_box()
    place = {"x": 0.5 * box["width"], "y": 0.3 * box["height"]}
    lab.at("speed").fill("-2")  # so that one sees where it starts
    land.hover(position=place)
    expect(lab.at("landscapeText")).to_contain_text(re.compile("Here: overlap .* energy −"))
    expected = lab.at("landscapeText").inner_text().split(", energy")[0].removeprefix("Here: ")
    land.click(position=place)
    expect(lab.at("say")).to_contain_text(f"A run starts at a state with {expected}.")
    expect(lab.at("play")).to_contain_text("Pause")
    lab.slide("speed", 1.5)
    assert "“digit 3”" in lab.fell()

    lab.tab_to("landscape")
    for _ in range(12):
        lab.page.keyboard.press("ArrowRight")
    expect(lab.at("say")).to_contain_text(re.compile("overlap .* with “BU” .* energy −"))
    lab.page.keyboard.press("Enter")
    expect(lab.at("words")).to_contain_text("It fell into the memory “BU”")

    lab.press("landShown")
    lab.choose("land", "path")
    expect(lab.at("landscapeText")).to_contain_text("closest to the run")
    lab.choose("land", "cue")
    expect(lab.at("landscapeText")).to_contain_text("and the cue")
    assert lab.view.violations() == []
    lab.choose("model", "sequence")
    expect(lab.at("landscapeNone")).to_contain_text("This network has no energy")
    expect(lab.at("ground")).to_be_hidden()  # which shows another memory's


def test_a_small_network_shows_all_its_states(lab):
    lab.slide("side", 3)
    lab.recall()
    land = lab.at("landscape")
    expect(land).to_have_attribute("aria-label", re.compile("Map of all 512 states"))
    expect(lab.at("basins")).to_contain_text("inverse of")
    box = land.bounding_box()
    at = {"x": box["width"] * 20.5 / 32, "y": box["height"] * 5.5 / 16}
    land.click(position=at)
    expect(lab.at("say")).to_contain_text("A run starts at")


SURFACES = """() => {
  window.surfaces = [];
  const get = HTMLCanvasElement.prototype.getContext;
  HTMLCanvasElement.prototype.getContext = function (kind, ...more) {
    const found = get.call(this, kind, ...more);
    if (kind === "webgl2") surfaces.push(found);
    return found;
  };
}"""


def test_the_surface_is_fetched_when_it_is_asked_for_and_again_when_it_is_lost(lab):
    lab.page.evaluate(SURFACES)
    lab.recall()
    asked = lab.view.reader.asked
    expect(lab.at("solid")).to_be_enabled()
    assert not [url for url in asked if "surface" in url]
    flat = lab.at("ground").evaluate("e => e.toDataURL()")
    lab.press("solid")
    expect(lab.at("solid")).to_have_attribute("aria-pressed", "true")
    assert [url for url in asked if "surface" in url]
    land = lab.at("landscape")
    before = land.evaluate("e => e.toDataURL()")
    land.focus()
    lab.page.keyboard.press("ArrowLeft")
    lab.page.wait_for_timeout(300)
    assert land.evaluate("e => e.toDataURL()") != before
    assert lab.at("ground").evaluate("e => e.toDataURL()") != flat
    lab.page.evaluate("surfaces.at(-1).getExtension('WEBGL_lose_context').loseContext()")
    expect(lab.at("solid")).to_have_attribute("aria-pressed", "false")
    expect(lab.at("say")).to_contain_text("The browser has lost the surface")
    lab.page.wait_for_function(
        "flat => document.querySelector('[data-lab=ground]').toDataURL() === flat", arg=flat
    )
    lab.press("solid")
    expect(lab.at("solid")).to_have_attribute("aria-pressed", "true")
    lab.page.wait_for_function(
        "flat => document.querySelector('[data-lab=ground]').toDataURL() !== flat", arg=flat
    )
    lab.press("solid")
    expect(lab.at("solid")).to_have_attribute("aria-pressed", "false")
