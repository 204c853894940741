"""Lessons for dl-workshop: K-means."""
