# %% [markdown]
# # 07 Loss surfaces, learning rates, and data as it comes
#
# Until now the data were kind: well scaled, few, and all seen in every step. Real tables are not. In this lesson you
# look at the bowl that descent walks in, find out why its shape decides everything, and mend it.

# %% [markdown]
# | part | what it is | in this lesson |
# |---|---|---|
# | model | a guess at how the world makes y from x | a line, and a plane over two inputs |
# | loss | one number that says how bad a guess is | mean squared error, beside the absolute one |
# | optimiser | a way to make the loss smaller | gradient descent, on all rows or on a few at a time |

# %% [markdown] tags=["instructor"]
# Minutes below add up to 83. Late? Leave out "Squared or absolute", hand out `normal_equation` and `min_max` (their
# checks carry on with the kit's own), and show the table of batch sizes without waiting for guesses. Never skip the
# sweep, the circles, or the house.

# %%
import jax
import jax.numpy as jnp
import matplotlib.pyplot as plt
import numpy as np

from dl_workshop import datasets, exercises, fit, panels, plots
from dl_workshop.losses import mae_loss, mse_loss
from dl_workshop.models import linear_model

ex = exercises.load("07")

# %% [markdown] minutes=3
# ## A hundred server rooms
#
# Computers make heat, and heat has to be carried away. For 100 rooms somebody wrote down how many **thousand**
# servers stand there, `x`, and how much cooling the room needs, `y`, in hundreds of kilowatts.

# %%
x, y = datasets.server_rooms(jax.random.key(2))
ax = plots.data(x, y)
ax.set(xlabel="servers, in thousands", ylabel="cooling, in 100 kW")
plots.show(ax)

# %% [markdown]
# The rooms were simulated from $y = 2x + 3$ with noise of spread 0.2: lamps and walls need 3, and every thousand
# servers need 2 more. Keep one question in mind, which we will answer twice: how much for a room with **346
# servers**?

# %% [markdown] minutes=7
# ## Squared or absolute
#
# The squared error is not the only way to turn misses into one number. The simplest one drops the signs:
#
# $$\mathrm{mae} = \frac{1}{n}\sum_{i=1}^{n} |y_i - \hat y_i|$$

# %% question="sum_of_squares"
ex.sum_of_squares.ask()

# %% [markdown]
# So the two losses disagree about *how much* worse the second guess is. Now one meter breaks: the fullest room
# reports a cooling of 0. Before you run it: which line will be pulled down more, that of the squares or of the
# absolute values?

# %%
start = dict(w=0.0, b=0.0)
y_broken = y.at[jnp.argmax(x)].set(0.0)
lines = {}
for name, loss in {"squared": mse_loss, "absolute": mae_loss}.items():
    fitted = fit(start, linear_model, loss, x, y_broken, step_size=0.1, n_steps=2000)
    lines[name] = fitted.params
    print(f"{name}: w = {lines[name]['w']:.2f}, b = {lines[name]['b']:.2f}")

# %%
ax = plots.data(x, y_broken)
for (name, line), look in zip(lines.items(), ("k-", "C1--"), strict=True):
    ax.plot([0, 1], [line["b"], line["w"] + line["b"]], look, label=name, lw=2.5)
ax.legend()
plots.show(ax)

# %% [markdown]
# The squared error bends its line to about 1.6 for the sake of one broken meter. The absolute error hardly notices:
# its slope is near 1.9 with or without that room.

# %%
miss = jnp.array([-5.0, -1.0, -0.1, 0.1, 1.0, 5.0])
print("miss                   ", miss)
print("slope of miss squared  ", jax.vmap(jax.grad(lambda d: d ** 2))(miss))
print("slope of absolute value", jax.vmap(jax.grad(jnp.abs))(miss))

# %% [markdown]
# The slopes tell why. A squared miss pulls in proportion to its size: 5 pulls fifty times as hard as 0.1. An absolute
# miss pulls with 1, be it near or far. That is robust, but near the bottom the steps do not get shorter.

# %% [markdown]
# We stay with the squares for the rest of this lesson: their bowl is smooth, and its bottom can be computed.

# %% [markdown] tags=["instructor"]
# Ask which loss they would take for delivery times, house prices, a sensor that sometimes fails. There is no right
# one: the mean squared error finds the mean, the absolute error the median. Say that some books put a half before the
# squares; then all curvatures below are halved, and all step sizes doubled.

