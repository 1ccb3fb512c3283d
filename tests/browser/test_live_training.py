"""Live training, in JupyterLab in a real browser."""

from pages import grave_violations, own_errors, run_in_new_cell, wait_until_python_says

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
    const state = {architecture: "35-2-35", lr: 0.05, momentum: 0, epochs: 2, rng: 0,
        optimizer: "momentum", batch_size: 1, init: "uniform", pinned: []};
    const model = {
        get: name => state[name], set() {}, save_changes() {}, off() {},
        send: ({kind}) => (window.sent ??= []).push(kind),
        on(name, listen) { if (name === "msg:custom") window.say = listen; },
    };
    module.default.render({model, el: document.body});
}"""
ANSWERS = """() => {
    const floats = (...values) => new DataView(new Float32Array(values).buffer);
    const about = {kind: "data", labels: ["A", "B"], n_runs: 2, target: null};
    const choice = {architectures: ["35-2-35"], optimizers: ["momentum"], batch_sizes: [1],
        inits: ["uniform"], baselines: {"mean image": 7, PCA: 4}};
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
    page.locator(".tp5-live .tp5-text", has_text=text).wait_for()


def test_a_slider_moved_by_keyboard_trains_again_and_python_follows(open_notebook):
    page = open_notebook("live.ipynb", [SETUP])
    page.locator(DONE).wait_for()
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
    page.wait_for_timeout(1000)
    page.get_by_role("slider", name="learning rate").focus()
    for _ in range(6):
        page.keyboard.press("ArrowRight")
    page.locator(".tp5-live polyline.tp5-before").wait_for(state="attached")
    lr = page.locator(".tp5-live output").first.inner_text()
    code = "live.wait(); print('trained at', live.lr, len(live.history.loss))"
    wait_until_python_says(page, code, f"trained at {float(lr)} 41")
    page.locator(DONE).wait_for()
    page.get_by_role("button", name="pin this curve").click()
    page.locator(".tp5-live polyline.tp5-pinned").wait_for(state="attached")
    pinned = page.locator(".tp5-live polyline.tp5-pinned").get_attribute("points")
    assert pinned == curve(page)

    before = curve(page)
    page.get_by_role("combobox", name="architecture").select_option("35-2-35")
    page.get_by_role("slider", name="momentum").focus()
    page.keyboard.press("ArrowRight")
    code = "live.wait(); print('now', live.architecture, live.momentum)"
    wait_until_python_says(page, code, "now 35-2-35 0.05")
    shown(page, "After 40 epochs: error ")
    page.wait_for_function(
        "before => document.querySelector('.tp5-live polyline.tp5-mean')"
        ".getAttribute('points') !== before",
        arg=before,
    )
    assert page.locator("polyline.tp5-pinned").get_attribute("points") == pinned
    page.get_by_role("button", name="let the curve go").click()
    page.locator(".tp5-live polyline.tp5-pinned").wait_for(state="detached")
    page.get_by_role("combobox", name="optimizer").select_option("adam")
    assert page.get_by_role("slider", name="momentum").is_disabled()
    page.get_by_role("combobox", name="batch size").select_option("8")
    page.get_by_role("combobox", name="weights").select_option("glorot")
    code = "live.wait(); print(live.optimizer, live.batch_size, live.init)"
    wait_until_python_says(page, code, "adam 8 glorot")

    assert grave_violations(page, ".tp5-live") == {}
    assert own_errors(page) == []


def test_curves_and_map_follow_the_slider_while_it_moves(open_notebook):
    """The kernel trains again and again while a hand drags; each is seen, and the last is right."""
    page = open_notebook("scrub.ipynb", [SETUP])
    page.locator(DONE).wait_for()
    page.locator(".tp5-live polyline.tp5-mean").wait_for(state="attached")
    seen = page.evaluate(
        """async () => {
            const slider = document.querySelector('.tp5-live input[type=range]');
            const curve = () => document.querySelector('.tp5-mean').getAttribute('points');
            const seen = new Set();
            // The first curve and four new ones, while a hand goes to and fro.
            for (let k = 0; k < 20000 && seen.size < 5; k++) {
                slider.value = -2 + 0.5 * Math.sin(k / 8);
                slider.dispatchEvent(new Event('input'));
                await new Promise(requestAnimationFrame);
                seen.add(curve());
            }
            return seen.size;
        }"""
    )
    assert seen >= 5, "while it moved"
    lr = page.locator(".tp5-live output").first.inner_text()
    code = "live.wait(); print('last', live.lr, len(live.history.loss))"
    wait_until_python_says(page, code, f"last {float(lr)} 21")
    assert own_errors(page) == []


def test_while_it_trains_other_cells_run_and_the_curves_grow(open_notebook):
    long = "live.epochs = 100_000; live.architecture = '35-2-35'"
    page = open_notebook("busy.ipynb", [SETUP, long, "print('the sum is', sum(range(10)))"])
    page.get_by_text("the sum is 45", exact=True).wait_for()
    page.locator(".tp5-live[data-state=training]").wait_for()
    shown(page, " of 100000: error ")
    before = page.locator(".tp5-live .tp5-text").inner_text()
    run_in_new_cell(page, "print('and now', sum(range(11)), live.training)")
    page.get_by_text("and now 55 True", exact=True).wait_for()
    assert page.locator(".tp5-live .tp5-text").inner_text() != before
    run_in_new_cell(page, "live.epochs = 10; live.wait(); print('ended at', live.history.n_epochs)")
    page.get_by_text("ended at 10", exact=True).wait_for()
    shown(page, "After 10 epochs: error ")
    assert own_errors(page) == []


def test_what_diverges_and_what_goes_wrong_is_said(open_notebook):
    wild = SETUP.replace("epochs=20", "epochs=40, lr=30.0, output_activation='identity'")
    broken = (
        "def fit(*args, **more):\n    raise MemoryError('there is not enough memory for this')\n"
        "print('dri' + 'ven')"
    )
    page = open_notebook("wild.ipynb", [wild, broken])
    page.get_by_text("driven", exact=True).wait_for()
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
    note.wait_for()
    page.evaluate(ANSWERS)
    note.wait_for(state="hidden")
    page.close()


def test_a_late_word_from_a_training_before_changes_nothing(browser):
    page = browser.new_page()
    page.evaluate(NO_KERNEL, LiveTraining._esm)
    page.evaluate(ANSWERS)
    frame = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
    page.evaluate("curves(2, true, 9, 9, 5, 5)")
    page.evaluate(frame)
    drawn = curve(page)
    page.evaluate("curves(1, true, 9, 9, 8, 8, 7, 7)")
    page.evaluate(frame)
    assert curve(page) == drawn
    page.evaluate("curves(3, true, 9, 9, 8, 8, 7, 7)")
    page.evaluate(frame)
    assert len(curve(page).split()) == 3
    page.close()


def test_who_wants_no_motion_sees_the_result_and_not_the_way(browser):
    page = browser.new_page(reduced_motion="reduce")
    page.evaluate(NO_KERNEL, LiveTraining._esm)
    page.evaluate(ANSWERS)
    frame = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
    page.evaluate("curves(1, false, NaN, NaN, 8, 8)")
    page.evaluate(frame)
    assert page.locator("polyline.tp5-mean").count() == 0
    page.evaluate("curves(1, true, 9, 9, 8, 8, NaN, 7)")
    page.evaluate(frame)
    assert len(curve(page).split()) == 2, "where a run has diverged the mean is no number"
    assert page.locator(".tp5-lost").count() == 1
    page.close()


def test_while_an_answer_is_due_it_nudges_the_server_and_then_is_quiet(browser):
    page = browser.new_page()
    page.evaluate(NO_KERNEL, LiveTraining._esm)
    page.evaluate(ANSWERS)
    assert page.evaluate("sent") == ["ask"]
    page.get_by_role("slider", name="learning rate").press("ArrowRight")
    page.wait_for_function("sent.includes('nudge')")
    page.wait_for_timeout(500)
    sent = page.evaluate("sent.length")
    page.wait_for_timeout(500)
    assert page.evaluate("sent.length") == sent <= 4
    page.close()
