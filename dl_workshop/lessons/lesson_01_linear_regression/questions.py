"""Questions of lesson 01: linear regression, by hand."""

from dl_workshop.exercises.question import Choice, Discussion, Number, Option, Slip
from dl_workshop.exercises.quiz import BEFORE

QUESTIONS = (
    BEFORE,
    Discussion(
        "where_a_line",
        "Where have you used a line as a model: a price, a dose, a calibration? What did you assume by choosing a "
        "line, and for which x would it go wrong?",
        "a range of x in which the line holds, and a place where it stops. A taxi fare holds until there is a "
        "discount for long trips, a spring until it is overstretched, height against age only for children. The "
        "assumption is always the same: each extra unit of x adds the same amount to y.",
    ),
    Number(
        "y_at_three",
        "Predict: with w = 2 and b = 20, what comes out for x = 3?",
        26.0,
        "2 · 3 = 6, and 20 more is 26. The weight multiplies x, then the bias is added.",
        (
            Slip(6.0, "That is w · x. The bias b = 20 is still to be added."),
            Slip(46.0, "That is w · (x + b): the weight multiplies x alone, and b is added afterwards."),
            Slip(62.0, "That is b · x + w: w is the number that multiplies x, and b is the one that is added."),
            Slip(25.0, "That is w + b + x, all added up. w and x are multiplied."),
        ),
        "Multiply x by w first, then add b.",
    ),
    Choice(
        "negative_loss",
        "Can the mean squared error be negative, and when is it exactly 0?",
        (
            Option(
                "Yes, when most points lie below the line",
                "An error may be negative, and such a point does lie below the line. But it is squared before the "
                "mean is taken, and a square is never negative.",
            ),
            Option(
                "No; it is 0 when errors above and below cancel",
                "Errors cancel only if they are added as they are. Squared, they are all positive and pile up.",
            ),
            Option(
                "No; it is 0 only if the line goes through every point",
                "It is a mean of squares, so never below 0, and 0 only if every single error is. Noise prevents that: "
                "with noise of spread 1, even the true line has a loss near 1.",
                right=True,
            ),
            Option(
                "No; it is 0 for the true line",
                "The true line misses the points, too: by their noise. With noise of spread 1 its loss is near 1.",
            ),
        ),
    ),
    Choice(
        "loss_unit",
        "If y is measured in metres, what is the unit of the mean squared error?",
        (
            Option(
                "metres",
                "An error is in metres, but it is squared: square metres. The root of the loss is in metres again.",
            ),
            Option(
                "square metres",
                "Errors are in metres, their squares in square metres, and a mean keeps the unit. Its root is in "
                "metres again.",
                right=True,
            ),
            Option(
                "none: a loss is only a number",
                "It is one number, but not the same one in metres and in centimetres: there it is 10000 times as "
                "large. So it has a unit, square metres.",
            ),
            Option(
                "metres for each point",
                "Dividing by n does not bring in a unit: n is a count. Squaring does: square metres.",
            ),
        ),
    ),
    Choice(
        "near_the_best",
        "Move only `w` until the loss stops falling, then only `b`, then `w` again. Near the best line, how much does "
        "the loss change for a small move of a slider?",
        (
            Option(
                "As much as far away from it",
                "Far away, where the loss is in the hundreds, the same move changes it by tens. Watch the number near "
                "the bottom: there it hardly moves.",
            ),
            Option(
                "Hardly at all",
                "At the bottom the loss is flat. So the last digits of w and b are hard to find by hand, and matter "
                "little for the loss.",
                right=True,
            ),
            Option(
                "More and more, the closer we come",
                "It feels like that, since every move seems to overshoot. But overshooting costs very little there: "
                "look at the number.",
            ),
            Option(
                "Not at all: the best line has a loss of 0",
                "The loss of the best line is near 1, because of the noise. And it does change, only very little.",
            ),
        ),
    ),
)
