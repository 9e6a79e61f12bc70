"""Muniment: prove that your AI is under control."""

__version__ = "0.1.0"