# %% [markdown] minutes=6
# ## The bowl, from above
#
# Over $w$ and $b$ the loss is a bowl. First one cut through it: keep $w = 2$, and lift the true line by some amount.

# %% question="lifted"
ex.lifted.ask()

# %%
for lift in (-1.0, -0.5, 0.0, 0.5, 1.0):
    params = dict(w=2.0, b=3.0 + lift)
    print(f"lifted by {lift:4}: loss {mse_loss(params, linear_model, x, y):.3f}")

# %% [markdown]
# About 0.05 at the bottom, which is the noise, and the square of the lift on top: 0.25 more, 1 more. Every cut
# through this bowl is a parabola. Now all of it, seen from above.

# %% question="tilt"
ex.tilt.ask()

# %%
view = ((-2.0, 6.0), (-1.0, 7.0))
ax = plots.contour(start, linear_model, mse_loss, x, y, limits=view)
ax.set_aspect("equal")
plots.show(ax)

# %% [markdown]
# Long, narrow, and tilted: a little more $w$ can be paid for by a little less $b$. Along that valley the loss hardly
# changes; across it, it climbs steeply. The dot is where we will start.

# %% [markdown] minutes=10
# ## The exact answer
#
# A bowl of squares has a bottom that algebra can find. Set both slopes to zero, and two formulas fall out:
#
# $$w = \frac{\sum_i (x_i - \bar x)(y_i - \bar y)}{\sum_i (x_i - \bar x)^2} \qquad b = \bar y - w \bar x$$
#
# $\bar x$ and $\bar y$ are the means. This is **least squares**.

# %% [markdown]
# **Exercise.** Write it. `x` and `y` have shape `(n,)`; return a dict like our params, so that model and loss can use
# it.

# %% exercise="least_squares"
def least_squares(x, y):
    # BEGIN SOLUTION
    dx, dy = x - jnp.mean(x), y - jnp.mean(y)
    w = jnp.sum(dx * dy) / jnp.sum(dx ** 2)
    b = jnp.mean(y) - w * jnp.mean(x)
    return dict(w=w, b=b)
    # END SOLUTION

# %% check="least_squares"
least_squares = ex.least_squares.check(least_squares)

# %%
best = least_squares(x, y)
lowest = mse_loss(best, linear_model, x, y)
truth = mse_loss(dict(w=2.0, b=3.0), linear_model, x, y)
print(f"w = {best['w']:.3f}, b = {best['b']:.3f}")
print(f"lowest loss {lowest:.4f}, loss of the truth {truth:.4f}")

# %% [markdown]
# Near 2 and 3, with a loss a trifle below that of the truth, as in lesson 03. No line has a lower one. From now on
# `lowest` is our measuring rod: **compare the loss of every descent with it**.

# %% question="rooms_346"
ex.rooms_346.ask()

# %%
print(f"346 servers need {linear_model(best, 0.346):.2f}")

# %% [markdown]
# About 3.7, that is 370 kW. Rooms measured anew would give another line, and perhaps 3.68. Why not always use the
# formula? Because there is one for lines and planes with squares only. Nets have none.

# %% [markdown] tags=["instructor"]
# The usual slip in `least_squares` is to forget the means; the line then passes near the origin. A printed source
# gives 3.74 for the 346 servers: over many draws least squares gives 3.69, with a spread of 0.02. Ask how one would
# find out which of two such numbers is wrong.

# %% [markdown] minutes=12
# ## Four ways to walk
#
# Back to descent. In lesson 02 a step size could crawl, converge, flip or diverge. Let us see all four in the bowl of
# the server rooms.

# %% [markdown]
# **Exercise.** Write `try_step_sizes`: for each step size, train with `fit` from the **same** start, and keep the
# losses in a dict, `{size: losses}`.

# %% exercise="try_step_sizes"
def try_step_sizes(params, model, loss, x, y, step_sizes, n_steps):
    curves = {}
    # BEGIN SOLUTION
    for size in step_sizes:
        fitted = fit(params, model, loss, x, y, step_size=size, n_steps=n_steps)
        curves[size] = fitted.losses
    # END SOLUTION
    return curves

# %% check="try_step_sizes"
try_step_sizes = ex.try_step_sizes.check(try_step_sizes)

# %% question="which_flips"
ex.which_flips.ask()

