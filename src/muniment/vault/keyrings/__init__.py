"""Keyrings: places that hold keys and use them without giving them away; one file each."""
