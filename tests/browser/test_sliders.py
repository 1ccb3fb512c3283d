"""The slider pair, in JupyterLab in a real browser."""

CELLS = [
    "from tp5 import Autoencoder\n"
    "from tp5.explorer import LatentSliders\n"
    "from tp5.fonts import load_fonts\n"
    "font = load_fonts()[1]\n"
    "model = Autoencoder((35, 25, 17, 2, 17, 25, 35), dtype='float32')\n"
    "model = model.fit(font.X, epochs=400, rng=0, progress=False)",
    "explorer = LatentSliders(model, font.X, font.labels)\nexplorer",
    "print('ready at', explorer.z.round(2).tolist())",
]


def picture(page):
    return page.locator(".jp-OutputArea figure img").first


def test_a_slider_moved_by_keyboard_changes_the_picture_and_python_follows(open_notebook):
    page = open_notebook("sliders.ipynb", CELLS)
    page.get_by_text("ready at").wait_for(timeout=90_000)
    before = picture(page).get_attribute("src")
    assert "decoded picture at z = " in picture(page).get_attribute("alt")
    handle = page.locator(".jp-OutputArea .noUi-handle").first
    handle.focus()
    for _ in range(25):
        page.keyboard.press("ArrowRight")
    # The kernel follows at its own speed: wait until it has decoded what the slider says.
    page.wait_for_function(
        """before => {
            const image = document.querySelector('.jp-OutputArea figure img');
            const said = document.querySelector('.jp-OutputArea .widget-readout').innerText;
            return image.src !== before && image.alt.includes(`z = (${said}, `);
        }""",
        arg=before,
    )
    mine = [e for e in page.errors if "favicon" not in e]
    assert mine == []


def test_every_picture_has_an_alt_text_on_the_screen(open_notebook):
    cells = [
        "from tp5 import plots\nplots.funnel((35, 2, 35), 'a funnel')",
        "print('do' + 'ne')",
    ]
    page = open_notebook("alt.ipynb", cells)
    page.get_by_text("done", exact=True).wait_for(timeout=60_000)
    image = page.locator(".jp-OutputArea img").first
    assert image.get_attribute("alt").startswith("a funnel. Columns of 35, 2, 35 units")
    assert image.evaluate("image => image.naturalWidth") > 500
