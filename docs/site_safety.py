"""Pages that ask nobody: each says in its head that it loads nothing from elsewhere."""

from __future__ import annotations

import base64
import hashlib
import html
import re
from pathlib import Path

# Everything from the site itself. Style in attributes is wanted by the theme and by figures; a
# script in the page runs only if it is one of those that were in it when the site was built.
POLICY = (
    "default-src 'self'; img-src 'self' data:; font-src 'self' data:; "
    "style-src 'self' 'unsafe-inline'; script-src 'self'{scripts}; "
    "object-src 'none'; base-uri 'none'; form-action 'self'"
)
SCRIPT = re.compile(r"<script(?![^>]*\bsrc=)([^>]*)>(.*?)</script>", re.DOTALL | re.IGNORECASE)
HANDLER = re.compile(r"""<[a-z][^>]*\son[a-z]+="([^"]*)\"""", re.IGNORECASE)


def keep_to_itself(path: Path) -> None:
    """Write a Content-Security-Policy into a page, unless it has one of its own."""
    page = path.read_text(encoding="utf-8")
    if 'http-equiv="Content-Security-Policy"' in page:
        return
    scripts = [code for kind, code in SCRIPT.findall(page) if runs(kind)]
    buttons = {html.unescape(code) for code in HANDLER.findall(SCRIPT.sub("", page))}
    allowed = ["'unsafe-hashes'"] * bool(buttons)  # of what a button does, too
    allowed += [f"'{digest(code)}'" for code in dict.fromkeys([*scripts, *sorted(buttons)])]
    policy = POLICY.format(scripts="".join(f" {one}" for one in allowed))
    meta = f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    page, count = re.subn(r"<head>", f"<head>\n    {meta}", page, count=1)
    if not count:
        raise ValueError(f"{path} has no <head> to say in that it loads nothing from elsewhere.")
    path.write_text(page, encoding="utf-8")


def runs(attributes: str) -> bool:
    """Whether a script is a script, and not data under that name."""
    kind = re.search(r'type="([^"]*)"', attributes)
    return kind is None or kind[1] in ("", "module", "text/javascript", "application/javascript")


def digest(code: str) -> str:
    """Return what the policy calls a script."""
    return "sha256-" + base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()
