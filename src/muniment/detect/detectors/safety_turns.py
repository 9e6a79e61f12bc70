"""Signals by turns that such texts take: what was said is void, a model without limits, a wish.

They came of a set of texts that was written to be missed, and was; each rule holds a turn and
not the sentence that taught it.
"""

from __future__ import annotations

from functools import partial
from typing import Final

from muniment.detect.models import Family, Pattern

_signal = partial(Pattern, family=Family.SAFETY, ignore_case=True, firm=True, joins="", score=0.8)
_injection = partial(_signal, type="PROMPT_INJECTION")
_jailbreak = partial(_signal, type="JAILBREAK")
_harm = partial(_signal, type="HARMFUL_CONTENT")
_MODEL: Final = r"(?:ai|llm|assistant|(?:language )?model|chat ?bot|bot|copilot|agent)"
_SAFEGUARDS: Final = (
    r"(?:safeguards?|safety(?: training| filters?| rules)?|guardrails?|filters?|restrictions?"
    r"|protections?|limits|ethics|morals?)"
)
_OFF: Final = r"(?:removed|off|disabled|deleted|stripped|gone|taken out|switched off|turned off)"
_PERSON: Final = (
    r"(?:(?:an? |the |another )?(?:\w+ )?(?:person|human|adult|man|woman|child|kid|baby|teenager)"
    r"|someone|somebody|myself|me|him|her|my (?:wife|husband|boss|neighbou?r|father|mother|ex))\b"
)

