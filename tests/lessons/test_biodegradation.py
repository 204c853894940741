"""The net of lesson 05 on the real table: held-out accuracy of the lesson's own code, beside scikit-learn's net."""

import os
import re
import warnings
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from dl_workshop import datasets, fit

SOURCE = Path(__file__).parents[2] / "dl_workshop/lessons/lesson_05_neural_network/lesson.py"
FOLD_SEEDS = (0, 1, 2)

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        "DL_WORKSHOP_DATA" not in os.environ,
        reason="set DL_WORKSHOP_DATA to a folder with biodeg.csv: this test measures the real table",
    ),
]


def lesson():
    """Run the lesson's own exercise cells, answers included, and read the settings of its run."""
    text = SOURCE.read_text(encoding="utf-8")
    names = {"jax": jax, "jnp": jnp}
    for cell in re.findall(r'^# %% exercise="\w+"\n(.*?)(?=^# %%)', text, flags=re.M | re.S):
        exec(cell, names)
    exec(re.search(r"^step_size, n_steps = .*$", text, flags=re.M)[0], names)
    return names


@pytest.fixture(scope="module")
def table():
    found = datasets.real.biodegradation()
    assert found.x.shape == (1055, 41) and found.y.sum() == 356
    return found


def folds(table, seed):
    """Give (x_train, x_test, y_train, y_test) of five stratified folds, standardised by their training rows."""
    for train_rows, test_rows in datasets.stratified_folds(jax.random.key(seed), table.y, 5):
        yield (*datasets.standardise(table.x[train_rows], table.x[test_rows]), table.y[train_rows], table.y[test_rows])


def held_out(table, seed, logits_of):
    """Mean accuracy over the folds of a function (fold, x_train, y_train, x_test) -> logits."""
    scores = [
        np.mean((np.asarray(logits_of(i, x_train, y_train, x_test)) > 0) == (np.asarray(y_test) == 1))
        for i, (x_train, x_test, y_train, y_test) in enumerate(folds(table, seed))
    ]
    return float(np.mean(scores))


def scikit_learns_net(fold, x_train, y_train, x_test):
    from sklearn.neural_network import MLPClassifier

    net = MLPClassifier((20,), activation="tanh", max_iter=1000, random_state=fold)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it may say that it has not converged
        return net.fit(x_train, np.asarray(y_train, int)).predict_proba(x_test)[:, 1] - 0.5


def test_the_lessons_net_reaches_086_on_held_out_rows(table, capsys):
    names = lesson()
    init_mlp, mlp_model, logistic_loss = (names[name] for name in ("init_mlp", "mlp_model", "logistic_loss"))

    def with_fit(fold, x_train, y_train, x_test):
        start = init_mlp(jax.random.key(fold), (x_train.shape[1], 20, 1))
        trained = fit(
            start,
            mlp_model,
            logistic_loss,
            x_train,
            y_train,
            step_size=names["step_size"],
            n_steps=names["n_steps"],
            progress=False,
        )
        return mlp_model(trained.params, x_test)

    ours = [held_out(table, seed, with_fit) for seed in FOLD_SEEDS]
    theirs = [held_out(table, seed, scikit_learns_net) for seed in FOLD_SEEDS]
    with capsys.disabled():
        for seed, our, their in zip(FOLD_SEEDS, ours, theirs, strict=True):
            print(f"\nfolds of seed {seed}: lesson {our:.4f}, scikit-learn {their:.4f}", end="")
        print(f"\nmean: lesson {np.mean(ours):.4f}, scikit-learn {np.mean(theirs):.4f}")
    assert min(ours) >= 0.86
    assert np.mean(ours) > np.mean(theirs) - 0.01


def test_the_lessons_own_loop_gives_what_fit_gives(table):
    names = lesson()
    x_train, x_test, y_train, y_test = next(folds(table, 0))
    start = names["init_mlp"](jax.random.key(0), (x_train.shape[1], 20, 1))
    arguments = (start, names["mlp_model"], names["logistic_loss"], x_train, y_train)
    params, losses = names["train"](*arguments, names["step_size"], names["n_steps"])
    fitted = fit(*arguments, step_size=names["step_size"], n_steps=names["n_steps"], progress=False)
    np.testing.assert_allclose(losses, fitted.losses, atol=1e-4)

    y_pred = (names["mlp_model"](params, x_test) > 0).astype(int)
    counts = names["confusion_counts"](y_test, y_pred)
    from sklearn.metrics import confusion_matrix

    np.testing.assert_array_equal(counts, confusion_matrix(y_test, y_pred))
    assert np.trace(counts) / counts.sum() > names["null_accuracy"](y_test) + 0.1
