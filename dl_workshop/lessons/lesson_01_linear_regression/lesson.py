# %% [markdown]
# # 01 Linear regression, by hand
#
# In this lesson you move a line by hand until it fits. Then you make data from a line, forget the line, and find it again, with a
# number that says how wrong a guess is. To run a cell, click into it and press Shift and Enter together. Begin with the cell below.

# %%
import jax
import jax.numpy as jnp

from dl_workshop import exercises, models, panels, plots
from dl_workshop.losses import mse_loss

ex = exercises.load("01")

# %% [markdown] minutes=2
# ## First, move a line
#
# A tap fills a bath. The ten points that you will see say how much water was in it, $y$ litres after $x$ minutes. There are two
# sliders, `w` and `b`: one tilts the line, the other lifts it. Predict: which does which? Run the cell, and move both until the
# line runs through the points.

# %%
minutes = jnp.arange(10.0)
litres = jnp.array([16.0, 23, 35, 41, 52, 58, 71, 77, 88, 94])
panels.fit_by_hand(dict(w=0.0, b=0.0), models.linear_model, mse_loss, minutes, litres)

# %% [markdown]
# The bars show by how much the line misses. The number called *loss* says how bad all of them are together: it was above 3000 at
# the start. Where the line fits it is near 2. What it is, and what the buttons do, comes step by step.

# %% [markdown]
# `w` tilts, `b` lifts. Near `w` = 9 and `b` = 15 the line runs through the points. So the tap gave about 9 litres a minute, and about
# 15 litres were in the bath at the start.

# %% [markdown] tags=["instructor"]
# **Before you start.** Run the notebook once yourself, so that everything is loaded. Explain nothing yet: whoever sees the line move has
# begun. The numbers of the bath are made up. Times add up to 35 minutes, without the quiz. Late? Leave out "The same in one line"
# and the last picture of the line. Never leave out the sliders.

# %% [markdown]
# Every lesson of this workshop is built from the same three parts. You have just used all of them.
#
# | part | what it is | in this lesson |
# |---|---|---|
# | model | a guess at how the world makes y from x | a straight line, $y = wx + b$ |
# | loss | one number that says how bad a guess is | mean squared error |
# | optimiser | a way to make the loss smaller | you, with two sliders |

# %% [markdown]
# You write a function, then run the cell below it, which checks your answer. If you are stuck, type
# `ex.simulate_line.hint()` in a new cell, up to three times. `ex.simulate_line.solution()` shows one right answer. With a
# blank or a wrong answer the notebook carries on with the kit's own function, and says so.

# %% [markdown]
# Now five questions, for which you need not know a thing. The same subjects are asked again at the end of lesson 05.
# Choose with the mouse, or with Tab and the arrow keys, then press **Answer**.

# %% question="quiz_before"
ex.quiz_before.ask()

# %% [markdown] tags=["instructor"]
# Three minutes, best while people arrive; it may be left out. Nobody says an answer aloud, and the quiz tells none either. Learners
# save the notebook, so that lesson 05 can compare.

# %% [markdown] minutes=8
# ## A line is an assumption
#
# We say that y depends on x by a straight line:
#
# $$y = wx + b$$
#
# $w$ is the slope: how much y grows when x grows by 1. $b$ is the bias: the value of y where x is 0. Nothing forces the
# world to be like this. It is what we assume.

# %% question="where_a_line"
ex.where_a_line.ask()

# %% [markdown]
# Here is the line as a machine that you can follow by hand, for one x.

# %% question="y_at_three"
ex.y_at_three.ask()

# %%
truth = dict(w=2.0, b=20.0)
plots.show(plots.scalar_diagram(truth))

# %% [markdown]
# 26, because $2 \cdot 3 + 20 = 26$. For a hundred points at once we write the same thing with arrays: every x is multiplied by
# the same $w$, and the same $b$ is added to every product.

# %%
plots.show(plots.matrix_diagram(truth, n=100))

# %% [markdown]
# Later we will draw networks as circles joined by lines. A line is the smallest network: one input, one output, one
# weight between them, and a bias. Keep this picture in mind. It will grow.

# %%
plots.show(plots.neural_diagram(truth))

