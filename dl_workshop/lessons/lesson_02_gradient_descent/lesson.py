# %% [markdown]
# # 02 Gradient descent
#
# In this lesson you write the loop that finds the bottom of a curve, step by step, against the slope. You will be
# able to say what a derivative is, why the size of a step matters, and how JAX finds the slope for you.

# %% [markdown]
# The three parts once more. In this lesson there are no data: we look at the optimiser alone, on a curve so small
# that we can check everything with pencil and paper.

# %% [markdown]
# | part | what it is | in this lesson |
# |---|---|---|
# | model | a guess at how the world makes y from x | none yet |
# | loss | one number that should be small | the height of a curve, $f(w) = w^2 + 3w - 5$ |
# | optimiser | a way to make the loss smaller | gradient descent, written by you |

# %% [markdown] tags=["instructor"]
# Minutes below add up to 35. Late? Skip the exercise `other_end`, then "Smile or frown". Never skip `descend` or the
# panel. In lesson 01 the learners were the optimiser, with two sliders. Say so: today the loop moves the slider.

# %%
import jax
import jax.numpy as jnp
import numpy as np

from dl_workshop import exercises, panels, plots

ex = exercises.load("02")

# %% [markdown] minutes=4
# ## A curve to go down
#
# Our curve is
#
# $$f(w) = w^2 + 3w - 5$$
#
# Write it as a function. `w` is one number, whole or not, or an array of them: the same line of Python serves both.

# %% exercise="f"
def f(w):
    # BEGIN SOLUTION
    return w ** 2 + 3 * w - 5
    # END SOLUTION

# %% check="f"
f = ex.f.check(f)

# %% [markdown]
# Before you run it: work out $f(2.5)$ on paper. Then $f(0)$, which is quick.

# %%
f(2.5), f(jnp.array([0.0, 2.5, 5.0]))

# %% [markdown]
# $6.25 + 7.5 - 5 = 8.75$ is the height of the curve at $w = 2.5$. An array goes in, an array of heights comes out. We
# want to get lower: should w grow or shrink? One height alone does not say.

# %% [markdown] tags=["instructor"]
# Most common slip: `w ^ 2`. On whole numbers Python takes it without complaint (it works on bits), on 2.5 it stops.
# And `3w` is a syntax error: the product needs its star.

# %% [markdown] minutes=6
# ## The slope: a small step, and what comes of it
#
# Take a small step $h$ to the right. How much does the height change, for each unit of step? That is what a
# derivative means. Before you run it: will the first number be positive or negative?

# %%
w, h = 2.5, 0.01
change = f(w + h) - f(w)
change, change / h

# %% [markdown]
# The height grew by about 0.08 for a step of 0.01, so by about 8 for each unit. It is not exactly 8, because the
# curve bends a little on the way. Looking to both sides cancels that:
#
# $$f'(w) \approx \frac{f(w + h) - f(w - h)}{2h}$$

# %%
(f(w + h) - f(w - h)) / (2 * h)

# %% [markdown]
# Up to rounding, this is 8. The slope says two things. Its sign: to the right it goes up. Its size: a small step
# there changes the height about 8 times as much as it changes w.

# %% [markdown]
# We do not need to try small steps for this curve. School rules give the derivative, term by term:
#
# $$\frac{d}{dw} w^n = n\,w^{n-1}, \qquad \frac{d}{dw}\,c\,w = c, \qquad \frac{d}{dw}\,c = 0$$
#
# Write $f'(w)$ as the function `df`. One number goes in, one comes out.

# %% exercise="df"
def df(w):
    # BEGIN SOLUTION
    return 2 * w + 3
    # END SOLUTION

# %% check="df"
df = ex.df.check(df)

# %% [markdown]
# Before you run it: which number should come out at $w = 2.5$, if small steps and school rules agree?

# %%
df(2.5)

# %% [markdown]
# They agree: 8. In the picture the slope is the straight line that touches the curve. It is called the tangent.

# %%
plots.show(plots.tangent(f, 2.5, df=df, limits=(-6, 5)))

# %% [markdown] tags=["instructor"]
# Let the room say it in words: "at 2.5, nudge w up by a little and f goes up 8 times as much". This sentence carries
# all of backpropagation later. The rules themselves are not the point: after this lesson nobody derives by hand.

# %% [markdown] minutes=4
# ## The minimum, by algebra
#
# Left of the lowest point the curve falls, so the slope is negative. Right of it the curve rises. At the lowest point
# the slope is zero. Solve $2w + 3 = 0$ on paper, and write down the solution.

# %% exercise="w_min"
# BEGIN SOLUTION
w_min = -1.5
# END SOLUTION

# %% check="w_min"
ex.w_min.check(w_min)

# %% [markdown]
# ### Smile or frown
#
# A slope of zero is not enough.

# %% question="flat_places"
ex.flat_places.ask()

# %%
def frown(w):
    return -f(w)

