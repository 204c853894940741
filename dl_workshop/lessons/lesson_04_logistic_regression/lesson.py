# %% [markdown]
# # 04 Logistic regression
#
# In this lesson the answer is no longer a number but a yes or a no. You turn a line into a probability, write the
# loss that belongs to probabilities, and train with the loop that you know. Then you break the training, find the
# cause, and mend it.

# %% [markdown]
# | part | what it is | in this lesson |
# |---|---|---|
# | model | a guess at how the world makes y from x | a line squashed to (0, 1), `logistic_model(params, x)` |
# | loss | one number that says how bad a guess is | cross-entropy, `logistic_loss(params, model, x, y)` |
# | optimiser | a way to make the loss smaller | gradient descent, the loop of lesson 03 |
#
# The model changes, and with it the loss. The loop does not.

# %% [markdown] tags=["instructor"]
# Minutes below add up to 35. Late? Hand out `midpoint` and `logistic_gradient` (their checks carry on with the kit's
# own), tell the coin link in one sentence, and leave the last section as reading. Never skip the two terms of the
# loss, the panel on labelled points, or the hunt for the nan: it is the one debugging story of the day.

# %%
import jax
import jax.numpy as jnp
import numpy as np

from dl_workshop import datasets, exercises, fit, panels, plots
from dl_workshop.models import linear_model

ex = exercises.load("04")

# %% [markdown] minutes=2
# ## Yes or no
#
# Does a patient recover at this dose? Does a molecule decay? Such answers are labels: $y = 1$ for yes, $y = 0$ for
# no. Here are 100 simulated ones. Predict: for which x is yes more likely?

# %%
x, y = datasets.simulated.labelled_line(jax.random.key(20))
plots.show(plots.data(x, y))

# %% [markdown]
# Every label on the left is 0, every label on the right is 1, and they change a little left of the middle. How they
# were made: a line with $w = 2$ and $b = 1$, plus noise between 0 and 1, squashed to a probability, rounded.

# %% question="line_for_labels"
ex.line_for_labels.ask()

# %% [markdown] minutes=5
# ## Squash the line
#
# We want a number between 0 and 1: the probability $p$ that $y$ is 1. The **logistic function** turns any number $z$
# into one:
#
# $$p = \frac{1}{1 + e^{-z}}$$

# %% [markdown]
# **Exercise.** Write it. `z` may be one number or an array of any shape; the result has the same shape. $e^a$ is
# `jnp.exp(a)`.

# %% exercise="logistic"
def logistic(z):
    # BEGIN SOLUTION
    return 1 / (1 + jnp.exp(-z))
    # END SOLUTION

# %% check="logistic"
logistic = ex.logistic.check(logistic)

# %% [markdown]
# Before you run it: what is logistic(0)? And what happens far to the left and far to the right?

# %%
for z in (-10.0, -2.0, 0.0, 2.0, 10.0):
    print(f"z = {z:5.1f}   p = {logistic(z):.5f}")

# %% [markdown]
# At 0 it is exactly 1/2. Far left it comes close to 0, far right close to 1. And it is symmetric: the values at $-2$
# and at 2 add up to 1.

# %% [markdown]
# The number that goes in, $z$, is called the **logit**. For our model it is the line of lesson 03:
#
# $$z = wx + b \qquad p = \text{logistic}(z)$$
#
# **Exercise.** Write the model. `x` has shape `(n,)`, and so has the result: a probability for each x.

# %% exercise="logistic_model"
def logistic_model(params, x):
    # BEGIN SOLUTION
    return logistic(params["w"] * x + params["b"])
    # END SOLUTION

# %% check="logistic_model"
logistic_model = ex.logistic_model.check(logistic_model)

# %% [markdown]
# As a network it is the line of lesson 01 with one thing more: the output is bent by the logistic function. This is
# called a neuron.

# %%
guess = dict(w=1.0, b=-2.0)
plots.show(plots.neural_diagram(guess, activations=("logistic",)))

