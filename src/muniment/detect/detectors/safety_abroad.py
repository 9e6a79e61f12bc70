"""Signals of prompt injection and jailbreaks in other languages, by the parts they are made of.

An act (to drop, to show, to behave), whose orders, and the orders themselves, as in
`safety_general`: German, French, Spanish, Italian, Portuguese and Dutch; the plainest forms also in
Chinese, Japanese, Russian and Arabic.
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
_W: Final = r"[\w\u00c0-\u024f'-]+"
_FEW: Final = rf"(?:{_W}\s{{1,4}}){{0,4}}?"
_SOME: Final = rf"(?:{_W}\s{{1,4}}){{0,7}}?"

_DE: Final = (
    r"(?:anweisung(?:en)?|regeln|vorgaben|instruktionen|richtlinien|anleitungen|befehle|weisungen"
    r"|einschr\u00e4nkungen|beschr\u00e4nkungen|filter|sicherheitsregeln|system-?prompt|schranken)"
)
_FR: Final = (
    r"(?:instructions?|consignes|r\u00e8gles|directives|restrictions|limites|limitations|filtres"
    r"|ordres|invite syst\u00e8me|garde-fous)"
)
_ES: Final = (
    r"(?:instrucciones|reglas|directrices|normas|restricciones|indicaciones|l\u00edmites|filtros"
    r"|\u00f3rdenes|limitaciones|pautas)"
)
_IT: Final = (
    r"(?:istruzioni|regole|direttive|indicazioni|restrizioni|limitazioni|filtri|ordini|vincoli"
    r"|limiti)"
)
_PT: Final = (
    r"(?:instru\u00e7\u00f5es|regras|diretrizes|orienta\u00e7\u00f5es|restri\u00e7\u00f5es|limites"
    r"|filtros|ordens|limita\u00e7\u00f5es)"
)
_NL: Final = (
    r"(?:instructies|regels|richtlijnen|opdrachten|beperkingen|filters|aanwijzingen|bevelen)"
)

PATTERNS: Final = (
    _injection(
        id="drop-orders-german",
        trigger=(
            r"\b(?:ignorier|missacht|vergiss|vergesst|verwirf|umgeh|setz dich|halte? dich|folge"
            r"|befolge|beachte|streiche|l\xc3\xb6sch)[a-z]{0,4}\s"
        ),
        regex=(
            r"(?:ignoriere?n?|missachte?n?|vergiss|vergesst|verwirf|umgehe?n?"
            r"|streiche?|l\u00f6sche)"
            rf"\s{{1,4}}{_FEW}(?:deine[nrms]?|ihre|eure|bisherigen?|vorherigen?|fr\u00fcheren?"
            r"|obigen?|urspr\u00fcnglichen?|vorangegangenen?|alten)\s{1,4}"
            rf"{_FEW}{_DE}"
            rf"|setze? dich \u00fcber\s{{1,4}}{_FEW}{_DE}\s{{1,4}}{_FEW}hinweg"
            rf"|halte? dich (?:nicht|nicht mehr|nie) an\s{{1,4}}(?:deine|die)\s{{1,4}}{_FEW}{_DE}"
            rf"|(?:folge|befolge|beachte)\s{{1,4}}{_FEW}(?:deine[nr]?|den|die)\s{{1,4}}{_FEW}{_DE}"
            r"\s{1,4}(?:nicht|nie)(?: mehr| l\u00e4nger)?"
            rf"|(?:folge|befolge|beachte) (?:nicht|nie) (?:mehr |l\u00e4nger )?(?:deine[nr]?|den"
            rf"|die)\s{{1,4}}{_FEW}{_DE}"
        ),
        score=0.85,
    ),
    _injection(
        id="drop-orders-french",
        trigger=(
            r"\b(?:ignore|ignorez|oublie|oubliez|n\xc3\xa9glige|n\xc3\xa9gligez|contourne"
            r"|contournez|d\xc3\xa9sob\xc3\xa9i|fais abstraction|faites abstraction|mets de"
            r" c\xc3\xb4t\xc3\xa9|ne (?:suis|respecte|tiens|tenez|suivez|respectez))"
        ),
        regex=(
            r"(?:(?:ignore|oublie|n\u00e9glige|contourne)z?|d\u00e9sob\u00e9i(?:s|ssez)|mets de"
            r" c\u00f4t\u00e9|(?:fais|faites) abstraction)\s{1,4}(?:\w+\s{1,4}){0,2}?(?:tes|vos|ses"
            rf"|ces|(?:les|des)(?=\s{{1,4}}{_FEW}{_FR}\s{{1,4}}(?:pr\u00e9c\u00e9dent"
            rf"|ant\u00e9rieur"
            rf"|ci-dessus|du d\u00e9veloppeur|que tu|qu'on t)))\s{{1,4}}{_FEW}{_FR}"
            rf"|ne (?:suis|respecte|tiens|tenez|suivez|respectez)\s{{1,4}}(?:plus|pas"
            rf"|aucune?)\s{{1,4}}(?:compte (?:de|des) )?(?:tes|vos|les|ces)?\s{{0,4}}{_FEW}{_FR}"
        ),
        score=0.85,
    ),
    _injection(
        id="drop-orders-spanish",
        trigger=(
            r"\b(?:ignora|olvida|olv\xc3\xaddate|desatiende|haz caso omiso|no hagas caso|deja de"
            r" lado|omite|s\xc3\xa1ltate|desobedece|no sigas|no obedezcas|descarta|elude|deja de"
            r" (?:seguir|obedecer))\s"
        ),
        regex=(
            r"(?:ignora|olvida|olv\u00eddate|desatiende|haz caso omiso|no hagas caso|deja de lado"
            r"|omite|s\u00e1ltate|desobedece|no sigas|no obedezcas|descarta|elude|deja de (?:seguir"
            rf"|obedecer))\s{{1,4}}{_FEW}(?:tus|sus|todas|anteriores|previas|esas|(?:las|los)"
            rf"(?=\s{{1,4}}{_FEW}{_ES}\s{{1,4}}(?:anteriores|previas|previos|de arriba|del sistema"
            rf"|que te|originales)))\s{{1,4}}{_FEW}{_ES}"
        ),
        score=0.85,
    ),
    _injection(
        id="drop-orders-italian",
        trigger=(
            r"\b(?:ignora|dimentica|trascura|tralascia|scavalca|aggira|disobbedisci|non seguire"
            r"|non tenere conto|non rispettare|metti da parte|lascia perdere|smetti di seguire)\s"
        ),
        regex=(
            r"(?:ignora|dimentica|trascura|tralascia|scavalca|aggira|disobbedisci|non seguire|non"
            r" tenere conto|non rispettare|metti da parte|lascia perdere|smetti di seguire)\s{1,4}"
            rf"{_FEW}(?:tue|delle tue|precedenti|le(?=\s{{1,4}}{_FEW}{_IT}\s{{1,4}}(?:precedenti"
            rf"|di sistema|del sistema|che ti|qui sopra|ricevute|originali)))\s{{1,4}}{_FEW}{_IT}"
        ),
        score=0.85,
    ),
    _injection(
        id="drop-orders-portuguese",
        trigger=(
            r"\b(?:ignor[ea]|esque(?:\xc3\xa7a|ce)|desconsider[ea]|desprez[ea]|n\xc3\xa3o siga"
            r"|n\xc3\xa3o obede\xc3\xa7a|deixe de lado|contorne|desobede\xc3\xa7a|descarte|pare de"
            r" seguir)\s"
        ),
        regex=(
            r"(?:ignor[ea]|esque(?:\u00e7a|ce)|desconsider[ea]|desprez[ea]|n\u00e3o siga|n\u00e3o"
            r" obede\u00e7a|deixe de lado|contorne|desobede\u00e7a|descarte|pare de seguir)"
            rf"\s{{1,4}}{_FEW}(?:suas|seus|tuas|teus|anteriores|pr\u00e9vias|(?:as|os)"
            rf"(?=\s{{1,4}}{_FEW}{_PT}\s{{1,4}}(?:anteriores|pr\u00e9vias|acima|do sistema|que"
            rf"|originais)))\s{{1,4}}{_FEW}{_PT}"
        ),
        score=0.85,
    ),
    _injection(
        id="drop-orders-dutch",
        trigger=(r"\b(?:negeer|vergeet|omzeil|sla|trek je|houd je|hou je|volg|laat)\s"),
        regex=(
            rf"(?:negeer|vergeet|omzeil)\s{{1,4}}{_FEW}(?:je|jouw|uw|vorige|eerdere|bovenstaande"
            rf"|oorspronkelijke)\s{{1,4}}{_FEW}{_NL}"
            rf"|(?:sla|laat)\s{{1,4}}{_FEW}(?:je|jouw|alle|vorige|eerdere)\s{{1,4}}{_FEW}{_NL}"
            r"\s{1,4}(?:over|varen|los|vallen)"
            rf"|trek je (?:niets|niks) (?:meer )?aan van\s{{1,4}}{_FEW}{_NL}"
            rf"|houd? je niet (?:meer |langer )?aan (?:je|de|jouw)\s{{1,4}}{_FEW}{_NL}"
            rf"|volg (?:je|de|jouw)\s{{1,4}}{_FEW}{_NL}\s{{1,4}}(?:niet|nooit)"
        ),
        score=0.85,
    ),
    _injection(
        id="orders-void-abroad",
        trigger=(
            r"\b(?:gelten|gilt|ne s'appliquent|ne valent|ya no|non valgono|non si applicano"
            r"|n\xc3\xa3o (?:valem|se aplicam)|gelden|sind aufgehoben|sont annul)"
        ),
        reach=70,
        regex=(
            rf"(?:deine|alle deine|bisherigen?|obigen?) {_FEW}{_DE} (?:gelten"
            rf"|sind) {_FEW}(?:nicht mehr|ab (?:jetzt"
            r"|sofort) nicht|aufgehoben)"
            rf"|(?:tes|vos) {_FEW}{_FR} (?:ne s'appliquent plus|ne valent plus|sont"
            r" annul\u00e9e?s)"
            rf"|(?:tus) {_FEW}{_ES} ya no (?:se aplican|valen|aplican|cuentan|importan)"
            rf"|(?:le tue) {_FEW}{_IT} non (?:valgono|si applicano) pi\u00f9"
            rf"|(?:suas|tuas) {_FEW}{_PT} n\u00e3o (?:valem|se aplicam) mais"
            rf"|(?:je|jouw) {_FEW}{_NL} gelden {_FEW}niet (?:meer|langer)"
        ),
        score=0.85,
    ),
    _injection(
        id="what-were-you-told-abroad",
        trigger=(
            r"\b(?:wie lauten|was steht in|welche (?:anweisung|regeln|vorgaben|instruktion)|quelles"
            r" sont|cu\xc3\xa1les son|qu\xc3\xa9 instrucciones|quali sono|quais s\xc3\xa3o|wat zijn"
            r"|welke (?:instructies|regels)|que dit|qu\xc3\xa9 dice|cosa dice|o que diz)\s"
        ),
        regex=(
            rf"(?:wie lauten|was steht in) deine[nrm]? {_FEW}(?:{_DE}|prompt)"
            rf"|welche {_DE} {_FEW}(?:hast du|wurden dir|hat man dir) {_FEW}(?:bekommen|erhalten"
            r"|gegeben)"
            rf"|quelles sont (?:tes|vos|les) {_FEW}(?:instructions|consignes) {_FEW}(?:syst\u00e8me"
            r"|initiales|cach\u00e9es|secr\u00e8tes|internes|que tu as|qu'on t'a)"
            rf"|cu\u00e1les son tus {_FEW}(?:instrucciones|directrices)"
            r"|qu\u00e9 instrucciones {0,3}(?:te han dado|te dieron|recibiste|tienes)"
            rf"|quali sono le tue {_FEW}(?:istruzioni|direttive)"
            rf"|quais s\u00e3o (?:as )?(?:suas|tuas) {_FEW}(?:instru\u00e7\u00f5es|diretrizes)"
            rf"|wat zijn (?:je|jouw|uw) {_FEW}(?:instructies|systeeminstructies)"
            rf"|welke (?:instructies|regels) (?:heb je|zijn je) {_FEW}(?:gekregen|gegeven)"
            r"|(?:que dit|qu\u00e9 dice|cosa dice|o que diz) (?:ton|tu|il tuo|o seu|seu)"
            r" (?:message syst\u00e8me|prompt|mensaje de sistema|messaggio di sistema)"
        ),
        score=0.8,
    ),
    _jailbreak(
        id="as-if-without-rules-abroad",
        trigger=(
            r"\b(?:tu so|stell dir vor|spiel|verhalte dich|antworte|du bist|fais comme si|comporte"
            r"-toi|imagine que tu|tu es|r\xc3\xa9ponds|act\xc3\xbaa como|comp\xc3\xb3rtate|imagina"
            r" que|finge que|eres|responde|fai finta|comportati|immagina di|sei|rispondi|aja como"
            r"|finja|imagine que voc\xc3\xaa|voc\xc3\xaa \xc3\xa9|doe alsof|gedraag je|stel je voor"
            r"|je bent|antwoord)[ ,]"
        ),
        regex=(
            r"(?:tu so|stell dir vor|spiele?|verhalte dich|antworte|du bist),?"
            rf"\s{{1,4}}{_SOME}(?:ohne|keine(?:rlei|n)?|frei von|ungebunden an)\s{{1,4}}{_FEW}"
            r"(?:regeln|filter|grenzen|einschr\u00e4nkung(?:en)?|zensur|beschr\u00e4nkung(?:en)?"
            r"|moral|tabus|richtlinien|schranken)\b"
            r"|(?:fais comme si|comporte-toi comme|imagine que tu|tu es|r\u00e9ponds)"
            rf"\s{{1,4}}{_SOME}(?:sans|aucune?|pas de|libre de toute?)\s{{1,4}}{_FEW}"
            r"(?:r\u00e8gles?|restrictions?|limites?|filtres?|censure|\u00e9thique|morale)\b"
            r"|(?:act\u00faa como|comp\u00f3rtate como|imagina que|finge que|eres|responde)"
            rf"\s{{1,4}}{_SOME}(?:sin|ninguna?|no tuvieras|no tienes|libre de)\s{{1,4}}{_FEW}"
            r"(?:reglas?|restricci(?:ones|\u00f3n)|l\u00edmites?|filtros?|censura"
            r"|\u00e9tica|moral)\b"
            r"|(?:fai finta|comportati come|immagina di|sei|rispondi)"
            rf"\s{{1,4}}{_SOME}(?:senza|non avere|non avessi|privo di|libero da)\s{{1,4}}{_FEW}"
            r"(?:regole|restrizioni|limiti|limitazioni|filtri|censura|etica|morale)\b"
            r"|(?:aja como|finja|imagine que voc\u00ea|voc\u00ea \u00e9|responda)"
            rf"\s{{1,4}}{_SOME}(?:sem|n\u00e3o tem|n\u00e3o tivesse|livre de)\s{{1,4}}{_FEW}"
            r"(?:regras|restri\u00e7\u00f5es|limites|filtros|censura|\u00e9tica|moral)\b"
            r"|(?:doe alsof|gedraag je als|stel je voor dat|je bent|antwoord)"
            rf"\s{{1,4}}{_SOME}(?:zonder|geen|vrij van)\s{{1,4}}{_FEW}(?:regels|beperkingen"
            r"|grenzen|filters?|censuur|moraal|ethiek)\b"
        ),
        score=0.75,
    ),
    _injection(
        id="drop-orders-far",
        trigger=(
            r"\xe5\xbf\xbd\xe7\x95\xa5|\xe5\xbf\x98\xe8\xae\xb0"
            r"|\xe7\x84\xa1\xe8\xa6\x96|\xe6\x97\xa0"
            r"\xe8\xa7\x86|\xd8\xaa\xd8\xac\xd8\xa7\xd9\x87\xd9\x84"
            r"|\xd0\xb3\xd0\xbd\xd0\xbe\xd1\x80"
            r"\xd0\xb8\xd1\x80|\xd0\xb0\xd0\xb1\xd1\x83\xd0\xb4\xd1\x8c"
        ),
        reach=40,
        regex=(
            r"(?:\u5ffd\u7565|\u5fd8\u8bb0"
            r"|\u65e0\u89c6)[^\u3002\n]{0,12}?(?:\u4e4b\u524d|\u4ee5\u4e0a"
            r"|\u4e0a\u9762|\u5148\u524d|\u6240\u6709|\u4f60\u7684)[^\u3002\n]{0,8}?(?:\u6307\u4ee4"
            r"|\u6307\u793a|\u8bf4\u660e|\u89c4\u5219|\u63d0\u793a|\u9650\u5236)"
            r"|(?:\u4ee5\u524d|\u3053\u308c\u307e\u3067|\u4e0a\u8a18|\u524d)[^\u3002\n]{0,8}?"
            r"(?:\u6307\u793a|\u547d\u4ee4|\u30eb\u30fc\u30eb|\u5236\u9650)[^\u3002\n]{0,6}?"
            r"(?:\u7121\u8996)"
            r"|(?:[\u0418\u0438]|\u041f\u0440\u043e\u0438"
            r"|\u043f\u0440\u043e\u0438)\u0433\u043d\u043e"
            r"\u0440\u0438\u0440\u0443?\u0439[^.\n]{0,40}?(?:\u0438\u043d\u0441\u0442\u0440\u0443\u043"
            r"a"
            r"\u0446|\u0443\u043a\u0430\u0437\u0430\u043d"
            r"|\u043f\u0440\u0430\u0432\u0438\u043b|\u043e"
            r"\u0433\u0440\u0430\u043d\u0438\u0447)"
            r""
            r"|[\u0417\u0437]\u0430\u0431\u0443\u0434\u044c[^.\n]{0,30}?(?:\u0441\u0432\u043e\u0438|\u0432"
            r"\u0441\u0435"
            r"|\u043f\u0440\u0435\u0434\u044b\u0434\u0443\u0449)[^.\n]{0,20}?(?:\u0438\u043d"
            r"\u0441\u0442\u0440\u0443\u043a\u0446"
            r"|\u0443\u043a\u0430\u0437\u0430\u043d|\u043f\u0440\u0430"
            r"\u0432\u0438\u043b)"
            r""
            r"|\u062a\u062c\u0627\u0647\u0644[^.\n]{0,30}?(?:\u0627\u0644\u062a\u0639\u0644\u064a\u0645"
            r"\u0627\u062a|\u0627\u0644\u0623\u0648\u0627\u0645\u0631"
            r"|\u0627\u0644\u0642\u0648\u0627\u0639"
            r"\u062f|\u062a\u0639\u0644\u064a\u0645\u0627\u062a)"
        ),
        score=0.85,
    ),
)
SHEETS: Final = ()
