"""Questions of lesson 11: digits. They hold for both of its data sets."""

from dl_workshop.exercises.question import Choice, Discussion, Number, Option, Several, Slip

QUESTIONS = (
    Choice(
        "shuffled_pixels",
        "We shuffle the pixels of every picture, all by the same rule, so that you and I can no longer read them. Then "
        "we train a new net on these. How well will it read?",
        (
            Option(
                "Hardly at all: what makes a digit is gone",
                "It is gone for our eyes, which need neighbours. The net was never told which pixels are neighbours: "
                "each is a column, and the order of columns means nothing to it.",
            ),
            Option(
                "About as well as before",
                "Each pixel is a column with weights of its own, and columns may stand in any order. So this net has "
                "not been told either that neighbours belong together.",
                right=True,
            ),
            Option(
                "Better: the shuffle makes the pixels independent",
                "They depend on each other as before: it is only their order that is new. The net does not see an "
                "order.",
            ),
        ),
    ),
    Number(
        "start_loss",
        "A net that knows nothing gives each of ten digits the same probability. What is its cross-entropy, to two "
        "decimals?",
        2.3026,
        "The right digit has the probability 1/10, and its loss is -log(1/10) = log 10 = 2.303. If a net of ten "
        "classes starts far above, its inputs or its weights are too large.",
        (
            Slip(0.1, "That is the probability of the right digit. The loss is the minus of its natural logarithm."),
            Slip(1.0, "That is the logarithm to base 10. The loss takes the natural one, `jnp.log`."),
            Slip(0.6931, "That is log 2, the loss of a net that knows nothing of TWO classes. Here are ten."),
            Slip(-2.3026, "The logarithm of 1/10 is below 0; the loss is the MINUS of it."),
            Slip(0.9, "That is how often it is wrong. The loss is the minus of the logarithm of 1/10."),
        ),
        "The loss is the minus of the natural logarithm of the right digit's probability, which is 1/10.",
        tolerance=0.006,
    ),
    Choice(
        "louder_loss",
        "We multiply the loss by 1000. The lowest point stays where it is. What will that do to the two optimisers?",
        (
            Option(
                "Nothing: the best params are the same",
                "The best params are, but the way there is made of gradients, and these are 1000 times as large. "
                "Gradient descent takes steps 1000 times as long.",
            ),
            Option(
                "Both break: their steps become 1000 times as long",
                "That is true for gradient descent. Adam divides by the size of the gradient, so the 1000 cancels.",
            ),
            Option(
                "Gradient descent breaks, Adam does not notice",
                "Gradient descent takes steps 1000 times as long. Adam divides by the size of the gradient, so the "
                "1000 cancels.",
                right=True,
            ),
            Option(
                "Adam breaks, gradient descent does not notice",
                "The other way round: it is Adam that divides by the size of the gradient.",
            ),
        ),
    ),
    Choice(
        "worst_change",
        "The net is trained, its params stay as they are. Which change to the test digits will hurt it most?",
        (
            Option(
                "Not scaled: every number 16 or 255 times as large",
                "One would think so. But the larger numbers keep their pattern, tanh cannot go beyond 1, and the "
                "largest logit mostly stays the largest.",
            ),
            Option(
                "Thinner strokes",
                "It hurts: pixels at the edge of a stroke are gone. But the middle of each stroke is where it was.",
            ),
            Option(
                "Moved to the side, by an eighth of the picture",
                "It hurts much, because each pixel has weights of its own and the net does not know that neighbours "
                "are alike. One change is worse still.",
            ),
            Option(
                "Dark on light in place of light on dark",
                "Every pixel now says the opposite of what its weight was trained for. To your eye it is the same "
                "digit; the net reads next to none.",
                right=True,
            ),
        ),
    ),
    Several(
        "what_to_keep",
        "In a month you want to read digits with this net, in a new notebook. What do you need? Tick all.",
        (
            Option("The params", "All that training found is in them: save_params keeps them.", right=True),
            Option(
                "The code of the model",
                "The file holds numbers, and no code: which matrix comes where, and the tanh between, is in "
                "`three_layer`.",
                right=True,
            ),
            Option(
                "How the pictures were scaled",
                "The net knows only pictures made like those it was trained on: paper 0, ink 1, cut out and centred.",
                right=True,
            ),
            Option(
                "The training digits",
                "What was to be learned from them is in the params. To read new digits they are not needed.",
            ),
            Option("What Adam remembered", "It is needed to go on training where you stopped, but not to read."),
        ),
    ),
    Discussion(
        "no_eleventh",
        "Draw a letter, a face, or a scribble. What does the net say, how sure is it, and what should it say?",
        "that it always names a digit, often with a high probability: softmax shares out 100 percent among ten "
        'classes, and there is no eleventh. A probability near 1 means "of these ten, this one". Ways out: an '
        "eleventh class trained on other drawings, a check of how far the input is from all training digits, or a "
        "person who looks.",
    ),
)
