"""Questions of lesson 02: gradient descent."""

from dl_workshop.exercises.question import Choice, Number, Option, Slip

QUESTIONS = (
    Choice(
        "flat_places",
        "Turn the curve upside down, −f(w). Where is its slope zero now, and is that place a minimum?",
        (
            Option(
                "At the same w, and it is a minimum",
                "Upside down the valley is a hill: where the slope is zero there is the top. A slope of zero does not "
                "say which of the two.",
            ),
            Option(
                "At the same w, and it is a maximum",
                "Turning the curve over changes the sign of every slope, and zero stays zero. The bottom of the "
                "valley becomes the top of a hill.",
                right=True,
            ),
            Option(
                "At w = +1.5, and it is a minimum",
                "The curve is turned over, not mirrored from left to right: heights change their sign, w does not. It "
                "stays at −1.5, as the top of a hill.",
            ),
            Option(
                "Nowhere", "Every slope changes its sign, and minus zero is zero: so at the same w. It is now the top."
            ),
        ),
    ),
    Number(
        "first_step",
        "We stand at w = 2.5, where the slope is 8, with a step size of 0.01. Where are we after one step?",
        2.42,
        "2.5 − 0.01 · 8 = 2.42. The step is the step size times the slope, and goes against the slope.",
        (
            Slip(
                2.58, "That is a step up the slope: the slope is positive, so the curve rises to the right. Subtract."
            ),
            Slip(2.49, "That steps by the step size alone. It is multiplied by the slope: 0.01 · 8."),
            Slip(-5.5, "That steps by the whole slope. It is multiplied by the step size first: 0.01 · 8."),
            Slip(0.08, "That is how long the step is. Where are we after it?"),
            Slip(-0.08, "That is the step itself. Where are we after it?"),
            Slip(1.7, "That is a step size of 0.1. Here it is 0.01."),
        ),
        "Take the step size times the slope, 0.01 · 8, away from 2.5.",
        tolerance=0.0001,
    ),
    Choice(
        "negative_slope",
        "Which way does the step go from a place where the slope is negative?",
        (
            Option(
                "To the left, since we subtract",
                "We subtract a negative number, which makes w larger. Where the slope is negative, downhill is to the "
                "right.",
            ),
            Option(
                "To the right, since minus a negative number is positive",
                "And that is downhill there. One formula serves both sides of the valley: no `if` is needed.",
                right=True,
            ),
            Option(
                "Nowhere: descent needs a positive slope",
                "The size of the step is the size of the slope, whatever its sign. Minus a negative number makes w "
                "larger: to the right.",
            ),
            Option(
                "Uphill, so the formula needs an `if`",
                "Try it with numbers: w = −4, slope −5, step size 0.1 give −3.5. That is to the right, and downhill.",
            ),
        ),
    ),
    Choice(
        "nearest_after_12",
        "Twelve steps from w = 3, with six step sizes. Which of them will be nearest to the minimum?",
        (
            Option(
                "0.01: small steps are careful",
                "Careful, but slow: each step keeps 98 percent of the distance, and twelve of them about 78 percent.",
            ),
            Option(
                "0.1",
                "It is on its way: each step keeps 80 percent of the distance, and after twelve 7 percent are left. "
                "There is one that arrives at once.",
            ),
            Option(
                "0.5",
                "It lands on the minimum in a single step: with it, the distance is multiplied by 1 − 2 · 0.5 = 0.",
                right=True,
            ),
            Option(
                "0.9",
                "It jumps across the minimum each time, and keeps 80 percent of the distance: no better than 0.1.",
            ),
            Option(
                "1.1: large steps are quick",
                "Each step jumps across and lands further away than before: the distance is multiplied by −1.2.",
            ),
        ),
    ),
    Number(
        "slope_of_cube",
        "What is the slope of w³ at w = 2?",
        12.0,
        "The slope of w³ is 3w², and 3 · 4 = 12.",
        (
            Slip(8.0, "That is the height, 2³. The slope of w³ is 3w²."),
            Slip(6.0, "That is 3w. The power comes down by one only, to w²: 3w²."),
            Slip(4.0, "That is w². The old power comes to the front as a factor: 3w²."),
            Slip(24.0, "That is 3w³. The power comes down by one: 3w²."),
            Slip(2.0, "That is w itself. The slope of w³ is 3w²."),
            Slip(3.0, "That is the factor in front, which is the slope at w = 1. Here 3w² is asked for at w = 2."),
        ),
        "School rule: the power comes to the front, and then comes down by one. Put w = 2 into that.",
    ),
)