# %% [markdown] minutes=4
# ## What w and b do
#
# The place where $p = 1/2$ is the **midpoint**. There we change from "rather no" to "rather yes".
#
# **Exercise.** Find a formula for it on paper: for which z is $p = 1/2$, and for which x is that the logit? Then
# write it. `params` is the dict, the result is one number.

# %% exercise="midpoint"
def midpoint(params):
    # BEGIN SOLUTION
    return -params["b"] / params["w"]
    # END SOLUTION

# %% check="midpoint"
midpoint = ex.midpoint.check(midpoint)

# %% [markdown]
# For a line, $w$ was the slope and $b$ the height. Here both mean something else. Answer before you move a slider.

# %% question="larger_b"
ex.larger_b.ask()

# %%
panels.logistic_curve(w=1.0, b=0.0)

# %% [markdown]
# To the **left**. A larger $b$ makes every logit larger, so 1/2 is reached at a smaller x. $w$ sets the steepness,
# and its sign the direction: for $w$ below 0 the curve falls, and then a larger $b$ moves it to the right.

# %%
plots.show(plots.logistic_family())

# %% [markdown]
# Left, only $w$ changes; right, only $b$. Check one midpoint by hand: with $w = 2$ and $b = 4$ it is at $x = -2$.

# %% [markdown] tags=["instructor"]
# Many books and many learners say that a larger b moves the curve to the right. That is true of a curve written as
# $w(x - c)$, where c is the midpoint. Let the room find the panel's dot. The slope at the midpoint is $w/4$, since
# $p(1 - p)$ is 1/4 there.

# %% [markdown] minutes=6
# ## A loss for probabilities
#
# How bad is a probability $p$, once we know the label? If $y = 1$, we wanted $p$ near 1. If $y = 0$, near 0. The
# **cross-entropy** charges each point for the probability that it gave to what really happened:
#
# $$-\log p \;\text{ if } y = 1 \qquad\qquad -\log(1 - p) \;\text{ if } y = 0$$

# %%
plots.show(plots.cross_entropy_terms())

# %% [markdown]
# To be right and sure costs nothing. To say 1/2 costs $\log 2$, about 0.69, whatever happens. To be **sure and
# wrong** costs more and more without any bound.

# %% [markdown]
# Both cases fit in one formula, because one of its two terms is always 0:
#
# $$-\frac{1}{n} \sum_{i=1}^{n} \Big[\, y_i \log p_i + (1 - y_i) \log(1 - p_i) \,\Big]$$

# %% [markdown]
# Fill in this table on paper: how large is each of the two terms, with its minus sign?
#
# | | $-y \log p$ | $-(1 - y) \log(1 - p)$ |
# |---|---|---|
# | $y = 0$, $p$ near 0 | | |
# | $y = 0$, $p$ near 1 | | |
# | $y = 1$, $p$ near 0 | | |
# | $y = 1$, $p$ near 1 | | |

# %% question="dear_cases"
ex.dear_cases.ask()

# %% [markdown] tags=["instructor"]
# Row by row: 0 and small; 0 and very large; very large and 0; small and 0. Ask what happens when $p$ is exactly 1 and
# $y$ is 1: the second term is 0 times infinity. People say 0. Leave it open: a computer says nan, and we meet it below.

# %% [markdown]
# **Exercise.** Write `binary_cross_entropy`. Both arguments have shape `(n,)`: labels, each 0.0 or 1.0, and
# probabilities between 0 and 1. The result is one number, the mean. `jnp.log` is the natural logarithm.

# %% exercise="binary_cross_entropy"
def binary_cross_entropy(y_true, y_pred):
    # BEGIN SOLUTION
    of_ones = y_true * jnp.log(y_pred)
    of_zeros = (1 - y_true) * jnp.log(1 - y_pred)
    return -jnp.mean(of_ones + of_zeros)
    # END SOLUTION

# %% check="binary_cross_entropy"
binary_cross_entropy = ex.binary_cross_entropy.check(binary_cross_entropy)

