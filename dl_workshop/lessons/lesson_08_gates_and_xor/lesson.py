# %% [markdown]
# # 08 Gates, XOR, and features that are learned
#
# Four points and two classes: the smallest problem that one neuron cannot solve. You will see why not, solve it in three
# ways, and look inside a net while it bends the plane until a straight line is enough.

# %% [markdown]
# | part | what it is | in this lesson |
# |---|---|---|
# | model | a guess at how the world makes y from x | one neuron, then a net with two or three hidden units |
# | loss | one number that says how bad a guess is | cross-entropy from logits, `logistic_loss` |
# | optimiser | a way to make the loss smaller | gradient descent, the kit's `fit` |
#
# Only the model changes. And, this time, where it starts.

# %% [markdown] tags=["instructor"]
# Minutes below add up to 65. Late? Leave out "Why OR is quicker" and the last section but one (Xavier and He come again
# in lesson 12). Never skip the four inequalities, XOR built of gates, the stuck starts, or the pictures of bent space:
# they are what people remember.

# %%
import jax
import jax.numpy as jnp
import numpy as np

from dl_workshop import datasets, exercises, fit, initializers, panels, plots
from dl_workshop.losses import logistic_loss
from dl_workshop.models import (
    hidden_layers, init_mlp, linear_model, logistic, mlp_model, relu)

ex = exercises.load("08")

# %% [markdown] minutes=7
# ## Gates
#
# A **gate** takes inputs that are 0 or 1 and answers with 0 or 1. AND is on if both inputs are, OR if at least one is.
# NAND and NOR are these two turned round, and NOT turns a single input round.

# %%
names = ["and", "or", "nand", "nor"]
x, _ = datasets.gate("and")
print("x1 x2  ", "  ".join(name.upper().rjust(4) for name in names))
for i, (x1, x2) in enumerate(x):
    answers = [int(datasets.gate(name)[1][i]) for name in names]
    print(f"{x1:2.0f} {x2:2.0f}  ", "  ".join(f"{answer:4}" for answer in answers))

# %% [markdown]
# Our neuron is the one of lesson 04 with two inputs: $z = w_1 x_1 + w_2 x_2 + b$ and $p = \text{logistic}(z)$. It says
# "on" where $z$ is above 0. Where $z = 0$ runs a straight line.

# %% [markdown]
# **Exercise.** Be the optimiser: choose `w` and `b` for five neurons by hand. Begin with OR. Which sign must $b$ have,
# so that (0, 0) is off? How large must $w_1$ be, so that (1, 0) is on? (NOT has one input, so one weight.)

# %% exercise="gates"
# BEGIN SOLUTION
gates = {
    "and": dict(w=[20.0, 20.0], b=-30.0),
    "or": dict(w=[20.0, 20.0], b=-10.0),
    "nand": dict(w=[-20.0, -20.0], b=30.0),
    "nor": dict(w=[-20.0, -20.0], b=10.0),
    "not": dict(w=[-20.0], b=10.0),
}
# END SOLUTION

# %% check="gates"
ex.gates.check(gates)

# %% [markdown] tags=["instructor"]
# Most common: $b = -20$ for AND, so that (0, 1) lies exactly on the line; and a NAND whose weights are turned round but
# not its b. Both have messages. Any weights with the right signs of z are accepted: ask two people for theirs, and why
# both are right. There is a whole region of right answers.

# %% [markdown] minutes=5
# ## Why OR is quicker
#
# Now let descent choose. All weights start at 0, every step uses all four rows, and we count steps until the loss is
# below 0.01. Before you run it: will the four gates need equally many?

# %%
start = dict(w=jnp.zeros(2), b=0.0)

def steps_needed(x, y):
    run = fit(start, linear_model, logistic_loss, x, y, step_size=0.5, n_steps=4000,
              progress=False)
    return int(np.argmax(run.losses < 0.01)), run.params

for name in names:
    steps, params = steps_needed(*datasets.gate(name))
    w, b = params["w"], params["b"]
    print(f"{name:5}{steps:5} steps   w = ({w[0]:5.1f}, {w[1]:5.1f})   b = {b:5.1f}")

# %% [markdown]
# AND and NAND need about 3500 steps, OR and NOR about 1900: little more than half. The four tables have the same rows,
# and all four are three of one kind and one of the other.

# %% question="or_half"
ex.or_half.ask()

