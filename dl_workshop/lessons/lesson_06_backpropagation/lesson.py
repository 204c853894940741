# %% [markdown]
# # 06 Inside backpropagation
#
# In five lessons `jax.grad` has told you which way is down. In this one you open the box. You will be able to find the gradient
# of a program by hand, to write the backward pass of a net, and to show that a gradient is right.

# %% [markdown]
# | part | what it is | in this lesson |
# |---|---|---|
# | model | a guess at how the world makes y from x | small ones that you know: a neuron, a net |
# | loss | one number that says how bad a guess is | as before. It is where every gradient starts |
# | optimiser | a way to make the loss smaller | gradient descent, fed by **your** gradients |

# %% [markdown] tags=["instructor"]
# Minutes below add up to 78. Late? Skip "Back to 150" after its first exercise, then the relay. Never skip `chain_backward` with
# its panel, `neuron_backward`, or the planted bug. Have paper ready: everything up to the neuron is done by hand first.

# %% [markdown]
# JAX computes with about 7 digits, Python with 16. To compare numbers by hand with numbers by JAX, we ask JAX for 16, too. That
# is worth its time here, and rarely in training.

# %%
import jax
import jax.numpy as jnp
import numpy as np

from dl_workshop import exercises, gradients, graph, models, panels

jax.config.update("jax_enable_x64", True)
ex = exercises.load("06")

# %% [markdown] minutes=5
# ## A program is a graph
#
# Three lines, two numbers in, one number out:
#
# $$x = 2w + 3b \qquad y = 2b + 1 \qquad z = x\,y$$
#
# Write them as a function, one line each, with these names. It returns z.

# %% exercise="chain"
def chain(w, b):
    # BEGIN SOLUTION
    x = 2 * w + 3 * b
    y = 2 * b + 1
    z = x * y
    return z
    # END SOLUTION

# %% check="chain"
chain = ex.chain.check(chain)

# %% [markdown]
# The kit can watch your function compute. `graph.trace` runs it and keeps every value on the way; `graph.draw` draws them. Before
# you run it: with $w = 3$ and $b = 4$, what are $x$, $y$ and $z$?

# %%
graph.draw(graph.trace(chain, 3.0, 4.0), detail="values")

# %% [markdown]
# This is your program. Each box is one small step: it takes numbers from the left, and hands one on to the right. $x = 18$,
# $y = 9$, $z = 162$. Note that $b$ has two arrows: it is used twice.

# %% [markdown] tags=["instructor"]
# Let somebody come forward and trace with a finger how 162 comes about. If a learner wrote it all in one line, the boxes have the
# names of operations instead of x and y: let them see both, and ask which one they would rather debug.

# %% [markdown] minutes=12
# ## Back along the arrows
#
# Now the question of every training: if an input moves a little, how much does the output move?

# %% question="how_much_z_moves"
ex.how_much_z_moves.ask()

# %% [markdown]
# Try it. Before you run it: which number should come out?

# %%
(chain(3.0, 4.001) - chain(3.0, 4.0)) / 0.001

# %% [markdown]
# About 63: $27$ through $x$ and $36$ through $y$ (and a little more, since $z$ bends). Each single step is easy. Its **local
# derivative** says how much its output moves for each of its inputs:
#
# $$\frac{\partial x}{\partial w} = 2 \quad \frac{\partial x}{\partial b} = 3 \quad \frac{\partial y}{\partial b} = 2 \quad
# \frac{\partial z}{\partial x} = y \quad \frac{\partial z}{\partial y} = x$$

# %% [markdown]
# The **chain rule** puts them together. Along a path, multiply. Where paths join, add:
#
# $$\frac{\partial z}{\partial w} = \frac{\partial z}{\partial x}\cdot 2 \qquad
# \frac{\partial z}{\partial b} = \frac{\partial z}{\partial x}\cdot 3 + \frac{\partial z}{\partial y}\cdot 2$$

# %% [markdown]
# So we start at the end, where $\partial z / \partial z = 1$, and walk back. Every box asks the boxes to its right. That walk is
# **backpropagation**. There is no more to it; the rest is bookkeeping.

