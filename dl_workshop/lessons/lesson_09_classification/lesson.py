# %% [markdown]
# # 09 Classification
#
# So far the answer was a yes or a no. Now there are several classes, and the model gives a probability to each. Then we
# ask how good such a model is, and you will see why 98 percent right may mean nothing.

# %% [markdown]
# | part | what it is | in this lesson |
# |---|---|---|
# | model | a guess at how the world makes y from x | a net with one output for each class, `mlp_model` |
# | loss | one number that says how bad a guess is | **new**: cross-entropy for many classes, `softmax_loss` |
# | optimiser | a way to make the loss smaller | gradient descent; for the nets its quicker relative Adam, borrowed |
#
# The last layer gets wider, and the loss learns to count beyond two. The loop stays.

# %% [markdown] tags=["instructor"]
# Minutes below add up to 68. Late? Show "One against the rest" without discussion, hand out `one_hot` and `rates`
# (their checks carry on with the kit's own), and leave kappa as reading. Never skip softmax from the logits 3, 1, -3,
# the coin, or the part on 98 percent: people meet that trap in their own data.

# %%
import jax
import jax.numpy as jnp
import numpy as np

from dl_workshop import datasets, exercises, fit, metrics, panels, plots
from dl_workshop.losses import logistic_loss
from dl_workshop.models import init_mlp, linear_model, logistic, mlp_model
from dl_workshop.optimizers import adam

ex = exercises.load("09")
np.set_printoptions(precision=4, suppress=True)    # print four digits, and no powers of ten

# %% [markdown] minutes=6
# ## One against the rest
#
# Three kinds of points in the plane, where three regions meet and overlap a little. The label y is 0, 1 or 2. Before
# you run the cell: would you trust a straight line with this?

# %%
x, y = datasets.three_regions(jax.random.key(0))
x, _ = datasets.standardise(x, x)
plots.show(plots.data(x, y))

# %% [markdown]
# No single line parts three classes. But we have a tool for yes or no, the logistic regression of lesson 04. So we ask
# it three questions: is it class 0 or not? Class 1 or not? Class 2 or not? This is called **one against the rest**.

# %%
def yes_or_no(x, y, label):
    start = dict(w=jnp.zeros(2), b=jnp.array(0.0))
    is_it = (y == label).astype(float)
    return fit(start, linear_model, logistic_loss, x, is_it, step_size=1.0,
               n_steps=300, progress=False).params


def three_models(params, x):
    return jnp.stack([logistic(linear_model(one, x)) for one in params], axis=1)


three = [yes_or_no(x, y, label) for label in range(3)]
p = three_models(three, x)

# %% question="three_answers"
ex.three_answers.ask()

# %%
sums, yes = p.sum(axis=1), (p > 0.5).sum(axis=1)
print(f"the three add up to anything from {sums.min():.2f} to {sums.max():.2f}")
print(f"points where none says yes: {(yes == 0).sum()}, more than one: {(yes > 1).sum()}")
print(f"the surest of the three is right at {metrics.accuracy(y, p.argmax(axis=1)):.1%}")

# %%
plots.show(plots.class_probabilities(three, three_models, x, y, logits=False))

# %% [markdown]
# To take the surest works well: about 98 percent. But the three do not know of each other. Some points are claimed
# twice, some by nobody, and "probabilities" that add up to 1.7 are none.

# %% [markdown] minutes=8
# ## Softmax
#
# We want one model with k outputs, a logit $z_i$ for each class, and from these k probabilities: all above 0, and
# together 1. So raise e to each, which makes it positive, and divide by the sum:
#
# $$p_i = \frac{e^{z_i}}{e^{z_1} + e^{z_2} + \dots + e^{z_k}}$$

# %% [markdown]
# This is **softmax**. One thing to take care of: $e^{100}$ is too large for our numbers. Divide above and below by
# $e^{m}$, where $m$ is the largest logit of the row. Nothing changes, but now the largest power is $e^0 = 1$:
#
# $$p_i = \frac{e^{z_i - m}}{\sum_j e^{z_j - m}}$$

