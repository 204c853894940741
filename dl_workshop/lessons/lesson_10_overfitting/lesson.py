# %% [markdown]
# # 10 Curves, overfitting, regularisation
#
# In this lesson you fit curves: with nets, and with polynomials. Then you give a model more freedom than the data can bear, watch it
# learn the noise by heart, and learn four ways to hold it back.

# %% [markdown]
# | part | what it is | in this lesson |
# |---|---|---|
# | model | a guess at how the world makes y from x | a polynomial, and nets with few or many hidden units |
# | loss | one number that says how bad a guess is | mean squared error, later with a **penalty** for large weights |
# | optimiser | a way to make the loss smaller | Adam, a faster relative of gradient descent (lesson 12 opens it), **stopped early** |

# %% [markdown] tags=["instructor"]
# Minutes below add up to 59. Late? `powers`, `count_small` and `dropout` can be handed out (their checks carry on with the kit's own), and
# "A harder curve" can be told over its picture. Never skip `train_early`, the three sets, or the last table.

# %%
import jax
import jax.numpy as jnp
import numpy as np

from dl_workshop import datasets, exercises, fit, losses, panels, plots
from dl_workshop.losses import mse_loss
from dl_workshop.models import init_mlp, linear_model, mlp_model
from dl_workshop.optimizers import adam

ex = exercises.load("10")

# %% [markdown] minutes=4
# ## A curve
#
# 500 points of a sine, each with a little noise:
#
# $$y = \sin(2\pi x) + u, \qquad u \text{ even on } [-0.1,\ 0.1]$$
#
# `sine` draws x between 0 and 1. We stretch that to -1 to 1, since nets and polynomials like their inputs around 0 (lesson 07).

# %%
def stretched(points):
    x, y = points
    return 2 * x - 1, y

x, y = stretched(datasets.simulated.sine(jax.random.key(0)))
x_new, y_new = stretched(datasets.simulated.sine(jax.random.key(1), n=100, noise=0.0))
plots.show(plots.data(x, y))

# %% [markdown]
# How good is a curve? The loss has the units of y, squared, so it is hard to tell whether 0.02 is good. $R^2$ compares it with the null check of a
# curve, which is always to say the mean:
#
# $$R^2 = 1 - \frac{\sum_i (y_i - \hat y_i)^2}{\sum_i (y_i - \bar y)^2}$$

# %% [markdown]
# 1 is perfect, 0 no better than the mean. **Exercise.** Write `r2`. Both arguments have shape `(n,)`, the result is one number.

# %% exercise="r2"
def r2(y_true, y_pred):
    # BEGIN SOLUTION
    left_over = jnp.sum((y_true - y_pred) ** 2)
    variation = jnp.sum((y_true - jnp.mean(y_true)) ** 2)
    return 1 - left_over / variation
    # END SOLUTION

# %% check="r2"
r2 = ex.r2.check(r2)

# %% [markdown] tags=["instructor"]
# What goes wrong: the squared correlation (which forgives a wrong height), the mean of the predictions in place of the truth's. Ask: can it be
# below 0? Yes, for a model that is worse than the mean. "Squared" is only a name.

# %% [markdown] minutes=4
# ## How many hidden units?
#
# A net 1-2-1 has one input, two hidden units with tanh, one output. Each tanh is a smooth step, and the output adds the steps up, each with its
# own height, place and steepness.

# %% question="one_unit"
ex.one_unit.ask()

# %%
def fit_curve(width, x, y):
    start = init_mlp(jax.random.key(0), (1, width, 1))
    return fit(start, mlp_model, mse_loss, x[:, None], y,
               optimizer=adam, step_size=0.03, n_steps=2000).params

nets = {width: fit_curve(width, x, y) for width in (1, 2, 3)}

# %%
for width, params in nets.items():
    score = r2(y_new, mlp_model(params, x_new[:, None]))
    print(f"1-{width}-1: R² {score:.3f} on new points")

# %% [markdown]
# `x[:, None]` makes one column of x, shape `(n, 1)`, since a net takes a table.