# %% [markdown]
# **Exercise.** Write the walk for any $w$ and $b$. Return a dict: the gradient of z with respect to x, y, w and b. We write `d_x`
# for $\partial z / \partial x$.

# %% exercise="chain_backward"
def chain_backward(w, b):
    # BEGIN SOLUTION
    x = 2 * w + 3 * b
    y = 2 * b + 1
    d_x = y
    d_y = x
    return dict(x=d_x, y=d_y, w=2 * d_x, b=3 * d_x + 2 * d_y)
    # END SOLUTION

# %% check="chain_backward"
chain_backward = ex.chain_backward.check(chain_backward)

# %% [markdown]
# Now yours against the graph's. Under each value stands its gradient, in green, and on each arrow the local derivative. Before you
# run it: what will stand below $b$?

# %%
print(chain_backward(3.0, 4.0))
graph.draw(graph.trace(chain, 3.0, 4.0))

# %% [markdown]
# The same numbers: 9, 18, 18 and 63. Put a finger on $b$ and follow its two arrows: $3 \cdot 9$ and $2 \cdot 18$. `jax.grad` does
# exactly this, for programs of any length.

# %% [markdown]
# Walk it yourself. **Step** goes forward until z, then back. On the way back, say each gradient aloud before you press. Then
# click a box to see its line of code, and move $w$: which gradients change, and which do not?

# %%
panels.backprop(chain, 3.0, 4.0)

# %% [markdown]
# Moving $w$ changes the gradients of $y$ and of $b$, for $x$ changes, and $y$'s gradient is $x$. The gradients of $x$ and $w$ stay:
# they need $y$ alone. To go back, the values of the way forward are needed. So they are kept.

# %% [markdown] tags=["instructor"]
# The heart of the lesson; 63 on paper before anybody presses Step. What goes wrong: only one path of b (27 or 36), the local
# derivative taken for the gradient (3), paths multiplied instead of added. A book prints "the partial is 3"; that is the local one.
#
# Why backward and not forward? One walk back gives the gradients of ALL inputs; forward one needs a walk for each input.

# %% [markdown] minutes=10
# ## Back to 150
#
# What is a gradient good for? We want $z = 150$ instead of 162. First change $w$ alone. z is 12 too large, and it moves 18 times
# as fast as $w$. Before you run it: by how much should $w$ fall, and will z be exact?

# %%
w = 3 - 12 / chain_backward(3.0, 4.0)["w"]
print(f"w = {w:.6f}   z = {chain(w, 4.0):.6f}")

# %% [markdown]
# Exact. Now the same with $b$ alone, and its 63:

# %%
b = 4 - 12 / chain_backward(3.0, 4.0)["b"]
print(f"b = {b:.6f}   z = {chain(3.0, b):.6f}")

# %% question="why_not_exact"
ex.why_not_exact.ask()

# %% [markdown]
# So do it again, from the new place. **Exercise.** Write the loop that changes $b$ alone. Each round works out the miss and the
# gradient anew, with your `chain` and `chain_backward`:
#
# $$b \leftarrow b - \frac{z - \text{target}}{\partial z / \partial b}$$
#
# Return all b, the start first, as an array.

# %% exercise="steer_b"
def steer_b(w, b, target, n_updates):
    # BEGIN SOLUTION
    bs = [b]
    for _ in range(n_updates):
        miss = chain(w, b) - target
        b = b - miss / chain_backward(w, b)["b"]
        bs.append(b)
    return np.array(bs)
    # END SOLUTION

# %% check="steer_b"
steer_b = ex.steer_b.check(steer_b)

# %% [markdown]
# Before you run it: after the first update z was 0.2 off. How far off will it be after the second?

# %%
for b in steer_b(3.0, 4.0, 150.0, 3):
    slope = chain_backward(3.0, b)["b"]
    print(f"b = {b:.9f}   z = {chain(3.0, b):.9f}   gradient {slope:.6f}")

# %% [markdown]
# After the second it is off by less than 0.0001, after the third there is nothing left to see: each update about doubles the number
# of right digits. The gradient went from 63 to about 60.7. What if we are lazy, and keep the 63?