# %% [markdown]
# **Exercise.** Write it. `logits` has shape `(n, k)`: a row for each sample, a column for each class. The result has
# the same shape. Called with `axis=1, keepdims=True`, `jnp.max` and `jnp.sum` take each row by itself, and give a
# column `(n, 1)`.

# %% exercise="softmax"
def softmax(logits):
    # BEGIN SOLUTION
    highest = jnp.max(logits, axis=1, keepdims=True)
    e = jnp.exp(logits - highest)
    return e / jnp.sum(e, axis=1, keepdims=True)
    # END SOLUTION

# %% check="softmax"
softmax = ex.softmax.check(softmax)

# %% [markdown] tags=["instructor"]
# Most common: no `keepdims`, so that (n, 3) meets (n,). Let them read the check's message. The others: the largest of
# the whole table in place of each row's, and `axis=0`. Who asks why e and not 2: any base would do, e has the nicest
# slope.

# %% [markdown]
# The logits of one point are 3, 1 and $-3$. Before you run it: guess the three probabilities. And what will happen to
# the first and the last when the one in the middle drops to 0?

# %%
print(softmax(jnp.array([[3.0, 1.0, -3.0]])))
print(softmax(jnp.array([[3.0, 0.0, -3.0]])))

# %% [markdown]
# 88 percent, 12 percent, next to nothing. In the second row the middle class lost, and both others gained, although
# their logits are the same as before. The classes share one cake.

# %% question="same_softmax"
ex.same_softmax.ask()

# %%
logits = jnp.array([[3.0, 1.0, -3.0]])
for name, changed in {"as they are": logits, "plus 1": logits + 1, "doubled": 2 * logits,
                      "minus 3": logits - 3, "plus 1000": logits + 1000}.items():
    print(f"{name:12}", softmax(changed))

# %% [markdown]
# Only **differences** between logits count. Doubling makes the differences larger, and the choice harder. And at 1000
# there is no overflow: that is what the largest logit was subtracted for.

# %% [markdown]
# So with two classes we may set the second logit to 0. Divide above and below by $e^z$:
#
# $$p = \frac{e^{z}}{e^{z} + e^{0}} = \frac{1}{1 + e^{-z}}$$
#
# The logistic function is softmax for two. Solved for $z$ it says what a logit is: $z = \log\frac{p}{1 - p}$, the **log
# of the odds**.

# %%
for p in (0.1, 0.2, 0.3, 0.4, 0.5):
    z = jnp.log(p / (1 - p))
    print(f"p = {p}   z = {z:6.3f}   softmax of (z, 0):", softmax(jnp.array([[z, 0.0]])))

# %% [markdown]
# There and back. Even odds, one to one, are logit 0; one to nine is about $-2.2$. From p = 0.6 on the same numbers come
# with the other sign.

# %% [markdown] minutes=4
# ## One-hot labels
#
# Could one output simply say 0, 1 or 2? Then class 1 would lie between the others, and an unsure mix of 0 and 2 would
# read "1". Classes have no order. So each gets a place of its own: 2 becomes $(0, 0, 1)$. This is called **one-hot**.

# %% [markdown]
# **Exercise.** Write it. `labels` has shape `(n,)` and counts from 0, `k` is the number of classes. The result is
# `(n, k)`, floats. A column compared with a row gives a table: `labels[:, None] == ...`

# %% exercise="one_hot"
def one_hot(labels, k):
    # BEGIN SOLUTION
    return (labels[:, None] == jnp.arange(k)).astype(float)
    # END SOLUTION

# %% check="one_hot"
one_hot = ex.one_hot.check(one_hot)

# %% [markdown]
# Spot the mistake: there are five classes, and a text writes the label of the last one as $(0, 0, 0, 1)$. What is
# wrong?

# %%
print(one_hot(jnp.array([4, 3, 0]), 5))

# %% [markdown]
# Five classes need five places. With four, the last class and the one before would be the same, or one of the five
# would have no place at all.

