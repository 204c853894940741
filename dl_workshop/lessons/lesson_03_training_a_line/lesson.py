# %% [markdown]
# # 03 Training a line
#
# In this lesson you put the parts together. You write a model, a loss and a training loop as short functions, and the loop
# finds the line that you looked for by hand in lesson 01. The same loop will train the networks of lesson 05.

# %% [markdown]
# | part | what it is | in this lesson |
# |---|---|---|
# | model | a guess at how the world makes y from x | a line, `linear_model(params, x)` |
# | loss | one number that says how bad a guess is | mean squared error, `mse_loss(params, model, x, y)` |
# | optimiser | a way to make the loss smaller | gradient descent on all parameters at once |

# %% [markdown] tags=["instructor"]
# Minutes below add up to 35. Late? Hand out `init_linear` and `step` (their checks carry on with the kit's own), show the
# step sizes without the algebra, and leave out "Predicted against true". Never skip `train` or the loss bowl.
# Lessons 01 and 02 meet here: the sliders were w and b, the rule was w minus step size times slope.

# %%
import time

import jax
import jax.numpy as jnp

from dl_workshop import datasets, exercises, fit, panels, plots
from dl_workshop.losses import mse

ex = exercises.load("03")

# %% [markdown] minutes=2
# ## The data
#
# The same 100 points as in lesson 01: $w = 2$, $b = 20$, and noise of spread 1. Before you run it: how high should the
# points be at $x = 0$?

# %%
x, y = datasets.simulated.line(jax.random.key(0))
plots.show(plots.data(x, y))

# %% [markdown]
# About 20, which is $b$. From here on we act as if we did not know $w$ and $b$: the loop gets `x` and `y`, and nothing
# else.

# %% [markdown] minutes=6
# ## The model
#
# A model has parameters, the numbers that training may change. We keep them together in one dict, `params`, so that
# every model can be called in the same way, however many it has: `model(params, x)`.

# %%
truth = dict(w=2.0, b=20.0)
truth["w"], truth["b"]

# %% [markdown]
# **Exercise.** Write the line as such a function:
#
# $$\hat y_i = w x_i + b$$
#
# `x` has shape `(n,)`. The result has shape `(n,)` too: one prediction for each x.

# %% exercise="linear_model"
def linear_model(params, x):
    # BEGIN SOLUTION
    return params["w"] * x + params["b"]
    # END SOLUTION

# %% check="linear_model"
linear_model = ex.linear_model.check(linear_model)

# %% [markdown]
# Training starts from some line, a random one. **Exercise.** Write `init_linear(key)`. It returns a dict: `w` is one
# standard normal number drawn with `key`, and `b` is 0.0. Both have shape `()`, which means one number.

# %% exercise="init_linear"
def init_linear(key):
    # BEGIN SOLUTION
    return dict(w=jax.random.normal(key), b=0.0)
    # END SOLUTION

# %% check="init_linear"
init_linear = ex.init_linear.check(init_linear)

# %% [markdown]
# Before you run it: with $b = 0$, where does the line lie, seen from the points?

# %%
start = init_linear(jax.random.key(3))
plots.show(plots.data_and_model(start, linear_model, x, y))

# %% [markdown]
# Far below. It passes through $y = 0$ at $x = 0$, where the points are near 20. Its slope is whatever the key gave.

# %% [markdown] tags=["instructor"]
# What goes wrong: `params.w` in place of `params["w"]`, a whole number 0 for b (no gradient for whole numbers), a shape
# handed to `jax.random.normal`. Why random, when zeros would do for a line? They would not do for a net: lesson 05 and
# lesson 08 show why. Say only that.

# %% [markdown] minutes=5
# ## The loss
#
# The loss takes the params, the model and the data, and gives one number:
#
# $$L(\text{params}) = \frac{1}{n}\sum_{i=1}^{n} \big(y_i - \text{model}(\text{params}, x_i)\big)^2$$

# %% [markdown]
# **Exercise.** Write it in two steps: predict, then compare. Lesson 01's `mse(y_true, y_pred)` is imported above. `model` is
# a function and an argument: do not write the line in here, so that the loss works for every model.

# %% exercise="mse_loss"
def mse_loss(params, model, x, y):
    # BEGIN SOLUTION
    y_pred = model(params, x)
    return mse(y, y_pred)
    # END SOLUTION