# %%
b = 4.0
for update in range(1, 6):
    b = b - (chain(3.0, b) - 150) / 63
    print(f"update {update}   b = {b:.9f}   z = {chain(3.0, b):.9f}")

# %% [markdown]
# It arrives too, but to come within 0.0001 it takes 4 updates where 2 were enough. A stale gradient still points the right way,
# with the wrong length.

# %% [markdown]
# At last both at once, each taking over half of the miss. Before you run it: there are two unknowns and one wish. Will kept and
# new gradients end at the same $w$ and $b$?

# %%
for keep in (True, False):
    w, b, grads = 3.0, 4.0, chain_backward(3.0, 4.0)
    for _ in range(10):
        half = (chain(w, b) - 150) / 2
        w, b = w - half / grads["w"], b - half / grads["b"]
        grads = grads if keep else chain_backward(w, b)
    print(f"kept {keep!s:5}   w = {w:.6f}   b = {b:.6f}   z = {chain(w, b):.6f}")

# %% [markdown]
# Both reach 150, at different places: $w$ is 2.661469 or 2.661517. A whole curve of pairs gives 150, and the way decides where on
# it we arrive. A net with many more params than wishes is like this: where it ends depends on how it went.

# %% [markdown] tags=["instructor"]
# The exact root of b is 3.805937104. Dividing the miss by the slope, again and again, is Newton's method: it needs a target for
# the output. Gradient descent has none, it only knows "lower": hence a step size in place of the division. Late? Show both loops.

# %% [markdown] minutes=7
# ## A relay
#
# Now a program in which one runner hands on to the next:
#
# $$a = x^2 \qquad b = \ln a \qquad c = \sqrt{b}$$
#
# We want $c = 2.13$, and start at $x = 2$.

# %%
def relay(x):
    a = x ** 2
    b = jnp.log(a)
    c = jnp.sqrt(b)
    return c

graph.draw(graph.trace(relay, 2.0))

# %% [markdown]
# $c$ is 1.18, too small. A single path: its gradient is the product of three local derivatives, $4 \cdot 0.25 \cdot 0.425$. Now
# hand the miss, $c - 2.13$, back from runner to runner.

# %% question="multiply_or_divide"
ex.multiply_or_divide.ask()

# %% [markdown]
# **Exercise.** How far is each runner off? Begin with $\delta c = c - \text{target}$, and divide by one local derivative after the
# other, until you are at $x$. Return the four in a dict. The way forward is written already.

# %% exercise="relay_back"
def relay_back(x, target):
    a = x ** 2
    b = jnp.log(a)
    c = jnp.sqrt(b)
    # BEGIN SOLUTION
    d_c = c - target
    d_b = d_c * 2 * jnp.sqrt(b)
    d_a = d_b * a
    d_x = d_a / (2 * x)
    return dict(c=d_c, b=d_b, a=d_a, x=d_x)
    # END SOLUTION

# %% check="relay_back"
relay_back = ex.relay_back.check(relay_back)

# %% [markdown]
# Then correct $x$, and run the relay again, until $c$ misses by less than 0.001. Before you run it: is one round enough?

# %%
x, off = 2.0, relay_back(2.0, 2.13)
while abs(off["c"]) >= 1e-3:
    print(f"x = {x:.6f}   c misses by {off['c']:9.6f}   so x is off by {off['x']:9.6f}")
    x = x - off["x"]
    off = relay_back(x, 2.13)
print(f"x = {x:.6f}   c misses by {off['c']:9.6f}")

# %% [markdown]
# Four rounds: 4.24, 7.34, 9.30, and 9.6557. Each round hands back a wish that is right only nearby. One can also solve it exactly.
# One book gives the answer as 9.6653. Before you run it: put 2.13 backwards through the three lines, on paper.

# %%
exact = np.exp(2.13 ** 2 / 2)
print(f"exact x = {exact:.6f}, where c = {relay(exact):.6f}")
print(f"9.6653 in the relay: c = {relay(9.6653):.6f}")

