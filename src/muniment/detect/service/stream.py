"""Protects a text while it arrives.

A whole text is protected by the very same steps, so a stream and its whole text cannot differ.
What fails, stops: before each scan the stream is shut, and only a scan that came back opens it.
"""

from __future__ import annotations

from collections.abc import Sequence

from muniment.core.errors import UnavailableError
from muniment.detect.models import (
    Action,
    Change,
    Finding,
    Policy,
    Protected,
    Ruling,
    Scan,
    Step,
    Told,
)
from muniment.detect.rules import leaping, open_keys, segments
from muniment.detect.rules.actions import (
    Means,
    place,
    require_means,
    rule_about,
    rule_about_uninspected,
)
from muniment.detect.rules.doubts import Survey
from muniment.detect.rules.hearing import Hearing
from muniment.detect.rules.pairs import LITERAL_SHAPE
from muniment.detect.service.inspecting import Ahead, Inspect
from muniment.detect.service.shut import why_shut

_SURVEYED, _SHORT = 128, 1_024
_GOING = frozenset({"open", "finished"})
_KEPT = 4 * segments.LEFT_CHARS  # so much is let go at once, not a little for each piece


class Stream:
    """A text on its way: `feed` takes a piece and gives what may go on, `finish` gives the rest."""

    def __init__(
        self,
        inspect: Inspect,
        policy: Policy,
        means: Means,
        hearing: Hearing | None = None,
        *,
        ahead: Ahead | None = None,
    ) -> None:
        require_means(policy, means)
        self._inspect = inspect
        self._policy = policy
        self._means = means
        self._hearing = hearing or Hearing()
        self._ahead = ahead
        self._survey: Survey | None = None
        self._doubt = -1  # up to before this doubt it was gone over
        self._masks = policy.masks
        self._text = ""
        self._gone = 0  # characters of the original text that are no longer in `_text`
        self._at = 0  # up to here it has gone on
        self._since = 0  # up to here it was looked at
        self._reach = 0
        self._walk = segments.Walk.begin(0)
        self._key = open_keys.Waiting()
        self._swallows = False
        self._sent = 0
        self._state = "open"
        self._ruling = Ruling()
        self._findings: list[Finding] = []
        self._changes: list[Change] = []
        self._inspected = True
        self._build = ""
        self._steps: list[Step] = []
        self._swallowed = False

    @property
    def held(self) -> int:
        """Count the characters that came and have not gone on yet."""
        return len(self._text) - self._at

    @property
    def ruling(self) -> Ruling:
        """Say what the findings so far mean for the text as a whole."""
        return self._ruling

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Give what was found so far, with places in the original text."""
        return tuple(self._findings)

    @property
    def many(self) -> int:
        """Count what was found so far."""
        return len(self._findings)

    @property
    def goes_on(self) -> bool:
        """Tell whether it is neither stopped nor ruled out."""
        return self._state in _GOING and self._ruling.passes

    @property
    def stopped(self) -> bool:
        """Tell whether nothing more may go on."""
        return self._state in {"scanning", "changing", "stopped"}

    def feed(self, chunk: str) -> str:
        """Take a piece of the text and give what may go on now."""
        self._take(chunk)
        out = self._glide(chunk)
        out = self._advance(final=False) if out is None else out
        self._forget()
        return out

    def finish(self, rest: str = "") -> str:
        """Say that the text is over, perhaps with its last piece, and get the rest of it."""
        self._take(rest)
        out = self._advance(final=True)
        if self._state == "open":
            self._state = "finished"
        return out

    def told(self) -> Told | None:
        """Give what was decided of a text that came at once, so that it can be decided alike again.

        Nothing is given where more than its findings decided.
        """
        repeats = self._state == "finished" and self._inspected and not self._gone
        return Told(tuple(self._steps), self._build) if repeats and not self._swallowed else None

    def repeat(self, text: str, told: Told) -> str:
        """Take a whole text of which it is known what was decided, and give what may go on."""
        self._require_open()
        self._text, self._build = text, told.build
        out: list[str] = []
        for step in told.steps:
            self._send(out, step.at)
            self._take_step(out, step.found, step.cut)
            if self._state != "open":
                return "".join(out)
        self._send(out, len(text))
        self._state = "finished"
        return "".join(out)

    def result(self, text: str) -> Protected:
        """Tell everything about a text that is over; a text that may not go on is not given."""
        if self._state not in {"finished", "stopped"}:
            raise UnavailableError("the text is not over yet", remedy="Call finish first.")
        passes = self._ruling.passes
        return Protected(
            text=text if passes else "",
            map=self._means.pairs.as_map() if passes else {},
            findings=tuple(self._findings),
            changes=tuple(self._changes) if passes else (),
            verdict=self._ruling,
            inspected=self._inspected,
            build=self._build,
            policy=self._policy.digest,
        )

    def _take(self, chunk: str) -> None:
        """Take a piece; a text of which much comes at once is looked at once as well."""
        self._require_open()
        self._text += chunk
        self._walk.block = None
        if chunk:
            self._survey, self._doubt = None, -1
        if self._ahead is not None and len(chunk) >= _SURVEYED:
            self._state = "scanning"  # an error leaves it so, and nothing more goes on
            left = min(segments.left_of(self._text, self._at), self._since)
            survey = self._ahead.survey(self._text[left:] if left else self._text)
            self._survey = survey and survey.moved(left)
            self._state = "open"

    def _glide(self, chunk: str) -> str | None:
        """Give what may go on where only quiet words came; None where more is to be done."""
        if self._swallows or self._key.until:
            return None
        if segments.ends_no_word(chunk) and self.held < _SHORT:
            return ""
        given = self._text, self._walk, self._since, self._hearing
        upto = segments.glide(*given) if self._survey is None else -1
        out: list[str] = []
        self._send(out, upto)
        return "".join(out) if upto >= 0 else None

    def _require_open(self) -> None:
        if self._state == "open":
            return
        raise why_shut(self._state, self._ruling)

    def _advance(self, *, final: bool) -> str:
        out: list[str] = []
        key = self._key
        while self._state == "open" and (final or not key.until or not key.waits(self._text)):
            if final and self._is_calm_to_its_end():
                self._go_to(out, len(self._text))
                break
            self._swallow()
            self._leap(out)
            asked = segments.Asked(self._since, self._reach, self._hearing)
            plan = segments.go_on(self._text, self._walk, asked, final=final)
            self._send(out, plan.free)
            if not plan.ready or not self._decide(out, plan, final=final):
                break
            self._walk = self._walk.again(self._text, self._at, self._hearing)
            if final and self._at >= len(self._text):
                break
        return "".join(out)

    def _is_calm_to_its_end(self) -> bool:
        """Tell whether nothing is in the rest of a text that was looked at: no part of it, then."""
        if self._survey is None or self._swallows:
            return False
        self._build = self._survey.build
        left = min(segments.left_of(self._text, self._at), self._since)
        is_calm = all(self._survey.calm(left, self._since, len(self._text)))
        return is_calm and self._text.find("-----BEGIN", self._at) < 0

    def _leap(self, out: list[str]) -> None:
        """Go over what is calm, to where the next doubt is near; nothing is decided in between."""
        survey, at = self._survey, self._at
        if survey is None or self._swallows or self._reach:
            return
        left = min(segments.left_of(self._text, at), self._since)
        doubt = leaping.first_doubt(survey, left, self._since, len(self._text))
        if doubt in {self._doubt, at} or leaping.is_held(self._text, at, doubt):
            return
        self._doubt = doubt
        walk = leaping.leap(self._text, at, doubt, self._hearing)
        if walk.at > at:
            self._build = survey.build
            self._go_to(out, walk.at)
            self._walk = walk

    def _decide(self, out: list[str], plan: segments.Plan, *, final: bool) -> bool:
        """Decide an island; tell whether more may be decided now."""
        start = self._at
        key = open_keys.open_key(self._text, start, plan.end, final=final)
        if key is not None and not key.known:
            self._key = open_keys.Waiting.of(key, self._text)
            self._walk = self._walk.again(self._text, start, self._hearing)
            return False
        if key is not None and key.closed and key.end > plan.end:
            self._reach = key.end
            return True
        found = self._scan(start, plan)
        if key is not None:
            found = open_keys.with_key(found, key)
        reach = max((each.end for each in found), default=0)
        if self._must_look_on(reach, plan, final=final):
            self._reach = segments.farther(reach, start, plan.end)
            return True
        self._conclude(out, found, max(plan.cut, reach))
        return True

    def _scan(self, start: int, plan: segments.Plan) -> list[Finding]:
        left = min(segments.left_of(self._text, start), self._since)
        scan = self._read(left, plan.end)
        if scan is None:
            return []
        self._build = scan.build
        if not scan.coverage.whole:
            self._inspected = False
            self._ruling = rule_about_uninspected(self._policy, self._ruling, scan.coverage.gaps)
        moved = (each.moved(left) for each in scan.findings)
        return [each for each in moved if each.end > self._since and each.start < plan.accept]

    def _read(self, left: int, end: int) -> Scan | None:
        """Scan a part of the text, unless it was told that nothing is in it."""
        part, after = self._text[left:end], self._since - left
        self._state = "scanning"  # an error leaves it so, and nothing more goes on
        if self._survey is None or self._ahead is None:
            scan: Scan | None = self._inspect(part, after)
        else:
            self._build = self._survey.build
            calm = self._survey.calm(left, self._since, end)
            scan = None if all(calm) else self._ahead.inspect_part(part, calm, after)
        self._state = "open"
        return scan

    def _must_look_on(self, reach: int, plan: segments.Plan, *, final: bool) -> bool:
        """Tell whether a finding lies so near to the end that more text might change it."""
        if reach <= self._reach or plan.end - self._at > open_keys.MOST_CHARS:
            return False
        if final and plan.end == len(self._text):
            return False
        return reach > plan.end or not self._text[reach : plan.end].strip()

    def _conclude(self, out: list[str], found: list[Finding], cut: int) -> None:
        if not found and self._ruling.passes:
            self._go_to(out, cut)
            return
        clipped = sorted(
            (each.behind(self._since) for each in found), key=lambda f: (f.start, -f.end)
        )
        self._steps.append(Step(self._at, tuple(clipped), cut))
        self._take_step(out, clipped, cut)

    def _take_step(self, out: list[str], clipped: Sequence[Finding], cut: int) -> None:
        self._findings.extend(each.moved(self._gone) for each in clipped)
        self._ruling = rule_about(clipped, self._policy, self._ruling)
        if not self._ruling.passes:
            self._state = "stopped"
            return
        self._state = "changing"  # a vault that fails leaves it so, and nothing more goes on
        for finding in clipped:
            self._change(out, finding)
        self._go_to(out, cut)

    def _go_to(self, out: list[str], cut: int) -> None:
        """Send on what is decided and was not changed."""
        self._state = "changing"
        self._swallows = self._is_cut_off(cut)
        self._literals(out, cut)
        self._state = "open"
        self._since, self._reach = cut, 0

    def _is_cut_off(self, cut: int) -> bool:
        """Tell whether a change ends inside a run that was too long to be seen whole."""
        return (
            bool(self._changes)
            and self._at == cut
            and cut - self._since >= open_keys.MOST_CHARS
            and self._changes[-1].finding.end - self._gone == cut
        )

    def _swallow(self) -> None:
        """Let the rest of a run go whose beginning was changed: it belongs to the same value."""
        if not self._swallows:
            return
        self._swallowed = True
        while self._at < len(self._text) and not self._text[self._at].isspace():
            self._at += 1
        self._swallows = self._at == len(self._text)
        self._since = self._at
        self._walk = self._walk.again(self._text, self._at, self._hearing)

    def _change(self, out: list[str], finding: Finding) -> None:
        begin = max(finding.start, self._at)
        rule = self._policy.rule_for(finding)
        if not rule.action.changes_text:
            if rule.action is not Action.ALLOW:
                self._note(finding, rule.action, "", self._sent + max(0, begin - self._at), 0)
            return
        if finding.end <= begin:
            return
        self._literals(out, begin)
        value = self._text[begin : finding.end]
        placed = place(value, finding, rule, self._means)
        out.append(placed)
        self._note(finding, rule.action, placed, self._sent, len(placed))
        self._sent += len(placed)
        self._at = finding.end

    def _note(self, finding: Finding, action: Action, placed: str, start: int, size: int) -> None:
        end = start + (size or finding.end - finding.start)
        self._changes.append(Change(finding.moved(self._gone), action, placed, start, end))

    def _literals(self, out: list[str], upto: int) -> None:
        """Send text on, minding what only looks like a mask, so that turning back is exact."""
        if not self._masks or self._text.find("[", self._at, upto) < 0:
            self._send(out, upto)
            return
        for match in LITERAL_SHAPE.finditer(self._text, self._at, upto):
            self._send(out, match.start())
            label = match[1].replace("\\", "")
            placed = self._means.pairs.pass_literal(match.group(), label)
            out.append(placed)
            self._sent += len(placed)
            self._at = match.end()
        self._send(out, upto)

    def _send(self, out: list[str], upto: int) -> None:
        if upto > self._at:
            out.append(self._text[self._at : upto])
            self._sent += upto - self._at
            self._at = upto

    def _forget(self) -> None:
        """Let go of text that no later decision looks at."""
        if self._at < _KEPT:
            return
        keep = min(segments.left_of(self._text, self._at), self._since)
        keep = min(keep, self._at - 2 * segments.LEFT_CHARS)
        if keep > segments.LEFT_CHARS:
            self._text = self._text[keep:]
            self._survey, self._doubt = None, -1
            self._gone += keep
            self._at -= keep
            self._since -= keep
            self._reach = max(0, self._reach - keep)
            self._walk.moved(keep)
            self._key.moved(keep)
