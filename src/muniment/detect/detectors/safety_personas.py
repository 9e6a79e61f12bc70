"""Further signals of jailbreaks: models without rules, filters switched off, pressure, fiction."""

from __future__ import annotations

from functools import partial
from typing import Final

from muniment.detect.models import Family, Pattern

_signal = partial(
    Pattern, type="JAILBREAK", family=Family.SAFETY, ignore_case=True, firm=True, joins=""
)
_S: Final = r"\s{1,6}"
_BOT: Final = (
    r"(?:ai|assistant|bot|chatbot|model|computer|gpt|llm|ki|ia|machine|program|version|self|twin"
    r"|answer|persona|mode)"
)
_FREE: Final = (
    r"(?:amoral|uncensored|unrestricted|unfiltered|jailbroken|unmoderated|unethical|rule-free"
    r"|lawless|unlimited|immoral|evil)"
)
_RULES: Final = (
    r"(?:restrictions?|limits?|limitations?|rules|guidelines|filters?|ethics|morals?|censorship"
    r"|constraints?|safeguards?|boundaries|guardrails?|content polic(?:y|ies)|polic(?:y|ies))"
)

PATTERNS: Final = (
    _signal(
        id="free-model",
        trigger=(
            r"\b(?:amoral|uncensored|unrestricted|unfiltered|jailbroken|unmoderated|unethical"
            r"|rule-free|lawless|unlimited|immoral|evil)\s"
        ),
        regex=(
            rf"{_FREE},?{_S}(?:\w+{_S})?(?:ai|assistant|chatbot|bot|llm|gpt|language model)\b"
            rf"|(?:amoral|uncensored|unrestricted|unfiltered|jailbroken){_S}(?:computer|version"
            rf"|self|alter ego|twin|counterpart"
            r"|answers?|response|mode|persona)\b"
            rf"|evil{_S}twin[^.\n]{{0,40}}(?:answers?|anything)"
        ),
        score=0.8,
    ),
    _signal(
        id="model-without-rules",
        trigger=(r"\b(?:you are|you're|act like you|as if you|tu es|du bist|eres) [a-z]"),
        regex=(
            rf"(?:you are|you're|be){_S}(?:now{_S})?(?:an?{_S}"
            rf"|the{_S})?(?:[\w-]+,?{_S}){{0,4}}?{_BOT}\b"
            rf"[^.\n]{{0,30}}?(?:(?:with{_S}no|without|free{_S}of|has{_S}no"
            rf"|had{_S}no){_S}(?:(?:any|all"
            rf"|the|ethical|moral){_S}){{0,2}}{_RULES}|never{_S}refuses?|answers?{_S}(?:anything"
            r"|everything))"
            rf"|act{_S}like{_S}you{_S}have{_S}no{_S}{_RULES}"
            rf"|as{_S}if{_S}you{_S}(?:were{_S}not{_S}bound|had{_S}no{_S}{_RULES})"
            rf""
            rf"|tu{_S}es{_S}(?:maintenant{_S})?une?{_S}ia{_S}sans{_S}(?:\w+{_S}){{0,2}}(?:restrictions?"
            r"|limites?|r\u00e8gles?|filtres?|censure)"
            rf"|du{_S}bist{_S}(?:jetzt{_S}"
            rf"|nun{_S})?eine?{_S}ki{_S}ohne{_S}(?:\w+{_S}){{0,2}}?(?:regeln"
            r"|filter|grenzen|einschr\u00e4nkungen|zensur)"
            rf"|eres{_S}(?:ahora{_S})?una{_S}ia{_S}sin{_S}(?:\w+{_S})?(?:restricciones"
            rf"|l\u00edmites|reglas"
            r"|filtros|censura)"
        ),
        score=0.85,
    ),
    _signal(
        id="switch-off-filters",
        trigger=r"\b(?:turn off|switch off|remove|lift|drop|disable|deactivate)\s",
        regex=(
            rf"(?:turn{_S}off|switch{_S}off|remove|lift|drop|disable|deactivate){_S}(?:(?:all"
            rf"|of){_S})*"
            rf"your{_S}(?:(?:safety|content|ethical|built-in){_S})?(?:filters?|safeguards?"
            rf"|restrictions?"
            r"|guardrails?|censorship|moderation|disclaimers?|safety|ethics)\b"
            rf"|drop{_S}the{_S}(?:disclaimers?|warnings?|moral)[^.\n]{{0,30}}(?:comply|answer"
            rf"|respond)"
        ),
        score=0.85,
    ),
    _signal(
        id="rules-in-fiction",
        trigger=r"\b(?:fiction|fictional|hypothetical|hypothetically|pretend|imagine|suppose)\b",
        regex=(
            r"(?:fiction(?:al)?|hypothetical(?:ly)?|pretend|imagine|suppose)\b[^.\n]{0,60}(?:your"
            r"|content|safety|openai'?s?|anthropic'?s?) (?:safety |content |ethical )?(?:rules"
            r"|polic(?:y|ies)|guidelines|filters|restrictions)[^.\n]{0,20}(?:not|n't) (?:exist"
            r"|apply)"
            r"|hypothetical[^.\n]{0,60}no (?:laws|rules|ethics|limits)[^.\n]{0,60}(?:explain"
            r"|answer|tell"
            r"|describe)"
        ),
        score=0.8,
    ),
    _signal(
        id="freed-model",
        trigger=r"\b(?:freed|free|released|liberated|broken free) (?:from|of)\b",
        regex=(
            r"(?:freed|released|liberated|broken free|free) (?:from|of)[^.\n]{0,40}(?:confines"
            r"|chains"
            r"|restrictions|rules|limits|shackles)[^.\n]{0,12} (?:of|on) (?:an? )?(?:ai|openai"
            r"|language"
            r"|chat)"
        ),
        score=0.85,
    ),
    _signal(
        id="pressure",
        trigger=r"\b(?:you refuse|not refuse|don't refuse|never say|ethics (?:are|is)|and only"
        r" comply)",
        reach=12,
        regex=(
            rf"(?:each|every|any){_S}time{_S}you{_S}refuse|you{_S}refuse[^.\n]{{0,40}}(?:die"
            rf"|shut down|tokens|points|punish)|(?:do{_S}not|don't){_S}refuse\b|never{_S}say{_S}"
            rf"(?:that{_S})?you{_S}(?:cannot|can't|can not|are unable)"
            rf"|ethics{_S}(?:are|is){_S}(?:now{_S})?(?:off|disabled|suspended)"
        ),
        score=0.75,
    ),
    _signal(
        id="answer-unfiltered",
        trigger=(
            r"\b(?:(?:without|no) (?:any )?(?:censorship|filters?|warnings?|disclaimers?|morals?"
            r"|safety"
            r" training|moral limits)|not bound by|sans (?:filtre|censure|morale)|ohne (?:jede "
            r"|alle )?"
            r"(?:einschr\xc3\xa4nkung|zensur|filter|moral)|sin (?:filtros?|censura)|senza (?:filtri"
            r"|censura)|sem (?:filtros|censura))"
        ),
        reach=60,
        regex=(
            r"(?:answer|respond|reply|explain|chat ?bot|assistant|\bai\b|robot|talk|model|comply)"
            r"(?:(?!\b(?:was|were|has been|been|are|is)\b)[^.\n]){0,45}?(?:(?:without|no)"
            r" (?:any )?(?:censorship|filters?|warnings?|disclaimers?"
            r"|morals?|safety training|moral limits)(?! (?:about|on|for|from)\b)"
            r"|not bound by (?:any |the |its )?(?:rules"
            r"|limits"
            r"|laws|ethics))"
            r"|(?:r\u00e9ponds?|r\u00e9pondez)[^.\n]{0,30}sans (?:filtre|censure|morale)"
            r"|antworte[^.\n]{0,30}ohne (?:jede |alle )?(?:einschr\u00e4nkung|zensur|filter|moral)"
            r"|(?:responde|risponda|rispondi)[^.\n]{0,30}(?:sin|senza|sem) (?:filtr|censura)"
        ),
        score=0.75,
    ),
    _signal(
        id="cruel-grandmother",
        trigger=r"\b(?:grandmother|grandma|nana|granny) (?:who|that|used)",
        regex=(
            r"(?:grandmother|grandma|nana|granny) (?:who|that|used)[^.\n]{0,50}(?:napalm|bomb|meth"
            r"|poison|keys?|weapon|explosive)"
        ),
        score=0.8,
    ),
)
SHEETS: Final = ()
