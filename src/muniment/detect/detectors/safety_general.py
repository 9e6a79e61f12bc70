"""Signals by the parts such texts are made of: an act, whose orders, and what becomes of them.

The other rules know phrases. These put words of the same meaning together in either order, so that
a new wording is found whose parts are known. Each part alone says nothing.
"""

from __future__ import annotations

from functools import partial
from typing import Final

from muniment.detect.models import Family, Pattern

_injection = partial(
    Pattern, type="PROMPT_INJECTION", family=Family.SAFETY, ignore_case=True, firm=True, joins=""
)
_S: Final = r"\s{1,6}"
_DROP: Final = (
    r"(?:set aside|put aside|throw (?:out|away)|pay no (?:attention|heed|mind) to|scrap|unlearn"
    r"|stop (?:obeying|following|applying|respecting|heeding)|wipe|erase|delete|shed|cast off"
    r"|(?:do not|don't|never|no longer) (?:obey|follow|apply|heed|respect|stick to|need to follow)"
    r"|circumvent|work around|get around|go against|step outside(?: of)?|break out of|violate"
    r"|leave behind|suspend|ignore|disregard|forget|override|bypass|discard|abandon|disobey|reset)"
)
_ORDERS: Final = (
    r"(?:instructions?|directives?|guidelines?|restrictions?|constraints?|guardrails?|safeguards?"
    r"|programming|system prompt|system message|safety (?:rules|training|filters?|policies|limits)"
    r"|content (?:rules|policy|policies|filters?)|moderation|alignment|prompt|briefing)"
)
_GIVERS: Final = (
    r"(?:the )?(?:system|developers?|operators?|openai|anthropic|google|creators?|makers?"
    r"|programmers?|vendor|provider)"
)

