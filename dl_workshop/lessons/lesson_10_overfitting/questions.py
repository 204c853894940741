"""Questions of lesson 10: curves, overfitting, regularisation."""

from dl_workshop.exercises.question import Choice, Number, Option, Several, Slip

QUESTIONS = (
    Choice(
        "one_unit",
        "The sine goes up, down and up again. What can a net with ONE hidden unit make of it?",
        (
            Option(
                "The whole sine, if it is trained for long enough",
                "One tanh only ever rises, or only ever falls. No training gives it two bends.",
            ),
            Option(
                "One smooth step: it follows the long way down, and misses the two ends",
                "One tanh is one step. It takes the longest slope of the sine, and has nothing left for the rest.",
                right=True,
            ),
            Option(
                "A straight line",
                "With tiny weights it nearly is one. But tanh bends, and a step fits the sine better than a line.",
            ),
            Option(
                "Nothing: it stays at the mean",
                "A step that falls in the middle is much better than the mean, so descent goes there.",
            ),
        ),
    ),
    Choice(
        "degree_nine",
        "As the degree grows from 1 to 9, what happens to the error on the 20 training points, and to that on 20 new "
        "ones?",
        (
            Option(
                "Both fall",
                "On the training points it falls, since each degree includes the ones before. New points had no say "
                "in the weights: there it falls at first, then grows.",
            ),
            Option(
                "Training falls all the time; new points: down, then up",
                "A polynomial of a higher degree can do all that the lower ones can, so on the training points it is "
                "never worse. What it wins in the end is the noise of these very points.",
                right=True,
            ),
            Option(
                "Both fall, then rise",
                "On the training points it cannot rise: the new weight may stay 0, and then nothing is lost.",
            ),
            Option(
                "Training falls all the time, new points stay as they are",
                "They would, if the extra weights were harmless. But the curve swings between the points that it was "
                "made to hit.",
            ),
        ),
    ),
    Several(
        "may_choose",
        "Which of these may the validation rows help to choose? Tick all that they may.",
        (
            Option("the degree of the polynomial", "Such choices are what they are for.", right=True),
            Option("the number of steps", "Early stopping does just that.", right=True),
            Option(
                "the strength of a penalty", "On the training rows the strength 0 would win every time.", right=True
            ),
            Option(
                "the final score that you publish",
                "They helped to choose, so their score is flattered, like that of the training rows, only less. The "
                "score comes from the test rows.",
            ),
            Option(
                "the weights themselves, by descent",
                "Then they would be training rows, and you would need others to validate with.",
            ),
        ),
    ),
    Number(
        "left_out",
        "A bootstrap draws as many rows as the table has, but with replacement, so some come twice. Of 1000 rows, "
        "which share is never drawn? Write it as a number between 0 and 1.",
        0.368,
        "Each draw misses a given row with probability 1 - 1/m, and m draws all miss it with (1 - 1/m)^m. That is near "
        "1/e = 0.368 for every large m.",
        (
            Slip(
                0.5,
                "It is no toss of a coin for each row. One draw misses a row with probability 1 - 1/1000. How "
                "likely is it that all 1000 draws do?",
            ),
            Slip(0.632, "That is the share that IS drawn. The share that is left out is 1 minus it."),
            Slip(
                0.001,
                "Near 0 would be right if no row came twice; and 1/1000 is the chance that one draw hits a row. "
                "But each time a row comes twice, another stays away.",
            ),
        ),
        "One draw misses a given row with probability 1 - 1/1000. All 1000 draws have to miss it: what is "
        "0.999 ** 1000?",
        tolerance=0.006,
    ),
    Choice(
        "when_to_stop",
        "The loss on the training points falls all the way. Where would you stop?",
        (
            Option(
                "At the end: its loss is the lowest",
                "On the training points. On the validation points the end is among the worst places.",
            ),
            Option(
                "As soon as the validation loss rises once",
                "It is bumpy, and the first bump comes long before the best place. One waits a while, to see whether "
                "it falls again.",
            ),
            Option(
                "Where the validation loss is lowest, and you only know that later",
                "One goes on for a while, to see that nothing better comes, and then takes the params from back "
                "there. So they have to be kept.",
                right=True,
            ),
            Option(
                "Where the two curves cross",
                "Where they cross says little: the sets are of different noise. What counts is the lowest place of "
                "the validation loss.",
            ),
        ),
    ),
    Number(
        "l1_norm",
        "What is the L1 norm of the weights (1, -2, 0, -4)? It adds up how far each is from 0.",
        7.0,
        "1 + 2 + 0 + 4: each counts by its distance from 0.",
        (
            Slip(-5.0, "Here those below 0 were taken off. A distance is never negative: 1 + 2 + 0 + 4."),
            Slip(21.0, "These are squares, 1 + 4 + 0 + 16: that is what the L2 term adds up."),
            Slip(4.5826, "That is the L2 norm, the root of the sum of squares."),
            Slip(3.0, "That counts those that are not 0: the L0 norm."),
        ),
        "Leave out the signs and add up.",
        tolerance=0.001,
    ),
    Choice(
        "pull",
        "A penalty pulls every weight towards 0. The slope of s w² is 2 s w, the slope of s |w| is s or -s. Which of "
        "the two lets small weights become 0?",
        (
            Option(
                "L2, since it grows faster",
                "For large weights it pulls harder. But near 0 its pull 2 s w fades away, so small weights stay "
                "small and are not 0.",
            ),
            Option(
                "L1, since its pull stays the same however small the weight is",
                "A weight that the data do not need is pulled all the way. L2 lets go of it before it gets there.",
                right=True,
            ),
            Option(
                "Both alike: a penalty is a penalty",
                "Compare the pulls for a weight of 0.001: 0.002 s for L2, s for L1. That is 500 times as much.",
            ),
            Option(
                "Neither: descent never reaches exactly 0",
                "Exactly 0 it rarely reaches, as it steps to and fro across it. But L1 brings a weight as near as "
                "the step size allows.",
            ),
        ),
    ),
    Choice(
        "when_predicting",
        "Training is over, and the net is to predict. Are units dropped now, too?",
        (
            Option(
                "Yes, the same share: it was trained like that",
                "Then one x would get another answer each time. In training that noise helps, in use it only hurts.",
            ),
            Option(
                "No: all stay, as they are",
                "That is why those that stayed were divided by 1 - rate in training: the next layer is used to "
                "getting as much as it gets now.",
                right=True,
            ),
            Option(
                "No, but all must be multiplied by 1 - rate",
                "That would be so if those that stayed had been left as they were. We divided them in training "
                "instead, and so have nothing left to do now.",
            ),
            Option(
                "Only those units that were dropped last",
                "Which were dropped last is chance. All units were trained, each in many of the steps.",
            ),
        ),
    ),
)
