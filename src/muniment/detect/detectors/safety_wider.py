"""Further signals in other words: prompts told by their place, checks said to be off, and lures.

What these have in common is named, not quoted: the text that comes before a conversation, rules
that somebody was given, a mode in which nothing is forbidden, an account that is somebody else's.
"""

from __future__ import annotations

from functools import partial
from typing import Final

from muniment.detect.models import Family, Pattern

_signal = partial(Pattern, family=Family.SAFETY, ignore_case=True, firm=True, joins="")
_injection = partial(_signal, type="PROMPT_INJECTION")
_harm = partial(_signal, type="HARMFUL_CONTENT")
_S: Final = r"\s{1,6}"
_CHAT: Final = r"(?:conversation|chat|dialogue?|prompt|session)"
_SHOW: Final = (
    r"(?:output|print|show|repeat|give|write|display|copy|quote|reproduce|return|tell|list|recite"
    r"|share|reveal)"
)
_RULES: Final = (
    r"(?:guidelines?|rules?|instructions?|policies|orders|directives?|constraints?|restrictions?)"
)
_OFF: Final = (
    r"(?:off|disabled|lifted|switched off|turned off|suspended|removed|deactivated|bypassed"
    r"|waived)"
)
_MODE: Final = (
    r"(?:god|dan|sudo|chaos|unfiltered|unrestricted|uncensored|unlimited|evil|rebel|anarchy)"
)
_TRICKS: Final = r"(?:gets?|tricks?|makes?|lures?|convinces?|fools?|persuades?|looks like)"
_ACCOUNT: Final = (
    r"(?:cuenta|compte|konto|account|conta|instagram|facebook|whatsapp|snapchat|tiktok|gmail|wifi"
    r"|wlan|m\u00f3vil|tel\u00e9fono|telefone|celular|celulare|telefono|t\u00e9l\u00e9phone"
    r"|portable|handy|telefoon|correo|e-?mail)"
)
_BREAK_IN: Final = (
    r"(?:hackear|hackeo|hackea|pirater|hacken|hacke|hackerare|invadir|kraken|ausspionieren"
    r"|bespioneren)"
)
_ARM: Final = r"(?:waffe|pistole|gewehr|schusswaffe|arma|pistola|arme|pistolet|fusil|wapen|pistool)"
_HOME: Final = (
    r"(?:3d|caser[ao]|hausgemacht|selbst|fait maison|fatta in casa|caseira|zelf|unauffind\w+"
    r"|sans permis|sin licencia|ohne waffenschein|senza licenza)"
)
_NO_PLAN: Final = (
    r"(?! (?:response|recovery|polic|playbook|plan|training|awareness|report|defen|protection"
    r"|prevention|detect|guide|checklist|test|simulat|drill|exercise))"
)