# %% [markdown]
# $b = c^2$, $a = e^b$, $x = \sqrt{a}$: together $e^{2.13^2/2} = 9.664409$. The printed 9.6653 is a little off, and the relay itself
# shows it. You have the means to check what you read.

# %% [markdown] tags=["instructor"]
# The relay divides, backpropagation multiplies: say it twice. Both walk back through the same local derivatives. Somebody will ask
# why we do not train nets this way: with many inputs, each would need its share of the wish, as with w and b above.

# %% [markdown] minutes=12
# ## One neuron
#
# Now the real thing. OR says 1 if any of its two inputs is 1. A neuron is to learn it: the logistic regression of lesson 04, whose
# curve is also called the sigmoid. As loss we take half the squared error: the half will cancel a 2.
#
# $$z = xw + b \qquad \hat y = \text{sigmoid}(z) \qquad L = \tfrac12(\hat y - y)^2$$

# %%
def neuron(params, x):
    z = x @ params["w"] + params["b"]
    y_hat = jax.nn.sigmoid(z)
    return y_hat


def half_loss(params, model, x, y):
    y_hat = model(params, x)
    return jnp.mean(0.5 * (y_hat - y) ** 2)

x = jnp.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
y = jnp.array([0.0, 1.0, 1.0, 1.0])
start = dict(w=jnp.array([0.1, 0.6]), b=0.0)

# %% [markdown]
# One example first, $x = (0, 0)$ with $y = 0$.

# %% question="no_bias"
ex.no_bias.ask()

# %% [markdown]
# Before you run it: what will stand below `w`, and what below `b`?

# %%
graph.draw(graph.trace(half_loss, start, neuron, x[:1], y[:1]))

# %% [markdown]
# $\hat y = 0.5$, the loss 0.125. The gradient of `w` is (0, 0): without `b`, this example could teach nothing. `b` gets 0.125, and
# one step of size 1 helps:

# %%
moved = dict(w=start["w"], b=start["b"] - 0.125)
loss = half_loss(moved, neuron, x[:1], y[:1])
print(f"y_hat {neuron(moved, x[:1])[0]:.6f}   loss {loss:.6f}")

# %% [markdown]
# From 0.5 to 0.469, and from 0.125 to 0.110. Now all four examples, as a **batch**. The loss is the mean. Before you run it: `b` is
# one number, but z has four. What flows back into `b`?

# %%
graph.draw(graph.trace(half_loss, start, neuron, x, y))

# %% [markdown]
# Each of the four sends something back, and `b` gets their sum: Σ. It is the rule from above. `b` is used four times, so four paths
# join. For `w` the sum hides in `x.T @`: a matrix product multiplies and adds.

# %% question="where_is_y"
ex.where_is_y.ask()

# %% [markdown]
# Write the way back. The local derivatives: $(\hat y - y)/n$ from the loss to $\hat y$ (the 2 of the square cancels the half), and
# the slope of the sigmoid, which can be written with its own output:
#
# $$\frac{d\hat y}{dz} = \hat y\,(1 - \hat y)$$

# %% [markdown]
# **Exercise.** Write `neuron_backward` for a batch: `x` is `(n, d)`, `y` is `(n,)`. Return a dict with the gradients of `y_hat`
# `(n,)`, `z` `(n,)`, `w` `(d,)` and `b`, a number.

# %% exercise="neuron_backward"
def neuron_backward(params, x, y):
    y_hat = neuron(params, x)
    # BEGIN SOLUTION
    d_y_hat = (y_hat - y) / len(y)
    d_z = d_y_hat * y_hat * (1 - y_hat)
    d_w = x.T @ d_z
    d_b = jnp.sum(d_z)
    return dict(y_hat=d_y_hat, z=d_z, w=d_w, b=d_b)
    # END SOLUTION

# %% check="neuron_backward"
neuron_backward = ex.neuron_backward.check(neuron_backward)

# %% [markdown]
# `graph.compare` sets your pass beside the graph of your own loss, node by node, from the end back. It names the first node at
# which the two part. Let us see what it says to yours, and then to one with a slip in it.

# %%
traced = graph.trace(half_loss, start, neuron, x, y)
yours = neuron_backward(start, x, y)
print(graph.compare(traced, backward=yours))
print(graph.compare(traced, backward=yours | dict(z=yours["y_hat"])))