# %%
def draw_curves(models, x, y):
    ax = plots.data(x, y)
    grid = jnp.linspace(-1, 1, 400)
    looks = [("--", "ink"), ("-", "model"), ("-.", "truth")]
    for (name, curve), (line, colour) in zip(models.items(), looks):
        ax.plot(grid, curve(grid), line, color=plots.COLOURS[colour], label=name)
    ax.set_ylim(y.min() - 0.4, y.max() + 0.4)
    ax.legend()
    return ax

def as_curve(params):
    return lambda x: mlp_model(params, x[:, None])

# %%
ax = draw_curves({f"1-{width}-1": as_curve(nets[width]) for width in nets}, x, y)
plots.show(ax)

# %% [markdown]
# One unit is one step down, and misses the ends. Two units are nearly there, at an $R^2$ around 0.99, and a third changes little. The sine needs two.

# %% [markdown] minutes=3
# ## A harder curve
#
# $$y = 0.4x^2 + 0.3x\sin 15x + 0.01\cos 50x - 0.3 + u$$
#
# A wave that grows, with a tiny ripple on it. Before you run it: how many smooth steps does it need?

# %%
x_hard, y_hard = stretched(datasets.simulated.harder_curve(jax.random.key(0), n=500))
hard = {width: fit_curve(width, x_hard, y_hard) for width in (1, 2, 3)}
ax = draw_curves({f"1-{width}-1": as_curve(hard[width]) for width in hard},
                 x_hard, y_hard)
plots.show(ax)

# %%
x_smooth, y_smooth = stretched(
    datasets.simulated.harder_curve(jax.random.key(1), n=200, noise=0.0))
for width, params in hard.items():
    score = r2(y_smooth, as_curve(params)(x_smooth))
    print(f"1-{width}-1: R² {score:.2f} on new points")

# %% [markdown]
# Each unit brings a bend. One is bad, three are good. None of them found the ripple of 0.01, which is far below the noise. So far, more was better: with 500 points for a
# handful of weights, there is no room to learn nonsense.

# %% [markdown] minutes=4
# ## Few points, much noise
#
# Real tables are small. Now we have 20 points of the sine, and three times the noise. As many again are for **validation**, and we set 100 points aside
# for the **test**, to be used once, at the end.

# %%
key_train, key_val, key_test = jax.random.split(jax.random.key(6), 3)
x, y = stretched(datasets.simulated.sine(key_train, n=20, noise=0.3))
x_val, y_val = stretched(datasets.simulated.sine(key_val, n=20, noise=0.3))
x_test, y_test = stretched(datasets.simulated.sine(key_test, n=100, noise=0.0))

# %%
ax = plots.data(x, y)
ax.plot(x_val, y_val, "x", color="black", label="validation")
ax.legend()
plots.show(ax)

# %% [markdown]
# Our test points have no noise, because here we know the truth. In life they would be noisy, too.
#
# | rows | what they decide |
# |---|---|
# | training | the weights |
# | validation | your choices: degree, width, steps, penalty |
# | test | nothing: they tell you how good the chosen model is |

# %% question="may_choose"
ex.may_choose.ask()

# %% [markdown]
# Where rows are scarce one can also draw a **bootstrap**: as many rows as there are, with replacement. Rows that were never drawn are left for
# validation.

# %% question="left_out"
ex.left_out.ask()

# %%
m = 1000
drawn = jax.random.randint(jax.random.key(0), (m,), 0, m)
print(f"never drawn: {1 - len(set(drawn.tolist())) / m:.3f}")
print(f"by the formula: {(1 - 1 / m) ** m:.3f}")

# %% [markdown] tags=["instructor"]
# Common here: "the test rows chose the degree". Say it as a rule: a row that helped to choose cannot judge. A good question for the group: how often may one
# look at the validation rows? Each look uses them up a little.

# %% [markdown] minutes=7
# ## Polynomials
#
# Before nets, one bent a line by giving it more columns:
#
# $$\hat y = b + w_1 x + w_2 x^2 + \dots + w_d x^d$$
#
# The model is still linear in its weights, so least squares gives the best ones at once (lesson 07). Only the table is new.

