"""Which sentence of a hit supports a claim, and whether it does."""

from __future__ import annotations

import pytest

from qa import Hit
from qa.embed import SentenceEmbedder
from qa.verify import SUPPORTED, Checker, checked

SUMMIT = (
    "VLADIVOSTOK, Russia — The summit took place on Thursday at a university on Russky island. "
    "The two men exchanged swords. Kim had come by armoured train. Putin then flew to Beijing to meet "
    "more than 2,000 guests."
)
STORM = "Storm Agnes closed the harbour of Lisbon for two days. Eleven ships waited outside."

FERRY = (
    "HELGEN, Norway — The ferry Solveig ran aground near Helgen on Tuesday with 214 passengers and 31 crew on board. "
    "Captain Ingrid Dahl asked the coast guard for help at 4.15 p.m. All were brought ashore within three hours. "
    "Two of them were treated for cold. The police may question the captain. "
    "The shipping line Nordfjord expects that repairs will cost about 9 million euros."
)
MAYOR = (
    "Mayor Lena Novak beat her rival Tomas Hruby with 58 percent of the vote on Sunday; Hruby, who got 42 percent, "
    "congratulated Novak. She has promised to plant 20,000 trees by 2030. Her party wants to close two coal plants. "
    "The council has not yet approved the plan. In 2021 the town had 11 buses, and in 2024 it had 35."
)
DEAL = (
    "Brandt Foods was bought by the Swiss company Alpina for 3.2 billion francs, the firms said on Monday. "
    "Some 4,000 people work for Brandt, most of them in Bremen. Prices of its shares rose by 12 percent. "
    "No jobs will be lost, Alpina's chief executive, Marc Rossi, said. Analysts doubt that. Unions were not consulted."
)


@pytest.fixture(scope="module")
def checker() -> Checker:
    return Checker(SentenceEmbedder())


def hit(
    text: str, *, start: int = 0, title: str = "Putin and Kim", published: str | None = "2019-04-26"
) -> Hit:
    return Hit(
        article_id=title,
        title=title,
        source="Harbour Wire",
        url=None,
        published=published,
        start=start,
        end=start + len(text),
        text=text,
        score=1.0,
    )


@pytest.mark.parametrize(
    "claim",
    [
        "The two men exchanged swords.",
        "Kim came by armoured train.",
        "Mr Kim travelled in an armoured train.",
        "The summit took place on 25 April 2019 on Russky island.",
        "Putin flew to Beijing to meet over two thousand guests.",
    ],
)
def test_supported(checker: Checker, claim: str) -> None:
    assert checker.support(claim, [hit(SUMMIT)])[0].probability >= SUPPORTED


@pytest.mark.parametrize(
    "claim",
    [
        "The two men did not exchange swords.",
        "Trump came by armoured train.",
        "The summit took place on Wednesday at a university on Russky island.",
        "Putin then flew to Beijing to meet more than 3,000 guests.",
        "Storm Agnes closed the harbour of Lisbon for two days.",
        "The moon is made of cheese.",
        "Its deck is 3,000 metres long.",  # a number of the passage, and nothing else of it
    ],
)
def test_not_supported(checker: Checker, claim: str) -> None:
    assert checker.support(claim, [hit(SUMMIT)])[0].probability < SUPPORTED


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        (FERRY, "The ferry Solveig ran aground near Helgen on Tuesday."),
        (FERRY, "The Solveig had 214 passengers on board."),
        (FERRY, "There were 31 crew on board the ferry."),
        (FERRY, "Captain Dahl asked the coast guard for help."),
        (FERRY, "The coast guard was asked for help by Captain Ingrid Dahl."),
        (FERRY, "All of them were brought ashore within three hours."),
        (FERRY, "Two people were treated for cold."),
        (FERRY, "The captain may be questioned by the police."),
        (FERRY, "Repairs are expected to cost about nine million euros."),
        (FERRY, "The ferry ran aground on 23 April 2019."),
        (MAYOR, "Lena Novak won with 58 percent of the vote."),
        (MAYOR, "Tomas Hruby was beaten by Mayor Novak."),
        (MAYOR, "Hruby got 42 percent of the vote."),
        (MAYOR, "Novak has promised to plant 20,000 trees by 2030."),
        (MAYOR, "The plan has not been approved by the council."),
        (MAYOR, "The town had 35 buses in 2024."),
        (MAYOR, "Her party wants two coal plants to be closed."),
        (DEAL, "Alpina, a Swiss company, bought Brandt Foods for 3.2 billion francs."),
        (DEAL, "About 4,000 people work for Brandt."),
        (DEAL, "The share price rose by 12 percent."),
        (DEAL, "According to Marc Rossi, no jobs will be lost."),
        (DEAL, "The unions were not consulted."),
        (SUMMIT, "Putin flew to Beijing."),
        (SUMMIT, "Swords were exchanged by the two men."),
    ],
)
def test_right(checker: Checker, text: str, claim: str) -> None:
    assert checker.support(claim, [hit(text, title="News")])[0].probability >= SUPPORTED


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        (FERRY, "The ferry Solveig ran aground near Bergen on Tuesday."),
        (FERRY, "The ferry Solveig ran aground near Helgen on Friday."),
        (FERRY, "The Solveig had 314 passengers on board."),
        (FERRY, "The Solveig had 31 passengers on board."),
        (FERRY, "There were 214 crew on board the ferry."),
        (FERRY, "The coast guard asked Captain Ingrid Dahl for help."),
        (FERRY, "All were brought ashore within three days."),
        (FERRY, "None of them were brought ashore."),
        (FERRY, "Two of them were not treated for cold."),
        (FERRY, "The police have questioned the captain."),
        (FERRY, "Captain Erik Dahlberg asked the coast guard for help."),
        (MAYOR, "Tomas Hruby beat his rival Lena Novak with 58 percent of the vote."),
        (MAYOR, "Mayor Lena Novak was beaten by her rival Tomas Hruby."),
        (MAYOR, "Novak has planted 20,000 trees."),
        (MAYOR, "Her party has closed two coal plants."),
        (MAYOR, "The council has approved the plan."),
        (MAYOR, "In 2021 the town had 35 buses."),
        (MAYOR, "She has promised to plant 20,000 trees by 2024."),
        (DEAL, "Brandt Foods bought the Swiss company Alpina for 3.2 billion francs."),
        (DEAL, "Brandt Foods was bought by the Swiss company Alpina for 3.2 million francs."),
        (DEAL, "Prices of its shares fell by 12 percent."),
        (DEAL, "Some 4,000 people work for Alpina."),
        (DEAL, "Jobs will be lost, Alpina's chief executive, Marc Rossi, said."),
        (DEAL, "Unions were consulted."),
        (DEAL, "Brandt Foods was bought by the French company Danone for 3.2 billion francs."),
        (SUMMIT, "The summit took place on Thursday at a university in Moscow."),
        (SUMMIT, "Trump then flew to Beijing to meet more than 2,000 guests."),
    ],
)
def test_wrong(checker: Checker, text: str, claim: str) -> None:
    assert checker.support(claim, [hit(text, title="News")])[0].probability < SUPPORTED


