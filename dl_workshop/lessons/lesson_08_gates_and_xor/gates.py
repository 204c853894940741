"""One neuron, in lesson 08: gates by hand, the margins that show what it cannot do, and a feature that mends it."""

import jax
import jax.numpy as jnp
import numpy as np

from dl_workshop.datasets.regions import GATES as TABLES
from dl_workshop.datasets.regions import gate
from dl_workshop.exercises.domain import floats, wholes
from dl_workshop.exercises.exercise import Exercise, Mistake, ValueExercise, changed, draws
from dl_workshop.exercises.solutions import from_lesson
from dl_workshop.models import logistic

NAMES = ("and", "or", "nand", "nor", "not")
BY_HAND = {
    "and": dict(w=[20.0, 20.0], b=-30.0),
    "or": dict(w=[20.0, 20.0], b=-10.0),
    "nand": dict(w=[-20.0, -20.0], b=30.0),
    "nor": dict(w=[-20.0, -20.0], b=10.0),
    "not": dict(w=[-20.0], b=10.0),
}


def z_of(name, params):
    """Give the z of a neuron for every row of a gate's table."""
    return np.asarray(gate(name)[0], float) @ np.asarray(params["w"], float) + float(params["b"])


def says(gates):
    """Read what the neurons say: 1 where z is above 0, 0 where it is below, 1/2 on the edge, nan if z is nan."""
    return {name: tuple(((np.sign(z_of(name, gates[name])) + 1) / 2).tolist()) for name in NAMES}


def saying(**other):
    """Make a predicate: right gates, but for those that say what other gates should."""
    return lambda gates: says(gates) == {name: TABLES[other.get(name, name)] for name in NAMES}


def unbiased(gates):
    """Say whether every b is 0."""
    return set(gates) == set(NAMES) and all(float(gates[name]["b"]) == 0 for name in NAMES)


def on_the_edge(gates):
    """Say whether the neurons are right but for rows where z is exactly 0."""
    pairs = [(bit, right) for name, bits in says(gates).items() for bit, right in zip(bits, TABLES[name], strict=True)]
    return not unbiased(gates) and any(bit == 0.5 for bit, _ in pairs) and all(bit in (0.5, y) for bit, y in pairs)


def never(name):
    """Make a predicate: right gates, but for one that says 0 in every row."""
    return lambda gates: says(gates) == {other: TABLES[other] for other in NAMES} | {name: (0, 0, 0, 0)}


def judge_gates(gates):
    """Give None if every gate is right in every row, else what is wrong in the first wrong one."""
    if not isinstance(gates, dict) or set(gates) != set(NAMES):
        return f"`gates` should be a dict with the keys {', '.join(NAMES)}."
    for name, params in gates.items():
        n_inputs = 1 if name == "not" else 2
        if not isinstance(params, dict) or set(params) != {"w", "b"}:
            return f"`gates[{name!r}]` should be a dict with the keys w and b."
        if np.shape(params["w"]) != (n_inputs,) or np.shape(params["b"]) != ():
            return f"{name.upper()} needs w with {n_inputs} weight{'s' * (n_inputs > 1)} in a list, and one number b."
        for row, z, right in zip(gate(name)[0], z_of(name, params), TABLES[name], strict=True):
            if not (z > 0 if right else z < 0):
                inputs = ", ".join(f"{int(value)}" for value in row)
                return (
                    f"Your {name.upper()} has z = {z:g} for the input ({inputs}), but the answer there is {right}: "
                    f"z must be {'above' if right else 'below'} 0."
                )
    return None


