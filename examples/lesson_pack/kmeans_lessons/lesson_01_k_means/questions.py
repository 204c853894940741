"""Questions of the lesson on k-means."""

from dl_workshop.exercises.question import Choice, Option

QUESTIONS = (
    Choice(
        "two_in_one",
        "Two of three centres start in one heap, the third half-way between the other two heaps. Can they get out?",
        (
            Option(
                "Yes, since every round makes the loss smaller",
                "It makes it smaller as long as it changes anything. That it ends at the smallest possible loss does "
                "not follow.",
            ),
            Option(
                "No: each centre is already at the mean of its own points, or goes there",
                "A centre moves only to the mean of its own points. The two share the points of one heap, so they stay "
                "in it, and the third stays between the others.",
                right=True,
            ),
            Option(
                "Yes, since two centres push each other apart",
                "Nothing in k-means pushes. Each centre looks at its own points alone.",
            ),
        ),
    ),
)
