"""The kit's own lessons, each in a folder of its own; none imports another."""
