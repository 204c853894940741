"""Questions of lesson 09: classification."""

from dl_workshop.exercises.question import Choice, Discussion, Number, Option, Several, Slip

QUESTIONS = (
    Choice(
        "three_answers",
        "Three models each answer one question: is it class 0, is it class 1, is it class 2? For one and the same "
        "point, what do their three probabilities add up to?",
        (
            Option(
                "1: the point must be in one of the classes",
                "It must, but the three models do not know of each other. Each was trained on a yes or no of its own, "
                "so nothing ties their answers together.",
            ),
            Option(
                "Anything between 0 and 3",
                "Each is between 0 and 1, and no one holds them together. Where all say no the sum is near 0, where "
                "two say yes it is near 2.",
                right=True,
            ),
            Option(
                "At most 1, less where they are unsure",
                "Where two classes touch, two of the models may both be rather sure. Their sum is then above 1.",
            ),
        ),
    ),
    Several(
        "same_softmax",
        "The logits of a point are (3, 1, -3). Which of these logits give the SAME three probabilities? Tick all.",
        (
            Option(
                "(4, 2, -2): 1 added to each",
                "Adding 1 makes each power of e larger by the same factor, and the factor cancels in the division.",
                right=True,
            ),
            Option(
                "(6, 2, -6): each doubled",
                "Doubling makes the differences larger: the powers of e are squared, and the first class gets more of "
                "the whole.",
            ),
            Option(
                "(0, -2, -6): 3 taken from each",
                "Only differences between logits count, and these have not changed. The highest is 0 "
                "now, so nothing can overflow.",
                right=True,
            ),
            Option(
                "(-3, -1, 3): all signs turned round",
                "Turned round, the last class has the highest logit, and with it the highest probability.",
            ),
        ),
    ),
    Number(
        "loss_of_one",
        "The probabilities of one point are 0.2, 0.5 and 0.3, for the classes 0, 1 and 2. Its label is 2, and "
        "`jnp.log(0.3)` is -1.204. What is its cross-entropy, to two decimals?",
        1.20,
        "It is -log 0.3. What the other two classes got plays no part.",
        (
            Slip(0.69, "That is -log 0.5, the loss if the label were 1, the likeliest class. The label is 2."),
            Slip(1.61, "That is -log 0.2. Labels count from 0, so label 2 is the third number, 0.3."),
            Slip(
                -1.20,
                "The size is right, but the minus sign is missing: the log of a share is below 0, and the loss is "
                "minus that.",
            ),
            Slip(
                3.51, "That is the sum over all three classes. The one-hot row is 0 at two of them, so only one counts."
            ),
        ),
        "Take the probability of the true class, 0.3, its natural logarithm, and a minus sign.",
        tolerance=0.006,
    ),
    Choice(
        "how_many_lines",
        "Each hidden unit draws one straight line through the plane (bent softly). What is the smallest number of "
        "hidden units that could fence in the hole of the coin?",
        (
            Option(
                "1", "One unit has one line, and a line has two sides, both without end. It cannot close anything in."
            ),
            Option(
                "2",
                "Two lines make a strip or a wedge, and both are open at one end at least. The hole is closed all "
                "round.",
            ),
            Option(
                "3",
                "Three lines make a triangle, the smallest closed fence. Its sides are bent softly, so it can "
                "be rounder than that.",
                right=True,
            ),
            Option(
                "8",
                "Eight make a rounder fence, but fewer than that can close it already. Look for the smallest number.",
            ),
        ),
    ),
    Choice(
        "found_or_right",
        "A test for an illness is positive for nearly everybody, ill or not. What about its precision and recall?",
        (
            Option(
                "Both high: it hardly misses anybody",
                "It misses hardly anybody, which is recall. But most of those it calls ill are well, and that is low "
                "precision.",
            ),
            Option(
                "High recall, low precision",
                "Nearly all the ill are among those it calls ill: high recall. Most of those it calls ill"
                " are well: low precision.",
                right=True,
            ),
            Option(
                "Low recall, high precision",
                "The other way round. That is a timid test, which calls hardly anybody ill, and is right when it does.",
            ),
            Option(
                "Both low: it is wrong most of the time",
                "Wrong most of the time is what accuracy sees. Of the ill alone, nearly all are found: recall is high.",
            ),
        ),
    ),
    Discussion(
        "which_threshold",
        "You run this test in a town. Which threshold do you choose, and what do you need to know first?",
        "the price of both errors. A missed illness may cost a life, a false alarm costs worry and a second test. If "
        "the second test is cheap and safe, take a low threshold with high recall; if a positive means surgery, take "
        "a high one with high precision. The threshold is a decision of people, not of the model, and it is chosen on"
        " other rows than those that the score is reported on.",
    ),
)