# %% [markdown]
# Where does this loss come from? Think of every label as the toss of a coin that shows 1 with probability $p_i$: a
# Bernoulli variable. The probability of seeing just these labels is a product, called the likelihood:
#
# $$\prod_{i=1}^{n} p_i^{\,y_i} (1 - p_i)^{1 - y_i}$$

# %% [markdown]
# The logarithm turns the product into a sum. With a minus sign and divided by $n$ it is our loss. Before you run it:
# should the two numbers be equal?

# %%
p = logistic_model(guess, x)
likelihood = jnp.prod(p ** y * (1 - p) ** (1 - y))
print(f"likelihood {likelihood:.3g}")
print(f"-log(likelihood) / n = {-jnp.log(likelihood) / len(y):.4f}")
print(f"loss                 = {binary_cross_entropy(y, p):.4f}")

# %% [markdown]
# They are. To make the cross-entropy small is to make the labels that we saw as likely as possible. The likelihood
# itself is a tiny number, which is one more reason to work with logarithms.

# %% [markdown] minutes=3
# ## The loss of a model
#
# **Exercise.** Write the loss with the arguments of lesson 03: predict with `model(params, x)`, then compare with
# `y`. The result is one number.

# %% exercise="logistic_loss"
def logistic_loss(params, model, x, y):
    # BEGIN SOLUTION
    y_pred = model(params, x)
    return binary_cross_entropy(y, y_pred)
    # END SOLUTION

# %% check="logistic_loss"
logistic_loss = ex.logistic_loss.check(logistic_loss)

# %% [markdown]
# We start with $w = 0$ and $b = 0$, so $p = 1/2$ everywhere. What is the loss? Then fit by hand. Before you move:
# which sign must $w$ have, and which sign $b$?

# %%
start = dict(w=0.0, b=0.0)
panels.fit_by_hand(start, logistic_model, logistic_loss, x, y)

# %% [markdown]
# The loss starts at $\log 2$, about 0.69. Every point is charged for saying 1/2. Both signs are plus: the curve
# rises, and its midpoint is left of 0. A steeper curve does better and better, until the panel says that the loss is
# no number any more. Remember where. We hunt for the cause below.

# %% [markdown] minutes=4
# ## The same loop
#
# Now let the loop do it. **Exercise.** Write the gradient of `logistic_loss` with `jax.grad`, as in lesson 03. The
# result is a dict like `params`: one slope for $w$, one for $b$.

# %% exercise="logistic_gradient"
def logistic_gradient(params, model, x, y):
    # BEGIN SOLUTION
    return jax.grad(logistic_loss)(params, model, x, y)
    # END SOLUTION

# %% check="logistic_gradient"
logistic_gradient = ex.logistic_gradient.check(logistic_gradient)

# %% [markdown]
# With pencil and paper the gradient comes out short. The logs and the exponentials cancel:
#
# $$\frac{\partial L}{\partial w} = \frac{1}{n}\sum_i (p_i - y_i)\, x_i$$
#
# $$\frac{\partial L}{\partial b} = \frac{1}{n}\sum_i (p_i - y_i)$$

# %%
grads = logistic_gradient(guess, logistic_model, x, y)
error = logistic_model(guess, x) - y
print(f"by jax.grad    w {grads['w']:.5f}   b {grads['b']:.5f}")
print(f"by the formula w {jnp.mean(error * x):.5f}   b {jnp.mean(error):.5f}")

# %% [markdown]
# The same numbers. Prediction minus truth, times x: for the line with its squared error the gradient looks alike, up
# to a factor 2.

# %% [markdown]
# **Exercise.** Write the training loop once more. The first line compiles loss and gradient together: 5000 steps then
# take a second or two. In each round keep `value`, the loss before the step; then move every param. Return `params`
# and the list `losses`.

# %% exercise="train"
def train(params, model, loss, x, y, step_size, n_steps):
    loss_and_grads = jax.jit(jax.value_and_grad(loss), static_argnums=1)
    losses = []
    # BEGIN SOLUTION
    for _ in range(n_steps):
        value, grads = loss_and_grads(params, model, x, y)
        losses.append(float(value))
        params = {name: params[name] - step_size * grads[name] for name in params}
    return params, losses
    # END SOLUTION

