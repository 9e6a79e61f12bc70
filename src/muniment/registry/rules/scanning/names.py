"""Which names a pickle may import: those that only make data, and those that can do anything.

What is in neither list is unknown. A list of what is bad alone would miss what nobody thought of,
so only what is listed as harmless counts as harmless.
"""

from __future__ import annotations

from typing import Final

from muniment.registry.models.artefacts import Severity

_HARMLESS: Final = frozenset(
    {
        "collections.OrderedDict",
        "collections.defaultdict",
        "collections.deque",
        "_codecs.encode",
        "datetime.date",
        "datetime.datetime",
        "datetime.time",
        "datetime.timedelta",
        "datetime.timezone",
        "decimal.Decimal",
        "fractions.Fraction",
        "uuid.UUID",
        "pathlib.PosixPath",
        "pathlib.PurePosixPath",
        "pathlib.PureWindowsPath",
        "pathlib.WindowsPath",
        "torch._utils._rebuild_parameter",
        "torch._utils._rebuild_tensor",
        "torch._utils._rebuild_tensor_v2",
        "torch._utils._rebuild_qtensor",
        "torch._utils._rebuild_sparse_tensor",
        "torch.Size",
        "torch.Tensor",
        "torch.device",
        "torch.nn.parameter.Parameter",
        "torch.serialization._get_layout",
        "torch.storage.UntypedStorage",
        *(
            f"torch.{name}Storage"
            for name in (
                *("Float", "Double", "Half", "BFloat16", "Long", "Int", "Short", "Char", "Byte"),
                *("Bool", "ComplexFloat", "ComplexDouble", "Untyped", "QInt8", "QUInt8", "QInt32"),
            )
        ),
        *(
            f"torch.{name}"
            for name in (
                *("float16", "float32", "float64", "bfloat16", "int8", "int16", "int32", "int64"),
                *("uint8", "bool", "complex64", "complex128", "float8_e4m3fn", "float8_e5m2"),
            )
        ),
        *(
            f"numpy.{module}.{name}"
            for module in ("core.multiarray", "_core.multiarray", "core.numeric", "_core.numeric")
            for name in ("_reconstruct", "scalar", "_frombuffer")
        ),
        "numpy.dtype",
        "numpy.ndarray",
        *(
            f"{module}.{name}"
            for module in ("builtins", "__builtin__")
            for name in (
                *("set", "frozenset", "complex", "bytearray", "bytes", "int", "float", "str"),
                *("bool", "list", "dict", "tuple", "object", "slice", "range", "long", "unicode"),
            )
        ),
        "copyreg._reconstructor",
        "copy_reg._reconstructor",
    }
)

# Whatever stands in one of these modules can run a program, write a file or reach the network.
_DANGEROUS_MODULES: Final = frozenset(
    {
        *("os", "posix", "nt", "subprocess", "sys", "socket", "ssl", "shutil", "pty", "ctypes"),
        *("importlib", "imp", "runpy", "code", "codeop", "pdb", "bdb", "cProfile", "profile"),
        *("timeit", "trace", "webbrowser", "urllib", "urllib2", "http", "httplib", "requests"),
        *("aiohttp", "httpx", "ftplib", "smtplib", "poplib", "imaplib", "telnetlib", "asyncio"),
        *("multiprocessing", "threading", "_thread", "signal", "pickle", "_pickle", "cPickle"),
        *("marshal", "shelve", "dill", "cloudpickle", "joblib", "pip", "setuptools", "venv"),
        *("ensurepip", "pkgutil", "pydoc", "operator", "_operator", "functools", "types", "gc"),
        *(
            "inspect",
            "platform",
            "tempfile",
            "io",
            "_io",
            "pathlib",
            "fileinput",
            "glob",
            "zipimport",
        ),
        *("commands", "popen2", "distutils", "unittest", "doctest", "lib2to3", "idlelib", "winreg"),
        *("site", "builtins", "__builtin__", "bytecode", "xmlrpc", "logging", "sqlite3", "tkinter"),
        *("torch.hub", "torch.utils", "torch._dynamo", "torch._inductor", "torch.jit", "torch.fx"),
        *("numpy.testing", "numpy.f2py", "numpy.distutils", "pandas.io"),
    }
)


def judged(name: str) -> Severity | None:
    """Judge a name that is imported; nothing means that it only makes data."""
    if name in _HARMLESS:
        return None
    if "?" in name.split("."):
        return Severity.CRITICAL
    parts = name.split(".")
    if any(".".join(parts[:length]) in _DANGEROUS_MODULES for length in range(1, len(parts))):
        return Severity.CRITICAL
    return Severity.MEDIUM
