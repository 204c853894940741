"""Questions of lesson 12: training in practice."""

from dl_workshop.exercises.question import Choice, Discussion, Number, Option, Slip

QUESTIONS = (
    Number(
        "top_speed",
        "The gradient is 1 in every step, and decay is 0.9. Each step makes the velocity 0.9 times what it was, plus "
        "1. Where does the velocity end, after many steps?",
        10.0,
        "At 10 it keeps 9 and gets 1, so it stays. In general the top speed is 1 / (1 − decay) times the gradient: "
        "steps ten times as long.",
        (
            Slip(
                1.0,
                "1 is the first velocity, when there is nothing to keep. The next is 0.9 · 1 + 1 = 1.9, and so on up.",
            ),
            Slip(
                1.9,
                "That is the second velocity. The third is 0.9 · 1.9 + 1 = 2.71: it goes on growing, ever more slowly.",
            ),
            Slip(9.0, "At 9 it keeps 8.1 and gets 1, which is 9.1: it still grows. Where does it stay?"),
            Slip(0.9, "0.9 is what is kept of a velocity of 1. Then the gradient is added: 1.9."),
        ),
        "Look for the v that stays what it is: v = 0.9 · v + 1.",
        tolerance=0.005,
    ),
    Choice(
        "thousandfold",
        "Somebody multiplies the loss by 1000, so all gradients are 1000 times as large. What must be changed for "
        "training to go as before?",
        (
            Option(
                "The step size, with plain descent; with RMSProp nothing",
                "RMSProp divides each gradient by its own usual size, so a factor cancels. Plain descent needs a step "
                "size 1000 times smaller.",
                right=True,
            ),
            Option(
                "The step size, with both",
                "With plain descent, yes. RMSProp divides the gradient by the root of its mean square, which is 1000 "
                "times as large too: the factor cancels.",
            ),
            Option(
                "Nothing: the minimum stays where it was",
                "It does, but plain descent would take steps 1000 times as long, and run away.",
            ),
            Option(
                "The decay of the running mean",
                "The decay says how far back the mean looks. It has nothing to do with how large the gradients are.",
            ),
        ),
    ),
    Choice(
        "first_adam_step",
        "Adam takes its very first step. By how much does it move a param whose gradient is 5, and one whose gradient "
        "is 0.005?",
        (
            Option(
                "Both by the step size",
                "After the correction m is the gradient itself, and s its square: m / root of s is +1 or −1, whatever "
                "the size of the gradient.",
                right=True,
            ),
            Option(
                "The first by 1000 times as much",
                "So it is in plain descent. Adam divides by the root of s, which is just that gradient's size in the "
                "first step: what is left is its sign.",
            ),
            Option(
                "Hardly at all: the running means start at 0",
                "They do, and that is what the corrections are for: divided by 1 − decay, the first means are the "
                "gradient and its square.",
            ),
            Option(
                "Both by a tenth of the step size, since 1 − 0.9 = 0.1",
                "0.1 times the gradient is the mean BEFORE the correction. Dividing by 1 − 0.9 makes it the gradient "
                "again.",
            ),
        ),
    ),
    Choice(
        "six_layers",
        "Weights drawn with a spread of 0.01, six hidden layers of 100 units, inputs of size 1. How large is what the "
        "sixth layer says?",
        (
            Option(
                "About 0.01: the spread of the weights",
                "Each unit adds up 100 inputs, and each layer does so again with what the one before says: every "
                "layer has its own factor, and the factors multiply.",
            ),
            Option(
                "About a millionth",
                "A sum of 100 inputs with weights of 0.01 has the size root of 100 times 0.01 = 0.1 of its inputs. "
                "Six times in a row: 0.000001.",
                right=True,
            ),
            Option(
                "About 1: tanh brings everything to size 1",
                "tanh keeps large numbers below 1, but it does not make small ones larger: near 0 it is as good as "
                "not there.",
            ),
        ),
    ),
    Number(
        "five_starts",
        "Suppose that one start in three gets stuck. You train from five random starts and keep the best. In how many "
        "of 1000 such tries are all five stuck?",
        4.1,
        "A third of a third of a third, five times: 1/243, about 4 in 1000. A few restarts are a cheap insurance.",
        (
            Slip(333.3, "That is one start alone. All five must be stuck: multiply their chances."),
            Slip(
                66.7,
                "That is a third divided by five. The five are independent, so their chances are multiplied: a "
                "third to the power five.",
            ),
            Slip(
                131.7, "That is the chance that NONE of the five is stuck, two thirds to the power five. Here all are."
            ),
        ),
        "Each start is stuck with a chance of 1/3, whatever the others do. Multiply five such chances, then take 1000 "
        "times that.",
        tolerance=0.6,
    ),
    Choice(
        "what_is_sent",
        "The rows are shared out over two devices, and both have the same params. What must they tell each other in "
        "every step?",
        (
            Option(
                "Their rows",
                "Then each would have all rows, and nothing would be gained. The rows stay where they are, all the "
                "time.",
            ),
            Option(
                "Their predictions",
                "Nobody needs those elsewhere: each device compares its own predictions with its own y.",
            ),
            Option(
                "Their gradients",
                "The loss is a mean over rows, so its gradient is the mean of the devices' gradients. Added up, they "
                "give every device the same step.",
                right=True,
            ),
            Option(
                "Nothing: each trains on its own",
                "Then there would soon be two different nets, each trained on half of the rows.",
            ),
        ),
    ),
    Discussion(
        "your_first_hour",
        "You are handed a net that does not learn, by somebody who is in a hurry. What do you look at, and in which "
        "order?",
        "Cheap things first. The data: draw a few rows with their labels. The loss at step 0: is it what knowing "
        "nothing costs, such as log 2 or log 10? Can the net learn ten rows by heart? If not, the bug is in model, "
        "loss or loop. Then gradient and movement of each layer, a step size ten times smaller and larger, "
        "and only then ideas about the model.",
    ),
)