def test_the_sentence_that_has_the_name_wins(checker: Checker) -> None:
    """A sentence about the summit and Russia does not support where in Russia it was, though its article knows."""
    stage = hit(
        "Reporters gathered in Vladivostok. For Putin the summit is a chance to show that Russia is still a major "
        "player on the world stage. Kim wants relief from the sanctions.",
        title="Putin and Kim prepare for summit in Vladivostok",
    )
    place = hit(SUMMIT)
    claim = "The summit took place in Vladivostok, Russia."
    worse, better = checker.support(claim, [stage, place])
    assert worse.probability < SUPPORTED <= better.probability
    assert SUMMIT[better.start : better.end].startswith("VLADIVOSTOK, Russia — The summit took place")
    found = checked(f"{claim} [1]", [stage, place], checker)
    assert [one.quote for one in found.citations] == [SUMMIT[better.start : better.end]]


def test_a_name_may_be_carried_over_from_the_sentence_before(checker: Checker) -> None:
    text = "Captain Ingrid Dahl was praised for her calm. She asked the coast guard for help at once."
    found = checker.support(
        "Ingrid Dahl asked the coast guard for help at once.", [hit(text, title="Ferry")]
    )[0]
    assert found.probability >= SUPPORTED
    assert text[found.start : found.end].endswith("She asked the coast guard for help at once.")


def test_the_range_is_the_sentence_in_the_article(checker: Checker) -> None:
    hits = [hit(STORM, title="Storm"), hit(SUMMIT, start=1000)]
    storm, summit = checker.support("The two men exchanged swords.", hits)
    assert (storm.hit, summit.hit) == (0, 1)
    assert storm.probability < SUPPORTED <= summit.probability
    assert SUMMIT[summit.start - 1000 : summit.end - 1000] == "The two men exchanged swords."


def test_nothing_to_compare(checker: Checker) -> None:
    assert checker.support("Kim left.", []) == []
    empty = checker.support("...", [hit(SUMMIT, start=7)])
    assert [(one.start, one.end, one.probability) for one in empty] == [(7, 7, 0.0)]
    assert checker.support("Kim left.", [hit("")])[0].probability == 0.0


def test_an_embedder_of_langchain_does(checker: Checker) -> None:
    class Plain:
        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            return SentenceEmbedder().embed_documents(texts)

    claim, hits = "The two men exchanged swords.", [hit(SUMMIT)]
    ours, theirs = checker.support(claim, hits)[0], Checker(Plain()).support(claim, hits)[0]
    assert (ours.start, ours.end) == (theirs.start, theirs.end)
    assert ours.probability == pytest.approx(theirs.probability, abs=1e-3)


def test_sentences_of_a_hit_are_embedded_once() -> None:
    class Counting:
        def __init__(self) -> None:
            self.texts: list[str] = []

        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            self.texts += texts
            return SentenceEmbedder().embed_documents(texts)

    embedder = Counting()
    checker = Checker(embedder)
    checker.support("Kim left.", [hit(STORM)])
    seen = len(embedder.texts)
    checker.support("Kim left.", [hit(STORM)])
    assert len(embedder.texts) == seen
    checker.support("He came.", [hit(STORM)])
    assert set(embedder.texts[seen:]) == {"He came.", "came"}
