"""The diagnoses of lesson 12's sabotage lab: which bug is it, and what another one would have shown."""

from dl_workshop.exercises.exercise import Mistake, ValueExercise

# What each bug shows, said to somebody who names it where it is not.
SIGNS = {
    "goes uphill": "A step with the wrong sign makes the loss rise from the very first step, smoothly.",
    "step size too large": "A step size that is too large makes the loss jump up and down from the first steps on.",
    "step size too small": "With steps that are too small all looks as in the healthy run, only slower: the loss is "
    "still falling at the end.",
    "all weights start at zero": "If all weights start at zero, every hidden unit gives 0, and both gradients are "
    "exactly 0.",
    "hidden units saturated": "Saturated units sit where tanh is flat: the gradient of the hidden layer is a hundredth "
    "of the healthy one, or less, at step 0 already.",
    "labels shuffled": "With shuffled labels there is nothing to learn but the training rows by heart: the training "
    "loss sinks a little, and the validation loss rises.",
    "hidden layer never moves": "If the hidden layer is never moved, its gradient is healthy, and yet it has moved by "
    "exactly 0.",
    "logistic applied twice": "With the logistic function applied twice the net does learn. But its loss gets stuck "
    "near 0.5: the loss takes p for a logit, and p is never below 0 or above 1.",
}
BUGS = {
    "a": "all weights start at zero",
    "b": "labels shuffled",
    "c": "step size too large",
    "d": "hidden layer never moves",
    "e": "hidden units saturated",
}
# Where to look instead.
LOOK = {
    "a": "Here the loss does not change at all. How large are the two gradients?",
    "b": "Here the two loss curves part. Which of them goes which way?",
    "c": "Here the loss is restless. Look at its first ten steps.",
    "d": "Look at the gradient of the hidden layer, and then at how far that layer has moved.",
    "e": "Look at the gradient of the hidden layer at step 0, and at the same place in the healthy run.",
}
CLOSE = {
    ("a", "hidden layer never moves"): "It does not move, but neither does the output layer, and their gradients are "
    "exactly 0: there is no direction to move in. Which start does that?",
    ("c", "hidden units saturated"): "In the end they are, but that is the damage, not its cause: at step 0 the "
    "gradient of the hidden layer is as in the healthy run. What threw the weights "
    "out that far?",
    ("b", "step size too small"): "Smaller steps would not make the validation loss RISE. What might this net be "
    "learning, if it helps on no other row?",
    ("d", "hidden units saturated"): "Saturated units would have a tiny gradient. This one is as large as in the "
    "healthy run, or larger; compare it with how far the layer has moved.",
    ("e", "hidden layer never moves"): "It hardly moves, but it does: `moved` is not 0. So why are its steps so short?",
}


def tidy(value):
    """Read a diagnosis whatever its capitals, hyphens and spaces."""
    return " ".join(value.lower().replace("_", " ").replace("-", " ").strip(" .").split())


def diagnosis(run):
    """Make the exercise that asks for the bug of a run."""
    right = BUGS[run]

    def judge(value):
        if not isinstance(value, str):
            return 'Write the name of the bug as text, in quotes: "goes uphill".'
        if not tidy(value):
            return "Write the name of a bug between the quotes."
        if tidy(value) not in SIGNS:
            return f"That is none of the names. They are: {', '.join(SIGNS)}."
        return None if tidy(value) == right else SIGNS[tidy(value)]

    def named(bug):
        return lambda value: isinstance(value, str) and tidy(value) == bug

    return ValueExercise(
        name=f"bug_{run}",
        task=f"Look at the curves of run {run} and write down which bug it has: one name of the list, in quotes.",
        reference=right,
        judge=judge,
        also_right=(right.upper(), right.replace(" ", "_"), f" {right}. "),
        wrong=(None, 3, True, "", "a bug", len, [right]),
        mistakes=tuple(
            Mistake(bug.replace(" ", "_"), named(bug), CLOSE.get((run, bug), f"{sign} {LOOK[run]}"), example=bug)
            for bug, sign in SIGNS.items()
            if bug != right
        ),
        hints=HINTS[run],
        solution=f'bug_{run} = "{right}"',
    )


HINTS = {
    "a": (
        "Put the gradients beside those of the healthy run.",
        "A gradient of exactly 0 means: no param, changed a little, changes the loss. When would that be?",
        "Print `runs['a'].params`. What were they at the start, if they have not moved?",
    ),
    "b": (
        "Both layers have gradients, and both move. So the net learns something. Does it help on other rows?",
        "The training loss sinks a little, the validation loss rises. What is there to learn in rows whose y has "
        "nothing to do with their x?",
        "Model, optimiser and start are fine. The fault is in the data: in y.",
    ),
    "c": (
        "Draw the first 20 losses alone.",
        "The loss leaps up and down, and so do the gradients. What was it in lesson 02 that jumped to and fro?",
        "The gradient is right, its sign is right, and the way that is gone along it is far too long.",
    ),
    "d": (
        "Compare, for each layer, how large its gradient is and how far it has moved.",
        "One layer has a gradient as large as in the healthy run, and has moved by exactly 0.",
        "Somebody has left two names out of the loop that takes the steps: `w1` and `b1`.",
    ),
    "e": (
        "Only the first value of each gradient, please. Which one is not as in the healthy run?",
        "The hidden layer's gradient starts about a hundred times too small. It goes through the slope of tanh.",
        "Draw the histogram of the hidden units, as in the part on starts. Where is tanh flat?",
    ),
}

LAB = tuple(diagnosis(run) for run in BUGS)
