"""Pieces of exercises that several lessons use."""
