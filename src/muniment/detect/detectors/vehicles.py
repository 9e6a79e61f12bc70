"""Vehicles: identification numbers with their check digit, and registration plates."""

from __future__ import annotations

from functools import partial
from typing import Final

from muniment.detect.models import Checked, Family, Pattern, Sheet, Words

_VIN: Final = Words(
    en="vin|chassis|vehicle|vehicle identification|chassis number|car|truck",
    de="fahrgestellnummer|fin|fahrzeug|fahrzeugidentifikationsnummer",
    fr="vin|chassis|vehicule|numero de chassis",
    es="bastidor|vehiculo|chasis|numero de bastidor",
    pt="chassi|veiculo|numero do chassi",
    it="telaio|veicolo|numero di telaio",
    nl="chassisnummer|voertuig|chassis",
)
_PLATE: Final = Words(
    en="plate|license plate|licence plate|registration|number plate|vehicle|car|reg|reg no|plates"
    "|registration number|parked|van|truck|vrm|driving",
    de="kennzeichen|nummernschild|fahrzeug|auto|kfz|kfz kennzeichen|wagen",
    fr="plaque|immatriculation|vehicule|voiture|immatricule",
    es="matricula|placa|vehiculo|coche",
    pt="placa|matricula|veiculo|carro",
    it="targa|veicolo|auto|targata",
    nl="kenteken|auto|voertuig|nummerplaat",
)
_WEIGHTS: Final = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
_VALUES: Final = {
    **{str(digit): digit for digit in range(10)},
    **dict(
        zip(
            "ABCDEFGHJKLMNPRSTUVWXYZ",
            (1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 7, 9, 2, 3, 4, 5, 6, 7, 8, 9),
            strict=True,
        )
    ),
}
_plate = partial(Pattern, family=Family.PII, context=_PLATE)


def vin(value: str) -> Checked:
    """The ninth place is the check digit of North American numbers; others need a word nearby."""
    letters = sum(letter.isalpha() for letter in value)
    if letters < 2 or len(value) - letters < 4:
        return Checked(False, "not letters and digits mixed")
    total = sum(_VALUES[x] * w for x, w in zip(value, _WEIGHTS, strict=True)) % 11
    if value[8] == ("X" if total == 10 else str(total)):
        return Checked(True, "check digit right")
    return Checked(True, "no check digit", score=0.2)


PATTERNS: Final = (
    Pattern(
        id="vin",
        type="VEHICLE_ID",
        family=Family.PII,
        regex=r"\b[A-HJ-NPR-Z0-9]{11}[A-HJ-NPR-Z0-9]{2}\d{4}\b",
        score=0.85,
        context=_VIN,
        context_score=0.97,
        validator=vin,
    ),
    _plate(
        id="uk-plate",
        type="UK_VEHICLE_REGISTRATION",
        regex=r"\b[A-HJ-PR-Y][A-HJ-PR-Y]\d{2} [A-HJ-PR-Z]{3}\b",
        score=0.6,
        context_score=0.95,
    ),
    _plate(
        id="uk-plate-together",
        type="UK_VEHICLE_REGISTRATION",
        regex=r"\b[A-HJ-PR-Y][A-HJ-PR-Y]\d{2}[A-HJ-PR-Z]{3}\b",
        score=0.3,
        context_score=0.9,
    ),
    _plate(
        id="de-plate",
        type="DE_KFZ",
        regex=r"\b[A-Z]{1,3}[ \-][A-Z]{1,2}[ \-]?[1-9]\d{0,3}[EH]?\b",
        score=0.3,
        context_score=0.9,
    ),
    _plate(
        id="in-plate",
        type="IN_VEHICLE_REGISTRATION",
        regex=(
            r"\b(?:A[NPRS]|BR|C[GH]|D[DLN]|G[AJ]|H[PR]|J[HK]|K[AL]|L[AD]|M[HLNPZ]|NL|O[DR]|P[BY]"
            r"|RJ|SK|T[GNRS]|U[KP]|WB)[ \-]?\d{1,2}[ \-]?[A-HJ-NP-Z]{1,3}[ \-]?\d{4}\b"
        ),
        score=0.6,
        context_score=0.95,
    ),
    _plate(
        id="other-plate",
        type="LICENSE_PLATE",
        regex=(
            r"\b(?:[A-Z]{2}-\d{3}-[A-Z]{2}|\d{4} [BCDFGHJKLMNPRSTVWXYZ]{3}|[A-Z]{2} ?\d{3} "
            r"?[A-Z]{2}|[A-Z]{3}[ \-]?\d{3,4}|\d[A-Z]{3}\d{3}|[A-Z]{3}\d[A-Z]\d{2}"
            r"|[A-Z0-9]{1,3}-[A-Z0-9]{2,3}-[A-Z0-9]{1,3})\b"
        ),
        score=0.1,
        context_score=0.8,
    ),
)
SHEETS: Final = (
    Sheet(
        type="VEHICLE_ID",
        family=Family.PII,
        title="Vehicle identification numbers (VIN)",
        finds="Seventeen places with a right check digit, or any beside a word such as *VIN*.",
        limits="European numbers need no check digit, so they need a word nearby.",
        examples=("1HGCM82633A004352",),
        near_misses=("1HGCM82633A00435O",),
    ),
    Sheet(
        type="UK_VEHICLE_REGISTRATION",
        family=Family.PII,
        title="UK registration plates",
        finds="Plates of the form since 2001.",
        limits="Older plates are found as other plates beside a word such as *plate*.",
        examples=("AB12 CDE",),
        near_misses=("AB123 CDE",),
    ),
    Sheet(
        type="DE_KFZ",
        family=Family.PII,
        title="German registration plates",
        finds="Plates beside a word such as *Kennzeichen*.",
        limits="Without a word nearby they look like many other codes.",
        examples=("Kennzeichen B-AB 1234",),
        near_misses=("Raum B-AB 12",),
    ),
    Sheet(
        type="IN_VEHICLE_REGISTRATION",
        family=Family.PII,
        title="Indian registration plates",
        finds="Plates that begin with a state's code.",
        limits="Old plates without a series are not found.",
        examples=("MH12 AB 1234",),
        near_misses=("ZZ12 AB 1234",),
    ),
    Sheet(
        type="LICENSE_PLATE",
        family=Family.PII,
        title="Other registration plates",
        finds="Common forms of plates beside a word such as *plate*.",
        limits="The word decides.",
        examples=("license plate 7ABC123",),
        near_misses=("flight ABC 123",),
    ),
)
