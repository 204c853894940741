"""Questions of lesson 05: a neural network. They hold for either of its two tables."""

from dl_workshop.exercises.question import Choice, Discussion, Option
from dl_workshop.exercises.quiz import AFTER

QUESTIONS = (
    Choice(
        "sixty_five",
        '"Always the commoner class" is right on nearly two thirds of the rows. Somebody\'s model is right on 65 '
        "percent. What do you say?",
        (
            Option(
                "Good: it is clearly better than tossing a coin",
                "A coin is the wrong thing to compare with. An answer that never looks at x gets about as many right.",
            ),
            Option(
                "It has learned next to nothing",
                "It is no better than an answer that never looks at x, however good the number sounds. Every score "
                "needs its null check beside it.",
                right=True,
            ),
            Option(
                "It has got 35 percent wrong, so it is worse than nothing",
                '"Nothing" is wrong as often: it is about as good as an answer that never looks at x, not worse.',
            ),
        ),
    ),
    Choice(
        "all_zeros",
        "If all weights began at 0, how would the 20 hidden units differ after some training?",
        (
            Option(
                "As much as otherwise: training pulls them apart",
                "What could pull them apart? They compute the same number, so they get the same gradient, and take "
                "the same step. They stay alike.",
            ),
            Option(
                "Not at all: they would stay one unit, twenty times",
                "The same number, the same gradient, the same step, for ever. A random start breaks the tie; lesson "
                "08 shows it.",
                right=True,
            ),
            Option(
                "Only their biases would differ",
                "The biases of the hidden units have equal gradients as well, so they stay alike, too.",
            ),
        ),
    ),
    Choice(
        "untrained",
        "The net is not trained. What will its probabilities look like?",
        (
            Option(
                "All near 1/2: it knows nothing",
                "Knowing nothing would look like that. But its random weights give logits on both sides of 0: it "
                "takes sides at random.",
            ),
            Option(
                "Anywhere between 0 and 1",
                "Random weights give logits on both sides of 0, and the logistic function takes them to anything "
                "between 0 and 1. They mean nothing yet.",
                right=True,
            ),
            Option(
                "Anything, even below 0 or above 1",
                "The logits do that. The logistic function at the end brings each of them between 0 and 1.",
            ),
            Option(
                "All near the share of ones in y",
                "A trained model that looks at nothing would say that. This one has seen no y yet.",
            ),
        ),
    ),
    Choice(
        "lower_loss",
        "The net and the plane are trained on the same rows, with the same loss and the same loop. Whose loss on "
        "these rows ends lower?",
        (
            Option(
                "The plane's: it is simpler and learns faster",
                "It may be ahead for the first steps. But it cannot bend, and the net can: after 500 steps the net's "
                "loss is lower.",
            ),
            Option(
                "The net's: it can bend where the plane cannot",
                "On the rows that both were trained on. Whether it is also better on new rows is another question.",
                right=True,
            ),
            Option(
                "Equal: it is the same loss and the same loop",
                "These are the same, but the model is not. The net can follow bends that a plane has to cut.",
            ),
        ),
    ),
    Choice(
        "longer",
        "Three times the steps, each five times as large: what will that do to the two accuracies?",
        (
            Option(
                "Both rise",
                "The training rows do. For the test rows there is nothing more to gain: what is learned now is "
                "special to the training rows.",
            ),
            Option(
                "Training up to nearly all, test no better",
                "From some point on the net learns the training rows by heart, which helps with no other row.",
                right=True,
            ),
            Option(
                "Both fall: the steps are too large",
                "Steps that are too large would make the loss jump or grow. With 0.5 it still falls here, on the "
                "training rows.",
            ),
            Option(
                "Neither changes: it had arrived",
                "The loss was still falling after 500 steps. On the training rows it goes on falling towards 0.",
            ),
        ),
    ),
    Discussion(
        "worse_error",
        "There are two kinds of error. Which is worse for this table, and how would you make it rarer?",
        "a reason from the field, and its price. Calling a lasting molecule degradable lets it into rivers (upper "
        "right); missing a malignant tumour (lower left) is worse than a false alarm. Move the threshold: above 0.5 "
        "for the molecules, below it for the tumours. The price is more of the other error.",
    ),
    AFTER,
)
