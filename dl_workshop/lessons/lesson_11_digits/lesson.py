# %% [markdown]
# # 11 Digits
#
# In this lesson a net learns to read handwriting. You bring pictures into the form that a net takes, train one with mini-batches and
# Adam, save it, load it again, and at last write digits of your own and see what it makes of them.

# %% [markdown]
# | part | what it is | in this lesson |
# |---|---|---|
# | model | a guess at how the world makes y from x | a net with one more layer, `three_layer(params, x)` |
# | loss | one number that says how bad a guess is | as in lesson 09: cross-entropy of ten classes, `softmax_loss` |
# | optimiser | a way to make the loss smaller | **new**: Adam, on mini-batches, with a step size that shrinks |

# %% [markdown] tags=["instructor"]
# Minutes below add up to 67. Late? `init_net` and `predict` may carry on with the kit's own; leave out the shuffled pixels and
# the range test. Never skip the scaling, "What breaks it", or the panel: keep ten minutes for drawing, it is what people remember.
#
# Open the notebook once the day before with `use_mnist = True`, if the class is to use MNIST: the download is then in the cache.

# %%
import jax
import jax.numpy as jnp
import numpy as np

from dl_workshop import datasets, exercises, fit, panels, plots, scaling, tuning
from dl_workshop.losses import softmax_loss
from dl_workshop.errors import LearnerError
from dl_workshop.metrics import accuracy
from dl_workshop.models import softmax
from dl_workshop.optimizers import adam, gradient_descent
from dl_workshop.saving import load_params, save_params

ex = exercises.load("11")

# %% [markdown] minutes=2
# ## The digits
#
# 1797 handwritten digits, 8 by 8 pixels each, come with scikit-learn, so that they need no network. They are small, but real:
# people wrote them on forms.

# %% [markdown]
# The classic is MNIST: 28 by 28 pixels. For it, set `use_mnist = True` and run the notebook from the top. That needs 1 GB of
# memory and downloads 1.6 MB once, the 10,000 digits of its smaller part; later runs take them from the cache. The text speaks of the small digits.

# %%
use_mnist = False

if use_mnist:
    table, ink, box = datasets.mnist("test"), 255.0, 20
else:
    table, ink, box = datasets.digits(), 16.0, 8
raw, y = ink * table.x, table.y

side = round(raw.shape[1] ** 0.5)
print(table.source)
print(f"{len(raw)} digits of {side} by {side} pixels, grey levels from 0 to {ink:.0f}")

# %% [markdown] tags=["instructor"]
# The files hold whole numbers; the kit's loaders divide by the largest. We undo that, `ink * table.x`, to begin where the files begin.
# No network in the room? Put the two files of MNIST in a folder, and its name in the environment variable `DL_WORKSHOP_DATA`.

# %%
plots.show(plots.digits(raw[:20] / ink, y[:20]))

# %% [markdown]
# Some are hard even for us. Nobody reads all of them right.

# %% [markdown] minutes=3
# ## A picture is a row of numbers
#
# Here is the first digit, as numbers: how much ink is in each pixel. Can you still see what it is?

# %%
print(raw[0].reshape(side, side).astype(int))

# %% [markdown]
# A zero: a ring of large numbers, small ones inside. The net of lesson 05 takes rows. So we lay the rows of the picture one after the
# other into one long row. Before you run it: how long is it?

# %%
print("as a row:", raw[0].shape, "and all digits as a table:", raw.shape)

# %% [markdown]
# `side` times `side`. Each picture is now a point in a space of that many dimensions, and each **pixel is a column** of a table. What a net
# does with a table, you know.

# %% [markdown] minutes=6
# ## One range for all pixels
#
# In lesson 05 we standardised each column. Should we, when all columns have the same unit, ink? Let us try, and look for the
# largest number. Before you run it: what do you expect?

# %%
per_pixel = scaling.scale(scaling.standard(raw), raw)
largest = per_pixel.max(axis=1)
print(f"standardised, the numbers go from {per_pixel.min():.0f} to {largest.max():.0f}")

# %% [markdown]
# From a few below 0 to dozens above. Some pixels at the edge are empty in nearly all digits. Their deviation is tiny, we divide by it, and
# a faint speck becomes the loudest number of the whole picture.

