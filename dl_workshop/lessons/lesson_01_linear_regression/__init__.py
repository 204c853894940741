"""Lesson 01: linear regression, by hand."""
