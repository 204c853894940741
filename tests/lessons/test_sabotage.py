"""The runs of lesson 12's sabotage lab show what the lesson says of them; the sizes are those that jax.grad gives."""

import warnings

import jax
import matplotlib.pyplot as plt
import numpy as np
import pytest

from dl_workshop import datasets, fit, plots
from dl_workshop.errors import LearnerError
from dl_workshop.exercises import load
from dl_workshop.lessons.lesson_12_training_in_practice.lab import BUGS
from dl_workshop.lessons.lesson_12_training_in_practice.sabotage import LAYERS, broken_runs
from dl_workshop.losses import logistic_loss
from dl_workshop.models import init_mlp, mlp_model

pytestmark = pytest.mark.slow  # compiles two training loops

X, Y = datasets.simulated.circles(jax.random.key(1), 200, 0.1)
VAL = datasets.simulated.circles(jax.random.key(2), 200, 0.1)
START = init_mlp(jax.random.key(3), (2, 8, 1))


@pytest.fixture(scope="module")
def runs():
    return broken_runs(START, X, Y, *VAL)


@pytest.fixture(scope="module")
def healthy():
    """Train without a bug by the kit's own fit, and take the sizes from its path."""
    fitted = fit(START, mlp_model, logistic_loss, X, Y, step_size=1.0, n_steps=300, progress=False)
    grads = jax.vmap(lambda params: jax.grad(logistic_loss)(params, mlp_model, X, Y))(fitted.path)
    sizes = {
        layer: np.sqrt(sum(np.sum(np.square(grads[name]).reshape(301, -1), axis=1) for name in names))
        for layer, names in LAYERS.items()
    }
    return fitted, sizes


def test_the_healthy_run_learns(healthy):
    fitted, sizes = healthy
    assert fitted.losses[0] > 0.65 and fitted.losses[-1] < 0.1
    assert all(0.05 < size[0] < 0.2 for size in sizes.values())


def test_the_example_goes_uphill_from_the_first_step(runs, healthy):
    assert (np.diff(runs["example"].losses) > 0).all() and runs["example"].losses[-1] > 5
    for layer, size in healthy[1].items():  # the same start, so the same first gradient
        assert runs["example"].norms[layer][0] == pytest.approx(size[0], rel=1e-4)


def test_zeros_stay(runs):
    run = runs["a"]
    assert np.ptp(run.losses) == 0 and run.losses[0] == pytest.approx(np.log(2), abs=1e-5)
    assert not any(norm.any() for norm in run.norms.values()) and not any(run.moved.values())


def test_shuffled_labels_are_learned_by_heart_alone(runs):
    run = runs["b"]
    assert 0.6 < run.losses[-1] < run.losses[20] and run.val_losses[-1] > run.val_losses[20] + 0.02
    assert all(far > 0.5 for far in run.moved.values())


def test_steps_too_large_jump_from_a_healthy_start(runs, healthy):
    run = runs["c"]
    assert (np.diff(run.losses[:30]) > 0).any() and (np.diff(run.losses[:30]) < 0).any() and run.losses.max() > 10
    assert run.norms["hidden layer"][0] == pytest.approx(healthy[1]["hidden layer"][0], rel=1e-4)


def test_the_hidden_layer_that_never_moves_has_a_healthy_gradient(runs, healthy):
    run = runs["d"]
    assert run.moved["hidden layer"] == 0 and run.moved["output layer"] > 0.5
    assert run.norms["hidden layer"].min() > 0.3 * healthy[1]["hidden layer"][0]


def test_saturated_units_have_a_gradient_a_hundred_times_too_small(runs, healthy):
    run = runs["e"]
    assert 0 < run.norms["hidden layer"][0] < healthy[1]["hidden layer"][0] / 50 and run.moved["hidden layer"] > 0
    assert run.norms["output layer"][0] > 0.5 * healthy[1]["output layer"][0]


def test_the_innocent_bug_gets_stuck_at_one_half_as_the_lab_says():
    def twice(params, x):
        return jax.nn.sigmoid(mlp_model(params, x))

    fitted = fit(START, twice, logistic_loss, X, Y, step_size=5.0, n_steps=500, progress=False)
    assert 0.5 < fitted.losses[-1] < 0.56


def test_a_diagnosis_is_read_whatever_its_form_and_a_wrong_one_explained():
    ex = load("12")
    for run, bug in BUGS.items():
        check = getattr(ex, f"bug_{run}")
        check.check(bug.replace(" ", "-").title())
        assert check.status == "passed", check.message
    ex.bug_e.check("hidden layer never moves")
    assert ex.bug_e.status == "failed" and "`moved` is not 0" in ex.bug_e.message


def test_signs_draw_zeros_along_the_edge_without_a_warning():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        fig = plots.training_signs({"training": [2.0, 1.0]}, {"hidden": [0.0, 0.0], "output": [0.5, 0.0]})
        fig.canvas.draw()
    losses, norms = fig.axes
    np.testing.assert_allclose(losses.get_lines()[0].get_ydata(), [2, 1])
    hidden, output = norms.get_lines()
    assert (hidden.get_ydata() > 0).all() and output.get_ydata()[0] == 0.5 and norms.get_yscale() == "log"
    names = [text.get_text() for text in norms.get_legend().get_texts()]
    assert names == ["hidden: 0 throughout", "output: 0 in places"]
    plt.close(fig)
    with pytest.raises(LearnerError, match="norms must say which curve is which"):
        plots.training_signs({"training": [1.0]}, [1.0])
