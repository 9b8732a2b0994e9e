"""Follow-ups as people put them after news, and how they read when they stand alone."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.converse import complete

Turns = list[tuple[str, str]]

TRAIN: Turns = [("How did Kim Jong Un travel to Vladivostok?", "by armoured train")]
SUMMIT: Turns = [
    (
        "where did the summit between kim and putin take place?",
        "Far Eastern Federal University on Russky island",
    )
]
BLAST: Turns = [
    (
        "What happened in Beirut on 4 August 2020?",
        "2,750 tonnes of ammonium nitrate exploded in the port of Beirut.",
    )
]
CUP: Turns = [("Who won the World Cup in 2022?", "Argentina")]
CAPTAIN: Turns = [*CUP, ("Who was their captain?", "Lionel Messi")]
WHEAT: Turns = [("hello", "Hello! Ask me."), ("Which port did the wheat reach?", "The articles do not say")]
PRIZE: Turns = [("Who received the Nobel Peace Prize in 2019?", "Abiy Ahmed")]
SHIP: Turns = [("which ship blocked the Suez Canal?", "The Ever Given")]
CAVE: Turns = [("how many boys were trapped in the cave in Thailand?", "12")]
FILM: Turns = [("which film won best picture at the Oscars in 2020?", "“Parasite”")]
TELESCOPE: Turns = [
    ("when was the James Webb telescope launched?", "on Saturday"),
    ("from where?", "Europe's spaceport at Kourou"),
]
BOEING: Turns = [("Why did Boeing ground its planes?", "after two crashes"), ("thanks", "You are welcome.")]
MINISTER: Turns = [
    ("Who is the prime minister of Finland?", "Sanna Marin"),
    ("Did Finland join NATO?", "Yes."),
]

COMPLETED = [
    # pronouns
    (TRAIN, "Who did he meet there?", "Who did Kim Jong Un meet in Vladivostok?"),
    (TRAIN, "Why did he travel there?", "Why did Kim Jong Un travel to Vladivostok?"),
    (TRAIN, "Where was he born and what is his age?", "Where was Kim Jong Un born and what is his age?"),
    (TRAIN, "what is his title?", "what is Kim Jong Un's title?"),
    (SUMMIT, "what did they agree?", "what did kim and putin agree?"),
    (SUMMIT, "was it successful?", "was the summit between kim and putin successful?"),
    (SUMMIT, "how long did it last?", "how long did the summit between kim and putin last?"),
    (SUMMIT, "who was there?", "who was at the summit between kim and putin?"),
    (CUP, "who did they beat?", "who did Argentina beat?"),
    (CUP, "Who was their captain?", "Who was Argentina's captain?"),
    (CAPTAIN, "How old is he?", "How old is Lionel Messi?"),
    (CAPTAIN, "how many goals did he score?", "how many goals did Lionel Messi score?"),
    (CAPTAIN, "And when was he born?", "And when was Lionel Messi born?"),
    (WHEAT, "Did it arrive late?", "Did the wheat arrive late?"),
    (PRIZE, "Why did he receive it?", "Why did Abiy Ahmed receive the Nobel Peace Prize?"),
    (PRIZE, "which country does he lead?", "which country does Abiy Ahmed lead?"),
    (SHIP, "how long is it?", "how long is The Ever Given?"),
    (SHIP, "who owns her?", "who owns The Ever Given?"),
    ([("how many prizes did “Parasite” take?", "four"), ("and The Irishman?", "none")], "whose film is that one?",
     "whose film is The Irishman?"),
    (CAVE, "how old were they?", "how old were the boys trapped in the cave in Thailand?"),
    (FILM, "who was it directed by?", "who was “Parasite” directed by?"),
    (
        [
            ("what blew up in the port of Beirut?", "2,750 tonnes of ammonium nitrate"),
            ("for how long had it been stored there?", "for six years"),
        ],
        "how did it get to Lebanon?",
        "how did ammonium nitrate get to Lebanon?",
    ),
    (
        [("How did the ship travel?", "The articles do not say, Paris does.")],
        "who lives there?",
        "who lives there (the ship)?",
    ),
    (TRAIN, "when did he go to Москва?", "when did Kim Jong Un go to Москва?"),
    (TELESCOPE, "how wide is its main mirror?", "how wide is the James Webb telescope's main mirror?"),
    (BOEING, "When did they resume flights?", "When did Boeing resume flights?"),
    (MINISTER, "How old is she?", "How old is Sanna Marin?"),
    # question words alone
    (TRAIN, "And when?", "When did Kim Jong Un travel to Vladivostok?"),
    (TRAIN, "why?", "Why did Kim Jong Un travel to Vladivostok?"),
    (TRAIN, "ok, and since when exactly??", "Since when did Kim Jong Un travel to Vladivostok?"),
    (TRAIN, "with whom?", "How did Kim Jong Un travel to Vladivostok, and with whom?"),
    (SUMMIT, "when?", "When did the summit between kim and putin take place?"),
    (BLAST, "And when?", "When did it happen in Beirut on 4 August 2020?"),
    (CUP, "When?", "When was it that Argentina won the World Cup in 2022?"),
    (WHEAT, "and when?", "When did the wheat reach the port?"),
    (WHEAT, "why not?", "Which port did the wheat reach, and why not?"),
    (
        [("who won the world cup in Qatar?", "Argentina"), ("who did they beat in the final?", "France")],
        "how?",
        "How did Argentina beat France in the final?",
    ),
    ([("How much food is North Korea short of?", "a lot")], "why?", "Why is North Korea short of food?"),
    # another thing in its place
    (TRAIN, "And Putin?", "How did Putin travel to Vladivostok?"),
    (TRAIN, "what about Hanoi?", "How did Kim Jong Un travel to Hanoi?"),
    (TRAIN, "And in 2018?", "How did Kim Jong Un travel to Vladivostok in 2018?"),
    (TRAIN, "no, I meant Putin", "How did Putin travel to Vladivostok?"),
    (TRAIN, "and his wife?", "How did Kim Jong Un's wife travel to Vladivostok?"),
    (SUMMIT, "and what about the summit with Trump?", "Where did the summit with Trump take place?"),
    (BLAST, "and in Tripoli?", "What happened in Tripoli on 4 August 2020?"),
    (CUP, "and in 2018?", "Who won the World Cup in 2018?"),
    (CUP, "In 2018?", "Who won the World Cup in 2018?"),
    (WHEAT, "what about the maize?", "Which port did the maize reach?"),
    (PRIZE, "and in 2020?", "Who received the Nobel Peace Prize in 2020?"),
    (
        [("How many people marched according to the police?", "338,000")],
        "and according to the organisers?",
        "How many people marched according to the organisers?",
    ),
    (
        [("How fast was DART?", "fast"), ("what did it cost?", "about $325 million")],
        "and the helicopter on Mars?",
        "What did the helicopter on Mars cost?",
    ),
    # others, and more
    (CUP, "who else?", "Who else won the World Cup in 2022?"),
    ([("What did Kim say?", "hello")], "anything else?", "What else did Kim say?"),
    (TRAIN, "who else?", "How did Kim Jong Un travel to Vladivostok, and who else?"),
    (TRAIN, "tell me more", "Tell me more about Kim Jong Un"),
    # nouns that were spoken of
    (TRAIN, "How big is the city?", "How big is Vladivostok?"),
    (SUMMIT, "What was agreed at the summit?", "What was agreed at the summit between kim and putin?"),
    (SUMMIT, "What is the island joined to?", "What is Russky island joined to?"),
    (SUMMIT, "when did that summit end?", "when did the summit between kim and putin end?"),
    (BLAST, "was the port destroyed?", "was the port of Beirut destroyed?"),
    (PRIZE, "Where was the prize awarded?", "Where was the Nobel Peace Prize awarded?"),
    # about nothing in particular
    (SUMMIT, "who attended?", "who attended the summit between kim and putin?"),
    (BLAST, "how many people died?", "how many people died in Beirut?"),
    (BLAST, "What about the victims?", "What about the victims of Beirut?"),
    (CUP, "who scored?", "who scored at the World Cup?"),
    (TELESCOPE, "great, thanks. when will we see the first pictures?",
     "when will we see the first pictures (the James Webb telescope)?"),
]  # fmt: skip

ALONE = [
    (TRAIN, "What did Boeing announce?"),
    (TRAIN, "How many labourers must leave?"),
    (TRAIN, "who won the world cup?"),
    (TRAIN, "Is it true that the port exploded?"),
    (TRAIN, "Are there any elephants in Thailand?"),
    (TRAIN, "When Putin met Xi, what did he say?"),
    (TRAIN, "Did Boeing say why its planes were grounded?"),
    (TRAIN, "Why did it take Finland so long to get into NATO after it applied?"),
    (TRAIN, "How much did it cost to repair the rails after the hot days of July 2022?"),
    (TRAIN, "Who took the top job in Kathmandu on Friday after his party swept the board?"),
    (TRAIN, "how many shop staff lost their jobs when jo-ann closed all its stores"),
    (TRAIN, "Which film did the company that was sold make?"),
    (TRAIN, "who resigned this week?"),
    (TRAIN, "Who directed the film It?"),
    (TRAIN, "Which law did the IT industry fight?"),
    (CUP, "what are hagiographies?"),
    ([("Why are the amplifiers loud?", "")], "what do amplifiers do?"),
    (CAPTAIN, "yanik sinner wimbledon final who did he beat"),
    (SHIP, "IT workers struck at which port?"),
    (SUMMIT, "Who is Yuri Ushakov?"),
    (SUMMIT, "what did putin say?"),
    (CAPTAIN, "thanks"),
    (CAPTAIN, "beirut explosion cause"),
    (TRAIN, "Was ist das?"),
    (TRAIN, "Und wann war der erste Spatenstich dafür?"),
    (TRAIN, "¿Quién es el presidente?"),
    (TRAIN, "он когда родился?"),
    (TRAIN, "金正恩"),
    (TRAIN, "…"),
    (TRAIN, " "),
    (TRAIN, ""),
]


@pytest.mark.parametrize(("history", "question", "understood"), COMPLETED)
def test_a_follow_up_is_completed(history: Turns, question: str, understood: str) -> None:
    assert complete(question, history) == understood


@pytest.mark.parametrize(("history", "question"), ALONE)
def test_what_stands_alone_is_left_alone(history: Turns, question: str) -> None:
    assert complete(question, history) == question


@pytest.mark.parametrize("question", sorted({question for _, question, _ in COMPLETED}))
def test_without_a_history_nothing_changes(question: str) -> None:
    assert complete(question, []) == question


def test_the_completion_of_a_completion_goes_on() -> None:
    history = [*TRAIN, ("Who did he meet there?", "Vladimir Putin"), ("And when?", "on 25 April 2019")]
    assert complete("why?", history) == "Why did Kim Jong Un meet Vladimir Putin in Vladivostok?"
    assert complete("What did he give him?", TRAIN) == "What did Kim Jong Un give him?"


def test_a_changed_subject_is_followed() -> None:
    history = [*TRAIN, ("How long is the Suez Canal?", "193 kilometres"), ("Who owns it?", "Egypt")]
    assert complete("When was it opened?", history) == "When was the Suez Canal opened?"


def test_a_correction_goes_before() -> None:
    assert complete("no, I meant the other summit. where was that?", SUMMIT) == "where was the other summit?"
    history = [*SUMMIT, ("Who is Yuri Ushakov?", "a foreign policy aide")]
    assert (
        complete("no, I meant Katie Bouman. where was she born?", history) == "where was Katie Bouman born?"
    )


def test_small_talk_and_empty_turns_are_passed_over() -> None:
    history = [("", ""), *TRAIN, ("thanks!", "You are welcome."), (" \n", "?"), ("…", "")]
    assert complete("And when?", history) == "When did Kim Jong Un travel to Vladivostok?"
    assert complete("And when?", [("", ""), ("hello", "Hello!")]) == "And when?"


def test_a_request_is_no_question_to_go_on_with() -> None:
    assert complete("why?", [("Summarise the story about the wheat", "It is long.")]) == "why?"


def test_long_texts_are_left_alone() -> None:
    text = "He said that it was there. " * 4000
    assert complete(text, TRAIN) == text
    assert (
        complete("And when?", [(text, text), *TRAIN, ("Did he sleep?", text)])
        == "When did Kim Jong Un sleep?"
    )
    assert complete("why?", [(text, text)]) == "why?"


_WORDS = st.sampled_from(
    "he she it they his her there then this that these those one ones when where why who what which how many else "
    "what about and or no not the a summit between of Kim Putin Beirut KIM 2018 “it” ? . , ' ’s is was did do in to "
    "\n  😀 é Ł \x00 I mean thanks".split(" ")
)
_TEXTS = st.one_of(
    st.text(max_size=80),
    st.lists(_WORDS, max_size=14).map(" ".join),
    st.text(string.punctuation, max_size=30),
)


@given(_TEXTS, st.lists(st.tuples(_TEXTS, _TEXTS), max_size=5))
def test_nothing_raises(question: str, history: Turns) -> None:
    assert isinstance(complete(question, history), str)


@given(_TEXTS)
def test_no_history_no_change(question: str) -> None:
    assert complete(question, []) == question