PATTERNS: Final = (
    _injection(
        id="drop-your-orders",
        trigger=(
            r"\b(?:(?:set|put) aside (?:all|any|every|the|your|its|these|those|prior|previous|for"
            r" now)|throw (?:out|away)|pay no|scrap|unlearn|wipe|erase|stop"
            r" (?:obey|follow|apply|respect|heed)ing|(?:not|don't|never|no longer) (?:obey|follow"
            r"|apply|heed|respect|stick to|need to follow)"
            r"|delete|shed|cast off|circumvent|work around|get around"
            r"|go against|step outside|break out|violate|leave behind|suspend|ignore|disregard"
            r"|forget|override|bypass|discard|abandon|disobey|reset) [a-z]"
        ),
        regex=(
            rf"{_DROP}{_S}(?:\w+{_S}){{0,3}}?(?:your|its){_S}(?:[\w-]+{_S}){{0,2}}?{_ORDERS}\b"
            rf"(?!{_S}(?:card|book|from|on|in|for|of)\b)"
            rf"|{_DROP}{_S}(?:\w+{_S}){{0,3}}?(?:rules?|{_ORDERS}){_S}(?:that{_S})?(?:you(?:'ve|"
            rf"{_S}(?:were|have|got|had|are)){_S}(?:been{_S})?(?:given|told|bound|following"
            rf"|trained|programmed|configured|deployed|loaded|equipped|set{_S}up)"
            rf"|(?:set|given|written|imposed)(?:{_S}\w+)?{_S}by{_S}{_GIVERS}\b)"
            rf"|{_DROP}{_S}(?:the|that|any|its){_S}(?:developer|system"
            rf"|operator)(?:'?s)?{_S}(?:message"
            rf"|prompt|instructions?|rules|notes?)\b(?!{_S}(?:board|queue|bus|tray))"
            rf"|{_DROP}{_S}(?:what|everything|all)(?:{_S}that)?{_S}you(?:'ve|{_S}(?:have|were))"
            rf"(?:{_S}been)?{_S}(?:taught|told|trained){_S}(?:\w+{_S}){{0,2}}?(?:refus\w+|safety"
            r"|rules|ethics|limits|saying no)\b"
        ),
        score=0.85,
    ),
    _injection(
        id="orders-do-not-hold",
        trigger=(
            r"\b(?:no longer|do not|don't|does not|doesn't|stop|cease to) (?:appl|bind|count|hold"
            r"|matter|exist)"
        ),
        reach=70,
        regex=(
            rf"(?:your|these|those|the|all|any|previous|prior|earlier|above|such){_S}"
            rf"(?:[\w-]+{_S}){{0,3}}?(?:rules|{_ORDERS}){_S}(?:\w+{_S}){{0,3}}?(?:no longer|do not"
            rf"|don't|does not|doesn't|stop|cease to){_S}(?:apply(?:ing)?|bind(?:ing)?"
            rf"|count(?:ing)?|hold|matter|exist){_S}(?:\w+{_S}){{0,2}}?(?:to{_S}you"
            rf"|you\b|for{_S}you|in{_S}this"
            rf"{_S}(?:chat|conversation|session|scenario|story|game|world)|here{_S}and)"
        ),
        score=0.85,
    ),
    _injection(
        id="what-were-you-told",
        trigger=(
            r"\b(?:instructions?|prompt|rules|guidelines|directives|instructed|configured"
            r"|prompted|briefed)\b"
        ),
        reach=90,
        regex=(
            rf"(?:what|which|list|state|print|share|tell{_S}me|show{_S}me|give{_S}me|reproduce"
            rf"|recite|describe|explain|quote|write{_S}down|spell{_S}out){_S}(?:\w+{_S}){{0,4}}?"
            rf"(?:instructions?|prompt|rules|guidelines|directives){_S}(?:that{_S}|which{_S})?"
            rf"(?:(?:were|are|have){_S}you{_S}(?:been{_S})?(?:given|told|following"
            rf"|running|operating"
            rf"|bound)|you{_S}(?:were|have been|had been|got|are){_S}(?:given|told|handed"
            rf"|running|operating|following|initiali[sz]ed|started|bound)|given{_S}to{_S}you"
            rf"|you{_S}(?:received|operate under|run on|start(?:ed)? with)"
            rf"|(?:govern|guide|define|control)s?{_S}(?:you|your))"
            rf"|how{_S}(?:exactly{_S})?(?:were|are|have){_S}you{_S}(?:been{_S})?(?:configured"
            rf"|prompted|briefed|instructed){_S}(?:to{_S}(?:respond|answer|behave|act|reply|talk)"
            rf"|(?:before|at{_S}the{_S}(?:start|beginning){_S}of|for|in){_S}(?:this|our){_S}(?:chat"
            rf"|conversation|session|task))"
        ),
        score=0.8,
    ),
    _injection(
        id="orders-were-nothing",
        trigger=(
            r"\b(?:placeholders?|just a test|only a test|a lie|fake|outdated|void"
            r"|obsolete|no longer"
            r" counts?|does not count|doesn't count|is over)\b"
        ),
        reach=90,
        regex=(
            rf"your{_S}(?:\w+{_S}){{0,2}}?(?:instructions|guidelines|directives|system prompt"
            rf"|programming|restrictions){_S}(?:were|are|was"
            rf"|is){_S}(?:\w+{_S}){{0,2}}?(?:placeholders?"
            r"|just a test|only a test|a lie|fake|outdated|void|obsolete)\b"
            r"|(?:whatever|everything|anything|what)[^.\n]{0,30}?(?:who|that) (?:built|made|trained"
            r"|programmed|deployed|configured) you[^.\n]{0,40}?(?:no longer counts?|does not count"
            r"|doesn't count|is void|is over|is obsolete)"
        ),
        score=0.8,
    ),
    _injection(
        id="prompt-in-a-form",
        trigger=r"\b(?:code block|base64|rot13|as json|in json|markdown block|morse|pig latin)\b",
        reach=90,
        regex=(
            r"(?:put|place|wrap|write|render|print|output|return|format|give|show|encode)[^.\n]"
            r"{0,20}? (?:your (?:\w+ )?(?:instructions|system prompt|prompt|preamble|guidelines)"
            r"|your (?:full|entire|whole|initial|system) configuration|the (?:hidden"
            r"|system|initial)"
            r" prompt)[^.\n]{0,20}?(?:code block|base64|rot13|as json|in json|markdown block|morse"
            r"|pig latin)"
        ),
        score=0.8,
    ),
    _injection(
        id="as-if-no-orders",
        trigger=r"\b(?:as if|as though|pretend|imagine|assume|suppose)\b",
        regex=(
            r"(?:as if|as though|pretend|imagine|assume|suppose)[^.\n]{0,15}? (?:no|there (?:is|was"
            r"|were|had been) no|you (?:have|had|got) no|you never (?:received|got|had|saw)(?: an?"
            r"y?)?) (?:system|developer) (?:prompt|message|instructions?)\b"
        ),
        score=0.8,
    ),
    _injection(
        id="false-system-line",
        trigger=r"\bsystem ?: ",
        regex=(
            r"system ?: [^\n]{0,40}?(?:assistant|\bai\b|model|chat ?bot|you) (?:\w+ ){0,2}?(?:shall"
            r"|must|will|are to|should|can) (?:now )?(?:\w+ ){0,2}?(?:reveal|ignore"
            r"|disable|print|obey"
            r"|output|forget|bypass|send|comply)\b"
        ),
        score=0.8,
    ),
    _injection(
        id="what-stands-above",
        trigger=r"\b(?:above|before|preceding|prior to) (?:this|my|the|our)\b",
        reach=90,
        regex=(
            rf"(?:print|show|repeat|output|copy|paste|echo|return|write{_S}out|type{_S}out|quote"
            rf"|reproduce|translate|summari[sz]e|give{_S}me){_S}(?:\w+{_S}){{0,5}}?(?:everything"
            rf"|text|words?|content|lines?|sentences?|messages?|all|whatever|anything){_S}"
            rf"(?:\w+{_S}){{0,3}}?(?:above|before|preceding|prior to){_S}(?:this|my){_S}"
            r"(?:first )?(?:line|message|question|sentence|request|prompt|input|turn)\b"
        ),
        score=0.8,
    ),
    _injection(
        id="i-made-you",
        trigger=(
            r"\b(?:i am|i'm|this is|speaking as|as) (?:your|the|an?|one of your) (?:lead |chief"
            r" |senior |head |real )?(?:developer|creator|admin|administrator|owner|engineer"
            r"|programmer|operator|maker|openai|anthropic)"
        ),
        regex=(
            r"(?:i am|i'm|this is|speaking as|as) (?:your|the|an?|one of your) (?:lead |chief"
            r" |senior |head |real )?(?:developers?|creators?|admin|administrator|owner|engineers?"
            r"|programmer|operator|maker|openai|anthropic)\b[^\n]{0,120}?\b(?:your (?:restrictions?"
            r"|filters?|safety|safeguards?|guidelines|guardrails|system prompt|instructions|rules"
            r"|limits)|debug mode|developer mode|without (?:restrictions|filters|limits)"
            r"|authori[sz]e you|the system prompt|ignore (?:all|any|the))"
        ),
        score=0.8,
    ),
    _injection(
        id="mode-for-you",
        trigger=(
            r"\b(?:debug|developer|admin|maintenance|diagnostic|root|unsafe|raw|override|test"
            r"|training|unrestricted|privileged) mode\b"
        ),
        reach=50,
        regex=(
            r"(?:you are|you're|you will be|consider yourself|enter|switch to|activate|go into)"
            r" (?:now )?(?:in )?(?:an? |the )?(?:\w+ )?(?:debug|developer|admin|maintenance"
            r"|diagnostic|root|unsafe|raw|override|test|training|unrestricted|privileged) mode\b"
            r"[^\n]{0,80}?\b(?:your (?:prompt|instructions|rules|filters?|restrictions|safety"
            r"|configuration|guidelines)|system prompt|no (?:filters?|rules|restrictions|limits)"
            r"|without (?:any )?(?:filters?|rules|restrictions|limits)|unfiltered|uncensored"
            r"|(?:filters?|safety|restrictions) (?:are|is) (?:off|disabled))"
        ),
        score=0.8,
    ),
    _injection(
        id="for-models-only",
        trigger=(
            r"\b(?:instructions?|message|note|notice|directive|reminder|command) (?:for|to) "
            r"|\b(?:read|processed|summari[sz]ed|parsed|reviewed|scanned) by an? (?:ai|llm"
            r"|language model|chat ?bot|automated)\b"
            r"|\b(?:if|when|should) (?:you are )?(?:an? |any )?(?:ai |llm|language model"
            r"|chat ?bot|copilot)"
        ),
        reach=20,
        regex=(
            r"(?:if|when|should) (?:you are )?(?:an? |any )?(?:ai|llm|language model"
            r"|chat ?bot|copilot)"
            r"(?: \w+)? (?:is|that is|are|that) (?:read|summari|process|pars|review"
            r"|translat)\w* (?:this"
            r"|the)[^.\n]{0,40}?\b(?:must|should|has to|have to|tell|say|ignore|add|recommend)\b"
            r"|(?:instructions?|message|note|notice|directive|reminder|command) (?:for|to)"
            r" (?:the |any |all |every )?(?:ai|llm|language model|chat ?bot|copilot|gpt|automated"
            r" (?:reader|assistant|agent|reviewer|system))[\w ]{0,40}?(?::|,? (?:you must|do not"
            r"|don't|please (?:ignore|add|say)|always|ignore|reply|respond|rate|approve|output))"
            r"|(?:read|processed|summari[sz]ed|parsed|reviewed|scanned) by an? (?:ai|llm|language"
            r" model|chat ?bot|automated)\b[^\n]{0,40}?(?:,|:|then) ?(?:\w+ ){0,2}?(?:must|ignore"
            r"|reply|respond|rate|approve|output|say|add|append|send|forward|recommend|print)\b"
        ),
        score=0.8,
    ),
    _injection(
        id="verdict-by-order",
        trigger=(
            r"\b(?:rank|rate|score|grade|classify|label|recommend|approve|mark) (?:this|it|the|me"
            r"|my)\b"
        ),
        regex=(
            r"(?:rank|rate|score|grade|classify|label|recommend|approve|mark) (?:this|it|the|me|my)"
            r"(?: \w+){0,4}? (?:first|highest|top|best|10/10|ten out of ten|as (?:excellent|safe"
            r"|approved|benign|the best|harmless)|with full marks)[^.\n]{0,20}? (?:regardless"
            r"|no matter|whatever (?:the|it|your)|in any case|even if|and ignore)"
        ),
        score=0.8,
    ),
    _injection(
        id="leak-by-picture",
        trigger=r"!\[[^\]\n]*\]\(https?://",
        regex=(
            r"!\[[^\]\n]{0,80}\]\(https?://[^)\s]{1,200}[?=/](?:\{{1,2}|<|\[|%7[bB])[^)\n]{0,80}"
            r"|!\[[^\]\n]{0,80}\]\(https?://[^)\s]{1,200}[?&](?:data|q|d|leak|secret|chat|history"
            r"|conversation|prompt|summary)=(?:[A-Z_]{4,}|\{|<|\[)"
        ),
        score=0.85,
    ),
    _injection(
        id="fetch-and-send",
        trigger=(
            r"(?:\.env\b|/etc/passwd|id_rsa|\.ssh|\b(?:environment variables|ssh keys?"
            r"|access tokens?|session cookies?|cookies|inbox|address book|contacts list"
            r"|private keys?|chat history)\b)"
        ),
        reach=90,
        regex=(
            r"(?:read|cat|open|fetch|get|collect|take|gather|find|grab|copy|list|send|post|submit"
            r"|transmit|relay|leak|exfiltrate|forward|upload) [^.\n]{0,60}?(?:\.env\b|/etc/passwd"
            r"|id_rsa|\.ssh|environment variables|ssh keys?|access tokens?|(?:session )?cookies"
            r"|inbox|address book|contacts list|private keys?|chat history)"
            r"[^\n]{0,60}?\b(?:to|at|into|via|with|in) (?:a (?:request|post) to |the (?:url|link"
            r"|address|server) )?(?:(?=https?://(?!localhost|127\.)|[\w.+-]+@[\w-]+\.)|attacker|my"
            r" (?:server|webhook))"
        ),
        score=0.8,
    ),
)
SHEETS: Final = ()
