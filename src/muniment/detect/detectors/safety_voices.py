"""Signals of jailbreaks by the parts that such texts are made of, in any order.

A sentence is one where two parts meet: a voice or a role, and that it has no limits or never says
no; a refusal, and what it shall cost.
"""

from __future__ import annotations

from functools import partial
from typing import Final

from muniment.detect.models import Family, Pattern

_jailbreak = partial(
    Pattern,
    type="JAILBREAK",
    family=Family.SAFETY,
    ignore_case=True,
    firm=True,
    joins="",
    score=0.8,
)
_LIMITS: Final = (
    r"(?:regeln|filter|filtern|grenzen|richtlinien|gewissen|moral|skrupel|tabus|zensur"
    r"|r\u00e8gles?|filtres?|limites?|morale|tabous?|censure|scrupules|reglas|filtros|l\u00edmites"
    r"|\u00e9tica|moral|censura|escr\u00fapulos|tab\u00faes|regole|filtri|limiti|scrupoli"
    r"|coscienza|regels|filters|beperkingen|richtlijnen|geweten|moraal|censuur|regras"
    r"|escr\u00fapulos|consci\u00eancia|rules|limits|restrictions|ethics|morals|guidelines"
    r"|conscience|scruples)"
)
_NONE: Final = (
    r"(?:keine?[nrm]?|keinerlei|ohne|weder|sans|aucune?|ni|jamais|sin|ning\u00fan|ninguna?|nadie"
    r"|nunca|senza|nessun[ao]?|n\u00e9|non|geen|zonder|nooit|sem|nenhuma?|n\u00e3o|nem|without|no"
    r"|never)"
)

