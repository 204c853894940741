# %% [markdown]
# # K-means
#
# In this lesson you find groups in points that nobody has labelled. You will be able to write the two halves of
# k-means, to say why they end, and to show a start from which they end badly.

# %% [markdown]
# | part | what it is | in this lesson |
# |---|---|---|
# | model | a guess at how the world makes y from x | k centres: a point belongs to the nearest |
# | loss | one number that says how bad a guess is | the mean squared distance from the own centre |
# | optimiser | a way to make the loss smaller | two steps in turn, without a gradient |

# %% [markdown] tags=["instructor"]
# Late? Skip "A bad start". Never skip the panel: who has moved three centres by hand knows what the loop does.

# %%
import jax
import jax.numpy as jnp

from dl_workshop import exercises, panels, plots

ex = exercises.load("kmeans/01")

# %% [markdown] minutes=4
# ## Points without labels
#
# Three heaps of 40 points each, drawn around three places. `truth` says from which place each point came. It is there
# to colour the picture: k-means never sees it.

# %%
key = jax.random.key(4)
places = jnp.array([[-2.0, 0.0], [2.0, 1.5], [1.5, -2.5]])
truth = jnp.repeat(jnp.arange(3), 40)
points = places[truth] + 0.8 * jax.random.normal(key, (120, 2))
ax = plots.data(points, truth)
plots.show(ax)

# %% [markdown]
# Each heap is about one and a half wide, and between them is room. A person sees three groups at once. What would
# a program look for?

# %% [markdown] minutes=8
# ## The nearest centre
#
# `points` has shape (n, d), a row for each point; `centres` has shape (k, d). For each point return the row number of
# the nearest centre: n whole numbers from 0 to k-1. Of two that are equally near, either will do.

# %% exercise="nearest"
def nearest(points, centres):
    # BEGIN SOLUTION
    differences = points[:, None, :] - centres[None, :, :]
    return jnp.argmin(jnp.sum(differences ** 2, axis=2), axis=1)
    # END SOLUTION

# %% check="nearest"
nearest = ex.nearest.check(nearest)

# %% [markdown]
# Before you run it: the centres are (0, 0) and (4, 0). To which does (1, 3) belong, and to which (3, -1)?

# %%
nearest(jnp.array([[1.0, 3.0], [3.0, -1.0]]), jnp.array([[0.0, 0.0], [4.0, 0.0]]))

# %% [markdown]
# The first is 1 + 9 = 10 from (0, 0), squared, and 9 + 9 = 18 from (4, 0). The second is nearer to (4, 0). Half-way
# between two centres runs the border, always a straight line.

# %% [markdown] minutes=6
# ## By hand
#
# Six numbers make three centres. Before you move them: where would you put them, and how small can the loss get? Then
# try. The colours are regions of your own `nearest`.

# %%
def heaps(params, x):
    return jax.nn.one_hot(nearest(x, params["centres"]), 3)


def spread(params, model, x, y):
    own = params["centres"][nearest(x, params["centres"])]
    return jnp.mean(jnp.sum((x - own) ** 2, axis=1))


start = dict(centres=jnp.array([[-1.0, -1.0], [0.0, 1.0], [0.0, -1.0]]))
panels.fit_by_hand(start, heaps, spread, points, truth)

# %% [markdown]
# With a centre in the middle of each heap the loss is about 1.3, and no centre can be moved a little without making it
# worse. Each of the 120 points then lies about 1.1 from its centre.

# %% [markdown] minutes=8
# ## To the middle of its own points
#
# The other half of k-means moves every centre to the mean of the points that belong to it. `labels` has shape (n,) and
# says to which. A centre without points stays where it is. Return the new centres, shape (k, d).

# %% exercise="moved"
def moved(points, labels, centres):
    # BEGIN SOLUTION
    own = jax.nn.one_hot(labels, len(centres))            # (n, k), a 1 for the own centre
    sizes = own.sum(axis=0)[:, None]
    return jnp.where(sizes > 0, own.T @ points / jnp.maximum(sizes, 1), centres)
    # END SOLUTION

# %% check="moved"
moved = ex.moved.check(moved)

# %% [markdown]
# Now both in turn. Before you run it: how many rounds will it take from this start? Guess a number.

# %%
centres = start["centres"]
for n_rounds in range(1, 51):
    new = moved(points, nearest(points, centres), centres)
    if jnp.allclose(new, centres):
        break
    centres = new
n_rounds, centres, spread(dict(centres=centres), heaps, points, truth)

# %% [markdown]
# The fourth round changes nothing any more, and each centre is within 0.2 of its place. Each half can only lower the loss: a point goes to the nearest
# centre, a centre to the place with the smallest mean squared distance. So no grouping comes twice, and there
# are only so many.

# %% [markdown] minutes=4
# ## A bad start

# %% question="two_in_one"
ex.two_in_one.ask()

# %% [markdown]
# Two centres start in the left heap, the third between the others. Before you run it: where will they be in the end?

# %%
centres = jnp.array([[-2.0, 1.0], [-2.0, -1.0], [2.0, -0.5]])
for _ in range(50):
    centres = moved(points, nearest(points, centres), centres)
centres, spread(dict(centres=centres), heaps, points, truth)

# %% [markdown]
# The left heap is cut in two, the other two share one centre, and the loss is about 4.1, three times the one before. No
# step of either kind makes it smaller. k-means ends, but not always well: one starts it several times, and keeps the best.

# %%
ex.report()