# %%
row = int(jnp.argmax(largest))
both = jnp.stack([raw[row] / ink, jnp.maximum(per_pixel[row], 0) / largest[row]])
plots.show(plots.digits(both, np.array(["one range", "per pixel"])),
           alt="The same digit twice. With one range for all pixels it is a digit; "
               "scaled pixel by pixel, one dark speck at the edge outshines it.")

# %% [markdown]
# So we scale by the range of the **image**, which is known before we see any digit: from the level of paper to the level of ink.
#
# $$x_\text{new} = \frac{x - \text{paper}}{\text{ink} - \text{paper}}$$

# %% [markdown]
# **Exercise.** Write `scale_images`. `x` has shape `(n, d)`; `paper` and `ink` are numbers, the same for all pixels. On a scan, paper is 255 and ink
# is 0. Does your formula do the right thing there, too?

# %% exercise="scale_images"
def scale_images(x, paper, ink):
    # BEGIN SOLUTION
    return (x - paper) / (ink - paper)
    # END SOLUTION

# %% check="scale_images"
scale_images = ex.scale_images.check(scale_images)

# %%
x = scale_images(raw, 0.0, ink)
print(f"from {x.min():.1f} to {x.max():.1f}")

# %% [markdown]
# Nothing was measured on the digits, so nothing can leak from test to training rows. Remember this function: it also turns dark on light into
# light on dark, and we shall need that.

# %% [markdown] tags=["instructor"]
# What goes wrong: `x.max()` in place of `ink` (works on the whole table, fails on a single pale digit), a scale for each pixel or image, and the
# bracket, `x - paper / ink - paper`. Ask why a table of height in metres and weight in kilograms is different.

# %% [markdown]
# We set digits aside, in four quarters with the same share of each digit. The first of them is our test for now; at the end two more get
# their turn. (We use three of the four, which are equally large, so that the loop compiles once.)

# %%
quarters = datasets.stratified_folds(jax.random.key(2), y, 4)[1:]
train_rows, test_rows = quarters[0]
x_train, y_train = x[train_rows], y[train_rows]
x_test, y_test = x[test_rows], y[test_rows]
x_train.shape, x_test.shape

# %% [markdown] minutes=9
# ## A net of three layers
#
# Ten classes, and one more hidden layer than in lesson 05. The first has 64 units and makes features out of pixels, the second has 16 and makes
# features out of features:
#
# $$h_1 = \tanh(x W_1 + b_1), \quad h_2 = \tanh(h_1 W_2 + b_2), \quad z = h_2 W_3 + b_3$$

# %% [markdown]
# **Exercise.** Write `init_net`, for four widths such as `(64, 64, 16, 10)`. Layer by layer: weights normal with spread
# $1/\sqrt{\text{fan\_in}}$, biases zeros. The names are `w1`, `b1` to `w3`, `b3`; in a loop, `f"w{i + 1}"` makes them.

# %% exercise="init_net"
def init_net(key, widths):
    keys = jax.random.split(key, 3)
    # BEGIN SOLUTION
    params = {}
    for i in range(3):
        fan_in, fan_out = widths[i], widths[i + 1]
        w = jax.random.normal(keys[i], (fan_in, fan_out)) / jnp.sqrt(fan_in)
        params[f"w{i + 1}"] = w
        params[f"b{i + 1}"] = jnp.zeros(fan_out)
    return params
    # END SOLUTION

# %% check="init_net"
init_net = ex.init_net.check(init_net)

# %% [markdown]
# Before you run it: most of the numbers that training has to find are in one of the three layers. In which?

# %%
start = init_net(jax.random.key(5), (side**2, 64, 16, 10))
for name in start:
    print(f"{name}: {start[name].shape}")
print("numbers in all:", sum(value.size for value in start.values()))

# %% [markdown]
# In the first, which looks at the pixels. The picture shows some of the units: a funnel, down to ten numbers for each digit.

# %%
plots.show(plots.neural_diagram(start, activations=("tanh", "tanh", "softmax")))

# %% [markdown]
# **Exercise.** Write `three_layer`, up to the logits $z$: a table with a row for each digit and a column for each class. All ten columns stay.

