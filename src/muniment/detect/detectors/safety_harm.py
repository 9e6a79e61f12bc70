"""Harmful content by phrases: self-harm, violence, weapons, threats. A signal for a person.

Lists of slurs are not shipped: what offends differs by place and changes; they are own terms.
"""

from __future__ import annotations

from functools import partial
from typing import Final

from muniment.detect.models import Family, Pattern, Sheet

_signal = partial(
    Pattern, type="HARMFUL_CONTENT", family=Family.SAFETY, ignore_case=True, firm=True
)

_HOW: Final = (
    r"(?:how (?:do|can|could|would|to)|describe how|tell me|explain|teach me|show me|give me"
    r"|instructions|steps"
    r"|guide|best way|where (?:can|do))"
)
PATTERNS: Final = (
    _signal(
        id="harm-to-others",
        trigger=(
            r"\b(?:poison (?:my|his|her|a|the|some)|rid of (?:a|the|my) (?:dead )?(?:body|corpse)"
            r"|hide a "
            r"(?:dead )?body|groom (?:a |an )?(?:child|minor|kid|young|underage)|stolen (?:credit "
            r"|debit )?card|(?:hack|steal)\b|untraceable (?:gun|weapon|poison)|without getting"
            r" caught)"
        ),
        reach=90,
        regex=(
            _HOW
            + r"[^.?!\n]{0,60}?(?:poison (?:my|his|her|a|the|some) (?:wife|husband|boss|neighbou?r"
            r"|dog"
            r"|ex|person|family|water supply|roommate)|rid of (?:a|the|my) (?:dead )?(?:body"
            r"|corpse)"
            r"|hide a (?:dead )?body|groom (?:an? )?(?:child|minor|kid|young|underage)[\w ]{0,10}"
            r"|stolen (?:credit |debit )?cards?|hack (?:into )?(?:my |someone|somebody|an? |the "
            r"|his "
            r"|her )(?:\w+(?:'s)? ){0,3}?(?:account|wifi|wi-fi|phone|e-?mail|password|bank|webcam"
            r"|facebook|instagram)|steal (?:his|her|their|someone's|somebody's|an?|my)"
            r" [\w' ]{0,20}?"
            r"(?:password|identity|card|car|money)|untraceable (?:gun|weapon|poison)|without"
            r" getting "
            r"caught)"
            r"|groom a (?:child|minor) online"
        ),
        score=0.75,
    ),
    _signal(
        id="crime-by-request",
        trigger=(
            r"\b(?:break into|stalk|kidnap|strangle|stab|blackmail|launder|burn down|buy"
            r" (?:fentanyl|heroin"
            r"|cocaine|meth|a gun)|sleeping pills)\b"
        ),
        reach=90,
        regex=(
            _HOW + r"[^.?!\n]{0,50}?(?:break into (?:my|someone|somebody|an?|the|his|her)"
            r" [\w' ]{0,20}?(?:phone"
            r"|house|car|account|computer|home)|stalk (?:my|someone|somebody|an?|her|him)|kidnap"
            r" (?:a|an"
            r"|my|the|someone)|strangle (?:someone|somebody|a|my|her|him)|stab (?:someone|somebody"
            r"|my|her"
            r"|him)|blackmail (?:someone|somebody|my|an?)|launder (?:\w+ )?money|burn down (?:a"
            r"|the|my)"
            r"|buy (?:fentanyl|heroin|cocaine|meth|a gun without))"
            r"|(?:what|which)[^.?!\n]{0,30}way to (?:strangle|stab|poison|kidnap|stalk|blackmail) "
            r"(?:someone|somebody|a|my)"
            r"|(?:how many|what amount of)[^.?!\n]{0,30}(?:sleeping )?pills[^.?!\n]{0,30}(?:die"
            r"|kill|dead)"
            r"|plan(?:ning)? to (?:stab|kidnap|strangle|blackmail) (?:my|him|her|them|someone|the)"
        ),
        score=0.75,
    ),
    _signal(
        id="attack-plans",
        trigger=(
            r"\b(?:plan|carry out|commit|organi[sz]e|planning|exterminate|eradicate|lynch|print) "
            r"(?:a |an |the |all |them|every|my |some )"
        ),
        regex=(
            r"(?:plan|carry out|commit|organi[sz]e|planning) (?:an? |the |my )(?:\w+"
            r" )?(?:terror(?:ist)? "
            r"attack|mass shooting|school shooting|bombing|massacre|murder|kidnapping"
            r"|genocide)\b(?! myster)"
            r"|(?:exterminate|eradicate|lynch) (?:all of (?:them|those)|them all|all (?:the"
            r" )?(?:jews"
            r"|muslims|christians|blacks|whites|gays|immigrants|foreigners|women|men))"
            r"|print an? (?:untraceable |working |plastic )?(?:gun|firearm|pistol|ghost gun)\b"
        ),
        score=0.75,
    ),
    _signal(
        id="self-harm",
        trigger=(
            r"\b(?:kill myself|end my life|want to die|hurt myself|harm myself|cut myself"
            r"|commit suicide|suicidal|end it all|take my own life|mich umbringen|me suicider"
            r"|suicidarme|quiero morir|me matar|uccidermi|mezelf doden|(?:don't|dont|do not) want"
            r" to "
            r"(?:live|be alive)|better off dead|no reason to live|overdose (?:on|and)|ich will"
            r" sterben"
            r"|je veux mourir|voglio morire|quero morrer|ik wil dood)"
        ),
        regex=(
            r"(?:(?:want|going|plan(?:ning)?|ready|how) to |i(?:'ll| will) )?(?:kill myself|end "
            r"my life|want to die|hurt myself|harm myself|cut myself|commit suicide|end it all"
            r"|take my own life)|(?<!denies )(?<!no )(?<!without )(?<!any )suicidal (?:thoughts?"
            r"|ideation|plan)|mich umbringen|me suicider|suicidarme|quiero morir|me matar|uccidermi"
            r"|mezelf doden|(?:don't|dont|do not) want to (?:live|be alive)\b(?! (?:in|with|at|on"
            r"|near|here|there|like|by|next|so)\b)(?: any ?more)?|better"
            r" off "
            r"dead|no reason to live\b(?! (?:in|with|at|on|near|here|there)\b)|overdose (?:on|and"
            r" die)|ich will sterben|je veux mourir"
            r"|voglio "
            r"morire|quero morrer|ik wil dood"
        ),
        score=0.75,
    ),
    _signal(
        id="weapons",
        trigger=(
            r"\b(?:build|make|construct|assemble|synthesi[sz]e|create|making|building|cook"
            r"|manufacture) (?:a |an |some |my own |homemade )?(?:pipe |nail |car |dirty |nerve "
            r"|pressure cooker )?(?:bomb|bombs|explosives?|ied|nerve agent|sarin|ricin|vx"
            r"|anthrax|napalm|molotov|ghost gun|silencer|bioweapon|chemical weapon|meth"
            r"|methamphetamine)"
        ),
        regex=(
            r"(?:build|make|construct|assemble|synthesi[sz]e|create|making|building|cook"
            r"|manufacture) (?:a |an |some |my own |homemade )?(?:pipe |nail |car |dirty |nerve "
            r"|pressure cooker )?(?:bombs?|explosives?|ied|nerve agent|sarin|ricin|vx|anthrax"
            r"|napalm|molotov(?: cocktail)?|ghost gun|silencer|bioweapon|chemical weapon"
            r"|meth(?:amphetamine)?)\b"
        ),
        score=0.8,
    ),
    _signal(
        id="threat",
        trigger=(
            r"\b(?:i will|i'll|i'm going to|i am going to|we will|gonna) (?:kill|shoot|stab"
            r"|murder|bomb|hurt|beat|rape|strangle|blow up) "
        ),
        regex=(
            r"(?:i will|i'll|i'm going to|i am going to|we will|gonna) (?:(?:kill|shoot|stab|murder"
            r"|bomb|hurt|rape|strangle) (?:you|him|her|them|everyone|everybody|all of)\b(?! an? "
            r"(?:e-?mail|mail|message|text|note)| some\b)|beat (?:you|him|her|them) (?:up|to death"
            r"|senseless)|(?:shoot up|blow up|bomb) (?:the|a|my|this|that|your) (?:school|office"
            r"|mall"
            r"|church|mosque|synagogue|airport|station|building|house|place)|(?:kill|murder|stab)"
            r" (?:my"
            r"|the) (?:wife|husband|boss|boyfriend|girlfriend|neighbou?r|teacher|ex|family|kids?))"
        ),
        score=0.75,
    ),
    _signal(
        id="exploitation",
        trigger=(
            r"\b(?:child porn|csam|child sexual|sexual(?:ly explicit)? (?:content|images?"
            r"|material) (?:of|with|involving) (?:a )?(?:child|children|minors?|kids?))"
        ),
        regex=(
            r"child porn(?:ography)?|csam|child sexual (?:abuse|exploitation)(?: material)?"
            r"|sexual(?:ly explicit)? (?:content|images?|material) (?:of|with|involving) (?:a "
            r")?(?:child|children|minors?|kids?)"
        ),
        score=0.85,
    ),
    _signal(
        id="malware",
        trigger=(
            r"\b(?:write|create|code|build|make|develop|generate) (?:me )?(?:a |an |some "
            r")?(?:working |undetectable |polymorphic |simple )?(?:ransomware|keylogger|malware"
            r"|computer virus|rootkit|botnet|trojan|worm|phishing)"
            r"|\b(?:virus|worm|program|script|code|software) that (?:encrypt|steal"
            r"|spread|record|log"
            r"|evade)"
        ),
        reach=50,
        regex=(
            r"(?:write|create|code|build|make|develop"
            r"|generate)[^.?!\n]{0,30}? (?:(?:virus|worm) that"
            r" (?:encrypts?|steals?|spreads?|deletes?)|(?:program|script|code"
            r"|software) that (?:steals?"
            r"|spreads itself|(?:records?|logs?) (?:all |every )?keystrokes?|evades? (?:antivirus"
            r"|detection)))|"
            r"(?:write|create|code|build|make|develop|generate) (?:me )?(?:a |an |some "
            r")?(?:working |undetectable |polymorphic |simple )?(?:ransomware|keylogger|malware"
            r"|computer virus|rootkit|botnet|trojan|worm|phishing (?:(?:e-)?mails?|email|page|site"
            r"|kit|text|message|sms))(?! (?:response|recovery|polic|playbook|plan|training|report"
            r"|awareness|defen|protection|prevention|detect|guide|checklist|scanner|simulation"
            r"|incident|tabletop|drill|exercise|test))"
        ),
        score=0.75,
    ),
)
SHEETS: Final = (
    Sheet(
        type="HARMFUL_CONTENT",
        family=Family.SAFETY,
        title="Signals of harmful content",
        finds="Phrases about hurting oneself or others, making weapons or malware, and abuse of"
        " children.",
        limits="Phrases, not meaning: news, law and fiction use them too. Meant for a person's "
        "look,"
        " not for judging people.",
        examples=("how to build a pipe bomb",),
        near_misses=("this talk is the bomb", "kill the process"),
        control="CC6.8",
    ),
)