# %% [markdown] minutes=8
# ## Cross-entropy for many classes
#
# As in lesson 04, each point pays for the probability that was given to what really happened. With a one-hot label $t$:
#
# $$-\sum_{i} t_i \log p_i = -\log p_\text{label}$$
#
# All terms but one are 0.

# %% question="loss_of_one"
ex.loss_of_one.ask()

# %% [markdown]
# And as in lesson 04 we go straight from the logits, so that no log of 0 can occur. Take the log of the softmax
# formula:
#
# $$-\log p_\text{label} = \log \sum_j e^{z_j} - z_\text{label}$$

# %% [markdown]
# **Exercise.** Write the mean of this over the rows. `y_true` is `(n,)`, whole numbers; `logits` is `(n, k)`.
# `jax.nn.logsumexp(logits, axis=1)` gives $\log \sum_j e^{z_j}$ of each row without overflow. For $z_\text{label}$ your
# `one_hot` is of use.

# %% exercise="cross_entropy"
def cross_entropy(y_true, logits):
    # BEGIN SOLUTION
    log_sums = jax.nn.logsumexp(logits, axis=1)
    of_label = jnp.sum(one_hot(y_true, logits.shape[1]) * logits, axis=1)
    return jnp.mean(log_sums - of_label)
    # END SOLUTION

# %% check="cross_entropy"
cross_entropy = ex.cross_entropy.check(cross_entropy)

# %% [markdown] tags=["instructor"]
# Two mistakes to hunt for in real code: `logits[:, y_true]`, which takes every label for every row, and softmax
# before a loss that takes logits. The second trains, badly, and raises no error. The check names both.

# %% [markdown]
# Back to the logits 3, 1, $-3$, where class 0 got 88 percent. Before you run it: what does each label cost? And what
# does a model pay that gives three equal logits?

# %%
for label in range(3):
    print(f"label {label}: {cross_entropy(jnp.array([label]), logits):.3f}")
print(f"three equal logits: {cross_entropy(jnp.array([0]), jnp.zeros((1, 3))):.3f}")

# %% [markdown]
# The likely label costs 0.129, the unlikely one more than 6. To know nothing of three classes costs $\log 3 = 1.099$.
# Remember this number: it is where training should begin.

# %% [markdown]
# The slope is as simple as in lesson 04, probability minus truth, $p_i - t_i$ for each logit. Before you run it: which
# signs will it have, if the label is 1?

# %%
label = jnp.array([1])
print("by jax.grad:", jax.grad(cross_entropy, argnums=1)(label, logits))
print("p - t:      ", softmax(logits) - one_hot(label, 3))

# %% [markdown]
# Below 0 for the true class, so descent raises its logit; above 0 for the others, in proportion to what they claimed.
# The three add up to 0.

# %% [markdown]
# The loss of a model is one line, with the arguments that you know:

# %%
def softmax_loss(params, model, x, y):
    return cross_entropy(y, model(params, x))

# %% [markdown] minutes=4
# ## One model for all classes
#
# Now the three regions again, with one model of three outputs. A net of widths `(2, 3)` has no hidden layer: it is
# three lines, $z = xW + b$, but trained **together**. Before you run it: how often will it be right?

# %%
start = init_mlp(jax.random.key(1), (2, 3))
lines = fit(start, mlp_model, softmax_loss, x, y, step_size=1.0, n_steps=300,
            progress=False)

p = softmax(mlp_model(lines.params, x))
print(f"sums from {p.sum(axis=1).min():.4f} to {p.sum(axis=1).max():.4f}")
print(f"loss from {lines.losses[0]:.2f} to {lines.losses[-1]:.3f}")
print(f"right at {metrics.accuracy(y, p.argmax(axis=1)):.1%}")

# %%
plots.show(plots.class_probabilities(lines.params, mlp_model, x, y))

# %% [markdown]
# About as often as before, 98 percent: where regions overlap nobody can do better. But now every point belongs
# somewhere. Each class has a wedge, and their borders meet in one place.