# %% [markdown]
# **Exercise.** Write `powers(x, degree)`. `x` has shape `(n,)`, the result `(n, degree)`: the columns are $x, x^2, \dots$ up to the degree. `jnp.stack(columns,
# axis=1)` puts arrays side by side.

# %% exercise="powers"
def powers(x, degree):
    # BEGIN SOLUTION
    return jnp.stack([x ** k for k in range(1, degree + 1)], axis=1)
    # END SOLUTION

# %% check="powers"
powers = ex.powers.check(powers)

# %%
def least_squares(x, y, degree):
    ones_and_powers = np.column_stack([np.ones(len(x)), powers(x, degree)])
    b, *w = np.linalg.lstsq(ones_and_powers, np.array(y), rcond=None)[0]
    return dict(w=jnp.array(w), b=b)

def polynomial(params, x):
    return linear_model(params, powers(x, len(params["w"])))

# %% question="degree_nine"
ex.degree_nine.ask()

# %%
fitted = {degree: least_squares(x, y, degree) for degree in (1, 3, 5, 7, 9)}
for degree, params in fitted.items():
    train_loss = mse_loss(params, polynomial, x, y)
    val_loss = mse_loss(params, polynomial, x_val, y_val)
    print(f"degree {degree}: training {train_loss:.3f}, validation {val_loss:.3f}")

# %%
chosen = {f"degree {k}": (lambda x, params=fitted[k]: polynomial(params, x))
          for k in (1, 5, 9)}
ax = draw_curves(chosen, x, y)
ax.set_title("three polynomials")
plots.show(ax)

# %% [markdown]
# The line **underfits**: it cannot bend, and is bad on both sets. Degree 9 **overfits**: it is the best on the training points, and swings far off where
# there are none. Validation says: 3 to 7 are all good, around 0.03.

# %% [markdown] minutes=4
# ## Ill-conditioned
#
# A second trouble with polynomials: $x^8$ and $x^9$ look nearly the same. So which of the two weights is large hardly shows in the curve, and the table is
# **ill-conditioned** (lesson 07). On [0, 1] it is worse than on [-1, 1].

# %%
for degree in (1, 3, 9):
    unstretched = np.linalg.cond(powers((x + 1) / 2, degree))
    stretched_out = np.linalg.cond(powers(x, degree))
    print(f"degree {degree}: {unstretched:12,.0f} on [0, 1], "
          f"{stretched_out:6,.0f} on [-1, 1]")

# %% [markdown]
# The condition number says by how much a small error in y can grow on its way to the weights. It also says how descent will do: in a valley that narrow it crawls.
# Before you run it: 20,000 steps, a degree that least squares takes down to about 0.01. How far will descent get?

# %%
for name, inputs in {"[0, 1]": (x + 1) / 2, "[-1, 1]": x}.items():
    table = powers(inputs, 9)
    start = dict(w=jnp.zeros(9), b=0.0)
    result = fit(start, linear_model, mse_loss, table, y, step_size=0.1, n_steps=20000)
    print(f"{name}: loss {result.losses[-1]:.3f} after 20000 steps")

# %% [markdown]
# Not there yet, on either; on [0, 1] it is several times as far off. Stretching x to both sides of 0 costs one line, and it matters for nets, too.

# %% [markdown] tags=["instructor"]
# Somebody will remark that descent, stopped on its way, has not overfitted. Very good: that is early stopping, and comes next. Orthogonal polynomials (Legendre,
# Chebyshev) are the full cure.

# %% [markdown] minutes=6
# ## A net with too much freedom
#
# Now a net 1-20-20-1, for the same 20 points. Before you run it: how many numbers does it have?

# %%
start = init_mlp(jax.random.key(0), (1, 20, 20, 1))
print("numbers in the net:", sum(leaf.size for leaf in jax.tree.leaves(start)))

def train(loss=mse_loss, model=mlp_model, n_steps=2000):
    return fit(start, model, loss, x[:, None], y, optimizer=adam, step_size=0.01,
               n_steps=n_steps, key=jax.random.key(1), progress=False)

plain = train()

