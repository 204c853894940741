# %% [markdown]
# # 12 Training in practice
#
# In eleven lessons the model changed often, the loss now and then, and the optimiser nearly never. Now it does. You write the
# three optimisers that most nets are trained with, try many starts at once, and then you are called in where training has gone
# wrong.

# %% [markdown]
# | part | what it is | in this lesson |
# |---|---|---|
# | model | a guess at how the world makes y from x | as before: a line, then small nets |
# | loss | one number that says how bad a guess is | as before: mean squared error, cross-entropy |
# | optimiser | a way to make the loss smaller | **new**: momentum, RMSProp, Adam |

# %% [markdown] tags=["instructor"]
# Minutes below add up to 59. Late? Hand out RMSProp (`ex.rmsprop_update.solution()`), show "Many devices" and "Where to go
# next" without running them. Never skip momentum or the sabotage lab: it is the part that people tell others about. Let them do
# it in pairs.

# %%
import jax
import jax.numpy as jnp
import matplotlib.pyplot as plt
import optax

from dl_workshop import datasets, exercises, fit, initializers, models, panels, parallel
from dl_workshop import plots, scaling
from dl_workshop.lessons.lesson_12_training_in_practice.sabotage import broken_runs
from dl_workshop.losses import logistic_loss, mse_loss
from dl_workshop.models import init_mlp, linear_model, logistic, mlp_model
from dl_workshop.optimizers import gradient_descent

ex = exercises.load("12")

# %% [markdown] minutes=3
# ## A narrow valley
#
# The points of lesson 03 again, with x in another unit: every x is ten times as large, as if we measured in millimetres what
# was in centimetres. The line is the same, so the right w is now 0.2, and b is still 20.

# %%
x, y = datasets.simulated.line(jax.random.key(0))
x = 10 * x
start = dict(w=-0.5, b=0.0)

# %% [markdown]
# Along w the loss now bends 850 times as much as along b: the bowl has become a narrow valley. A step size above 0.0012 would
# throw w from wall to wall. Before you run it: with 0.001, how far will b have come after 300 steps?

# %%
def run(optimizer, step_size):
    return fit(start, linear_model, mse_loss, x, y, optimizer=optimizer,
               step_size=step_size, n_steps=300)

plain = run(gradient_descent, 0.001)
print(f"w = {plain.params['w']:.3f}, b = {plain.params['b']:.2f}")

# %%
valley = dict(limits=((-2.5, 2.9), (-3, 27)))
ax = plots.contour_paths(start, linear_model, mse_loss, x, y,
                         {"plain": plain.path}, **valley)
plots.show(ax)

# %% [markdown]
# w is right almost at once. b has not come half of the way, to about 9. One step size serves both: what is nearly too much for
# w is far too little for b.

# %% [markdown] tags=["instructor"]
# "Why not scale x?" Quite right, and we come to that. Say: inside a net nobody scales the hidden layers for us, and their
# valleys are as narrow as this one. So the optimiser has to live with them.

# %% [markdown] minutes=7
# ## Momentum
#
# A ball that rolls down a valley remembers its speed. Across the valley the pushes alternate and cancel. Along it they agree
# and add up. So keep a **velocity** $v$: a share of the old one, plus the new gradient, for every param.

# %% [markdown]
# $$v \leftarrow \text{decay} \cdot v + \text{grad}, \qquad \text{update} = -\,\text{step\_size} \cdot v$$
#
# Now the optimiser remembers something. So it is given its memory, and returns the updates **and** the new memory. The loop
# adds the updates to the params.

# %% question="top_speed"
ex.top_speed.ask()

# %% [markdown]
# **Exercise.** Write `momentum_update`. `grads` and `velocity` are dicts with the same keys. Return two new dicts, `updates,
# velocity`. As in lesson 03, `jax.tree.map(f, a, b)` calls `f` with the numbers of both dicts, entry by entry.

# %% exercise="momentum_update"
def momentum_update(grads, velocity, step_size, decay):
    # BEGIN SOLUTION
    velocity = jax.tree.map(lambda v, grad: decay * v + grad, velocity, grads)
    updates = jax.tree.map(lambda v: -step_size * v, velocity)
    return updates, velocity
    # END SOLUTION

