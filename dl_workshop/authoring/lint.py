"""What a lesson must hold to before it is built: each rule gives (line in the source, what is wrong)."""

import ast
import re
import warnings
from collections.abc import Iterator

from dl_workshop.authoring.asked import known_questions
from dl_workshop.authoring.render import for_instructor, for_student, from_shown, is_note
from dl_workshop.authoring.solutions import blank, solutions, squeeze, telling
from dl_workshop.authoring.source import MARKED, OPTIONS, Cell, Lesson
from dl_workshop.errors import LearnerError

Fault = tuple[int, str]  # the line, and what is wrong with it

LONGEST = 15
WIDEST = 92  # what JupyterLab shows of a code line on a screen 1024 pixels wide
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,49}")
IMAGE_WITHOUT_ALT = re.compile(r"!\[\s*\]\(|<img(?![^>]*\balt=\"[^\"]+\")[^>]*>")


def check_lesson(lesson: Lesson) -> None:
    """Refuse a lesson that breaks a rule.

    Raises: LearnerError with one `file:line: what is wrong` a line.
    """
    problems = list(_head(lesson))
    for cell in lesson.cells:
        # One fault of a cell often causes the next: say the first.
        problems += next(filter(None, (list(rule(cell)) for rule in CELL_RULES)), [])
    problems = problems or [p for rule in LESSON_RULES for p in rule(lesson)]
    if problems:
        raise LearnerError("\n".join(f"{lesson.place}:{line}: {words}" for line, words in sorted(problems)))


def _head(lesson: Lesson) -> Iterator[Fault]:
    for i, line in enumerate(lesson.head.split("\n"), 1):
        if line.strip() and not line.startswith("#"):
            yield i, "text before the first cell: start it with # %% or # %% [markdown]"
            return
    if not lesson.cells:
        yield 1, "no cells: start each with # %% or # %% [markdown]"


def _header(cell: Cell) -> Iterator[Fault]:
    if cell.kind not in ("code", "markdown"):
        yield cell.line, f"a {cell.kind} cell: use # %% or # %% [markdown]"
    elif not re.match(r"# %%( |$)", cell.header):
        yield cell.line, "start a cell with exactly # %% or # %% [markdown]"


def _options(cell: Cell) -> Iterator[Fault]:
    options = cell.options
    if "incorrectly_encoded_metadata" in options:
        yield (
            cell.line,
            (
                f"options need quotes: {options['incorrectly_encoded_metadata']} "
                'should look like exercise="mse" tags=["instructor"] minutes=10'
            ),
        )
        return
    for name in options:
        if name not in OPTIONS:
            word = options[name] if name in ("title", "region_name") else name
            yield cell.line, f"unknown option {word!r}: known are {', '.join(OPTIONS)}"
    for name in MARKED:
        if name in options and not (isinstance(options[name], str) and NAME.fullmatch(options[name])):
            yield cell.line, f'{name}={options[name]!r} must be a Python name in quotes: {name}="mse"'
    if options.get("tags", ["instructor"]) != ["instructor"]:
        yield cell.line, f'tags={options["tags"]!r}: the only tag is tags=["instructor"]'
    minutes = options.get("minutes", 1)
    if type(minutes) is not int or minutes < 1:
        yield cell.line, f"minutes={minutes!r} must be a whole number above 0"
    kinds = [name for name in MARKED if name in options]
    if kinds and (cell.kind != "code" or is_note(options) or len(kinds) > 1):
        yield cell.line, "an exercise, a check or a question is a code cell of its own that students see"
    if "minutes" in options and cell.kind != "markdown":
        yield cell.line, "minutes belong to a [markdown] cell"


def _text(cell: Cell) -> Iterator[Fault]:
    if not cell.text.strip():
        yield cell.line, "an empty cell"
    if cell.kind == "markdown":
        for i, line in enumerate(cell.body.split("\n")):
            if line.strip() and not re.match(r"#( |$)", line):
                yield cell.line + 1 + i, "a line of a [markdown] cell starts with # and a space"
                return
        if IMAGE_WITHOUT_ALT.search(cell.text):
            yield cell.line, "a picture without alt text: ![what it shows](file)"
        shown = from_shown(cell.kind, for_instructor(cell), cell.options)
        if cell.text.strip() and shown != (cell.text, cell.options):
            yield cell.line, 'this looks like a note for instructors: write tags=["instructor"] or minutes=10'


