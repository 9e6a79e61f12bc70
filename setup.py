"""The parts of Muniment that are compiled; where no compiler is, Python does the same."""

from setuptools import Extension, setup

DETECT = "src/muniment/detect"
CORE = "src/muniment/core"
LEDGER = "src/muniment/ledger/store"
GATEWAY = "src/muniment/gateway"
NAMES = f"{DETECT}/detectors/names"
NAMES_PARTS = ("list", "words", "cut", "tagger", "names")
MARKS_PARTS = ("chat", "digest", "found", "parts", "sight", "words")
# Each rounding is of one operation, so that NumPy gives the same.
QUICK = ["-O3", "-ffp-contract=off"]

setup(
    ext_modules=[
        Extension(
            "muniment.core._plain",
            [f"{CORE}/plain.c"],
            depends=[f"{CORE}/plain_moments.h"],
            extra_compile_args=QUICK,
            optional=True,
        ),
        Extension(
            "muniment.ledger.service._joining",
            ["src/muniment/ledger/service/joining.c"],
            extra_compile_args=QUICK,
            optional=True,
        ),
        Extension("muniment.core._waking", [f"{CORE}/waking.c"], optional=True),
        Extension(
            "muniment.detect.detectors.names._quick",
            [f"{NAMES}/quick.c"],
            depends=[f"{NAMES}/quick_{part}.h" for part in NAMES_PARTS],
            extra_compile_args=QUICK,
            optional=True,
        ),
        Extension(
            "muniment.ledger.store._listing",
            [f"{LEDGER}/listing.c"],
            extra_compile_args=QUICK,
            optional=True,
        ),
        Extension(
            "muniment.gateway._heads",
            [f"{GATEWAY}/heads.c"],
            extra_compile_args=QUICK,
            optional=True,
        ),
        Extension(
            "muniment.detect.rules._marks",
            [f"{DETECT}/rules/marks.c"],
            depends=[f"{DETECT}/rules/marks_{part}.h" for part in MARKS_PARTS],
            extra_compile_args=QUICK,
            optional=True,
        ),
    ]
)
