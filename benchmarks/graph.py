"""How long until the graph of a net's loss is there? The first time, compilation included, and again.

Run: uv run python benchmarks/graph.py
Prints a table. Trust the ratio, not one machine's seconds.
"""

import statistics
import time

import jax
import jax.numpy as jnp

from dl_workshop import graph, models

ROUNDS = 20


def loss(params, model, x, y):
    z1 = x @ params["w1"] + params["b1"]
    a1 = jnp.tanh(z1)
    z2 = a1 @ params["w2"] + params["b2"]
    a2 = jnp.tanh(z2)
    z3 = (a2 @ params["w3"] + params["b3"])[:, 0]
    y_pred = jax.nn.sigmoid(z3)
    return jnp.mean((y_pred - y) ** 2)


def seconds(work):
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def main():
    params = models.init_mlp(jax.random.key(0), (2, 8, 4, 1))
    x = jax.random.normal(jax.random.key(1), (100, 2))
    y = (x[:, 0] > 0).astype(float)

    def trace():
        return graph.trace(loss, params, models.mlp_model, x, y)

    first = seconds(trace)
    again = statistics.median(seconds(trace) for _ in range(ROUNDS))
    traced = trace()
    first_drawn, drawn = (
        seconds(lambda: graph.draw(traced)),
        statistics.median(seconds(lambda: graph.draw(traced)) for _ in range(ROUNDS)),
    )
    computed = sum(node.op not in ("input", "constant") for node in traced.nodes)
    print(f"a loss of {computed} operations   first   again (median of {ROUNDS})")
    print(f"graph.trace               {first:6.2f} s {again:6.4f} s")
    print(f"graph.draw                {first_drawn:6.2f} s {drawn:6.4f} s")
    print(f"together                  {first + first_drawn:6.2f} s {again + drawn:6.4f} s")


if __name__ == "__main__":
    main()