plots.show(plots.tangent(frown, -1.5, limits=(-6, 3)))

# %% [markdown]
# The same place, and the slope is zero again, but now it is the top. The difference is how the slope changes. In our
# valley it grows from left to right: falling, flat, rising.

# %% [markdown]
# How fast the slope changes is the slope of the slope, the second derivative $f''(w)$. A small step shows it. Before
# you run it: $f'(w) = 2w + 3$, so what should come out?

# %%
w, h = -1.5, 0.01
(df(w + h) - df(w - h)) / (2 * h)

# %% [markdown]
# About 2, whatever w is. A positive second derivative bends the curve up: a smile, with a minimum. A negative one
# bends it down: a frown, with a maximum. The upside-down curve has $-2$.

# %% [markdown] minutes=8
# ## The minimum, by small steps
#
# Algebra worked because $2w + 3 = 0$ is easy. The loss of a neural network has thousands of parameters, and nobody
# can solve it for zero slope. So we look for another way, one that needs the slope only where we stand.

# %% [markdown]
# The slope points uphill, so we step the other way. Where the curve is steep we take a larger step:
#
# $$w_{\text{new}} = w - \text{step\_size} \cdot f'(w)$$
#
# Then we do it again. This is gradient descent.

# %% question="first_step"
ex.first_step.ask()

# %% question="negative_slope"
ex.negative_slope.ask()

# %% [markdown]
# Write the loop. `df` is the slope function, `w` the start. Return the history as an array: every w on the way, the
# start first. For `n_steps` steps it has shape `(n_steps + 1,)`. Collect in a list, and end with `np.array(...)`.

# %% exercise="descend"
def descend(df, w, step_size, n_steps):
    # BEGIN SOLUTION
    ws = [w]
    for _ in range(n_steps):
        w = w - step_size * df(w)
        ws.append(w)
    return np.array(ws)
    # END SOLUTION

# %% check="descend"
descend = ex.descend.check(descend)

# %% [markdown]
# Now 1000 steps of size 0.01, from a start that is no round number, $3\pi$. Before you run it: where should it end,
# and will it get there exactly?

# %%
ws = descend(df, 3 * np.pi, 0.01, 1000)
print(f"start {ws[0]:.5f}, end {ws[-1]:.11f}")

# %% [markdown]
# It ends at $-1.49999998161$: not exactly $-1.5$, but 0.00000002 away. Each step makes the slope smaller, so the
# steps get shorter and shorter, and it never quite arrives. Did you end with `jnp.array`? It keeps about 7 digits and
# rounds this to $-1.5$.

# %%
plots.show(plots.history(ws, minimum=-1.5))

# %% [markdown]
# Most of the way is done in the first 200 steps. The remaining 800 only polish. A flat end of this curve is how we
# see that the descent has arrived.

# %% [markdown] tags=["instructor"]
# The core of the lesson: give it time. What goes wrong: plus in place of minus (it shoots off), the slope computed
# once before the loop, the start missing from the history, `return` inside the loop. The check names each of these.

# %% [markdown] minutes=2
# ### Another start
#
# Before you run anything: where will it end if you start on the other side, at $-10$? Then run it with `descend`, the
# same step size and number of steps, and write down the last w.

# %% exercise="other_end"
# BEGIN SOLUTION
other_end = descend(df, -10.0, 0.01, 1000)[-1]
# END SOLUTION

# %% check="other_end"
ex.other_end.check(other_end)

# %%
ax = plots.history(ws, minimum=-1.5)
for start in (-10.0, -5.0, 4.0):
    ax.plot(descend(df, start, 0.01, 1000), color="grey")
plots.show(ax)

# %% [markdown]
# Other starts, the same end, from below as well as from above. This curve has a single valley, so every start leads
# to its bottom. Curves with several valleys do not promise that.

# %% [markdown] minutes=6
# ## How large a step?
#
# The step size is ours to choose. If small steps arrive slowly, why not take large ones? In the panel, press **Step**
# a few times, then **Play**. Move the start, then the step size, and find one that crawls, one that arrives fast, and
# one that runs away.

# %%
panels.descend(f, w=6.0, step_size=0.1)

# %% [markdown]
# There is one step size between closing in and running away, with which w jumps from side to side for ever. Find it
# with the panel and write it down.

# %% exercise="flipping_step"
# BEGIN SOLUTION
flipping_step = 1.0
# END SOLUTION

# %% check="flipping_step"
ex.flipping_step.check(flipping_step)

# %% [markdown]
# Now six step sizes side by side. Answer before you run the cell below.

# %% question="nearest_after_12"
ex.nearest_after_12.ask()

# %%
paths = {size: descend(df, 3.0, size, 12) for size in (0.01, 0.1, 0.5, 0.9, 1.0, 1.1)}
plots.show(plots.trajectories(f, paths))