# %% exercise="three_layer"
def three_layer(params, x):
    # BEGIN SOLUTION
    h1 = jnp.tanh(x @ params["w1"] + params["b1"])
    h2 = jnp.tanh(h1 @ params["w2"] + params["b2"])
    return h2 @ params["w3"] + params["b3"]
    # END SOLUTION

# %% check="three_layer"
three_layer = ex.three_layer.check(three_layer)

# %% [markdown] tags=["instructor"]
# What goes wrong: `[:, 0]` carried over from lesson 05; softmax at the end, and once more inside the loss (it trains, but slowly, and nobody
# sees why); `h1` used again where `h2` belongs, which the shapes catch. In `init_net`: one key for all, `widths[0]` for every root.

# %% [markdown] minutes=3
# ## What should the first loss be?
#
# A habit worth having: before you train, say what the loss of a net should be that knows nothing. If it is far from that, something is broken,
# and you have not waited an hour to find out.

# %% question="start_loss"
ex.start_loss.ask()

# %%
nothing = jax.tree.map(jnp.zeros_like, start)
print(f"all weights 0: {softmax_loss(nothing, three_layer, x_train, y_train):.3f}")
print(f"random start:  {softmax_loss(start, three_layer, x_train, y_train):.3f}")

# %% [markdown]
# With all weights 0, ten equal classes: $\log 10 = 2.303$. The random start is a little off, since it takes sides at random. Both are as they
# should be. (Training from zeros would fail all the same: lesson 08.)

# %% [markdown] minutes=7
# ## Mini-batches and Adam
#
# A gradient of all digits is exact and dear. One of 128 digits drawn at random points nearly the same way, and costs a tenth of it. So we shuffle,
# take a step for every 128 digits, and shuffle again: lesson 07's mini-batches.

# %%
batches = len(x_train) // 128
print(f"one epoch, one way through all {len(x_train)} digits: {batches} steps")

# %% [markdown]
# An incomplete last batch is left out; since the order is drawn anew, its digits get their turn in another epoch.

# %% [markdown]
# Gradient descent gives all weights one step size. But the pixels in the middle change often and those at the edge hardly ever: their gradients differ in size.
# **Adam** keeps two running means for each weight, of its gradient and of the square of its gradient:
#
# $$m \leftarrow 0.9\, m + 0.1\, g, \qquad s \leftarrow 0.999\, s + 0.001\, g^2$$

# %% [markdown]
# Then it steps by
#
# $$w \leftarrow w - \text{step\_size} \cdot \frac{m}{\sqrt{s}}$$
#
# A gradient divided by its own usual size is near 1. So each weight moves by about `step_size`, whether its gradients are large or small. (The
# means start at 0, and Adam makes up for that; lesson 12 writes it out in full.)

# %% [markdown]
# 300 steps with each. Before you run it: will these curves be smooth, as those of lesson 05 were?

# %%
short = dict(n_steps=300, batch_size=128, key=jax.random.key(3), progress=False)
descent = fit(start, three_layer, softmax_loss, x_train, y_train,
              step_size=0.1, **short).losses
quick = fit(start, three_layer, softmax_loss, x_train, y_train,
            step_size=0.01, optimizer=adam, **short).losses

# %%
plots.show(plots.loss_curve({"gradient descent": descent, "Adam": quick}))

# %% [markdown]
# They jitter, because each loss is that of another 128 digits. Adam is far ahead. Part of that is its step size: gradient descent gets closer
# with 0.5. The two step sizes do not mean the same, so each optimiser needs its own.

# %% question="louder_loss"
ex.louder_loss.ask()

# %%
grads = jax.grad(softmax_loss)(start, three_layer, x_train, y_train)["w1"]
for times in (1, 1000):
    for optimizer in (gradient_descent, adam):
        init, update = optimizer(0.01)
        updates, _ = update(times * grads, init(start["w1"]))
        print(f"loss times {times}: the first step of {optimizer.__name__} "
              f"moves w1 by up to {jnp.abs(updates).max():.4f}")

# %% [markdown]
# An optimiser is two functions: `init` makes what it remembers, `update` turns gradients into steps. Gradient descent's step has grown a thousandfold.
# Adam's has not: $m$ and $\sqrt{s}$ both grow, and their ratio stays.