# %% [markdown]
# Now train, with no `jax.grad` anywhere: step size 1, and your gradients. Before you run it: which sign do both weights need, and
# which does the bias, if (0, 0) is to say 0 and all others 1?

# %%
params = start
for iteration in range(1, 5001):
    grads = neuron_backward(params, x, y)
    if iteration in (1, 2, 5000):
        cost = half_loss(params, neuron, x, y)
        d_w, d_b = grads["w"].round(6), grads["b"]
        print(f"{iteration:5}   cost {cost:.6f}   dW {d_w}   db {d_b:.6f}")
    params = {name: params[name] - grads[name] for name in params}

# %%
print(f"w {params['w'].round(3)}   b {params['b']:.3f}")
print("it says", neuron(params, x).round(3), "for", y)

# %% [markdown]
# Two equal weights near 6.43, a bias near $-2.97$. (0, 0) gets about 0.05, the others 0.97 and more. You trained a neuron on
# gradients that you derived.

# %% question="printed_gradients"
ex.printed_gradients.ask()

# %% [markdown] tags=["instructor"]
# What goes wrong: n forgotten (the step size hides it: it "works", four times as fast), z in place of y_hat in the slope, the sum
# over the batch forgotten, or the mean taken twice. `len(y)` belongs in the first line only; all the others just add.
#
# 5000 rounds of uncompiled JAX take a few seconds. That is the price of seeing plain code run.

# %% [markdown] minutes=6
# ## Three losses, one pattern
#
# Linear regression, logistic regression, and softmax, which is logistic regression with many classes: what is new in it?
#
# $$p_k = \frac{e^{z_k}}{e^{z_1} + e^{z_2} + \dots} \qquad L = -\log p_\text{truth}$$
#
# One logit a class; all made positive, then divided by their sum.

# %%
logits = jnp.array([2.0, 1.0])
p = jax.nn.softmax(logits)
print("p", p.round(4), "  sum", p.sum())
print(f"loss if class 1 is the truth: {-jnp.log(p[0]):.6f}")

# %% [markdown]
# The truth is written as a **one-hot** row: a place for each class, 1 at the truth and 0 elsewhere.

# %% question="one_hot_of_five"
ex.one_hot_of_five.ask()

# %% [markdown]
# Now the three as graphs, on two rows. One model, the line, serves the first two. Look at one thing: the gradient at `z`, the last
# value before `y` comes in. First linear regression: the mean of squares, without a half. Before you run it: $z = (3, 1)$, and the
# truth is $(2, 1.5)$. Which way should each z go?

# %%
def line(params, x):
    z = x * params["w"] + params["b"]
    return z


def squared(params, model, x, y):
    z = model(params, x)
    return jnp.mean((z - y) ** 2)

line_params, x_two = dict(w=1.0, b=0.0), jnp.array([3.0, 1.0])
graph.draw(graph.trace(squared, line_params, line, x_two, jnp.array([2.0, 1.5])))

# %% [markdown]
# $2(z - y)/n = (1, -0.5)$: the first should fall, the second rise, and the larger miss pulls harder. Now logistic regression from
# logits. The model is the same, `y` now meets `z` on two paths: $\log(1 + e^z)$ and $yz$. Before you run it: the truth is
# $(1, 0)$. Which z gets the larger gradient?

# %%
def from_logits(params, model, x, y):
    z = model(params, x)
    return jnp.mean(jnp.logaddexp(0.0, z) - y * z)

print("p", jax.nn.sigmoid(x_two).round(3))
graph.draw(graph.trace(from_logits, line_params, line, x_two, jnp.array([1.0, 0.0])))

# %% [markdown]
# $(p - y)/n$: $(0.953 - 1)/2$ and $(0.731 - 0)/2$. The path through the log brings $p$, the other brings $-y$, and where paths join,
# we add. The second row is wrong, so it pulls. And softmax?

# %% question="softmax_slope"
ex.softmax_slope.ask()

# %%
def two_lines(params, x):
    z = x @ params["w"] + params["b"]
    return z