# %% [markdown] minutes=6
# ## Simulate data
#
# Real measurements scatter around the line. We imitate that with a random number $\varepsilon$ for each point, drawn from
# the normal distribution with mean 0 and spread 1:
#
# $$y_i = w x_i + b + \varepsilon_i$$

# %% [markdown]
# **Exercise.** Write `simulate_line`. It takes a random key, the array `x` of shape `(n,)`, and the numbers `w` and `b`.
# It returns `y`, also of shape `(n,)`: the line, plus one draw of noise for each point. In JAX every random draw takes a
# key, so that the same key gives the same draw: `jax.random.normal(key, shape)`.

# %% exercise="simulate_line"
def simulate_line(key, x, w, b):
    # BEGIN SOLUTION
    noise = jax.random.normal(key, x.shape)
    return w * x + b + noise
    # END SOLUTION

# %% check="simulate_line"
simulate_line = ex.simulate_line.check(simulate_line)

# %% [markdown] tags=["instructor"]
# The mistake to watch for: `jax.random.normal(key)` without a shape. It gives one number, which lifts the whole line; the
# picture then shows points exactly on a line, and people do not notice. The check names it.

# %% [markdown]
# Now 100 points, evenly spaced on $[-5, 5]$, with the true values $w = 2$ and $b = 20$. Predict before you run it: how high
# are the points at the left end, and how high at the right end?

# %%
key = jax.random.key(0)
x = jnp.linspace(-5, 5, 100)
y = simulate_line(key, x, truth["w"], truth["b"])
plots.show(plots.data(x, y))

# %% [markdown]
# About 10 on the left, since $2 \cdot (-5) + 20 = 10$, and about 30 on the right. The points do not lie on the line: each is
# off by about 1, sometimes 2, which is the noise.

# %% [markdown] minutes=5
# ## The inverse question
#
# From $w$ and $b$ we made data. The other way round is the question of this workshop: somebody gives us only `x` and `y`.
# Which $w$ and $b$ made them? From here on we pretend that we do not know.

# %% [markdown]
# **Exercise.** Write the line itself, as a function of `x` and the two numbers. `x` has shape `(n,)`, and so has the
# result.

# %% exercise="linear"
def linear(x, w, b):
    # BEGIN SOLUTION
    return w * x + b
    # END SOLUTION

# %% check="linear"
linear = ex.linear.check(linear)

# %% [markdown]
# **Exercise.** Make a guess that is clearly bad, as a dict with the keys `w` and `b`. A bad start is useful: we can watch
# it get better.

# %% exercise="bad_guess"
# BEGIN SOLUTION
bad_guess = dict(w=-3.0, b=-10.0)
# END SOLUTION

# %% check="bad_guess"
ex.bad_guess.check(bad_guess)

# %% [markdown]
# The panel and the plots want a model as a function of a dict and `x`, so that they work for any model. This cell wraps
# your `linear` in that form. We also fix one bad guess, so that the numbers below are the same for everyone.

# %%
def linear_model(params, x):
    return linear(x, params["w"], params["b"])


guess = dict(w=-5.0, b=3.0)
plots.show(plots.data_and_model(guess, linear_model, x, y))

# %% [markdown]
# Everyone can see that this line is wrong. It falls where the data rise, and on the right it lies 50 below them. But
# "wrong" is not yet a number, and two wrong lines cannot be compared by looking.

# %% [markdown] minutes=8
# ## From bad to a number
#
# Take four of the points. The vertical bars are the differences between what was measured and what the line says: the
# residuals $d_i = y_i - (w x_i + b)$. Predict: on which side will $d_i$ be longest?

# %%
few = jnp.array([10, 35, 60, 85])
plots.show(plots.residuals(guess, linear_model, x[few], y[few]))

# %% [markdown]
# On the right, where line and data run apart. We want one number from all the bars. Adding them up would not do: a bar above
# the line and a bar below would cancel. So we square each one first, and take the mean.

# %%
near = dict(w=1.0, b=18.0)
plots.show(plots.residuals(near, linear_model, x[few], y[few], squared=True))

