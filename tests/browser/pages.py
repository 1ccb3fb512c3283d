"""What several browser tests ask of a page."""

from importlib.resources import files


def own_errors(page):
    """Errors that the page has logged, without those of JupyterLab's icon and Notebook 7's menu."""
    return [text for text in page.errors if "favicon" not in text and "'schema'" not in text]


def grave_violations(page, selector):
    """Accessibility rules that axe finds broken inside an element, the critical and serious ones.

    Returns
    -------
    dict of str to str
        For each rule the HTML of the first element that breaks it.
    """
    # Evaluated, not added as a script tag: no content security policy holds it back.
    page.evaluate((files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8"))
    script = "selector => axe.run(selector, {resultTypes: ['violations']})"
    found = page.evaluate(script, selector)["violations"]
    return {v["id"]: v["nodes"][0]["html"] for v in found if v["impact"] in ("critical", "serious")}


def redrawn(where):
    """Wait until what was moved, in a page or in an element's frame, is drawn.

    Our pages draw once a frame of the screen, however much has changed; after two frames, however
    long a busy machine takes for them, the picture is that of the last change.
    """
    where.evaluate(
        "() => new Promise(go => requestAnimationFrame(() => requestAnimationFrame(go)))"
    )


def wait_until_python_says(page, code, text):
    """Run code in new cells until one prints this text.

    A page tells the kernel of a change when the kernel has answered the one before: nobody can say
    how many cells later that is.
    """
    for _ in range(60):
        run_in_new_cell(page, code)
        for _ in range(10):
            if page.get_by_text(text, exact=True).count():
                return
            page.wait_for_timeout(500)
    raise AssertionError(f"Python never says {text}")


def run_in_new_cell(page, code):
    """Write code into a new cell at the end of the notebook, and run it."""
    page.locator(".jp-Notebook .jp-InputArea-editor").last.click()
    page.keyboard.press("Escape")
    page.keyboard.press("b")
    page.keyboard.press("Enter")
    page.keyboard.type(code)
    page.keyboard.press("Shift+Enter")