GATES = ValueExercise(
    name="gates",
    task="Choose w and b for five neurons by hand, so that z = xw + b is above 0 where the gate says 1, below 0 where "
    "it says 0.",
    reference=BY_HAND,
    judge=judge_gates,
    also_right=(
        {
            "and": dict(w=[1, 1], b=-1.5),
            "or": dict(w=[1, 1], b=-0.5),
            "nand": dict(w=[-1, -1], b=1.5),
            "nor": dict(w=[-1, -1], b=0.5),
            "not": dict(w=[-1], b=0.5),
        },
        {name: dict(w=jnp.array(params["w"]) / 7, b=jnp.array(params["b"]) / 7) for name, params in BY_HAND.items()},
        BY_HAND | {"and": dict(w=(3.0, 2.0), b=-4.0)},
    ),
    wrong=(
        None,
        1.0,
        {},
        "gates",
        BY_HAND | {"not": dict(w=[-20.0, 0.0], b=10.0)},
        BY_HAND | {"not": -20.0},
        BY_HAND | {"or": dict(w=[20.0, -20.0], b=-10.0)},
        BY_HAND | {"and": dict(w=[20.0, 20.0], b=[-30.0])},
        BY_HAND | {"and": dict(w=[float("nan"), 20.0], b=-30.0)},
        {**BY_HAND, "xor": dict(w=[1.0, 1.0], b=0.0)},
    ),
    mistakes=(
        Mistake(
            "no_bias",
            unbiased,
            "Every b is 0, so z is 0 for the input (0, 0) whatever the weights are: b decides that row.",
            example={name: params | dict(b=0.0) for name, params in BY_HAND.items()},
        ),
        Mistake(
            "and_or_swapped",
            saying(**{"and": "or", "or": "and"}),
            "AND and OR are swapped: for OR one input alone must lift z above 0, for AND only both together.",
            example=BY_HAND | {"and": BY_HAND["or"], "or": BY_HAND["and"]},
        ),
        Mistake(
            "nand_nor_swapped",
            saying(nand="nor", nor="nand"),
            "NAND and NOR are swapped: NAND is AND turned round, and NOR is OR turned round.",
            example=BY_HAND | {"nand": BY_HAND["nor"], "nor": BY_HAND["nand"]},
        ),
        Mistake(
            "not_turned_round",
            saying(nand="and", nor="or"),
            "Your NAND says what AND says, and your NOR what OR says: turn the signs of w AND of b round.",
            example=BY_HAND | {"nand": BY_HAND["and"], "nor": BY_HAND["or"]},
        ),
        Mistake(
            "not_repeats",
            lambda gates: says(gates) == {name: TABLES[name] for name in NAMES} | {"not": (0, 1)},
            "Your NOT repeats its input: the weight must be below 0, and b above 0.",
            example=BY_HAND | {"not": dict(w=[20.0], b=-10.0)},
        ),
        Mistake(
            "on_the_edge",
            on_the_edge,
            "In some row z is exactly 0, so p = 1/2 and the neuron has not decided: move b a little.",
            example=BY_HAND | {"and": dict(w=[20.0, 20.0], b=-20.0)},
        ),
        Mistake(
            "and_never",
            never("and"),
            "Your AND says 0 always, even for (1, 1): b is so far below 0 that both weights together cannot lift "
            "z above 0.",
            example=BY_HAND | {"and": dict(w=[20.0, 20.0], b=-50.0)},
        ),
    ),
    hints=(
        "Begin with OR. b alone decides the row (0, 0): which sign must it have? Then make w large enough.",
        "For AND, one weight plus b must stay below 0, both weights plus b must be above. Take w = [20, 20].",
        "AND: w = [20, 20], b = -30. OR: the same w, and b between -20 and 0. NAND and NOR: all signs turned round.",
    ),
)


margins = from_lesson(__file__, "margins")


def a_margin(sign=lambda y: 2 * y - 1, b=1.0, size=lambda z: z, end=lambda found: found):
    """Make margins of the sign for each label, how much b counts, what is done to z, and what comes last."""
    return lambda params, x, y: end(sign(y) * size(x @ params["w"] + b * params["b"]))


def neurons_and_tables(key):
    """Draw (params, x, y): a neuron with two inputs, and enough rows of each label that z has both signs among them."""
    random = draws(key)
    return [
        (
            dict(w=random.normal(0, 6, 2).tolist(), b=float(random.normal(b, 0.5))),
            random.normal(0, wide, (16, 2)).tolist(),
            random.permutation(8 * [0, 1]).tolist(),
        )
        for b, wide in ((1.5, 1), (7, 1), (-8, 4))
    ]