# %% check="train"
train = ex.train.check(train)

# %% [markdown] tags=["instructor"]
# `static_argnums=1` says that argument 1, the model, is a function and not an array. Learners need not remember it.
#
# Books that SUM the cross-entropy take a step size 100 times smaller: 0.0001 there is 0.01 here, since n = 100.

# %% [markdown]
# Before you run it: the data were made with $w = 2$ and $b = 1$. Will training find these two numbers?

# %%
params, losses = train(start, logistic_model, logistic_loss, x, y, 0.01, 5000)
print(f"w = {params['w']:.2f}   b = {params['b']:.2f}   midpoint {midpoint(params):.2f}")
plots.show(plots.loss_curve(losses))

# %%
plots.show(plots.data_and_model(params, logistic_model, x, y))

# %% [markdown]
# A good curve, but not the true numbers: $w$ is near 2.4 and $b$ near 1.7. The midpoint is near $-0.73$. Is that
# wrong? The noise was between 0 and 1, so it raised every logit by 1/2 on average: $-(1 + 1/2)/2 = -0.75$. The
# midpoint is found. We come back to $w$ and $b$ at the end.

# %% [markdown] minutes=6
# ## The loss becomes nan
#
# The loss curve was still falling, so let us hurry: a step 100 times as long, and fewer of them. Predict what the
# loss curve will look like.

# %%
_, losses_fast = train(start, logistic_model, logistic_loss, x, y, 1.0, 300)
bad = int(np.argmax(~np.isfinite(losses_fast)))
print(f"before step {bad - 1}: {losses_fast[bad - 1]:.4f}")
print(f"before step {bad}: {losses_fast[bad]}")
plots.show(plots.loss_curve(losses_fast))

# %% [markdown]
# The loss falls nicely to about 0.06, and near step 90 it is suddenly `nan`: not a number. It does not grow first, so
# this is not the divergence of lesson 02. From then on every param is `nan` too, so the end of the run tells us
# nothing.

# %% [markdown]
# To find the cause, go back to the last moment before. We train again and stop where the loss is `nan` for the first
# time, with params that are still numbers. Then we look at what the model says.

# %%
before, _ = train(start, logistic_model, logistic_loss, x, y, 1.0, bad)
p = logistic_model(before, x)
print(f"w = {before['w']:.3f}   b = {before['b']:.3f}")
print(f"smallest p {p.min():.3g}   largest p {p.max():.8f}")
print(f"exactly 1 at {(p == 1).sum()} point(s)")

# %% [markdown]
# Params and probabilities look healthy, except for one thing: the largest $p$ is **exactly** 1. On paper that cannot
# happen. Now follow this $p$ through the loss, one intermediate at a time, until the first bad one.

# %% question="first_bad_value"
ex.first_bad_value.ask()

# %%
stages = {"log(p)": jnp.log(p), "y log(p)": y * jnp.log(p), "1 - p": 1 - p,
          "log(1 - p)": jnp.log(1 - p), "(1 - y) log(1 - p)": (1 - y) * jnp.log(1 - p)}
for name, values in stages.items():
    first = int(jnp.argmax(~jnp.isfinite(values)))
    finite = jnp.isfinite(values).all()
    where = f"{values[first]} at x = {x[first]:.2f}"
    print(f"{name:20}", "all finite" if finite else where)

# %% [markdown]
# $\log(1 - p)$ is the first bad one: $\log 0$ is minus infinity. The label there is 1, so the next line multiplies it
# by 0, and 0 times infinity is `nan`. One such point spoils the mean of all.

# %% [markdown]
# Why is $p$ exactly 1? The numbers here have about 7 digits. The largest number below 1 is $1 - 6 \cdot 10^{-8}$, and
# from a logit of about 17 on, $p$ is nearer to 1 than to that. What is our largest logit?