# %% [markdown] tags=["instructor"]
# Adam is not better in every respect: it keeps two more numbers for each weight, and well-tuned descent with momentum often ends as good or better. It forgives
# a bad step size, and that is why people begin with it.

# %% [markdown] minutes=4
# ## Which step size?
#
# Trying ten step sizes takes ten runs. A **range test** takes one: the step size grows with each step, from far too small to far
# too large, and we watch the loss. Before you run it: which three parts will the curve have?

# %%
sweep = tuning.range_test(start, three_layer, softmax_loss, x_train, y_train,
                          low=1e-5, high=1.0, n_steps=200, optimizer=adam,
                          batch_size=128, key=jax.random.key(4))
plots.show(plots.range_test(*sweep))

# %% [markdown]
# Flat, falling, jumping. On the left the steps are too small to matter, on the right each throws the params across the valley.

# %% [markdown]
# Which step size would you take? Not the lowest point: the curve is low there thanks to the smaller steps before, and the edge is near. A good one is
# where the loss falls steeply, a few times smaller. A factor of two either way is no matter.

# %% [markdown]
# We take 0.03 (for MNIST, with its longer rows, 0.01).

# %%
step_size = 0.01 if use_mnist else 0.03

# %% [markdown] minutes=5
# ## Large steps first, small steps last
#
# Far from the valley large steps are good. Near its floor they jump from wall to wall. So let the step size shrink, in stairs: multiply it by a factor,
# again and again, after every so many steps.
#
# $$\text{step\_size}(t) = \text{start} \cdot \text{factor}^{\lfloor t / \text{every} \rfloor}$$

# %% [markdown]
# The brackets $\lfloor\ \rfloor$ mean: rounded down. **Exercise.** Write `decay`. `step` is one number or an array of them, and it may be traced by JAX: use
# `jnp.floor`, not Python's own `math.floor`.

# %% exercise="decay"
def decay(step, start, factor, every):
    # BEGIN SOLUTION
    return start * factor ** jnp.floor(step / every)
    # END SOLUTION

# %% check="decay"
decay = ex.decay.check(decay)

# %% [markdown]
# Before you run it: from 0.1, with the factor 0.9 at every 50th step, what is the step size at step 49, at 50, and at 100?

# %%
steps = jnp.array([0, 49, 50, 100, 150, 200])
for step, size in zip(steps, decay(steps, 0.1, 0.9, 50), strict=True):
    print(f"step {step:3}: {size:.4f}")

# %% [markdown]
# 0.1 up to step 49, then 0.09, then 0.081. In place of a number, `adam` also takes a function of the step. So here is an optimiser of our own:

# %%
def adam_in_stairs(step_size):
    return adam(lambda step: decay(step, step_size, 0.8, 50))

# %% [markdown]
# Both start at 0.1, which the range test calls dangerous. What will each curve look like after 500 steps?

# %%
full = dict(short, n_steps=500)
constant = fit(start, three_layer, softmax_loss, x_train, y_train,
               step_size=0.1, optimizer=adam, **full).losses
shrinking = fit(start, three_layer, softmax_loss, x_train, y_train,
                step_size=0.1, optimizer=adam_in_stairs, **full).losses

# %%
plots.show(plots.loss_curves({"always 0.1": constant, "0.1, shrinking": shrinking}))

# %% [markdown]
# The constant one never comes to rest. The shrinking one jumps as wildly at first, then settles. A schedule forgives a start that is somewhat too
# large.

# %% [markdown] tags=["instructor"]
# What goes wrong: `factor * n` for a power; `step % every`; no rounding, which is a schedule too, only without stairs. `math.floor` takes one number only,
# so the check stops it: inside `fit` it would fail, too. Decay also hides a start too small: it then stops before it has arrived.

# %% [markdown] minutes=6
# ## How well does it read?
#
# **Exercise.** Write `predict`: for each row, the class with the largest logit. Softmax would not change which one is largest, so it is not needed. The result
# has shape `(n,)` and holds whole numbers.

# %% exercise="predict"
def predict(params, model, x):
    # BEGIN SOLUTION
    return jnp.argmax(model(params, x), axis=1)
    # END SOLUTION

# %% check="predict"
predict = ex.predict.check(predict)

