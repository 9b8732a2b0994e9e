"""The language of a text: six and more, long and short, and none where nothing tells."""

from __future__ import annotations

import pytest

from qa.language import language_of

TEXTS = {
    "en": (
        "Officials in Riga said the train would run again by Friday, once the damaged bridge had been repaired.",
        "Storm Agnes closes the harbour of Lisbon",
        "Kim Jong Un arrives in Vladivostok for talks with Putin",
    ),
    "de": (
        "Die Feuerwehr rettete in der Nacht zum Dienstag elf Menschen aus einem brennenden Haus in der Altstadt.",
        "Bahn streicht Züge zwischen Hamburg und Berlin",
        "Der Konzern verkauft sein Werk in Leipzig an einen Finanzinvestor.",
    ),
    "fr": (
        "Les grévistes bloquent depuis mardi les principaux dépôts de carburant du sud du pays.",
        "Grève des trains : un TGV sur deux circule",
        "Le constructeur rappelle quarante mille voitures pour un défaut de frein.",
    ),
    "es": (
        "El Gobierno aprobó el martes una ley que obliga a las empresas a publicar los salarios.",
        "Huelga de trenes en Cataluña este viernes",
        "La inflación bajó por tercer mes consecutivo en la eurozona.",
    ),
    "it": (
        "Il terremoto ha danneggiato decine di case e duecento persone hanno dormito in tenda.",
        "Sciopero dei treni venerdì in tutta Italia",
        "Le azioni della casa automobilistica hanno perso il quattro per cento.",
    ),
    "nl": (
        "De burgemeester sloot de brug nadat er scheuren in het beton waren gevonden.",
        "Storm legt treinverkeer rond Utrecht stil",
        "Volgens de politie raakten bij het ongeluk op de snelweg vier mensen gewond.",
    ),
    "sv": ("Tågen står stilla efter stormen i Göteborg, sade polisen på tisdagen.",),
    "ru": ("Поезд Кима прибыл во Владивосток",),
    "zh": ("金正恩乘坐装甲列车抵达符拉迪沃斯托克",),
}


@pytest.mark.parametrize(
    ("language", "text"), [(code, text) for code, texts in TEXTS.items() for text in texts]
)
def test_languages_are_told_apart(language: str, text: str) -> None:
    assert [language_of(text), language_of(text)] == [language, language]


@pytest.mark.parametrize("text", ["", " \n", "\0", "Kim", "2-1", "Story 1.", "Page 1 of 2", "😀", "\ud800"])
def test_too_little_to_tell(text: str) -> None:
    assert language_of(text) is None


def test_a_long_text_is_judged_by_its_beginning() -> None:
    assert language_of(TEXTS["de"][0] * 10 + TEXTS["fr"][0] * 1000) == "de"