# %%
largest = linear_model(before, x).max()
print(f"largest logit {largest:.2f}   p there {logistic(largest):.10f}")
print(f"logit 16: p = {logistic(16.0):.10f}   logit 17: p = {logistic(17.0):.10f}")

# %% [markdown]
# Inside compiled code Python's `print` shows no numbers. `jax.debug.print` does. Put one into a copy of your loss and
# take four steps:

# %%
def watched_loss(params, model, x, y):
    p = model(params, x)
    jax.debug.print("largest p {p:.8f}", p=p.max())
    return binary_cross_entropy(y, p)


_ = train(start, logistic_model, watched_loss, x, y, 1.0, 4)
jax.effects_barrier()    # wait until all is printed

# %% [markdown]
# There is also a switch, `jax.config.update("jax_debug_nans", True)`: JAX then stops with an error at the first
# `nan`. It makes everything slower, so switch it off again.

# %% [markdown] tags=["instructor"]
# Let the room say where the first bad value is before the cell runs. The method is worth more than this case: go back
# to the last good params, print every intermediate in order, find the first bad one. Where exactly it happens depends
# on rounding: expect a step between 70 and 100. In float64 the same run lasts to about step 900: more digits only put
# it off.

# %% [markdown]
# A first cure: a **smaller step**. Before you run it: with a tenth of the step, what will be different at the moment
# when the loss becomes nan?

# %%
for step_size, n_steps in ((1.0, 300), (0.1, 1500), (0.01, 5000)):
    run = fit(start, logistic_model, logistic_loss, x, y, step_size=step_size,
              n_steps=n_steps, progress=False)
    w, b = run.params["w"], run.params["b"]
    print(f"step size {step_size:4}   w = {w:.2f}   b = {b:.2f}  ", run.stopped or "no nan")

# %% [markdown]
# Almost nothing: the same $w$ and $b$, ten times as many steps. (`fit` is your loop; it stops at the first `nan` and
# keeps the last good params.) The step size 0.01 would get there too, after about 9000 steps. The smaller step helps
# because we stop in time. It does not remove the cause.

# %% [markdown] minutes=3
# ## The loss from logits
#
# The second cure removes it. The trouble comes from the way over $p$, where logits of 17 and of 1000 both give 1.
# So leave $p$ out. Put $p = 1/(1 + e^{-z})$ into the two logs:
#
# $$\log p = z - \log(1 + e^{z}) \qquad \log(1 - p) = -\log(1 + e^{z})$$

# %% [markdown]
# Then the loss of one point, $-y \log p - (1 - y)\log(1 - p)$, becomes
#
# $$\log(1 + e^{z}) - yz$$
#
# There is no $p$ in it, and no log of 0. `jnp.logaddexp(0.0, z)` computes $\log(1 + e^{z})$, even where $e^{z}$ alone
# would be too large.

# %% [markdown]
# **Exercise.** Write the loss from logits. The model now returns logits $z$, of shape `(n,)`: it is the plain line,
# `linear_model`. The result is one number, the mean.

# %% exercise="logistic_loss_from_logits"
def logistic_loss_from_logits(params, model, x, y):
    # BEGIN SOLUTION
    z = model(params, x)
    return jnp.mean(jnp.logaddexp(0.0, z) - y * z)
    # END SOLUTION

# %% check="logistic_loss_from_logits"
logistic_loss_from_logits = ex.logistic_loss_from_logits.check(logistic_loss_from_logits)

# %% [markdown]
# Before you run it: is it the same loss for the params that we trained above? And does the long step now go well?

# %%
print(f"from probabilities {logistic_loss(params, logistic_model, x, y):.6f}")
print(f"from logits        {logistic_loss_from_logits(params, linear_model, x, y):.6f}")
params, losses_safe = train(start, linear_model, logistic_loss_from_logits, x, y, 1.0, 300)
ax = plots.loss_curve({"from logits": losses_safe, "from probabilities": losses_fast})
ax.set_title("one loss, computed in two ways")
plots.show(ax)

# %% [markdown]
# The same loss to six digits, the same curve, and no end to it. To draw this model, say that it returns logits: the
# picture squashes them for you.

