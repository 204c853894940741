"""From a learner's function to its graph as plain data."""