# %% [markdown]
# Read it off the weights: OR ended near $b = -w/2$, AND near $b = -3w/2$. Starting from 0, AND has the longer way. If
# that is the reason, it must vanish when we measure $x$ from the middle of the square. Does it?

# %%
for name in names:
    x, y = datasets.gate(name)
    steps, _ = steps_needed(x - 0.5, y)
    print(f"{name:5}{steps:5} steps")

# %% [markdown]
# All the same. The difference was never in the gates, only in where we put the origin. This is one more reason to
# centre your columns, as `standardise` does.

# %% [markdown] tags=["instructor"]
# For those who ask "why just half": late in training the loss falls like 1 / (margin² · steps), where the margin is
# that of the best (w, b) of length 1. Its square is 1/9 for OR and 1/17 for AND: 9/17 = 0.53. Our counts give 0.54.

# %% [markdown] minutes=8
# ## XOR
#
# Exclusive or: one of the two, **but not both**. Here are the four points. Before you go on, hold a ruler to the screen
# and look for a line with both blue points on one side and both orange ones on the other.

# %%
x, y = datasets.gate("xor")
plots.show(plots.data(x, y))

# %% question="one_neuron_xor"
ex.one_neuron_xor.ask()

# %%
for step_size in (0.5, 5.0):
    one = fit(start, linear_model, logistic_loss, x, y, step_size=step_size,
              n_steps=2000)
    p = logistic(linear_model(one.params, x))
    print(f"step size {step_size}: loss {one.losses[-1]:.3f}   p =", p)

# %% [markdown]
# It never moves, and says 1/2 to everything. Is that the training's fault, or can no neuron do it? We want, row by row:
#
# | input | XOR | so we need |
# |---|---|---|
# | (0, 0) | 0 | $b < 0$ |
# | (0, 1) | 1 | $w_2 + b > 0$ |
# | (1, 0) | 1 | $w_1 + b > 0$ |
# | (1, 1) | 0 | $w_1 + w_2 + b < 0$ |

# %% question="clash"
ex.clash.ask()

# %% [markdown]
# That is a proof, and we can let the computer say it in numbers. The **margin** of a row is how far it is on its right
# side: $z$ where $y = 1$, and $-z$ where $y = 0$. A neuron is right if all its margins are above 0.

# %% [markdown]
# **Exercise.** Write `margins`. `x` is `(n, 2)`, `y` is `(n,)` with zeros and ones, and the result is `(n,)`. You need a
# sign for each row: $+1$ where $y$ is 1, $-1$ where it is 0. A little arithmetic on `y` gives it.

# %% exercise="margins"
def margins(params, x, y):
    # BEGIN SOLUTION
    z = x @ params["w"] + params["b"]
    return (2 * y - 1) * z
    # END SOLUTION

# %% check="margins"
margins = ex.margins.check(margins)

# %% [markdown]
# Take some neurons at random, and the margins of each on XOR. Before you run it: what do the four margins of a neuron
# add up to?

# %%
for seed in range(4):
    w1, w2, b = jax.random.normal(jax.random.key(seed), (3,))
    found = margins(dict(w=jnp.array([w1, w2]), b=b), x, y)
    print("margins", " ".join(f"{m:6.2f}" for m in found), f"  sum {jnp.sum(found):7.4f}")

# %% [markdown]
# To 0, up to rounding, for every neuron that there is: $-b + (w_2 + b) + (w_1 + b) - (w_1 + w_2 + b) = 0$. Four numbers
# with the sum 0 cannot all be above 0. **No neuron does XOR.** What we need is another model, not more training.

# %% [markdown] minutes=5
# ## First way out: a feature by hand
#
# The neuron is not to blame: it is given too little. Hand it a third column, the product $x_1 x_2$. It is 1 only at
# (1, 1). Such a product of columns is called a **feature cross**.

# %% [markdown]
# **Exercise.** Write `feature_cross`: from `x` of shape `(n, 2)` make a table `(n, 3)` with the columns $x_1$, $x_2$ and
# $x_1 x_2$, in this order. `jnp.column_stack([a, b])` puts columns beside each other.

# %% exercise="feature_cross"
def feature_cross(x):
    # BEGIN SOLUTION
    product = x[:, 0] * x[:, 1]
    return jnp.column_stack([x, product])
    # END SOLUTION

# %% check="feature_cross"
feature_cross = ex.feature_cross.check(feature_cross)

# %% [markdown]
# The model is still one neuron, now with three weights. Before you run it: which sign will the third weight get?

# %%
def crossed_neuron(params, x):
    return linear_model(params, feature_cross(x))