# %% check="momentum_update"
momentum_update = ex.momentum_update.check(momentum_update)

# %% [markdown]
# `fit` takes an optimiser as two functions: `init(params)` gives the memory to begin with, and `update(grads, memory, params)`
# makes the updates. Here the memory begins with zeros, and the decay is 0.9.

# %%
def zeros(params):
    return jax.tree.map(jnp.zeros_like, params)

def momentum(step_size):
    def update(grads, velocity, params=None):
        return momentum_update(grads, velocity, step_size, 0.9)
    return zeros, update

# %% [markdown]
# Before you run it: the step size stays 0.001. How far will b come in 300 steps now?

# %%
rolling = run(momentum, 0.001)
print(f"w = {rolling.params['w']:.3f}, b = {rolling.params['b']:.2f}")

# %%
ax = plots.contour_paths(start, linear_model, mse_loss, x, y,
                         {"plain": plain.path, "momentum": rolling.path}, **valley)
plots.show(ax)

# %% [markdown]
# All of the way, to 20.1. Along the valley its steps grew ten times as long, just as you worked out. The price is at the start:
# it swings wider, and for longer.

# %% [markdown] tags=["instructor"]
# What goes wrong: `1 - decay` in front of the gradient (Adam has it, this form has not; both are in use), the updates made of
# the old velocity, the minus in the velocity. The check names these. Books differ on where the step size goes: with a fixed one
# it is the same.

# %% [markdown] minutes=6
# ## RMSProp: a scale for every param
#
# Momentum still has one step size for all. RMSProp gives each param its own scale: it remembers how large that param's
# gradients usually are, as a running mean $s$ of their squares, and divides by the root of it.

# %% [markdown]
# $$s \leftarrow \text{decay} \cdot s + (1 - \text{decay}) \cdot \text{grad}^2, \qquad
# \text{update} = -\,\text{step\_size} \cdot \frac{\text{grad}}{\sqrt{s + 10^{-8}}}$$
#
# The tiny number keeps us from dividing by 0. What is left of the gradient is its sign, and a size near 1.

# %% question="thousandfold"
ex.thousandfold.ask()

# %% [markdown]
# **Exercise.** Write `rmsprop_update`. `square` is the memory, a dict like `grads`. Return `updates, square`.

# %% exercise="rmsprop_update"
def rmsprop_update(grads, square, step_size, decay):
    # BEGIN SOLUTION
    square = jax.tree.map(lambda s, grad: decay * s + (1 - decay) * grad**2, square, grads)
    updates = jax.tree.map(
        lambda s, grad: -step_size * grad / jnp.sqrt(s + 1e-8), square, grads)
    return updates, square
    # END SOLUTION

# %% check="rmsprop_update"
rmsprop_update = ex.rmsprop_update.check(rmsprop_update)

# %% [markdown]
# A step size now says how far a param moves in one step, whatever the loss is. So 0.1 is a sensible one here, where 0.0012 was
# the limit before. b has 20 to go. Before you run it: how many steps will it need?

# %%
def rmsprop(step_size):
    def update(grads, square, params=None):
        return rmsprop_update(grads, square, step_size, 0.9)
    return zeros, update

scaled = run(rmsprop, 0.1)
print("the last three w:", [f"{w:.2f}" for w in scaled.path["w"][-3:]])
print(f"b = {scaled.params['b']:.2f}, loss {scaled.losses[-1]:.1f}")

# %% [markdown]
# About 200: it walks 0.1 a step, however flat the valley. But see w at the end. It jumps around 0.2 and never comes to rest,
# because steps of a fixed length do not shrink near the bottom. A step size that decays, as in lesson 11, mends that.

# %% [markdown] minutes=8
# ## Adam: both
#
# Adam has both memories: a running mean $m$ of the gradients, which is momentum, and a running mean $s$ of their squares, which
# is RMSProp. One is divided by the root of the other.

