"""A small invented kommun: two förvaltningar, three enheter in three nämnder, one of them fee-financed with reglering."""

from __future__ import annotations

from data_contracts.kommun import Kommun


def _rad(kod: str, namn: str, typ: str, niva: int = 0, delar: tuple[str, ...] = ()) -> dict[str, object]:
    return {"kod": kod, "namn": namn, "typ": typ, "niva": niva, "delar": delar}


_DRIFT_SKATT = {
    "kod": "drift_skatt",
    "namn": "Drift, skattefinansierad",
    "resultatrad": "resultat",
    "rader": [
        _rad("intakter_rubrik", "Intäkter", "rubrik"),
        _rad("taxor", "Taxor och avgifter", "intakt", 1),
        _rad("ovriga_intakter", "Övriga intäkter", "intakt", 1),
        _rad("intakter", "Summa intäkter", "summa", 0, ("taxor", "ovriga_intakter")),
        _rad("kostnader_rubrik", "Kostnader", "rubrik"),
        _rad("personal", "Personalkostnader", "kostnad", 1),
        _rad("lokaler", "Lokalkostnader", "kostnad", 1),
        _rad("kostnader", "Summa kostnader", "summa", 0, ("personal", "lokaler")),
        _rad("kommunbidrag", "Kommunbidrag", "kommunbidrag"),
        _rad("resultat", "Resultat", "summa", 0, ("intakter", "kostnader", "kommunbidrag")),
    ],
}

_DRIFT_AVGIFT = {
    "kod": "drift_avgift",
    "namn": "Drift, avgiftsfinansierad",
    "resultatrad": "resultat",
    "rader": [
        _rad("intakter", "Intäkter", "intakt"),
        _rad("kostnader", "Kostnader", "kostnad"),
        _rad("finansnetto", "Finansnetto", "finansnetto"),
        _rad("fore_reglering", "Resultat före reglering", "summa", 0, ("intakter", "kostnader", "finansnetto")),
        _rad("reglering", "Reglering mot abonnentkollektivet", "reglering"),
        _rad("resultat", "Resultat", "summa", 0, ("fore_reglering", "reglering")),
    ],
}

_INVESTERINGAR = {
    "kod": "investeringar",
    "namn": "Investeringar",
    "resultatrad": "totalt",
    "rader": [
        _rad("fastigheter", "Fastigheter", "utgift"),
        _rad("inventarier", "Inventarier", "utgift"),
        _rad("totalt", "Summa investeringar", "summa", 0, ("fastigheter", "inventarier")),
    ],
}


def example_kommun() -> Kommun:
    """The invented kommun Exempelby, whose TEK returns in tkr and BUF in mnkr."""
    return Kommun.model_validate(
        {
            "schema_version": 1,
            "kod": "exempelby",
            "namn": "Exempelby kommun",
            "kommunkod": "9999",
            "profil": {"accentfarg": "#1f5c4d"},
            "enheter": [
                {
                    "kod": "TEK",
                    "namn": "Tekniska nämnden, skattefinansierat",
                    "finansiering": "skattefinansierad",
                    "drift": "drift_skatt",
                    "investeringar": "investeringar",
                },
                {
                    "kod": "VA",
                    "namn": "Vatten och avlopp",
                    "finansiering": "avgiftsfinansierad",
                    "drift": "drift_avgift",
                    "investeringar": "investeringar",
                },
                {
                    "kod": "BUN",
                    "namn": "Barn- och utbildningsnämnden",
                    "finansiering": "skattefinansierad",
                    "drift": "drift_skatt",
                    "verksamheter": [
                        {"kod": "forskola", "namn": "Förskola"},
                        {"kod": "grundskola", "namn": "Grundskola"},
                    ],
                    "volymer": [
                        {"kod": "barn", "namn": "Barn i förskola", "matt_enhet": "barn"},
                        {"kod": "timmar", "namn": "Timmar i fritidshem", "matt_enhet": "timmar", "decimaler": 1},
                    ],
                },
            ],
            "namnder": [
                {"kod": "TN", "namn": "Tekniska nämnden", "enheter": ["TEK"]},
                {"kod": "VAN", "namn": "VA-nämnden", "enheter": ["VA"]},
                {"kod": "BUN", "namn": "Barn- och utbildningsnämnden", "enheter": ["BUN"]},
            ],
            "forvaltningar": [
                {"kod": "TEK", "namn": "Tekniska förvaltningen", "enheter": ["TEK", "VA"], "returenhet": "tkr"},
                {"kod": "BUF", "namn": "Barn- och utbildningsförvaltningen", "enheter": ["BUN"], "returenhet": "mnkr"},
            ],
            "uppstallningar": [_DRIFT_SKATT, _DRIFT_AVGIFT, _INVESTERINGAR],
            "kalender": {"retur_senast_arbetsdag": 8, "stangning_dag": 15},
        }
    )
