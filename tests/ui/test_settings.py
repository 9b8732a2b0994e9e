"""What a reader chooses, remembered and taken along; the keys of the page; and what of the server can be called."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

Ask = Callable[[Page, str], str]
Open = Callable[..., Page]

BRIDGE = "How long is the deck of the bridge?"
CALLED = {
    "status",
    "stop",
    "read",
    "remove",
    "found",
    "judge",
    "reread",
    "add",
    "progress",
    "paste",
    "refresh",
    "kept",
    "conversations",
    "rename",
    "export",
    "options",
}


class ModelServer(Protocol):
    """A server with a scripted chat model."""

    address: str


def opened(page: Page) -> None:
    """Open the settings."""
    page.get_by_role("button", name="Settings").click()
    expect(page.get_by_label("Usual")).to_be_attached()


def sent(page: Page, ask: Ask, question: str) -> dict[str, object]:
    """The options that went along with a question."""
    with page.expect_request(lambda request: "/queue/join" in request.url or "/run/" in request.url) as asked:
        ask(page, question)
    data = asked.value.post_data_json
    options: dict[str, object] = next(one for one in data["data"] if isinstance(one, dict))["options"]
    return options


def test_who_answers_is_chosen_shown_and_remembered(
    open_page: Open, model_server: ModelServer, ask: Ask
) -> None:
    page = open_page(model_server.address)
    ask(page, BRIDGE)
    expect(page.locator(".turn").last.locator(".by")).to_have_text("Written by openai:gpt-scripted.")
    opened(page)
    expect(page.get_by_label("openai:gpt-scripted")).to_be_checked()
    page.get_by_text("The reader", exact=True).click()
    page.keyboard.press("Escape")
    line = page.locator(".answerer:visible")
    expect(line).to_have_text("The reader answers, in the articles’ own words.")
    for _ in range(2):
        assert ask(page, BRIDGE) in ("answered", "unsure")
        expect(page.locator(".turn").last.locator(".by")).to_have_text("Quoted by the reader.")
        expect(page.locator(".turn").last.locator(".by")).to_be_visible()
        page.reload()
        page.wait_for_selector(".turn")
    opened(page)
    expect(page.get_by_label("The reader")).to_be_checked()
    page.get_by_label("The reader").press("ArrowLeft")
    expect(page.get_by_label("openai:gpt-scripted")).to_be_checked()
    page.keyboard.press("Escape")
    expect(line).to_have_text("openai:gpt-scripted writes; each sentence is checked.")
    ask(page, BRIDGE)
    expect(page.locator(".turn").last.locator(".by")).to_have_text("Written by openai:gpt-scripted.")


def test_where_only_the_reader_answers_there_is_nothing_to_choose(page: Page, ask: Ask) -> None:
    ask(page, BRIDGE)
    assert page.locator(".by").count() == 0
    opened(page)
    assert page.locator("#qa-settings legend").all_text_contents() == ["Passages"]


def test_how_many_passages_goes_along(page: Page, ask: Ask) -> None:
    nothing = {"model": None, "passages": None, "filters": None}
    assert sent(page, ask, BRIDGE) == nothing
    opened(page)
    page.get_by_text("Many", exact=True).click()
    page.keyboard.press("Escape")
    assert sent(page, ask, BRIDGE) == {**nothing, "passages": 20}
    page.reload()
    page.wait_for_selector(".turn")
    assert sent(page, ask, BRIDGE) == {**nothing, "passages": 20}


@pytest.mark.parametrize("text", ["{", "null", "7", '{"passages": "<b>", "model": [1]}'])
def test_choices_that_make_no_sense_are_none(page: Page, ask: Ask, text: str) -> None:
    page.evaluate("(text) => localStorage.setItem('qa options', text)", text)
    page.reload()
    page.wait_for_selector("body.begun")
    assert ask(page, BRIDGE) in ("answered", "unsure")


def test_keys(page: Page, ask: Ask) -> None:
    question = page.locator("#question textarea")
    ask(page, BRIDGE)
    page.locator(".cite").first.click()
    expect(page.locator("[data-part=reading]")).to_be_focused()
    page.keyboard.press("/")
    expect(question).to_be_focused()
    page.keyboard.type("either/or")
    expect(question).to_have_value("either/or")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("x")
    expect(question).to_have_value("either/or\nx")
    expect(page.locator(".turn")).to_have_count(1)

    for name in ("Conversations", "Settings"):
        button = page.get_by_role("button", name=name, exact=True)
        button.focus()
        page.keyboard.press("Enter")
        panel = page.locator(f"#qa-{'talks' if name == 'Conversations' else 'settings'}")
        expect(panel).to_be_visible()
        page.keyboard.press("Escape")
        expect(panel).to_be_hidden()
        expect(button).to_be_focused()
        expect(page.locator("#reading")).to_be_visible()  # Escape closed what lay above, and that alone
    page.keyboard.press("Enter")
    page.keyboard.press("/")
    expect(panel).to_be_hidden()
    expect(question).to_be_focused()


def test_only_what_the_page_needs_can_be_called(page: Page, server: str) -> None:
    info = page.request.get(f"{server}/gradio_api/info?all_endpoints=true").json()
    assert info["named_endpoints"] == {}
    config = page.evaluate("window.gradio_config")
    assert [one["api_visibility"] for one in config["dependencies"]] == ["private"] * 5
    bar = next(one for one in config["components"] if one["props"].get("elem_id") == "bar")
    assert set(bar["props"]["server_fns"]) == CALLED
    for path in (
        "monitoring",
        "monitoring/summary",
        "openapi.json",
        "login",
        *(
            f"gradio_api/{one}"
            for one in (
                "openapi.json",
                "file=/etc/hostname",
                "proxy=http://127.0.0.1:1/",
                "mcp/",
                "vibe-code/",
            )
        ),
    ):
        assert page.request.get(f"{server}/{path}").status == 404, path
    for path in ("process_recording", "vibe-edit", "api/typed", "call/typed", "run/typed"):
        assert page.request.post(f"{server}/gradio_api/{path}", data={}).status == 404, path
    component = {"component_id": bar["id"], "session_hash": "x", "data": {}}
    for name in ("preprocess", "postprocess", "__init__", "get_config", "nothing"):
        answer = page.request.post(
            f"{server}/gradio_api/component_server", data={**component, "fn_name": name}
        )
        assert answer.status in (404, 500), name


@pytest.mark.parametrize(
    ("call", "data"),
    [
        ("kept", {"turns": 1}),
        ("kept", {"turns": [1]}),
        ("conversations", {"kept": [{"talk": "me"}]}),
        ("conversations", {"kept": {}}),
        ("rename", {"name": " "}),
        ("export", {"turns": [None]}),
        ("options", []),
    ],
)
def test_what_no_page_sends_is_refused(page: Page, server: str, call: str, data: object) -> None:
    component = page.evaluate("window.gradio_config.components.find((one) => one.props.elem_id === 'bar').id")
    answer = page.request.post(
        f"{server}/gradio_api/component_server",
        data={"component_id": component, "session_hash": "x", "fn_name": call, "data": data},
    )
    assert answer.status == 400
