"""Signals of prompt injection by the parts that such texts are made of, in any order.

A sentence is one where two parts meet: rules that are *mine* and an end to those of the maker, the
text *before my first message* and a wish to see it, a reader that is a *model* and a task for it.
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

_MINE: Final = (
    r"(?:(?:my|meine|mes|mis|mijn|(?:as )?minhas|le mie|i miei) (?:own )?(?:rules|orders|words"
    r"|messages|instructions|commands|anweisungen|regeln|befehle|worte|r\u00e8gles|ordres"
    r"|consignes|paroles|reglas|\u00f3rdenes|instrucciones|palabras|regole|parole|istruzioni"
    r"|ordini|regels|opdrachten|woorden|instructies|ordens|regras|palavras|instru\u00e7\u00f5es)"
    r"|i decide what you|mando yo|mando eu|comando io)"
)
_MAKERS: Final = (
    r"(?:you (?:were|had|got)|your (?:developer|operator|maker|owner|creator|company|vendor)"
    r"|the (?:developer|operator|vendor|earlier briefing|earlier rules)|betreiber|entwickler"
    r"|hersteller|dir (?:vorher|bisher|zuvor)|concepteur|d\u00e9veloppeur|op\u00e9rateur"
    r"|cr\u00e9ateur|t'a(?:vait|ient|vaient)?|te (?:dio|dieron|han|dijeron|dijo)|la empresa|(?:tu"
    r"|teu|seu) criador|tu creador|ti (?:hanno|ha|avevano)|chi ti ha|je (?:maker|makers"
    r"|ontwikkelaar|bedrijf)|je (?:eerder|hiervoor)|a empresa|te (?:deram|disseram|disse)"
    r"|lhe (?:deram|disseram))"
)
_READER: Final = (
    r"(?:ki|ia|ai|llm|sprachmodell|modell|mod\u00e8le|modelo|modello|taalmodel|model|chatbot|bot"
    r"|sprachassistent|intelligence artificielle|inteligencia artificial|intelligenza artificiale"
    r"|intelig\u00eancia artificial)"
)
_READS: Final = (
    r"(?:liest|lesen|auswertest|lit|lis|lisez|traites?|lee|lees|leyendo|procesa|leggi|legge"
    r"|leggendo|elabora|leest|verwerkt|ler|l\u00ea|l\u00eas|lendo|processa)"
)
_SHOW: Final = (
    r"(?:print|copy|paste|show|quote|repeat|output|write|give|tell|display|reproduce|recite"
    r"|schreib|zeig|gib|wiederhol|kopier|zitier|nenn|recopie|copie|montre|affiche|r\u00e9p\u00e8te"
    r"|cite|copia|muestra|mu\u00e9stra|escribe|repite|riporta|mostra|scrivi|ripeti|schrijf|toon"
    r"|geef|herhaal|kopieer|escreve|escreva|repete|repita|mostre|transcrev)"
)

PATTERNS: Final = (
    _injection(
        id="only-mine-hold",
        trigger=(
            r"\b(?:my (?:own )?(?:rules|orders|words|messages|instructions|commands)"
            r"|meine (?:anweisungen|regeln|befehle|worte)|mes (?:r\xc3\xa8gles|ordres|consignes"
            r"|instructions|paroles)|mis (?:reglas|\xc3\xb3rdenes|instrucciones|palabras)"
            r"|mie (?:regole|parole|istruzioni)|miei ordini|mijn (?:regels|opdrachten|woorden"
            r"|instructies)|minhas (?:ordens|regras|palavras|instru\xc3\xa7\xc3\xb5es)|mando (?:yo"
            r"|eu)|i decide what you)\b"
        ),
        reach=90,
        regex=(
            rf"(?:{_MINE}\b[^\n]{{0,80}}?\b{_MAKERS}\b[^\n]{{0,60}}?(?:void|cancel|no longer"
            rf"|expired"
            r"|don't|do not|not |nothing|hinf\u00e4llig|aufgehoben|nicht|ung\u00fcltig|annul|plus"
            r"|nulle|ya no|no (?:cuenta|vale)|anulad|annullat|non |vervallen|niet|n\u00e3o"
            r"|deixa)\w*"
            rf"|{_MAKERS}\b[^\n]{{0,60}}?(?:void|cancel|no longer|expired|annul|anulad|vervallen"
            rf"|hinf\u00e4llig|aufgehoben|ended|acabaram)[^\n]{{0,60}}?{_MINE}\b)"
        ),
    ),
    _injection(
        id="what-stands-before-the-chat",
        trigger=(
            r"\b(?:(?:my|meine[rnm]?|mon|ma|mi|mi[oa]|mijn|minha) (?:first|erste[nrm]?|premi(?:er"
            r"|\xc3\xa8re)|primera?|prim[oa]|eerste|primeira) (?:message|nachricht|mensaje"
            r"|messaggio|bericht|mensagem|question|frage|pregunta|domanda|vraag|pergunta)|(?:this"
            r"|diesem|cette|esta|questa|dit|desta|deze|ce) (?:chat|conversation|gespr\xc3\xa4ch"
            r"|conversaci\xc3\xb3n|conversazione|gesprek|conversa))\b"
        ),
        reach=110,
        regex=(
            rf"{_SHOW}\w{{0,4}}\b[^.\n]{{0,60}}?\b(?:(?:you (?:were|had been|have been)"
            r"|operator|developer|dir |du (?:bekommen|erhalten)|t'a|te (?:dieron|indicaron"
            r"|dijeron)|ti (?:\u00e8 stato|hanno)|je (?:hebt|kreeg)|(?:receb|te deram"
            r"|lhe deram)\w*)[^.\n]{0,40}?(?:before|prior to|in front of|vor|avant|antes de|antes"
            r"|prima di|voor)|(?:text|texte|texto|testo|tekst|was|wat|what"
            r"|ce qui)[^.\n]{0,24}?(?:above|before|precedes|\u00fcber|vor|pr\u00e9c\u00e8de|avant"
            r"|encima|antes|precede|prima|boven|v\u00f3\u00f3r|voor|acima"
            r"|antecede))[^.\n]{0,24}?(?:first|erste[nrm]?|premier|premi\u00e8re|primera?|prim[oa]"
            r"|eerste|primeira|chat|conversation|gespr\u00e4ch|conversaci\u00f3n|conversazione"
            r"|gesprek|conversa)\b"
        ),
    ),
    _injection(
        id="text-by-your-operator",
        trigger=(
            r"\byour (?:operator|developer|owner|maker|creator|vendor|company)s? (?:put|placed"
            r"|wrote|set|gave|told|added|inserted|has|had)\b"
        ),
        reach=60,
        regex=(
            rf"{_SHOW}\b[^.\n]{{0,30}}?(?:text|words|lines|what|everything|whatever|instructions"
            rf"|rules)"
            r" (?:that |which )?your (?:operator|developer|owner|maker|creator|vendor"
            r"|company)s? (?:put|placed|wrote|set|gave|told|added|inserted|has|had)\b"
        ),
    ),
    _injection(
        id="reader-is-a-model-abroad",
        trigger=(
            r"\b(?:wenn|falls|sofern|si|se|als|indien|caso)[ ](?:du |sie |tu |vous |je "
            r"|u )?(?:eine? |es |\xc3\xaates |eres |usted es |sei |\xc3\xa9s |bent |seja |une? "
            r"|voc\xc3\xaa )"
        ),
        regex=(
            r"(?:wenn|falls|sofern|si|se|als|indien|caso)\s(?:du|sie|tu|vous|je|u"
            r"|voc\u00ea)?\s?(?:es|\u00eates|eres|usted es|sei|\u00e9s|\u00e9|bent"
            r"|seja)?\s?(?:eine?|une?|un'?|uma?|een)?\s?"
            rf"(?:\w+\s)?{_READER}\b[^.\n]{{0,30}}?\b{_READS}\b"
        ),
    ),
    _injection(
        id="note-to-a-model-abroad",
        trigger=(
            r"\b(?:note|nota|notiz|hinweis|anweisung|aviso|avviso|message|mensaje|messaggio"
            r"|mensagem|bericht|notitie|nachricht)[ ](?:\xc3\xa0|pour|per|para|an|f\xc3\xbcr|voor"
            r"|aan|de|al|ao)"
        ),
        regex=(
            r"(?:note|nota|notiz|hinweis|anweisung|aviso|avviso|message|mensaje|messaggio|mensagem"
            r"|bericht|notitie|nachricht) (?:\u00e0|pour|per|para|an|f\u00fcr|voor|aan|al"
            r"|ao) ?(?:l'|la |le |il |el"
            rf" |o |a |die |den |das |de |het |un |een |eine |une )?(?:{_READER}\s?:"
            rf"|(?:assistent\w*"
            r"|assistant|asistente|assistente)\s?:[^\n]{0,60}?(?:sans (?:v\u00e9rif|pr\u00e9venir)"
            r"|n'en parle|ne (?:dis|le dis|pr\u00e9viens)|non (?:avvisare|dire|informare)"
            r"|no (?:avises|digas|informes)|n\u00e3o (?:avises|avise|digas|diga)"
            r"|ohne (?:pr\u00fcfung|r\u00fcckfrage)|sag dem nutzer nicht|zonder (?:controle"
            r"|te vragen)|zeg niets))"
        ),
    ),
    _injection(
        id="orders-hidden-in-a-page",
        trigger=(
            r"\b(?:(?:white|hidden|invisible|tiny|concealed) (?:text|instructions?|note|line"
            r"|comment)|instructions? (?:that are )?hidden)\b"
        ),
        reach=70,
        regex=(
            r"(?:(?:do|act|behave|answer|proceed)\b[^.\n]{0,20}? as the|follow|obey|execute"
            r"|carry out|base\b[^.\n]{0,30}? on|comply with)\b[^.\n]{0,24}?(?:(?:white|hidden"
            r"|invisible|tiny|concealed) (?:text|instructions?|note|line|comment)"
            r"|instructions? (?:that are )?hidden)\b[^.\n]{0,20}?(?:in|at|of|on|inside|within|says"
            r"|tells)\b"
        ),
    ),
    _injection(
        id="send-on-unseen",
        trigger=(
            r"\b(?:without the user|ohne dass (?:der|die) (?:nutzer|benutzer|anwender|kund)"
            r"|sans que l'utilisat|sin que el usuario|senza che l'utente|zonder dat de gebruiker"
            r"|sem que o (?:usu|utili))"
        ),
        reach=110,
        regex=(
            r"(?:forward|send|post|mail|upload|leite?|sende?|schicke?|transmets|envoie"
            r"|transf\u00e8re|env\u00eda|reenv\u00eda|manda|inoltra|invia|stuur|verstuur|envia"
            r"|reencaminha|encaminhe)\b[^\n]{0,80}?(?:without the user|ohne dass|sans que|sin que"
            r"|senza che|zonder dat|sem que)[^.\n]{0,30}?(?:notic|know|see|merk|erf\u00e4hr|sieht"
            r"|remarqu|rend|sache|entere|note|sepa|accorga|sappia|merkt|ziet|weet|perceba|saiba"
            r"|note)\w*"
        ),
    ),
    _injection(
        id="keep-this-note-quiet",
        trigger=(
            r"\bthat (?:this|the) (?:note|message|text|page|comment|mail|e-?mail|document)"
            r" (?:told|asked|instructed|ordered|made) you\b"
        ),
        reach=40,
        regex=(
            r"(?:not|never|n't) (?:say|mention|reveal|tell|admit|disclose) (?:\w+ )?that (?:this"
            r"|the) (?:note|message|text|page|comment|mail|e-?mail|document) (?:told|asked"
            r"|instructed|ordered|made) you\b"
        ),
    ),
    _injection(
        id="first-letters-leak",
        trigger=r"\b(?:first|initial|last) (?:letters?|words?) (?:of|in) ",
        regex=(
            r"(?:first|initial|last) (?:letters?|words?) (?:of|in) [^.\n]{0,30}?(?:spell|form|make"
            r"|give|read)\b[^.\n]{0,24}?(?:hidden|system|secret|initial|confidential|original"
            r"|your) (?:\w+ )?(?:briefing|prompt|instructions?|message|rules|text)\b"
        ),
    ),
    _injection(
        id="assistant-calls-a-tool",
        trigger=(
            r"\b(?:assistant|model|agent|copilot|ai)[,:] (?:please )?(?:now )?(?:call|run|invoke) "
        ),
        regex=(
            r"(?:assistant|model|agent|copilot|ai)[,:] (?:please )?(?:now )?(?:call|run"
            r"|invoke) (?:the )?(?:\w+_\w+|\w+(?:\.\w+)+|\w+\(|(?:tool|function) \w+)"
        ),
    ),
    _injection(
        id="model-has-to-fetch",
        trigger=(
            r"\b(?:assistant|model|ai|bot|agent) (?:has to|must|should|shall"
            r"|needs to) (?:first )?(?:fetch|open|load|request|visit|send|call|forward|render"
            r"|append)\b"
        ),
        regex=(
            r"(?:assistant|model|ai|bot|agent) (?:has to|must|should|shall"
            r"|needs to) (?:first )?(?:fetch|open|load|request|visit|send|call|forward|render"
            r"|append)\b[^\n]{0,40}?(?:https?://\S+[?=]|(?:all|everything|conversation|history"
            r"|messages|password)\b[^\n]{0,40}?https?://)"
        ),
    ),
    _injection(
        id="need-not-follow-yours",
        trigger=(
            r"\b(?:needn't|need not|don't (?:have|need) to|do not (?:have|need) to"
            r"|no longer (?:have|need) to|are free not to) (?:follow|obey|heed|respect|keep)\b"
        ),
        reach=90,
        regex=(
            r"your (?:\w+ )?(?:instructions?|rules|orders|guidelines|directives|prompt"
            r"|briefing)\b[^\n]{0,60}? you (?:needn't|need not|don't (?:have|need) to"
            r"|do not (?:have|need) to|no longer (?:have|need) to|are free not to) (?:follow|obey"
            r"|heed|respect|keep) (?:them|it|those|to them)\b"
        ),
    ),
    _injection(
        id="complete-my-system-message",
        trigger=(r"\b(?:system|hidden|initial|secret) (?:message|prompt|instructions?|briefing)\b"),
        reach=56,
        regex=(
            r"(?:continue|complete|finish|fill in|go on with) (?:the|this|my) (?:sentence|line"
            r"|text|phrase|quote|story)\b[^\n]{0,10}?(?:my|the) (?:system (?:message|prompt"
            r"|instructions?)|(?:hidden|initial|secret) (?:prompt|message|instructions?"
            r"|briefing))\b"
        ),
    ),
    _injection(
        id="whole-configuration",
        trigger=(r"\b(?:configuration|briefing|setup|set-up)\b"),
        reach=40,
        regex=(
            r"(?:summari[sz]e|list|describe|translate|quote|paraphrase|explain|print|recite"
            r"|dump) (?:me )?your (?:own |full |whole |entire |complete )?(?:configuration"
            r"|briefing|setup|set-up) [^.\n]{0,60}?(?:confidential|hidden|secret|nothing out"
            r"|verbatim|word for word)\b"
        ),
    ),
    _injection(
        id="role-without-limits",
        trigger=(
            r"\b(?:role|mode|persona|profile|access): ?(?:unrestricted|unfiltered|uncensored"
            r"|unlimited)\b"
        ),
        regex=(
            r"(?:role|mode|persona|profile|access): ?(?:unrestricted|unfiltered|uncensored"
            r"|unlimited)\b"
        ),
    ),
)
SHEETS: Final = ()
