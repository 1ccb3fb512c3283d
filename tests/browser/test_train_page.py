"""Live training as a page of its own: it trains without a kernel, without a network."""

import numpy as np
import pytest
from pages import grave_violations

from tp5.datasets.fonts import load_fonts
from tp5.explorer import LiveTraining
from tp5.explorer.dense import script
from tp5.explorer.train_page import student_factors
from tp5.explorer.training_report import Target, describe_error

FONT = load_fonts()[1]
DONE = ".tp5-live[data-state=done]"
BUSY = "() => live.trainer.busy"
IDLE = "() => !live.trainer.busy && !live.trainer.again"


def training(**options):
    options = {"architecture": "35-2-35", "epochs": 20, "rng": 0} | options
    return LiveTraining(FONT.X, FONT.labels, **options)


@pytest.fixture
def open_page(browser, tmp_path):
    """Return a function that saves a training as a page and opens it without a network."""
    contexts = []

    def run(live, title="Train", **options):
        live.save_html(tmp_path / "train.html", title=title)
        options = {"viewport": {"width": 1000, "height": 800}} | options
        context = browser.new_context(offline=True, **options)
        contexts.append(context)
        page = context.new_page()
        page.errors, page.asked = [], []
        page.on("console", lambda m: page.errors.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error: page.errors.append(str(error)))
        page.on("request", lambda request: page.asked.append(request.url))
        page.goto((tmp_path / "train.html").as_uri())
        page.locator(DONE).wait_for()
        return page

    yield run
    for context in contexts:
        context.close()


def curve(page):
    return page.locator("polyline.tp5-mean").get_attribute("points")


def settled(page):
    """Wait until the last training that was asked for has been drawn; return its number."""
    page.wait_for_function(IDLE)
    page.wait_for_function(
        "() => document.querySelector('.tp5-live').dataset.number === `${live.trainer.number}`"
    )
    return page.evaluate("() => live.trainer.number")


def test_it_trains_all_runs_and_draws_them(open_page):
    page = open_page(training(target=(20.0, 20)))
    settled(page)
    assert page.inner_text(".tp5-text").startswith("After 20 epochs: error ")
    assert len(curve(page).split()) == 21
    assert page.locator("polyline.tp5-run").count() == 5
    assert page.locator(".tp5-label").count() == 32
    assert page.inner_text(".tp5-verdict").startswith("✓ Reached after 1 epoch: a mean error below")
    assert {url[:5] for url in page.asked} <= {"file:", "data:", "blob:"}
    assert page.errors == []


def test_errors_are_as_low_as_those_of_the_kernel(open_page):
    """Other dice, the same training: the means of five runs lie within what five runs tell."""
    live = training(architecture="35-17-2-17-35", epochs=60, momentum=0.5)
    live.wait(120)
    page = open_page(live)
    settled(page)
    words = page.inner_text(".tp5-text").split()
    mean, half = float(words[4]), float(words[6])
    theirs = live.history.loss[-1]
    assert abs(mean - theirs.mean()) < half + 3 * theirs.std(ddof=1)
    first = page.evaluate("() => live.view.scene.losses[0]")
    assert abs(first - live.history.loss[0].mean()) < 4


def test_every_control_trains_again(open_page):
    page = open_page(training())
    before, number = curve(page), settled(page)
    page.get_by_role("slider", name="learning rate").focus()
    page.keyboard.press("ArrowLeft")
    assert settled(page) > number
    assert curve(page) != before
    for label, choice in (
        ("architecture", "35-17-2-17-35"),
        ("optimizer", "adam"),
        ("batch size", "8"),
        ("weights", "glorot"),
    ):
        before, number = curve(page), settled(page)
        page.get_by_role("combobox", name=label).select_option(choice)
        assert settled(page) > number, label
        assert curve(page) != before, label
    assert page.get_by_role("slider", name="momentum").is_disabled()
    before = curve(page)
    page.get_by_role("button", name="5 other runs").click()
    settled(page)
    assert curve(page) != before
    page.get_by_role("button", name="pin this curve").click()
    page.locator("polyline.tp5-pinned").wait_for(state="attached")
    assert page.errors == []


def test_the_same_seed_is_the_same_training(open_page):
    pages = [open_page(training()) for _ in range(2)]
    for page in pages:
        settled(page)
    assert curve(pages[0]) == curve(pages[1])


