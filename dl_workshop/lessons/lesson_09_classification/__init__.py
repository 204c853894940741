"""Lesson 09: classification."""