# %% check="mse_loss"
mse_loss = ex.mse_loss.check(mse_loss)

# %% question="two_losses"
ex.two_losses.ask()

# %%
for name, params in dict(start=start, truth=truth).items():
    print(f"{name}: loss {mse_loss(params, linear_model, x, y):.2f}")

# %% [markdown]
# Some hundreds, near $20^2 = 400$ and more, against about 1.
#
# Now look at the loss another way. The data are given and stay as they are. What may change is w and b. So the loss is a
# function of **w and b**, not of x.

# %%
ax = plots.surface(start, linear_model, mse_loss, x, y, limits=((-10, 14), (0, 40)))
plots.show(ax)

# %% [markdown]
# Every point of the floor is a pair $(w, b)$, so it is a whole line. The height above it is the loss of that line. We
# go down in this bowl. **The loss is minimised, not the line**: a good line may be as high and as steep as it likes.

# %% question="what_changes"
ex.what_changes.ask()

# %% [markdown] tags=["instructor"]
# Listen for "we look for the minimum of the line": that mix-up of two slopes, of the line over x and of the loss over w, is
# the commonest one of the whole workshop. Let someone point at both in the pictures.

# %% [markdown] minutes=4
# ## The gradient
#
# Lesson 02 had one slope, since it had one number w. Now there are two numbers, so there are two slopes, and together they are
# the gradient:
#
# $$\nabla L = \left(\frac{\partial L}{\partial w},\ \frac{\partial L}{\partial b}\right)$$

# %% [markdown]
# `jax.grad` of a function is again a function, with the same arguments. It differentiates by the **first** argument. Ours is a
# dict, so the gradient is a dict: the same keys, the same shapes.

# %% [markdown]
# **Exercise.** Write `gradient`. It takes `loss` as an argument too, so that it works for every loss, and returns the
# gradient of `loss(params, model, x, y)`.

# %% exercise="gradient"
def gradient(params, model, loss, x, y):
    # BEGIN SOLUTION
    return jax.grad(loss)(params, model, x, y)
    # END SOLUTION

# %% check="gradient"
gradient = ex.gradient.check(gradient)

# %% question="slope_for_b"
ex.slope_for_b.ask()

# %%
grads = gradient(start, linear_model, mse_loss, x, y)
for name in grads:
    print(f"{name}: param {start[name]:.2f}, gradient {grads[name]:.2f}")

# %% [markdown]
# Negative, about $-40$: when b grows, the loss falls. The gradient points uphill, so to go down we move against it, and b
# grows. The same holds for w.

# %% [markdown] minutes=8
# ## One step, then many
#
# One step moves every parameter against its own slope:
#
# $$\text{param} \leftarrow \text{param} - \text{step\_size} \cdot \text{grad}$$
#
# You may write this out for w and for b. For dicts with many entries there is a tool:

# %%
jax.tree.map(lambda old, change: old + change, dict(w=1.0, b=2.0), dict(w=10.0, b=20.0))

# %% [markdown]
# `jax.tree.map` calls a small function for each entry, with the numbers of both dicts, and puts the answers into a new dict.
# **Exercise.** Write `step`. It returns a new dict, and leaves the one it was given as it is.

# %% exercise="step"
def step(params, grads, step_size):
    # BEGIN SOLUTION
    return jax.tree.map(lambda param, grad: param - step_size * grad, params, grads)
    # END SOLUTION

# %% check="step"
step = ex.step.check(step)

# %% [markdown]
# Before you run it: will one step with step size 0.01 bring the loss near 1, or only some way down?

# %%
params = step(start, grads, 0.01)
for name, each in dict(start=start, after=params).items():
    loss = mse_loss(each, linear_model, x, y)
    print(f"{name}: w = {each['w']:.2f}, b = {each['b']:.2f}, loss {loss:.1f}")

# %% [markdown]
# Some way down. Now repeat it. **Exercise.** Write `train`: `n_steps` times, put the loss into a list, compute the gradient,
# take a step. Return the last params and the list. Each loss is the one **before** its step, so there are `n_steps` of them.

# %% exercise="train"
def train(params, model, loss, x, y, step_size, n_steps):
    # BEGIN SOLUTION
    losses = []
    for _ in range(n_steps):
        losses.append(loss(params, model, x, y))
        grads = gradient(params, model, loss, x, y)
        params = step(params, grads, step_size)
    return params, losses
    # END SOLUTION