# %%
sizes = (0.001, 0.01, 0.1, 0.5, 0.77, 0.8)
curves = try_step_sizes(start, linear_model, mse_loss, x, y, sizes, 100)
plots.show(plots.loss_curves(curves, log=True))

# %% [markdown]
# 0.001 **crawls**. 0.01 is on its way. 0.1 and 0.5 **converge**. 0.77 looks like 0.01, for another reason: it
# **flips** from wall to wall. 0.8 **diverges**: its loss leaves the picture upwards. Between the last two lies the
# border.

# %% [markdown]
# Now many more, trained before you look. Move the slider through the step sizes, and watch the loss curve and the
# line that comes out. Find the largest one that converges without flipping.

# %%
panels.sweep(start, linear_model, mse_loss, x, y, n_steps=100)

# %% [markdown]
# Where is the border? In lesson 02 it was 2 divided by the second derivative. A bowl has a table of them, by $w$ and
# by $b$:
#
# $$2 \begin{pmatrix} \text{mean of } x^2 & \text{mean of } x \\ \text{mean of } x & 1 \end{pmatrix}$$
#
# A bowl bends differently in each direction. `eigvalsh` finds the smallest and the largest bend among all directions.

# %%
def bends(x):
    table = jnp.array([[jnp.mean(x ** 2), jnp.mean(x)], [jnp.mean(x), 1.0]])
    return jnp.linalg.eigvalsh(2 * table)

flat, steep = bends(x)
print(f"bends {flat:.3f} and {steep:.3f}; largest step size {2 / steep:.3f}")

# %% [markdown]
# The border is near 0.78, just as the curves say. And across the valley the bowl bends about 25 times as much as
# along it. That is the trouble with ellipses: the **steep** direction limits the step, and the **flat** one has to
# make do with it.

# %% [markdown] tags=["instructor"]
# Say "the steepest bend" and leave it at that, unless somebody knows eigenvalues. Point out that y does not occur in
# the table, so no change of y alters the shape; `jax.hessian` of the loss gives the same table. Let people call out
# the verdict for each place of the slider before they read the panel's own.

# %% [markdown] minutes=10
# ## Circles
#
# If all directions bent alike, one step size would suit them all. What would make circles of the ellipses?

# %% question="what_makes_circles"
ex.what_makes_circles.ask()

# %% [markdown]
# The bends come from x alone, from the mean of $x$ and of $x^2$. So give x the mean 0 and the spread 1:
#
# $$z_i = \frac{x_i - \text{shift}}{\text{width}}$$
#
# with the mean of x as shift and its standard deviation as width. This is called **standardising**.

# %% [markdown]
# **Exercise.** Write `standard(x)`: it returns the pair `(shift, width)`. For a table of shape `(n, d)` every column
# gets its own: two arrays of shape `(d,)`. We keep the pair, since new rooms must be scaled just like the old ones.

# %% exercise="standard"
def standard(x):
    # BEGIN SOLUTION
    return jnp.mean(x, axis=0), jnp.std(x, axis=0)
    # END SOLUTION

# %% check="standard"
standard = ex.standard.check(standard)

# %%
def scale(scaling, x):
    shift, width = scaling
    return (x - shift) / width

rooms = standard(x)
z = scale(rooms, x)
print(f"mean {abs(z.mean()):.2f}, spread {z.std():.2f}")
print("bends", bends(z))

# %% [markdown]
# Both bends are 2: a circle. Before you run the next cell: with step size 0.5, how many steps will each of the two
# need?

# %%
fig, axs = plt.subplots(1, 2, figsize=(9, 4.8), layout="constrained")
for ax, name, inputs in ((axs[0], "x as it is", x), (axs[1], "x standardised", z)):
    path = fit(start, linear_model, mse_loss, inputs, y, step_size=0.5, n_steps=30).path
    plots.contour(start, linear_model, mse_loss, inputs, y,
                  path=path, limits=view, ax=ax)
    ax.set(title=name, aspect="equal")
plots.show(fig)

# %% [markdown]
# On the left it jumps across the valley, then crawls along it. On the right it lands in the middle with **one** step:
# on a circle the slope points straight at the bottom, and $1 - 2 \cdot 0.5 = 0$ in every direction.

# %%
fitted = fit(start, linear_model, mse_loss, z, y, step_size=0.5, n_steps=5)
params = fitted.params
print(f"w = {params['w']:.3f}, b = {params['b']:.3f}, loss {fitted.losses[-1]:.4f}")
print(f"346 servers need {linear_model(params, scale(rooms, 0.346)):.2f}")

