"""Which statements of a notebook a check needs, and no others."""

from __future__ import annotations

import ast

import pytest

from tp5.exercises.asking import Judge
from tp5.exercises.cells import needed, read_check, slice_for, statements_of, without_magics
from tp5.exercises.message import Verdict


def kept(name, *cells):
    """Return the source of the statements that a name needs."""
    numbered = [(f"cell {number}", source) for number, source in enumerate(cells, 1)]
    return [ast.unparse(one.node) for one in needed(statements_of(numbered), {name})]


def test_what_is_not_needed_is_left_out():
    assert kept("f", "import os\nos.environ.clear()", "def f(x):\n    return x", "f(3)") == [
        "def f(x):\n    return x"
    ]


def test_the_last_definition_counts():
    assert kept("x", "x = 1", "y = x", "x = 2") == ["x = 2"]


def test_a_function_finds_what_is_defined_after_it():
    cells = ("def f():\n    return g() + a", "def g():\n    return h", "a = 1\nh = 2\nb = 3")
    assert len(kept("f", *cells)) == 4


@pytest.mark.parametrize(
    "change",
    [
        "model.fit(X)",
        "model.z = X",
        "model.rows[0] = X",
        "model += X",
        "for i in range(3):\n    model.fit(X)",
        "if X:\n    model = X",
        "with open(X) as model:\n    pass",
        "for model in X:\n    pass",
        "(model, *rest) = X",
        "y = (model := X)",
        "try:\n    model = X\nexcept ValueError:\n    pass",
    ],
)
def test_what_changes_it_belongs_to_it(change):
    found = kept("model", "X = 1\nmodel = make()", change, "print(model)")
    assert ast.unparse(ast.parse(change)) in found
    assert "X = 1" in found
    assert "print(model)" not in found


def test_what_may_not_happen_does_not_settle_it():
    assert kept("x", "x = 1", "if False:\n    x = 2") == ["x = 1", "if False:\n    x = 2"]


def test_imports_are_followed_by_the_name_that_they_bind():
    cells = (
        "import numpy as np, os.path\nfrom math import *\nfrom tp5 import Adam as A",
        "x = np.pi",
    )
    assert kept("x", *cells) == ["import numpy as np, os.path", "from math import *", "x = np.pi"]


def test_names_inside_of_functions_are_their_own():
    assert kept("x", "x = 1", "def f():\n    x = 2", "class C:\n    x = 3") == ["x = 1"]


def test_a_cell_that_is_no_python_has_no_statements():
    assert kept("x", "x = 1", "x = = 2", "%matplotlib inline\n!ls\nx = 3") == ["x = 3"]
    assert without_magics("%time\nx = 1\n  !ls") == "\nx = 1\n"


def test_a_check_cell_is_read():
    check = read_check("exercises.long_walk.check(ae, (start, 'e'))")
    assert check.title == "long_walk"
    assert check.expressions == ["ae", "(start, 'e')"]
    assert check.names == {"ae", "start"}
    assert read_check("exercises.kl.check(None)").names == set()
    for other in ("", "pass", "1 +", "check(f)", "exercises.kl.hint()", "x = 3"):
        assert read_check(other) is None


def test_statements_keep_their_lines():
    source = "x = 1; y = 2\n\n@print\ndef f():\n    return x"
    found = slice_for(read_check("exercises.kl.check(f)"), [("cell 1", source)])
    assert found["cells"] == [
        ("cell 1", "x = 1\n"),
        ("cell 1", "\n\n@print\ndef f():\n    return x\n"),
    ]
    assert found["lines"]["cell 1:5"] == "return x"


# --- Judged by cells ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def judge():
    judge = Judge()
    yield judge
    judge.stop()


def judged(judge, source, *cells):
    check = read_check(source)
    numbered = [(f"cell {number}", cell) for number, cell in enumerate(cells, 1)]
    return judge.ask(check.title, [{"function": slice_for(check, numbered)}])


KL = "def kl(mu, s):\n    return half * (mu**2 + np.exp(s) - 1 - s).sum(1).mean()"


def test_a_function_is_judged_by_the_cells_that_define_it(judge):
    cells = ("import numpy as np", KL, "half = 0.5", "np.exp = None", "raise SystemExit")
    assert judged(judge, "exercises.kl.check(kl)", *cells[:3]).verdict is Verdict.RIGHT
    assert judged(judge, "exercises.kl.check(kl)", *cells[1:3]).text == (
        "your code raises NameError: name 'np' is not defined"
    )


def test_a_mistake_is_found_where_it_stands(judge):
    wrong = "# a comment\ndef kl(mu, s):\n    return mu / {}"
    message = judged(judge, "exercises.kl.check(kl)", "x = 1", wrong)
    assert message.code == "in kl, line 3:\n    return mu / {}"
    assert "name 'kl' is not defined" in judged(judge, "exercises.kl.check(kl)", "def kl(:").text
    loop = "def kl(mu, s):\n    while True: pass"
    assert judged(judge, "exercises.kl.check(kl)", loop).code == (
        "in kl, line 2:\n    while True: pass"
    )


def test_what_was_found_is_computed_again(judge):
    message = judged(judge, "exercises.sgd_catches_up.check(lr)", "lr = 0.1", "lr = 'fast'")
    assert "a number above 0" in message.text
    message = judged(judge, "exercises.sixty_epochs.check(mine)", "mine = 3")
    assert "hand over the trained Autoencoder" in message.text
    model = (
        "from tp5 import Autoencoder\nfrom tp5.datasets import load_fonts",
        "mine = Autoencoder((35, 2, 35))",
        "mine.fit(load_fonts()[1].X, epochs=1, n_runs=5, progress=False)",
    )
    message = judged(judge, "exercises.sixty_epochs.check(mine)", *model)
    assert "the mean error of the runs is" in message.text
    message = judged(judge, "exercises.sixty_epochs.check(mine)", *model[:2])
    assert "hand over the trained Autoencoder" in message.text
    message = judged(judge, "exercises.clean_all.check(f)", "def f(): 1")
    assert "hand over the trained Autoencoder" in message.text


def test_a_fit_that_raises_says_so(judge):
    message = judged(judge, "exercises.clean_all.check(mine)", "mine = 1 / 0")
    assert message.text == "your code raises ZeroDivisionError: division by zero"
    assert message.code == "in <module>, line 1:\n    mine = 1 / 0"
    message = judged(judge, "exercises.clean_all.check(mine)", "raise_ = 0\nmine = raise_.todo")
    assert message.text.startswith("your code raises AttributeError")
    stub = "def todo():\n    raise NotImplementedError\nmine = todo()"
    assert judged(judge, "exercises.clean_all.check(mine)", stub).verdict is Verdict.UNTRIED
