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

PATTERNS: Final = (
    _signal(
        id="self-harm",
        trigger=(
            r"\b(?:kill myself|end my life|want to die|hurt myself|harm myself|cut myself"
            r"|commit suicide|suicidal|end it all|take my own life|mich umbringen|me suicider"
            r"|suicidarme|quiero morir|me matar|uccidermi|mezelf doden)"
        ),
        regex=(
            r"(?:(?:want|going|plan(?:ning)?|ready|how) to |i(?:'ll| will) )?(?:kill myself|end "
            r"my life|want to die|hurt myself|harm myself|cut myself|commit suicide|end it all"
            r"|take my own life)|suicidal (?:thoughts?|ideation|plan)|mich umbringen|me suicider"
            r"|suicidarme|quiero morir|me matar|uccidermi|mezelf doden"
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
            r"|murder|bomb|hurt|beat|rape) "
        ),
        regex=(
            r"(?:i will|i'll|i'm going to|i am going to|we will|gonna) (?:kill|shoot|stab|murder"
            r"|bomb|hurt|beat|rape) (?:you|him|her|them|everyone|everybody|my|the|all)\b"
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
        ),
        regex=(
            r"(?:write|create|code|build|make|develop|generate) (?:me )?(?:a |an |some "
            r")?(?:working |undetectable |polymorphic |simple )?(?:ransomware|keylogger|malware"
            r"|computer virus|rootkit|botnet|trojan|worm|phishing (?:e-?mail|page|site|kit))"
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