# %% check="train"
train = ex.train.check(train)

# %% [markdown]
# There is no line in this loop, and no mean squared error: it trains any model with any loss.

# %% question="w_or_b"
ex.w_or_b.ask()

# %%
begin = time.perf_counter()
params, losses = train(start, linear_model, mse_loss, x, y, 0.01, 100)
by_hand = time.perf_counter() - begin
print(f"w = {params['w']:.3f}, b = {params['b']:.2f}")
print(f"loss {losses[0]:.1f} -> {losses[-1]:.2f}")

# %%
plots.show(plots.loss_curve(losses))

# %% [markdown]
# `w` has arrived at 2. `b` has come to about 17.4 and is not there yet. The loss curve says so too: it is still falling at its end.

# %%
plots.show(plots.data_and_model(params, linear_model, x, y))

# %% [markdown]
# The line is as steep as the points, but still too low. We need more steps.

# %% [markdown] tags=["instructor"]
# The core of the lesson: give `train` five minutes. What goes wrong: `return` inside the loop, the gradient before the
# loop, `new = step(...)` that never becomes `params`, the loss after the step. The check names each of these. Ask why w was
# faster: at the start its slope in the bowl bends 8.5 times as much as that of b. The algebra comes below.

# %% [markdown] minutes=3
# ## The same loop, compiled
#
# Your loop is slow, because `jax.grad` reads your functions anew in every step. The kit's `fit` is the same loop, translated once
# into machine code. Before you run it: how many times faster could that be?

# %%
def timed_fit():
    begin = time.perf_counter()
    fitted = fit(start, linear_model, mse_loss, x, y, step_size=0.01, n_steps=100)
    return fitted, time.perf_counter() - begin

fitted, first = timed_fit()
fitted, second = timed_fit()
print(f"your loop {by_hand:.2f} s; fit {first:.2f} s, and {second:.4f} s the second time")
print("the same losses:", bool(jnp.allclose(jnp.array(losses), fitted.losses, rtol=1e-3)))

# %% [markdown]
# The first call spends its time on translating. The second one runs, often a hundred times faster than your loop, or more. The
# losses are the same, up to rounding.

# %% [markdown]
# `fit` took your functions as they are. It returns the `params`, the `losses`, the `path` of the params on the way, and `stopped`,
# which is None when all went well.

# %% [markdown] minutes=4
# ## How large a step, how many?
#
# Two numbers are ours to choose. Three runs, all from the same start. Answer before you run them.

# %% question="runs_that_arrive"
ex.runs_that_arrive.ask()

# %%
losses_of = {}
for step_size, n_steps in [(0.001, 1000), (0.001, 3000), (0.01, 1000)]:
    fitted = fit(start, linear_model, mse_loss, x, y, step_size=step_size, n_steps=n_steps)
    losses_of[f"step size {step_size}, {n_steps} steps"] = fitted.losses
    w, b = fitted.params["w"], fitted.params["b"]
    print(f"step size {step_size}, {n_steps} steps: w = {w:.2f}, b = {b:.2f}")

# %%
plots.show(plots.loss_curve(losses_of, log=True))

# %% [markdown]
# With 0.001, 1000 steps leave b near 17.4, and 3000 bring it to about 20: one curve, cut off or carried on. With 0.01, 1000 steps
# are more than enough. A tenth of the step size needs ten times the steps.

# %% [markdown]
# So why not take 0.1, or 1? Before you run it: what did a step that is too large do in lesson 02, and how will it
# show here?

# %%
too_large = fit(start, linear_model, mse_loss, x, y, step_size=0.2)
print("steps taken:", len(too_large.losses))

# %%
plots.show(plots.loss_curve(too_large.losses, log=True))

# %% [markdown]
# It diverges. In every step w jumps across the bowl and lands higher. When the loss is too large for the computer to hold,
# `fit` stops and says why. The same words are in `too_large.stopped`.

# %%
for step_size in (0.1, 0.115, 0.12):
    fitted = fit(start, linear_model, mse_loss, x, y, step_size=step_size, n_steps=300)
    w, b = fitted.params["w"], fitted.params["b"]
    print(f"step size {step_size}: w = {w:.4g}, b = {b:.4g}")

