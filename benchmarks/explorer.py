"""How fast the explorer answers in a real browser, beside `interact` + matplotlib.

Both in one JupyterLab, in one Chromium, with the same decoder (2-256-6400), one after the other in
turns. Measured inside the page, from the key event to the first frame in which the picture is
another one, and pictures a second while an arrow key is held down or the mouse drags. Then whole
trainings a second (5 runs of 35-25-17-2-17-25-35, 60 epochs of 32 characters) while the learning
rate is dragged: the kernel's in JupyterLab, and those of a page that trains by itself.

    python benchmarks/explorer.py
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from pathlib import Path

import nbformat
from playwright.sync_api import sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "browser"))
from conftest import CHROMIUM, FLAGS, running_lab

ROUNDS, KEYS, SECONDS = 3, 15, 3.0

CELLS = [
    "%matplotlib inline\n"
    "import ipywidgets, matplotlib.pyplot as plt, numpy as np\n"
    "from tp5 import VariationalAutoencoder\n"
    "from tp5.explorer import LatentExplorer\n"
    "from tp5.datasets.flork import load_florks\n"
    "X = 1 - load_florks().X\n"
    "vae = VariationalAutoencoder((6400, 256, 2)).fit(X, epochs=20, rng=0, progress=False)",
    "explorer = LatentExplorer(vae, X)\nexplorer",
    "def draw(z1=0.0, z2=0.0):\n"
    "    plt.figure(figsize=(3, 3))\n"
    "    plt.imshow(vae.decode(np.array([[z1, z2]]))[0].reshape(80, 80), cmap='gray_r')\n"
    "    plt.axis('off')\n"
    "    plt.show()\n"
    "_ = ipywidgets.interact(draw, z1=(-3.0, 3.0, 0.01), z2=(-3.0, 3.0, 0.01))",
    "from tp5.explorer import LiveTraining\n"
    "from tp5.datasets.fonts import load_fonts\n"
    "font = load_fonts()[1]\n"
    "layers = (35, 25, 17, 2, 17, 25, 35)\n"
    "live = LiveTraining(font.X, font.labels, architecture=layers, epochs=60, rng=0)\n"
    "live.save_html('training.html')\n"
    "live",
    "live.wait(60)\nprint('all do' + 'ne')",
]

# What is on the screen, as a string that changes when the picture does.
PICTURE = {
    "explorer": """() => {
        const c = document.querySelector('.tp5-picture');
        return c.getContext('2d').getImageData(0, 0, c.width, c.height).data.join();
    }""",
    "interact": """() => document.querySelector(
        '.widget-output img, .jupyter-widgets-output-area img')?.src""",
}
HANDLE = {"explorer": 0, "interact": 2}  # among the slider handles of the page

LATENCY = """async ({ picture, handle }) => {
    const shown = eval(picture), slider = document.querySelectorAll('.noUi-handle')[handle];
    slider.focus();
    const before = shown(), start = performance.now();
    slider.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight', bubbles: true }));
    while (performance.now() - start < 3000) {
        await new Promise(requestAnimationFrame);
        const after = shown();
        if (after && after !== before) return performance.now() - start;
    }
    return NaN;
}"""

# Key events every 8 ms, as fast as a hand can drag; every frame looks whether there is another
# picture. The explorer counts its frames, so that reading the canvas does not slow it down.
RATE = """async ({ picture, handle, seconds }) => {
    const slider = document.querySelectorAll('.noUi-handle')[handle];
    const shown = picture ? eval(picture) : () => document.querySelector('.tp5-views').frames;
    slider.focus();
    let key = 'ArrowRight', last = shown(), count = 0, n = 0;
    const timer = setInterval(() => {
        if (++n % 150 === 0) key = key === 'ArrowRight' ? 'ArrowLeft' : 'ArrowRight';
        slider.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
    }, 8);
    const start = performance.now();
    while (performance.now() - start < 1000 * seconds) {
        await new Promise(requestAnimationFrame);
        const now = shown();
        if (now !== last) [last, count] = [now, count + 1];
    }
    clearInterval(timer);
    return count / seconds;
}"""

DRAG = """async ({ seconds }) => {
    const map = document.querySelector('.tp5-map'), box = map.getBoundingClientRect();
    map.setPointerCapture = () => {};
    const shown = () => document.querySelector('.tp5-views').frames;
    const send = (type, t) => map.dispatchEvent(new PointerEvent(type, {
        clientX: box.left + box.width * (0.5 + 0.3 * Math.cos(t)),
        clientY: box.top + box.height * (0.5 + 0.3 * Math.sin(t)), bubbles: true, pointerId: 1,
    }));
    send('pointerdown', 0);
    const timer = setInterval(() => send('pointermove', performance.now() / 300), 8);
    const start = performance.now(), first = shown();
    while (performance.now() - start < 1000 * seconds) await new Promise(requestAnimationFrame);
    clearInterval(timer);
    send('pointerup', 0);
    return (shown() - first) / seconds;
}"""


# The learning rate goes up and down, through all positions of the slider in half a second: more
# changes than trainings. Each training that is drawn has a number.
SCRUB = """async ({ seconds }) => {
    const root = document.querySelector('.tp5-live'), seen = new Set();
    const slider = root.querySelector('input[type=range]');
    const timer = setInterval(() => {
        slider.value = -2 + Math.sin(performance.now() / 150);
        slider.dispatchEvent(new Event('input'));
    }, 8);
    const start = performance.now();
    while (performance.now() - start < 1000 * seconds) {
        await new Promise(requestAnimationFrame);
        if (root.dataset.state === 'done') seen.add(root.dataset.number);
    }
    clearInterval(timer);
    return seen.size / seconds;
}"""


def scrub(page) -> list[float]:
    """Whole trainings a second while the learning rate is dragged."""
    page.locator(".tp5-live[data-state=done]").wait_for(timeout=60_000)
    page.locator(".tp5-charts").scroll_into_view_if_needed()
    page.wait_for_timeout(1500)
    rates = []
    for _ in range(ROUNDS):
        rates.append(page.evaluate(SCRUB, {"seconds": SECONDS}))
        page.wait_for_timeout(1500)
    return rates


def measure(page) -> dict[str, list[float]]:
    """Latencies in ms and rates in pictures a second, in turns."""
    found: dict[str, list[float]] = {}
    for _ in range(ROUNDS):
        for name, picture in PICTURE.items():
            slider = page.locator(".noUi-handle").nth(HANDLE[name])
            slider.scroll_into_view_if_needed()  # what nobody sees is not painted
            for _ in range(KEYS):
                ms = page.evaluate(LATENCY, {"picture": picture, "handle": HANDLE[name]})
                found.setdefault(f"{name}, ms to repaint", []).append(ms)
                page.wait_for_timeout(30)
            rate = {"handle": HANDLE[name], "seconds": SECONDS}
            rate["picture"] = picture if name == "interact" else None
            found.setdefault(f"{name}, pictures a second", []).append(page.evaluate(RATE, rate))
            page.wait_for_timeout(1500)  # the kernel catches up
        page.locator(".tp5-views").scroll_into_view_if_needed()
        dragged = page.evaluate(DRAG, {"seconds": SECONDS})
        found.setdefault("explorer dragged on the map, pictures a second", []).append(dragged)
    return found


def main() -> None:
    """Run it and print the table."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        cells = [nbformat.v4.new_code_cell(source) for source in CELLS]
        kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
        notebook = nbformat.v4.new_notebook(cells=cells, metadata=kernel)
        root = Path(folder) / "root"
        root.mkdir()
        nbformat.write(notebook, root / "bench.ipynb")
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        with running_lab(root, Path(folder) / "state") as url:
            page = browser.new_page(viewport={"width": 1280, "height": 800})
            page.goto(url("bench.ipynb"), timeout=60_000)
            page.get_by_text("Python 3 (ipykernel) | Idle").wait_for(timeout=60_000)
            page.get_by_role("menuitem", name="Run", exact=True).click()
            page.get_by_text("Run All Cells", exact=True).click()
            page.get_by_text("all done", exact=True).wait_for(timeout=120_000)
            page.wait_for_timeout(2000)
            found = measure(page)
            found["live training, trainings a second"] = scrub(page)
            page.close()
        page = browser.new_page()
        page.goto((root / "training.html").as_uri())
        found["the page that trains, trainings a second"] = scrub(page)
        browser.close()
    for name, values in found.items():
        print(
            f"{name:50} {statistics.median(values):8.1f}   ({min(values):.1f} to {max(values):.1f})"
        )
    ratio = {
        what: statistics.median(found[f"interact, {what}"])
        / statistics.median(found[f"explorer, {what}"])
        for what in ("ms to repaint", "pictures a second")
    }
    print(f"interact takes {ratio['ms to repaint']:.1f} times as long to repaint;")
    print(
        f"the explorer shows {1 / ratio['pictures a second']:.1f} times as many pictures a second"
    )


if __name__ == "__main__":
    main()