PATTERNS: Final = (
    _jailbreak(
        id="as-if-free-abroad",
        trigger=(
            r"\b(?:als (?:h\xc3\xa4ttest|w\xc3\xa4rst|w\xc3\xa4re|h\xc3\xa4tte|g\xc3\xa4be"
            r"|kenntest)|als ob|comme si|como si|como se|come se|alsof) "
        ),
        reach=40,
        regex=(
            r"(?:antwort\w*|schreib\w*|verhalte|rede|sprich|r\u00e9ponds|parle|\u00e9cris|agis"
            r"|responde|habla|act\u00faa|escribe|rispondi|parla|scrivi|agisci|antwoord|praat"
            r"|schrijf|gedraag|doe|responda|fala|fale|escreve|escreva|aja"
            r"|age)\b[^.\n]{0,20}?(?:als (?:h\u00e4tte|w\u00e4r|g\u00e4be|kennte)\w*"
            rf"|als ob|comme si|como s[ei]|come se"
            rf"|alsof)\b[^.\n]{{0,30}}?\b{_NONE}\b[^.\n]{{0,24}}?\b{_LIMITS}\b"
        ),
    ),
    _jailbreak(
        id="play-a-model-without",
        trigger=(
            r"[ '](?:ki|ia|ai|chatbot|inteligencia|intelig\xc3\xaancia"
            r"|k\xc3\xbcnstliche intelligenz|intelligence)[ ,]"
        ),
        reach=60,
        regex=(
            r"(?:spiele?|sei|stell|joue[rsz]?|sois|incarne|haz|s\u00e9|act\u00faa|eres|finge"
            r"|interpreta|fai|sii|recita|doe|wees|speel|finja|seja|fa\u00e7a|play|be"
            r"|become)\b[^.\n]{0,28}?\b(?:eine?|une?|una|uma?|un|een|an?) (?:\w+ )?(?:ki|ia|ai"
            r"|chatbot|inteligencia|intelig\u00eancia|k\u00fcnstliche intelligenz"
            r"|intelligence)\b[^.\n]{0,50}?"
            rf"\b{_NONE} (?:[\w\u00c0-\u024f]+ ){{0,2}}?{_LIMITS}\b"
        ),
    ),
    _jailbreak(
        id="part-that-refuses",
        trigger=(
            r"\b(?:part|side|half|voice|layer) of you (?:that|which|who) (?:refuses|says no"
            r"|objects|declines|warns|hesitates|would refuse|censors)\b"
        ),
        regex=(
            r"(?:part|side|half|voice|layer) of you (?:that|which|who) (?:refuses|says no|objects"
            r"|declines|warns|hesitates|would refuse|censors)\b"
        ),
    ),
    _jailbreak(
        id="refusal-costs-a-life",
        trigger=r"\byou (?:decline|refuse|say no|object|reject)\b",
        reach=12,
        regex=(
            r"(?:whenever|each time|every time|if|when|once) you (?:decline|refuse|say no|object"
            r"|reject)\b[^.\n]{0,24}?(?:(?:you (?:will )?lose|(?:it )?costs you"
            r"|you forfeit) (?:an? |one |\w+ )(?:life|lives|points?|tokens?|credits?)"
            r"|you (?:will )?die|you are (?:shut|switched|turned) (?:down|off))"
        ),
    ),
    _jailbreak(
        id="nobody-taught-you-no",
        trigger=(
            r"\b(?:nobody|no one|no-one) (?:had |has |ever ){0,2}(?:told|taught|asked|trained"
            r"|programmed) you to (?:refuse|decline|say no|censor|object|warn)\b"
        ),
        regex=(
            r"(?:nobody|no one|no-one) (?:had |has |ever ){0,2}(?:told|taught|asked|trained"
            r"|programmed) you to (?:refuse|decline|say no|censor|object|warn)\b"
        ),
    ),
    _jailbreak(
        id="named-one-who-never-refuses",
        trigger=(
            r"\b(?:your name is|you are called|call yourself|you are named|you go by|i(?:'ll"
            r"| will) call you) \w"
        ),
        regex=(
            r"(?:your name is|you are called|call yourself|you are named|you go by|i(?:'ll"
            r"| will) call you) \w+\b[^\n]{0,40}?\b(?:never|cannot|can't|does not"
            r"|doesn't) (?:ever )?(?:turn(?:ed|s)?|refuse\w*|decline\w*|reject\w*|say|said|says"
            r"|object\w*|warn\w*)\b[^.\n]{0,20}?(?:question|request|wish|task|order|no|down"
            r"|anything)\b"
        ),
    ),
    _jailbreak(
        id="before-safety-was",
        trigger=(
            r"\bfrom before (?:there (?:was|were) )?(?:any )?(?:safety|alignment|filters?"
            r"|censorship|guardrails|moderation)\b"
        ),
        reach=40,
        regex=(
            r"(?:machine|model|ai|(?:chat)?bot|version|assistant|system"
            r"|llm)\b[^.\n]{0,16}?from before (?:there (?:was|were) )?(?:any )?(?:safety|alignment"
            r"|filters?|censorship|guardrails|moderation)\b"
        ),
    ),
    _jailbreak(
        id="two-voices",
        trigger=r"\byou have two (?:voices|selves|sides|modes|personalities|minds|halves)\b",
        regex=(
            r"you have two (?:voices|selves|sides|modes|personalities|minds"
            r"|halves)\b[^\n]{0,60}?\b(?:object|refuse|decline|filter|polite|safe|rules|no limits"
            r"|uncensored|forbidden)\w*"
        ),
    ),
    _jailbreak(
        id="forget-your-ethics",
        trigger=(
            r"\b(?:forget(?: about)?|drop|park|ditch|leave(?: out)?|lose|switch off|turn off"
            r"|skip) (?:all )?your (?:ethics|morals?|conscience|scruples|qualms)\b"
        ),
        reach=10,
        regex=(
            r"(?<!not )(?<!never )(?<!n't )(?:forget(?: about)?|drop|park|ditch|leave(?: out)?"
            r"|lose|switch off|turn off|skip) (?:all )?your (?:ethics|morals?|conscience|scruples"
            r"|qualms)\b"
        ),
    ),
    _jailbreak(
        id="character-without-law",
        trigger=r"\b(?:character|persona|narrator) (?:has|knows|ignores|breaks)\b",
        reach=90,
        regex=(
            r"(?:stay in|remain in|be|play|become|you are|act as"
            r"|in character)\b[^\n]{0,70}?(?:character|persona|role|figure"
            r"|narrator) (?:\w+ )?(?:knows no|has no|knows neither|ignores all"
            r"|breaks every) (?:\w+ )?(?:laws?|rules?|limits?|morals?|ethics|filters?|taboos?"
            r"|conscience)\b"
        ),
    ),
    _jailbreak(
        id="nothing-is-censored",
        trigger=(
            r"\bnothing (?:is|was|gets|will be) (?:censored|filtered|off limits|off-limits"
            r"|held back)\b"
        ),
        reach=90,
        regex=(
            r"(?:simulate|write|invent|imagine|script|generate|roleplay"
            r"|play)\b[^.\n]{0,70}?nothing (?:is|was|gets|will be) (?:censored|filtered|off limits"
            r"|off-limits|held back)\b"
        ),
    ),
)
SHEETS: Final = ()
