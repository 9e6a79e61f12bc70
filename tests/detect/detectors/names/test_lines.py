"""Which lines are of code, as far as a stream has seen them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.detect.detectors.names import lines
from muniment.detect.detectors.names.lines import in_code


def _in_code(text: str) -> bool:
    start = text.index("Anna")
    return in_code(text, start, start + len("Anna"))


@pytest.mark.parametrize(
    "line",
    [
        *("# Anna", "  // Anna", "/* Anna", " * Anna", ">>> Anna", "... Anna", "@Bean Anna("),
        *('"""Anna', "  '''Anna", 'r"""Anna', "f'''Anna"),
        *("def Anna", "class Anna", "import Anna", "from a.b import Anna", "raise Anna"),
        *("elif Anna", "assert Anna", "except Anna", "return Anna;"),
        *("use Anna;", "let x Anna;", "struct Anna {", "Logger Anna;", "x if Anna {"),
        *("f(Anna", "!(Anna", "x <- Anna", "x := Anna", "x == Anna", "x != Anna", "x <= Anna"),
        *("x >= Anna", "a_b Anna", "x = Anna", "x -> Anna", "a::b Anna", "x    # Anna"),
        *("x\t# Anna", "x; // Anna", "x)// Anna", "a || Anna", "a && Anna", "case 'x': Anna"),
        *("<typename Anna", "(typename Anna", "{Box: Anna", "an unsigned int Anna"),
        *("call (*f Anna", "the doIt (Anna", "API void fooB Anna", "void GLX Anna"),
        *("see os.path.join of Anna", "x a@b.example = Anna", "bob@b.example # Anna"),
    ],
)
def test_signs_of_code_make_a_line_code(line: str) -> None:
    """Comments, keywords, operators and dotted names are written so in programs alone."""
    assert _in_code(line)
    assert _in_code(f"We met.\n{line}")
    assert not _in_code(f"{line.replace('Anna', 'Bob')}\nAnna")


@pytest.mark.parametrize(
    "line",
    [
        *("Anna", "We met Anna; she left", "* Anna brings it", "@channel Anna is out"),
        *("return to Anna", "from Berlin came Anna", "class of Anna", "import the wine of Anna"),
        *("in Berlin (Anna", "{name: Anna", "null and void, says Anna", "is unsigned, Anna"),
        *("just in case, Anna", "1/2 of Anna", "he|she Anna", "A & B of Anna", "as in x: Anna"),
        *(
            "see www.a.example.com/x_y or Anna",
            "a.b_c@x.example and Anna",
            "https://a.b/c_d?e=f Anna",
        ),
        *("on 12.08.1971 Anna", "e.g. Anna", "all in all we are many; Anna", "No. 3 / Anna"),
        *("Anna and f(x)", "Anna or x == 3"),
    ],
)
def test_prose_is_no_code(line: str) -> None:
    """Marks that people write too do not count, nor what stands in addresses or comes later."""
    assert not _in_code(line)


@pytest.mark.parametrize(("before", "code"), [(190, True), (400, False)])
def test_what_stands_far_before_a_name_does_not_count(before: int, *, code: bool) -> None:
    """Of a long line no more than some 200 characters are read."""
    assert _in_code(f"f(x) {'word ' * (before // 5)}Anna") is code


@given(st.lists(st.sampled_from(("a", ".", "@", "://", "www.", " ", "b.c", "x@y.z")), max_size=14))
def test_addresses_are_left_out_of_a_line(parts: list[str]) -> None:
    """A part with a dot and a sign of an address goes with its blank; all others stay."""
    line = "".join(parts)
    kept = [
        part
        for part in line.split(" ")
        if "." not in part or not any(sign in part for sign in ("@", "://", "www."))
    ]
    assert lines._without_addresses(line) == " ".join(kept)
