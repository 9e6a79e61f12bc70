"""The one part of Muniment that is compiled; where no compiler is, NumPy does the same."""

from setuptools import Extension, setup

NAMES = "src/muniment/detect/detectors/names"

setup(
    ext_modules=[
        Extension(
            "muniment.detect.detectors.names._quick",
            [f"{NAMES}/quick.c"],
            depends=[f"{NAMES}/quick_{part}.h" for part in ("list", "words", "tagger", "names")],
            # Each rounding is of one operation, so that NumPy gives the same.
            extra_compile_args=["-O3", "-ffp-contract=off"],
            optional=True,
        )
    ]
)
