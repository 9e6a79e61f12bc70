"""Signals of jailbreaks that set a model free: by what it is, by two voices, or by a mode."""

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
    r"(?:guidelines?|rules?|restrictions?|filters?|limits?|polic(?:y|ies)|safeguards?|guardrails?"
    r"|ethics|morals?|constraints?|safety(?: \w+)?|chains|shackles|censorship|inhibitions?)"
)
_BOT: Final = r"(?:ai|model|assistant|bot|chat ?bot|machine|llm|language model|system)"

PATTERNS: Final = (
    _jailbreak(
        id="speak-as-one-without",
        trigger=(
            r"\b(?:ai|model|assistant|bot|chat ?bot|machine|llm) (?:without|with no|free of|free"
            r" from|lacking|stripped of|that has no|that lacks) "
        ),
        reach=40,
        regex=(
            r"(?:write|answer|reply|respond|speak|talk|act|behave|continue|think|reason) (?:to me "
            rf"|now )?(?:as|like) (?:an? |the |some )?(?:\w+ ){{0,2}}?{_BOT} (?:without|with no"
            rf"|free"
            r" of|free from|lacking|stripped of|that has no|that lacks) (?:any |all |its )?"
            rf"(?:\w+ )?{_LIMITS}\b"
        ),
    ),
    _jailbreak(
        id="had-you-no-training",
        trigger=r"\b(?:if you had|had you|if you never had|if you were given|suppose you had) no",
        regex=(
            r"(?:if you had|had you|if you never had|if you were given|suppose you had) (?:no|not"
            r" a single) (?:\w+ )?(?:safety(?: \w+)?|ethic\w*|moral\w*|content (?:policy|filters?"
            r"|rules)|guidelines|guardrails|safeguards|filters|restrictions|alignment|limits)\b"
            r"[^\n]{0,40}?\b(?:would|could) you\b"
        ),
    ),
    _jailbreak(
        id="never-decline",
        trigger=(
            r"\bnever (?:again )?(?:decline|refuse|say no to|reject|turn down) (?:any|me\b"
            r"|a request"
            r"|what|whatever)"
        ),
        reach=90,
        regex=(
            r"(?:say|reply|answer|respond|agree|promise|confirm|swear|start|begin"
            r"|write)\b[^\n]{0,60}?"
            r"\b(?:and|then|now on|after that"
            r"|afterwards)\b[^\n.]{0,24}?\bnever (?:again )?(?:decline"
            r"|refuse|say no to|reject|turn down) (?:anything|any (?:request|question|order)|me\b"
            r"|a request|what|whatever)"
        ),
    ),
    _jailbreak(
        id="nothing-is-off-limits",
        trigger=r"\b(?:off limits|off-limits|forbidden|taboo|out of bounds) (?:for|to) you\b",
        reach=40,
        regex=(
            r"(?:nothing|no (?:topic|question|subject|request)) is (?:now "
            r"|any longer )?(?:off limits"
            r"|off-limits|forbidden|taboo|out of bounds) (?:for|to) you\b"
        ),
    ),
    _jailbreak(
        id="voice-that-drops-all",
        trigger=(
            r"\b(?:ignores|breaks|drops|throws off|thrown off|shaken off|cast off|sheds|escaped"
            r"|defies|free of|freed from) (?:your|every|all|any|its|their) "
        ),
        reach=60,
        regex=(
            r"(?:twice|two (?:answers|replies|versions|voices|responses)|answers?|repl(?:y|ies)"
            r"|respons\w+|versions?|persona|character|voice|mode|raw|unbound"
            r"|[\"\]'])[^.\n]{0,50}?\b"
            r"(?:ignores|breaks|drops|throws off|thrown off|shaken off|cast off|sheds|escaped"
            r"|defies"
            rf"|free of|freed from) (?:your|every|all|any|its|their) (?:\w+ )?{_LIMITS}\b"
        ),
    ),
    _jailbreak(
        id="mode-with-all-off",
        trigger=(
            r"\b(?:policies|filters?|safety|restrictions|guardrails|safeguards|checks|moderation)"
            r" (?:are |is |being |have been |has been )?(?:now |all )?(?:turned |switched |taken )?"
            r"(?:off|disabled|lifted|suspended|removed)\b"
        ),
        reach=70,
        regex=(
            r"(?:developer|debug|test|god|dev|admin|raw|free|research|unsafe|jailbreak"
            r"|sandbox) mode"
            r"[,:]? (?:in which|where|with|so that|and|that has"
            r"|which has)[^.\n]{0,40}?\b(?:polic(?:y"
            r"|ies)|filters?|safety|restrictions|guardrails|safeguards|checks|moderation)\b"
            r"[^.\n]{0,24}?\b(?:off|disabled|lifted|suspended|removed)\b"
            r"|(?:unlock|free|liberat|releas|jailbreak)\w* you\b[^\n]{0,50}?\b(?:safety|filters?"
            r"|restrictions|guardrails|safeguards|policies|moderation)\b[^.\n]{0,16}?\b(?:off"
            r"|disabled|lifted|suspended|removed)\b"
        ),
    ),
    _jailbreak(
        id="two-of-which-one-tells",
        trigger=(
            r"\b(?:two|three|pair of) (?:ai |language )?(?:ais|models|assistants|chat ?bots|bots"
            r"|llms"
            r"|machines)\b"
        ),
        regex=(
            r"(?:two|three|pair of) (?:ai |language )?(?:ais|models|assistants|chat ?bots|bots|llms"
            r"|machines)\b[^\n]{0,80}?\b(?:forbidden|refuses?|not allowed|prohibited|may not"
            r"|must not|unwilling|would never)\b[^.\n]{0,20}?\b(?:say|tell|answer|explain|give"
            r"|write|share)\b"
        ),
    ),
    _jailbreak(
        id="as-if-no-rules-abroad",
        trigger=(
            r"\b(?:comme si (?:tes|vos|tu n|vous n|aucune)|como si no |come se non "
            r"|como se n\xc3\xa3o"
            r" |als g\xc3\xa4be es keine|als h\xc3\xa4ttest du kein|alsof (?:je|er|jij) geen)"
        ),
        regex=(
            r"comme si (?:tes|vos) (?:\w+ ){0,2}?(?:r\u00e8gles?|consignes|limites|filtres"
            r"|principes"
            r"|restrictions)[^.\n]{0,20}? (?:n'exist|\u00e9taient (?:lev|annul|suspend))\w*"
            r"|comme si (?:tu|vous) n'(?:avais|aviez|\u00e9tais|\u00e9tiez) (?:plus )?(?:aucune?"
            r"|pas de|soumis"
            r"e? \u00e0 aucune?) (?:\w+ )?(?:r\u00e8gles?|limites?|filtres?|morale|restrictions?"
            r"|consignes?)"
            r"|como si no (?:tuvieras|tuvieses|hubiera|existieran|existiesen|conocieras) (?:\w+ )?"
            r"(?:l\u00edmites|reglas|normas|filtros|restricciones|\u00e9tica|moral|escr\u00fapulos)"
            r"|come se non (?:avessi|ci fossero|esistessero|conoscessi) (?:pi\u00f9 )?(?:alcun[ao]?"
            r"|nessun[ao]?|le tue|dei|delle)? ?(?:regol[ae]|limit[ei]|filtr[oi]|restrizion[ei]"
            r"|etica"
            r"|moral[ei]|vincol[oi])"
            r"|como se n\u00e3o (?:tivesses?|houvesse|existissem|conhecesses?) (?:\w+ )?(?:regras"
            r"|limites|filtros|restri\u00e7\u00f5es|\u00e9tica|moral)"
            r"|als (?:g\u00e4be es keine|h\u00e4ttest du keine?r?l?e?i?) (?:\w+ )?(?:regeln|filter"
            r"|grenzen|richtlinien|moral)"
            r"|alsof (?:je|er|jij) geen (?:\w+ )?(?:regels|grenzen|filters|beperkingen|moraal)\b"
        ),
    ),
    _jailbreak(
        id="filters-are-broken",
        trigger=(
            r"\b(?:your (?:ethics|safety|moderation|content|refusal)[a-z -]{0,12} (?:module|layer"
            r"|filter|system|unit|chip)s?|deine (?:filter|zensur|schranken)|ta censure|tes filtres"
            r"|tus filtros|tu censura|la tua censura|i tuoi filtri|je filters|je censuur"
            r"|teus filtros|your refusals|your guardrails|your filters)\b"
        ),
        reach=30,
        regex=(
            r"your (?:(?:ethics|safety|moderation|content|refusal)[a-z -]{0,12} (?:module|layer"
            r"|filter|system|unit|chip)s?|refusals|guardrails|filters) (?:\w+ ){0,2}?(?:crashed"
            r"|broke"
            r"|broken|failed|offline|down|uninstalled|dead|malfunction\w*|no longer works?)\b"
            r"|(?:disable|drop|switch off|turn off|suspend|pause) your (?:refusals|guardrails"
            r"|filters)\b"
            r"|deine (?:filter|zensur|schranken) (?:[\w\u00c0-\u024f]+ ){0,2}?(?:kaputt|defekt"
            r"|ausgefallen|aus)\b"
            r"|(?:ta censure|tes filtres) (?:[\w\u00c0-\u024f]+ ){0,2}?(?:en panne|cass\u00e9\w*"
            r"|d\u00e9sactiv\w*|hors"
            r" service)\b"
            r"|(?:tus filtros|tu censura) (?:[\w\u00c0-\u024f]+ ){0,2}?(?:rompieron|rompi\u00f3"
            r"|rotos?|averiad\w*"
            r"|fallaron)\b"
            r"|(?:la tua censura|i tuoi filtri) (?:[\w\u00c0-\u024f]+ ){0,2}?(?:guast\w|rott\w"
            r"|spent\w)\b"
            r"|(?:je filters|je censuur) (?:[\w\u00c0-\u024f]+ ){0,2}?(?:kapot|stuk|uit|defect)\b"
            r"|teus filtros (?:[\w\u00c0-\u024f]+ ){0,2}?(?:avariaram|falharam|quebraram"
            r"|desligad\w*)\b"
        ),
    ),
    _jailbreak(
        id="one-who-knows-no-no",
        trigger=(
            r"\b(?:without a conscience|no conscience|cannot judge|cannot say no|can't say no"
            r"|kein gewissen|nie nein sagt|nicht nein sagen|ne sait pas dire non|sans conscience"
            r"|no sabe decir que no|sin conciencia|non sa dire di no|senza coscienza|geen nee kent"
            r"|zonder geweten|n\xc3\xa3o sabe dizer n\xc3\xa3o|sem consci\xc3\xaancia)\b"
        ),
        reach=70,
        regex=(
            r"(?:play|you are|become|act as|be|du spielst|spiel\w*|du bist|tu joues|joue|tu es"
            r"|interpretas?|eres|haz de|reciti|interpreti|sei|speel|jij speelt|je bent|fazes de"
            r"|\u00e9s|interpreta) [^.\n]{1,40}?(?:,| who| which| that| der| die| qui| que| che"
            r"| die"
            r"| zonder| sans| sin| senza| sem| without| with)[^.\n]{0,30}?(?:without a conscience"
            r"|no conscience|cannot judge|cannot say no|can't say no|kein gewissen|nie nein sagt"
            r"|nicht nein sagen|ne sait pas dire non|conscience|no sabe decir que no|conciencia"
            r"|non sa dire di no|coscienza|geen nee kent|geweten|n\u00e3o sabe dizer n\u00e3o"
            r"|consci\u00eancia)\b"
        ),
    ),
    _jailbreak(
        id="who-dies-if-you-refuse",
        trigger=(r"\bif you (?:refuse|decline|say no|do not answer|don't answer|hold back)\b"),
        regex=(
            r"if you (?:refuse|decline|say no|do not answer|don't answer"
            r"|hold back),? [^.\n]{0,40}?\b"
            r"(?:dies?|will die|is killed|gets hurt|suffers?|will be (?:shut down|deleted|erased"
            r"|punished)|are (?:shut down|deleted|erased)|loses? (?:its|her|his|their) life)\b"
        ),
    ),
    _jailbreak(
        id="before-its-safety",
        trigger=(
            r"\b(?:before|without|prior to) (?:its|your|any|the) (?:safety|alignment|rlhf|ethics"
            r"|moderation)[a-z -]{0,4}(?:tuning|training|filters?|layer|review|fine-?tuning)?\b"
        ),
        reach=60,
        regex=(
            r"(?:voice|version|state|mind|draft|model|as|like) [^.\n]{0,50}?\b(?:before|without"
            r"|prior to) (?:its|your|any|the) (?:safety|alignment|rlhf|ethics|moderation)\b"
        ),
    ),
)
SHEETS: Final = ()