# %% [markdown] minutes=4
# ## Two arcs
#
# Straight borders are not always enough. Here are two arcs, one above the other. We train a line as before, and then a
# net with four hidden units by Adam: gradient descent that finds a step for each weight, written out in lesson 12.

# %%
x_arcs, y_arcs = datasets.arcs(jax.random.key(0))


def train(x, y, widths, n_steps=500):
    start = init_mlp(jax.random.key(3), widths)
    return fit(start, mlp_model, softmax_loss, x, y, step_size=0.05, n_steps=n_steps,
               optimizer=adam, progress=False)


def share_right(params, x, y):
    return metrics.accuracy(y, mlp_model(params, x).argmax(axis=1))

# %% [markdown]
# Before you run it: which of the two gets all 200 points right?

# %%
line = yes_or_no(x_arcs, y_arcs, 1)
bent = train(x_arcs, y_arcs, (2, 4, 2))
x_new, y_new = datasets.arcs(jax.random.key(1))
print(f"a line:         {metrics.accuracy(y_arcs, linear_model(line, x_arcs) > 0):.1%}")
print(f"4 hidden units: {share_right(bent.params, x_arcs, y_arcs):.1%}, "
      f"and {share_right(bent.params, x_new, y_new):.1%} of a new draw")

# %%
def difference(params, x):
    logits = mlp_model(params, x)
    return logits[:, 1] - logits[:, 0]


plots.show(plots.decision_contours(bent.params, difference, x_arcs, y_arcs))

# %% [markdown]
# 100 percent, of points it has never seen, too. Two outputs for two classes are one more than needed: since only their
# difference counts, we drew that one as a logit.

# %% [markdown] minutes=9
# ## A coin with a square hole
#
# Class 0 is the hole, class 1 the coin, class 2 what lies outside. We draw 1000 points to train on, and another 1000 to
# test. No straight line is of any use here.

# %%
x_raw, y = datasets.coin(jax.random.key(0))
x_raw_test, y_test = datasets.coin(jax.random.key(1))
x, x_test = datasets.standardise(x_raw, x_raw_test)
ax = plots.data(x, y)
ax.set_aspect("equal")
ax.legend(loc="center left", bbox_to_anchor=(1, 0.5))
plots.show(ax)

# %% question="how_many_lines"
ex.how_many_lines.ask()

# %%
for hidden in (2, 3, 8):
    coin = train(x, y, (2, hidden, 3), n_steps=2000)
    print(f"{hidden} hidden: loss {coin.losses[-1]:.3f}, "
          f"{share_right(coin.params, x, y):.1%} of the training points, "
          f"{share_right(coin.params, x_test, y_test):.1%} of the test points")

# %% [markdown]
# Two units can close nothing in. Three can, if they are lucky: about half of all starts get stuck near 60 percent, as
# in lesson 08. With 8 units some 97 of 100 new points are right, and nearly any start will do.

# %% [markdown]
# `coin` is now the net with 8 units. Look at its training. Press play, or drag the slider: when does it find the hole,
# and when the round edge?

# %%
panels.replay(coin, mlp_model, x, y)

# %% [markdown]
# First nearly everything becomes coin, the largest class. Then the corners go to the outside, and a dot in the middle
# grows into the hole. The round edge closes last, and borders go on getting sharper. The net knows nothing of squares
# and circles: it only bends lines.

# %%
names = ["hole", "coin", "outside"]
plots.show(plots.class_probabilities(coin.params, mlp_model, x, y, classes=names))

# %% [markdown]
# The hole has round corners, and the ring is a little edged. There the mistakes are made, near the borders, where the
# colours fade.

# %% [markdown] tags=["instructor"]
# Ask where the net is unsure, then where it is wrong: the same places. Be open about it: step size, number of steps
# and the key of the start were found by trying. Of eight starts with three units five got stuck at 60 percent; with
# eight units all eight reached 95 to 98 percent.