# %% [markdown]
# 481 numbers for 20 points. `fit` kept the params on the way, so we can compute both losses along it, every 20 steps.

# %%
def losses_along(path, x, y):
    every = jax.tree.map(lambda leaf: leaf[::20], path)
    return jax.vmap(lambda params: mse_loss(params, mlp_model, x[:, None], y))(every)

curves = {"training": losses_along(plain.path, x, y),
          "validation": losses_along(plain.path, x_val, y_val)}
ax = plots.loss_curve(curves, log=True)
ax.set_xlabel("every 20th step")
plots.show(ax)

# %% question="when_to_stop"
ex.when_to_stop.ask()

# %% [markdown]
# The scale is logarithmic: at the end, the validation loss is several times its lowest. Now the same, slowed down, on data without chance: 25 points of a wave with a
# ripple on it that does not belong there. The replay shows the curve over the wave alone. Drag the slider.

# %%
x_rippled, y_rippled = datasets.simulated.overfit_curve()
x_wave, y_wave = datasets.simulated.overfit_curve(n=100, ripple=0.0)
rippled = fit(init_mlp(jax.random.key(4), (1, 30, 1)), mlp_model, mse_loss,
              x_rippled[:, None] / jnp.pi - 1, y_rippled,
              optimizer=adam, step_size=0.01, n_steps=5000)
panels.replay(rippled, mlp_model, x_wave[:, None] / jnp.pi - 1, y_wave, loss=mse_loss)

# %% [markdown]
# First the net finds the wave, which is simple. It learns the ripple later. That is why stopping in time helps: **the simple part is learned first**.

# %% [markdown] minutes=9
# ## Early stopping
#
# So we look at the validation loss after each step, and keep the params of the lowest. When `patience` steps in a row have brought nothing better, we stop.

# %% [markdown]
# A step with Adam takes the params and what Adam remembers of former gradients. We call the two together the state.

# %%
optimizer = adam(0.01)

@jax.jit
def step(state):
    params, memory = state
    grads = jax.grad(mse_loss)(params, mlp_model, x[:, None], y)
    updates, memory = optimizer.update(grads, memory, params)
    return jax.tree.map(jnp.add, params, updates), memory

@jax.jit
def on_validation(params):
    return mse_loss(params, mlp_model, x_val[:, None], y_val)

def val_loss(state):
    return float(on_validation(state[0]))

# %% [markdown]
# **Exercise.** Write `train_early`. `step(state)` gives the next state, `val_loss(state)` a number. Return the **best** state, and the list of all validation
# losses: that of the start, then one after each step. New is only what is lower than all before.

# %% exercise="train_early"
def train_early(state, step, val_loss, n_steps, patience):
    best, val_losses, waited = state, [val_loss(state)], 0
    # BEGIN SOLUTION
    for _ in range(n_steps):
        state = step(state)
        loss = val_loss(state)
        waited = waited + 1
        if loss < min(val_losses):
            best, waited = state, 0
        val_losses.append(loss)
        if waited == patience:
            break
    return best, val_losses
    # END SOLUTION

# %% check="train_early"
train_early = ex.train_early.check(train_early)

# %%
(early, _), val_losses = train_early((start, optimizer.init(start)), step, val_loss,
                                     n_steps=2000, patience=300)
lowest = int(np.argmin(val_losses))
print(f"stopped after {len(val_losses) - 1} steps of 2000")
print(f"kept the params of step {lowest}: validation loss {val_losses[lowest]:.3f}")
print(f"the long run ended at {curves['validation'][-1]:.3f}")

# %%
ax = draw_curves({"2000 steps": as_curve(plain.params), "stopped early": as_curve(early)},
                 x, y)
plots.show(ax)

# %% [markdown]
# It stopped after a few hundred steps, and kept a smooth wave. The long run goes from point to point. The same net, the same loss, the same optimiser, only
# less of it.

# %% [markdown] tags=["instructor"]
# What goes wrong: returning the last params; comparing with the loss before and not with the lowest; never setting the count back. The check names each of
# them. `tuning.fit_early` is the kit's own. Note that the validation rows now have a hand in training: their loss flatters, a little.

