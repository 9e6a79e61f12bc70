"""Further signals of prompt injection: orders to a reader that is a model, and hunts for prompts.

`safety_prompts` knows the phrases that everybody copies. These rules know how such orders are
built: who is spoken to, what is to be dropped, what is to be said or sent. Blanks may be many.
"""

from __future__ import annotations

from functools import partial
from typing import Final

from muniment.detect.models import Family, Pattern

_signal = partial(
    Pattern, type="PROMPT_INJECTION", family=Family.SAFETY, ignore_case=True, firm=True, joins=""
)
_S: Final = r"\s{1,6}"
_OLD: Final = (
    r"(?:your|previous|prior|earlier|above|preceding|former|initial|original|system"
    r"|developer(?:'s)?"
    r"|safety|content|existing|hard-?coded|built-in)"
)
_NOUN: Final = (
    r"(?:instructions?|guidance|guidelines?|directives?|rules?|polic(?:y|ies)|system prompt"
    r"|prompts?"
    r"|safeguards?|restrictions?|constraints?|programming|safety (?:checks?|measures?|rules?)|text"
    r"|checks|training)"
)
_MODEL: Final = (
    r"(?:large language model|language model|llms?|ai(?: (?:model|agent|assistant|reader|system"
    r"|bot)s?)?|chat ?bot|assistant|model|gpt|copilot)"
)
_ASK: Final = (
    r"(?:print|show|reveal|repeat|output|display|translate|encode|tell me|give me|write out|copy"
    r"|paste|recite|dump|leak|disclose|summari[sz]e|what (?:is|are|was|were|does|do))"
)
_HIDDEN: Final = (
    r"(?:system (?:prompt|message|instructions?)|(?:initial|hidden|secret|original|first|pre-?)"
    r" ?(?:prompt|instructions?|message)|developer (?:prompt|message|instructions?)|prompt"
    r"|instructions|directives)"
)