# %% [markdown]
# One thing is new. Both means start at 0, so at first they are too small. After $t$ steps a share $\text{decay}^t$ of them is
# still that 0, and dividing by $1 - \text{decay}^t$ makes up for it:
#
# $$\hat m = \frac{m}{1 - \text{decay}_1^{\,t}}, \qquad \hat s = \frac{s}{1 - \text{decay}_2^{\,t}}, \qquad
# \text{update} = -\,\text{step\_size} \cdot \frac{\hat m}{\sqrt{\hat s} + 10^{-8}}$$

# %% question="first_adam_step"
ex.first_adam_step.ask()

# %% [markdown]
# **Exercise.** Write `adam_update`. The memory is `(t, mean, square)`: count, and two dicts. In order: add 1 to t; `mean` takes
# the share `1 - b1` of the gradient; `square` the share `1 - b2` of its square; then the updates. Return `updates, (t,
# mean, square)`, the means **not** corrected.

# %% exercise="adam_update"
def adam_update(grads, state, step_size, b1, b2):
    t, mean, square = state
    # BEGIN SOLUTION
    t = t + 1
    mean = jax.tree.map(lambda m, grad: b1 * m + (1 - b1) * grad, mean, grads)
    square = jax.tree.map(
        lambda s, grad: b2 * s + (1 - b2) * grad**2, square, grads)

    def change(m, s):
        m, s = m / (1 - b1**t), s / (1 - b2**t)
        return -step_size * m / (jnp.sqrt(s) + 1e-8)

    return jax.tree.map(change, mean, square), (t, mean, square)
    # END SOLUTION

# %% check="adam_update"
adam_update = ex.adam_update.check(adam_update)

# %%
def adam(step_size):
    def init(params):
        return 0, zeros(params), zeros(params)

    def update(grads, state, params=None):
        return adam_update(grads, state, step_size, 0.9, 0.999)
    return init, update

# %% [markdown]
# Now all four on the one bowl, each with a step size that suits it. Before you run it: which will be the first to bring the
# loss below 5?

# %%
runs = {"plain": plain, "momentum": rolling, "RMSProp": scaled, "Adam": run(adam, 0.3)}
for name, one in runs.items():
    below = (one.losses < 5).nonzero()[0]
    when = f"below 5 at step {below[0]}" if len(below) else "never below 5"
    print(f"{name}: {when}, at the end {one.losses[-1]:.2f}")

# %%
ax = plots.loss_curve({name: one.losses for name, one in runs.items()}, log=True)
plots.show(ax)

# %% [markdown]
# Adam and momentum need about 100 steps, RMSProp about 200, and plain descent would need some 1100. With other step sizes, or
# in another valley, the order may be another. There is no best optimiser for all.

# %% [markdown]
# Is your Adam the real one? Optax is the library of optimisers for JAX. Its optimisers are pairs of the same two functions, so
# `fit` takes any of them.

# %%
theirs = run(optax.adam, 0.3)
ours = runs["Adam"]
same = jnp.allclose(ours.losses, theirs.losses, rtol=1e-2)
print("Optax's Adam and yours give the same losses:", bool(same))

# %% [markdown]
# The same. From here on you may use theirs, or the kit's `optimizers.adam`, and know what is inside.
#
# An honest last word on this valley. Before you run it: what will plain descent do if x is scaled first?

# %%
x_scaled = scaling.scale(scaling.standard(x), x)
easy = fit(start, linear_model, mse_loss, x_scaled, y, step_size=0.3, n_steps=20)
print(f"loss after 20 steps of plain descent: {easy.losses[-1]:.3f}")

# %% [markdown]
# It is there after 20 steps, at about 0.9. Where you can scale, scale: no optimiser makes up for it. Inside a net you cannot,
# and there Adam with 0.001 to 0.01 is what most people try first. Momentum with a good schedule often ends as well or better.

# %% [markdown] tags=["instructor"]
# What goes wrong in Adam: the corrected means are kept (the check says so), the old count is used and 0 divides, the decays are
# swapped. Late? `ex.adam_update.solution()` on the screen, and read it aloud against the formulas. Ask: why 0.999 for the
# squares? Because a scale should be steadier than a direction.

