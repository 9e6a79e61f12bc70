"""The detectors that come along: one small file per kind of value, strangers to each other."""