def _solution(cell: Cell) -> Iterator[Fault]:
    if cell.kind != "code":
        return
    try:
        found = solutions(cell.text)
        if found and "exercise" not in cell.options:
            yield cell.start + found[0].first, 'a solution outside an exercise: write # %% exercise="name"'
        elif "exercise" in cell.options:
            if not found:
                yield cell.line, "an exercise without # BEGIN SOLUTION and # END SOLUTION"
            blank(cell.text, cell.options["exercise"])
    except ValueError as error:
        message, index = error.args
        yield cell.start + index, message


def _python(cell: Cell) -> Iterator[Fault]:
    if cell.kind == "code":
        for who, text in (("", cell.text), ("without its solution, ", for_student(cell))):
            try:
                with warnings.catch_warnings():
                    warnings.simplefilter("error")
                    compile(text or "", "cell", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
            except SyntaxError as error:
                line = cell.line if who else cell.start + (error.lineno or 1) - 1
                yield line, f"{who}this cell is not valid Python: {error.msg}"
                return


def _length(cell: Cell) -> Iterator[Fault]:
    longest = max(len((text or "").split("\n")) for text in (for_student(cell), for_instructor(cell)))
    if longest > LONGEST:
        yield cell.line, f"a cell of {longest} lines: split it, the most is {LONGEST}"


def _width(cell: Cell) -> Iterator[Fault]:
    if cell.kind == "code":
        for i, line in enumerate(cell.text.split("\n")):
            if len(line) > WIDEST:
                yield cell.start + i, f"a code line of {len(line)} characters: the reader sees {WIDEST} of them"


def _pairs(lesson: Lesson) -> Iterator[Fault]:
    """Each exercise once, and after it its check once."""
    lines: dict[str, dict[str, int]] = {"exercise": {}, "check": {}}
    for cell in lesson.cells:
        for kind in lines:
            name = cell.options.get(kind)
            if name is None:
                continue
            if name in lines[kind]:
                yield cell.line, f'{kind}="{name}" is already on line {lines[kind][name]}: each needs its own name'
            if kind == "check":
                if name not in lines["exercise"]:
                    yield cell.line, f'check="{name}" without exercise="{name}" above it'
                if f"ex.{name}.check(" not in cell.text:
                    yield cell.line, f'check="{name}" must call ex.{name}.check(...)'
            lines[kind].setdefault(name, cell.line)
    for name, line in lines["exercise"].items():
        if name not in lines["check"]:
            yield line, f'exercise="{name}" without check="{name}" below it'


def _questions(lesson: Lesson) -> Iterator[Fault]:
    """Each question once, and as its data has it."""
    marked = [(cell, cell.options["question"]) for cell in lesson.cells if "question" in cell.options]
    known = known_questions(lesson) if marked else {}
    lines: dict[str, int] = {}
    for cell, name in marked:
        if name not in known:
            yield (
                cell.line,
                (
                    f'question="{name}" is not in {lesson.file.parent.name}/questions.py, '
                    f"which has: {', '.join(known) or 'none'}"
                ),
            )
        if name in lines:
            yield cell.line, f'question="{name}" is already on line {lines[name]}'
        if cell.text != f"ex.{name}.ask()":
            yield cell.line, f'question="{name}" must be ex.{name}.ask() and nothing else'
        lines.setdefault(name, cell.line)


def _leaks(lesson: Lesson) -> Iterator[Fault]:
    """No answer in what students see."""
    secrets = [
        (piece, cell.options["exercise"])
        for cell in lesson.cells
        if "exercise" in cell.options
        for piece in telling(cell.text)
    ]
    for cell in lesson.cells:
        for i, line in enumerate((for_student(cell) or "").split("\n")):
            for piece, exercise in secrets:
                if piece in squeeze(line):
                    yield cell.start + i, f'this shows students the answer to exercise="{exercise}": {line.strip()}'
                    break


CELL_RULES = (_header, _options, _text, _solution, _python, _length, _width)
LESSON_RULES = (_pairs, _questions, _leaks)
