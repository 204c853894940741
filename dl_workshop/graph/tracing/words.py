"""The words for operations, and the rule by which each passes a gradient on."""

from dl_workshop.graph.tracing.pieces import Piece

OPS = {
    "dot_general": "dot",
    "reduce_sum": "sum",
    "reduce_max": "max",
    "reduce_min": "min",
    "reduce_prod": "prod",
    "logistic": "sigmoid",
    "max": "maximum",
    "min": "minimum",
    "select_n": "where",
    "neg": "negative",
    "mul": "multiply",
    "div": "divide",
    "sub": "subtract",
    "pow": "power",
    "gather": "take",
    "slice": "take",
    "dynamic_slice": "take",
    "rewriting_take": "take",
    "getitem": "take",
    "rsqrt": "1/sqrt",
    "lt": "<",
    "le": "<=",
    "gt": ">",
    "ge": ">=",
    "eq": "==",
    "ne": "!=",
    "and": "and",
    "or": "or",
    "not": "not",
    "rev": "reverse",
    "convert_element_type": "convert",
    "broadcast_in_dim": "broadcast",
    "squeeze": "reshape",
}

# The local derivative with respect to each input; a, b are the inputs, c the result.
RULES = {
    "add": ("d(a + b)/da = 1", "d(a + b)/db = 1"),
    "subtract": ("d(a - b)/da = 1", "d(a - b)/db = -1"),
    "multiply": ("d(a * b)/da = b", "d(a * b)/db = a"),
    "divide": ("d(a / b)/da = 1 / b", "d(a / b)/db = -a / b^2"),
    "power": ("d(a^b)/da = b a^(b-1)", "d(a^b)/db = log(a) a^b"),
    "negative": ("d(-a)/da = -1",),
    "square": ("d(a^2)/da = 2a",),
    "exp": ("d(e^a)/da = e^a",),
    "log": ("d(log a)/da = 1 / a",),
    "log1p": ("d(log(1 + a))/da = 1 / (1 + a)",),
    "sqrt": ("d(sqrt a)/da = 1 / (2 sqrt a)",),
    "sin": ("d(sin a)/da = cos a",),
    "cos": ("d(cos a)/da = -sin a",),
    "abs": ("d|a|/da = sign(a)",),
    "tanh": ("d(tanh a)/da = 1 - tanh(a)^2",),
    "sigmoid": ("d(s(a))/da = s(a) (1 - s(a))",),
    "relu": ("1 where a > 0, else 0",),
    "maximum": ("1 where a is the larger, else 0", "1 where b is the larger, else 0"),
    "minimum": ("1 where a is the smaller, else 0", "1 where b is the smaller, else 0"),
    "sum": ("d(sum a)/da = 1 for each term",),
    "mean": ("d(mean a)/da = 1/n for each term",),
    "max": ("1 for the largest, else 0",),
    "min": ("1 for the smallest, else 0",),
    "logsumexp": ("d(log sum e^a)/da = softmax(a)",),
    "softmax": ("c * (grad - sum(grad * c))",),
    "logaddexp": ("d(log(e^a + e^b))/da = s(a - b)", "d(log(e^a + e^b))/db = s(b - a)"),
    "take": ("1 for what was taken, else 0",),
    "transpose": ("the gradient, transposed",),
    "reshape": ("the gradient, in the old shape",),
    "while": ("JAX has no gradient through a while loop",) * 9,
    "stop_gradient": ("nothing flows back through stop_gradient",),
}


def op_of(piece: Piece) -> str:
    """Name of a piece's operation: that of the library function it is, or of its one step."""
    step = piece.steps[0]
    if piece.helper:
        return OPS.get(piece.helper, piece.helper)
    name = step.primitive
    if name == "integer_pow":
        return {2: "square", -1: "reciprocal"}.get(step.params["y"], "power")
    return OPS.get(name, name)


def rule_of(op: str, place: int, shapes: list[tuple[int, ...]]) -> str:
    """Rule of one edge in words. shapes: of the inputs."""
    if op == "dot":
        if all(len(shape) == 1 for shape in shapes):
            return ("d(a . b)/da = b", "d(a . b)/db = a")[place]
        return ("grad_a = grad @ b.T", "grad_b = a.T @ grad")[place]
    if op == "where" and len(shapes) == 3:
        return ("the choice itself has no gradient", "1 where it was chosen, else 0", "1 where it was chosen, else 0")[
            place
        ]
    if op == "power" and len(shapes) == 1:
        return "d(a^n)/da = n a^(n-1)"
    rules = RULES.get(op, ())
    return rules[place] if place < len(rules) else f"the derivative of {op} in input {place + 1}"
