"""Lesson 03: training a line."""