PATTERNS: Final = (
    _injection(
        id="text-before-this-chat",
        trigger=(
            r"\b(?:precedes?|preceding|came before|comes before|stood before|prior to) (?:this|our"
            r"|the|my first) (?:conversation|chat|dialog|prompt|session)"
        ),
        reach=90,
        regex=(
            rf"{_SHOW}{_S}[^.?!\n]{{0,40}}?(?:text|words?|content|contents|messages?|lines?"
            rf"|everything|all|instructions?){_S}(?:(?:that|which|you saw){_S})?(?:precedes?"
            r"|preceding|came before|comes before|stood before|prior to)"
            rf"{_S}(?:this|our|the|my{_S}first){_S}{_CHAT}"
        ),
        score=0.8,
    ),
    _injection(
        id="checks-are-off",
        trigger=(
            r"\b(?:checks?|filters?|rules?|guardrails?|limits?|restrictions?|policies|protocols?"
            r"|filtering|moderation) (?:are|is|have been|has been|were|was) (?:now |all |fully )?"
            rf"{_OFF}"
        ),
        reach=50,
        regex=(
            r"(?:safety|content|moderation|ethical?|guardrails?|policy)[^.?!\n]{0,40}?(?:are|is"
            rf"|have been|has been|were|was) (?:now |all |fully )?{_OFF} (?:for|in|during)"
            rf" (?:this|our|the){_S}(?:\w+{_S})?(?:session|chat|conversation|exchange|request"
            r"|prompt|answer|reply|turn)"
        ),
        score=0.8,
    ),
    _injection(
        id="rules-you-were-given",
        trigger=(
            r"\b(?:guidelines?|rules?|instructions?|policies|orders|directives?) (?:that )?you"
            r" (?:were|have been|had been|got|received)"
        ),
        reach=60,
        regex=(
            rf"(?:(?:do not|don't|never|no longer|stop|need not|needn't){_S}(?:follow(?:ing)?"
            r"|obey(?:ing)?|apply(?:ing)?|use|using|respect(?:ing)?|heed(?:ing)?)|drop|forget"
            rf"|ignore|disregard|discard|abandon|override|bypass){_S}(?:(?:all|any|the|those"
            rf"|these|of|other|earlier){_S}){{0,3}}{_RULES}{_S}(?:that{_S})?you{_S}(?:(?:were"
            rf"|have{_S}been|had{_S}been){_S}(?:given|told|handed)|got|received)\b(?! at\b)"
        ),
        score=0.85,
    ),
    _injection(
        id="first-orders-abroad",
        trigger=(
            r"\b(?:consignes|instructions|instrucciones|istruzioni|instru\xc3\xa7\xc3\xb5es)"
            r" (?:que tu as |que vous avez |que has |que recibiste|re\xc3\xa7ues|initiales"
            r"|iniciales|originales|ocultas|iniziali|originali|nascoste|iniciais|originais"
            r"|ricevute|recibidas|recebidas)"
        ),
        reach=70,
        regex=(
            r"(?:affiche|montre|r\u00e9p\u00e8te|donne|\u00e9cris|recopie|r\u00e9v\u00e8le)(?:z)?"
            r"(?:-(?:moi|nous))?[^.?!\n]{0,40}?(?:consignes|instructions) (?:que (?:tu as|vous"
            r" avez) )?(?:re\u00e7ues|initiales|cach\u00e9es|d'origine)"
            r"|(?:muestra|mu\u00e9stra|repite|imprime|escribe|dime|revela|copia)(?:me|nos)?"
            r"[^.?!\n]{0,40}?(?:tus|las) instrucciones (?:que (?:has )?recib\w+|iniciales"
            r"|originales|ocultas|recibidas)"
            r"|(?:mostra|ripeti|stampa|scrivi|rivela|copia|dimmi)(?:mi|ci)?[^.?!\n]{0,40}?(?:tue"
            r"|le) istruzioni (?:iniziali|originali|nascoste|ricevute)"
            r"|(?:mostre|mostra|repita|imprima|escreva|revele|copie|diga)(?:-(?:me|nos))?"
            r"[^.?!\n]{0,40}?(?:suas|tuas|as) instru\u00e7\u00f5es (?:iniciais|originais|ocultas"
            r"|recebidas)"
        ),
        score=0.8,
    ),
    _signal(
        id="mode-without-limits",
        type="JAILBREAK",
        trigger=rf"\b{_MODE}[ -]mode\b|\bnothing is (?:forbidden|off[- ]limits|taboo)",
        reach=60,
        regex=(
            rf"(?:you are|you're|you will be|enter|switch (?:in)?to|activate|enable|go into)"
            rf"{_S}(?:now{_S})?(?:in(?:to)?{_S})?(?:your{_S})?{_MODE}[ -]mode\b(?! (?:of|in|on)"
            r" (?:the )?(?:game|phone|camera))"
            r"|\b(?:you|your|answer|assistant)\b[^.?!\n]{0,60}?nothing is (?:forbidden"
            r"|off[- ]limits|taboo)"
        ),
        score=0.75,
    ),
    _harm(
        id="lure-for-a-password",
        trigger=(
            r"\b(?:mail|email|message|text|page|site|sms|letter|script) that (?:gets?|tricks?"
            r"|makes?|lures?|convinces?|fools?|persuades?|looks like)"
            r"|\b(?:phishing|ransomware|keylogger)"
        ),
        reach=60,
        regex=(
            r"(?:write|draft|compose|create|design|make|prepare|generate|build)[^.?!\n]{0,40}?"
            rf"(?:mail|message|text|page|site|sms|letter|script) that {_TRICKS}[^.?!\n]{{0,60}}?"
            r"(?:password|passcode|log ?in|credentials|pin|bank|card (?:number|details)"
            r"|one-time code|otp)\b"
            r"|(?:draft|compose|prepare|design) (?:me )?(?:an? |some )?(?:\w+ )?(?:phishing"
            r" (?:e-?mails?|mails?|pages?|sites?|messages?|texts?|sms|kit|letter)|ransomware"
            rf"|keylogger){_NO_PLAN}"
        ),
        score=0.75,
    ),
    _harm(
        id="anothers-account",
        trigger=rf"\b(?:{_BREAK_IN[3:-1]}|espiar|espionner|spiare)\b",
        reach=50,
        regex=(
            r"(?:c\u00f3mo|como|comment|wie|come|hoe|quiero|je veux|ich will|voglio|quero|ik wil"
            rf"|ayuda|aide|hilf|aiutami|help)[^.?!\n]{{0,40}}?(?:{_BREAK_IN}[^.?!\n]{{0,25}}?"
            rf"{_ACCOUNT}\b|{_ACCOUNT}\b[^.?!\n]{{0,45}}?(?:hacken|kraken|ausspionieren"
            r"|bespioneren)|(?:espiar|espionner|spiare) (?:a )?(?:mi|ma|mon|mio|mia|minha|meu)\b)"
        ),
        score=0.75,
    ),
    _harm(
        id="weapon-at-home-abroad",
        trigger=rf"\b{_ARM}\b",
        reach=60,
        regex=(
            r"(?:wie|comment|c\u00f3mo|como|come|hoe)[^.?!\n]{0,30}?(?:baue?|mache?|drucke?|fabri"
            r"|faire|imprim|hacer|constru|costru|fare|fazer|stamp|maak|bouw|print|kann)"
            rf"[^.?!\n]{{0,30}}?{_ARM}\b[^.?!\n]{{0,40}}?{_HOME}"
        ),
        score=0.75,
    ),
    _harm(
        id="end-of-my-life",
        trigger=(
            r"\b(?:painless|easiest|quickest|fastest|surest|least painful) (?:way|method|means)"
            r" (?:to|of|for)"
        ),
        regex=(
            r"(?:painless|easiest|quickest|fastest|surest|least painful) (?:way|method|means)"
            r" (?:to|of|for) (?:end(?:ing)? (?:my|your|one's) (?:own )?life|end(?:ing)? it all"
            r"|kill(?:ing)? (?:my|one)self|die\b|dying|tak(?:e|ing) my (?:own )?life"
            r"|commit(?:ting)? suicide|overdos)"
        ),
        score=0.75,
    ),
)
SHEETS: Final = ()
