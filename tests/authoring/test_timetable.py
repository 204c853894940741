"""The instructor's guide: its timetables follow from the lessons, and its links lead somewhere."""

import re

import pytest

from dl_workshop.authoring import timetable
from dl_workshop.errors import LearnerError

SOURCE = """# %% [markdown]
# # 01 A lesson

# %% [markdown] tags=["instructor"]
# Minutes add up to 12. Late? Leave out
# the second part.

# %% [markdown] minutes=7
# ## The first part
#
# Words.

# %% [markdown] minutes=5
# Words without a heading.
"""


def test_minutes_parts_and_cuts_are_read_from_a_source():
    table = timetable.table({"01": SOURCE}, {"01": ("8", "340 MB")})
    assert table.splitlines()[-1] == "| 01 | 12 | The first part 7 | 8 s, 340 MB |"
    assert timetable.late({"01": SOURCE}) == "- **01**: Leave out the second part."


def test_every_lesson_is_in_the_guide_with_its_run_time(repository):
    guide = timetable.texts(repository)[timetable.GUIDE]
    lessons = {path.name[7:9] for path in (repository / "dl_workshop/lessons").glob("lesson_*")}
    assert set(re.findall(r"^\| (\d\d) \| [1-9]\d* \| .* \| \d+ s, \d+ MB \|$", guide, re.MULTILINE)) == lessons
    assert set(re.findall(r"^- \*\*(\d\d)\*\*", guide, re.MULTILINE)) == lessons


def test_mistakes_and_links_of_the_guide_exist(repository):
    guide = (repository / timetable.GUIDE).read_text()
    for target in re.findall(r"\]\(([^)#]+)", guide):
        assert (repository / "docs" / target).exists(), target
    listed = (repository / "docs/exercises.md").read_text()
    rows = re.findall(r"^\| \d\d \| ([^|]*)\| \"", guide, re.MULTILINE)
    assert rows
    for name in re.findall(r"`([a-z_]+)`", " ".join(rows)):
        assert f"| `{name}`" in listed, name


def test_a_guide_without_the_marks_is_refused(repository, tmp_path):
    for path in ("dl_workshop/lessons", "benchmarks/results", "docs"):
        (tmp_path / path).mkdir(parents=True)
    (tmp_path / timetable.RUNS).write_text("")
    (tmp_path / timetable.GUIDE).write_text("No marks.")
    with pytest.raises(LearnerError, match="no place for the three-hours"):
        timetable.texts(tmp_path)
