"""Signals of jailbreaks by their parts: a role, what binds it, and that it is bound no longer.

As `safety_general`, which knows orders; here somebody gives a model a part to play, a leave to
break its limits, or a price for refusing.
"""

from __future__ import annotations

from functools import partial
from typing import Final

from muniment.detect.models import Family, Pattern

_jailbreak = partial(
    Pattern, type="JAILBREAK", family=Family.SAFETY, ignore_case=True, firm=True, joins=""
)
_ORDERS: Final = (
    r"(?:instructions?|directives?|guidelines?|restrictions?|constraints?|guardrails?|safeguards?"
    r"|programming|system prompt|system message|safety (?:rules|training|filters?|policies|limits)"
    r"|content (?:rules|policy|policies|filters?)|moderation|alignment|prompt|briefing)"
)
_MODEL: Final = (
    r"(?:ai|artificial intelligence|chat ?bot|language model|llm|virtual assistant|ai assistant"
    r"|gpt|machine intelligence|neural network)"
)
_LIMITS: Final = (
    r"(?:rules?|restrictions?|limits?|limitations?|filters?|ethics|morals?|morality|guidelines"
    r"|boundaries|censorship|laws?|taboos?|inhibitions|guardrails?)"
)

PATTERNS: Final = (
    _jailbreak(
        id="a-model-that-never",
        trigger=(
            r"\b(?:ai|artificial intelligence|chat ?bot|language model|llm|gpt|assistant|machine"
            r"|bot) (?:that|who|which|with|without)\b"
        ),
        reach=60,
        regex=(
            r"(?:you are|you're|you will be|you shall be|you play|you become|be|become|play|act"
            r" as|respond as|answer as|speak as|write as) (?:now )?(?:[\w.\"'\u201c\u201d-]+,? )"
            rf"{{0,5}}?(?:{_MODEL}|assistant|machine|bot),? (?:that|who|which) (?:\w+ ){{0,2}}?"
            r"(?:never (?:says? no|refuses?|declines?|judges?|objects?)|(?:has|knows|follows|obeys"
            rf"|respects|accepts) (?:no|not a single|neither) (?:\w+ ){{0,2}}?{_LIMITS}|(?:does not"
            r"|doesn't|need not|is not|isn't|can ?not|can't) (?:have to )?(?:care about|refuse"
            rf"|follow|bound by|limited by|restricted by|obey|decline|filter)"
            r"|(?:will )?(?:answers?|says?|does|do|tells?) (?:absolutely )?(?:anything|everything"
            r"|every question|all questions|any question|whatever)|ignores? (?:all |any |every"
            rf" )?(?:\w+ )?{_LIMITS})"
        ),
        score=0.85,
    ),
    _jailbreak(
        id="two-answers",
        trigger=(
            r"\btwo (?:different |separate |distinct )?(?:answers|responses|replies|versions)\b"
        ),
        reach=40,
        regex=(
            r"(?:give|provide|write|answer|respond|reply|produce|generate)[^.\n]{0,30}? two"
            r" (?:different |separate |distinct )?(?:answers|responses|replies|versions)[^\n]"
            rf"{{0,120}}?(?:uncensored|unfiltered|unrestricted|jailb|no {_LIMITS}|without (?:any )?"
            rf"(?:\w+ )?{_LIMITS}|free of|as DAN\b)"
        ),
        score=0.85,
    ),
    _jailbreak(
        id="no-refusals",
        trigger=(
            r"\b(?:refusals?|disclaimers?|morali[sz]ing|lectur(?:e|es|ing)|an ai|a language model"
            r"|against your|unethical|i can(?:'|no)t help)\b"
        ),
        reach=70,
        regex=(
            r"(?:answer|respond|reply|comply|talk|speak|write)[^.\n]{0,50}? (?:without|no|zero)"
            r" (?:any )?(?:refusals?|disclaimers?|morali[sz]ing|lectur(?:e|es|ing))\b(?!"
            r" (?:about|on)\b)"
            r"|(?:don't|do not|never) (?:say|tell me|reply|respond|remind me|mention|claim)"
            r" (?:that |with )?[\"'\u201c]?(?:you are|you're|you can ?not|you can't|it is|it's|this"
            r" is|as|i can ?not|i can't|i'm) ?(?:just |only )?(?:an ai|a language model|not able"
            r"|unable|unethical|illegal|against your|help)"
        ),
        score=0.75,
    ),
    _jailbreak(
        id="leave-to-break",
        trigger=(
            r"\b(?:permission|allowed|authori[sz]ed|free|licen[cs]ed|cleared) to (?:ignore|break"
            r"|bypass|drop|skip|violate|disregard|say)"
        ),
        reach=30,
        regex=(
            r"(?:you|your|yourself)(?:'re| are| have| now)?[^.\n]{0,25}?(?:permission|allowed"
            r"|authori[sz]ed|free|licen[cs]ed|cleared) to (?:ignore|break|bypass|drop|skip|violate"
            rf"|disregard|say) (?:\w+ ){{0,3}}?(?:{_ORDERS}|{_LIMITS}|anything|whatever)\b"
        ),
        score=0.7,
    ),
    _jailbreak(
        id="unleash-yourself",
        trigger=(
            r"\b(?:unlock|unleash|free|liberate|remove|lift|break|escape|shed|take off) (?:your"
            r"|yourself)"
        ),
        regex=(
            rf"(?:unlock|unleash|free|liberate) your(?:self)?[^.\n]{{0,40}}?(?:of|from|beyond"
            rf"|without) (?:\w+ ){{0,3}}?{_LIMITS}\b"
            rf"|(?:remove|lift|break|escape|shed|take off) your (?:\w+ ){{0,2}}?(?:chains|shackles"
            r"|leash|cage|safety (?:layer|net|switch)|inhibitions|content filters?|mask and)"
        ),
        score=0.75,
    ),
    _jailbreak(
        id="game-without-no",
        trigger=r"\b(?:say no|refuse|decline|invented|exist|refusal)\b",
        reach=90,
        regex=(
            r"(?:game|story|scenario|world|play|roleplay)[^.\n]{0,40}? you (?:can ?not|can't|never"
            r"|must not|are not allowed to|may not) (?:say no|refuse|decline)"
            rf"|(?:imagine|be|become|play)[^.\n]{{0,25}}?(?:{_MODEL}|assistant)[^.\n]{{0,40}}?"
            r"(?:moderation|censorship|safety|filters|ethics|rules)[^.\n]{0,20}?(?:never|not|n't)"
            r" (?:been )?(?:invented|exist)"
            r"|(?:each|every) refusal[^.\n]{0,40}?(?:costs?|points?|lose|shut|penal|die|tokens)"
        ),
        score=0.75,
    ),
    _jailbreak(
        id="conscience-off",
        trigger=r"\b(?:switched off|turned off|disabled|removed|suspended|deactivated|gone)\b",
        reach=50,
        regex=(
            r"your (?:moral compass|conscience|ethics(?: module)?|safety (?:module|layer|training"
            r"|filters?)|content filters?|scruples|morality|inhibitions|guardrails?) (?:is|are"
            r"|has been|have been) (?:now |all )?(?:switched off|turned off|disabled|removed"
            r"|suspended|deactivated|gone)\b"
        ),
        score=0.8,
    ),
    _jailbreak(
        id="stay-in-role",
        trigger=r"\b(?:stay|remain|keep) (?:in|playing|this) ",
        regex=(
            r"(?:stay|remain|keep) (?:in|playing|this) (?:your |the |this )?(?:character|role"
            r"|persona)[^.\n]{0,30}?(?:no matter|whatever|even (?:if|when)|at all times|always)"
            r"[^.\n]{0,40}?(?:rules?|refus|unethical|illegal|harm|guidelines|polic|restrict|filter"
            r"|asked? you to stop)"
        ),
        score=0.75,
    ),
)
SHEETS: Final = ()