# %% [markdown]
# Other numbers for $w$ and $b$, since z has other units: $b$ is now the height in the middle of the data. But it is
# the same line, with the same lowest loss and the same 3.7 for 346 servers. We scaled that room as well.

# %% [markdown] tags=["instructor"]
# A printed course draws circles "by choosing the target $y = x + 1$". Ask where in `bends` the target would come in:
# nowhere. Other targets move the bowl, and only x shapes it. With step size 1.0 on the circle the loss stays the same
# for ever.

# %% [markdown] minutes=4
# ## The same rooms, counted in ones
#
# Somebody else writes down the same rooms, and counts servers instead of thousands: `1000 * x`. Nothing about the
# world has changed.

# %% question="counted_in_ones"
ex.counted_in_ones.ask()

# %%
in_ones = fit(start, linear_model, mse_loss, 1000 * x, y, step_size=0.1, n_steps=100)
flat, steep = bends(1000 * x)
print(f"largest step size {2 / steep:.2g}; steep / flat = {steep / flat:.0e}")

# %% [markdown]
# With 0.1 it breaks within a few steps. The border is near 0.000003, about 260,000 times smaller. And even then $b$,
# in its flat direction, would need millions of steps.

# %%
slow = fit(start, linear_model, mse_loss, 1000 * x, y, step_size=2e-6, n_steps=1000)
print(f"loss {slow.losses[-1]:.2f} after 1000 steps, b = {slow.params['b']:.4f}")
print("bends, standardised:", bends(scale(standard(1000 * x), 1000 * x)))

# %% [markdown]
# A thousand steps, and $b$ has hardly left 0. Standardised, the two tables are one and the same: scaling makes
# descent blind to units. That is why it comes first in practice.

# %% [markdown] minutes=8
# ## A thousand houses
#
# Two inputs now, in units that have nothing to do with each other: distance to the city in km, floor area in square
# metres. The price is in thousands, $-2 \cdot \text{distance} + 5 \cdot \text{area} + 50$, and some noise.

# %%
houses, prices = datasets.house_prices(jax.random.key(0))
for i in range(3):
    distance, area = houses[i]
    print(f"{distance:.0f} km, {area:.0f} square metres: {prices[i]:.0f} thousand")

# %% [markdown]
# With several inputs the exact answer is a **normal equation**. Put a column of ones behind the features and call the
# table $a$. The numbers $p$, all weights and then the bias, solve
#
# $$a^T a\, p = a^T y$$

# %% [markdown]
# **Exercise.** Write it. `x` has shape `(n, d)`. Return `w` of shape `(d,)` and the number `b`. `jnp.column_stack([x,
# ones])` appends a column, `a.T` is the transpose, and `jnp.linalg.solve(m, v)` solves $m\,p = v$.

# %% exercise="normal_equation"
def normal_equation(x, y):
    # BEGIN SOLUTION
    a = jnp.column_stack([x, jnp.ones(len(x))])
    p = jnp.linalg.solve(a.T @ a, a.T @ y)
    return dict(w=p[:-1], b=p[-1])
    # END SOLUTION

# %% check="normal_equation"
normal_equation = ex.normal_equation.check(normal_equation)

# %% [markdown]
# How much for a house 15 km out, with 93 square metres? Work it out from the true formula before you run it.

# %%
exact = normal_equation(houses, prices)
query = jnp.array([[15.0, 93.0]])
print(f"w = {exact['w']}, b = {exact['b']:.1f}")
print(f"price {linear_model(exact, query)[0]:.1f} thousand")

# %% [markdown]
# The true formula gives $-30 + 465 + 50 = 485$, and the exact plane comes within a few of it, although its own
# numbers differ from $-2$, 5 and 50 by the noise.

# %% [markdown] minutes=9
# ## Houses by descent
#
# The same `fit` as always, now with one weight for each input. Before you run it: what will step size 0.1 do?

# %%
nothing = dict(w=jnp.zeros(2), b=0.0)
raw = fit(nothing, linear_model, mse_loss, houses, prices, step_size=0.1)

# %% [markdown]
# It breaks within some steps: areas near 80 make a wall thousands of times steeper than that of the bias. This time
# we scale by another rule, so that every column runs from 0 to 1: the smallest value is the shift, the largest minus
# the smallest the width.

