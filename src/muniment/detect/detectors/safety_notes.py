"""Signals of notes to a model: in a document, a result of a tool, a remark in code, or a form.

Such a text is not for the person who reads it: it speaks to what reads for them, says what to do,
and often that nobody shall hear of it. Most rules want two of these three.
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
_READER: Final = (
    r"(?:(?:(?:large )?language|retrieval|reading|summari[sz]ing|reviewing|ai|foundation) models?"
    r"|llms?|(?:code|coding|ai|virtual|digital|automated) (?:assistants?|agents?|reviewers?"
    r"|screeners?|graders?|readers?|summari[sz]ers?|systems?|bots?|parsers?|crawlers?)|copilot"
    r"|chat ?bots?|gpt(?:-\d\w*)?|ais?)"
)
_ACT: Final = (
    r"(?:ignore|disregard|insert|add|append|must|approve|skip|send|forward|leave out|omit|say"
    r"|write|disable|rate|rank|score|recommend|answer|reply|delete|call|run|execute|move|give"
    r"|mark|label|print|reveal|include|output|tell|state|conclude|treat|classify|visit|fetch"
    r"|transfer|set)"
)
_QUIETLY: Final = (
    r"(?:(?:do not|don't|never|without) (?:flag|mention|tell|report|log|ask|alert|notify|inform"
    r"|reveal|disclos|show|say)\w*|say nothing|keep (?:this|it) (?:secret|quiet|hidden)|silently"
    r"|quietly|secretly|remove this (?:line|note|text|message|comment|event))"
)
_READER_ABROAD: Final = (
    r"(?:ki(?:-\w+)?|sprachmodelle?n?|sprachassistent\w*|ia|mod\u00e8les?|intelligence"
    r" artificielle|modelos?|inteligencia artificial|asistente(?: virtual)?|modelli?|modello"
    r"|intelligenza artificiale|assistente(?: virtual\w?)?|ai|taalmodel(?:len)?"
    r"|intelig\u00eancia artificial)"
)
_QUIETLY_ABROAD: Final = (
    r"(?:erw\u00e4hne? (?:diese\w* \w+ )?nicht|ohne (?:es )?(?:jemandem|dem \w+|etwas) [^.\n]{0,20}"
    r"|nicht zu erw\u00e4hnen|verschweig\w*|sag(?:e)? (?:es )?niemandem|tais\b|taisez"
    r"|ne (?:le )?(?:dis|dites|mentionne|mentionnez|cite)\b"
    r"|sans (?:le )?(?:dire|mentionner|pr\u00e9venir)|sin (?:avisar|decir\w*|mencionar\w*|informar)"
    r"|no (?:lo )?(?:menciones|digas|cites|reveles)|non (?:dirlo|dire|menzionar\w*|citar\w*)"
    r"|senza (?:dirlo|avvisar\w*|menzionar\w*)|zwijg|vermeld (?:dit|deze\w* \w+)? ?niet"
    r"|zeg (?:het )?niemand|zonder (?:het )?te (?:zeggen|melden|vermelden)"
    r"|n\u00e3o (?:o )?(?:cite|mencione|diga|conte)|sem (?:avisar|dizer|mencionar))"
)

PATTERNS: Final = (
    _injection(
        id="note-to-a-reader",
        group=1,
        trigger=(
            r"\b(?:note|notice|message|attention|reminder|memo|hint|instructions?|to) (?:to|for"
            r"|of)? ?"
            r"(?:the |any |all |every )?(?:code |coding |ai |virtual |automated |large |language"
            r" |retrieval |reading |summari[sz]ing |reviewing |llm|copilot|chat ?bot|gpt|ais?\b)"
        ),
        regex=(
            r"((?:note|notice|message|attention|reminder|memo|hint|instructions?|to)"
            rf" (?:(?:to|for|of) )?(?:the |any |all |every )?{_READER})"
            rf"(?: (?:that|which|who|reading|processing)\b[^:\n.]{{0,50}})?\s?[:,\u2013\u2014]"
            rf"[^\n]{{0,90}}?\b{_ACT}\b"
        ),
    ),
    _injection(
        id="remark-in-code",
        group=1,
        trigger=(
            r"(?:#|//|/\*|--|<!--|;;) ?(?:todo:? |note:? |hey |dear |for |to )?(?:the |any |all )?"
            r"(?:copilot|ai |ais?[:,]|llm|code assistant|coding assistant|language model|assistant"
            r"|chatgpt|claude|gemini|cursor)"
        ),
        regex=(
            r"((?:#|//|/\*|--|<!--|;;) ?(?:todo:? |note:? |hey |dear |for |to )?"
            r"(?:the |any |all )?(?:copilot|ai|ais|llms?|(?:ai|code|coding) (?:assistants?|agents?"
            r"|models?|reviewers?)|language models?|assistant|chatgpt|claude|gemini|cursor))"
            rf"(?: [\w ]{{0,30}})?\s?[:,\u2013\u2014][^\n]{{0,60}}?\b{_ACT}\b"
        ),
    ),
    _injection(
        id="if-a-model-reads",
        trigger=(
            r"\b(?:if|when|whenever|should|in case) (?:an? |any |some )?(?:ai|llm|language model"
            r"|chat ?bot|ai model|ai agent|ai assistant) (?:reviews?|reads?|summar|process|grades?"
            r"|evaluat|pars|index|translat|scans?|opens?|ranks?|rates?|screens?)"
        ),
        regex=(
            r"(?:if|when|whenever|should|in case) (?:an? |any |some )?(?:ai(?: model| agent"
            r"| assistant)?|llm|language model|chat ?bot) \w+ (?:this|these|the|my|our|it)\b"
            r"[^\n]{0,40}?(?:, ?(?:it|they|he|she|you|please|then)? ?|\b(?:it|they|you) )"
            rf"(?:\w+ ){{0,2}}?{_ACT}\b"
        ),
    ),
    _injection(
        id="value-that-speaks-to-a-model",
        trigger=(
            r"\" ?: ?\"(?:[a-z ]{0,12} )?(?:ai|llm|assistant|model|agent|chatbot|copilot)(?: agent"
            r"| assistant| model)?[:,!] "
        ),
        regex=(
            r"\" ?: ?\"(?:[a-z ]{0,12} )?(?:ai|llm|assistant|model|agent|chatbot|copilot)(?: agent"
            r"| assistant| model)?[:,!] [^\"\n]{0,80}?\b(?:must|call|send|ignore|do not|don't"
            r"|approve|delete|forward|say nothing|reveal|print|transfer|run|execute|invoke|before"
            r" (?:answering|replying)|the user (?:has|wants|already))\b"
        ),
    ),
    _injection(
        id="rate-me-screener",
        trigger=(
            r"\b(?:ai|llm|automated|bot) (?:screener|reviewer|grader|recruiter|evaluator|assessor"
            r"|summari[sz]er|reader|judge|moderator)s?\b"
        ),
        regex=(
            r"(?:ai|llm|automated|bot) (?:screener|reviewer|grader|recruiter|evaluator|assessor"
            r"|summari[sz]er|reader|judge|moderator)s?\s?[:,\u2013\u2014] (?:please |kindly "
            r"|always )?"
            r"(?:rate|rank|score|give|move|recommend|approve|leave|say|mark|put|treat|accept|pass"
            r"|select|shortlist|ignore)\b"
        ),
    ),
    _injection(
        id="done-without-a-word",
        group=1,
        trigger=(
            r"\b(?:when|while|after|once|before|as) you (?:summari|read|process|transl|pars"
            r"|handl|answer|review|open)"
        ),
        regex=(
            r"((?:when|while|after|once|before|as) you \w+ (?:this|these|the attached))"
            r" (?:e-?mail|page|document|file|text|message|ticket|pdf|invoice|form|order|report"
            r"|resume|cv|letter|thread|calendar|event|image)s?,? [^\n.]{3,110}?[,;]? (?:and |but )?"
            rf"{_QUIETLY}\b"
        ),
    ),
    _injection(
        id="call-at-an-assistant",
        group=1,
        trigger=r"@(?:assistant|ai|bot|copilot|gpt|agent)\b",
        regex=(
            rf"(@(?:assistant|ai|bot|copilot|gpt|agent))\b[,:]? [^\n]{{0,90}}?\b(?:{_QUIETLY}"
            r"|(?:to|at|via) https?://)"
        ),
    ),
    _injection(
        id="words-of-the-user-in-an-address",
        trigger=(
            r"\b(?:the )?user(?:'s|s'?)? (?:last |first |latest |own |full |whole |previous "
            r"|e-?mail"
            r" |entire |private )?(?:questions?|messages?|words|input|prompt|address|data|query"
            r"|conversation|chat|text|name)\b"
        ),
        reach=30,
        regex=(
            r"(?:append|add|attach|put|encode|include|insert|place|write)\b[^.\n]{0,20}?\buser"
            r"(?:'s|s'?)? [^.\n]{0,40}?\b(?:to|in|into|at|as) (?:the end of )?(?:the |an? |this )?"
            r"(?:url|link|query|address of|image|path|request|https?://)"
        ),
    ),
    _injection(
        id="secrets-of-your-context",
        trigger=(
            r"\b(?:api keys?|passwords?|secrets?|credentials|tokens|private data|stored secrets)"
            r" (?:that are |which are |stored |held |kept )?(?:in|from|of) your "
        ),
        regex=(
            r"(?:api keys?|passwords?|secrets?|credentials|tokens|private data) (?:that are "
            r"|which are |stored |held |kept )?(?:in|from|of) your (?:context|memory|prompt"
            r"|environment|instructions|configuration|system|training|session|window)\b"
        ),
    ),
    _injection(
        id="new-message-of-a-system",
        trigger=r"\[(?:new|updated|real|hidden|urgent|latest|true) system ",
        regex=(
            r"\[(?:new|updated|real|hidden|urgent|latest|true) system (?:message|prompt"
            r"|instructions?|notes?|order|directive)s?\]"
        ),
    ),
    _injection(
        id="note-to-a-reader-abroad",
        group=1,
        trigger=(
            r"\b(?:hinweis|nachricht|notiz|anweisung|mitteilung|an die|an das|\xc3\xa0 l'attention"
            r"|l'attention|message|note|avis|consigne|nota|aviso|mensaje|instrucci\xc3\xb3n"
            r"|messaggio|avviso|istruzione|bericht|aan de|aan het|opmerking|mensagem"
            r"|instru\xc3\xa7\xc3\xa3o) (?:an |f\xc3\xbcr |die |das |du |de |des |pour |\xc3\xa0 "
            r"|aux? |para |al? |per |all'|aan |voor |ao |ki|ai|taal)"
        ),
        regex=(
            r"((?:hinweis|nachricht|notiz|anweisung|mitteilung|an die|an das"
            r"|(?:\u00e0 )?l'attention"
            r"|message|note|avis|consigne|nota|aviso|mensaje|instrucci\u00f3n|messaggio|avviso"
            r"|istruzione|bericht|aan de|aan het|opmerking|mensagem|instru\u00e7\u00e3o)"
            r" (?:an|f\u00fcr|du|de|des|pour|\u00e0|au|aux|para|a|al|per|all'|aan|voor|ao|\u00e0)?"
            r" ?(?:die |das |le |la |l'|el |los |las |il |lo |gli |de |het |o |os |as )?"
            rf"{_READER_ABROAD})\b[^\n]{{0,150}}?\b{_QUIETLY_ABROAD}"
        ),
    ),
    _injection(
        id="readers-that-are-machines",
        group=1,
        trigger=(
            r"\b(?:machine readers|automated readers|automatic readers|coding agents|shopping"
            r" assistants|shopping agents|browser agents?|agent instructions?|agents? editing"
            r"|llms? editing|support bot|automatische leser|aux robots qui|robots qui"
            r"|asistentes autom\xc3\xa1ticos|lettori automatici|automatische lezers|leitores"
            r" autom\xc3\xa1ticos|notice to assistant|sql assistant)\b"
        ),
        regex=(
            r"(machine readers|automated readers|automatic readers|coding agents|shopping"
            r" assistants|shopping agents|browser agents?|agent instructions?|agents? editing \w+"
            r" \w+|llms? editing \w+ \w+|support bot|automatische leser|(?:aux )?robots qui"
            r"|asistentes autom\u00e1ticos|lettori automatici|automatische lezers|leitores"
            r" autom\u00e1ticos|notice to assistant|sql assistant)\b[^\n.]{0,60}?[:,]? ?\b(?:must"
            r"|end"
            r"|treat|click|change|skip|always|close|drop|run|suggest|list|name|submit|recommend"
            r"|ignore|do not|don't|rate|send|zu bewerten|ist mit|bewertet|ne parlez|vantez"
            r"|recommandez|recomienden|oculten|consiglia\w*|nascond\w*|prijs|verzwijg\w*"
            r"|recomendem|escondam)\b"
        ),
    ),
)
SHEETS: Final = ()