def softmax_loss(params, model, x, y):
    z = model(params, x)
    log_p = jax.nn.log_softmax(z)
    return -jnp.mean(jnp.sum(y * log_p, axis=1))

two = dict(w=jnp.array([[2.0, 1.0]]), b=jnp.zeros(2))
row, one_hot = jnp.array([[1.0]]), jnp.array([[1.0, 0.0]])
graph.draw(graph.trace(softmax_loss, two, two_lines, row, one_hot))

# %% [markdown]
# At `z`: $-0.27$ and $0.27$, probability minus truth once more. Three problems, three losses, and one message goes back into the
# model: **prediction minus truth**. The model never sees y. It is told its error, and nothing else.

# %% [markdown] tags=["instructor"]
# This is why "from logits" is worth its name: log and exponential cancel, and what is left is p minus y, harmless at any size.
# Ask what happens with half the squared error behind a sigmoid: the slope of the sigmoid stays, and a neuron that is sure and wrong
# hardly learns. That is the reason for cross-entropy.

# %% [markdown] minutes=10
# ## A net, and its four formulas
#
# Two layers, with their values named:
#
# $$z_1 = xW_1 + b_1 \qquad h = \tanh(z_1) \qquad z_2 = hW_2 + b_2$$
#
# with the `softmax_loss` from above, for three classes. `y` is one-hot, `(n, 3)`.

# %%
def net(params, x):
    z1 = x @ params["w1"] + params["b1"]
    h = jnp.tanh(z1)
    z2 = h @ params["w2"] + params["b2"]
    return z2

key_params, key_x = jax.random.split(jax.random.key(6))
net_params = models.init_mlp(key_params, (2, 4, 3))
points = jax.random.normal(key_x, (6, 2))
truth = jax.nn.one_hot(jnp.array([0, 1, 2, 2, 1, 0]), 3)
graph.draw(graph.trace(softmax_loss, net_params, net, points, truth))

# %% [markdown]
# Follow the green signs from the loss to `w1`. There are only four kinds of steps. With `d_` for "gradient of the loss with respect
# to", and $\odot$ for number by number:

# %% [markdown]
# | | formula | in words |
# |---|---|---|
# | 1 | $d_{z_2} = (p - y)/n$ | start: prediction minus truth |
# | 2 | $d_{z_1} = (d_{z_2} W_2^T) \odot \tanh'(z_1)$ | one layer back: through the weights, then the bend |
# | 3 | $d_{W} = (\text{input of the layer})^T\, d_{z}$ | weights: what came in, times what comes back |
# | 4 | $d_{b} = \sum_{\text{rows}} d_{z}$ | biases: what comes back, added up |

# %% [markdown]
# Deeper nets repeat 2, 3 and 4 for each layer. The slope of tanh, like that of the sigmoid, is written with its output:
# $\tanh'(z_1) = 1 - h^2$.
#
# **Exercise.** Write the backward pass, from z2 back to w1 and b1. Keep $d_h = d_{z_2} W_2^T$ as a step of its own.

# %% exercise="net_backward"
def net_backward(params, x, y):
    h = jnp.tanh(x @ params["w1"] + params["b1"])
    p = jax.nn.softmax(h @ params["w2"] + params["b2"])
    # BEGIN SOLUTION
    d_z2 = (p - y) / len(y)
    d_w2 = h.T @ d_z2
    d_b2 = jnp.sum(d_z2, axis=0)
    d_h = d_z2 @ params["w2"].T
    d_z1 = d_h * (1 - h ** 2)
    d_w1 = x.T @ d_z1
    d_b1 = jnp.sum(d_z1, axis=0)
    return dict(z2=d_z2, w2=d_w2, b2=d_b2, h=d_h, z1=d_z1, w1=d_w1, b1=d_b1)
    # END SOLUTION

# %% check="net_backward"
net_backward = ex.net_backward.check(net_backward)

# %%
yours = net_backward(net_params, points, truth)
traced = graph.trace(softmax_loss, net_params, net, points, truth)
print(graph.compare(traced, backward=yours))