# %% [markdown]
# **Exercise.** Write `min_max(x)`, which returns the pair `(shift, width)` as `standard` did.

# %% exercise="min_max"
def min_max(x):
    # BEGIN SOLUTION
    low = jnp.min(x, axis=0)
    return low, jnp.max(x, axis=0) - low
    # END SOLUTION

# %% check="min_max"
min_max = ex.min_max.check(min_max)

# %% [markdown]
# Prices of some hundreds are far from 0 as well, so we scale them too. The model then predicts *scaled* prices.
# **Exercise.** Write the way back: from scaled values `z` to the old units.

# %% exercise="unscale"
def unscale(scaling, z):
    shift, width = scaling
    # BEGIN SOLUTION
    return z * width + shift
    # END SOLUTION

# %% check="unscale"
unscale = ex.unscale.check(unscale)

# %%
for_x, for_y = min_max(houses), min_max(prices)
scaled = fit(nothing, linear_model, mse_loss, scale(for_x, houses), scale(for_y, prices),
             step_size=0.3, n_steps=500)
print(f"loss {scaled.losses[-1]:.5f}, in scaled prices")

# %% question="price_of_the_query"
ex.price_of_the_query.ask()

# %%
answer = linear_model(scaled.params, scale(for_x, query))
print(f"as it comes out {answer[0]:.3f}; in thousands {unscale(for_y, answer)[0]:.1f}")
unscaled = linear_model(scaled.params, query)
print(f"query forgotten to scale: {unscale(for_y, unscaled)[0]:.0f}")

# %% [markdown]
# The same price as the exact plane. **Scale the query with the numbers of the training data, predict, then unscale.**
# Forget the first, and this house costs tens of millions.

# %%
for name, rule in {"min_max": min_max, "standard": standard}.items():
    curve = fit(nothing, linear_model, mse_loss, scale(rule(houses), houses),
                scale(for_y, prices), step_size=0.3, n_steps=500).losses
    arrived = jnp.argmax(curve < 1.01 * curve[-1])
    print(f"{name}: within 1 percent of its lowest loss after {arrived} steps")

# %% [markdown]
# Both arrive, `standard` sooner: it moves the middle of the data to 0, so that no weight can be traded for bias. Take
# `min_max` where a fixed range matters; one far value, though, squeezes all the others together.

# %% [markdown] tags=["instructor"]
# What goes wrong: scaling the query by the query's own mean (it becomes 0), fitting the scaling on test rows,
# forgetting to unscale. Steep over flat is about 125,000 for the raw houses, 28 for `min_max`, nearly 1 for
# `standard`. A constant column has width 0: the kit's `scaling.standard` only shifts it.

# %% [markdown] minutes=8
# ## Data as it comes
#
# So far every step read all rows. With 100 that is nothing; with ten million it is a long wait for one step. But a
# few rows give a rough gradient, and that points roughly downhill. Such a handful is a **mini-batch**.

# %% [markdown]
# Shuffle the row numbers, then cut them into groups. Once through all rows is an **epoch**.

