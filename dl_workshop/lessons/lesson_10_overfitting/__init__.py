"""Lesson 10: curves, overfitting, regularisation."""
