"""Questions of lesson 06: inside backpropagation."""

from dl_workshop.exercises.question import Choice, Number, Option, Slip

QUESTIONS = (
    Choice(
        "how_much_z_moves",
        "At w = 3 and b = 4 we have x = 18, y = 9 and z = 162. Now b grows by 0.001, and w stays. By how much does z "
        "grow, about?",
        (
            Option(
                "0.003: there is a 3 in front of b",
                "That is how much x grows. z grows 9 times as much by that, and b moves y as well. One book prints "
                'just this, "the partial is 3".',
            ),
            Option(
                "0.027: x grows by 0.003, and z by 9 times that",
                "So much comes along the path through x. But b is in y as well, and y multiplies x.",
            ),
            Option(
                "0.036: y grows by 0.002, and z by 18 times that",
                "So much comes along the path through y. But b is in x as well.",
            ),
            Option(
                "0.063: both of these, added",
                "b reaches z along two paths: 0.027 comes through x and 0.036 through y.",
                right=True,
            ),
            Option(
                "About 0.001: all of it moves together",
                "A small change is made larger by every product on its way: here x and y take it times 9 and 18.",
            ),
        ),
    ),
    Choice(
        "why_not_exact",
        "Changing w alone hit 150 at once. Changing b alone, with the gradient 63, gave 150.218. Why not 150?",
        (
            Option("The gradient 63 is rounded", "63 is exact, at b = 4. The trouble is that b does not stay there."),
            Option(
                "The gradient holds at b = 4 only: it changes as b moves",
                "b is in both factors of z, so z bends with b, and 63 is the slope at the start. In w alone z is a "
                "straight line: there one slope serves everywhere.",
                right=True,
            ),
            Option("b must be a whole number", "Nothing here needs whole numbers: w ended at 2.333."),
            Option(
                "One must always change w and b together",
                "One may, and we shall. But b alone can reach 150 exactly: after two or three updates it does.",
            ),
        ),
    ),
    Choice(
        "multiply_or_divide",
        "A gradient is MULTIPLIED by each local derivative on its way back. In the relay we are to DIVIDE. Why?",
        (
            Option(
                "Because the functions are steep here",
                "How steep they are has no say in it. The two answer different questions.",
            ),
            Option(
                "We ask another question: how far must x move, so that c moves by so much",
                "The gradient says how much c moves when x moves by 1: multiply. To move c by a given amount, x moves "
                "that amount divided by the gradient.",
                right=True,
            ),
            Option(
                "It is the same: one can do either",
                "Try it with x squared at x = 2, where the slope is 4: to raise the square by 0.04, x must grow by "
                "0.01, and not by 0.16.",
            ),
            Option(
                "Because a logarithm turns products into quotients",
                "It turns products into sums. The reason is the question that we ask: what must x do?",
            ),
        ),
    ),
    Choice(
        "no_bias",
        "The neuron sees x = (0, 0), says 0.5, and should say 0. Without a bias, what is the gradient of its two "
        "weights?",
        (
            Option(
                "(0.125, 0.125): the error is shared",
                "0.125 is what arrives at z. But from z to a weight it is multiplied by that weight's x, which is 0.",
            ),
            Option(
                "(0.1, 0.6), like the weights", "The weights play no part on the way back to themselves: their x does."
            ),
            Option(
                "(0, 0): this example cannot change them",
                "On the way back to a weight one multiplies by its x. Where x is 0 no weight has any effect, so none "
                "is told to move. A bias has an effect everywhere.",
                right=True,
            ),
            Option("Undefined, since x is 0", "Multiplying by 0 is harmless: it gives 0."),
        ),
    ),
    Choice(
        "where_is_y",
        "Look at the graph: through which node does y, the truth, enter?",
        (
            Option(
                "Through `dot`, together with x",
                "x and w meet there. If y could enter the model, the model could simply say it, and would be useless "
                "on the day when y is not known yet.",
            ),
            Option("Through z, together with b", "b enters there, one of the params. y comes later."),
            Option(
                "Behind `y_hat`, in the loss",
                "The model makes y_hat from x and the params alone. Only the loss compares it with y.",
                right=True,
            ),
            Option(
                "Nowhere: y is not part of the graph",
                "It is: in the lower half of the picture, in blue, it flows into `subtract`.",
            ),
        ),
    ),
    Choice(
        "printed_gradients",
        "A book prints for the first iteration: dW = (-0.044, -0.035), db = -0.031. Which of our numbers are these?",
        (
            Option(
                "The first gradients, with another rounding",
                "Ours are (-0.048, -0.039) and -0.037: no rounding leads from these to those.",
            ),
            Option(
                "The first gradients, of the sum in place of the mean",
                "The sum over four examples would be four times as large.",
            ),
            Option(
                "The gradients of the second iteration, after one update",
                "Our second line has them. It is easy to print a value after the loop has moved on: look which params "
                "a gradient belongs to.",
                right=True,
            ),
            Option(
                "The first gradients, without the bias",
                "They have a db. And they stand in our table, one line further down.",
            ),
        ),
    ),
    Choice(
        "one_hot_of_five",
        "There are five classes, counted from 1, and a row belongs to class 2. What is its one-hot row?",
        (
            Option(
                "(0, 1, 0, 0)", "That has four entries. A book prints this one, too. Five classes need five places."
            ),
            Option("(0, 1, 0, 0, 0)", "One place for every class, and a 1 at the second.", right=True),
            Option(
                "(0, 0, 1, 0, 0)", "That is the class with the INDEX 2, counted from 0 as Python does: the third one."
            ),
            Option(
                "(0, 2, 0, 0, 0)", "The place says which class it is. The entry is 1, the probability of the truth."
            ),
        ),
    ),
    Number(
        "softmax_slope",
        "A net gives the logits (2, 1), and class 1 is the truth. Its probabilities are (0.7311, 0.2689). What is the "
        "gradient of the loss with respect to the FIRST logit? Two decimals are enough.",
        right=-0.2689,
        why="Probability minus truth: 0.7311 - 1 = -0.2689. The first logit should grow, the second, with 0.2689 - 0, "
        "should shrink by as much.",
        slips=(
            Slip(0.7311, "That is the probability. Subtract the truth, which is 1 for class 1."),
            Slip(
                0.2689,
                "The size is right. Prediction MINUS truth is 0.7311 - 1, which is negative: a larger "
                "first logit makes the loss smaller.",
            ),
            Slip(0.3133, "That is the loss, -log 0.7311. Its gradient is probability minus truth."),
        ),
        otherwise="Take probability minus truth: 0.7311 minus 1.",
        tolerance=0.006,
    ),
    Choice(
        "relative_difference",
        "A gradient and its two-sided differences have a relative difference of 0.003, for a smooth function in 16 "
        "digits. What do you say?",
        (
            Option(
                "Fine: it is far below 1",
                "Small bugs in one param of many look just like this. In 16 digits a right gradient is better than "
                "0.0000001.",
            ),
            Option(
                "Suspicious: probably a bug",
                "Between 0.01 and 0.0001 something is usually wrong, unless the function has a kink nearby. Look at "
                "the params one by one.",
                right=True,
            ),
            Option(
                "Certainly wrong everywhere",
                'Above 0.01 we would call it wrong. And "everywhere" is not said: look at the params one by one.',
            ),
            Option(
                "Rounding, which cannot be avoided",
                "In 7 digits that could be. In 16 digits, with h between 0.0001 and 0.0000001, rounding is far "
                "smaller.",
            ),
        ),
    ),
)
