"""Lesson 12: training in practice."""
