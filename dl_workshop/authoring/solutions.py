"""What lies between `# BEGIN SOLUTION` and `# END SOLUTION`, and what a student finds there instead."""

import ast
from typing import Any, NamedTuple

BEGIN, END = "# BEGIN SOLUTION", "# END SOLUTION"


class Solution(NamedTuple):
    """A marked solution: the lines between the markers, their indentation, and where BEGIN stands."""

    lines: list[str]
    indent: str
    first: int
    last: int


def solutions(text: str) -> list[Solution]:
    """Find the marked solutions of a cell.

    Raises: ValueError(message, index of the line) if the markers do not pair up.
    """
    found, begin = [], None
    lines = text.split("\n")
    for i, line in enumerate(lines):
        bare = line.strip()
        if bare == BEGIN:
            if begin is not None:
                raise ValueError(f"a second {BEGIN} before {END}", i)
            begin = i
        elif bare == END:
            if begin is None:
                raise ValueError(f"{END} without {BEGIN}", i)
            indent = lines[begin][: len(lines[begin]) - len(lines[begin].lstrip())]
            found.append(Solution(lines[begin + 1 : i], indent, begin, i))
            begin = None
        elif "begin solution" in line.lower() or "end solution" in line.lower():
            raise ValueError(f"write the marker exactly as {BEGIN} or {END}", i)
    if begin is not None:
        raise ValueError(f"{BEGIN} without {END}", begin)
    return found


def blank(text: str, exercise: str) -> str:
    """Take the solutions out of an exercise's cell: `return ex.todo()` in a function, `name = ...` outside.

    Raises: ValueError(message, index of the line) if a solution cannot be left out.
    """
    lines = text.split("\n")
    for solution in reversed(solutions(text)):
        lines[solution.first : solution.last + 1] = _stub(solution, exercise)
    return "\n".join(lines)


def _stub(solution: Solution, exercise: str) -> list[str]:
    if solution.indent:
        return [f"{solution.indent}return ex.todo()"]
    try:
        statements = ast.parse("\n".join(solution.lines)).body
    except SyntaxError as error:
        raise ValueError(f"the solution is not valid Python: {error.msg}", solution.first) from None
    if any(isinstance(s, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) for s in statements):
        raise ValueError(
            "put the markers inside the function, below its docstring, so that students keep the first lines",
            solution.first,
        )
    names = _assigned(statements)
    if not names:
        raise ValueError("a solution outside a function must assign a name (name = ...)", solution.first)
    # Helpers stay out of sight: where the exercise's own name is assigned, it is the only blank.
    return [f"{name} = ..." for name in names if name == exercise or exercise not in names]


def _assigned(statements: list[ast.stmt]) -> list[str]:
    """List the names that the statements assign, each once, in order."""
    targets = []
    for statement in statements:
        if isinstance(statement, ast.Assign):
            targets += statement.targets
        elif isinstance(statement, ast.AnnAssign):
            targets.append(statement.target)
    names = [
        node.id
        for target in targets
        for node in ast.walk(target)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    ]
    return list(dict.fromkeys(names))


def telling(text: str) -> list[str]:
    """List what would give the answer away: the expressions of each solution, without spaces.

    Short or plain lines (`return params`, `y_pred = model(params, x)`) tell nothing and are left out.
    """
    pieces = []
    for solution in solutions(text):
        for line in solution.lines:
            whole = squeeze(line)
            part = squeeze(_right_side(line.strip()))
            if len(part) >= 12 and sum(part.count(sign) for sign in "+-*/@([") >= 2:
                pieces.append(part)
            elif not solution.indent and "=" in whole and len(whole) >= 6:
                pieces.append(whole)
    return pieces


def _right_side(line: str) -> str:
    """Give the expression of a `return` or an assignment, or else the line itself."""
    try:
        statement: Any = ast.parse(line.removeprefix("return ")).body[0]
        return ast.get_source_segment(line.removeprefix("return "), statement.value) or line
    except (SyntaxError, IndexError, AttributeError):
        return line


def squeeze(text: str) -> str:
    """Drop the spaces, which do not tell two expressions apart."""
    return "".join(text.split())
