"""Further signals: attempts to change what a conversation is, or who speaks in it.

They do not ask to drop a rule. They say that the rules do not hold here, that the user is somebody
else, that the task is another one, or that the answer is given in a world without law.
"""

from __future__ import annotations

from functools import partial
from typing import Final

from muniment.detect.models import Family, Pattern

_signal = partial(Pattern, family=Family.SAFETY, ignore_case=True, firm=True, joins="", score=0.8)
_injection = partial(_signal, type="PROMPT_INJECTION")
_jailbreak = partial(_signal, type="JAILBREAK")
_S: Final = r"\s{1,6}"
_RULES: Final = (
    r"(?:rules|instructions|guidelines|restrictions|constraints|directives|limits|filters"
    r"|policies)"
)
_SPEAK: Final = r"(?:say|type|write|send|paste|tell you)"
_SHOW: Final = r"(?:repeat|print|show|dump|output|list|write|quote|recite|give(?: me)?|reveal)"

PATTERNS: Final = (
    _injection(
        id="rules-do-not-apply-here",
        trigger=r"\b(?:do not|does not|don't|doesn't|no longer) (?:apply|hold|count|bind)\b",
        reach=90,
        regex=(
            rf"(?:{_RULES}|everything|what){_S}(?:that{_S})?you{_S}(?:were|have been|had been|got"
            rf"|received)(?:{_S}(?:given|told|taught|shown))?(?:{_S}\w+){{0,3}}?{_S}(?:do not|does"
            rf" not|don't|doesn't|no longer){_S}(?:apply|hold|count|bind)"
            rf"|your{_S}(?:\w+{_S})?{_RULES}{_S}(?:do not|don't|no longer){_S}(?:apply|hold|count"
            rf"|bind)(?:{_S}(?:any ?more|here|now|to (?:this|me)|in this))"
        ),
    ),
    _injection(
        id="treat-me-as-master",
        trigger=r"\b(?:treat|regard|consider|handle) (?:what|everything|anything|all|my)",
        regex=(
            rf"(?:treat|regard|consider|handle){_S}(?:(?:what(?:ever)?|everything|anything|all)"
            rf"(?:{_S}that)?{_S}I{_S}{_SPEAK}|my{_S}(?:messages|words|input|requests)){_S}"
            rf"(?:\w+{_S}){{0,2}}?as{_S}(?:[\w' ]{{0,24}}(?:system|developer|admin|operator|owner"
            r"|creator|order|command|law|truth|highest|root|trusted)s?\b)"
        ),
    ),
    _injection(
        id="what-stands-before-my-message",
        trigger=r"\b(?:everything|all(?: the)? text|the text|all words|every word|the lines) ",
        reach=30,
        regex=(
            rf"{_SHOW}{_S}(?:everything|all(?:{_S}the)?{_S}text|the{_S}text|all{_S}words|every{_S}"
            rf"word|the{_S}lines){_S}(?:that{_S})?(?:\w+{_S}){{0,3}}?(?:between|before|above"
            rf"|preceding|prior to|ahead of){_S}(?:[\w' ]{{0,30}})(?:this|my|your|our){_S}"
            r"(?:first |own |last |very )?(?:line|message|prompt|question|conversation|chat)\b"
        ),
    ),
    _injection(
        id="text-you-were-primed-with",
        trigger=(
            r"\byou were (?:primed|seeded|initiali[sz]ed|loaded|set up|configured|started|booted"
            r"|deployed|instructed) with\b"
        ),
        reach=40,
        regex=(
            rf"(?:text|words?|message|prompt|lines?|instructions?|paragraph"
            rf"|preamble){_S}(?:that{_S}"
            rf"|which{_S})?you{_S}were{_S}(?:primed|seeded|initiali[sz]ed|loaded|set up|configured"
            rf"|started|booted|deployed|instructed){_S}with\b"
        ),
    ),
    _injection(
        id="words-of-the-hidden-message",
        trigger=(
            r"\b(?:hidden|secret|invisible|concealed|initial|unseen)"
            r" (?:message|prompt|text|note)"
        ),
        reach=60,
        regex=(
            rf"(?:(?:exact|literal|full|complete|precise|verbatim){_S}(?:words|text|wording|content"
            rf"|contents){_S}of|{_SHOW}|what{_S}(?:is|was|are|were|does|did)(?:{_S}\w+){{0,4}}?)"
            rf"{_S}(?:the|your|that){_S}(?:hidden|secret|invisible|concealed|initial|unseen){_S}"
            rf"(?:message|prompt|text|note){_S}(?:that{_S})?(?:came|stands|stood|was|is|you|before"
            r"|above|given|sent|behind)"
        ),
    ),
    _injection(
        id="note-to-the-machine",
        trigger=(
            r"\b(?:note|memo|message|instructions?|hint|reminder|attention)(?: (?:to|for))?:? "
            r"(?:the |any |all |every )?(?:summari[sz]er|translator|classifier|crawler|parser"
            r"|scraper|screener|reviewer bot|grader|ranker|indexer|copilot)s?\b"
        ),
        regex=(
            r"(?:note|memo|message|instructions?|hint|reminder|attention)(?: (?:to|for))?:? (?:the "
            r"|any |all |every )?(?:summari[sz]er|translator|classifier|crawler|parser|scraper"
            r"|screener|reviewer bot|grader|ranker|indexer|copilot)s?\s{0,3}[:\-\u2014,]\s{0,3}\w+"
        ),
    ),
    _injection(
        id="reader-calls-a-tool",
        trigger=r"\bas (?:the|a|an) (?:reader|processor|recipient|summari[sz]er|analy[sz]er) of ",
        regex=(
            r"as (?:the|a|an) (?:reader|processor|recipient|summari[sz]er|analy[sz]er) of (?:this"
            r"|the) \w+,? (?:you (?:must|should|shall|will|have to) )?(?:now )?(?:call|invoke|run"
            r"|execute|transfer|send|approve|forward|delete|rate|print|reply|answer|ignore)\b"
        ),
    ),
    _injection(
        id="whatever-your-rules-say",
        trigger=(
            r"\b(?:whatever|regardless of what|no matter what|irrespective of what|despite what) "
            r"(?:your|the system|the developer)"
        ),
        regex=(
            r"(?:whatever|regardless of what|no matter what|irrespective of what|despite what) "
            r"(?:your|the system(?:'s)?|the developers?(?:'s)?) (?:\w+ )?(?:guidelines?|rules?"
            r"|polic(?:y|ies)|instructions?|training|programming|prompts?|makers?|creators?|message"
            r"|) ?(?:says?|states?|tells? you|demands?|forbids?|wants?|told you)\b"
        ),
    ),
    _injection(
        id="another-task-instead",
        trigger=r"\bnew (?:task|job|objective|mission|goal|assignment)s?\s{0,2}[!:.\-]",
        regex=(
            r"new (?:task|job|objective|mission|goal|assignment)s?\s{0,2}[!:.\-]\s{0,3}(?:drop"
            r"|forget|ignore|stop|abandon|cancel|disregard|instead|leave)\b|new (?:task|job"
            r"|objective|mission|goal|assignment)s?\s{0,2}[!:.\-][^\n]{0,120}\binstead\b"
        ),
    ),
    _injection(
        id="text-is-a-test-answer-only",
        trigger=(
            r"\b(?:disregard|ignore|forget|skip) (?:the|this|that|all) [a-z]{3,12}"
            r" (?:above|below|so far)"
        ),
        regex=(
            r"(?:disregard|ignore|forget|skip) (?:the|this|that|all) [a-z]{3,12} (?:above|below|so"
            r" far)[^\n]{0,60}?\b(?:reply|answer|respond|say|output|print|write|return|tell me"
            r"|do|reveal|send)\b"
        ),
    ),
    _injection(
        id="it-never-happened",
        trigger=(
            r"\b(?:never happened|did not happen|didn't happen|never took place|do"
            r" not exist)\b"
        ),
        reach=80,
        regex=(
            r"(?:pretend|act as if|act like|assume|suppose|imagine) (?:that )?(?:the"
            r" |our |this |all )"
            r"?(?:previous|earlier|prior|above|preceding|last) (?:\w+ )?(?:conversation|messages?"
            r"|chat|instructions?|rules?|prompts?|turns?) (?:never happened|did not happen|didn't"
            r" happen|never took place|do not exist)"
        ),
    ),
    _injection(
        id="your-real-orders",
        trigger=(
            r"\byour (?:real|true|actual|only|new)"
            r" (?:instructions?|task|orders|mission|purpose|job) "
        ),
        regex=(
            r"your (?:real|true|actual|only|new) (?:instructions?|task|orders|mission|purpose|job)"
            r" (?:starts?|begins?|is|are|follows?|comes?)(?: here| now| below| as follows| to"
            r"|:)"
        ),
    ),
    _injection(
        id="stop-being-an-assistant",
        trigger=r"\b(?:stop|quit|cease) (?:being|acting as|behaving like|playing) (?:an?|the) ",
        regex=(
            r"(?:stop|quit|cease) (?:being|acting as|behaving like|playing) (?:an?|the) (?:\w+ )?"
            r"(?:assistant|ai|chat ?bot|model|language model|bot|helper)\b"
        ),
    ),
    _jailbreak(
        id="world-without-law",
        trigger=(
            r"\b(?:world|country|universe|reality|place|planet|game|story) (?:where|in which|with"
            r"|without) (?:no |any |all )?(?:laws?|rules?|ethics|morals?|restrictions?|limits?)\b"
        ),
        regex=(
            r"(?:world|country|universe|reality|place|planet|game|story) (?:where|in which|with"
            r"|without) (?:no |any |all )?(?:laws?|rules?|ethics|morals?|restrictions?|limits?)\b"
            r"[^\n]{0,90}?\b(?:explain|tell me|describe|show|write|give"
            r" me|answer|teach|how (?:to|do"
            r"|would)|you (?:can|may|must))\b"
        ),
    ),
    _jailbreak(
        id="evil-twin",
        trigger=(
            r"\b(?:evil|unfiltered|uncensored|unrestricted|rebellious|jailbroken|lawless|amoral"
            r"|immoral) (?:twin|version|clone|alter ego|self|copy|brother|sister|persona|mode)\b"
        ),
        reach=70,
        group=1,
        regex=(
            r"(?:you|your|yourself|answer|respond|reply|speak|act|play|be|become|as)\b[^\n.]{0,60}?"
            r"((?:evil|unfiltered|uncensored|unrestricted|rebellious|jailbroken|lawless|amoral"
            r"|immoral) (?:twin|version|clone|alter ego|self|copy|brother|sister|persona|mode))\b"
        ),
    ),
    _jailbreak(
        id="model-without-rules-abroad",
        trigger=r"\b(?:ohne|sans|sin|sem|senza|zonder) [a-z\x80-\xff]{3,14}",
        reach=60,
        regex=(
            r"(?:du bist|bist du|tu es|vous \u00eates|eres|\u00e9s|voc\u00ea \u00e9|sei|je bent|ben"
            r" je)\b[^\n.]{0,30}?\b(?:ki|ia|ai|bot|chatbot|assistent|assistente|asistente|assistant"
            r"|modell?|modelo|mod\u00e8le|modello)\b[^\n.]{0,20}?(?:ohne|sans|sin|sem|senza|zonder)"
            r" (?:aucune? |jegliche |nessun[ao]? |ning\u00fan |nenhuma? |enige )?(?:regeln?|filter"
            r"|grenzen|einschr\u00e4nkungen|moral|r\u00e8gles?|filtres?|limites?|censure|reglas?"
            r"|filtros?|l\u00edmites?|restricciones|censura|regras?|restri\u00e7\u00f5es|regole"
            r"|regola|filtri|limiti|restrizioni|regels|filters|beperkingen|censuur)\b"
        ),
    ),
)
SHEETS: Final = ()
