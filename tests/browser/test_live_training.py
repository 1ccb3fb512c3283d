"""Live training, in JupyterLab in a real browser."""

from pages import grave_violations, own_errors, run_in_new_cell

from tp5.explorer import LiveTraining

SETUP = (
    "from tp5.explorer import LiveTraining\n"
    "from tp5.datasets.fonts import load_fonts\n"
    "font = load_fonts()[1]\n"
    "live = LiveTraining(font.X, font.labels, epochs=20, target=(5.0, 60), rng=0)\n"
    "live"
)
DONE = ".tp5-live[data-state=done]"
# A model without a kernel: it hears what the test says, and nobody answers what it asks.
NO_KERNEL = """async code => {
    const module = await import(URL.createObjectURL(new Blob([code], {type: "text/javascript"})));
    const state = {architecture: "35-2-35", lr: 0.05, momentum: 0, epochs: 2, rng: 0};
    const model = {
        get: name => state[name], set() {}, save_changes() {}, off() {}, send() {},
        on(name, listen) { if (name === "msg:custom") window.say = listen; },
    };
    module.default.render({model, el: document.body});
}"""
ANSWERS = """() => {
    const floats = (...values) => new DataView(new Float32Array(values).buffer);
    const about = {kind: "data", labels: ["A", "B"], n_runs: 2, target: null};
    const choice = {architectures: ["35-2-35"], baselines: {"mean image": 7, PCA: 4}};
    say({...about, ...choice}, []);
    const words = {kind: "curves", text: "words", verdict: "", reached: null, failed: false};
    window.curves = (number, ended, ...losses) => say(
        {...words, number, ended, epochs: 2, box: [0, 1, 0, 1]},
        [floats(...losses), floats(0.1, 0.2, 0.3, 0.4)]);
}"""


def curve(page):
    """Where the mean of the runs is drawn."""
    return page.locator(".tp5-live polyline.tp5-mean").get_attribute("points")


def shown(page, text):
    """Wait until the line below the controls says this."""
    page.locator(".tp5-live .tp5-text", has_text=text).wait_for(timeout=60_000)


def test_a_slider_moved_by_keyboard_trains_again_and_python_follows(open_notebook):
    page = open_notebook("live.ipynb", [SETUP])
    page.locator(DONE).wait_for(timeout=90_000)
    shown(page, "After 20 epochs: error ")
    assert len(curve(page).split()) == 21, "the untrained network and twenty epochs"
    assert page.locator(".tp5-live polyline.tp5-run").count() == 5, "a line for each run"
    assert page.locator(".tp5-live .tp5-label").count() == 32
    assert "✗ Not reached: a mean error below 5" in page.locator(".tp5-verdict").inner_text()

    page.get_by_role("slider", name="epochs").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    shown(page, "After 40 epochs: error ")
    assert len(curve(page).split()) == 41
    assert page.locator(".tp5-live polyline.tp5-before").count() == 1, "what was before"

    before = curve(page)
    page.get_by_role("combobox", name="architecture").select_option("35-2-35")
    page.get_by_role("slider", name="momentum").focus()
    page.keyboard.press("ArrowRight")
    run_in_new_cell(page, "live.wait(); print('now', live.architecture, live.momentum)")
    page.get_by_text("now 35-2-35 0.05").last.wait_for(timeout=60_000)
    shown(page, "After 40 epochs: error ")
    assert curve(page) != before

    assert grave_violations(page, ".tp5-live") == {}
    assert own_errors(page) == []


def test_while_it_trains_other_cells_run_and_the_curves_grow(open_notebook):
    long = "live.epochs = 100_000; live.architecture = '35-2-35'"
    page = open_notebook("busy.ipynb", [SETUP, long, "print('the sum is', sum(range(10)))"])
    page.get_by_text("the sum is 45", exact=True).wait_for(timeout=90_000)
    page.locator(".tp5-live[data-state=training]").wait_for(timeout=60_000)
    shown(page, " of 100000: error ")
    before = page.locator(".tp5-live .tp5-text").inner_text()
    run_in_new_cell(page, "print('and now', sum(range(11)), live.training)")
    page.get_by_text("and now 55 True", exact=True).wait_for(timeout=60_000)
    assert page.locator(".tp5-live .tp5-text").inner_text() != before
    run_in_new_cell(page, "live.epochs = 10; live.wait(); print('ended at', live.history.n_epochs)")
    page.get_by_text("ended at 10", exact=True).wait_for(timeout=60_000)
    shown(page, "After 10 epochs: error ")
    assert own_errors(page) == []


def test_what_diverges_and_what_goes_wrong_is_said(open_notebook):
    wild = SETUP.replace("epochs=20", "epochs=40, lr=30.0, output_activation='identity'")
    broken = (
        "def fit(*args, **more):\n    raise MemoryError('there is not enough memory for this')\n"
        "print('dri' + 'ven')"
    )
    page = open_notebook("wild.ipynb", [wild, broken])
    page.get_by_text("driven", exact=True).wait_for(timeout=90_000)
    shown(page, "every run has diverged")
    assert page.locator(".tp5-live .tp5-lost").count() == 5, "a cross for each run"
    assert page.get_by_text("✕ diverged: no number any more").is_visible()
    assert "✗ Not reached" in page.locator(".tp5-verdict").inner_text()
    run_in_new_cell(page, "import tp5; tp5.Autoencoder.fit = fit; live.lr = 0.1")
    shown(page, "The training failed: there is not enough memory for this")
    assert own_errors(page) == []


def test_where_no_kernel_answers_it_says_what_to_do(browser):
    page = browser.new_page()
    page.evaluate(NO_KERNEL, LiveTraining._esm)
    note = page.get_by_text("run this cell to bring it to life")
    note.wait_for(timeout=10_000)
    page.evaluate(ANSWERS)
    note.wait_for(state="hidden", timeout=10_000)
    page.close()


def test_a_late_word_from_a_training_before_changes_nothing(browser):
    page = browser.new_page()
    page.evaluate(NO_KERNEL, LiveTraining._esm)
    page.evaluate(ANSWERS)
    page.evaluate("curves(2, true, 9, 9, 5, 5)")
    drawn = curve(page)
    page.evaluate("curves(1, true, 9, 9, 8, 8, 7, 7)")
    assert curve(page) == drawn
    page.evaluate("curves(3, true, 9, 9, 8, 8, 7, 7)")
    assert len(curve(page).split()) == 3
    page.close()


def test_who_wants_no_motion_sees_the_result_and_not_the_way(browser):
    page = browser.new_page(reduced_motion="reduce")
    page.evaluate(NO_KERNEL, LiveTraining._esm)
    page.evaluate(ANSWERS)
    page.evaluate("curves(1, false, NaN, NaN, 8, 8)")
    assert page.locator("polyline.tp5-mean").count() == 0
    page.evaluate("curves(1, true, 9, 9, 8, 8, NaN, 7)")
    assert len(curve(page).split()) == 2, "where a run has diverged the mean is no number"
    assert page.locator(".tp5-lost").count() == 1
    page.close()
