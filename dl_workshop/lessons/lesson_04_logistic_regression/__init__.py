"""Lesson 04: logistic regression."""