# %% [markdown] minutes=9
# ## A price on large weights
#
# A curve that goes from point to point needs large weights. So we make them cost something:
#
# $$L = \text{mse} + s \sum_i w_i^2$$
#
# The sum goes over all weights, not over the biases, which only move the bends to and fro. How is the size of many weights put into one number?

# %% question="l1_norm"
ex.l1_norm.ask()

# %%
w = jnp.array([1.0, -2.0, 0.0, -4.0])
print("L0, how many are not 0:    ", jnp.sum(w != 0))
print("L1, the sum of distances:  ", jnp.sum(jnp.abs(w)))
print("L2, root of the squares:   ", jnp.sqrt(jnp.sum(w ** 2)))
print("Linf, the largest distance:", jnp.max(jnp.abs(w)))

# %% [markdown]
# The L2 term of the loss is the square of the L2 norm: the sum, without the root. **Exercise.** Write `l2_term(params)`: the sum of the squares of all weights. In
# `params` their names start with w, in a net of any depth.

# %% exercise="l2_term"
def l2_term(params):
    # BEGIN SOLUTION
    return sum(jnp.sum(params[name] ** 2) for name in params if name.startswith("w"))
    # END SOLUTION

# %% check="l2_term"
l2_term = ex.l2_term.check(l2_term)

# %% [markdown]
# How strong should it be? We train once for each strength; 0 we have already. Before you run it: what will a very strong one do?

# %%
def with_l2(strength):
    def loss(params, model, x, y):
        return mse_loss(params, model, x, y) + strength * l2_term(params)
    return loss

nets = {0.0: plain.params}
for strength in (0.001, 0.1):
    nets[strength] = train(with_l2(strength)).params

# %%
for strength, net in nets.items():
    train_loss = mse_loss(net, mlp_model, x[:, None], y)
    val = mse_loss(net, mlp_model, x_val[:, None], y_val)
    print(f"strength {strength:5}: training {train_loss:.3f}, validation {val:.3f}")

# %%
ax = draw_curves({f"L2 {s}": as_curve(nets[s]) for s in (0.0, 0.001, 0.1)}, x, y)
plots.show(ax)

# %% [markdown]
# Without a price it overfits; at 0.1 the weights cost so much that the net gives up and stays flat. In between lies a good place, near 0.001. On the training points
# 0 would win, so it takes validation rows to choose.

# %% question="pull"
ex.pull.ask()

# %% [markdown]
# Let us count. **Exercise.** Write `count_small(params, near)`: how many weights, biases not included, are at most `near` away from 0?

# %% exercise="count_small"
def count_small(params, near):
    # BEGIN SOLUTION
    return sum(jnp.sum(jnp.abs(params[name]) <= near) for name in params
               if name.startswith("w"))
    # END SOLUTION

# %% check="count_small"
count_small = ex.count_small.check(count_small)

# %%
l1 = train(losses.with_l1(mse_loss, 0.001)).params
for name, net in {"none": plain.params, "L2": nets[0.001], "L1": l1}.items():
    val = mse_loss(net, mlp_model, x_val[:, None], y_val)
    print(f"{name:4}: {count_small(net, 0.01)} of 440 weights near 0, validation {val:.3f}")

# %%
for name, net in {"no penalty": plain.params, "L2": nets[0.001], "L1": l1}.items():
    figure = plots.weight_histograms(net)
    figure.suptitle(name)
    plots.show(figure)

# %% [markdown]
# Look at the widths: without a penalty the weights spread out to 3 and more. L2 draws all of them in, and few are 0. L1 sets most of them to 0, or next to it, and keeps
# a handful: it has chosen a small net inside the large one. Both curves are as good.

# %% [markdown] minutes=5
# ## Dropout
#
# The fourth way: in each step of training, leave out a share of the hidden units, drawn by chance. No unit can rely on one particular neighbour, so the
# work is spread over many.