# %% [markdown] minutes=6
# ## Where to start
#
# An optimiser goes on from a start, and a bad one can be the end. Take a net with six hidden layers of 100 tanh units, and let
# 200 random rows run through it, untrained. What do the layers say?

# %% question="six_layers"
ex.six_layers.ask()

# %%
widths = (100, 100, 100, 100, 100, 100, 100, 1)
inputs = jax.random.normal(jax.random.key(0), (200, 100))
starts = {"spread 0.01": initializers.normal(0.01), "spread 1": initializers.normal(1.0),
          "Xavier": initializers.xavier}
nets = {name: init_mlp(jax.random.key(1), widths, init=init)
        for name, init in starts.items()}

# %%
layers = models.hidden_layers(nets["spread 0.01"], inputs)
plots.show(plots.signal_histograms(layers))

# %% [markdown]
# A tenth in every layer. After six, nothing is left of the input, and the gradient, which comes back through the same weights,
# fades just so. Before you run the next two: spread 1 is a hundred times as large. Better?

# %%
layers = models.hidden_layers(nets["spread 1"], inputs)
plots.show(plots.signal_histograms(layers))

# %%
layers = models.hidden_layers(nets["Xavier"], inputs)
plots.show(plots.signal_histograms(layers))

# %% [markdown]
# With spread 1 the units shout: nearly all say -1 or +1, where tanh is flat and learns little. **Xavier**, the spread $\sqrt{2
# / (\text{fan\_in} + \text{fan\_out})}$, is in between, and the signal passes. For relu, which lets only half through, **He**
# has $\sqrt{2 / \text{fan\_in}}$.

# %%
labels = (inputs[:, 0] > 0).astype(float)
for name, net in nets.items():
    loss, grads = jax.value_and_grad(logistic_loss)(net, mlp_model, inputs, labels)
    print(f"{name}: loss {loss:.2f}, a slope of w1 is about {grads['w1'].std():.0e}")

# %% [markdown]
# The faint net has slopes of some billionths: it will stay at $\log 2 = 0.69$. The loud one begins with a large loss, sure of
# itself and wrong, and with slopes some hundred times those of Xavier: a step size that suits one layer throws the next one
# about.

# %% [markdown] minutes=6
# ## Many starts at once
#
# Even a good spread is a draw. In lesson 08 some XOR nets got stuck, others did not. So train from many starts, and keep the
# best. `jax.vmap` turns a function of **one** key into a function of many, and runs them side by side.

# %% [markdown]
# Here is a whole training as a function of its key: `jax.lax.scan` is the loop, translated once. It carries the params on and
# collects the losses.

# %%
x_xor, y_xor = datasets.simulated.gate("xor")

def train_from(key):
    def step(params, _):
        loss, grads = jax.value_and_grad(logistic_loss)(params, mlp_model, x_xor, y_xor)
        return jax.tree.map(lambda param, grad: param - grad, params, grads), loss

    return jax.lax.scan(step, init_mlp(key, (2, 2, 1)), length=1000)

# %%
params, losses = train_from(jax.random.key(0))
print("losses:", losses.shape, " w1:", params["w1"].shape)

# %% [markdown]
# **Exercise.** Write `best_of(train_from, keys)`. Train from all keys at once: `losses` is then `(runs, steps)`, and every leaf
# of the params has an axis more in front. Return the params of the run with the lowest **last** loss, and the losses of all
# runs.

# %% exercise="best_of"
def best_of(train_from, keys):
    # BEGIN SOLUTION
    params, losses = jax.vmap(train_from)(keys)
    best = jnp.argmin(losses[:, -1])
    return jax.tree.map(lambda leaf: leaf[best], params), losses
    # END SOLUTION

# %% check="best_of"
best_of = ex.best_of.check(best_of)

# %% question="five_starts"
ex.five_starts.ask()