crossed = fit(dict(w=jnp.zeros(3), b=0.0), crossed_neuron, logistic_loss, x, y,
              step_size=2.0, n_steps=2000)
print("p =", logistic(crossed_neuron(crossed.params, x)).round(3))
print("w =", crossed.params["w"].round(1), f"  b = {crossed.params['b']:.1f}")

# %%
plots.show(plots.decision_contours(crossed.params, crossed_neuron, x, y))

# %% [markdown]
# Solved. The first two weights say OR. The third is about minus twice as large and switches (1, 1) off again. In three
# dimensions the boundary is a flat plane; seen in $x_1$ and $x_2$ it is bent.

# %% [markdown]
# But who found the feature? We did, because we knew the answer. With 41 columns there are 820 products of two. Could the
# model find its features itself?

# %% [markdown] minutes=7
# ## Second way out: neurons that look at neurons
#
# XOR says: one of them, but not both. Say it with gates.

# %% question="gates_for_xor"
ex.gates_for_xor.ask()

# %% [markdown]
# Two neurons, side by side, look at $x$: an OR and a NAND. A third one looks at **them**: an AND. The first two are
# called **hidden units**, $h$, and their weights are the columns of `w1`:
#
# $$h = \text{logistic}(x\,W_1 + b_1) \qquad\qquad z = h\,W_2 + b_2$$

# %%
def hidden(params, x):
    return logistic(x @ params["w1"] + params["b1"])

# %% [markdown]
# **Exercise.** Write the rest of the net: call `hidden`, and let a last neuron look at what it gives. `x` is `(n, 2)`,
# `h` is `(n, k)` for $k$ hidden units, and the result is `(n,)`: logits. Each layer has a bias of its own.

# %% exercise="net"
def net(params, x):
    # BEGIN SOLUTION
    h = hidden(params, x)
    logits = h @ params["w2"] + params["b2"]
    return logits[:, 0]
    # END SOLUTION

# %% check="net"
net = ex.net.check(net)

# %% [markdown]
# Now put gates into it, made by hand. In `w1`, the first column is OR and the second NAND; `w2` is AND. Fill in the
# table of `h` on paper before you run it.

# %%
by_hand = dict(w1=jnp.array([[20.0, -20.0], [20.0, -20.0]]), b1=jnp.array([-10.0, 30.0]),
               w2=jnp.array([[20.0], [20.0]]), b2=jnp.array([-30.0]))
h, p = hidden(by_hand, x), logistic(net(by_hand, x))
print("x1 x2    OR  NAND     p")
for i in range(4):
    print(f"{x[i, 0]:2.0f} {x[i, 1]:2.0f}  {h[i, 0]:4.0f}  {h[i, 1]:4.0f}  {p[i]:4.2f}")

# %% [markdown]
# Look at the middle columns. (0, 1) and (1, 0), opposite corners before, have become **one** point, (1, 1). The last
# neuron has only three points left to part, and a line does it. The hidden units are features, like our product.

# %%
plots.show(plots.neural_diagram(by_hand, activations=("logistic", "logistic")))

# %% [markdown] minutes=5
# ## Something must bend
#
# Is the logistic function in the middle needed? Without it a layer is only multiplication and addition, which seems
# enough for so small a table.

# %% question="no_bend"
ex.no_bend.ask()

# %% [markdown]
# **Exercise.** Multiply it out. From $h = x W_1 + b_1$ and $z = h W_2 + b_2$ follows $z = x w + b$ with one `w` of shape
# `(d,)` and one number `b`. Write `collapse`: it takes the params of the two layers and returns `dict(w=..., b=...)`.

# %% exercise="collapse"
def collapse(params):
    # BEGIN SOLUTION
    w = params["w1"] @ params["w2"]
    b = params["b1"] @ params["w2"] + params["b2"]
    return dict(w=w[:, 0], b=b[0])
    # END SOLUTION

# %% check="collapse"
collapse = ex.collapse.check(collapse)

# %% [markdown]
# Before you run it: should the two lines be equal for any params, or only after training?

# %%
def straight_net(params, x):
    return mlp_model(params, x, activation=lambda z: z)

wide = init_mlp(jax.random.key(0), (2, 20, 1))
print("two layers", straight_net(wide, x).round(4))
print("one neuron", linear_model(collapse(wide), x).round(4))

# %% [markdown]
# The same numbers, whatever the params are: 81 of them, and no more than one neuron in disguise. And one neuron cannot
# beat 0.69 on XOR. The **activation**, whatever bends the sums between two layers, is what makes a net a net.