# %% [markdown]
# Here is a better line, with its residuals as real squares. A bar twice as long has a square four times as large, so a few
# large misses weigh more than many small ones. The mean area of the squares is the **mean squared error**:
#
# $$\mathrm{mse} = \frac{1}{n} \sum_{i=1}^{n} (y_i - \hat y_i)^2$$
#
# $y_i$ is the true value and $\hat y_i$ the prediction.

# %% question="negative_loss"
ex.negative_loss.ask()

# %% question="loss_unit"
ex.loss_unit.ask()

# %% [markdown]
# **Exercise.** Write `mse` in the long form: the differences, their squares, their sum divided by how many there are. Both
# arguments have shape `(n,)`, and the result is one number. The truth comes first.

# %% exercise="mse"
def mse(y_true, y_pred):
    # BEGIN SOLUTION
    errors = y_true - y_pred
    squares = errors ** 2
    return jnp.sum(squares) / len(squares)
    # END SOLUTION

# %% check="mse"
mse = ex.mse.check(mse)

# %% [markdown] tags=["instructor"]
# The commonest wrong answers are the sum without 1/n and the root. Both have the same best line, which is worth saying: the loss
# ranks guesses, and any increasing function of it ranks them alike. Why divide by n? So that losses of 100 and of 1000 points
# can be compared.

# %% [markdown]
# **Exercise.** The same in one line. This is how you will meet it from now on.

# %% exercise="mse_one_line"
def mse_one_line(y_true, y_pred):
    # BEGIN SOLUTION
    return jnp.mean((y_true - y_pred) ** 2)
    # END SOLUTION

# %% check="mse_one_line"
mse_one_line = ex.mse_one_line.check(mse_one_line)

# %% [markdown]
# How bad is the bad guess? And how good is the truth? Predict both before you run the cell. For the truth, remember that
# the noise has spread 1.

# %%
for name, params in dict(guess=guess, near=near, truth=truth).items():
    loss = mse(y, linear_model(params, x))
    print(f"{name:6} w = {params['w']:5.1f}  b = {params['b']:5.1f}  loss = {loss:7.2f}")

# %% [markdown]
# The bad guess has a loss of about 700, the better one of about 14, and the truth of about 1. Not 0: the noise is in the data, and no
# line removes it. From now on "better" means a smaller loss.

# %% [markdown] minutes=6
# ## Fit by hand
#
# This is the panel from the beginning, now over your data, with your line. Move the sliders until the loss is as small as you can
# make it. Use the mouse, or click a slider's handle and press the arrow keys. Before you start: which of the two will you move
# first, and which way?

# %%
panels.fit_by_hand(guess, linear_model, mse_loss, x, y)

# %% [markdown]
# Watch three things. The bars shrink as the line comes near. The loss falls, and when you move too far it rises again: you
# have overshot. And the trace on the right remembers where you have been, so that you can go back to the lowest point.

# %% question="near_the_best"
ex.near_the_best.ask()

# %% [markdown] tags=["instructor"]
# Because x is symmetric around 0, slope and bias hardly interact here: the best `w` is nearly the same for every `b`. On data
# that lie to one side of 0 they would. Near the bottom the loss is flat, so the last digits of w and b are hard to find by
# hand. Both remarks prepare lesson 03. Ask for the lowest loss in the room: it cannot be below that of the least-squares line.

# %% [markdown]
# You now hold the whole idea of training a model. Someone looks at the loss, changes the parameters a little in the
# direction that makes it smaller, and looks again. A large network has millions of sliders, so in lesson 02 we hand this
# work to a rule.

# %% [markdown]
# ## What we did
#
# - We assumed a line, $y = wx + b$: the **model**.
# - We simulated data from known $w$ and $b$, then asked the inverse question.
# - We turned "bad" into a number with the mean squared error: the **loss**.
# - We made the loss smaller by hand: you were the **optimiser**.
#
# Next, in lesson 02, a rule that moves the sliders for you.

# %%
ex.report()

# %% [markdown]
# ## If you have time
#
# 1. Simulate with noise three times as large. What is the loss of the true line now?
# 2. Give the panel only the first ten points, `x[:10]` and `y[:10]`. Is the best line still the true one?
# 3. Replace one y by 200 and fit again by hand. What does one such point do to the line, and why?