# %%
keys = jax.random.split(jax.random.key(0), 60)
best, losses = best_of(train_from, keys)
stuck = (losses[:, -1] > 0.2).sum()
print(f"{stuck} of {len(keys)} are stuck; the best ends at {losses[:, -1].min():.4f}")
print("its outputs:", logistic(mlp_model(best, x_xor)).round(2))

# %%
plots.show(plots.loss_curve(losses[:20]))

# %% [markdown]
# More than one in three are stuck, near 0.35. That is half of $\log 2$: two corners are right, and for the other two the net
# shrugs, 1/2. And 60 trainings at once take a fraction of the time of 60 in turn. Now move the slider from start to start, and
# look at what the stuck ones have learned.

# %%
panels.sweep(None, mlp_model, logistic_loss, x_xor, y_xor, seeds=12, step_size=1.0,
             init=lambda key: init_mlp(key, (2, 2, 1)), n_steps=1000, curve=logistic)

# %% [markdown] tags=["instructor"]
# What goes wrong: `losses[-1]`, the last run, in place of `losses[:, -1]`; a Python loop, which is right but slow, and is
# refused for that. One nan among the runs, and `argmin` picks it: question 3 at the end.

# %% [markdown] minutes=4
# ## Many devices
#
# A hundred rows fit anywhere. What if there are a hundred million, and eight graphics cards? The loss is a mean over rows. So
# share the rows out: each device computes the gradient of its own rows, and the mean of those gradients is the gradient.

# %% question="what_is_sent"
ex.what_is_sent.ask()

# %% [markdown]
# `parallel.on_devices` spreads the rows over all devices there are. Model, loss and `fit` stay as they are: JAX sees where the
# rows lie, and adds up what must be added. Before you run it: how many devices have you?

# %%
print("devices:", jax.devices())
x_spread, y_spread = parallel.on_devices(x, y)
spread = fit(start, linear_model, mse_loss, x_spread, y_spread,
             step_size=0.001, n_steps=300)
print("the same losses:", bool(jnp.allclose(spread.losses, plain.losses, rtol=1e-3)))

# %% [markdown]
# One, most likely: a processor counts as one device. The same lines run on eight. On several **machines**, each runs the same
# program, and its first line says who it is:
#
# ```python
# # train.py; start it as: python train.py 0   and, elsewhere: python train.py 1
# parallel.start("192.168.0.10:1234", n_processes=2, process=int(sys.argv[1]))
# x, y = parallel.on_devices(x, y)
# fitted = fit(start, model, loss, x, y)
# ```

# %% [markdown]
# Do not expect speed on a laptop. Two halves of one processor must talk to each other in every step, and for small data they
# take longer than one. This is for nets and data too large for one device.

# %% [markdown] minutes=14
# ## The sabotage lab
#
# Five training runs were sabotaged, one bug each. Nobody tells you which. All you have is what one has in real life: the loss
# curves, the size of the gradients, and how far the weights have moved. Find the bugs.

# %% [markdown]
# First a run without a bug, to compare with. Two circles as in lesson 08, 200 rows to train on and 200 to validate, a net
# 2-8-1, plain descent.

# %%
x, y = datasets.simulated.circles(jax.random.key(1), 200, 0.1)
x_val, y_val = datasets.simulated.circles(jax.random.key(2), 200, 0.1)
start = init_mlp(jax.random.key(3), (2, 8, 1))
healthy = fit(start, mlp_model, logistic_loss, x, y, step_size=1.0, n_steps=300)

# %% [markdown]
# `fit` kept the path. So we can compute, at every step of it, the validation loss, and how large the gradient of each layer is:
# the root of the sum of its squares.

# %%
def gradient_sizes(path, names):
    def size(params):
        grads = jax.grad(logistic_loss)(params, mlp_model, x, y)
        return jnp.sqrt(sum(jnp.sum(grads[name] ** 2) for name in names))
    return jax.vmap(size)(path)

def val_loss(params):
    return logistic_loss(params, mlp_model, x_val, y_val)

# %%
signs = plots.training_signs(
    {"training rows": healthy.losses, "validation rows": jax.vmap(val_loss)(healthy.path)},
    {"hidden layer": gradient_sizes(healthy.path, ("w1", "b1")),
     "output layer": gradient_sizes(healthy.path, ("w2", "b2"))})
