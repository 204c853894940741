"""Lesson 11: digits."""
