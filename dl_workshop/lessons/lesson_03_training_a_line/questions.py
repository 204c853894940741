"""Questions of lesson 03: training a line."""

from dl_workshop.exercises.question import Choice, Option, Several

QUESTIONS = (
    Choice(
        "two_losses",
        "The line of the start misses most points by about 20, the true one by about 1. What are their losses, "
        "roughly?",
        (
            Option(
                "20 and 1",
                "These are the misses themselves. The loss squares them before it takes the mean: 400 and 1.",
            ),
            Option(
                "Some 400 or more, and 1",
                "The misses are squared: 20² is 400, and those points that it misses by more weigh more. For the true "
                "line the mean of the squared noise is left, near 1.",
                right=True,
            ),
            Option(
                "Some 400 or more, and 0",
                "The first is right. But the true line misses the points as well, by the noise, and the mean of its "
                "squares is near 1.",
            ),
            Option(
                "2000 and 100",
                "These are sums over the 100 points, of misses that are not squared. The loss is a mean of squares: "
                "about 400 or more, and 1.",
            ),
        ),
    ),
    Several(
        "what_changes",
        "Which of these change during training? Tick all that do.",
        (
            Option(
                "`x`",
                "x was measured and stays as it is. We draw y against x, so it looks like what one moves along; but "
                "descent moves along w and b.",
            ),
            Option(
                "`y`",
                "y was measured and stays as it is. What changes is what the model predicts, which comes nearer to y.",
            ),
            Option("`w`", "A parameter: training changes it.", right=True),
            Option("`b`", "A parameter: training changes it.", right=True),
            Option("the loss", "It depends on w and b, so it changes with them: downwards, we hope.", right=True),
            Option(
                "the slope of the line",
                "The slope of the line is w, so it does. It is not the slope of the loss, which is what we step "
                "against.",
                right=True,
            ),
        ),
    ),
    Choice(
        "slope_for_b",
        "The line lies too low. Is the slope of the loss for `b`, its entry in the gradient, positive or negative?",
        (
            Option(
                "Positive, since b has to grow",
                "The gradient points to where the loss grows. Here the loss falls when b grows, so the slope is "
                "negative; the step goes against it, and b grows.",
            ),
            Option(
                "Negative, since the loss falls when b grows",
                "That is what a slope says. We step against it: b minus a negative number, so b grows.",
                right=True,
            ),
            Option(
                "Zero, since b starts at 0",
                "The slope depends on where the line lies, not on b being 0. Lift the line a little, and the loss "
                "falls: it is negative.",
            ),
            Option(
                "That depends on the sign of w",
                "w tilts the line around x = 0, and x is spread evenly to both sides. Lifting a line that is too low "
                "makes the loss smaller, whatever w is.",
            ),
        ),
    ),
    Choice(
        "w_or_b",
        "After 100 steps of 0.01, which is nearer to the truth, w or b?",
        (
            Option(
                "w, since the loss is steeper along w",
                "At x near ±5 a small change of w moves the line a lot. So along w the loss bends 8.5 times as much "
                "as along b, and steps are longer for the same distance.",
                right=True,
            ),
            Option(
                "b, since it has further to go and so takes longer steps",
                "It does begin with long steps. But each takes away only 2 percent of the distance, for w it is 17 "
                "percent: after 100 steps b still lacks 13 percent.",
            ),
            Option(
                "Both alike: they have the same step size",
                "The step is the step size times the slope, and the slopes differ: along w the loss bends 8.5 times "
                "as much.",
            ),
            Option(
                "Both are there: 100 steps are many",
                "For w they are. Each step takes away 2 percent of b's distance, so after 100 steps 13 percent of it "
                "are left.",
            ),
        ),
    ),
    Several(
        "runs_that_arrive",
        "Which of these runs will end with b at 20? Tick all that will.",
        (
            Option(
                "step size 0.001, 1000 steps",
                "It is as far as 0.01 after 100 steps: b is still near 17.4. A tenth of the step size needs ten times "
                "the steps.",
            ),
            Option(
                "step size 0.001, 3000 steps", "Small steps arrive as well, if there are enough of them.", right=True
            ),
            Option(
                "step size 0.01, 1000 steps",
                "Ten times the step size, and more than enough steps: as far as 10000 steps of 0.001.",
                right=True,
            ),
        ),
    ),
    Choice(
        "wall_to_wall",
        "The path jumps from wall to wall. Which of the two numbers does that, and does the loss fall in every step "
        "all the same?",
        (
            Option(
                "w, and the loss falls in every step",
                "Each step multiplies its distance by 1 − 17 · 0.1 = −0.7: it changes sides and comes closer. The "
                "line see-saws while it rises, since b goes steadily up.",
                right=True,
            ),
            Option(
                "w, and the loss rises whenever it jumps across",
                "It lands on the other wall, but lower: 0.7 of the distance is left each time. Move the slider and "
                "watch the number.",
            ),
            Option(
                "b, and the loss falls in every step",
                "Look at the two axes: b goes steadily up, in one direction. It is w that changes sides, and the line "
                "see-saws.",
            ),
            Option(
                "Both",
                "b goes steadily up, with 0.8 of its distance left after each step. Only w changes sides: its factor "
                "is −0.7.",
            ),
        ),
    ),
)
