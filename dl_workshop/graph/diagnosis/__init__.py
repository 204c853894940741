"""Where a learner's own forward or backward pass parts company with the graph, and why."""