# %% [markdown] minutes=9
# ## Learned, if the start is right
#
# Now we train the net instead of building it, with three hidden units: 2-3-1. It needs a start. The obvious ones first:
# all zeros; all weights alike; weights that are random but tiny; and random ones with spread 2.

# %% question="twins"
ex.twins.ask()

# %%
normal2 = initializers.normal(2.0)
random = init_mlp(jax.random.key(0), (2, 3, 1), init=normal2)
starts = {"all zeros": jax.tree.map(jnp.zeros_like, random),
          "all alike": {name: jnp.full(value.shape, 0.5 * (name[0] == "w"))
                        for name, value in random.items()},
          "tiny": jax.tree.map(lambda value: 0.005 * value, random),
          "random": random}
runs = {name: fit(params, net, logistic_loss, x, y, step_size=2.0, n_steps=2000)
        for name, params in starts.items()}

# %%
losses = {name: run.losses for name, run in runs.items()}
for name, run in runs.items():
    first = "  ".join(f"{w:5.2f}" for w in run.params["w1"][0])
    print(f"{name:10} loss {run.losses[-1]:.3f}   weights of x1: {first}")
plots.show(plots.loss_curve(losses))

# %% [markdown]
# - **All zeros** (below the curve of tiny): nothing moves. What pulls `w1` comes through `w2`, and that is 0;
#   what pulls `w2` cancels, since every row gives the same h.
# - **All alike**: the three units move, but stay twins. It is a net with one unit.
# - **Tiny**: nearly twins. It creeps along the plateau at 0.69.
# - **Random**, and of a sensible size: it learns.

# %% [markdown]
# Randomness **breaks the symmetry**: units that start different can become different. Biases may all start at 0; random
# weights are enough.

# %% [markdown] tags=["instructor"]
# Someone will ask how long the tiny start stays. With a tenth of the random weights it learns within 1000 steps, with a
# twentieth it needs more, with a hundredth 10000 are not enough. Let them try. The all-alike net ends at 0.48: it gives (0, 0) its 0 and the other
# three rows 2/3 each.

# %% [markdown]
# Then random weights are the answer? Take only two hidden units, as many as we needed by hand, and twelve keys. Before you
# run it: how many of the twelve will learn XOR?

# %%
def train_from(seed, width):
    params = init_mlp(jax.random.key(seed), (2, width, 1), init=normal2)
    return fit(params, net, logistic_loss, x, y, step_size=2.0, n_steps=2000,
               progress=False)

twelve = [train_from(seed, 2) for seed in range(12)]
for seed, run in enumerate(twelve):
    stuck = "stuck" if run.losses[-1] > 0.1 else ""
    print(f"key {seed:2}   loss {run.losses[-1]:.3f}   {stuck}")

# %% [markdown]
# Nine learn it. Three are **stuck**, and at two values only, 0.35 and 0.48. Over many keys it is about one start in
# three. A net stuck for ever looks like a bug, and there is none.

# %% question="read_the_loss"
ex.read_the_loss.ask()

# %%
for seed in (0, 4, 5):
    p = logistic(net(twelve[seed].params, x))
    rows = "   ".join(f"({a:.0f}, {b:.0f}) {q:.2f}" for (a, b), q in zip(x, p, strict=True))
    print(f"loss {twelve[seed].losses[-1]:.2f}   {rows}")

# %% [markdown]
# With key 4, two rows are right, and two cannot be told apart: 1/2 each. With key 5, three cannot be told apart: two of
# them are 1, so they get 2/3 each. The loss had told us. Why are they mixed up? We shall see in the next section.

# %% question="stuck"
ex.stuck.ask()

# %%
for width in (3, 5):
    ends = [train_from(seed, width).losses[-1] for seed in range(12)]
    print(f"{width} hidden units: {sum(end > 0.1 for end in ends)} of 12 starts are stuck")

# %% [markdown]
# Spare units help: somewhere among them are two that can do the work. That is one reason why nets are made wider than
# any solution needs. The other cure is to start several times and keep the best (lesson 12).

# %% [markdown] minutes=6
# ## The plane, bent
#
# Two hidden units give two numbers for each point. So we can draw where the hidden layer **puts** the plane: a grid of
# inputs, each line drawn where it ends up. The black line is where the last neuron says 1/2.

# %% [markdown]
# Key 9 learned XOR. Here it is at six moments. Before you run it: must the two corners of a class come together, or is
# it enough that they are on one side?

