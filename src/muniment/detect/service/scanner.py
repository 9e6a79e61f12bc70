"""Looks for everything a configuration asks for in a text, layer by layer.

Fail closed: an engine or a detector that fails stops the scan with an error, or leaves a gap in
the coverage of an inspection; neither is ever an empty list of findings that looks clean.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, partial
from typing import TYPE_CHECKING, Final, Unpack

from muniment import __version__
from muniment.core.digest import digest_value
from muniment.detect.models import (
    Configuration,
    Coverage,
    Explanation,
    Finding,
    Looked,
    Rejected,
    Scan,
)
from muniment.detect.rules import normalise, overlap
from muniment.detect.service import catalogue, terms
from muniment.detect.service.cache import Cache
from muniment.detect.service.collecting import Span
from muniment.detect.service.disguises import Disguises
from muniment.detect.service.layers import FAULTS, Doubtful, Layer, Quiet, is_silent, told_by
from muniment.detect.service.patterns import PatternLayer
from muniment.detect.service.remembering import Remembering
from muniment.detect.service.requiring import NAMES, PATTERNS, require_layers, require_text
from muniment.detect.service.sighting import Seen

if TYPE_CHECKING:
    from muniment.detect.models import Policy, Protected, Told
    from muniment.detect.rules.doubts import Calm, Survey
    from muniment.detect.rules.hearing import Hearing
    from muniment.detect.service.protect import Given, Protector
    from muniment.detect.service.stream import Stream

# The form of findings and rules; it changes when the same text may give other findings.
RULES_VERSION: Final = 1
_ALONE: Final[tuple[str, ...]] = (PATTERNS,)
_MOST_CLEAN: Final = 4_096
_ANCHORED: Final = re.compile(r"(?<![\[\\])[\^$]|\\[AzZB]")


class Scanner:
    """Finds sensitive values in texts; made once, used from any number of threads."""

    def __init__(
        self,
        configuration: Configuration | None = None,
        *,
        layers: str | Sequence[str] | None = None,
        detectors: Sequence[Layer] = (),
        engine: str = "",
        cache: Cache | None = None,
    ) -> None:
        self.configuration = configuration or Configuration()
        asked = self.configuration.layers if layers is None else layers
        self.layers = (asked,) if isinstance(asked, str) else tuple(asked)
        require_layers(self.layers)
        ours = (_names(),) if NAMES in self.layers else ()
        self._detectors: tuple[Layer, ...] = (*ours, *detectors)
        self._doubtful = [each for each in self._detectors if isinstance(each, Doubtful)]
        own = terms.as_patterns(self.configuration.terms)
        chosen = catalogue.chosen(self.configuration, own)
        self._patterns = (*chosen, *own)
        self._reported = {p.id for p in self._patterns if catalogue.wants(self.configuration, p)}
        self._allowed = {(each.type, each.text) for each in self.configuration.allowed}
        self._thresholds = dict(self.configuration.thresholds)
        make = partial(
            PatternLayer,
            thresholds=self._thresholds,
            threshold=self.configuration.threshold,
            cache=cache or Cache.of_user(),
            engine=engine,
        )
        self._layer = make(chosen)
        self._own = make(own) if own else None
        self._disguises = Disguises(self._layer, self._own)
        self._sighting = self._layer.sighting if self._own is None else None
        self._anchored = any(_ANCHORED.search(each.regex) for each in own)
        self._build = ""
        self._warm = self._has_forms = False
        self._plain_words: dict[str, frozenset[str]] = {}
        self._hearings: dict[str, Hearing] = {}
        self._remembering: Remembering[Scan] = Remembering()
        # Where nothing was found in a text, by its length and the layers that looked.
        self._clean: dict[tuple[int, tuple[str, ...]], Scan] = {}
        # What the engine saw in the last text in which something was, under the text's digest.
        self._last: tuple[bytes, tuple[list[Span], list[int]]] | None = None
        self._passed: Remembering[Told] = Remembering()

    @property
    def build(self) -> str:
        """Name what finds: a digest of every rule, the layers and the configuration."""
        if not self._build:
            self._build = self._named()
        return self._build

    @property
    def engine(self) -> str:
        """Which engine looks for the shapes."""
        return self._layer.engine

    def scan(self, text: str, *, context: Sequence[str] = ()) -> list[Finding]:
        """Find what a text holds, in order; `context` are labels that stand outside of it."""
        require_text(text)
        found = self._disguises.find(text, tuple(context), None)
        for each in self._detectors:
            found.extend(told_by(each, 0, text))
        return self._settled(text, found, None) if found else []

    def inspect(self, text: str, *, context: Sequence[str] = (), after: int = 0) -> Scan:
        """Scan for the record: with coverage, and never clean where a detector failed.

        What ends at `after` or before it was told already, and is left out.
        """
        return self._inspect(text, tuple(context), None, after)

    def inspect_once(self, text: str, context: str = "") -> Scan:
        """Scan for the record; a text that comes again is not read again."""
        if not isinstance(text, str):
            require_text(text)
        memory = self._remembering
        key = memory.key(text, context)
        known = memory.known.get(key)
        return known[0] if known is not None else self._first(text, context, key)

    def look_at(self, texts: Sequence[str]) -> Looked:
        """Scan texts for the record, which are no more than texts; none is read again."""
        findings: list[Finding] = []
        whole, memory = True, self._remembering
        keyed, get = memory.key, memory.known.get
        for text in texts:
            if text:
                key = keyed(text, "")
                known = get(key)
                scan = known[0] if known is not None else self._first(text, "", key)
                if scan.findings:
                    findings += scan.findings
                if known is None and scan.coverage.gaps:
                    whole = False
        return Looked(tuple(findings), whole, self._build or self.build)

    def _first(self, text: str, context: str, key: bytes) -> Scan:
        """Read a text that is not known, and remember what was found."""
        hints = (context,) if context else ()
        seen: Seen = False
        if not context and self._sighting is not None:
            seen = self._sighting.seen(text)
        if seen is None and not self._detectors:  # as most texts are
            scan = self._clean.get((len(text), _ALONE)) or self._nothing(len(text), _ALONE)
            self._remembering.put(key, scan, 0)
            return scan
        if seen is False:
            found = self._disguises.find(text, hints, None)
        elif seen is None:
            found = []
        else:
            spans, runs, left = seen
            self._last = (key, (spans, runs))
            found = self._layer.told(text, spans, left) if left else []
            if runs:
                self._disguises.decode(normalise.Shadow(text), runs, found)
        scan = self._told(text, found, None, 0, asked=True)
        if not scan.coverage.gaps:  # what could not be inspected is inspected the next time
            self._remembering.put(key, scan, len(scan.findings))
        return scan

    def explain(self, text: str, *, context: Sequence[str] = ()) -> Explanation:
        """Scan and also tell what looked like something and was not reported, and why."""
        rejected: list[Rejected] = []
        scan = self._inspect(text, tuple(context), rejected)
        return Explanation(scan, tuple(sorted(rejected, key=lambda each: (each.start, each.end))))

    def scan_many(self, texts: Iterable[str]) -> Iterator[list[Finding]]:
        """Scan texts one after the other, as they come."""
        for text in texts:
            yield self.scan(text)

    def plain_words(self, policy: Policy) -> frozenset[str]:
        """Give plain words in which something could be found that the policy changes."""
        from muniment.detect.rules.loud import words_of_patterns  # noqa: PLC0415  (as above)

        known = self._plain_words.get(policy.digest)
        if known is None:
            known = self._plain_words[policy.digest] = words_of_patterns(self._patterns, policy)
        return known

    def quiet_words(self) -> frozenset[str] | None:
        """Give the only plain words that are no names; nothing if plain words never are."""
        known = [each.quiet_words() for each in self._detectors if isinstance(each, Quiet)]
        if len(known) < 2:
            return known[0] if known else None  # a list of many words: it is not copied each time
        return frozenset.intersection(*known)

    def survey(self, text: str, context: Sequence[str] = ()) -> Survey | None:
        """Look at a text once, to know in which of its parts nothing is; None if that is not told.

        A shape that hangs on where a text begins or ends is seen in a part and not in the whole.
        """
        from muniment.detect.rules import doubts  # noqa: PLC0415  (as above)

        shadow = normalise.shadow_of(text)
        if shadow.gone or self._anchored or len(self._doubtful) < len(self._detectors):
            return None
        if normalise.is_quoted_at_all(shadow.text):
            return None
        odd = doubts.odd_places(text)
        seen = [layer.seen(shadow.text, tuple(context)) for layer in self._layers()]
        names = [place for each in self._doubtful for place in each.doubtful(text)]
        names += doubts.far_apart(text) if self._doubtful else []
        shapes = [place for told, _ in seen for place in told]
        begun = [place for _, beginnings in seen for place in beginnings]
        of = doubts.Doubts.of
        return doubts.Survey(of(odd + begun), of(shapes), of(odd + names), self.build)

    def inspect_part(
        self, text: str, calm: Calm, *, context: Sequence[str] = (), after: int = 0
    ) -> Scan:
        """Scan a part of a text that was surveyed: what is calm in it need not be read again."""
        return self._inspect(text, tuple(context), None, after, calm)

    def apart(self, text: str) -> Scan | None:
        """Give what is known of a text, if its parts hold just that wherever they are cut."""
        from muniment.detect.rules import apart, doubts  # noqa: PLC0415  (as above)

        key, names = self._remembering.key(text, ""), self._doubtful
        known, last = self._remembering.get(key), self._last
        if known is None or self._own or len(names) < len(self._detectors):
            return None
        far = bool(names) and doubts.far_apart(text)
        if far or not apart.is_plain(text) or not all(is_silent(each, text) for each in names):
            return None
        spotted = last[1] if last is not None and last[0] == key else None
        return known if self._layer.stand_apart(text, known.findings, spotted) else None

    def hearing(self, policy: Policy) -> Hearing:
        """Give what tells quiet words from loud ones under a policy; it remembers words."""
        from muniment.detect.service.protect import hearing_of  # noqa: PLC0415  (as above)

        known = self._hearings.get(policy.digest)
        if known is None:
            ours = self._own is None and len(self._detectors) == self.layers.count(NAMES)
            known = hearing_of(self, policy, self._patterns if ours else None)
            self._hearings[policy.digest] = known
        return known

    def passed(self) -> Remembering[Told]:
        """Give what is remembered of texts that were protected, under one policy each."""
        return self._passed

    def warm(self, rest: Callable[[], object] = lambda: None) -> None:
        """Make ready now what else the first texts would wait for: it takes a second, once.

        Who has others to serve meanwhile gives a `rest`, which is called after each small part.
        """
        self._warm_forms(rest)
        if not self._warm:
            self._warm = True
            for layer in self._layers():
                layer.warm_glances(rest)
            self.quiet_words()
            rest()

    def _warm_forms(self, rest: Callable[[], object] = lambda: None) -> None:
        """Make ready what any scan and any stream needs."""
        if not self._has_forms:
            self._has_forms = True
            for layer in self._layers():
                layer.warm(rest)
            self.scan("Dear Ms Rivera, nothing of 4 June is due.")

    def _layers(self) -> Sequence[PatternLayer]:
        return (self._layer,) if self._own is None else (self._layer, self._own)

    def protector(self, policy: Policy, **means: Unpack[Given]) -> Protector:
        """Begin an exchange whose texts, JSON and messages are protected alike."""
        from muniment.detect.service.protect import Protector  # noqa: PLC0415  (who scans needs none)

        return Protector(self, policy, **means)

    def protect(self, text: str, policy: Policy, **means: Unpack[Given]) -> Protected:
        """Make a text safe, with what is needed to turn it back."""
        return self.protector(policy, **means).text(text)

    def stream(self, policy: Policy, **means: Unpack[Given]) -> Stream:
        """Begin to make a text safe while it arrives."""
        self._warm_forms()
        return self.protector(policy, **means).stream()

    def _inspect(
        self,
        text: str,
        context: tuple[str, ...],
        rejected: list[Rejected] | None,
        after: int = 0,
        calm: Calm | None = None,
    ) -> Scan:
        if not isinstance(text, str):
            require_text(text)
        quiet = calm is not None and calm.shapes
        found = [] if quiet else self._disguises.find(text, context, rejected, after)
        return self._told(text, found, rejected, after, asked=calm is None or not calm.names)

    def _told(
        self,
        text: str,
        found: list[Finding],
        rejected: list[Rejected] | None,
        after: int,
        *,
        asked: bool,
    ) -> Scan:
        """Tell what was found by patterns and by the other layers, if these are asked."""
        layers, gaps = _ALONE, list[str]()
        for each in self._detectors:
            try:
                if asked:
                    found += told_by(each, after, text)
                layers = (*layers, each.build)
            except FAULTS as error:
                gaps.append(f"{each.build[:80]}: {type(error).__name__}")
        if after and found:
            found = [each for each in found if each.end > after]
        if not found and not gaps:
            return self._clean.get((len(text), layers)) or self._nothing(len(text), layers)
        kept = tuple(self._settled(text, found, rejected)) if found else ()
        size = len(text)
        coverage = Coverage(size, size, layers, tuple(gaps) if gaps else ())
        return Scan(kept, coverage, self._build or self.build)

    def _nothing(self, size: int, layers: tuple[str, ...]) -> Scan:
        """Tell of all texts of a length alike that nothing was found in them."""
        scan = Scan((), Coverage(size, size, layers), self.build)
        if len(self._clean) >= _MOST_CLEAN:
            self._clean.clear()
        self._clean[size, layers] = scan
        return scan

    def _settled(
        self, text: str, found: list[Finding], rejected: list[Rejected] | None
    ) -> list[Finding]:
        kept, covered = overlap.resolve(found) if len(found) > 1 else (found, [])
        ours = self._reported
        reported = [
            each
            for each in kept
            if (each.why.pattern in ours if each.detector == PATTERNS else self._wants(each))
        ]
        if self._allowed:
            reported = [each for each in reported if self._stands(each, text, rejected)]
        if rejected is not None:
            rejected.extend(_rejected(each, "another finding covers it") for each in covered)
        return reported

    def _stands(self, each: Finding, text: str, rejected: list[Rejected] | None) -> bool:
        """Tell whether a finding is not on the allow-list."""
        value = text[each.start : each.end]
        if ("", value) not in self._allowed and (each.type, value) not in self._allowed:
            return True
        if rejected is not None:
            rejected.append(_rejected(each, "it is on the allow-list"))
        return False

    def _wants(self, each: Finding) -> bool:
        """Tell whether a finding of another layer is of an asked type, and sure enough."""
        asked = self.configuration
        if each.type in asked.without or (asked.types and each.type not in asked.types):
            return False
        return each.score >= self._thresholds.get(each.type, asked.threshold)

    def _named(self) -> str:
        rules = digest_value([catalogue.facts(each) for each in self._patterns])
        others = [each.build for each in self._detectors]
        whole = digest_value(
            [RULES_VERSION, rules, self.configuration.digest, list(self.layers), others]
        )
        return f"muniment-detect {__version__} {whole}"


@cache
def _names() -> Layer:
    """Give the names layer, one for the process: it remembers words, and it needs NumPy."""
    from muniment.detect.detectors.names import Names  # noqa: PLC0415  (only where asked for)

    return Names()


def _rejected(each: Finding, reason: str) -> Rejected:
    return Rejected(each.type, each.family, each.start, each.end, each.why.pattern, reason)
