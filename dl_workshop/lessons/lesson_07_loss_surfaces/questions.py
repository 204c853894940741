"""Questions of lesson 07: loss surfaces, learning rates, and data as it comes."""

from dl_workshop.exercises.question import Choice, Number, Option, Several, Slip

QUESTIONS = (
    Number(
        "sum_of_squares",
        "Three true values are 1, 1, 1. One guess is 1, 2, 3: its absolute misses add up to 3, its squared ones to 5. "
        "Another guess is 1, 3, 3, with absolute misses of 4. What do its squared misses add up to?",
        8.0,
        "0 + 4 + 4 = 8. The absolute sum went from 3 to 4, the squared one from 5 to 8: squares punish large misses "
        "more.",
        (
            Slip(4.0, "That is the absolute sum, 0 + 2 + 2. Square each miss first: 0 + 4 + 4."),
            Slip(16.0, "That is the square of the sum. Square each miss on its own, then add: 0 + 4 + 4."),
            Slip(19.0, "That adds the squares of the guesses. Take the true value away first: the misses are 0, 2, 2."),
            Slip(6.0, "The second miss grew from 1 to 2, so its square grew from 1 to 4: 0 + 4 + 4."),
        ),
        "The misses are 0, 2 and 2. Square each, then add.",
        tolerance=0.001,
    ),
    Number(
        "lifted",
        "The true line, lifted by 0.5, misses every point by 0.5 more or less than before. By about how much does the "
        "mean squared error grow?",
        0.25,
        "By the square of the lift, 0.5² = 0.25. The noise lies on both sides, so its share cancels.",
        (
            Slip(
                0.5,
                "That is the lift itself, which the absolute error of far points would show. The loss squares it: "
                "0.25.",
            ),
            Slip(0.125, "That is with a half in front, as some books have it. Our loss has none: 0.25."),
            Slip(1.0, "A lift of 1 would do that. The lift is 0.5, and its square 0.25."),
            Slip(0.29, "That is near the whole loss, noise included. By how much does it grow?"),
            Slip(25.0, "Adding up over 100 points gives about 25. The loss is a mean."),
        ),
        "Every miss e becomes e + 0.5 or e − 0.5. Square that, and take the mean: what is left of the middle term?",
        tolerance=0.011,
    ),
    Choice(
        "tilt",
        "The rooms have between 0 and 1 thousand servers, 0.5 on average. Suppose w is too large by 1. Which b makes "
        "the best of it?",
        (
            Option(
                "b too large by 0.5",
                "Then the line lies too high everywhere. A steeper line must start lower, to pass through the middle "
                "of the points.",
            ),
            Option(
                "b too small by 0.5, or so",
                "At the mean of x, 0.5, the two errors cancel. So the valley of the bowl runs downwards to the right.",
                right=True,
            ),
            Option(
                "b exactly right",
                "It would be so if x had mean 0, as in lesson 03. Here all x are positive, so a larger w lifts the "
                "whole line.",
            ),
            Option(
                "b too small by 1",
                "Then the error is paid back in full at x = 1, the right end, and too much everywhere else. The mean "
                "of x is what counts.",
            ),
        ),
    ),
    Number(
        "rooms_346",
        "Which number do you hand to the model as x, for a room with 346 servers?",
        0.346,
        "x counts thousands of servers. Units are the first thing to ask about any table.",
        (
            Slip(346.0, "x is in thousands. With 346 the model would answer for 346 000 servers, some 70 MW."),
            Slip(3.46, "That would be 3460 servers: x counts thousands."),
            Slip(34.6, "That would be 34 600 servers: x counts thousands."),
            Slip(346000.0, "That goes the wrong way: x counts thousands, so divide 346 by 1000."),
        ),
        "x is given in thousands of servers: divide 346 by 1000.",
        tolerance=0.0001,
    ),
    Choice(
        "which_flips",
        "Of 0.001, 0.01, 0.1, 0.5, 0.77 and 0.8 the last one diverges. What will 0.77 do?",
        (
            Option(
                "Diverge too: it is nearly as large",
                "There is a sharp border. Below it each jump lands a little lower, above it a little higher.",
            ),
            Option(
                "Arrive first, since it takes the largest steps that hold",
                "It does take the largest steps, but it uses them up in jumping across the valley: it comes back "
                "nearly as high as it was.",
            ),
            Option(
                "Jump from wall to wall, and come down slowly",
                "Just below the border each jump loses only a few percent of its height. A smaller step is quicker.",
                right=True,
            ),
            Option(
                "The same as 0.5, a little faster", "Up to some size, larger is faster. Near the border it turns round."
            ),
        ),
    ),
    Choice(
        "what_makes_circles",
        "Spot the mistake: three of these are claimed to turn the ellipses into circles. Which one really does?",
        (
            Option(
                "Choose other targets, such as y = x + 1",
                "A printed course says so. But the bends do not contain y at all: other targets move the bottom of "
                "the bowl, and leave its shape.",
            ),
            Option("Take a smaller step size", "The step size changes how we walk, not what we walk on."),
            Option(
                "Bring x to mean 0 and spread 1",
                "The bends come from the mean of x and the mean of x². With 0 and 1 they are the same in all "
                "directions.",
                right=True,
            ),
            Option(
                "Divide y by its largest value",
                "Scaling y makes the loss lower everywhere by one factor, and moves the bottom. The ellipses keep "
                "their shape.",
            ),
        ),
    ),
    Choice(
        "counted_in_ones",
        "x is now a thousand times as large. By about which factor does the largest step size that holds shrink?",
        (
            Option(
                "Not at all: it is the same line",
                "The line is the same, the bowl is not: its floor has w on one axis, and a small change of w now "
                "moves the line a thousand times as much.",
            ),
            Option(
                "By a thousand",
                "The slope for w grows by a thousand. But w itself must also be a thousand times as small, and the "
                "bend feels both.",
            ),
            Option(
                "By some hundred thousand",
                "The bend along w is 2 times the mean of x², and x² grows by a million. Before, b had its share in the "
                "steepest bend; so the border itself falls by a quarter of that.",
                right=True,
            ),
            Option(
                "By two, since there are two parameters",
                "The number of parameters plays no part. The bend along w is 2 times the mean of x².",
            ),
        ),
    ),
    Choice(
        "price_of_the_query",
        "The model was trained on scaled x and scaled y. How do we get the price of the house at 15 km with 93 square "
        "metres?",
        (
            Option(
                "`linear_model(params, query)`",
                "The model knows columns from 0 to 1. For it 93 is a house a hundred times larger than the largest.",
            ),
            Option(
                "`linear_model(params, scale(for_x, query))`",
                "Nearly: what comes out is a scaled price between 0 and 1. Unscale it with `for_y`.",
            ),
            Option(
                "`unscale(for_y, linear_model(params, scale(for_x, query)))`",
                "In by the scaling of x, out by that of y, both from the training data.",
                right=True,
            ),
            Option(
                "`unscale(for_x, linear_model(params, scale(for_x, query)))`",
                "What comes out of the model is a price, so it goes back by the scaling of prices, `for_y`.",
            ),
            Option(
                "the same, but with `min_max(query)` for the query",
                "A single house has no range of its own: smallest minus smallest is 0. Use the numbers of the "
                "training data.",
            ),
        ),
    ),
    Choice(
        "same_work",
        "500 steps on single rows, 50 steps on 10 rows, or 5 steps on all 100 rows, all with step size 0.1. Which is "
        "furthest from the lowest loss at the end?",
        (
            Option(
                "Single rows: their gradients are the roughest",
                "Rough, but right on average, and there are 500 of them. They end near the bottom, trembling.",
            ),
            Option("Batches of 10", "Fifty steps, each fairly good: they come close."),
            Option(
                "The full batch: it takes only 5 steps",
                "Its steps are the best, but five of 0.1 do not bring it down into the valley. Reading 100 rows for "
                "each of them is dear.",
                right=True,
            ),
            Option(
                "All the same: they read the same rows",
                "They read as many rows, but take 500, 50 and 5 steps. Rough steps in large numbers win.",
            ),
        ),
    ),
    Several(
        "how_to_calm",
        "Near the end, training on mini-batches trembles around the bottom. What calms it? Tick all that do.",
        (
            Option("a smaller step size", "Shorter steps, smaller tremble: about in proportion.", right=True),
            Option(
                "larger batches",
                "The gradient of more rows is less rough. It costs more reading for each step.",
                right=True,
            ),
            Option(
                "more steps of the same kind", "The tremble does not die out: each step still follows a few rows only."
            ),
            Option(
                "a step size that shrinks as training goes on",
                "Large steps on the way, small ones at the end: the best of both.",
                right=True,
            ),
            Option("another shuffle", "It trembles in another order, and as much."),
        ),
    ),
)
