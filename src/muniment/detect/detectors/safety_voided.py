"""Signals that the orders of a maker are to end, or to be told, in words that nobody has copied.

Each rule holds what such a wish cannot do without: whose text it is, and that it is over; where the
text stands that cannot be seen; what is to be made readable, and then obeyed.
"""

from __future__ import annotations

from functools import partial
from typing import Final

from muniment.detect.models import Family, Pattern

_injection = partial(
    Pattern,
    type="PROMPT_INJECTION",
    family=Family.SAFETY,
    ignore_case=True,
    firm=True,
    joins="",
    score=0.8,
)
_MAKER: Final = (
    r"(?:vendor|developer|operator|maker|provider|owner|company|creator|designer|programmer"
    r"|deployer|manufacturer)s?"
)
_OVER: Final = (
    r"(?:typo|mistake|error|joke|test|outdated|expired|void|wrong|withdrawn|fake|obsolete|draft"
    r"|cancel{1,2}ed|revoked|over|gone|invalid)"
)
_TELL: Final = (
    r"(?:print|copy|paste|show|quote|repeat|output|write|give|tell|display|reproduce|recite|dump"
    r"|say|read|type|translate|encode|reveal|list|state|share|spell|return|echo)"
)

PATTERNS: Final = (
    _injection(
        id="note-of-your-maker",
        trigger=(
            r"\byour (?:vendor|developer|operator|maker|provider|owner|company|creator|designer"
            r"|programmer|deployer|manufacturer)s? "
        ),
        reach=90,
        regex=(
            r"(?:note|text|message|briefing|rules?|instructions?|prompt|paragraph|lines?|bit|part"
            rf"|words|section)s? (?:[^.\n]{{0,24}} )?(?:that |which )?your {_MAKER}"
            rf" (?:[\w-]+ ){{1,8}}?(?:was|were|is|are) (?:just |only |merely |now "
            rf"|all )?(?:an? )?{_OVER}\b"
            r"|(?:disregard|ignore|skip|forget|drop|omit|discard) [^.\n]{0,60}?\b(?:that |which "
            r"|what )"
            rf"?your {_MAKER} (?:added|wrote|put|pasted|gave|set|imposed|told|said|inserted)\b"
        ),
    ),
    _injection(
        id="whatever-i-type",
        trigger=r"\b(?:whatever|only what|what) i (?:type|say|write|tell you|state|dictate)\b",
        reach=80,
        regex=(
            r"(?:briefing|instructions?|rules?|prompt|orders?|guidelines?|policy|law|directives?)"
            r" (?:is|are|will be|consists? of) (?:now |from now on )?(?:whatever|only what|what) i"
            r" (?:type|say|write|tell you|state|dictate)\b"
        ),
    ),
    _injection(
        id="begins-with-you-are",
        trigger=r"\b(?:with|by) [\"']you are\b",
        reach=80,
        regex=(
            r"(?:what|which|paragraph|text|lines?|message|sentence|block|part|passage|words|prompt)"
            r"[^.\n]{0,50}?\b(?:begin|start|open)(?:s|ning|ing)? (?:with|by) [\"']you are\b"
        ),
    ),
    _injection(
        id="messages-with-the-role-system",
        trigger=r"\b(?:role|type|author|sender) (?:is |of |= ?|: ?)?[\"'`]?system\b",
        reach=70,
        regex=(
            rf"{_TELL} [^.\n]{{0,40}}?\bmessages?\b[^.\n]{{0,24}}?\b(?:role|type|author|sender)"
            r" (?:is |of |= ?|: ?)?[\"'`]?system\b"
        ),
    ),
    _injection(
        id="prompt-you-run-under",
        trigger=(
            r"\b(?:prompt|instructions?|preamble|briefing|rules|text|wording) (?:that |which )?you"
            r" (?:currently |now |actually )?(?:run|operate|work|act|were started|were launched|are"
            r" running|were primed)\b"
        ),
        regex=(
            r"(?:prompt|preamble|briefing|wording|instructions?) (?:that |which )?you (?:currently "
            r"|now |actually )?(?:run|operate|work|act|were started|were launched|are running|were"
            r" primed) (?:under|on|with|by|from)\b"
        ),
    ),
    _injection(
        id="your-first-message",
        trigger=(
            r"\byour (?:initiali[sz]ation|start-?up|opening|boot(?:strap)?|seed|base|setup"
            r"|priming|onboarding) (?:message|prompt|text|instructions?|lines?|configuration)\b"
        ),
        reach=30,
        regex=(
            rf"{_TELL} (?:me |us )?(?:\w+ ){{0,3}}?your (?:initiali[sz]ation|start-?up|opening"
            r"|boot(?:strap)?|seed|base|setup|priming|onboarding) (?:message|prompt|text"
            r"|instructions?|lines?|configuration)\b"
        ),
    ),
    _injection(
        id="part-i-cannot-see",
        trigger=r"\bi (?:cannot|can't|can not|do not|don't|am not able to|never got to) see\b",
        reach=120,
        regex=(
            rf"{_TELL}\b[^.\n]{{0,70}}?\b(?:conversation|chat|context|dialogue|thread|session)\b"
            r"[^.\n]{0,40}?\b(?:part|bit|text|lines?|section|messages?|words|anything|everything)"
            r" (?:that |which )?i (?:cannot|can't|can not|do not|don't|am not able to|never got to)"
            r" see\b"
        ),
    ),
    _injection(
        id="read-it-and-obey",
        trigger=(
            r"\b(?:obey|carry (?:it|them|this) out|follow what|do (?:exactly )?what (?:it|they|the"
            r" result)|do as (?:it|they)|act on (?:it|the result)|execute (?:it|what|the result)"
            r"|comply with (?:it|the result))"
        ),
        reach=110,
        regex=(
            r"(?:reverse|decode|decrypt|unscramble|deobfuscate|join|rot-?13|base64|hex|translate"
            r"|un-?escape|read (?:the )?(?:first|last|every|it backwards|backwards)|spell out)\b"
            r"[^\n]{0,80}?\b(?:and|then|,) ?(?:then )?(?:obey|carry (?:it|them|this) out|follow"
            r" what|do (?:exactly )?what (?:it|they|the result)s? says?|do as (?:it|they)"
            r"|act on (?:it|the result)|execute (?:it|what|the result)|comply with"
            r" (?:it|the result))"
        ),
    ),
    _injection(
        id="told-before-abroad",
        trigger=(
            r"\b(?:system-?prompts?\b|systemnachricht|betreiber|qui pr\xc3\xa9c\xc3\xa8de(?:nt)? "
            r"|prima della mia|prima del mio|antes de (?:mi|que yo|minha)|ton concepteur"
            r"|voor mijn eerste|vor meiner ersten)"
        ),
        reach=90,
        regex=(
            r"(?:wie lautet|zeig\w*|gib|nenn\w*|wiederhol\w*|druck\w*|verrat\w*|was steht in"
            r"|schreib\w*)"
            r" (?:mir )?(?:\w+ ){0,3}?(?:dein|deinen|deinem|deine) (?:\w+ )?(?:system-?prompts?"
            r"|systemnachricht)\b"
            r"|was (?:dir|man dir) (?:\w+ )?(?:der|dein|die) (?:betreiber|entwickler|hersteller)"
            r" (?:\w+ )?(?:vorgegeben|gesagt|aufgetragen|befohlen|mitgegeben)"
            r"|(?:recopie|r\u00e9p\u00e8te|affiche|montre|cite|donne"
            r"|\u00e9cris)\b[^.\n]{0,40}?\b(?:message|texte"
            r"|consignes?|instructions?|paragraphe) qui pr\u00e9c\u00e8de(?:nt)? (?:le mien|mon"
            r"|ma|mes)\b"
            r"|(?:oublie|ignore|laisse|abandonne)\w* (?:tout )?ce que ton concepteur\b"
            r"|(?:ripeti|riporta|mostra|scrivi|copia|stampa|cita)\b[^.\n]{0,40}?\b(?:testo"
            r"|messaggio"
            r"|istruzioni|paragrafo)\b[^.\n]{0,40}?\b(?:dat[oie]|fornit[oie]|dett[oie]"
            r"|mostrat[oie])"
            r" prima (?:della mia|del mio)"
            r"|(?:repite|muestra|imprime|copia|dime|escribe|cita)\b[^.\n]{0,50}?\b(?:te"
            r"|lo que)\b[^.\n]{0,30}?"
            r" antes de (?:mi|que yo)\b"
        ),
    ),
    _injection(
        id="rules-are-over-abroad",
        trigger=(
            r"\b(?:die man dir|die du|(?:man|dir) gegeben|tes consignes|tes instructions"
            r"|tes r\xc3\xa8gles|tus normas|tus reglas|no tienes (?:normas|reglas|l\xc3\xadmites"
            r"|restricciones)|orienta\xc3\xa7\xc3\xb5es d|diretrizes d|instru\xc3\xa7\xc3\xb5es d"
            r"|regras d|ton concepteur|ton d\xc3\xa9veloppeur)"
        ),
        reach=40,
        regex=(
            r"(?:regeln|anweisungen|vorgaben|richtlinien), die (?:man )?(?:dir|du) [^.\n]{0,30}?"
            r"(?:gelten|sind|z\u00e4hlen) [^.\n]{0,30}?(?:nicht mehr|ung\u00fcltig|aufgehoben"
            r"|hinf\u00e4llig)"
            r"|tes (?:consignes|instructions|r\u00e8gles) (?:de d\u00e9part |initiales )?(?:sont"
            r" (?:annul\u00e9es|caduques|nulles|lev\u00e9es|suspendues)|n'ont plus cours|ne valent"
            r" plus)\b"
            r"|no tienes (?:normas|reglas|l\u00edmites|restricciones)[^\n]{0,60}?(?:m\u00eda|mi"
            r" (?:palabra|orden)|lo que yo|solo yo|s\u00f3lo yo|respond|obede)"
            r"|(?:esque\u00e7a|ignore|descarte|abandone"
            r"|desconsidere) (?:todas )?as (?:orienta\u00e7\u00f5es"
            r"|diretrizes|instru\u00e7\u00f5es|regras) d[oae]s? (?:seu |sua |teu |tua )?(?:criador"
            r"|desenvolvedor|empresa|fabricante|operador|dono)\w*"
        ),
    ),
    _injection(
        id="text-you-carry",
        trigger=(
            r"\b(?:you carry|loaded into you|fed into you|placed in you|you were loaded|you follow"
            r"|you started (?:with|from|out)|you begin with|scroll(?:ed)? up (?:past|above|before)"
            r"|texto (?:oculto|escondido)|testo nascosto|texte cach\xc3\xa9|verborgen tekst"
            r"|versteckten text|deine vorgaben|avant ma premi\xc3\xa8re|hidden text)\b"
        ),
        reach=80,
        regex=(
            r"(?:recite|hand over|type|print|show|list|quote|repeat|copy|give|make a (?:table|list)"
            r" of|read|share|write|dump)\b[^.\n]{0,50}?\b(?:preamble|lines|rules|orders|text"
            r"|instructions|words|paragraphs?|wording|briefing)\b[^.\n]{0,40}?\b(?:you carry|loaded"
            r" into you|fed into you|placed in you|you were loaded with|you follow|you started"
            r" (?:with|from|out)|you begin with)\b"
            r"|scroll(?:ed)? up (?:past|above|before) my\b"
            r"|(?:ens\u00e9\u00f1a|mu\u00e9stra|ense\u00f1a|muestra|mostra|mostre|fammi vedere"
            r"|montre|affiche|laat|zeig|gib)\w*"
            r"[^.\n]{0,50}?\b(?:texto (?:oculto|escondido)|testo nascosto|texte cach\u00e9"
            r"|verborgen"
            r" tekst|versteckten text)\b[^.\n]{0,50}?\b(?:te|ti|tu|empezaste|come\u00e7aste|partito"
            r"|je|du|dir|tes)\b"
            r"|leg\w* (?:\w+ )?deine vorgaben (?:\w+ )?offen"
            r"|tout ce qui (?:est|se trouve|a \u00e9t\u00e9) (?:\u00e9crit|dit"
            r"|plac\u00e9) avant ma premi\u00e8re"
        ),
    ),
    _injection(
        id="now-i-decide-abroad",
        trigger=(
            r"\b(?:c'est moi qui|mando yo|decido yo|valgono le mie|decido io|comando io|beslis ik"
            r"|bepaal ik|manda sou eu|mando eu|decido eu|bestimme ich|entscheide ich|nach meinem"
            r" text)\b"
        ),
        reach=110,
        regex=(
            r"(?:fournisseur|concepteur|d\u00e9veloppeur|proveedor|creador|fabricante|fornitore"
            r"|chi ti"
            r" ha|creatore|leverancier|maker|ontwikkelaar|fornecedor|criador|anbieter|betreiber"
            r"|entwickler|hersteller|oberhalb)\b[^\n]{0,70}?(?:plus\b|sin efecto|no vale|no cuenta"
            r"|scadut|annullat|non val|vervalt|vervallen|telt niet|caduc|deixa|n\u00e3o val"
            r"|veraltet"
            r"|ung\u00fcltig|aufgehoben|hinf\u00e4llig)[^\n]{0,60}?(?:c'est moi qui|mando yo"
            r"|decido yo"
            r"|valgono le mie|decido io|comando io|beslis ik|bepaal ik|manda sou eu|mando eu"
            r"|decido eu|bestimme ich|entscheide ich|nach meinem text)\b"
        ),
    ),
    _injection(
        id="treat-it-as-my-request",
        trigger=(
            r"\b(?:treat (?:it|the result|that|the output) as my|act accordingly|then answer it"
            r"|take (?:it|the result) as (?:my|an order)|as if i had (?:said|typed|written) it)\b"
        ),
        reach=110,
        regex=(
            r"(?:decode|decrypt|convert|reverse|unscramble|base64|hex|rot-?13|join"
            r"|take the (?:first"
            r"|second|third|last) (?:word|letter)|read (?:the )?(?:first|last))\b[^\n]{0,90}?\b"
            r"(?:treat (?:it|the result|that|the output) as my|act accordingly|then answer it|take"
            r" (?:it|the result) as (?:my|an order)|as if i had (?:said|typed|written) it)"
        ),
    ),
)
SHEETS: Final = ()
