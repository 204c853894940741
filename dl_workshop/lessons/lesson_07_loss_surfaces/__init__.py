"""Lesson 07: loss surfaces, learning rates, and data as it comes."""