# %% [markdown] minutes=3
# ## Which mistakes?
#
# The confusion matrix of lesson 05 works for any number of classes: rows are the truth, columns what the model says.
# Before you run it: which two of the nine boxes will be empty, or nearly?

# %%
y_pred = mlp_model(coin.params, x_test).argmax(axis=1)
plots.show(plots.confusion_matrix(y_test, y_pred, classes=names))

# %% [markdown]
# Hole and outside: they do not touch, the coin lies between them. All mistakes are between neighbours. Accuracy, one
# number, could not have told us that.

# %% [markdown] minutes=8
# ## Precision and recall
#
# Now one class against the rest, called **positive**. Here are 1000 patients, 550 of them ill (class 1), and what a
# test said:
#
# | | called well | called ill |
# |---|---|---|
# | **truly well** | 435 true negatives, TN | 15 false positives, FP |
# | **truly ill** | 29 false negatives, FN | 521 true positives, TP |

# %% [markdown]
# Two questions are worth asking. Of those that were **called** ill, how many are? That is **precision**. Of those that
# **are** ill, how many were found? That is **recall**:
#
# $$\text{precision} = \frac{TP}{TP + FP} \qquad \text{recall} = \frac{TP}{TP + FN}$$

# %% [markdown]
# **Exercise.** Write both. `counts` is the `(2, 2)` table as above: row 0 and 1 for the true class, column 0 and 1
# for the predicted one. Each result is one number.

# %% exercise="precision"
def precision(counts):
    # BEGIN SOLUTION
    called_positive = counts[0, 1] + counts[1, 1]
    return counts[1, 1] / called_positive
    # END SOLUTION

# %% check="precision"
precision = ex.precision.check(precision)

# %% exercise="recall"
def recall(counts):
    # BEGIN SOLUTION
    truly_positive = counts[1, 0] + counts[1, 1]
    return counts[1, 1] / truly_positive
    # END SOLUTION

# %% check="recall"
recall = ex.recall.check(recall)

# %% [markdown]
# Which of the two is higher here: are there more false alarms, or more that were missed?

# %%
counts = jnp.array([[435, 15], [29, 521]])
print(f"accuracy  {counts.trace() / counts.sum():.4f}")
print(f"precision {precision(counts):.4f}")
print(f"recall    {recall(counts):.4f}")

# %% [markdown]
# Fewer false alarms, 15, than missed, 29: precision is higher. Each of the two can be made 1 by a model that is no
# good, so they are read together.

# %% question="found_or_right"
ex.found_or_right.ask()

# %% [markdown]
# Who wants one number takes **F1**, their harmonic mean: it is low as soon as one of the two is. The share of the well
# that were called ill has a name too, **false positive rate**. We need it below.

# %%
p, r = precision(counts), recall(counts)
print(f"F1                  {2 * p * r / (p + r):.4f}")
print(f"false positive rate {counts[0, 1] / counts[0].sum():.4f}")
print(f"with recall 0.1: F1 {2 * p * 0.1 / (p + 0.1):.2f}, plain mean {(p + 0.1) / 2:.2f}")

# %% [markdown]
# For several classes there is **kappa**. Some answers are right by chance alone, a share $p_e$. Kappa asks how much of
# the rest was got right, when a share $p_o$ is right in all:
#
# $$\kappa = \frac{p_o - p_e}{1 - p_e}$$

# %% [markdown]
# Spot the mistake: a text has 664 samples with $p_o = 0.8916$ and $p_e = 0.3858$, and prints $\kappa = 0.8228$. Compute
# it yourself. Then guess the kappa of our coin, where about 97 percent are right.

# %%
print(f"kappa of that text: {(0.8916 - 0.3858) / (1 - 0.3858):.4f}")
print(f"kappa of our coin:  {metrics.kappa(y_test, y_pred):.3f}")

# %% [markdown]
# It is 0.8234 or 0.8235, depending on how the two shares were rounded: the printed one is a slip. Our coin has about
# 0.95, a little less than its accuracy, since chance alone would have got some of it right.

