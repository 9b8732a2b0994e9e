"""Turns of a conversation -> what it spoke of, and how present each thing is; a pronoun -> what it stands for.

A thing grows fainter with each turn that does not speak of it; the subject of a question counts most (centering: Grosz,
Joshi and Weinstein, 1995). Takes questions that are complete already. Knows nothing of how a question is put together.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from qa.converse import words as w
from qa.converse.kinds import Kind, kind_of
from qa.converse.mentions import Mention, mentions
from qa.converse.things import Thing, is_other, is_same
from qa.converse.tokens import tokens

_FADING, _FADING_UNSPOKEN = 0.6, 0.8
_SUBJECT, _OTHER = 1.0, 0.6
_INNER, _ANSWER, _ASKED_FOR, _IN_PASSING = 0.5, 0.4, 1.1, 0.25
_FAINTEST = 0.04
_LONGEST_ANSWER = 600
_MOST_THINGS = 60
_AMOUNT = re.compile(r"^(?:(?:about|almost|more than|some|over|nearly) )?[\d.,]+ \w+ of ", re.IGNORECASE)
_HOW_MANY = re.compile(
    r"\bhow many (?P<noun>[^\W\d_]+)(?: (?:were|are|was|had been|have been) (?P<rest>[^\W\d_]+ed\b[^?.!]{0,80}))?",
    re.IGNORECASE,
)
_ASKED_KIND: dict[str, Kind] = {"who": "person", "whom": "person", "where": "place", "when": "time"}


class Conversation:
    """The things spoken of so far; the last question as it was understood, and its answer ("" if there is none)."""

    def __init__(self) -> None:
        self.things: list[Thing] = []
        self.question = ""
        self.answer = ""
        self.known: set[str] = set()
        """Words, in small letters, of the names spoken of: they are names when written small, too."""

    def hear(self, question: str, answer: str | None) -> None:
        """Takes in a turn; `answer` is None where the articles did not say."""
        answer = (answer or "")[:_LONGEST_ANSWER]
        self._learn_names(question, answer)
        found = [*_counted(question), *mentions(question, self.known)]
        found += self._again(question, found)
        found.sort(key=lambda one: one.start)
        for thing in self.things:
            thing.weight *= _FADING if found else _FADING_UNSPOKEN
        first = None
        end = -1
        for mention in found:
            weight = _INNER if mention.start < end else _OTHER if first else _SUBJECT
            thing = self._take(mention, weight)
            first, end = first or thing, mention.end
        self._hear_answer(question, answer, first)
        self.question, self.answer = question, answer
        self.things = sorted(
            (one for one in self.things if one.weight > _FAINTEST), key=lambda one: -one.weight
        )
        del self.things[_MOST_THINGS:]

    def resolve(self, pronoun: str, without: Iterable[Thing] = ()) -> Thing | None:
        """What a pronoun of some class most likely stands for; remembers what the pronoun tells of it."""
        skipped = [id(thing) for thing in without]
        scored = [
            (thing.weight * thing.agrees(pronoun), thing) for thing in self.things if id(thing) not in skipped
        ]
        score, best = max(scored, key=lambda one: one[0], default=(0.0, None))
        if best is None or score <= _FAINTEST:
            return None
        if pronoun in ("he", "she"):
            best.kind, best.gender = "person", pronoun
        elif best.kind == "name" and pronoun in ("it", "they"):
            best.kind = "thing" if pronoun == "it" else "group"
        return best

    def speak_of(self, mention: Mention) -> None:
        """Takes in what is said right before a question."""
        self._take(mention, _SUBJECT + _ASKED_FOR)

    def same_as(self, mention: Mention) -> Thing | None:
        """The thing that a mention names again, in part, in full or by what it is: "the company"."""
        same = next((thing for thing in self.things if is_same(thing, mention)), None)
        return same or self.named_by_kind(mention)

    def named_by_kind(self, mention: Mention) -> Thing | None:
        """The thing that "the island" or "the company" names again."""
        if (
            mention.is_name
            or is_other(mention)
            or len(mention.content) != 1
            or not mention.text.lower().startswith("the ")
        ):
            return None
        single = mention.head.removesuffix("s")
        for thing in self.things:
            if thing.head.removesuffix("s") == single and len(thing.content) > 1:
                return thing
        kinds = w.NAMED_BY.get(mention.head)
        fitting = (thing for thing in self.things if thing.is_name and thing.kind in (kinds or ()))
        return max(fitting, key=lambda thing: thing.weight, default=None)

    def _again(self, question: str, found: Sequence[Mention]) -> Iterator[Mention]:
        """Things that a question names again in words that look like no name: "armoured train"."""
        low = question.casefold()
        for thing in self.things:
            start = low.find(thing.text.casefold())
            if start >= 0 and not any(
                one.start < start + len(thing.text) and start < one.end for one in found
            ):
                yield Mention(
                    text=thing.text,
                    start=start,
                    end=start + len(thing.text),
                    kind=thing.kind,
                    head=thing.head,
                    plural=thing.plural,
                    gender=thing.gender,
                )

    def _hear_answer(self, question: str, answer: str, subject: Thing | None) -> None:
        if not answer:
            return
        asked = _asked_word(question)
        found = mentions(answer, self.known)
        short = answer.strip().rstrip(".,;:!? ")
        short = _AMOUNT.sub("", short)
        if short.partition(" ")[0].lower() in w.PREPOSITIONS:
            short = short.partition(" ")[2]
        counts = any(word[:1].isdigit() for word in short.split()[:2])
        if asked not in ("", "how", "why", "when") and not found and len(short.split()) <= 6 and not counts:
            found = [_whole(short)]
        weight = _ASKED_FOR if _asks_for_subject(question) else _ANSWER
        found = [one for one in found if not self._is_any_word(one, answer, asked)]
        for rank, mention in enumerate(found):
            thing = self._take(mention, _IN_PASSING if rank else weight)
            is_new = thing.weight == (_IN_PASSING if rank else weight)
            if not rank and is_new and thing.kind == "name" and asked in _ASKED_KIND and mention.start < 12:
                thing.kind = _ASKED_KIND[asked]
        if subject and subject.kind in ("name", "person") and not subject.gender:
            said = [token.low for token in tokens(answer)]
            gender = "he" if w.MALE & set(said) else "she" if w.FEMALE & set(said) else None
            if gender and not (w.MALE & set(said) and w.FEMALE & set(said)):
                subject.kind, subject.gender = "person", gender

    def _is_any_word(self, mention: Mention, answer: str, asked: str) -> bool:
        """Whether a mention may be a word that has a capital for standing first: "Troops left the city"."""
        if len(mention.text.split()) > 1 or not _begins(mention, answer) or mention.kind != "name":
            return False
        if mention.head in self.known or self.same_as(mention) is not None:
            return False
        whole = len(answer.split()) == 1
        return not (whole and asked in ("who", "which", "what", "where", "whom"))

    def _take(self, mention: Mention, weight: float) -> Thing:
        thing = self.same_as(mention)
        if thing is None:
            thing = Thing(
                text=mention.text,
                kind=mention.kind,
                head=mention.head,
                content=mention.content,
                weight=0.0,
                plural=mention.plural,
                gender=mention.gender,
                before=mention.before,
                is_name=mention.is_name,
            )
            self.things.append(thing)
        elif (
            len(mention.content) > len(thing.content) and len(mention.text) <= 80 and is_same(thing, mention)
        ):
            thing.text, thing.content, thing.head = mention.text, mention.content, mention.head
            thing.gender = thing.gender or mention.gender
        elif thing.content == mention.content and thing.text.islower():
            thing.text = mention.text  # with its capitals
        if mention.before in w.PLACING:
            thing.before = mention.before
        if thing.kind == "name" and mention.kind not in ("name", "thing"):
            thing.kind = mention.kind
        thing.weight += weight
        return thing

    def _learn_names(self, *texts: str) -> None:
        for text in texts:
            for mention in mentions(text):
                if _begins(mention, text) and len(mention.content) == 1 and mention.head not in w.PLACE_NAMES:
                    continue  # any word has a capital there
                if mention.kind != "time" and any(map(str.isupper, mention.text)):
                    self.known |= {
                        token.low for token in tokens(mention.text) if token.is_capital and len(token.low) > 2
                    } - w.FUNCTION - w.VERBS - w.PEOPLE - w.EVENTS - w.PLACES - w.GENERIC  # fmt: skip


def _begins(mention: Mention, text: str) -> bool:
    """Whether a mention stands first in its sentence."""
    return text[max(0, mention.start - 3) : mention.start].strip(" \"“'")[-1:] in ("", ".", "?", "!") and (
        mention.start < 3 or not text[mention.start - 2 : mention.start].strip().isalnum()
    )


def _asked_word(question: str) -> str:
    """The question word that a question begins with, or ""."""
    return next((token.low for token in tokens(question[:80]) if token.low in w.WH), "")


def _asks_for_subject(question: str) -> bool:
    """Whether the answer is what the next question will speak of: "who met Kim?", "what is the port called?"."""
    low = [token.low for token in tokens(question[:120])]
    at = next((at for at, word in enumerate(low) if word in ("who", "which", "what")), None)
    following = [] if at is None else low[at + 1 : at + 5]
    return bool(following) and (following[0] in w.BE or not any(word in w.AUXILIARIES for word in following))


def _counted(question: str) -> list[Mention]:
    """What "how many boys were trapped in the cave?" makes a thing of: the boys trapped in the cave."""
    match = _HOW_MANY.search(question)
    if match is None or match["noun"].lower() in w.FUNCTION | {"people"}:
        return []
    noun, rest = match["noun"], match["rest"]
    following = question[match.end("noun") :].split(maxsplit=1)[:1]
    if following and following[0].lower() in w.AUXILIARIES - w.BE:
        return []  # "how many prizes did it take?" is about something else
    more = f" {rest}" if rest and len(rest.split()) <= 8 else ""
    kind, gender, head, plural = kind_of([noun.lower()], is_name=False)
    return [Mention(text=f"the {noun}{more}", start=match.start(), end=match.end("noun"), kind=kind, head=head,
                    gender=gender, plural=plural or not noun.endswith("s"))]  # fmt: skip


def _whole(answer: str) -> Mention:
    low = [token.low for token in tokens(answer) if token.is_word]
    kind, gender, head, plural = kind_of(low, is_name=False) if low else ("thing", None, "", False)
    return Mention(text=answer, start=0, end=len(answer), kind=kind, head=head, gender=gender, plural=plural)