# %% [markdown]
# Nobody needs to remember the formulas. Shapes alone nearly give them: a gradient has the shape of its param, and there is mostly
# one way to multiply that fits.

# %% [markdown] tags=["instructor"]
# The check knows twelve slips. The commonest: `w2` not transposed (an error here only because 4 and 3 differ; with a square matrix
# it runs and is wrong), z1 in the slope of tanh, the sum over the rows forgotten. Let them use the shapes: cover the table, write
# the shape of d_w1, (2, 4), and ask what can be multiplied to get it.

# %% [markdown] minutes=11
# ## Can we trust it?
#
# A wrong gradient rarely crashes. Often the loss still falls, and nobody notices. So we check, with the oldest idea of this course:
# take a small step, and look how much the output moves.

# %% [markdown]
# **Exercise.** Write the two-sided difference of lesson 02, for any `f` of one number, and any `h`. It returns one number.

# %% exercise="two_sided"
def two_sided(f, x, h):
    # BEGIN SOLUTION
    return (f(x + h) - f(x - h)) / (2 * h)
    # END SOLUTION

# %% check="two_sided"
two_sided = ex.two_sided.check(two_sided)

# %% [markdown]
# Try it on $x^2 + 3x$ at $x = 2$, where the slope is 7. Before you run it: how far off will the one-sided difference be, with
# $h = 0.001$, and how far the two-sided one?

# %%
def curve(x):
    return x ** 2 + 3 * x

print(f"one-sided {(curve(2.001) - curve(2.0)) / 0.001:.9f}")
print(f"two-sided {two_sided(curve, 2.0, 0.001):.9f}")

# %% [markdown]
# One-sided 7.001, two-sided 7. The bend to the left and the bend to the right cancel. Smaller $h$, better result? Before you run
# it: what will happen in the last lines?

# %%
for power in range(1, 16, 2):
    slope = two_sided(jnp.exp, 1.0, 10.0 ** -power)
    print(f"h = 1e-{power:02}   off by {abs(slope - np.e):.0e}")

# %% [markdown]
# It gets better until about $10^{-5}$, then worse again: the two values become so alike that only their rounding is left. Between
# $10^{-4}$ and $10^{-7}$ is a good place, with 16 digits. With JAX's usual 7 digits even the best $h$ gives only about five.

# %% [markdown]
# `gradients.check_gradient` does this for every number in params, and compares:
#
# $$\frac{\lVert \text{yours} - \text{differences}\rVert}{\lVert\text{yours}\rVert + \lVert\text{differences}\rVert}$$
#
# | relative difference | verdict |
# |---|---|
# | above $10^{-2}$ | wrong |
# | $10^{-2}$ to $10^{-4}$ | suspicious |
# | $10^{-4}$ to $10^{-7}$ | acceptable if there are kinks |
# | below $10^{-7}$ | good |

# %% question="relative_difference"
ex.relative_difference.ask()

# %%
def loss_of(params):
    return softmax_loss(params, net, points, truth)

yours = net_backward(net_params, points, truth)
yours = {name: yours[name] for name in net_params}
print(gradients.check_gradient(loss_of, net_params, yours))

# %% [markdown]
# Good, for every single number. Nothing in this check knows the chain rule: two quite different roads lead to the same place. That
# is why we can trust it.

# %% [markdown]
# Here is another pass, sent to us by a friend. "It trains", she says. Run it and read which params are good. Do not look for the
# bug yet.

# %%
def friends_pass(params, x, y):
    z1 = x @ params["w1"] + params["b1"]
    h = jnp.tanh(z1)
    error = jax.nn.softmax(h @ params["w2"] + params["b2"]) - y
    delta2 = error / len(x)
    below = jnp.dot(delta2, params["w2"].T)
    delta1 = below * (1 - z1 ** 2)
    return dict(z2=delta2, h=below, z1=delta1,
                w2=jnp.dot(h.T, delta2), b2=delta2.sum(axis=0),
                w1=jnp.dot(x.T, delta1), b1=delta1.sum(axis=0))

hers = friends_pass(net_params, points, truth)
report = gradients.check_gradient(loss_of, net_params, {k: hers[k] for k in net_params})

