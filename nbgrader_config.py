"""How nbgrader grades this course. Run it in this folder: see "Grading" in docs/teaching.md.

The notebooks are used as they are committed: what is handed out, handed in and graded lies in
`course/`, which git does not see. Nothing is to be set: our checks raise when nbgrader runs them,
and then nbgrader gives no points. (JupyterLab reads this file too where nbgrader is installed, so
it must change nothing by itself.)
"""

import os
import sys
from pathlib import Path

# nbgrader calls `alembic` by its name, which an environment that is not activated does not know.
os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])

root = Path(__file__).resolve().parent

c = get_config()  # noqa: F821, traitlets gives it to every file of configuration

c.CourseDirectory.course_id = "tp5"
c.CourseDirectory.root = str(root)
c.CourseDirectory.db_url = f"sqlite:///{root / 'gradebook.db'}"
c.CourseDirectory.source_directory = "."  # so that the assignment "notebooks" is ./notebooks
c.CourseDirectory.release_directory = "course/release"
c.CourseDirectory.submitted_directory = "course/submitted"
c.CourseDirectory.autograded_directory = "course/autograded"
c.CourseDirectory.feedback_directory = "course/feedback"

# A cell that trains takes longer than nbgrader's 30 seconds.
c.Execute.timeout = 300
c.Execute.kernel_name = "python3"  # this Python, whatever kernel a student's notebook asks for

# Points are given by our judge, and not by the kernel that the student's code ran in.
c.Autograde.autograde_preprocessors = [
    "tp5.exercises.grading.ExecuteToTheEnd",
    "nbgrader.preprocessors.IgnorePattern",
    "nbconvert.preprocessors.ClearMetadataPreprocessor",
    "nbgrader.preprocessors.LimitOutput",
    "tp5.exercises.grading.JudgeAgain",
    "nbgrader.preprocessors.SaveAutoGrades",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
]

# What a student prints as HTML must not run in the Formgrader, which has the teacher's rights.
c.HTMLExporter.preprocessors = ["tp5.exercises.harmless.Harmless"]
c.HTMLExporter.filters = {"markdown2html": "tp5.exercises.harmless.clean_markdown"}

# Stubs look alike before and after: our checks know an empty function, and nothing is raised.
c.ClearSolutions.code_stub = {"python": "# your code here"}
c.ClearSolutions.text_stub = "*Why? (Double-click, and write here.)*"

c.ExportPlugin.to = str(root / "course" / "grades.csv")
