"""Chat completions, models and embeddings by OpenAI's own client."""

from __future__ import annotations

from typing import Any

import httpx
import numpy as np
import openai
import pytest
from langchain_openai import ChatOpenAI, OpenAIEmbeddings
from openai import OpenAI

from qa import Library
from tests.api.conftest import Served

WHERE = "where did the summit take place?"
PLACE = (
    "Russky island [1]\n\nSources:\n\n"
    "[1] “VLADIVOSTOK, Russia: The summit took place on Russky island on Thursday, on a university campus.” "
    "(Putin and Kim meet on Russky island, Harbour Wire, 2019-04-25, https://news.example/summit-talks)"
)
EMBEDDER = "all-MiniLM-L6-v2"


def asked(client: OpenAI, *messages: dict[str, Any], **options: Any) -> Any:
    """The completion of a conversation."""
    return client.chat.completions.create(model="qa", messages=list(messages), **options)  # type: ignore[call-overload]


def user(content: Any) -> dict[str, Any]:
    """A message of the user's."""
    return {"role": "user", "content": content}


def refused(client: OpenAI, *messages: dict[str, Any], **options: Any) -> dict[str, Any]:
    """The error that a request meets with, 400."""
    with pytest.raises(openai.BadRequestError) as caught:
        asked(client, *messages, **options)
    body = caught.value.body
    assert isinstance(body, dict)
    assert body["type"] == "invalid_request_error"
    return body


def test_the_models_are_who_answers_and_what_embeds(client: OpenAI) -> None:
    assert [model.id for model in client.models.list()] == ["qa", EMBEDDER]
    assert client.models.retrieve("qa").owned_by == "qa"


def test_a_model_that_is_not_there(client: OpenAI) -> None:
    for call in (
        lambda: client.models.retrieve("gpt-4o"),
        lambda: client.chat.completions.create(model="gpt-4o", messages=[{"role": "user", "content": WHERE}]),
        lambda: client.embeddings.create(model="qa", input="x"),
    ):
        with pytest.raises(openai.NotFoundError) as caught:
            call()
        assert caught.value.code == "model_not_found"
        assert caught.value.body == {
            "message": "There is no such model here: qa answers, all-MiniLM-L6-v2 embeds.",
            "type": "invalid_request_error",
            "param": "model",
            "code": "model_not_found",
        }


def test_an_answer_has_its_sources_as_notes_and_as_slices_of_their_articles(
    client: OpenAI, library: Library
) -> None:
    completion = asked(client, user(WHERE))
    (choice,) = completion.choices
    assert (choice.message.role, choice.message.content, choice.finish_reason) == ("assistant", PLACE, "stop")
    assert completion.object == "chat.completion"
    assert completion.model == "qa"
    answer = completion.qa
    assert answer["answered"]
    (citation,) = answer["citations"]
    text = library.article(citation["article_id"]).text
    assert citation["quote"] == text[citation["start"] : citation["end"]]
    assert answer["answer"] == text[citation["answer_start"] : citation["answer_end"]] == "Russky island"
    usage = completion.usage
    assert (usage.prompt_tokens, usage.completion_tokens) == (8, -(-len(PLACE) // 4))
    assert usage.total_tokens == usage.prompt_tokens + usage.completion_tokens


def test_a_stream_says_the_same_in_pieces(client: OpenAI) -> None:
    chunks = list(asked(client, user(WHERE), stream=True))
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks) == PLACE
    assert chunks[0].choices[0].delta.role == "assistant"
    assert [chunk.choices[0].finish_reason for chunk in chunks] == [None] * (len(chunks) - 1) + ["stop"]
    assert chunks[-1].qa["citations"][0]["article_id"] == "summit-talks"
    assert len({chunk.id for chunk in chunks}) == 1
    assert all(chunk.usage is None for chunk in chunks)


def test_a_stream_counts_its_tokens_when_it_is_asked_to(client: OpenAI) -> None:
    *_, last = asked(client, user(WHERE), stream=True, stream_options={"include_usage": True})
    assert last.choices == []
    assert last.usage.total_tokens == 8 + -(-len(PLACE) // 4)


def test_what_the_articles_do_not_say_is_said_so(client: OpenAI) -> None:
    completion = asked(client, user("who won the world cup in 1998?"))
    assert completion.choices[0].message.content.startswith(
        "The articles do not say.\n\nThe nearest passages"
    )
    assert not completion.qa["answered"]
    assert completion.qa["citations"] == []


def test_the_messages_are_the_conversation(client: OpenAI) -> None:
    first = asked(client, user("who is the harbour master of Lisbon?")).choices[0].message.content
    assert first.startswith("Rui Costa [1]")
    told = {"role": "assistant", "content": first}
    second = asked(client, user("who is the harbour master of Lisbon?"), told, user("what did he say?"))
    assert second.qa["understood"] == "what did Rui Costa say?"
    assert "such waves" in second.choices[0].message.content


def test_instructions_are_passed_over_and_so_is_what_makes_no_difference(client: OpenAI) -> None:
    system = {"role": "system", "content": "Answer in French. The summit took place in Paris."}
    tools = [{"type": "function", "function": {"name": "look", "parameters": {"type": "object"}}}]
    more = {"temperature": 1.5, "max_tokens": 1, "seed": 7, "stop": ["island"], "user": "me", "tools": tools}
    said = asked(client, system, user(WHERE), **more, extra_body={"no_such_parameter": 1})
    assert said.choices[0].message.content == PLACE


def test_content_in_parts(client: OpenAI) -> None:
    parts = [{"type": "text", "text": "where did the summit"}, {"type": "text", "text": "take place?"}]
    assert asked(client, user(parts)).qa["answer"] == "Russky island"
    image = {"type": "image_url", "image_url": {"url": "data:image/png;base64,AA=="}}
    error = refused(client, user([*parts, image]))
    assert error["message"] == "qa reads text only: leave out the part of the type 'image_url'."
    assert error["code"] == "unsupported_content"


@pytest.mark.parametrize(
    ("messages", "message"),
    [
        ([], "messages: List should have at least 1 item after validation, not 0."),
        ([user("")], "The last message is empty: put a question."),
        ([user(" \n")], "The last message is empty: put a question."),
        ([user([])], "The last message is empty: put a question."),
        ([user(None)], "The last message is empty: put a question."),
        (
            [user(WHERE), {"role": "assistant", "content": "Paris"}],
            "The last message must be the user's: it is the question.",
        ),
        ([{"role": "system", "content": "x"}], "The last message must be the user's: it is the question."),
    ],
)
def test_messages_without_a_question(client: OpenAI, messages: list[Any], message: str) -> None:
    error = refused(client, *messages)
    assert (error["message"], error["param"]) == (message, "messages")


def test_a_question_that_is_far_too_long(client: OpenAI) -> None:
    errors = [refused(client, user("where? " * 5_000), stream=stream)["message"] for stream in (False, True)]
    assert errors == ["The question is longer than 4,000 characters: shorten it."] * 2


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("n", 2),
        ("n", 0),
        ("logprobs", True),
        ("response_format", {"type": "json_object"}),
        ("modalities", ["text", "audio"]),
        ("tool_choice", "required"),
    ],
)
def test_what_cannot_be_had_is_refused(client: OpenAI, name: str, value: Any) -> None:
    error = refused(client, user(WHERE), **{name: value})
    assert (error["param"], error["code"]) == (name, "unsupported_parameter")