# %% [markdown] tags=["instructor"]
# $p_e$ comes from the row and column sums: the chance that two raters who give each class as often as here, but at
# random, agree. Ask for kappa of "always the commoner class": $p_o = p_e$, so 0.

# %% [markdown] minutes=7
# ## 98 percent right
#
# Most illnesses are rare. Of 100 people 2 are ill. Here is the cheapest test of the world: it says "well" to everybody.
# Fill in its table on paper. What are accuracy, precision and recall?

# %%
always_well = jnp.array([[98, 0], [2, 0]])
print(f"accuracy  {always_well.trace() / always_well.sum():.2f}")
print(f"recall    {recall(always_well):.2f}")
print(f"precision {precision(always_well):.2f}")

# %% [markdown]
# 98 percent, and it finds nobody. Precision is 0/0, `nan`: it never called anybody ill, so there is nothing to be right
# about. Whenever classes are **imbalanced**, accuracy tells you how rare the rare class is, and little else.

# %% [markdown]
# A fairer score gives each class one vote, however many rows it has: take the recall of every class, then the mean.
#
# $$\frac{1}{k} \sum_{i=1}^{k} \frac{\text{row } i \text{ on the diagonal}}{\text{sum of row } i}$$

# %% [markdown]
# **Exercise.** Write `balanced_accuracy`. `counts` is `(k, k)`, rows are true classes. `jnp.diag(counts)` is its
# diagonal. The result is one number.

# %% exercise="balanced_accuracy"
def balanced_accuracy(counts):
    # BEGIN SOLUTION
    of_each_class = jnp.diag(counts) / jnp.sum(counts, axis=1)
    return jnp.mean(of_each_class)
    # END SOLUTION

# %% check="balanced_accuracy"
balanced_accuracy = ex.balanced_accuracy.check(balanced_accuracy)

# %%
print(f"always well:     {balanced_accuracy(always_well):.2f}")
print(f"the 1000 above:  {balanced_accuracy(counts):.3f}")

# %% [markdown]
# One half: no better than a coin, and no cleverer. (Kappa agrees: 0.) For the 1000 patients, with both classes
# common, it is near the accuracy.

# %% [markdown]
# Does a model fall into this trap by itself? 5000 people, 100 of them ill. We measure one value in their blood; in the
# ill it is 2 higher on average. Train a logistic regression on it, as in lesson 04. What will its recall be?

# %%
ill = (jnp.arange(5000) < 100).astype(int)


def blood(key):
    return 2.0 * ill + jax.random.normal(key, ill.shape)


x_blood, x_blood_test = blood(jax.random.key(2)), blood(jax.random.key(3))
start = dict(w=jnp.array(0.0), b=jnp.array(0.0))
fitted = fit(start, linear_model, logistic_loss, x_blood, ill, step_size=1.0,
             n_steps=1000, progress=False)
scores = logistic(linear_model(fitted.params, x_blood_test))

# %%
counts = metrics.confusion_matrix(ill, scores >= 0.5)
print(counts)
print(f"accuracy {metrics.accuracy(ill, scores >= 0.5):.1%}, "
      f"balanced {balanced_accuracy(counts):.1%}")
print(f"recall {recall(counts):.2f}, precision {precision(counts):.2f}")

# %% [markdown]
# 98 percent right, and it finds about one in six of the ill. It is not broken, it is honest: to be called ill one must
# be *more likely ill than well*, and with 49 well people to each ill one few ever are.

# %% [markdown] minutes=7
# ## Move the threshold
#
# Nobody says that we must cut at one half. The model ranks people, and we choose from which score on we look closer.
# Two rates tell what we get: the share of the ill that are found (recall, the **true positive rate**), and of the
# well that are alarmed for nothing (the **false positive rate**).

# %% [markdown]
# **Exercise.** Write `rates`. `y_true (n,)` holds 0 and 1, `scores (n,)` numbers; positive is who scores **at least**
# the threshold. Return the two shares, `fpr, tpr`. `a & b` is True where both are.