MARGINS = Exercise(
    name="margins",
    task="Return how far each row is on its right side: z where y is 1, and -z where y is 0.",
    reference=margins,
    domain=dict(params=dict(w=floats("2"), b=floats()), x=floats("n 2"), y=wholes("n", values=(0, 1))),
    probes=neurons_and_tables,
    small=((dict(w=[1.0, 2.0], b=0.5), [[1.0, 1.0]], [1]), (dict(w=[1.0, 2.0], b=0.5), [[1.0, 1.0]], [0])),
    also_right=(
        lambda params, x, y: jnp.where(y == 1, 1, -1) * (x @ params["w"] + params["b"]),
        lambda params, x, y: jnp.array(
            [(1 if label else -1) * (row @ params["w"] + params["b"]) for row, label in zip(x, y, strict=True)]
        ),
        lambda params, x, y: y * (x @ params["w"] + params["b"]) - (1 - y) * (x @ params["w"] + params["b"]),
    ),
    mistakes=(
        changed(
            a_margin,
            "sign_forgotten",
            "This is z itself, whatever y is: where y is 0 the margin is -z.",
            sign=lambda y: 1.0,
        ),
        changed(
            a_margin,
            "only_ones",
            "Rows with y = 0 all get 0 here: they need -z. The sign is `2 * y - 1`.",
            sign=lambda y: y,
        ),
        changed(
            a_margin,
            "turned_round",
            "All signs are turned round: a row with y = 1 and z above 0 is right, so its margin is z.",
            sign=lambda y: 1 - 2 * y,
        ),
        changed(a_margin, "bias_forgotten", "`b` is missing: z is `x @ w + b`.", b=0.0),
        changed(a_margin, "bias_subtracted", "`b` is subtracted here: z is `x @ w + b`.", b=-1.0),
        changed(
            a_margin, "probability", "z went through `logistic` here: the margin is made of z itself.", size=logistic
        ),
        changed(a_margin, "absolute", "The sign of z is lost, so no row can be wrong: leave `abs` out.", size=jnp.abs),
        changed(a_margin, "smallest", "This is ONE number: return the margin of every row, shape (n,).", end=jnp.min),
        changed(
            a_margin,
            "only_right_or_wrong",
            "This only says whether a row is right: return by how much.",
            end=lambda found: found > 0,
        ),
    ),
    hints=(
        "First z for all rows, as in any neuron. Then a sign for each row: plus where y is 1, minus where y is 0.",
        "`2 * y - 1` is 1 for y = 1. What is it for y = 0?",
        "With `z = x @ params['w'] + params['b']`, multiply z by the sign of each row.",
    ),
    differentiable=0,
)


feature_cross = from_lesson(__file__, "feature_cross")


def crossed(new=lambda a, b: a * b, end=lambda x, new: jnp.column_stack([x, new])):
    """Make a table of x and of a column that is new."""
    return lambda x: end(x, new(x[:, 0], x[:, 1]))


FEATURE_CROSS = Exercise(
    name="feature_cross",
    task="Return a table of three columns: x1, x2 and their product.",
    reference=feature_cross,
    domain=dict(x=floats("n 2")),
    probes=lambda key: [(rows.tolist(),) for rows in draws(key).normal(0, 4, (3, 5, 2))],
    small=(([[2.0, 3.0]],), ([[1.0, 4.0]],)),
    also_right=(
        lambda x: jnp.concatenate([x, x[:, :1] * x[:, 1:]], axis=1),
        lambda x: jnp.stack([x[:, 0], x[:, 1], x[:, 0] * x[:, 1]], axis=1),
        lambda x: jnp.c_[x, jnp.prod(x, axis=1)],
        lambda x: jax.vmap(lambda row: jnp.append(row, row[0] * row[1]))(x),
    ),
    mistakes=(
        changed(
            crossed,
            "sum",
            "The new column is the SUM, which a neuron can make by itself: multiply the two.",
            new=lambda a, b: a + b,
        ),
        changed(crossed, "first_squared", "The new column is x1 squared: multiply x1 by x2.", new=lambda a, b: a * a),
        changed(crossed, "second_squared", "The new column is x2 squared: multiply x1 by x2.", new=lambda a, b: b * b),
        changed(
            crossed,
            "one_number",
            "`@` added the products of all rows up to ONE number: use `*`, which multiplies row by row.",
            new=lambda a, b: jnp.full(a.shape, a @ b),
        ),
        changed(
            crossed,
            "first_row",
            "`x[0] * x[1]` takes the first two ROWS: columns are `x[:, 0]` and `x[:, 1]`.",
            end=lambda x, new: jnp.column_stack([x, jnp.full(len(x), jnp.prod(x[:2, 0]))]),
        ),
        changed(
            crossed,
            "only_the_product",
            "This is only the new column: put it beside the two that are there.",
            end=lambda x, new: new,
        ),
        changed(
            crossed,
            "as_rows",
            "The three are stacked as ROWS, (3, n): as columns they are (n, 3).",
            end=lambda x, new: jnp.vstack([x.T, new]),
        ),
        changed(
            crossed,
            "product_first",
            "The product comes first here: keep the order x1, x2, product.",
            end=lambda x, new: jnp.column_stack([new, x]),
        ),
        Mistake(
            "all_squares",
            lambda x: jnp.column_stack([x, x * x]),
            "`x * x` squares both columns: the new column is `x[:, 0] * x[:, 1]`.",
        ),
    ),
    hints=(
        "Take the two columns out of x, multiply them row by row, and put the result beside x.",
        "`x[:, 0]` is x1 and `x[:, 1]` is x2. `jnp.column_stack([x, new])` puts a new column beside x.",
        "The new column is `x[:, 0] * x[:, 1]`.",
    ),
    differentiable=0,
)