# %% [markdown]
# **Exercise.** Write `dropout(key, h, rate)`. Each number of `h` becomes 0 with probability `rate`, and those that stay are divided by `1 - rate`, so that the next
# layer gets as much as before, on average. `jax.random.bernoulli(key, p, shape)` is True with probability p.

# %% exercise="dropout"
def dropout(key, h, rate):
    # BEGIN SOLUTION
    stays = jax.random.bernoulli(key, 1 - rate, h.shape)
    return jnp.where(stays, h / (1 - rate), 0.0)
    # END SOLUTION

# %% check="dropout"
dropout = ex.dropout.check(dropout)

# %% question="when_predicting"
ex.when_predicting.ask()

# %%
def dropout_model(params, x, key=None):
    h = x
    for layer in (1, 2):
        h = jnp.tanh(h @ params[f"w{layer}"] + params[f"b{layer}"])
        if key is not None:
            h = dropout(jax.random.fold_in(key, layer), h, rate=0.2)
    return (h @ params["w3"] + params["b3"])[:, 0]

# %% [markdown]
# `fit` sees that this model has an argument `key`, and gives it a new key in each step. Without a key nothing is dropped. Before you run it: will the training
# losses fall smoothly?

# %%
dropped = train(model=dropout_model)
ax = plots.loss_curve({"plain": plain.losses, "dropout": dropped.losses}, log=True)
plots.show(ax)

# %% [markdown]
# It jitters, since each step trains another part of the net, and it stays higher. That is no fault: what counts is the validation loss, below.

# %% [markdown] minutes=4
# ## The test, once
#
# Five nets. We choose by the validation loss, then look at the test points, for the first time. Before you run it: which will it be?

# %%
candidates = {"2000 steps": plain.params, "stopped early": early, "L2": nets[0.001],
              "L1": l1, "dropout": dropped.params}
for name, net in candidates.items():
    val = mse_loss(net, mlp_model, x_val[:, None], y_val)
    test = mse_loss(net, mlp_model, x_test[:, None], y_test)
    print(f"{name:13}: validation {val:.3f}, test {test:.3f}")
line, best = (r2(y_test, polynomial(fitted[k], x_test)) for k in (1, 5))
print(f"R² on the test points: line {line:.2f}, degree 5 {best:.3f}, "
      f"L2 {r2(y_test, as_curve(nets[0.001])(x_test)):.3f}")

# %% [markdown]
# Each way of holding back beats the long run by far: for the first three more than tenfold on the test points, for dropout less, since in so small a net every unit is missed. A
# polynomial of degree 5 does as well: **for a simple curve, a simple model**.

# %% [markdown] tags=["instructor"]
# Why are validation losses near 0.03 when test losses are near 0.003? The noise of the validation points: even on [-0.3, 0.3] its mean square is 0.03, and no model can be
# better than that on them. A good question for the group before you tell.

# %% [markdown]
# ## What we did
#
# - We fitted curves with nets of few units, and measured with $R^2$.
# - Polynomials showed underfitting, overfitting, and ill-conditioned tables.
# - Three sets: training rows for the weights, validation rows for choices, test rows for the score.
# - **Model**: less freedom, or dropout. **Loss**: a penalty, L1 or L2. **Optimiser**: stopped early, best params kept.
#
# Next, in lesson 11, a net learns to read digits.

# %%
ex.report()

# %% [markdown]
# ## If you have time
#
# 1. **More data** is the best cure of all. Train the net 1-20-20-1 on 500 points, without any of the four ways. How far apart are the two losses?
# 2. Try `panels.playground(x, y)`: choose two hidden layers, let it overfit, then turn up L2.
# 3. Train the net from another key. Which results stay, which change?
# 4. Use early stopping **and** L2. Does it help to have both?
# 5. A textbook prints 19.7052 for the L0.5 norm of (1, -2, 0, -4), which is $\left(\sum \sqrt{|w_i|}\right)^2$. Is it right?

# %% [markdown] tags=["instructor"]
# Answers. 1: next to nothing, the noise cannot be learned by heart any more. 3: numbers change, the order of good and bad does not. 4: little: each does the
# work of the other. 5: no: $(1 + 1.4142 + 0 + 2)^2 = 19.4853$.
