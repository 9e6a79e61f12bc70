"""The names layer: a small tagger that finds people, organisations, places and their like."""

from muniment.detect.detectors.names.scan import Names

__all__ = ["Names"]
