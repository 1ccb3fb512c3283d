"""A real JupyterLab on loopback, driven in a real Chromium."""

import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import nbformat
import pytest

ETC = Path(__file__).parents[2] / "etc"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
KERNEL_IS_READY = """async name => {
    const sessions = await (await fetch("/api/sessions")).json();
    return sessions.some(({ path, kernel }) =>
        path === name && kernel.connections > 0 && kernel.execution_state === "idle");
}"""
PATIENCE = 600_000  # ms, of whatever waits for a page: a busy machine is slow, and must not fail
FLAGS = [
    "--no-sandbox",  # CI runs as root
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-sync",
    "--no-first-run",
]


@pytest.fixture(scope="session")
def browser():
    """Chromium; the tests are skipped where there is none, but not in CI."""
    if CHROMIUM is None:
        if os.environ.get("CI"):
            pytest.fail("CI must have chromium: .ci/run installs it")
        pytest.skip("no chromium found: sudo apt-get install chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        browser.on("context", lambda context: context.set_default_timeout(PATIENCE))
        yield browser
        browser.close()


@contextmanager
def running_lab(folder: Path, state: Path, program: str = "lab"):
    """JupyterLab, or Notebook 7, on a free loopback port.

    Yields a function from a notebook's name to its URL. Jupyter is told what an installation tells
    it (see etc/), from this folder and not from where it was installed last.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    token = secrets.token_hex(16)
    command = [
        *(sys.executable, "-m", "jupyter", program, "--no-browser", "--allow-root"),
        *("--ip=127.0.0.1", f"--port={port}", f"--IdentityProvider.token={token}"),
        *(f"--ServerApp.root_dir={folder}", "--LabApp.news_url="),
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    ]
    told = state / "told"
    (told / "kernels" / "tp5").mkdir(parents=True)
    shutil.copy(ETC / "kernel.json", told / "kernels" / "tp5")
    (told / "jupyter_server_config.d").mkdir()
    shutil.copy(ETC / "server.json", told / "jupyter_server_config.d" / "tp5.json")
    # Settings and workspaces of its own: nothing of this user's is read or changed.
    own = {"JUPYTER_CONFIG_DIR": "config", "JUPYTERLAB_WORKSPACES_DIR": "workspaces"}
    own |= {"JUPYTERLAB_SETTINGS_DIR": "settings", "JUPYTER_RUNTIME_DIR": "runtime"}
    own |= {"JUPYTER_PATH": "told", "JUPYTER_CONFIG_PATH": "told", "JUPYTER_DATA_DIR": "data"}
    # All cells stay in the page: tests look for what is out of sight, too.
    tracker = state / "settings" / "@jupyterlab" / "notebook-extension"
    tracker.mkdir(parents=True)
    (tracker / "tracker.jupyterlab-settings").write_text('{"windowingMode": "none"}')
    environment = os.environ | {name: str(state / value) for name, value in own.items()}
    environment["PYTHONPATH"] = str(ETC.parent)  # the package beside these tests
    with (state / "lab.log").open("w") as log:
        server = subprocess.Popen(command, env=environment, stdout=log, stderr=subprocess.STDOUT)
        try:
            wait_for(port, server, state / "lab.log")
            place = {"lab": "lab/tree", "notebook": "notebooks"}[program]
            yield lambda name: f"http://127.0.0.1:{port}/{place}/{name}?token={token}&reset"
        finally:
            server.terminate()
            try:
                server.wait(60)
            except subprocess.TimeoutExpired:  # seen on a busy machine; the tests are done
                server.kill()
                server.wait()


@pytest.fixture(scope="session")
def lab(tmp_path_factory):
    """A running JupyterLab: its folder and a function from a notebook's name to its URL."""
    folder = tmp_path_factory.mktemp("lab")
    with running_lab(folder, tmp_path_factory.mktemp("state")) as url:
        yield folder, url


def wait_for(port: int, server: subprocess.Popen, log: Path) -> None:
    for _ in range(2400):
        assert server.poll() is None, log.read_text()
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.25)
    raise AssertionError(f"JupyterLab did not start:\n{log.read_text()}")


def run_notebook(lab, browser, name, cells):
    """Write cells to a notebook, open it in JupyterLab, and run all of it; return the page."""
    folder, url = lab
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(source) for source in cells],
        metadata={"kernelspec": {"name": "tp5", "display_name": "Python (tp5)"}},
    )
    nbformat.write(notebook, folder / name)
    return run_all(browser, url(name))


def run_all(browser, url):
    """Open a notebook in JupyterLab or Notebook 7 and run all of it; return the page."""
    page = open_page(browser, url)
    # Before the kernel is there, "run all" would run nothing.
    name = urlsplit(url).path.rpartition("/")[2]
    while not page.evaluate(KERNEL_IS_READY, name):
        page.wait_for_timeout(300)
    page.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]").wait_for()
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_text("Run All Cells", exact=True).click()
    return page


def open_page(browser, url):
    """Open a notebook in JupyterLab or Notebook 7; return the page, which keeps its errors."""
    page = browser.new_page(viewport={"width": 1100, "height": 1000})
    page.errors = []
    page.on("console", lambda m: page.errors.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda error: page.errors.append(str(error)))
    page.goto(url)
    page.wait_for_selector(".jp-Notebook")
    return page


@pytest.fixture
def open_notebook(lab, browser):
    """Return a function that writes cells to a notebook, opens it and runs all of it."""
    pages = []

    def run(name, cells):
        pages.append(run_notebook(lab, browser, name, cells))
        return pages[-1]

    yield run
    for page in pages:
        page.close()
