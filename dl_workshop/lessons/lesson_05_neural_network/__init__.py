"""Lesson 05: A neural network."""
