"""The stages of the corridor, strangers to each other; their order stands in `pipeline.py`."""
