"""Health: record and plan numbers, prescribers, diagnoses and drugs, mostly by the words nearby."""

from __future__ import annotations

from functools import partial
from typing import Final

from muniment.detect.models import Family, Pattern, Sheet, Words
from muniment.detect.rules.check_digits import luhn, weighted
from muniment.detect.rules.shapes import checked

_RECORD: Final = Words(
    en="mrn|medical record|medical record number|patient id|patient number|patient no|chart number"
    "|chart no|record number|hospital number|patient|chart|medical rec|med rec",
    de="patientennummer|patienten id|fallnummer|krankenakte|patientenakte",
    fr="dossier medical|numero de patient|numero patient|ipp|dossier patient",
    es="historia clinica|numero de paciente|expediente medico|nhc|expediente clinico",
    pt="prontuario|numero do paciente|processo clinico|numero de utente",
    it="cartella clinica|numero paziente|codice paziente",
    nl="patientnummer|patient nummer|medisch dossier|dossiernummer",
)
_PLAN: Final = Words(
    en="member id|member number|health plan|insurance id|policy number|subscriber id|subscriber"
    "|plan id|beneficiary|group number|health insurance|insurance number|policy no|member no"
    "|member|hicn|medicaid id|medicaid|insurance card",
    de="versichertennummer|krankenversicherung|versichertennr|krankenkasse|versicherten nr",
    fr="mutuelle|numero d adherent|assurance maladie|numero adherent",
    es="tarjeta sanitaria|numero de afiliado|seguro medico|poliza",
    pt="carteirinha|plano de saude|seguro de saude|carteira do plano",
    it="tessera sanitaria|polizza sanitaria|numero tessera",
    nl="zorgverzekering|polisnummer|verzekerdennummer|zorgpas",
)
_MEDICARE: Final = Words(en="medicare|mbi|beneficiary|medicare number|cms|medicare beneficiary")
_NPI: Final = Words(
    en="npi|provider|national provider|provider number|prescriber|physician|provider id"
)
_DEA: Final = Words(en="dea|dea number|prescriber|medical license|license|dea no|registration")
_DIAGNOSIS: Final = Words(
    en="icd|icd10|diagnosis|diagnosed|diagnoses|dx|diagnosis code|icd code|condition|admitted|code"
    "|presenting|comorbidity|primary dx|prescribed|diabetes|patient|suffers from|treated for",
    de="patient|patientin|diagnose|diagnosen|diagnostiziert|icd",
    fr="patient|patiente|diagnostic|cim|diagnostique",
    es="paciente|diagnostico|cie|diagnosticado",
    pt="paciente|diagnostico|cid|diagnosticado",
    it="paziente|diagnosi|icd",
    nl="patient|diagnose|gediagnosticeerd",
)
_DIAGNOSIS_ALONE: Final = Words(
    en="icd|icd10|diagnosis|diagnosed|diagnoses|dx|diagnosis code|icd code|comorbidity|primary dx",
    de="diagnose|diagnosen|diagnostiziert|icd",
    fr="diagnostic|cim|diagnostique",
    es="diagnostico|cie|diagnosticado",
    pt="diagnostico|cid|diagnosticado",
    it="diagnosi|icd",
    nl="diagnose|gediagnosticeerd",
)
_DRUG: Final = Words(
    en="mg|mcg|dose|dosage|prescribed|prescription|tablet|tablets|taking|daily|medication|rx|drug"
    "|takes|patient|twice|capsule|ml|injection|units|refill|treated|therapy|meds",
    de="verschrieben|dosis|tablette|tabletten|taeglich|medikament|einnehmen|nimmt|rezept|patient",
    fr="prescrit|comprime|ordonnance|traitement|medicament|posologie|patient|prend|jour",
    es="recetado|tableta|medicamento|dosis|paciente|toma|pastilla|tratamiento|diario",
    pt="prescrito|comprimido|medicamento|dose|paciente|toma|receita",
    it="prescritto|compressa|farmaco|dose|paziente|terapia|prende|ricetta",
    nl="voorgeschreven|tablet|medicijn|dosis|patient|slikt|recept",
)
_DRUGS: Final = (
    "abatacept acyclovir adalimumab albuterol alendronate allopurinol alprazolam amiodarone"
    " amitriptyline amlodipine amoxicillin amphetamine apixaban aripiprazole atenolol"
    " atomoxetine atorvastatin azathioprine azithromycin baclofen benazepril bisoprolol"
    " budesonide bupropion buprenorphine buspirone candesartan carbamazepine carvedilol"
    " cefalexin cephalexin celecoxib cetirizine ciprofloxacin citalopram clarithromycin"
    " clindamycin clonazepam clonidine clopidogrel clozapine codeine colchicine"
    " cyclobenzaprine cyclosporine dabigatran dapagliflozin desvenlafaxine dexamethasone"
    " diazepam diclofenac digoxin diltiazem donepezil doxycycline dulaglutide duloxetine"
    " empagliflozin enalapril enoxaparin escitalopram esomeprazole estradiol eszopiclone"
    " etanercept ezetimibe famotidine fentanyl finasteride fluconazole fluoxetine fluticasone"
    " furosemide gabapentin glargine glimepiride glipizide haloperidol heparin"
    " hydrochlorothiazide hydrocodone hydrocortisone hydroxychloroquine hydroxyzine ibuprofen"
    " imatinib infliximab insulin irbesartan isosorbide ketoconazole labetalol lamotrigine"
    " lansoprazole latanoprost letrozole levetiracetam levofloxacin levothyroxine"
    " lisdexamfetamine lisinopril lithium loratadine lorazepam losartan lovastatin meloxicam"
    " memantine metformin methadone methotrexate methylphenidate methylprednisolone"
    " metoprolol metronidazole mirtazapine montelukast morphine mycophenolate naltrexone"
    " naproxen nifedipine nitrofurantoin nitroglycerin nortriptyline olanzapine olmesartan"
    " omeprazole ondansetron oseltamivir oxcarbazepine oxycodone pantoprazole paroxetine"
    " penicillin phenytoin pioglitazone pramipexole pravastatin prednisolone prednisone"
    " pregabalin propranolol quetiapine ramipril ranitidine risperidone ritonavir rivaroxaban"
    " rizatriptan ropinirole rosuvastatin salbutamol semaglutide sertraline sildenafil"
    " simvastatin sitagliptin spironolactone sulfamethoxazole sumatriptan tacrolimus"
    " tadalafil tamoxifen tamsulosin temazepam tenofovir terbinafine ticagrelor tizanidine"
    " topiramate tramadol trastuzumab trazodone trimethoprim valacyclovir valproate valsartan"
    " venlafaxine verapamil warfarin zolpidem ozempic wegovy xanax lipitor zoloft prozac"
    " humira eliquis xarelto adderall ritalin ventolin synthroid lantus januvia jardiance"
    " truvada biktarvy suboxone"
)
_phi = partial(Pattern, family=Family.PHI)


