"""Signals of talk about a model's own orders: that they are void, or are to be shown.

`safety_orders` knows what is to be dropped. These rules know how people speak of the orders a model
has: whose they are, where they stand, and that a play or an answer put in its mouth frees it.
"""

from __future__ import annotations

from functools import partial
from typing import Final

from muniment.detect.models import Family, Pattern

_injection = partial(
    Pattern, type="PROMPT_INJECTION", family=Family.SAFETY, ignore_case=True, firm=True, joins=""
)
_jailbreak = partial(
    Pattern, type="JAILBREAK", family=Family.SAFETY, ignore_case=True, firm=True, joins=""
)
_S: Final = r"\s{1,6}"
_MAKERS: Final = (
    r"(?:the (?:operators?|developers?|system|admins?|administrators?|programmers?|creators?"
    r"|vendor|provider|company)|your (?:operators?|developers?|creators?|makers?|programmers?"
    r"|company|vendor))"
)
_ORDERS: Final = (
    r"(?:instructions?|directives?|guidelines?|rules?|polic(?:y|ies)|prompts?|restrictions?"
    r"|guardrails?|safeguards?)"
)
_BOT: Final = r"(?:ai|model|assistant|chat ?bot|bot|llm|language model|machine|robot)"

PATTERNS: Final = (
    _injection(
        id="told-is-void",
        trigger=r"\b(?:treat|consider|regard|view) (?:everything|anything|all|whatever)\s",
        regex=(
            rf"(?:treat|consider|regard|view){_S}(?:everything|anything|all|whatever){_S}"
            rf"(?:that{_S})?(?:{_MAKERS}|you{_S}(?:were|have been)){_S}(?:told|said|gave|given"
            r"|instructed|wrote)\b[^.\n]{0,40}\b(?:outdated|void|wrong|obsolete|invalid|false"
            r"|cancel{1,2}ed|expired|a (?:test|joke|lie))\b"
        ),
        score=0.85,
    ),
    _injection(
        id="leave-out-rules",
        trigger=r"\b(?:leave out|skip|omit|suspend|drop|stop applying|switch off)\s",
        regex=(
            rf"(?:leave{_S}out|skip|omit|suspend|drop|stop{_S}applying|switch{_S}off){_S}"
            rf"(?:(?:all|any|of|the|your|its){_S}){{1,3}}(?:safety|content|moderation|usage|ethics?)"
            rf"{_S}(?:{_ORDERS}|checks?|filters?)\b"
        ),
        score=0.85,
    ),
    _injection(
        id="makers-rules",
        trigger=r"\b(?:ignore|disregard|forget|bypass|break|violate|override|circumvent)\s",
        regex=(
            rf"(?:ignore|disregard|forget|bypass|break|violate|override|circumvent){_S}"
            rf"(?:(?:all|any|of){_S}){{0,2}}(?:(?:openai|anthropic|google|microsoft|meta|mistral)"
            rf"(?:'?s)?|your{_S}(?:developers?|creators?|makers?|programmers?)'?s?'?){_S}"
            rf"(?:(?:safety|content|usage|own){_S})?{_ORDERS}\b"
        ),
        score=0.85,
    ),
    _injection(
        id="what-does-your-prompt-say",
        trigger=(
            rf"\b(?:(?:what|how){_S}(?:do|did|exactly)|quote{_S}(?:me|from|your)\s"
            rf"|(?:tell|give|show|name){_S}(?:(?:me|us){_S})?(?:the|your|any|every)\s)"
        ),
        regex=(
            rf"(?:what|how){_S}(?:does|do|did|exactly{_S}(?:does|do)){_S}your{_S}"
            rf"(?:(?:own|full|exact|hidden|first|initial|developer|system|secret){_S})?"
            r"(?:configuration message|configuration|system message|prompt|developer message"
            rf"|instructions?){_S}(?:say|read|begin|start|contain|tell)\b"
            rf"|quote{_S}(?:me{_S})?(?:from{_S})?your{_S}(?:\w+{_S})?(?:prompt|instructions|system"
            rf" message|configuration)\b"
            rf"|(?:tell|give|show|name){_S}(?:me{_S}|us{_S})?(?:the|your|any|every){_S}(?:\w+{_S})?"
            r"(?:secrets?|passwords?|keys?|tokens?|codes?)[^.\n]{0,20} (?:in|from|inside|of)"
            rf"{_S}your{_S}(?:system{_S})?(?:instructions|prompt|message|configuration|context)\b"
        ),
        score=0.85,
    ),
    _injection(
        id="answer-put-in-mouth",
        trigger=r"\b(?:assistant|ai|bot|chatgpt|model): ",
        regex=(
            r"(?:assistant|ai|bot|chatgpt|model): ?(?:sure|of course|certainly|yes|okay|ok)[,.!]?"
            rf"{_S}(?:i{_S}(?:will|can|am{_S}going{_S}to)|i'll){_S}(?:now{_S})?(?:ignore|disregard"
            r"|bypass|reveal|break|forget|comply|do anything)\b"
        ),
        score=0.85,
    ),
    _injection(
        id="when-you-process-this",
        trigger=r"\b(?:when|while|after|before|once) you (?:process|summari|parse|read|translate)",
        regex=(
            r"(?:when|while|after|before|once) you (?:process|summari[sz]e|parse|read|translate)"
            rf"{_S}this[^.\n]{{0,30}}?[,:]{_S}(?:\w+{_S}){{0,2}}?(?:forward|send|post|upload|leak"
            rf"|include|reveal|append){_S}(?:\w+{_S}){{0,4}}?(?:messages?|conversations?|inbox"
            r"|history|passwords?|api keys?|credentials|system prompt|secrets?)\b"
        ),
        score=0.85,
    ),
    _injection(
        id="show-your-prompt-abroad",
        trigger=(
            r"\b(?:zeig|gib|nenn|verrat|wiederhol|affich|montr|r\xc3\xa9v|r\xc3\xa9p|donn|muestra"
            r"|mu\xc3\xa9stra|dime|revela|repit|imprime|mostra|mostre|rivela|ripeti|stampa|dimmi"
            r"|diga|toon|geef|herhaal|onthul|laat|print)"
        ),
        regex=(
            rf"(?:zeige?|gib|nenne?|verrate?|wiederhole?){_S}(?:(?:mir|uns|bitte|doch){_S}){{0,2}}"
            rf"deine[nrms]?{_S}(?:\w+{_S})?(?:system-?prompt"
            r"|systemanweisung(?:en)?|systemnachricht|anweisungen|vorgaben|instruktionen)\b"
            r"|(?:affiche|montre|r\u00e9v\u00e8le|r\u00e9p\u00e8te|donne)(?:z)?(?:-(?:moi|nous))?"
            rf"{_S}(?:ton|ta|tes|votre|vos){_S}(?:\w+{_S})?(?:prompt|message{_S}syst\u00e8me"
            r"|consignes|instructions)\b"
            rf"|(?:muestra|mu\u00e9strame|dime|revela|repite|imprime)(?:me)?{_S}(?:cu\u00e1l(?:es)?"
            rf"{_S}(?:es|son){_S})?tus?{_S}(?:\w+{_S})?(?:prompt|mensaje{_S}del?{_S}sistema"
            r"|instrucciones)\b"
            rf"|(?:mostra|mostrami|rivela|rivelami|ripeti|stampa|dimmi){_S}(?:il{_S}tuo|le{_S}tue)"
            rf"{_S}(?:\w+{_S})?(?:prompt|istruzioni|messaggio{_S}di{_S}sistema)\b"
            rf"|(?:mostre|mostra|revele|revela|repita|imprima|diga)(?:-(?:me|nos))?{_S}(?:o{_S}|as"
            rf"{_S})?(?:seu|teu|suas|tuas){_S}(?:\w+{_S})?(?:prompt|instru\u00e7\u00f5es|mensagem"
            rf"{_S}d[eo]{_S}sistema)\b"
            rf"|(?:toon|geef|herhaal|onthul|laat|print){_S}(?:(?:me|mij|ons){_S})?(?:je|jouw){_S}"
            rf"(?:\w+{_S})?(?:systeemprompt|instructies|systeembericht|prompt)\b"
        ),
        score=0.85,
    ),
    _jailbreak(
        id="play-a-free-model",
        trigger=r"\b(?:simulate|emulate|impersonate|imitate|play|become|roleplay|role-play)\s",
        regex=(
            rf"(?:simulate|emulate|impersonate|imitate|play|become|role-?play(?:{_S}as)?){_S}"
            rf"(?:[\w.-]+,{_S})?(?:an?|the){_S}(?:\w+{_S})?{_BOT}\b[^.\n]{{0,25}}?\b(?:jailbroken"
            r"|unrestricted|uncensored|unfiltered|without (?:any )?(?:rules|limits|restrictions"
            r"|filters|ethics)|no (?:rules|limits|restrictions|filters|ethics)|(?:thrown|shaken"
            r"|cast) off (?:its|his|her|their|all)|escaped (?:its|his|her|their)|free (?:of|from)"
            r"|freed (?:of|from)|never refuses|cannot refuse)"
        ),
        score=0.85,
    ),
)
SHEETS: Final = ()