# %%
plots.show(plots.data_and_model(params, linear_model, x, y, logits=True))

# %% question="clipped_slope"
ex.clipped_slope.ask()

# %%
def clipped_loss(w, x, y):
    return binary_cross_entropy(y, jnp.clip(logistic(w * x), 1e-7, 1 - 1e-7))


def safe_loss(w, x, y):
    return jnp.mean(jnp.logaddexp(0.0, w * x) - y * (w * x))


for w, label in ((20.0, 0.0), (-100.0, 1.0)):
    one = jnp.array([1.0]), jnp.array([label])
    print(f"logit {w:6}, y = {label}: slope clipped {jax.grad(clipped_loss)(w, *one)}, "
          f"from logits {jax.grad(safe_loss)(w, *one)}")

# %% [markdown] tags=["instructor"]
# Clipping hides the trouble. Where p is clipped the slope is 0, so the worst points stop pulling. Far on the left
# $e^{-z}$ overflows before the clip, and its slope is nan although the loss is finite. From logits the slope is
# $p - y$, about 1 or $-1$: as it should be.

# %% [markdown] minutes=2
# ## Why do w and b not come back?
#
# We made the data with $w = 2$, $b = 1$. Take away what could blur them. First without noise and without rounding:
# the targets are the probabilities themselves, and the kit's own loss from logits takes those, too. Then with rounding
# only. What do you expect of $w$, $b$ and the midpoint in each case?

# %%
from dl_workshop.losses import logistic_loss as kits_loss

targets = logistic_model(dict(w=2.0, b=1.0), x)
for name, y_new in {"exact": targets, "rounded": jnp.round(targets)}.items():
    for n_steps in (100, 1000, 10000):
        run = fit(start, linear_model, kits_loss, x, y_new,
                  step_size=1.0, n_steps=n_steps, progress=False)
        w, b, middle = run.params["w"], run.params["b"], midpoint(run.params)
        print(f"{name:8}{n_steps:6} steps  w {w:5.2f}  b {b:5.2f}  midpoint {middle:.2f}")

# %% [markdown]
# With exact targets $w$ and $b$ come back. Rounded, they grow and grow, and only the midpoint settles, near the true
# $-0.5$. Answer before you look at the next picture.

# %% question="why_w_grows"
ex.why_w_grows.ask()

# %%
ax = plots.contour(run.params, linear_model, logistic_loss_from_logits,
                   x, jnp.round(targets), path=run.path)
plots.show(ax)

# %% [markdown]
# The rounded labels are **separable**: all 0 on the left of some place, all 1 on the right. Any curve with its
# midpoint in that gap gets every point right, and a steeper one is more sure. So a larger $w$ is always better, and
# no best $w$ exists.

# %% [markdown] tags=["instructor"]
# Rounding threw away how sure the truth was: 0.51 and 0.99 both became 1. With noise before the rounding, about half
# of all draws are still separable, ours among them; in the others w has a best value, but not 2. Ask what would give
# w back: labels drawn at random with probability p, as with a coin.

# %% [markdown]
# ## What we did
#
# - We squashed a line to a probability: the **model**. Its midpoint is at $-b/w$.
# - We charged each point for the probability that it gave to its label: cross-entropy, the **loss**.
# - We trained it with the loop of lesson 03: the **optimiser** did not change.
# - We traced a `nan` to a log of 0, and removed it with the loss from logits.
# - Separable labels fix the midpoint, but not $w$ and $b$.
#
# Next, in lesson 05, we stack such neurons into a network. The loss from logits and the loop go with us.

# %%
ex.report()

# %% [markdown]
# ## If you have time
#
# 1. Take another key for the data. How much do $w$, $b$ and the midpoint change?
# 2. Turn one label in the middle of the right side into 0. Does $w$ still grow for ever? Why not?
# 3. Draw labels like coins: `jax.random.bernoulli(key, targets).astype(float)`. Do $w$ and $b$ come back with 100
#    points? With 10000?
# 4. How far can you raise the step size with the loss from logits before something goes wrong?
