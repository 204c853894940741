"""Lesson 08: gates, XOR, and features that are learned."""