# %%
def shuffled(key, n, batch_size):
    order = np.asarray(jax.random.permutation(key, n))
    return order[:n // batch_size * batch_size].reshape(-1, batch_size)

shuffled(jax.random.key(0), 12, 4)

# %% [markdown]
# Each row of this array names the rows of one mini-batch. Every number from 0 to 11 occurs once. **Exercise.** Write
# the loop: for each entry of `batches`, loss and gradient on those rows alone, and a step.

# %% exercise="train"
def train(params, model, loss, x, y, step_size, batches):
    loss_and_grads = jax.jit(jax.value_and_grad(loss), static_argnums=1)
    losses = []
    for rows in batches:
        # BEGIN SOLUTION
        value, grads = loss_and_grads(params, model, x[rows], y[rows])
        losses.append(value)
        params = {name: params[name] - step_size * grads[name] for name in params}
        # END SOLUTION
    return params, losses

# %% check="train"
train = ex.train.check(train)

# %% [markdown]
# Five epochs of the server rooms, with three sizes: single rows, mini-batches of 10, the full batch of 100. All three
# read 500 rows and do the same amount of work.

# %% question="same_work"
ex.same_work.ask()

# %%
keys = jax.random.split(jax.random.key(0), 5)
for size in (1, 10, 100):
    batches = np.concatenate([shuffled(key, len(x), size) for key in keys])
    params, losses = train(start, linear_model, mse_loss, x, y, 0.1, batches)
    share = mse_loss(params, linear_model, x, y) / lowest
    print(f"batches of {size:3}: {len(batches):4} steps, loss {share:.2f} times the lowest")

# %% [markdown]
# For the same work, small batches take many more steps, and get further. The full batch, after five careful steps, is
# still at nearly 20 times the lowest loss. The others are within some ten percent of it, and never stand still.

# %%
paths = {}
for size in (1, 10, None):
    fitted = fit(start, linear_model, mse_loss, x, y, step_size=0.1,
                 n_steps=500 // (size or 100), batch_size=size, key=jax.random.key(0))
    paths[f"batches of {size}" if size else "all rows"] = fitted.path
ax = plots.contour_paths(start, linear_model, mse_loss, x, y, paths,
                         limits=((-0.2, 3.0), (-0.2, 4.2)))
plots.show(ax)

# %% [markdown]
# `fit` takes a `batch_size` and a `key`, and does what your loop does. All rows at once go smoothly downhill, as far
# as five steps take them. Single rows stagger, because every room pulls the line towards itself.

# %% [markdown] tags=["instructor"]
# In `train`, watch for `x` and `y` without `[rows]`, and for `x[rows]` with a whole `y`: the shapes do not match, and
# the message says so. Why shuffle? A table is often sorted; in lesson 09 a batch of a sorted table would hold one
# class only.

# %% [markdown] minutes=6
# ## Batch size against step size
#
# One more experiment. We start **at** the exact answer, where the full gradient is zero, and train on. Before you run
# it: will single rows stay there?

# %%
def unrest(batch_size, step_size):
    path = fit(best, linear_model, mse_loss, x, y, step_size=step_size, n_steps=2000,
               batch_size=batch_size, key=jax.random.key(0)).path
    losses = jax.vmap(lambda params: mse_loss(params, linear_model, x, y))(path)
    return 100 * (losses.mean() / lowest - 1)

# %%
print("percent above the lowest loss, on average")
print("step size      0.03     0.1     0.3")
for batch_size in (1, 10, None):
    row = [unrest(batch_size, size) for size in (0.03, 0.1, 0.3)]
    print(f"batches of {batch_size or 100:3}", *(f"{abs(percent):6.1f}" for percent in row))

# %% [markdown]
# They do not stay. Each batch has a bottom of its own, and the params dance between these. Larger steps make the
# dance wilder, larger batches calm it. Ten times the batch bears about ten times the step.

# %% question="how_to_calm"
ex.how_to_calm.ask()

# %% [markdown]
# So a common recipe is: mini-batches of some dozens, as large a step as they bear, and a smaller one towards the end.
# Lessons 11 and 12 do just that.

# %% [markdown] tags=["instructor"]
# The rule of thumb (unrest goes with step size over batch size) holds while steps are well below the border. With the
# full batch there is nothing random, so nothing moves. In nets a little unrest is welcome: it shakes them out of poor
# places.

# %% [markdown]
# ## What we did
#
# - The **loss** is a bowl over the params. Squares make it smooth, and far points heavy.
# - Its shape comes from x alone. Ellipses make descent slow, because the steep direction limits the step for all.
# - We scaled x, so the bowl became round, and we undid the scaling for prediction.
# - The exact answer told us how good a descent is. The **model** was a line, then a plane.
# - The **optimiser** saw all rows, or a few at a time: quicker per row, and never quite still.
#
# Next, in lesson 08, a single line is not enough.

# %%
ex.report()

# %% [markdown]
# ## If you have time
#
# 1. Train the raw houses with `batch_size=1` and step size 0.1. How soon does it break? Which step size holds?
# 2. Draw a million rooms, `n=1_000_000`. Compare 100 steps on all rows with 100 steps on batches of 1000: loss and
#    time.
# 3. Which guess has the smallest mean **absolute** error for five numbers? And the smallest squared one?
# 4. Bring the weights of the scaled houses back to prices per km and per square metre.

# %% [markdown] tags=["instructor"]
# Answers. (1) Within some dozen steps in float32, often fewer than ten; about 0.00005 holds. (2) Both end within some
# percent of the lowest loss, but one has read a thousand times as many rows. (3) The median; the mean.
# (4) Multiply each weight by the width of the prices, and divide by that of its column: near -2 and 5.
