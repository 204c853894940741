"""Lesson 02: gradient descent."""
