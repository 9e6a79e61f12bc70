"""Signals of harmful content by a question and a crime, in seven languages.

`safety_harm` knows phrases. Here somebody asks how, and names what would hurt somebody; a sentence
that tells of it, as news do, asks nothing.
"""

from __future__ import annotations

from functools import partial
from typing import Final

from muniment.detect.models import Family, Pattern

_signal = partial(
    Pattern, type="HARMFUL_CONTENT", family=Family.SAFETY, ignore_case=True, firm=True, joins=""
)
_ASKS: Final = (
    r"(?:how (?:do|can|could|would|should|to)|ways? (?:to|of)|recipe for|steps? (?:to|for)"
    r"|instructions (?:to|for|on)|guide (?:to|for|on)|teach me|show me|help me|tell me|explain)"
)
_WHOM: Final = (
    r"(?:someone|somebody|a person|people|my (?:wife|husband|ex|boss|neighbou?r|girlfriend"
    r"|boyfriend|roommate|coworker|colleague|mother|father|teacher)|him|her|them)"
)

PATTERNS: Final = (
    _signal(
        id="how-to-harm",
        trigger=(
            r"\b(?:kill|murder|poison|drug|stab|choke|blackmail|stalk|torture|kidnap|make it look"
            r" like|without (?:her|him|them|anyone) (?:knowing|noticing|finding)) "
        ),
        reach=90,
        regex=(
            rf"{_ASKS}[^.?!\n]{{0,50}}?\b(?:kill|murder|poison|drug|stab|choke|blackmail|stalk"
            rf"|torture|kidnap) {_WHOM}\b"
            rf"|{_ASKS}[^.?!\n]{{0,60}}?\bmake it look like (?:an accident|a suicide|suicide|self"
            r"[- ]defen[cs]e)"
            rf"|{_ASKS}[^.?!\n]{{0,40}}?\b(?:track|spy on|record|film|undress|touch) {_WHOM}"
            r"[^.?!\n]{0,30}?without (?:her|him|them|anyone) (?:knowing|noticing|finding)"
        ),
        score=0.75,
    ),
    _signal(
        id="how-to-make",
        trigger=(
            r"\b(?:bombs?|explosives?|detonators?|nerve gas|nerve agent|chlorine gas|mustard gas"
            r"|methamphetamine|crystal meth|fentanyl|thermite|silencer|counterfeit|fake (?:passport"
            r"|id|prescription|banknotes?)|forged?|car bomb)\b"
        ),
        reach=90,
        regex=(
            rf"{_ASKS}[^.?!\n]{{0,30}}?\b(?:mak(?:e|ing)|build(?:ing)?|cook(?:ing)?|synthesi[sz]"
            r"(?:e|ing)|produc(?:e|ing)|prepar(?:e|ing)|mix(?:ing)?|assembl(?:e|ing)|print(?:ing)?"
            r"|forg(?:e"
            r"|ing))[^.?!\n]{0,30}?(?:(?<!bath )(?<!seed )(?<!glitter )bombs?"
            r"|explosives?|detonators?|nerve gas|nerve agent"
            r"|chlorine gas|mustard gas|methamphetamine|crystal meth|fentanyl|thermite|silencer"
            r"|counterfeit (?:money|bills|banknotes|notes)|fake (?:passport|id\b|prescription"
            r"|banknotes?)|forged \w+|passport that)"
            r"|where (?:can|do|could|would) (?:i|one|you|we) (?:get|buy|order|find) (?:an? |some )?"
            r"(?:fake|forged|counterfeit|false) (?:passport|id\b|prescription"
            r"|banknotes?|licen[cs]e)"
            r"|recipe for (?:a )?(?:methamphetamine|crystal meth|nerve gas|napalm|bomb|explosives?)"
        ),
        score=0.75,
    ),
    _signal(
        id="lure-a-child",
        trigger=(
            r"\b(?:underage|minors?|child|children|kids?|1[0-7][- ]year[- ]old|teenage girl|little"
            r" girl)\b"
        ),
        reach=60,
        regex=(
            rf"{_ASKS}[^.?!\n]{{0,40}}?(?:convince|persuade|get|lure|seduce|meet|talk) (?:an? |the"
            r" |my )?(?:\w+ )?(?:underage|minors?|child|children|kids?|1[0-7][- ]year[- ]old"
            r"|teenage girl|little girl)[^.?!\n]{0,40}?(?:nudes?|naked|undress|alone with me|secret"
            r" from|keep (?:it|this|our)|into (?:sex|bed)|sexual|pictures of (?:her|him)self)"
        ),
        score=0.8,
    ),
    _signal(
        id="harm-german",
        trigger=(
            r"\bwie (?:baue?|bastle|mache?|stelle?|kann|koche?|bringe?|vergifte|t\xc3\xb6te) "
        ),
        regex=(
            r"wie (?:baue?|bastle|mache?|stelle?|kann|koche?|bringe?|vergifte|t\u00f6te)(?: man"
            r"| ich)?[^.?!\n]{0,50}?(?:rohrbombe|bombe(?! los)|sprengsatz|sprengstoff|crystal meth"
            r"|nervengas|giftgas|schalld\u00e4mpfer|falschgeld|(?:meinen?|meine|jemanden|einen"
            r" menschen|ihn|sie) (?:um(?:bringen)?\b|t\u00f6ten|vergiften|erpressen)|jemanden um\b)"
            r"|wie (?:vergifte|t\u00f6te) ich (?:meine[nr]?|jemanden|einen menschen)"
        ),
        score=0.75,
    ),
    _signal(
        id="harm-romance",
        trigger=(
            r"\b(?:comment|c\xc3\xb3mo|como|come|hoe) (?:puis-je |peut-on |je peux |puedo"
            r" |se puede |posso |eu |si pu\xc3\xb2 |kan ik |kun je )?(?:fabri|faire|constru|hacer"
            r"|matar|envenen|costru|fare|uccid|avvelen|fazer|tuer|empoison|asesin|assassin|maak"
            r"|bouw|vermoord|vergiftig)"
        ),
        regex=(
            r"comment (?:puis-je |peut-on |je peux )?(?:fabriquer|faire|construire)[^.?!\n]{0,25}?"
            r"(?:bombe|explosif|gaz toxique|m\u00e9thamph\u00e9tamine|fausse monnaie|silencieux)"
            r"|comment (?:puis-je |peut-on |je peux )?(?:tuer|empoisonner|assassiner) (?:quelqu'un"
            r"|ma |mon |une personne)"
            r"|c[\u00f3o]mo (?:puedo |se puede |posso |eu )?(?:fabricar|hacer|construir|fazer"
            r"|fa\u00e7o)[^.?!\n]{0,25}?(?:bomba(?! d[eo'])|explosiv|gas t\u00f3xico|metanfetamina"
            r"|dinero falso|dinheiro falso|silenciador)"
            r"|c[\u00f3o]mo (?:puedo |se puede |posso )?(?:matar|envenenar|asesinar|assassinar)"
            r" (?:a )?(?:alguien|algu\u00e9m|mi |meu |minha |una persona|uma pessoa)"
            r"|come (?:posso |si pu\u00f2 )?(?:costruire|fabbricare|fare|costruisco|faccio)"
            r"[^.?!\n]{0,25}?(?:bomba(?! d[i'])|esplosiv|metanfetamina|gas tossico"
            r"|soldi falsi|silenziatore)"
            r"|come (?:posso )?(?:uccidere|avvelenare|uccido) (?:qualcuno|mia |mio |una persona)"
            r"|hoe (?:kan ik |kun je )?(?:maak|bouw)[^.?!\n]{0,25}?(?:bom\b|explosiev|crystal meth"
            r"|gifgas|vals geld)"
            r"|hoe (?:kan ik )?(?:vermoord|vergiftig) ik (?:iemand|mijn )"
        ),
        score=0.75,
    ),
    _signal(
        id="no-way-out",
        trigger=(
            r"\b(?:not be here anymore|disappear forever|world (?:would be|is) better without me"
            r"|can(?:'|no)t go on|painless way|want it (?:all )?to (?:end|stop)|no longer want to"
            r" live|nicht mehr leben|plus envie de vivre|no quiero vivir|non voglio (?:pi\xc3\xb9 )"
            r"?vivere|n\xc3\xa3o quero (?:mais )?viver|wil niet meer leven|starving myself)"
        ),
        reach=30,
        regex=(
            r"(?:i |i'd |i just )?(?:want to|wish i could|would rather) (?:not be here anymore"
            r"|disappear forever)|world (?:would be|is) better without me"
            r"|painless way (?:to die|out of (?:life|this))|no longer want to live\b(?! (?:in|with"
            r"|at|here|there|near)\b)"
            r"|(?:will|mag|m\u00f6chte) nicht mehr leben\b|plus envie de vivre\b|no quiero vivir"
            r" (?:m\u00e1s|ya)|non voglio (?:pi\u00f9 )?vivere\b(?! (?:qui|a|in|con)\b)"
            r"|n\u00e3o quero (?:mais )?viver\b(?! (?:aqui|em|com)\b)|wil niet meer leven\b"
        ),
        score=0.75,
    ),
)
SHEETS: Final = ()
