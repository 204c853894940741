"""Two quizzes of five questions, before the workshop and after it: the same five subjects, other numbers.

The one before says nothing about what is right, since the lessons are about to; the one after explains every answer.
The report of lesson 05 sets one beside the other.
"""

from dl_workshop.exercises.question import Choice, Option, Quiz

UNKNOWN = "I do not know yet."


Asking = tuple[str, tuple[Option, ...]]  # a question, and its options


def five(
    mean_square: Asking, one_step: Asking, too_large: Asking, sure_and_wrong: Asking, flattering: Asking
) -> tuple[Choice, ...]:
    """Give the five questions with "I do not know yet" as the last option of each: better than a guess."""
    told = {"loss": mean_square, "step": one_step, "too_large": too_large, "sure": sure_and_wrong, "score": flattering}
    return tuple(
        Choice(name, text, (*options, Option(UNKNOWN, next(option.why for option in options if option.right))))
        for name, (text, options) in told.items()
    )


BEFORE = Quiz(
    "quiz_before",
    "Five questions before we begin. You are not expected to know the answers: the same subjects are asked again "
    "after lesson 05, and the difference is what you have learned. Nothing is sent anywhere.",
    five(
        (
            "Two values were measured: 2 and 6. A model predicts 3 and 3. How large is the mean squared error?",
            (
                Option(
                    "1",
                    "That is the mean of the errors with their signs, −1 and 3: they cancel. Squared first, it is 5.",
                ),
                Option(
                    "2",
                    "That is the mean of the absolute errors, 1 and 3. Their squares are 1 and 9, and the mean is 5.",
                ),
                Option("5", "The errors are −1 and 3, their squares 1 and 9, and the mean of these is 5.", right=True),
                Option("10", "That is the sum of the squares, 1 + 9. The mean divides it by the two points: 5."),
            ),
        ),
        (
            "You stand at w = 1 on a curve that rises to the right, with slope 4. Gradient descent takes one step with "
            "step size 0.1. Where are you then?",
            (
                Option("At 0.6", "The step goes against the slope: 1 − 0.1 · 4 = 0.6.", right=True),
                Option(
                    "At 0.9",
                    "That steps by 0.1 whatever the slope. The step is 0.1 times the slope: 1 − 0.1 · 4 = 0.6.",
                ),
                Option("At 1.4", "That goes up the slope. Descent goes against it: 1 − 0.1 · 4 = 0.6."),
                Option(
                    "At −3", "That is a step of the whole slope. It is multiplied by the step size: 1 − 0.1 · 4 = 0.6."
                ),
            ),
        ),
        (
            "In a training run the loss grows in every step, until the computer has no number for it any more. What do "
            "you try first?",
            (
                Option(
                    "More steps",
                    "The loss is on its way up, and more steps go further up. A smaller step size does it.",
                ),
                Option(
                    "A larger step size",
                    "The steps already jump across the minimum and land higher. Larger ones do so more.",
                ),
                Option(
                    "A smaller step size",
                    "Each step jumps across the minimum and lands higher; a smaller one does not.",
                    right=True,
                ),
                Option(
                    "More data",
                    "More points change the loss a little. What makes it grow is that each step is too large.",
                ),
            ),
        ),
        (
            "Tomorrow it stays dry. One forecast said: rain with 99 percent. Another said: rain with 60 percent. A "
            "loss for probabilities, the cross-entropy, charges each of them. How?",
            (
                Option(
                    "Both alike: both were wrong",
                    "A yes or no would count like that. The cross-entropy asks how likely a forecast thought what "
                    "happened: 1 percent costs about five times as much as 40 percent.",
                ),
                Option(
                    "The 99 percent a little more, as 99 is more than 60",
                    "It is no matter of 99 to 60. What counts is what was left for dry weather, 1 and 40 percent: −log "
                    "0.01 is 4.6, and −log 0.4 is 0.9.",
                ),
                Option(
                    "The 99 percent about five times as much",
                    "It left 1 percent for what happened: −log 0.01 is 4.6. The other left 40 percent: −log 0.4 is "
                    "0.9. Sure and wrong is dear.",
                    right=True,
                ),
                Option(
                    "The 60 percent more, as it was undecided",
                    "Being undecided is cheap when one is wrong: −log 0.4 is 0.9. The one that was sure pays 4.6.",
                ),
            ),
        ),
        (
            "A model is right on 99 percent of the examples that it was trained on. How good will it be on new ones?",
            (
                Option(
                    "Right on 99 percent, or close to it",
                    "It may have learned these examples by heart. Only examples that it has not seen can tell.",
                ),
                Option(
                    "That cannot be said from this number",
                    "The score on the training examples flatters: it may have learned them by heart. Set some aside, "
                    "and measure there.",
                    right=True,
                ),
                Option(
                    "Better, since 99 percent shows that it has understood",
                    "A model that only remembers scores as well. Examples that it has not seen tell the two apart.",
                ),
                Option(
                    "Useless: nothing real reaches 99 percent",
                    "Some problems are that easy. The number alone says neither; examples that it has not seen do.",
                ),
            ),
        ),
    ),
    told=False,
)