# %%
def output(params, h):
    return linear_model(dict(w=params["w2"][:, 0], b=params["b2"][0]), h)

good = twelve[9]
picture = plots.space_warping(good.path, hidden, x, y, steps=good.steps, output=output,
                              rows=(0, 10, 30, 50, 100, -1), limits=(-0.05, 1.05))
plots.show(picture)

# %% [markdown]
# The sheet narrows and bends until both points of class 0 come to lie in one corner, cut off by the line. The last
# neuron is as plain as ever. **The hidden layer has learned features in which the problem is easy.** And which ones?

# %%
print("x1 x2    unit 1  unit 2")
for row, h in zip(x, hidden(good.params, x), strict=True):
    print(f"{row[0]:2.0f} {row[1]:2.0f}    {h[0]:6.2f}  {h[1]:6.2f}")
print("w2 =", ", ".join(f"{w:.1f}" for w in good.params["w2"][:, 0]))

# %% [markdown]
# Unit 1 is off only at (1, 0), unit 2 only at (0, 1). Both weights in `w2` are below 0: the last neuron is a NAND, on if
# one of the units is off. That is XOR, but not **our** construction. Descent found one of its own.

# %% [markdown]
# And a net that is stuck? Here are keys 4 and 5 at their ends, beside key 9. Look for the corners that were mixed up.

# %%
ends = jax.tree.map(lambda *values: jnp.stack(values),
                    *[twelve[seed].params for seed in (9, 4, 5)])
picture = plots.space_warping(ends, hidden, x, y, rows=(0, 1, 2), output=output,
                              limits=(-0.05, 1.05))
for ax, seed in zip(picture.axes, (9, 4, 5), strict=True):
    ax.set_title(f"key {seed}: loss {twelve[seed].losses[-1]:.2f}")
plots.show(picture)

# %% [markdown]
# Points of different classes have landed on one spot, in a corner, where both units are near 0 or 1 and the logistic
# function is flat: the units are **saturated**. Hardly any slope is left to pull them apart. That is what stuck looks like.

# %% [markdown] tags=["instructor"]
# Take your time here: step through the six panels and let people describe what moves. The line is straight in every
# panel. Points that lie on top of each other show as one dot, of the class drawn last. Why does the sheet end as a curve?
# Both units look along the same diagonal, $x_1 - x_2$; what happens across it no longer counts.

# %% [markdown]
# Back to the inputs. Here is the 2-3-1 net that started at random: its probability as a surface over the plane, and the
# same from above, as filled contours. Before you run it: where is the surface high?

# %%
learned = runs["random"].params
plots.show(plots.decision_surface(learned, net, x, y))

# %%
plots.show(plots.decision_contours(learned, net, x, y))

# %% [markdown]
# A ridge along one diagonal. Where an edge runs straight, one hidden unit switches on or off; where it bends, two have a
# hand in it. The neuron with the feature cross drew other edges, and is as right on the four points. What lies between,
# the data do not say.

# %% [markdown] minutes=6
# ## How large should random weights be?
#
# Tiny weights creep, large ones saturate. A unit adds up `fan_in` products, so its sum grows like $\sqrt{\text{fan\_in}}$.
# Two rules keep the sums near size 1 through many layers:
#
# $$\text{Xavier: spread } \sqrt{\frac{2}{\text{fan\_in} + \text{fan\_out}}} \qquad \text{He: spread } \sqrt{\frac{2}{\text{fan\_in}}}$$

# %% [markdown]
# Xavier's is meant for tanh and logistic units, and is a compromise between signals going forward and gradients coming
# back. He's is for **relu**, $\max(z, 0)$, which lets only half of the signal through, hence the 2.

# %% [markdown]
# **Exercise.** Write both. `shape` is `(fan_in, fan_out)`, and so is the shape of the result: normal numbers with mean 0
# and that spread. First Xavier's:

# %% exercise="xavier"
def xavier(key, shape):
    fan_in, fan_out = shape
    # BEGIN SOLUTION
    return jax.random.normal(key, shape) * jnp.sqrt(2 / (fan_in + fan_out))
    # END SOLUTION

# %% check="xavier"
xavier = ex.xavier.check(xavier)

# %% [markdown]
# And He's, which needs `fan_in` alone, again with mean 0:

# %% exercise="he"
def he(key, shape):
    fan_in, _ = shape
    # BEGIN SOLUTION
    return jax.random.normal(key, shape) * jnp.sqrt(2 / fan_in)
    # END SOLUTION