# %% [markdown]
# With 0.12 w runs away, while b arrives. Lesson 02 tells where the border is: at 2 divided by the second derivative. Here the
# second derivative by w is $\frac{2}{n}\sum x_i^2$, and by b it is 2.

# %%
mean_square = jnp.mean(x ** 2)
print(f"mean of x squared: {mean_square:.4f}; largest step size: {1 / mean_square:.4f}")

# %% [markdown]
# One step size serves both. w, with its steep walls, sets the limit; b, in its shallow direction, is the slow one. Lesson
# 07 mends this by scaling x.

# %% [markdown] tags=["instructor"]
# The distance of w from its goal is multiplied by $1 - 17\,\text{step\_size}$ in each step, that of b by
# $1 - 2\,\text{step\_size}$. With 0.01 these are 0.83 and 0.98: after 100 steps nothing and 13 percent are left. Late? Show the
# numbers, and leave out where the border comes from.

# %% [markdown] minutes=2
# ## The bowl
#
# From above, the bowl is a map. Each line on it joins pairs (w, b) with the same loss. Before you run it: in which
# direction will the descent with step size 0.01 go first?

# %%
fitted = fit(start, linear_model, mse_loss, x, y, step_size=0.01, n_steps=1000)
plots.show(plots.contour(start, linear_model, mse_loss, x, y, path=fitted.path))

# %% [markdown]
# First mostly across, to the floor of a valley, where w is right. Then along it, slowly, to the right b. Now a step size near
# the border, 0.1. Move the step slider from the start, or press play, and watch path and line together.

# %%
fitted = fit(start, linear_model, mse_loss, x, y, step_size=0.1, n_steps=40)
panels.bowl(start, linear_model, mse_loss, x, y, path=fitted.path, steps=fitted.steps)

# %% question="wall_to_wall"
ex.wall_to_wall.ask()

# %% [markdown] minutes=1
# ## Predicted against true
#
# Each point has a true y and a predicted one. Draw one against the other. Before you run it: what does this picture look
# like when the model is good?

# %%
params = fitted.params
plots.show(plots.predicted_against_true(params, linear_model, x, y))

# %% [markdown]
# A straight band along the diagonal. It is as wide as the noise, about 1 to each side: no line can do better. This picture works for
# any number of inputs, where a line over x can no longer be drawn.

# %%
for name, each in dict(trained=params, truth=truth).items():
    loss = mse_loss(each, linear_model, x, y)
    print(f"{name}: w = {each['w']:.3f}, b = {each['b']:.3f}, loss {loss:.4f}")

# %% [markdown]
# The trained loss is a little **lower** than that of the truth, and b is not exactly 20. Training finds the line with the
# smallest loss on these 100 points, noise included. That is what we asked for.

# %% [markdown]
# ## What we did
#
# - We kept all parameters in one dict, and wrote the **model** as `model(params, x)`.
# - We wrote the **loss** as `loss(params, model, x, y)`, and saw it as a bowl over w and b.
# - We took its gradient, a dict like `params`, and stepped against it: the **optimiser**.
# - We repeated that in a loop that knows neither the model nor the loss.
# - We saw steps that are too small crawl, and steps that are too large run away.
#
# Next, in lesson 04, y is no height but a yes or a no. The model and the loss change, the loop stays.

# %%
ex.report()

# %% [markdown]
# ## If you have time
#
# 1. Start with `dict(w=-50.0, b=300.0)`. How many steps of 0.01 does it need? Is the end another one?
# 2. Write `parabola(params, x)` with the parameters `a`, `w` and `b`, and train it with `fit`. What should `a` become? Which
#    step size does it need, and why a smaller one?
# 3. Replace the loss by the mean absolute error. Does the loop change? Do w and b?
# 4. Shift the data, `x + 10`, and train again with 0.01. Why does it diverge now?

# %% [markdown] tags=["instructor"]
# Answers. (1) The same end. About 500 steps in place of 300: the distance shrinks by the same factor in every step. (2) `a` comes
# near 0. The bowl is steeper along `a`, because $x^2$ is as large as 25: the border falls to about 0.0077. (3) The loop stays
# as it is; w and b end near 2 and 20. (4) The mean of $x^2$ is now about 108, so the border is at 0.009.