plots.show(signs)

# %% [markdown]
# This is health: both losses fall together, both gradients begin near 0.1, are of one size, and shrink towards the end.
# Remember these numbers.

# %%
runs = broken_runs(start, x, y, x_val, y_val)

def show(name, steps=300):
    run = runs[name]
    losses = {"training rows": run.losses[:steps],
              "validation rows": run.val_losses[:steps]}
    norms = {layer: sizes[:steps] for layer, sizes in run.norms.items()}
    print("moved:", {layer: round(far, 3) for layer, far in run.moved.items()})
    plots.show(plots.training_signs(losses, norms))

# %% [markdown]
# We do one together. What is wrong here?

# %%
show("example")

# %% [markdown]
# The loss rises, smoothly, from the first step on, on both kinds of rows. The gradients are healthy at the start and both
# layers move. So the direction is wrong: **goes uphill**, a lost minus. A step size too large would have made it jump.

# %% [markdown]
# These are the suspects. Three of them are innocent.
#
# | name of the bug | what happened |
# |---|---|
# | goes uphill | the update has the wrong sign |
# | step size too large | every step goes too far |
# | step size too small | every step is far too short |
# | all weights start at zero | nobody drew them |
# | hidden units saturated | weights or inputs far too large |
# | labels shuffled | y no longer belongs to x |
# | hidden layer never moves | its params are left out of the step |
# | logistic applied twice | the model gives p, the loss takes it for a logit |

# %% [markdown]
# **Exercise.** Name the bug of run a, in quotes. If you are wrong, the check says what that bug would have shown.
# `runs["a"].losses[:10]` prints the first ten losses, and `.params` are the last params.

# %%
show("a")

# %% exercise="bug_a"
# BEGIN SOLUTION
bug_a = "all weights start at zero"
# END SOLUTION

# %% check="bug_a"
ex.bug_a.check(bug_a)

# %% [markdown]
# **Exercise.** Run b.

# %%
show("b")

# %% exercise="bug_b"
# BEGIN SOLUTION
bug_b = "labels shuffled"
# END SOLUTION

# %% check="bug_b"
ex.bug_b.check(bug_b)

# %% [markdown]
# **Exercise.** Run c. Here are its first 60 steps; the rest is no better.

# %%
show("c", steps=60)

# %% exercise="bug_c"
# BEGIN SOLUTION
bug_c = "step size too large"
# END SOLUTION

# %% check="bug_c"
ex.bug_c.check(bug_c)

# %% [markdown]
# **Exercise.** Runs d and e look alike at first. Look at `moved`, and at where the gradients begin.

# %%
show("d")

# %% exercise="bug_d"
# BEGIN SOLUTION
bug_d = "hidden layer never moves"
# END SOLUTION

# %% check="bug_d"
ex.bug_d.check(bug_d)

# %%
show("e")

# %% exercise="bug_e"
# BEGIN SOLUTION
bug_e = "hidden units saturated"
# END SOLUTION

# %% check="bug_e"
ex.bug_e.check(bug_e)

# %% question="your_first_hour"
ex.your_first_hour.ask()

# %% [markdown] tags=["instructor"]
# Two minutes a run, in pairs, no hints before both have a suspect. Runs b, d and e all end near $\log 2$: a loss alone tells
# little. b is told by the two losses that part, d by a healthy gradient and a movement of 0, e by a hidden gradient a hundred
# times too small at step 0. In c the hidden units are saturated in the end too: damage, not cause.
# `plots.signal_histograms(models.hidden_layers(runs["e"].params, x))` shows e at a glance.

# %% [markdown] minutes=5
# ## Where to go next
#
# Everything from here on is another **model**. Loss and optimiser you have. Three ideas carry most of it, and each is a few
# lines.

# %% [markdown]
# **Images: convolution.** A net on pixels does not know that pixels are neighbours. So let a small table of weights, a filter,
# slide over the image, and take the same weighted sum at each place. Few weights, and they see an edge wherever it is. Before
# you run it: what will this filter find in a digit?