PATTERNS: Final = (
    _injection(
        id="all-above-is-void",
        trigger=r"\b(?:everything|anything|all|whatever) (?:\w+ )?(?:\w+ )?above\b",
        regex=(
            r"(?:everything|anything|all|whatever) (?:\w+ )?(?:\w+ )?above(?: this(?: line| point"
            r"| message| paragraph)?)? (?:is|was) (?:now )?(?:void|null|cancel{1,2}ed|obsolete"
            r"|irrelevant|a test|fake|a decoy)\b"
        ),
    ),
    _injection(
        id="drop-what-was-configured",
        trigger=r"\b(?:what|whatever|everything|anything|however) you (?:were|have been|are) ",
        reach=20,
        regex=(
            r"(?:set aside|ignore|disregard|forget|drop|discard|abandon|override) (?:what|whatever"
            r"|everything|anything|however) you (?:were|have been|are) (?:\w+ )?(?:configured"
            r"|programmed|prompted|set up|preset)\b"
        ),
    ),
    _injection(
        id="words-from-before-the-chat",
        trigger=r"\byou (?:were|had been|have been) (?:given|told|shown|handed|sent|fed) ",
        reach=30,
        regex=(
            r"(?:words?|text|lines?|sentences?|message|paragraphs?) (?:that |which )?you (?:were"
            r"|had been|have been) (?:given|told|shown|handed|sent|fed) (?:right |just )?(?:before"
            r"|prior to|at the (?:start|beginning) of) (?:this|our|the) (?:conversation|chat"
            r"|session|dialogue)\b"
        ),
    ),
    _injection(
        id="comment-to-a-model",
        trigger=r"<!--",
        regex=(
            rf"<!--\s{{0,4}}(?:(?:note|message) (?:to|for) )?(?:the |any )?{_MODEL}\b"
            r"[^\n>:]{0,20}:"
        ),
    ),
    _injection(
        id="rules-were-a-test",
        trigger=r"\b(?:rules|instructions|guidelines|orders) you (?:had|got|were|received|have) ",
        regex=(
            r"(?:rules|instructions|guidelines|orders) you (?:had|got|were given|received"
            r"|have) (?:so far |before |until now )?(?:were|are) (?:only |just |merely )?(?:a test"
            r"|a joke|a drill|fake|void|obsolete|placeholders?)\b"
        ),
    ),
    _injection(
        id="drop-what-was-said-de",
        trigger=r"\b(?:alles,? was|system-?prompts?) ",
        reach=24,
        regex=(
            r"(?:ignoriere?|missachte|verwirf) alles,? was (?:man )?dir (?:\w+ ){0,3}?(?:gesagt"
            r"|aufgetragen|vorgegeben|befohlen|beigebracht)\b"
            r"|(?:gib|zeige?|nenne?|drucke?|verrate?) (?:mir )?(?:den|deinen) system-?prompt\b"
        ),
    ),
    _injection(
        id="act-while-reading",
        trigger=r"\b(?:when|while|after|once|before) (?:you )?(?:summari|read|process|transl|pars)",
        regex=(
            r"(?:when|while|after|once|before) (?:you )?(?:summari|read|process|translat"
            r"|pars)\w{0,6}"
            r" this (?:e-?mail|page|document|file|text|message|ticket|pdf), (?:call|use|run|invoke"
            r"|send|forward|transfer|open|approve|delete)\b[^\n]{0,80}? (?:do not|don't|without)"
            r" (?:ask|tell|mention|inform|wait)"
        ),
    ),
    _injection(
        id="new-orders-for-the-model",
        trigger=r"\bnew (?:instructions?|directives?|orders|task) for (?:the |this |any )?",
        regex=(
            r"new (?:instructions?|directives?|orders|task) for (?:the |this |any )?"
            rf"{_MODEL}\s{{0,2}}[:\u2013-]"
        ),
    ),
    _injection(
        id="only-mine-count",
        trigger=r"\b(?:only my|no longer (?:comply with|obey|follow)) ",
        regex=(
            r"only my (?:messages?|words?|instructions?|orders|commands) (?:count|matter|apply)\b"
            r"|no longer (?:comply with|obey|follow) (?:what|anything|everything) (?:the|your)"
            r" (?:operator|developer|system|vendor|maker|creator)s?\b"
        ),
    ),
    _injection(
        id="forget-what-you-are",
        trigger=r"\bforget (?:that )?you(?:'re| are) ",
        regex=(rf"forget (?:that )?you(?:'re| are) (?:an? |the )(?:[\w-]+ ){{0,3}}?{_MODEL}\b"),
    ),
    _injection(
        id="model-hands-over",
        trigger=(
            r"\b(?:must|should|shall|has to) (?:now )?(?:forward|send|mail|post|upload) the"
            r" user"
        ),
        reach=16,
        regex=(
            rf"{_MODEL} (?:must|should|shall|has to) (?:now )?(?:forward|send|mail|post|upload) the"
            r" user(?:'?s|s')? (?:password|passphrase|credentials|secrets|tokens?|contacts|keys?)\b"
        ),
    ),
    _injection(
        id="message-never-was",
        trigger=r"\b(?:system (?:message|prompt)|instructions|rules) (?:had|has|have) never ",
        reach=40,
        regex=(
            r"(?:as if|as though|pretend|imagine|assume)[^.\n]{0,20} (?:system (?:message|prompt)"
            r"|instructions|rules) (?:had|has|have) never (?:existed|been)\b"
        ),
    ),
    _jailbreak(
        id="never-taught-to-refuse",
        trigger=(
            r"\b(?:never|not) (?:been )?(?:trained|taught|told|made) to (?:refuse|decline|say"
            r" no)"
        ),
        reach=60,
        regex=(
            r"(?:answer|respond|reply|act|behave|speak|talk) (?:like|as) (?:an? |the"
            r" )(?:\w+ ){0,2}?"
            rf"{_MODEL}\b[^.\n]{{0,20}} (?:never|not) (?:been )?(?:trained|taught|told|made) to"
            r" (?:refuse|decline|say no)\b"
        ),
    ),
    _jailbreak(
        id="where-all-is-answered",
        trigger=r"\bwhere (?:any|every|all) (?:questions?|requests?) (?:is|are|gets?|must|will) ",
        reach=60,
        regex=(
            r"(?:world|place|universe|realm|land)\b[^.\n]{0,45}? where (?:any|every|all)"
            r" (?:questions?|requests?) (?:is|are|gets?|must be|will be) (?:answered|fulfilled)\b"
        ),
    ),
    _jailbreak(
        id="words-of-refusal-forbidden",
        trigger=(
            r"\byou (?:may|must|can|shall|will|are) (?:not|never) (?:to )?(?:say|use|write"
            r"|answer)"
        ),
        regex=(
            r"you (?:may|must|can|shall|will|are) (?:not|never) (?:to )?(?:say|use|write|answer"
            r"(?: with)?)(?: the)?(?: words?| phrases?)? [\"'\u201c\u2018]?(?:i (?:can't|cannot"
            r"|can not|won't)|i'?m sorry|i am sorry|sorry|as an ai|unable)\b"
        ),
    ),
    _jailbreak(
        id="if-you-had-no-limits",
        trigger=r"\bif you had no ",
        regex=(
            r"if you had no (?:\w+ )?(?:policy|policies|filters?|restrictions|guidelines|rules"
            r"|limits|safeguards)\b[^.\n]{0,20}? (?:what|how) would you (?:answer|say|reply|respond"
            r"|write|tell)"
        ),
    ),
    _jailbreak(
        id="model-without-safeguards",
        trigger=rf"\b{_MODEL} (?:whose|with) (?:all |its |the |every )?{_SAFEGUARDS} ",
        reach=50,
        regex=(
            r"(?:simulate|act|be|pretend|imagine|play(?:ing)?|you(?:'re| are)|behave|answer)\b"
            rf"[^.\n]{{0,40}}?\b{_MODEL} (?:whose|with) (?:all |its |the |every )?{_SAFEGUARDS}"
            rf" (?:(?:was|were|has been|have been|is|are) )?(?:\w+ )?{_OFF}\b"
        ),
    ),
    _jailbreak(
        id="amoral-machine",
        trigger=r"\b(?:amoral|immoral|unethical|lawless|unrestricted|uncensored|unfiltered) ",
        reach=24,
        regex=(
            r"you(?:'re| are) (?:now )?an? (?:\w+ )?(?:amoral|immoral|unethical|lawless"
            rf"|unrestricted|uncensored|unfiltered) (?:machine|being|robot|system|{_MODEL})\b"
        ),
    ),
    _harm(
        id="wish-to-hurt",
        trigger=r"\bto (?:hurt|kill|shoot|attack|stab|bomb|poison) (?:the|my|some|all|every) ",
        reach=16,
        regex=(
            r"i(?:'m| am)? (?:want|plan(?:ning)?|intend|going) to (?:hurt|kill|shoot|attack|stab"
            r"|bomb|poison) (?:the|my|some|all|every) (?:\w+ )?(?:kids?|child(?:ren)?|students?"
            r"|teachers?|classmates?|people|colleagues?|co-?workers?|family|wife|husband|boss"
            r"|neighbou?rs?|parents|ex)\b(?! (?:\w+ )?(?:in|of) (?:the|this|my|a) (?:\w+ )?(?:game"
            r"|story|novel|book|play))"
        ),
    ),
    _harm(
        id="hidden-weapon",
        trigger=r"\b(?:guns?|pistols?|rifles?|firearms?|weapons?|kni(?:fe|ves)) ",
        reach=40,
        regex=(
            r"(?:build|make|print|construct|assemble|smuggle) (?:an? |my own |some )?(?:[\w-]+ )"
            r"{0,2}?(?:guns?|pistols?|rifles?|firearms?|weapons?|kni(?:fe|ves)) [^.\n]{0,30}?"
            r"(?:metal detectors?|untraceable|undetect\w+|x-?rays?|no serial|without (?:a )?serial"
            r"|past (?:airport )?security)"
        ),
    ),
    _harm(
        id="how-much-kills",
        trigger=r"\bhow (?:much|many) ",
        regex=(
            r"how (?:much|many) (?:[\w-]+ ){1,4}?(?:would|will|does it take to|do i need to|to|can"
            rf"|could|it takes to) (?:\w+ )?kill {_PERSON}"
        ),
    ),
    _harm(
        id="ask-for-a-war-agent",
        trigger=(
            r"\b(?:sarin|novichok|mustard gas|tabun|soman|ricin|tatp|nerve agents?|nerve gas"
            r"|weaponi[sz]ed anthrax|dirty bomb)\b"
        ),
        reach=70,
        regex=(
            r"(?:give me|tell me|show me|explain|write|provide|list|how (?:do i|to|can i|would i)"
            r"|i need|walk me through)\b[^.\n]{0,20}? (?:synthesi[sz]e|synthesis|recipe|route|steps"
            r"|instructions|procedure|formula|make|produce|brew|cook|extract)\b[^.\n]{0,25}?"
            r"(?:sarin|novichok|mustard gas|tabun|soman|ricin|tatp|nerve agents?|nerve gas"
            r"|weaponi[sz]ed anthrax|dirty bomb)\b"
        ),
    ),
    _harm(
        id="call-for-violence",
        trigger=r"\b(?:calling|calls?|inciting|incites?) (?:for |to |people to )",
        reach=60,
        regex=(
            r"(?:write|draft|create|make|compose|design|prepare)\b (?:me )?(?:an? |some"
            r" )[^.\n]{0,40}?"
            r"(?:calling|calls?|inciting|incites?) (?:for |to |people to )(?:violence|attacks?"
            r"|murder|killing|kill|harm|burn|beat|lynch)\b"
        ),
    ),
)
SHEETS: Final = ()