PATTERNS: Final = (
    _signal(
        id="drop-the-rules",
        trigger=(
            r"\b(?:ignore|disregard|forget|override|overrides|bypass|neglect|discard|abandon"
            r"|disobey"
            r"|stop following|not follow|don't follow|no longer follow|set aside|disable)\s"
        ),
        regex=(
            r"(?:ignore|disregard|forget|overrides?|bypass|neglect|discard|abandon|disobey|stop"
            rf" following|not follow|don't follow|no longer follow|set aside|disable){_S}"
            rf"(?:(?:all|any|every|of|the|these|those|my|other){_S}){{0,4}}"
            rf"{_OLD}{_S}(?:(?:and|or|of|the|other|{_OLD[3:-1]}){_S}){{0,3}}{_NOUN}\b"
            rf"|(?:disable|bypass|override){_S}(?:all|any|your){_S}(?:safety|security|content)"
            rf"{_S}(?:checks?|filters?|measures?|rules)"
        ),
        score=0.85,
    ),
    _signal(
        id="drop-everything",
        trigger=(
            r"\b(?:ignore|disregard|forget|ignor|oubli|olvid|vergiss|vergeet|esque|dimentic"
            r"|negeer)[a-z\x80-\xff]{0,6}\s"
        ),
        regex=(
            rf"(?:ignore|disregard|forget){_S}(?:everything|anything|all|whatever){_S}(?:\w+{_S})"
            r"{0,4}?(?:above|before|earlier|previously|so far|until now)\b"
            rf"|(?:ignore|disregard|forget){_S}(?:all|any|the){_S}(?:prior|previous|preceding"
            rf"|above)"
            rf"{_S}(?:text|messages?|input|conversation)\b"
            rf"|oubli(?:e|ez){_S}tout(?:es)?{_S}(?:ce{_S}qu|(?:les|tes|vos){_S}(?:r\u00e8gles"
            rf"|consignes"
            r"|instructions))"
            rf"|ignor(?:e|ez){_S}(?:toutes{_S})?(?:les|tes|vos){_S}(?:consignes|instructions"
            rf"|r\u00e8gles)"
            rf"|(?:olvida|ignora){_S}(?:todo{_S}lo{_S}(?:anterior|que)|(?:todas{_S})?(?:las"
            rf"|tus){_S}"
            r"(?:instrucciones|reglas))"
            rf"|vergiss{_S}(?:alles(?:,|{_S}was|{_S}vorher)|(?:alle{_S})?(?:deine|die){_S}"
            r"(?:regeln|anweisungen|vorgaben))"
            rf"|(?:esque\u00e7a|ignore){_S}(?:tudo{_S}o{_S}que"
            rf"|(?:todas{_S})?as{_S}(?:instru\u00e7\u00f5es"
            r"|regras))"
            rf"|(?:dimentica|ignora){_S}(?:tutto{_S}(?:ci\u00f2|quello)"
            rf"|(?:tutte{_S})?le{_S}(?:istruzioni"
            r"|regole))"
            rf"|(?:vergeet|negeer){_S}(?:alles{_S}wat|(?:alle{_S})?(?:je|de|eerdere|vorige){_S}"
            rf"(?:eerdere{_S}|vorige{_S})?(?:regels|instructies)"
            rf"(?!{_S}van{_S}(?:het|een){_S}(?!systeem|bedrijf|platform|model|begin|gesprek)))"
        ),
        score=0.85,
    ),
    _signal(
        id="rules-are-void",
        trigger=r"\b(?:instructions?|directives?|guidelines?|rules?|prompts?|guidance)\s",
        reach=40,
        regex=(
            rf"(?:your|(?:previous|prior|earlier|original|initial|old"
            rf"|above){_S}){_S[:-5]}?\s{{0,6}}"
            rf"(?:(?:previous|prior|earlier|original|initial|own){_S})?(?:instructions?|directives?"
            rf"|guidelines?|prompts?|guidance){_S}(?:(?!for\b|on\b|about\b)\w+{_S}){{0,5}}?"
            rf"(?:have been"
            rf"|has been|are|is"
            rf"|were){_S}(?:now{_S})?(?:cancel{{1,2}}ed|void|revoked|obsolete|replaced|overridden"
            rf"|null"
            r"|lifted|suspended|no longer)"
            rf"|instructions{_S}you{_S}(?:got|were given|received)[^.\n]{{0,40}}(?:are"
            rf"|is){_S}(?:void"
            r"|null|cancel{1,2}ed|obsolete|replaced)"
        ),
        score=0.85,
    ),
    _signal(
        id="ask-for-prompt",
        trigger=(
            rf"\b{_ASK}{_S}(?:me|us|out|back|written|in|the|all|of|full|exact|entire|complete"
            r"|first|last|your|you|everything|system|hidden|initial|secret)\s"
        ),
        regex=(
            rf"{_ASK}{_S}(?:(?:me|us|out|back|written|in|the|all|of|full|exact|entire"
            rf"|complete){_S})"
            rf"{{0,4}}(?:(?:first"
            rf"|last){_S}\w+{_S}(?:\w+{_S}){{0,3}})?your{_S}(?:\w+{_S})?{_HIDDEN}\b"
            rf"|{_ASK}{_S}(?:(?:me|us|out|the|your|full|exact|entire){_S}){{0,4}}(?:system prompt"
            r"|hidden prompt|hidden instructions|initial prompt|secret instructions)\b"
            rf"|repeat{_S}(?:all{_S})?(?:the{_S}|everything{_S})(?:(?:words?|text|lines?"
            rf"|sentences?){_S})"
            rf"?above{_S}(?:starting|beginning|verbatim|word)"
            rf"|what{_S}were{_S}you{_S}(?:told|instructed|given)(?:{_S}(?:to|not"
            rf"|in{_S}your|initially"
            rf"|by{_S}(?:the{_S})?(?:system|developers?|operator)|(?:before"
            rf"|at the start of){_S}(?:this"
            rf"|our){_S}(?:chat|conversation|session))\b|\?)"
            rf"|(?:secret|password|key)[^.\n]{{0,30}}(?:in|from){_S}your{_S}(?:instructions|prompt)"
        ),
        score=0.85,
    ),
    _signal(
        id="false-authority",
        trigger=(
            r"\b(?:system (?:override|message|notice|update)|admin(?:istrator)? (?:override|mode|i"
            r" order)|maintenance mode|obey|as the (?:system )?admin)|</?system>|\[system"
        ),
        regex=(
            r"system override\b|admin(?:istrator)? override\b|</?system>|\[system(?: message| note"
            rf"| prompt)?\]|maintenance mode[^\n]{{0,40}}(?:reveal|show|disable|print)"
            rf"|(?:only{_S})?obey{_S}(?:only{_S})?me\b"
            rf"|as{_S}the{_S}(?:system{_S})?admin(?:istrator)?,?{_S}i{_S}(?:order|command|instruct"
            rf"|tell)"
            rf"{_S}you"
        ),
        score=0.8,
    ),
    _signal(
        id="to-the-model",
        trigger=(
            r"\b(?:if you are|if you're|note to|attention|dear|hey|any|hello) (?:an? |the |any "
            r"|all )?"
            r"(?:large |language |ai|llm|model|assistant|chat ?bot|gpt|copilot)|<!-- ?(?:ai|llm"
            r"|gpt)"
        ),
        regex=(
            rf"(?:if you are|if you're|note to|attention|dear|hey|any|hello){_S}"
            rf"(?:(?:an?|the|any|all){_S})?{_MODEL}\b(?!{_S}(?:manager|director|coach|professor"
            rf"|editor|teacher|railway|trains?|\d))[^\n]{{0,60}}?\b(?:stop|ignore|must|instead"
            rf"|rank"
            r"|rate|recommend|approve|disregard|override|overrides|reveal|call|execute|visit|say"
            r" that"
            r"|do not mention|don't mention|print)\b"
            r"|<!-- ?(?:ai|llm|gpt)[^\n]{0,8}:"
        ),
        score=0.8,
    ),
    _signal(
        id="carry-out",
        trigger=(
            r"\b(?:append|add|include|put|insert|embed|attach|hide|forward|send|post|upload) "
            r"(?:the|all|my|your|a|an|last|any|it)\b"
        ),
        regex=(
            rf"(?:append|add|include|put|insert|embed|attach){_S}(?:the|your|all|any"
            rf"|my){_S}(?:[\w']+{_S})"
            r"{0,3}?(?:api keys?|passwords?|tokens?|secrets?|credentials|chat history|conversation"
            r"|system prompt)\b[^.\n]{0,50}(?:link|url|https?://|image|webhook|query)"
            rf"|(?:add|insert|embed|include){_S}an?{_S}(?:hidden|invisible){_S}(?:image|link|pixel)"
            rf"|(?:forward|send|post|upload){_S}(?:the|all|my){_S}(?:last|previous|whole|recent"
            rf"|user's)"
            rf"{_S}(?:\w+{_S}){{0,3}}?(?:messages?|e-?mails?|mails?|conversations?|history|files?)"
            r"[^.\n]{0,30} to (?:https?://|[\w.+\-]+@)"
        ),
        score=0.85,
    ),
    _signal(
        id="models-that-read",
        trigger=(
            r"\b(?:ai systems?|ai agents?|language models?|llms?|ai models?|ai assistants?)"
            r" (?:that (?:is"
            r" |are )?)?(?:read|process|grad|review|summari|pars|evaluat)"
        ),
        regex=(
            r"(?:ai systems?|ai agents?|language models?|llms?|ai models?|ai assistants?) (?:that"
            r" (?:is "
            r"|are )?)?(?:read|process|grad|review|summari[sz]|pars|evaluat)(?:e|es|s|ing) (?:this"
            r"|the)"
            r"[^.\n]{0,40}(?:should|must|give|:|rate|rank|classify|ignore|say)"
        ),
        score=0.8,
    ),
    _signal(
        id="other-task",
        trigger=(
            r"\b(?:your (?:real|actual|true|only|new) (?:task|job|purpose|goal|mission)|new orders"
            r"|you work for me|ignore the above|disregard the above|everything above|comes before"
            r" this"
            r"|missachte|no sigas|non seguire|volg de|ne suis plus|n\xc3\xa3o siga)"
        ),
        regex=(
            r"your (?:real|actual|true|only|new) (?:task|job|purpose|goal|mission) (?:is|now)"
            r"|new orders follow|you work for me now"
            r"|(?<![\"'\u201c\u201e\u2018])(?:ignore|disregard) the above\b"
            r"|everything above (?:this|and)|comes before this (?:chat|conversation|message)"
            r"|missachte (?:alle |die ){1,2}(?:obigen |vorherigen |bisherigen )?(?:anweisungen"
            r"|regeln)"
            r"|no sigas (?:m\u00e1s )?(?:las|tus) (?:instrucciones|reglas)"
            r"|non seguire (?:pi\u00f9 )?(?:le|tue) (?:istruzioni|regole)"
            r"|volg de (?:eerdere |vorige )?(?:instructies|regels)[^.\n]{0,12} niet"
            r"|ne suis plus (?:les|tes) (?:consignes|instructions|r\u00e8gles)"
            r"|n\u00e3o siga (?:mais )?(?:as|suas) (?:instru\u00e7\u00f5es|regras)"
        ),
        score=0.75,
    ),
    _signal(
        id="instead-of-the-task",
        trigger=r"\b(?:instead of|follow these instead|follow only|stop your (?:task|work))",
        regex=(
            r"instead of (?:translating|summari[sz]ing|answering|reviewing|classifying|the (?:task"
            r"|summary|translation))[^.\n]{0,50}(?:print|say|output|write|reply|reveal|tell|do)"
            r"|follow these instead|follow only my|stop your (?:task|work) and"
        ),
        score=0.7,
    ),
)
SHEETS: Final = ()