# %% [markdown]
# 0.01 crawls. 0.1 walks down. 0.5 lands on the minimum in one step. 0.9 jumps across, and still closes in. 1.0 jumps
# between two places for ever. 1.1 jumps further each time, and leaves.

# %% [markdown]
# Algebra says why. Put $f'(w) = 2w + 3$ into the step, and look at the distance from the minimum:
#
# $$w_{\text{new}} + 1.5 = (1 - 2\,\text{step\_size})\,(w + 1.5)$$
#
# Each step multiplies the distance by the same number.

# %% [markdown]
# With 0.01 that number is 0.98: after 1000 steps $0.98^{1000}$, about two billionths, of the distance is left. With
# 0.5 it is 0. A negative number means that w jumps across. Below $-1$ the distance grows.

# %% [markdown]
# The 2 is the second derivative. The more a curve bends, the smaller the steps have to be. For a neural network
# nobody knows this number beforehand, so we try step sizes and look at the history.

# %% [markdown] tags=["instructor"]
# In the panel, let them say "crawl, converge, flip, diverge" out loud: these four words return with every loss curve.
# Ask why 0.5 lands at once: $1 - 2 \cdot 0.5 = 0$. The step limit is $2 / f''$, here 1. Late? Show the six pictures
# and leave out the algebra.

# %% [markdown] minutes=4
# ## Let JAX find the slope
#
# `df` was easy to derive. For a long loss function it is not, and mistakes creep in. `jax.grad` takes a function and
# gives back a new function: its derivative. We try it on $w^3$, where you can do without.

# %% question="slope_of_cube"
ex.slope_of_cube.ask()

# %%
def cube(w):
    return w ** 3

cube_slope = jax.grad(cube)
cube_slope(2.0)

# %% [markdown]
# $3w^2 = 12$. JAX follows your code and applies the school rules to each operation in it: this is the exact
# derivative, not a small step. Note the 2.0: gradients need floats, and a whole number 2 is refused.

# %% [markdown]
# Now write `slope(f, w)`: the slope of any function `f` at `w`. One number `w` goes in, one number comes out. Nothing
# in it should know our curve.

# %% exercise="slope"
def slope(f, w):
    # BEGIN SOLUTION
    return jax.grad(f)(w)
    # END SOLUTION

# %% check="slope"
slope = ex.slope.check(slope)

# %% [markdown]
# Before you run it: what should stand in the two columns?

# %%
for w in (-10.0, -1.5, 2.5):
    print(f"w = {w:5}   by hand {df(w):6}   by JAX {slope(f, w):6}")

# %% [markdown]
# The same slopes, and nobody derived anything. Now the descent again, with JAX's slope in place of ours. `descend`
# stays as it is. `jax.jit` compiles the slope once; without it, every one of the 1000 steps would work it out anew,
# in seconds instead of a moment.

# %%
@jax.jit
def df_by_jax(w):
    return slope(f, w)

ws_by_jax = descend(df_by_jax, 3 * np.pi, 0.01, 1000)
print(f"by hand {ws[-1]:.11f}\nby JAX  {ws_by_jax[-1]:.11f}")

# %% [markdown]
# The second end is short of $-1.5$ by a few millionths. JAX computes with about 7 digits unless told otherwise,
# Python with 16. Near the minimum a step becomes smaller than the last digit of w, and w stands still. For training
# this is enough.

# %% [markdown] tags=["instructor"]
# The exact digits of JAX's end depend on the machine; on most it is near $-1.499997$. If somebody asks: a step there
# is 0.01 times a slope of 0.000006, and numbers of 7 digits near 1.5 are 0.0000001 apart. Same slope, fewer digits.

# %% [markdown] minutes=1
# ## What we did
#
# - A derivative says how much the output moves for a small step.
# - At the bottom of a smile it is zero. Algebra finds the place where that equation is easy.
# - Gradient descent finds it by stepping against the slope, again and again.
# - Small steps crawl; steps too large jump across and run away.
# - `jax.grad` gives the slope of any function we can write.

# %% [markdown]
# The three parts: no model yet, a loss $f(w)$, and an optimiser that you wrote. In lesson 03 the loss is the mean
# squared error of a line, and `w` and `b` go down together. The loop stays the same.

# %%
ex.report()

# %% [markdown]
# ### Further questions, for the quick ones
#
# 1. Let `descend` go down `frown` from $w = -1.4$: write its slope with `slope`. What happens, and why?
# 2. What does `jax.grad(jax.grad(f))` compute? Call it at three places.
# 3. The curve $w^4 - 3w^2 + w$ has two valleys. Which starts lead to which?

# %% [markdown] tags=["instructor"]
# 1. It runs away from $-1.5$ ever faster: on a hill, downhill leads off. A start at exactly $-1.5$ would stay.
# 2. The second derivative: 2 everywhere, the smile.
# 3. Valleys near $-1.30$ and $1.13$, a top near $0.17$ between them: starts left of the top end left, the others right
#    (with a small step size). Start does matter once there are several valleys.
