"""Lesson 06: inside backpropagation."""