# %% [markdown]
# Now the net that we keep: Adam from `step_size`, shrinking. The null check first: "always the same digit" reads one in ten. What do you expect of the net?

# %%
def train(x, y):
    return fit(start, three_layer, softmax_loss, x, y,
               step_size=step_size, optimizer=adam_in_stairs, **full).params

params = train(x_train, y_train)
y_pred = predict(params, three_layer, x_test)
on_train = accuracy(y_train, predict(params, three_layer, x_train))
print(f"training digits: {on_train:.1%} right, test digits: {accuracy(y_test, y_pred):.1%}")

# %% [markdown]
# All of the training digits, or nearly all, and about 97 in 100 of those it has never seen. Is that luck? We train anew for each of the three quarters, from the same
# start, and take the mean.

# %%
scores = []
for train_rows, test_rows in quarters:
    net = train(x[train_rows], y[train_rows])
    scores.append(accuracy(y[test_rows], predict(net, three_layer, x[test_rows])))
    print(f"{scores[-1]:.1%}")
print(f"mean of the three: {sum(scores) / 3:.1%}")

# %% [markdown]
# Single quarters differ by a point or so. The mean is 97 to 98 percent, which is also what scikit-learn's own net reaches. (With 7,500 MNIST digits it
# is about 95; with all 60,000 nets of this size are known to reach 97.)

# %% [markdown]
# Look at those that it got wrong. Would you have read them right?

# %%
wrong = y_pred != y_test
fig = plots.digits(x_test[wrong], y_test[wrong], y_pred[wrong], columns=8, most=16)
plots.show(fig)

# %% [markdown]
# Some are hard for anyone. Others are easy, and still wrong: the net does not read as we do.

# %% question="shuffled_pixels"
ex.shuffled_pixels.ask()

# %%
order = jax.random.permutation(jax.random.key(9), side**2)
plots.show(plots.digits(x_test[:10][:, order], y_test[:10]),
           alt="Ten test digits with shuffled pixels: specks without any form.")

shuffled = train(x_train[:, order], y_train)
y_shuffled = predict(shuffled, three_layer, x_test[:, order])
print(f"test digits, shuffled: {accuracy(y_test, y_shuffled):.1%} right")

# %% [markdown]
# About as many. The net never knew which pixels are neighbours. That is a strength, it reads any table, and a weakness, as we shall see. Nets with *convolution*
# know; lesson 12 says where to go for them.

# %% [markdown] minutes=5
# ## Save it, load it, use it
#
# A trained net is its params: six arrays. `save_params` writes them to a file, `my_digits.npz`, beside this notebook. Before you run it: how large will
# the file be, at 4 bytes a number?

# %%
file = save_params("my_digits", params)
print(f"{file.name}: {file.stat().st_size / 1000:.0f} kB")

# %% [markdown]
# A few thousand numbers of 4 bytes, and a little for their names. Now load it, as you would in another notebook. `like` is any start of the same net:
# `load_params` compares names and shapes with it, so that the wrong file is found out at once.

# %%
loaded = load_params("my_digits", like=start)
same = predict(loaded, three_layer, x_test) == y_pred
print("the same answers:", bool(same.all()))

# %%
smaller = init_net(jax.random.key(0), (side**2, 32, 16, 10))
try:
    load_params("my_digits", like=smaller)
except LearnerError as refusal:
    print(refusal)

# %% [markdown]
# To read **one** digit, give the model a table with one row: `x_test[:1]`, of shape `(1, d)`, and not `x_test[0]`.

# %%
probabilities = softmax(three_layer(loaded, x_test[:1]))[0]
plots.show(plots.what_the_net_saw(x_test[0].reshape(side, side), probabilities))

# %% question="what_to_keep"
ex.what_to_keep.ask()

# %% [markdown] minutes=5
# ## What breaks it
#
# The net has learned digits *made as these were made*. Here are the test digits again, each time changed in a way that hardly disturbs a reader.

# %% question="worst_change"
ex.worst_change.ask()