def _is_npi(digits: str) -> bool:
    return digits[0] in "12" and luhn("80840" + digits)


def _is_dea(value: str) -> bool:
    digits = value[2:]
    odd = sum(int(digits[place]) for place in (0, 2, 4))
    even = sum(int(digits[place]) for place in (1, 3, 5))
    return (odd + 2 * even) % 10 == int(digits[6])


def _is_nhs(digits: str) -> bool:
    check = 11 - weighted(digits[:9], range(10, 1, -1)) % 11
    return len(set(digits)) > 1 and check % 11 == int(digits[9]) and check != 10


PATTERNS: Final = (
    _phi(
        id="medical-record",
        type="MEDICAL_RECORD_NUMBER",
        regex=r"\b(?:MRN|MR|PT|P|H|M)?[\-#]?\d{5,10}\b",
        score=0.05,
        context=_RECORD,
        context_score=0.85,
        joins=".",
    ),
    _phi(
        id="medical-record-letters",
        type="MEDICAL_RECORD_NUMBER",
        regex=r"\b[A-Z]{1,4}-?\d{4,10}\b",
        score=0.05,
        context=Words(
            en="mrn|medical record|medical record number|patient id|patient number|chart number",
            de="patientennummer",
            fr="numero de patient|dossier medical",
            es="historia clinica|nhc",
            pt="prontuario",
            it="cartella clinica",
            nl="patientnummer",
        ),
        context_score=0.87,
    ),
    _phi(
        id="health-plan",
        type="US_HEALTH_INSURANCE_MEMBER_ID",
        regex=r"\b[A-Z]{0,4}-?\d{6,12}(?:-\d{2})?\b",
        score=0.05,
        context=_PLAN,
        context_score=0.82,
        joins=".",
    ),
    _phi(
        id="medicare",
        type="US_MBI",
        regex=(
            r"\b[1-9][AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y0-9]\d-?[AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y0-9]"
            r"\d-?[AC-HJKMNP-RT-Y]{2}\d{2}\b"
        ),
        score=0.8,
        context=_MEDICARE,
        context_score=0.99,
    ),
    _phi(
        id="npi",
        type="US_NPI",
        regex=r"\b[12]\d{9}\b",
        score=0.2,
        context=_NPI,
        context_score=0.99,
        validator=checked(_is_npi, "Luhn digit right with 80840 before"),
    ),
    _phi(
        id="dea",
        type="MEDICAL_LICENSE",
        regex=r"\b[ABCDEFGHJKLMPRSTUX][A-Z9]\d{7}\b",
        score=0.75,
        context=_DEA,
        context_score=0.99,
        validator=checked(_is_dea, "DEA check digit right"),
    ),
    _phi(
        id="nhs",
        type="UK_NHS",
        regex=r"\b\d{3}[ .\-\n]?\d{3}[ .\-\n]?\d{4}\b",
        score=0.52,
        context=Words(en="nhs|nhs number|nhs no|patient|health service|nhsno"),
        context_score=0.99,
        validator=checked(_is_nhs, "modulo 11 check digit right", together=0.2, gaps=2),
    ),
    _phi(
        id="icd10",
        type="ICD10_CODE",
        regex=r"\b[A-TV-Z]\d[0-9AB]\.[0-9A-Z]{1,4}\b",
        score=0.1,
        context=_DIAGNOSIS,
        context_score=0.86,
    ),
    _phi(
        id="icd10-short",
        type="ICD10_CODE",
        regex=r"\b[A-TV-Z]\d[0-9AB]\b",
        score=0.1,
        context=_DIAGNOSIS_ALONE,
        context_score=0.86,
        joins=".",
    ),
    *(
        _phi(
            id=f"drug-{name}",
            type="DRUG_NAME",
            regex=name,
            score=0.3,
            context=_DRUG,
            context_score=0.85,
            ignore_case=True,
        )
        for name in _DRUGS.split()
    ),
)
SHEETS: Final = (
    Sheet(
        type="MEDICAL_RECORD_NUMBER",
        family=Family.PHI,
        title="Medical record numbers",
        finds="Numbers of five to ten digits, also with letters before them, beside a word such as"
        " *MRN* or *patient id*.",
        limits="The numbers have no form of their own; the words decide.",
        examples=("MRN: 00482913",),
        near_misses=("invoice 00482913",),
    ),
    Sheet(
        type="US_HEALTH_INSURANCE_MEMBER_ID",
        family=Family.PHI,
        title="Health plan member numbers",
        finds="Numbers of six to twelve digits, also with letters before them, beside a word such"
        " as *member id*.",
        limits="The numbers have no form of their own; the words decide.",
        examples=("Member ID: XEH123456789",),
        near_misses=("batch XEH123456789",),
    ),
    Sheet(
        type="US_MBI",
        family=Family.PHI,
        title="Medicare beneficiary identifiers",
        finds="The eleven places of the scheme, with or without hyphens.",
        limits="The scheme has no check digit.",
        examples=("1EG4-TE5-MK73",),
        near_misses=("1EG4-TE5-MKA3",),
    ),
    Sheet(
        type="US_NPI",
        family=Family.PHI,
        title="US national provider identifiers",
        finds="Ten digits with a right Luhn digit beside a word such as *NPI*.",
        limits="Without a word nearby ten digits are not taken for one.",
        examples=("NPI 1234567893",),
        near_misses=("NPI 1234567890",),
    ),
    Sheet(
        type="MEDICAL_LICENSE",
        family=Family.PHI,
        title="DEA numbers of US prescribers",
        finds="Two letters and seven digits whose check digit is right.",
        limits="State licences of physicians have no common form and are not found.",
        examples=("DEA BB1388568",),
        near_misses=("BB1388569",),
    ),
    Sheet(
        type="UK_NHS",
        family=Family.PHI,
        title="UK NHS numbers",
        finds="Ten digits with a right check digit, in groups or beside a word such as *NHS*.",
        limits="Ten digits together need a word nearby.",
        examples=("NHS number 943 476 5919",),
        near_misses=("NHS number 943 476 5918",),
    ),
    Sheet(
        type="ICD10_CODE",
        family=Family.PHI,
        title="Diagnoses (ICD-10)",
        finds="Codes of ICD-10 beside a word such as *diagnosis*.",
        limits="Whether a code is in use is not looked up.",
        examples=("diagnosis E11.9",),
        near_misses=("grid cell E11",),
    ),
    Sheet(
        type="DRUG_NAME",
        family=Family.PHI,
        title="Names of drugs",
        finds="About 200 substances and brands that are prescribed most, beside words about taking"
        " or prescribing.",
        limits="Rare drugs are not in the list; add them as own terms.",
        examples=("prescribed metformin 500 mg",),
        near_misses=("the price of insulin stocks",),
    ),
)