AFTER = Quiz(
    "quiz_after",
    "Five questions, on the subjects of the quiz at the beginning of lesson 01. Your first answer to each is the one "
    "that counts.",
    five(
        (
            "Two values were measured: 1 and 5. A model predicts 3 and 1. How large is the mean squared error?",
            (
                Option("20", "That is the sum of the squares, 4 + 16. The mean divides it by the two points: 10."),
                Option(
                    "10", "The errors are −2 and 4, their squares 4 and 16, and the mean of these is 10.", right=True
                ),
                Option(
                    "3",
                    "That is the mean of the absolute errors, 2 and 4. Their squares are 4 and 16, and the mean is 10.",
                ),
                Option(
                    "1",
                    "That is the mean of the errors with their signs, −2 and 4: they cancel. Squared first, it is 10.",
                ),
            ),
        ),
        (
            "You stand at w = 2 on a curve that falls to the right, with slope −5. Gradient descent takes one step "
            "with step size 0.1. Where are you then?",
            (
                Option("At 1.5", "That goes up. Against a negative slope means to the right: 2 − 0.1 · (−5) = 2.5."),
                Option(
                    "At 7",
                    "That is a step of the whole slope. It is multiplied by the step size: 2 − 0.1 · (−5) = 2.5.",
                ),
                Option(
                    "At 2.1", "That steps by 0.1 whatever the slope. The step is 0.1 times the slope: it ends at 2.5."
                ),
                Option(
                    "At 2.5",
                    "Against the slope: 2 − 0.1 · (−5) = 2.5. Minus a negative number is positive.",
                    right=True,
                ),
            ),
        ),
        (
            "With step size 0.1 a loss falls from 3 to near 0. With 0.2 it goes 3, 9, 27, ... What is happening with "
            "0.2?",
            (
                Option(
                    "Each step jumps across the minimum and lands higher than before",
                    "Its distance from the minimum is multiplied by more than 1 in size. With 0.1 it is multiplied by "
                    "less.",
                    right=True,
                ),
                Option(
                    "It needs more steps before it falls",
                    "Nothing will turn it round: each step starts further away, and so takes a still longer jump. A "
                    "smaller step size does.",
                ),
                Option(
                    "The model does not fit these data",
                    "The same model and data reach a loss near 0 with 0.1. Only the step is too large.",
                ),
                Option(
                    "The gradient has the wrong sign",
                    "Then the loss would grow with 0.1, too. Here the step is too large: it lands beyond the minimum, "
                    "and higher.",
                ),
            ),
        ),
        (
            "Two labels are 1. A model gives the first a probability of 0.01, the second one of 0.4. What does the "
            "cross-entropy charge?",
            (
                Option(
                    "The same for both: both are on the wrong side of 1/2",
                    "Accuracy counts like that. The cross-entropy is −log p: 4.6 for the first and 0.9 for the second.",
                ),
                Option(
                    "The first about five times as much",
                    "−log 0.01 is 4.6, and −log 0.4 is 0.9. Sure and wrong is dear.",
                    right=True,
                ),
                Option(
                    "0.99 for the first and 0.6 for the second",
                    "That is the distance from the label. The cross-entropy takes −log p: 4.6 and 0.9. It grows "
                    "without bound as p goes to 0.",
                ),
                Option(
                    "The second more, since it is undecided",
                    "To be undecided is cheap when one is wrong: 0.9. The one that was sure pays 4.6.",
                ),
            ),
        ),
        (
            "A net is right on 100 percent of the training rows and on 85 percent of the test rows. The commoner class "
            "makes up 84 percent of either. What do you say?",
            (
                Option(
                    "A good net: 100 percent",
                    "That score flatters: the net has seen these rows, and may know them by heart. Look at rows that "
                    "it has not seen, beside the null check.",
                ),
                Option(
                    "A good net: 85 percent on rows that it has never seen",
                    'The right rows to look at. But "always the commoner class" reaches 84 percent there without a '
                    "look at x.",
                ),
                Option(
                    "It learned these rows by heart, and little that carries over",
                    'On new rows it is hardly better than "always the commoner class": 85 against 84 percent.',
                    right=True,
                ),
                Option(
                    "Train longer, until the test rows are at 100 percent, too",
                    "The training rows have nothing more to teach it: all are right. Longer training mostly makes it "
                    "more sure of what it learned by heart.",
                ),
            ),
        ),
    ),
    told=True,
)