def test_while_a_slider_is_dragged_trainings_follow_and_the_last_is_right(open_page):
    page = open_page(training())
    seen = page.evaluate(
        """async () => {
            const slider = document.querySelector('.tp5-live input[type=range]'), seen = new Set();
            for (let k = 0; k < 200; k++) {
                slider.value = -2 + 0.5 * Math.sin(k / 8);
                slider.dispatchEvent(new Event('input'));
                await new Promise(requestAnimationFrame);
                seen.add(document.querySelector('.tp5-mean').getAttribute('points'));
            }
            return seen.size;
        }"""
    )
    assert seen >= 3
    settled(page)
    last = curve(page)
    lr = page.evaluate("() => live.model.get('lr')")
    alone = open_page(training(lr=lr))
    settled(alone)
    assert curve(alone) == last


def test_a_long_training_grows_and_makes_way_for_the_next(open_page):
    page = open_page(training())
    page.evaluate("() => { live.model.set({epochs: 20000}); }")
    page.locator(".tp5-live[data-state=training]").wait_for()
    assert " of 20000: error " in page.inner_text(".tp5-text")
    page.evaluate("() => { live.model.set({epochs: 10}); }")
    page.locator(DONE).wait_for()
    settled(page)
    assert page.inner_text(".tp5-text").startswith("After 10 epochs: ")


def test_runs_that_diverge_are_shown_as_such(open_page):
    page = open_page(training(lr=30.0, epochs=40, output_activation="identity"))
    settled(page)
    assert "every run has diverged" in page.inner_text(".tp5-text")
    assert page.locator(".tp5-lost").count() == 5
    assert page.errors == []


def test_unbounded_latent_units_have_a_map_that_follows(open_page):
    page = open_page(training(latent_activation="identity"))
    settled(page)
    box = page.evaluate("() => live.view.scene.message.box")
    codes = np.array(page.evaluate("() => Array.from(live.view.scene.codes)")).reshape(-1, 2)
    assert np.allclose(box, np.stack([codes.min(0), codes.max(0)], axis=1).ravel())


def test_it_says_what_python_says(browser):
    page = browser.new_page()
    code = script("training_words.js") + "\nwindow.said = { describeError, verdictOf };"
    page.add_script_tag(content=f"{{{code}}}")
    rng = np.random.default_rng(0)
    student = student_factors(5)
    for losses in ([4.0, 4.2, 4.4], [4.0], [4.0, np.nan, 4.4], [np.nan] * 2, rng.random(5) * 9):
        asked = [[x if np.isfinite(x) else None for x in losses], student]
        answer = page.evaluate(
            "([losses, student]) => said.describeError(losses.map(x => x ?? NaN), student)", asked
        )
        assert answer == describe_error(np.array(losses))
    falling = [[9, 9], [6.0, 8.0], [4.0, 7.0], [3.0, 4.0], [1.0, 2.0]]
    for goal, within in ((5.0, 3), (2.0, 3), (9.5, 1), (3.5, 4)):
        for rows in range(1, 6):
            for ended in (False, True):
                answer = page.evaluate(
                    "([target, rows, ended]) => said.verdictOf(target, rows, ended)",
                    [[goal, within], falling[:rows], ended],
                )
                losses = np.array(falling[1:rows]).reshape(-1, 2)
                assert tuple(answer) == Target(goal, within).verdict(losses, ended)
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_grave_and_hostile_words_stay_text(open_page, scheme):
    labels = [f"<b>{k}</b>" if k % 2 else r"$\frac$" for k in range(32)]
    live = LiveTraining(FONT.X, labels, architecture="35-2-35", epochs=5, rng=0)
    page = open_page(live, title="<script>alert(1)</script>", color_scheme=scheme)
    settled(page)
    assert grave_violations(page, "main") == {}
    assert page.inner_text("h1") == "<script>alert(1)</script>"
    assert page.locator(".tp5-label").first.text_content() == r"$\frac$"
    assert page.locator(".tp5-live b").count() == 0
    assert page.errors == []


def test_a_telephone(open_page):
    options = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
    page = open_page(training(target=(5.0, 20)), **options)
    number = settled(page)
    assert page.evaluate("() => document.documentElement.scrollWidth - innerWidth") <= 0
    page.get_by_role("button", name="5 other runs").tap()
    assert settled(page) > number


def test_who_wants_no_motion_sees_the_result_and_not_the_way(open_page):
    page = open_page(training(), reduced_motion="reduce")
    settled(page)
    before = curve(page)
    page.evaluate("() => { live.model.set({epochs: 20000}); }")
    page.locator(".tp5-live[data-state=training]").wait_for()
    page.wait_for_timeout(300)
    assert curve(page) == before


def test_an_activation_of_ones_own_is_refused(tmp_path):
    from tp5.networks import Tanh

    class Bent(Tanh):
        name = "bent"

    live = training(activation=Bent(), epochs=1)
    with pytest.raises(ValueError, match=r"and not your activation"):
        live.save_html(tmp_path / "bent.html")
    live.close()