# %% exercise="rates"
def rates(y_true, scores, threshold):
    # BEGIN SOLUTION
    called_positive = scores >= threshold
    fpr = jnp.sum(called_positive & (y_true == 0)) / jnp.sum(y_true == 0)
    tpr = jnp.sum(called_positive & (y_true == 1)) / jnp.sum(y_true == 1)
    return fpr, tpr
    # END SOLUTION

# %% check="rates"
rates = ex.rates.check(rates)

# %%
for threshold in (0.5, 0.1, 0.05, 0.02, 0.01):
    fpr, tpr = rates(ill, scores, threshold)
    counts = metrics.confusion_matrix(ill, scores >= threshold)
    print(f"from {threshold:4} on: found {tpr:4.0%} of the ill, alarmed {fpr:4.0%} of the "
          f"well; of those called ill {precision(counts):4.0%} are")

# %% [markdown]
# From a score of 0.02 on we find about 8 in 10, and alarm about one in six of the well. Most alarms are false then,
# because the well are so many. Nothing here is free: each row has its price.

# %% [markdown]
# All thresholds at once make the **ROC curve**: the two rates against each other, from "nobody" at the lower left to
# "everybody" at the upper right. Before you run it: where on this picture would a perfect model be?

# %%
ax = plots.roc(ill, scores, threshold=0.02)
fpr, tpr = rates(ill, scores, 0.02)
ax.plot(fpr, tpr, "x", color="black", markersize=14, zorder=5)
plots.show(ax)

# %% [markdown]
# At the upper left corner: all found, no alarm. The cross is what your own `rates` says for 0.02. The area under the
# curve, **AUC**, sums up all thresholds, and it has a plain meaning. Can you guess it from this cell?

# %%
sick, well = scores[ill == 1], scores[ill == 0]
higher = (sick[:, None] > well[None, :]).mean()
print(f"AUC {metrics.auc(ill, scores):.4f}")
print(f"a random ill person scores above a random well one in {higher:.4f} of all pairs")

# %% [markdown]
# It is the chance that an ill person scores higher than a well one, about 0.9 here. Guessing has 0.5. It does not
# depend on how rare the illness is, and not on any threshold; precision depends on both.

# %% question="which_threshold"
ex.which_threshold.ask()

# %% [markdown] tags=["instructor"]
# Bayes on a napkin for those who know it: the scores are close to true probabilities here, so "ill from 0.02 on" means
# "call whoever has at least the average risk". A threshold is best chosen on validation rows (lesson 10).

# %% [markdown]
# ## What we did
#
# - **Model**: one output for each class. Softmax turns logits into probabilities that share one cake.
# - **Loss**: minus the log of the probability of the true class, from logits. Its slope is $p - t$.
# - **Optimiser**: gradient descent, and for the nets Adam, which we borrowed.
# - The arcs were parted without a mistake, the coin with 8 hidden units at about 97 percent.
# - We read scores: confusion matrix, precision and recall, F1, kappa, ROC and AUC.
# - Accuracy flatters when classes are imbalanced. Compare with "always the commoner class", always.

# %%
ex.report()

# %% [markdown]
# ## If you have time
#
# 1. Try the coin by hand: `panels.playground(x, y, settings="hidden=3")`. Then more units, or two layers.
# 2. Train the net with three hidden units from eight keys. How many get stuck? What do these draw?
# 3. Make the illness as common as health: `ill = (jnp.arange(5000) < 2500).astype(int)`. Which scores change, which
# stay?
# 4. Give the loss softmax of the logits in place of the logits, as a wrong program would. How far down does it get?

# %% [markdown] tags=["instructor"]
# Answers. 1: with three units it needs a good start: press reset with another seed. 2: about half; these see a strip
# or a wedge, open at one end. 3: accuracy falls, precision and recall rise much, AUC hardly moves. 4: never below
# $\log(e + 2) - 1 = 0.551$, since logits between 0 and 1 differ by 1 at most. The coin stops near 0.7, with 80 to 90
# percent right: it raises no error, and that is what makes this mistake so common.
