"""Texts for tests, and a way to make many more: sentences with values, code, other scripts."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import strategies as st

KEY = (
    "-----BEGIN RSA PRIVATE KEY-----\n"
    + "\n".join("MIIEpAIBAAKCAQEA7bq3" + "Zk9" * 14 for _ in range(12))
    + "\n-----END RSA PRIVATE KEY-----"
)
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U"

CASES = (
    "",
    " ",
    "Write to maria.lopez@example.com, please.",
    "please write to maria.lopez@example.com and to john@example.org today or tomorrow morning",
    "The card 4111 1111 1111 1111 was used by Anna Schmidt yesterday in the shop on the corner.",
    "card\n4111\n1111\n1111\n1111\nend of it and some more words that are plain",
    "she met Vincent van Gogh and Maria de la Cruz in the garden behind the house",
    "my password is hunterpass and nothing else matters to me here",
    "call +49 30 1234 5678 now or never, said the man who had no telephone at all",
    f"the token is {JWT} and it ends here, as far as we know",
    f"the key follows\n{KEY}\nand that was the key, after which plain words come again",
    f"a key that never ends\n{KEY[:300]}",
    "the words -----BEGIN PRIVATE KEY----- open a key and here is only prose about it",
    "[EMAIL_1] was in the text before maria@example.com came, and [TEXT_1] as well",
    "邮箱是maria@example.com\uff0c谢谢。名前はアンナです。電話は+49 30 1234 5678。",
    "العربية نص بسيط maria@example.com ثم المزيد من النص العادي",
    "zero\u200bwidth 4111\u200b1111 and \ud800 lone and \x00 nul and \uff14\uff11\uff11\uff11 wide",
    "x" * 9000 + " maria@example.com " + "A1b2" * 2300 + " end",
    "def f(x):\n    return {'user': 'maria@example.com', 'n': x[0] + 12}\n" * 12,
    "\r\n".join(["Name: Anna Schmidt", "Mail: a.s@example.com", "", "Total: 12.50 EUR"] * 8),
)

_WORDS = st.sampled_from(
    (
        *(
            "the",
            "of",
            "a",
            "and",
            "to",
            "plain",
            "words",
            "come",
            "here",
            "again",
            "ever",
            "before",
        ),
        *("van", "de", "la", "may", "password is", "Anna Schmidt", "Bob", "Berlin", "4111"),
        *("4111 1111 1111 1111", "+49 30 1234 5678", "maria@example.com", "a.b@c.example.org"),
        *("[EMAIL_1]", "[PERSON_2]", r"[EMAIL\_1]", "{", '"key":', "x=1", "日本語", "مرحبا", "ß"),
        *("\u200b", "\ud800", "\x00", "-----BEGIN PRIVATE KEY-----", "-----END PRIVATE KEY-----"),
        *(JWT, "A" * 50, "a" * 30, "MIIEpAIBAAKCAQEA7bq3", "…", "—", "don't", "(so)"),
    )
)
_GAPS = st.sampled_from((" ", " ", " ", "\n", "  ", "\t", "\r\n", "", ", ", ". ", "\n\n", "\u00a0"))
TEXTS = st.one_of(
    st.lists(st.tuples(_WORDS, _GAPS), max_size=60).map(lambda p: "".join(w + g for w, g in p)),
    st.text(max_size=200),
)


def pieces(text: str, cuts: list[int]) -> list[str]:
    """Cut a text at some places."""
    places = sorted({0, len(text), *(cut % (len(text) + 1) for cut in cuts)})
    return [text[one:two] for one, two in pairwise(places)]
