"""dl-workshop: deep learning from the bottom up, with pure functions in JAX."""