def test_the_day_of_asking(client: OpenAI) -> None:
    error = refused(client, user(WHERE), extra_body={"asked": "yesterday"})
    assert error["param"] == "asked"
    week = asked(client, user("what happened this week?"), extra_body={"asked": "2021-11-03"})
    assert "Agnes" in str(week.qa)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/v1/nothing", 404), ("GET", "/v1/chat/completions", 405), ("DELETE", "/v1/models", 405)],
)
def test_other_paths_have_errors_of_the_same_shape(
    server: Served, method: str, path: str, status: int
) -> None:
    reply = httpx.request(method, f"{server.address}{path}")
    assert reply.status_code == status
    assert reply.json()["error"]["type"] == "invalid_request_error"


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"\xff", b'{"model": "qa"}', b"[" * 100_000, b'{"messages": NaN}']
)
def test_what_is_no_request(server: Served, body: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    reply = httpx.post(f"{server.address}/v1/chat/completions", content=body, headers=headers)
    assert reply.status_code == 400
    assert set(reply.json()["error"]) == {"message", "type", "param", "code"}


def test_embeddings_are_those_of_the_library(client: OpenAI, library: Library) -> None:
    texts = ["armoured train", "wheat"]
    ours = library.embeddings.encode(texts)
    for options in ({}, {"encoding_format": "float"}):
        reply = client.embeddings.create(model=EMBEDDER, input=texts, **options)  # type: ignore[arg-type]
        theirs = np.array([one.embedding for one in reply.data])
        assert np.einsum("ij,ij->i", ours, theirs) == pytest.approx([1, 1], abs=1e-3)
    assert [one.index for one in reply.data] == [0, 1]
    assert client.embeddings.create(model=EMBEDDER, input="wheat").usage.total_tokens == 2


def test_embeddings_that_cannot_be_had(client: OpenAI) -> None:
    with pytest.raises(openai.BadRequestError) as caught:
        client.embeddings.create(model=EMBEDDER, input="x", dimensions=5)
    assert caught.value.param == "dimensions"
    for wrong in ([], [[1, 2]], ["x"] * 2_049):
        with pytest.raises(openai.BadRequestError) as caught:
            client.embeddings.create(model=EMBEDDER, input=wrong)  # type: ignore[arg-type]
        assert (caught.value.param or "").startswith("input")


def test_langchain_talks_to_it(server: Served, library: Library) -> None:
    address = f"{server.address}/v1"
    model = ChatOpenAI(model="qa", base_url=address, api_key="not-needed")
    assert model.invoke(WHERE).content == PLACE
    assert "".join(str(chunk.content) for chunk in model.stream(WHERE)) == PLACE
    embeddings = OpenAIEmbeddings(
        model=EMBEDDER, base_url=address, api_key="not-needed", check_embedding_ctx_length=False
    )
    assert np.dot(embeddings.embed_query("wheat"), library.embeddings.embed_query("wheat")) == pytest.approx(
        1, abs=1e-3
    )
