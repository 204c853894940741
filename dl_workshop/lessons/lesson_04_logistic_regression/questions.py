"""Questions of lesson 04: logistic regression."""

from dl_workshop.exercises.question import Choice, Option, Several

QUESTIONS = (
    Choice(
        "line_for_labels",
        "You can fit a straight line to these labels. What would it predict at x = 50, and what could that mean?",
        (
            Option(
                "1, since the label there is surely 1",
                "The label would be 1. But a line does not stop there: it goes on rising, to nearly 8 there.",
            ),
            Option(
                "Far above 1, which means nothing as a probability",
                "A line has no bounds, a probability has. And a point far to the right, with the correct label 1, "
                "would pull the line down, although it says nothing new.",
                right=True,
            ),
            Option(
                "Far above 1, which means: very likely",
                "One can read it so. But then how likely is 4, and is 8 twice as likely? A probability ends at 1.",
            ),
            Option(
                "About 1/2, the mean of all labels",
                "That is what the line says in the middle. At x = 50 it has gone on rising far above 1.",
            ),
        ),
    ),
    Choice(
        "larger_b",
        "With w above 0, what does a larger b do to the curve?",
        (
            Option(
                "It moves it up, as it does with a line",
                "The logits move up. But the curve stays between 0 and 1, and every value is now reached at a smaller "
                "x: it moves to the left.",
            ),
            Option(
                "It moves it to the right",
                "Many books say so, of a curve that is written as w(x − c). In wx + b a larger b makes every logit "
                "larger, so 1/2 is reached at a smaller x: at −b/w.",
            ),
            Option(
                "It moves it to the left",
                "Every logit is larger, so 1/2 is reached at a smaller x. The midpoint is −b/w.",
                right=True,
            ),
            Option(
                "It makes it steeper",
                "Steepness is what w does: the slope at the midpoint is w/4. b moves the midpoint, which is at −b/w: "
                "to the left.",
            ),
        ),
    ),
    Several(
        "dear_cases",
        "In which of the four cases is one of the two terms very large? Tick all.",
        (
            Option(
                "y = 0, p near 0",
                "The first term has a factor 0; the second is −log(1 − p), with 1 − p near 1: almost 0. Right and "
                "sure costs nothing.",
            ),
            Option("y = 0, p near 1", "The second term is −log(1 − p), with 1 − p near 0. Sure and wrong.", right=True),
            Option("y = 1, p near 0", "The first term is −log p, with p near 0. Sure and wrong.", right=True),
            Option(
                "y = 1, p near 1",
                "The first term is −log p, with p near 1: almost 0. The second has a factor 0. Right and sure costs "
                "nothing. (With p exactly 1 it is 0 times infinity: we shall meet that.)",
            ),
        ),
    ),
    Choice(
        "first_bad_value",
        "The largest p is exactly 1, and its label is 1. Follow it through the loss, one intermediate at a time. "
        "Which is the first that is not finite?",
        (
            Option("log(p)", "log 1 is 0, a perfectly good number."),
            Option("y log(p)", "1 times log 1 is 0, a perfectly good number."),
            Option("1 - p", "1 − 1 is 0, still a good number. What comes next is not."),
            Option(
                "log(1 - p)", "log 0 is minus infinity. Then (1 − y) is 0, and 0 times infinity is `nan`.", right=True
            ),
            Option(
                "(1 - y) log(1 - p)",
                "That is where `nan` appears, 0 times infinity. But the infinity was there one step earlier: log 0.",
            ),
        ),
    ),
    Choice(
        "clipped_slope",
        "Many people write `jnp.clip(p, 1e-7, 1 - 1e-7)` to keep p away from 0 and 1. Look at one point that the "
        "model gets badly wrong. Is its slope still there to pull the model back?",
        (
            Option(
                "Yes: the loss is finite, so the slope is as well",
                "Finite it may be, but where p is clipped the loss does not change with w any more: the slope is 0. "
                "Far on the left it is even nan.",
            ),
            Option(
                "Yes, only a little smaller",
                "Where p is clipped it is replaced by a constant, and the slope of a constant is 0: nothing pulls.",
            ),
            Option(
                "No: where p is clipped the slope is 0",
                "A constant has no slope, so the worst points stop pulling. From logits the slope is p − y, about 1 "
                "or −1: as it should be.",
                right=True,
            ),
        ),
    ),
    Choice(
        "why_w_grows",
        "With rounded labels w and b grow and grow, and only the midpoint settles. Why?",
        (
            Option(
                "Too few steps: they would settle in the end",
                "After ten times the steps they have grown further, and after another ten times they will have again. "
                "There is no place at which they could settle.",
            ),
            Option(
                "The step size is too large, so it diverges",
                "Then the loss would grow. It falls all the time, ever more slowly: a steeper curve really is better "
                "here.",
            ),
            Option(
                "The labels are separable: a steeper curve is always a little better",
                "All 0 left of some place, all 1 right of it: every curve with its midpoint in that gap is right "
                "everywhere, and a steeper one is more sure.",
                right=True,
            ),
            Option(
                "Rounding made the labels noisy",
                "There is no noise here at all, which is just the trouble: a single label on the wrong side would "
                "make a steep curve dear.",
            ),
        ),
    ),
)
