"""fit, and what stands behind it: the compiled loop, its cache, the checks of what it is given, many runs at once."""
