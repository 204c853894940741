"""Lesson 01: K-means."""