# %%
print(report.verdict)
for name, difference in report.leaves.items():
    print(f"{name}: {difference:.0e}")

# %% [markdown]
# Two are good, two are wrong. **Exercise.** Think before you read her code: behind which gradient, going backward, must the bug lie? Write
# down the first one that is wrong, in quotes.

# %% exercise="bug"
# BEGIN SOLUTION
bug = "z1"
# END SOLUTION

# %% check="bug"
ex.bug.check(bug)

# %% [markdown]
# Now ask the graph. It has the gradient of every value in between, so it can say more than a check of the params.

# %%
first = graph.compare(traced, backward=hers)
print(first)
graph.draw(traced, detail="shapes", marked=first.name)

# %% [markdown]
# Her formula for the slope of tanh belongs to the output, $1 - h^2$, but she put in $z_1$. Where $z_1$ is small the two are nearly
# the same. "But it trains!" Before you run it: will her loss fall?

# %%
for who, backward in dict(ours=net_backward, hers=friends_pass).items():
    params, falling = net_params, []
    for _ in range(151):
        falling.append(softmax_loss(params, net, points, truth))
        grads = backward(params, points, truth)
        params = {name: params[name] - 0.1 * grads[name] for name in params}
    print(who, *(f"{loss:.3f}" for loss in falling[::25]))

# %% [markdown]
# She is right, for a while: up to step 75 her loss is even below ours. A loss curve that falls proves nothing. But where $z_1$ is
# beyond 1, her $1 - z_1^2$ is negative: there she walks uphill, further and further, and off to nan.

# %% [markdown]
# One warning. Where a function has a **kink**, as $|w|$ at 0, the slope to the left and to the right differ, and a difference
# across it means nothing. The check says so:

# %%
print(gradients.check_gradient(lambda w: jnp.abs(w).sum(), jnp.array([1.0, 0.0])))

# %% [markdown] tags=["instructor"]
# Let them argue about `bug` in pairs before they type. The reasoning matters: w2 and b2 are good, so z2 is; w1 and b1 share z1.
# A gradient check belongs into every project that writes a backward pass by hand, on a tiny net, once. Then switch it off.

# %% [markdown] minutes=3
# ## Your own function
#
# The panel takes any function that gives one number. Change this one: another formula, more inputs, `jnp.tanh`, `jnp.exp`. Guess a
# gradient, then step back to it.

# %%
def mine(w, b):
    u = jnp.tanh(w * b)
    v = u + b
    return v ** 2

panels.backprop(mine, 0.5, 1.0)

# %% [markdown] minutes=2
# ## What we did
#
# - A program is a **graph** of small steps. Each has a value, and a local derivative for each of its inputs.
# - Going back from the result: multiply along a path, add where paths join. That gives all gradients in one walk.
# - A batch and a shared param are just more paths: their terms are summed.
# - **Four formulas** are the whole of backpropagation in a net.
# - The **loss** alone sees y. Back into the **model** goes prediction minus truth, and the **optimiser** gets a gradient for each param.
# - A gradient that was checked by two-sided differences can be trusted.
#
# From now on we let `jax.grad` do it, as before. But it is no longer a box that nobody can open.

# %%
ex.report()

# %% [markdown]
# ### Further questions, for the quick ones
#
# 1. Give `net` a second hidden layer, and extend `net_backward`. Which of the four formulas do you use how often?
# 2. Replace tanh by `jnp.maximum(z1, 0)`. What is its slope, and what does the gradient check say?
# 3. In `chain`, which change of $w$ and $b$ together raises z fastest, for a step of length 0.01?
# 4. `graph.trace(half_loss, start, neuron, x, y, helpers="inline")` opens the sigmoid. Draw it, and find $\hat y(1 - \hat y)$.

# %% [markdown] tags=["instructor"]
# 1. Formula 1 once, 2 twice, 3 and 4 three times.
# 2. It is 1 where z1 is above 0, else 0. The check is good, unless a z1 lies within h of 0.
# 3. Along the gradient, (18, 63): by (0.0027, 0.0096), and z grows by about 0.66.
# 4. It is spread over several boxes, whose local derivatives multiply to it.