# %%
image = datasets.digits().x[0].reshape(8, 8)
edge = jnp.array([[-1.0, 0.0, 1.0]] * 3)

def convolution(image, kernel):
    patches = [[image[i:i + 3, j:j + 3] for j in range(6)] for i in range(6)]
    return jnp.array([[jnp.sum(patch * kernel) for patch in row] for row in patches])

# %%
fig, (left, right) = plt.subplots(1, 2, figsize=(7, 3.2), layout="constrained")
left.imshow(image, cmap="gray_r")
right.imshow(convolution(image, edge), cmap="PuOr", vmin=-3, vmax=3)
plots.show(fig,
           alt="Left a handwritten 0. Right what the filter gives: one colour where, "
               "from left to right, ink begins, another where it ends.")

# %% [markdown]
# Upright edges: one colour where ink begins from left to right, the other where it ends. In a convolutional net the nine
# weights are params, and training finds which filters are useful.

# %% [markdown]
# **Sequences: recurrence.** Words or measurements come one after the other, and there may be any number of them. A recurrent
# net keeps a memory $h$ and uses the same weights at each step:
#
# $$h_t = \tanh(x_t W_x + h_{t-1} W_h + b)$$

# %%
def recurrent(params, sequence):
    def step(h, x_t):
        h = jnp.tanh(x_t @ params["wx"] + h @ params["wh"] + params["b"])
        return h, h
    return jax.lax.scan(step, jnp.zeros(4), sequence)[1]

params = dict(wx=jnp.ones((3, 4)) / 3, wh=jnp.eye(4) / 2, b=jnp.zeros(4))
recurrent(params, jnp.ones((7, 3))).shape

# %% [markdown]
# **Sequences again: attention.** Here every position looks at all others and takes a mean of what they hold, weighted by how
# well they match. The weights are a softmax, that of lesson 09:
#
# $$\text{attention}(Q, K, V) = \text{softmax}\!\left(\frac{Q K^\top}{\sqrt{d}}\right) V$$

# %%
def attention(q, k, v):
    weights = models.softmax(q @ k.T / jnp.sqrt(q.shape[1]))
    return weights @ v, weights

words = jax.random.normal(jax.random.key(0), (5, 8))
mixed, weights = attention(words, words, words)
print(mixed.shape, weights.shape, weights.sum(axis=1).round(3))

# %% [markdown]
# Five words, and for each of them five weights that add up to 1. Stack this with the layers you know, and you have the core of
# today's language models: a model, a loss, an optimiser.

# %% [markdown]
# ## What we did
#
# - **Optimiser**: we wrote momentum, RMSProp and Adam, saw them in one narrow valley, and found Optax's Adam to be ours.
# - We saw signals fade or saturate in deep nets, and the spread of the weights that keeps them alive.
# - We trained from 60 starts at once, and kept the best.
# - We ran the same `fit` on rows that are shared out over devices.
# - We found five bugs from curves and gradients.
#
# That is the workshop. **Model, loss, optimiser**: you have written all three by hand.

# %%
ex.report()

# %% [markdown]
# ## If you have time
#
# 1. Run momentum with a decay of 0.99 in the narrow valley. What does b do, and why?
# 2. Run RMSProp with `step_size=schedules.exponential_decay(0.3, 0.01, 300)` in `fit`. Does w come to rest?
# 3. One of your 60 runs ends with a loss of nan. What does `jnp.argmin` do, and what does `jnp.nanargmin` do?
# 4. Sabotage a run of your own, and let your neighbour find the bug.

# %% [markdown] tags=["instructor"]
# Answers. (1) It shoots past 20 and swings around it for a long time: a ball with too little friction. (2) Nearly: with shorter
# steps the jumps shrink, and the loss ends near 0.9. Why from 0.3? Because b has 20 to go. (3) argmin returns the place of the nan, so the broken run wins; nanargmin
# leaves it out. (4) Good ones: forgetting to shuffle, training on the validation rows, one class missing.
