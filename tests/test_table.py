import csv

import pytest

from tp5.table import Table

TABLE = Table({"name": ["b", "a<b"], "loss": [4.71234567, 5.0]})


def test_repr_aligns_columns_and_rounds():
    assert repr(TABLE).splitlines() == ["name   loss", "   b  4.712", " a<b      5"]


def test_html_escapes_and_marks_its_header():
    assert "<td>a&lt;b</td>" in TABLE._repr_html_()
    assert '<th scope="col">loss</th>' in TABLE._repr_html_()


def test_csv_keeps_full_precision(tmp_path):
    TABLE.to_csv(tmp_path / "table.csv")
    with (tmp_path / "table.csv").open(newline="") as file:
        assert list(csv.reader(file)) == [["name", "loss"], ["b", "4.71234567"], ["a<b", "5.0"]]


def test_csv_into_a_missing_folder_is_refused(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"folder .*nowhere does not exist"):
        TABLE.to_csv(tmp_path / "nowhere" / "table.csv")


def test_rows_make_the_same_table_as_columns():
    rows = [("b", 4.71234567), ("a<b", 5.0)]
    assert Table.from_rows(("name", "loss"), rows).columns == TABLE.columns
    assert Table.from_rows(("name", "loss"), iter(rows)).rows == rows
    assert Table.from_rows(("name", "loss"), []).columns == {"name": [], "loss": []}


def test_a_row_of_another_length_is_refused():
    with pytest.raises(ValueError, match="row 1 of a table must have 2 entries, not"):
        Table.from_rows(("a", "b"), [(1, 2), (1, 2, 3)])


def test_rows_can_be_picked_and_sorted():
    assert TABLE.where(name="b").rows == [("b", 4.71234567)]
    assert TABLE.sorted_by("name")["name"] == ["a<b", "b"]
    assert len(TABLE.where(name="x")) == 0


def test_columns_of_unequal_length_are_refused():
    with pytest.raises(ValueError, match="differ in length"):
        Table({"a": [1], "b": [1, 2]})


def test_a_missing_column_is_named_with_those_there_are():
    with pytest.raises(KeyError, match="no column 'x'; there are name, loss"):
        TABLE["x"]
