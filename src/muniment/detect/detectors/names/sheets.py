"""Data sheets of the names layer: what it finds and its limits; `measured` has the error rates."""

from __future__ import annotations

from typing import Final

from muniment.detect.models import Family, Sheet

SHEETS: Final = (
    Sheet(
        type="PERSON",
        family=Family.NAMES,
        title="People",
        finds="Whole names, first names, last names and initials, without titles before them.",
        limits="Latin letters only; names in small letters that are also words are missed.",
        examples=("Dear Priya Nair,", "Regards, Anne-Marie O'Brien"),
        near_misses=("The C4 model", "Each individual must sign."),
    ),
    Sheet(
        type="ORGANIZATION",
        family=Family.NAMES,
        title="Organisations",
        finds="Companies, authorities, schools, hospitals, clubs, parties.",
        limits="Names that are ordinary words are missed; on tweets it misses most.",
        examples=("She works at Hartwell Logistics Ltd.",),
        near_misses=("The Company may end this Agreement.", "Deploy it on EKS."),
    ),
    Sheet(
        type="LOCATION",
        family=Family.NAMES,
        title="Places",
        finds="Countries, regions, towns, waters and their short forms.",
        limits="Small towns without words such as in or near beside them are missed.",
        examples=("We moved from Leeds to Berlin.",),
        near_misses=("Upload it to S3.",),
    ),
    Sheet(
        type="STREET_ADDRESS",
        family=Family.NAMES,
        title="Street addresses",
        finds="Street and number with flat or box, and postal codes; the town is a place.",
        limits="Streets without a number beside a person may be taken for a name.",
        examples=("Send it to 14 Oak Street, Leeds.", "Lindenstraße 5, 10115 Berlin"),
        near_misses=("Version 2.4 of Chapter 3",),
    ),
    Sheet(
        type="JOB_TITLE",
        family=Family.NAMES,
        title="Job titles",
        finds="Occupations and positions such as nurse or head of marketing.",
        limits="Titles of several words may lose their first; what is a title is a matter of view.",
        examples=("She is a software engineer.",),
        near_misses=("The report is due.",),
    ),
    Sheet(
        type="NRP",
        family=Family.NAMES,
        title="Nationality, religion, political group",
        finds="Words that say where people come from, what they believe, or whom they vote for.",
        limits="Names of languages may be taken for a nationality.",
        examples=("He is a Danish citizen.",),
        near_misses=("Mark the page.",),
    ),
)
