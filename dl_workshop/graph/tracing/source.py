"""The learner's source: the line of a step, the variable that its value is given to, and the code to show."""

import ast
import functools
import inspect
from collections.abc import Callable, Iterable

from dl_workshop.jaxpr import Frame, Step
from dl_workshop.written import source_line, source_lines


def name_of(step: Step) -> str:
    """Variable that the learner's line gives this step's value to; "" if none.

    A value that a function returns takes the name that its caller gives it: y_pred = model(params, x).
    """
    for frame in step.frames:
        names = _names(frame.file, "".join(source_lines(frame.file)))
        name = names.get((frame.start, frame.end), "")
        if name != "return":
            return name
    return ""


@functools.lru_cache(maxsize=64)
def _names(file: str, text: str) -> dict[tuple, str]:
    """For each expression of a file that is given a name, or returned: its place and that name, or "return"."""
    names = {}

    def note(value: ast.expr | ast.stmt, name: str) -> None:
        names[(value.lineno, value.col_offset), (value.end_lineno, value.end_col_offset)] = name
        if isinstance(value, ast.IfExp):
            note(value.body, name)
            note(value.orelse, name)

    for part in ast.walk(_parse(text)):
        if isinstance(part, ast.Assign):
            for target in part.targets:
                pairs = [(target, part.value)]
                if isinstance(target, ast.Tuple) and isinstance(part.value, ast.Tuple):
                    pairs = list(zip(target.elts, part.value.elts, strict=False))
                for name, value in pairs:
                    if isinstance(name, ast.Name):
                        note(value, name.id)
        elif isinstance(part, ast.AnnAssign | ast.NamedExpr) and part.value and isinstance(part.target, ast.Name):
            note(part.value, part.target.id)
        elif isinstance(part, ast.AugAssign) and isinstance(part.target, ast.Name):
            note(part, part.target.id)  # total += x: Python gives the step the place of the whole statement
        elif isinstance(part, ast.Return) and part.value:
            note(part.value, "return")
        elif isinstance(part, ast.Lambda):
            note(part.body, "return")
    return names


@functools.lru_cache(maxsize=64)
def _parse(text: str) -> ast.Module:
    try:
        return ast.parse(text)
    except SyntaxError:  # a file that is not plain Python
        return ast.parse("")


class Code:
    """Source of every function of the learner's that a trace passes through, one below the other."""

    def __init__(self, function: Callable, frames: Iterable[Frame]) -> None:
        """Collect the source of the traced function, then of those in which the frames lie."""
        self.text = ""
        self.blocks: list[tuple[str, int, int, int]] = []  # file, first and last line, and where it stands in text
        try:
            lines, first = inspect.getsourcelines(inspect.unwrap(function))
            self._add(inspect.getsourcefile(inspect.unwrap(function)) or "", first, first + len(lines) - 1)
        except (TypeError, OSError):  # a built-in, or typed where nobody kept the source
            pass
        for frame in frames:
            self.line(frame)

    def line(self, frame: Frame) -> tuple[str, int]:
        """Give the source line of a frame, and its number in the text; ("", 0) if nobody kept the source."""
        line = source_line(frame.file, frame.start[0])
        if not line:
            return "", 0
        for attempt in range(2):
            for file, first, last, offset in self.blocks:
                if file == frame.file and first <= frame.start[0] <= last:
                    return line.strip(), frame.start[0] - first + offset
            if attempt == 0:
                self._add(frame.file, *_extent(frame))
        return line.strip(), 0

    def _add(self, file: str, first: int, last: int) -> None:
        text = "".join(source_lines(file)[first - 1 : last]).rstrip("\n")
        if text:
            offset = self.text.count("\n") + 3 if self.text else 1  # a blank line parts the functions
            self.text = f"{self.text}\n\n{text}" if self.text else text
            self.blocks.append((file, first, last, offset))


def _extent(frame: Frame) -> tuple[int, int]:
    """First and last line of the function, or of the statement with a lambda, that holds a frame."""
    tree = _parse("".join(source_lines(frame.file)))
    best = (frame.start[0], frame.end[0])
    for part in ast.walk(tree):  # outer parts come before inner ones
        if isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef):
            first = min([part.lineno, *(mark.lineno for mark in part.decorator_list)])
            if first == frame.first_line and part.name == frame.function:
                return first, part.end_lineno or first
        elif (
            frame.function == "<lambda>"
            and isinstance(part, ast.stmt)
            and not isinstance(part, ast.FunctionDef | ast.ClassDef)
            and part.lineno <= frame.start[0] <= (part.end_lineno or 0)
        ):
            best = (part.lineno, part.end_lineno or 0)
    return best