# %%
pictures = x_test.reshape(-1, side, side)
changes = {
    "as it was": pictures,
    "unscaled": ink * pictures,
    "pale": pictures / 16,
    "thin": jnp.where(pictures > 0.7, pictures, 0.0),
    "moved": jnp.roll(pictures, -side // 8, axis=2),
    "inverted": 1 - pictures,
}

# %%
for name, changed in changes.items():
    changed = changed.reshape(len(changed), -1)
    p = softmax(three_layer(loaded, changed)).max(axis=1).mean()
    right = accuracy(y_test, predict(loaded, three_layer, changed))
    print(f"{name:10} {right:6.1%} right, sure of it on average with {p:.0%}")

# %% [markdown]
# Too bright does next to nothing, since tanh goes no further than 1. Too pale costs a good part, a thin stroke some, a move by an eighth of the picture about half. Inverted, the
# net reads next to none. And look at the last column: **it does not know that it is lost.**

# %%
one = jnp.stack([changed[1] for changed in changes.values()])
said = predict(loaded, three_layer, one.reshape(len(one), -1))
labels = np.array([f"{name}\nsays {s}" for name, s in zip(changes, said, strict=True)])
plots.show(plots.digits(one, labels, columns=6))

# %% [markdown] tags=["instructor"]
# Ask before the run; most say "not scaled". It is not that scaling does not matter: it mattered in *training*, where the largest inputs decide the step. "Moved" is the one
# to dwell on: for us the digit is the same, for a table every column has changed.

# %% [markdown] minutes=7
# ## From a page to the net
#
# So a drawing must be made as the training digits were: light on dark, cut out, scaled to the same size, in the middle. Here is a page: dark ink on white paper,
# and the digit is somewhere in the upper right.

# %%
page = np.full((5 * side, 5 * side), 255.0)
page[side // 2:5 * side // 2, 5 * side // 2:9 * side // 2] -= np.kron(
    255 * pictures[1], np.ones((2, 2)))

page_ink = scale_images(page, 255.0, 0.0)
print(f"paper is 0: {page_ink[0, 0] == 0}, darkest ink: {page_ink.max():.2f}")

# %% [markdown]
# Your `scale_images` has turned it round already: paper is 255 here and ink 0, and out come 0 and 1. If we only shrink the page, the net sees this:

# %%
def look_at(seen):
    p = softmax(three_layer(loaded, seen.reshape(1, -1)))[0]
    plots.show(plots.what_the_net_saw(seen, p, drawn=page_ink))

look_at(jax.image.resize(page_ink, (side, side), "linear"))

# %% [markdown]
# A blot in a corner. **Exercise.** Write `cut_out`: find the box that holds the ink, and put it into the middle of the smallest square in which it fits, with 0 around.
# `rows` are the numbers of the rows with any ink in them, so `rows[0]` is the first, and `rows[-1]` the last.

# %% exercise="cut_out"
def cut_out(page):
    rows = np.flatnonzero(page.any(axis=1))
    columns = np.flatnonzero(page.any(axis=0))
    # BEGIN SOLUTION
    box = page[rows[0]:rows[-1] + 1, columns[0]:columns[-1] + 1]
    height, width = box.shape
    side = max(height, width)
    top, left = (side - height) // 2, (side - width) // 2
    square = np.zeros((side, side))
    square[top:top + height, left:left + width] = box
    return square
    # END SOLUTION

# %% check="cut_out"
cut_out = ex.cut_out.check(cut_out)

# %% [markdown]
# The rest is one line each: scale to the size of the training digits, `box` pixels, and add the margin that they have (none for the small digits, 4 pixels
# for MNIST). What will the net say now?

# %%
def prepare(page):
    square = cut_out(scale_images(page, 255.0, 0.0))
    small = jax.image.resize(square, (box, box), "linear")
    return jnp.pad(small, (side - box) // 2)

look_at(prepare(page))

# %% [markdown]
# It is nearly the digit it was, and it is read right. Half of the work in reading a picture is to make it like those that the net knows.

# %% [markdown] tags=["instructor"]
# What goes wrong: the slice that ends one too early, so that a row of ink is lost; `page[rows]`, which closes gaps; the digit in the corner of the square. MNIST was
# centred by its centre of mass, and the panel does that; our box in the middle is close enough.

# %% [markdown] minutes=5
# ## Your own hand
#
# A foreign hand is harder than a test set: 2,000 digits of other writers, taken from MNIST as if each had been drawn on a sheet, were read right in half of all cases by a net like
# ours when they were prepared as above, and in 75 of 100 when they were also made upright, as narrow and as thick as our digits are, which the panel does. More writers would help,
# but we have none. So we make them up: every training digit again, four times, slanted, turned, stretched, thinner or thicker.

# %% [markdown]
# Before you run it: the net has never seen such digits. Will it read the *test* digits, which are as they were, better or worse than before?

# %%
more = (x_train, y_train)
if not use_mnist:
    more = datasets.varied(jax.random.key(5), *more)
sturdy = fit(start, three_layer, softmax_loss, *more, step_size=step_size,
             optimizer=adam_in_stairs, **full).params
said = predict(sturdy, three_layer, x_test)
print(f"trained on {len(more[0])} digits; test digits: {accuracy(y_test, said):.1%} right")
for name in ("thin", "moved"):
    changed = changes[name].reshape(len(x_test), -1)
    before, now = (accuracy(y_test, predict(net, three_layer, changed))
                   for net in (loaded, sturdy))
    print(f"{name:6} {before:6.1%} before, {now:6.1%} now")

# %% [markdown]
# About as well as before: what we made up cost next to nothing here. It pays on the foreign hand, of which such a net read more than 80 in 100. A digit that is *moved* is read
# more often, though by no means always. So use this net now.

# %% [markdown]
# Now it is your turn. Draw a digit, with the mouse or by keys. The panel prepares it, and shows what your net sees, what it says, and the training digit nearest to yours.
# Or load a digit from the list and spoil it.

# %% [markdown]
# Try, each time with a guess first:
#
# 1. a large 3, and the same 3 small in a corner: does it matter?
# 2. "Thin stroke", and then "No centring" with the small 3;
# 3. "No inversion": what does the net see, and how sure is it?
# 4. a 7 with a bar and one without, a 1 as a plain line, a 4 open at the top.

# %%
panels.draw_digit(sturdy, three_layer, x=x_train, y=y_train)

# %% [markdown]
# Your digits are still read less well than the test digits, most likely. They were written with another pen by another hand, on a screen. A score holds for data *like those it was
# measured on*.

# %% question="no_eleventh"
ex.no_eleventh.ask()

# %% [markdown] tags=["instructor"]
# Let pairs play: one draws, the other guesses what the net will say. Collect what it gets wrong on a board, and find the cause with the nearest training digit: mostly a form that
# is rare among the 1797, such as a 7 with a bar, or a 1 as a plain line.

# %% [markdown]
# ## What we did
#
# - A picture is a row of numbers, and a pixel a column. We scaled by the range from paper to ink, not pixel by pixel.
# - **Model**: two hidden layers, ten logits. **Loss**: cross-entropy, which starts at $\log 10$. **Optimiser**: Adam on mini-batches, with a step size chosen by a range test
#   and shrinking in stairs.
# - We read about 97 of 100 unseen digits, saved the net, and loaded it.
# - We saw what breaks it: a change that we hardly notice, while the net stays sure of itself.

# %% [markdown]
# What we left out: validation digits. Step size, factor and number of steps were found by trying on this data, so the 97 percent flatter a little (lesson 10). Next, in
# lesson 12, we write Adam out.

# %%
ex.report()

# %% [markdown]
# ## If you have time
#
# 1. Set `use_mnist = True`, and run the notebook from the top. Which changes break the larger digits less, and why?
# 2. Train on the training digits and on the same digits *moved by a pixel* to each side. Is "moved" still half wrong?
# 3. Train without the middle layer. How much does it add?
# 4. Photograph a digit of your own: `plt.imread` gives levels; average the colours, and hand them to `prepare`. What are `paper` and `ink` on your photo?

# %% [markdown] tags=["instructor"]
# Answers. 1: a thin stroke hardly hurts, since strokes are several pixels wide there; a move by an eighth, which is three pixels now, hurts even more. 2: `jnp.roll` the *training* pictures by one pixel each way and train on all (`jnp.tile` repeats the labels): "moved" rises to
# about 96 in 100 (moving the test digits themselves would be cheating: ask who saw that). 3: nothing that can be measured here, a net of two layers reads as well. 4: paper is rarely white: take its typical level, and set what is nearly
# paper to 0 before `cut_out`, or every speck counts as ink.
