"""Questions of lesson 08: gates, XOR, and features that are learned."""

from dl_workshop.exercises.question import Choice, Number, Option, Slip

QUESTIONS = (
    Choice(
        "or_half",
        "Both gates start from zero and are trained in the same way. OR needs about half as many steps as AND. Why?",
        (
            Option(
                "OR has three ones to learn from, AND only one",
                "Then NAND, with its three ones, would be as quick as OR. It needs exactly as many steps as AND.",
            ),
            Option(
                "The points of AND lie closer to its line",
                "Draw both lines: each cuts off one corner of the square, at the same distance from the nearest "
                "points. The two pictures are mirror images.",
            ),
            Option(
                "The line of AND is further from the origin, so its b has to grow three times as large",
                "For equal weights w the best line of OR has b = −w/2, that of AND b = −3w/2. Starting from zero, that "
                "is the longer way. Measure x from the middle of the square, and both need the same.",
                right=True,
            ),
            Option(
                "Chance: another key would turn it round",
                "There is no chance in it: both start at zero, and every step uses all four rows.",
            ),
        ),
    ),
    Choice(
        "one_neuron_xor",
        "A neuron starts from zero and is trained on XOR for 2000 steps. What will its loss be?",
        (
            Option(
                "Near 0, as for the other gates",
                "For that, z would have to be above 0 at (0, 1) and (1, 0), and below 0 at (0, 0) and (1, 1). Try to "
                "draw that line.",
            ),
            Option(
                "About 0.69, as at the start: it says 1/2 everywhere",
                "The pulls of the four rows cancel exactly at zero. And no other place is better: with one line, 1/2 "
                "everywhere is the best answer to XOR.",
                right=True,
            ),
            Option(
                "About 0.35: it gets half of the rows right",
                "To get two rows right and to be sure of it makes it sure and wrong in another one, which costs more "
                "than it saves.",
            ),
            Option(
                "It will rise, since it cannot be learned",
                "Small steps against the slope do not raise a loss. But they cannot lower it either where the slope is "
                "0.",
            ),
        ),
    ),
    Choice(
        "clash",
        "Why can no w1, w2 and b fulfil all four inequalities?",
        (
            Option(
                "The second says w2 > −b and the third w1 > −b: w1 and w2 cannot both be that large",
                "They can: with b = −10, w1 = w2 = 20 fulfils both. That is OR.",
            ),
            Option(
                "The first says b < 0, the last w1 + w2 + b < 0: that forces both weights below 0",
                "Only their sum is bounded: w1 = 5 and w2 = 4 with b = −10 fulfil both. That is a gate that is never "
                "on.",
            ),
            Option(
                "Add the second and the third: w1 + w2 + 2b > 0. Add the first and the last: w1 + w2 + 2b < 0",
                "One number would be above and below 0 at the same time. So it is not a matter of training: there is "
                "no such neuron.",
                right=True,
            ),
            Option(
                "Four inequalities are too many for three unknowns",
                "AND and OR have four inequalities for three unknowns too, and plenty of solutions.",
            ),
        ),
    ),
    Choice(
        "gates_for_xor",
        "XOR says: one of them, but not both. Which two gates, joined by AND, say that?",
        (
            Option(
                "OR and AND",
                'Both of these together are on only at (1, 1), just where XOR is off. "Not both" is another gate.',
            ),
            Option("OR and NAND", "OR: at least one. NAND: not both. Together: exactly one.", right=True),
            Option("NOR and NAND", "Both are on only at (0, 0), where neither input is on: that is NOR again."),
            Option(
                "NOR and AND",
                "Neither and both: these are never on together. XOR is on exactly where neither of them is.",
            ),
        ),
    ),
    Choice(
        "no_bend",
        "Now leave the bend out: h = x w1 + b1, with 20 hidden units. How low does the loss on XOR get?",
        (
            Option(
                "Near 0: 20 units have far more weights than are needed",
                "They have 81 numbers. But multiply the two layers out: what is left is one weight for each input and "
                "one b.",
            ),
            Option(
                "About 0.35: half as good as with the bend",
                "It is not half a net, but a single neuron in disguise, and a single neuron cannot do better than "
                "0.69.",
            ),
            Option(
                "0.69, no lower: it is one neuron, however many units there are",
                "x (w1 w2) + (b1 w2 + b2) is one plane, and no plane parts XOR.",
                right=True,
            ),
            Option(
                "It diverges, since nothing keeps h between 0 and 1",
                "With a large step it may. With a small one it falls, to 0.69, and stays there.",
            ),
        ),
    ),
    Choice(
        "twins",
        "All weights of a 2-3-1 net start at 0.5, all biases at 0. What will the three hidden units do?",
        (
            Option(
                "They share the work between them, as from any start",
                "Something would have to make them different. Equal weights get equal gradients and take equal steps.",
            ),
            Option(
                "They change, but all three stay alike",
                "Equal weights, equal gradients, equal steps: for ever twins. The net has one unit that counts "
                "three times.",
                right=True,
            ),
            Option(
                "They do not move at all",
                "That happens from weights of 0. From 0.5 there is a gradient; only it is the same for all three.",
            ),
            Option(
                "They drift apart because of rounding",
                "Equal sums are rounded equally. On some machines the last digit may differ, but nothing in the "
                "data makes such a difference grow.",
            ),
        ),
    ),
    Number(
        "read_the_loss",
        "A net is right and sure about two of the four rows, and says 1/2 for the other two. What is its "
        "cross-entropy? Two decimals will do.",
        0.3466,
        "Two rows cost nothing and two cost log 2 each: the mean is 2 · 0.69 / 4, about 0.35. So a loss of 0.35 tells "
        "what has happened.",
        (
            Slip(0.693, "That is log 2, the cost of ONE row with p = 1/2. The loss is the mean over all four rows."),
            Slip(1.386, "That is the SUM, 2 · log 2. The loss is the mean over all four rows."),
            Slip(0.5, "That is the probability, or the share of rows that are right. The cost of a row is −log p."),
            Slip(0.25, "That is a squared error of 1/2. The cross-entropy takes −log p."),
        ),
        "A row with p = 1/2 costs −log(1/2). A row that is right and sure costs nothing. Then take the mean over four.",
        0.006,
    ),
    Choice(
        "stuck",
        "A net has come to rest at a loss of 0.35. What gets it out?",
        (
            Option(
                "More steps", "It hardly moves any more: from step 2000 to step 20000 the loss falls by about 0.001."
            ),
            Option("A smaller step size", "Then it comes to rest in the same place, only more slowly."),
            Option(
                "Another start",
                "The place that it comes to is decided by where it sets out. About two starts in three get through. Or "
                "take more hidden units, then bad places are rarer.",
                right=True,
            ),
            Option(
                "Data without contradictions", "The data are the same four rows, and other starts learn them perfectly."
            ),
        ),
    ),
    Choice(
        "bump_units",
        "Take the activation exp(−z²), a bump: high where z is near 0, low on both sides. How many such hidden units "
        "does XOR need?",
        (
            Option(
                "1",
                "z = x1 + x2 − 1 is 0 exactly at (0, 1) and (1, 0): one ridge along them, and low on both sides. What "
                "a net needs depends on how its units bend.",
                right=True,
            ),
            Option(
                "2, as with the logistic function",
                "Two do it, too. But a bump falls on both sides, so one ridge, laid along (0, 1) and (1, 0), is "
                "enough.",
            ),
            Option("3", "Three will do, and so will fewer. Where would you lay the ridge of a single bump?"),
            Option(
                "None will do: it is not a rising function",
                "An activation need not rise. It only must not be a straight line.",
            ),
        ),
    ),
)