# %% check="he"
he = ex.he.check(he)

# %% [markdown]
# Six hidden layers of 100 relu units, untrained, and 200 random rows. We print the typical size of what each layer says.
# Before you run it: what happens to a signal that is made seven times larger by every layer?

# %%
rows = jax.random.normal(jax.random.key(1), (200, 100))
inits = {"spread 1": initializers.normal(1.0), "spread 0.01": initializers.normal(0.01),
         "xavier": xavier, "he": he}
for name, init in inits.items():
    params = init_mlp(jax.random.key(0), (100,) * 8, init=init)
    sizes = [jnp.sqrt(jnp.mean(h**2)) for h in hidden_layers(params, rows, relu)]
    print(f"{name:12}", "  ".join(f"{size:8.2g}" for size in sizes))

# %% [markdown]
# Spread 1 explodes past 100,000, spread 0.01 fades to nothing. Xavier's loses a third or so in every layer here, since
# relu throws half away; He's mends just that and stays near 1. With tanh nothing explodes. What goes wrong instead?

# %%
for init in (initializers.normal(1.0), xavier):
    params = init_mlp(jax.random.key(0), (100,) * 5, init=init)
    plots.show(plots.signal_histograms(hidden_layers(params, rows)))

# %% [markdown]
# Above, spread 1: nearly every unit sits at $-1$ or 1, where tanh is flat and gradients vanish. That is the stuck net of
# before, 100 units wide. Below, Xavier's: most units are where tanh still has a slope.

# %% [markdown] minutes=7
# ## Playground, with your own parts
#
# Everything that you have seen can be played with: data, features, layers, activation, start, noise. And two parts can be
# yours. As a loss, take the margins: a row costs nothing once its margin is above 1, else what is missing.

# %%
def margin_loss(params, model, x, y):
    sign = jnp.where(y == 1, 1.0, -1.0)
    return jnp.mean(relu(1.0 - sign * model(params, x)))

# %% [markdown]
# And as an activation a bump, $e^{-z^2}$.

# %%
def bump(z):
    return jnp.exp(-z**2)

# %% question="bump_units"
ex.bump_units.ask()

# %%
panels.playground(activation=bump, loss=margin_loss,
                  settings="data=xor noise=0.1 hidden=1 step_size=0.03")

# %% [markdown]
# Press Run. One ridge is enough for the noisy XOR, from most starts; if it gets stuck, press New start. Then go hunting:
#
# 1. No hidden layer, features $x_1$, $x_2$: how many points are right at best? Add the feature $x_1 x_2$.
# 2. `logistic` units: how few are enough? How often?
# 3. Start from zeros: watch the twins.
# 4. Circles, then the spiral: what do the single units look for?

# %% [markdown] tags=["instructor"]
# The line of text below the panel restores the settings: hand out `data=spiral hidden=8,8 ...` as a challenge, and let
# groups compare lines. Write another activation together, for instance `jnp.sin` or the identity. The loss of the panel
# may be any function of `(params, model, x, y)`: try `mse_loss`.

# %% [markdown]
# ## What we did
#
# - We made gates of single neurons, and proved that no single neuron does XOR.
# - We solved it with a feature made by hand, with gates stacked by hand, and with a net that learned its own: the
#   **model** changed, **loss** and **optimiser** did not.
# - Without something that bends, two layers are one.
# - A start must break the symmetry, and must be neither tiny nor huge. Some starts get stuck all the same.
# - A hidden layer bends the plane until a straight line is enough.
#
# Next, in lesson 09: more than two classes, and better measures than accuracy.

# %%
ex.report()

# %% [markdown]
# ## If you have time
#
# 1. XNOR is on where XOR is off. Which weights of the net made by hand must you change?
# 2. Three inputs, on if an odd number of them is: 8 rows. How many hidden units do you need by hand? And to learn it?
# 3. Train the 2-2-1 net with the squared error of probabilities instead of cross-entropy. Are fewer or more starts stuck?
# 4. Draw the warping of a net with tanh units. Where do the corners go now?

# %% [markdown] tags=["instructor"]
# Answers. 1: only `w2` and `b2`, all signs turned round. 2: three will do, "at least one", "at least two", "all three",
# with weights 1, -1, 1 behind; to learn it, about one start in three is stuck with three, hardly any with four. 3: the same
# places trap it, rather more often; the square makes them look harmless. 4: to the corners of the square from -1 to 1.
