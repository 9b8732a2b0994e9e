"""The page: its layout in Gradio, its looks, and the application that serves it.

Takes a `Background`, gives `gr.Blocks` and an ASGI application. Knows nothing of answering or of HTML for articles:
`asking.py` and `calls.py` say what can be asked, `render/` what it looks like, assets/script what the browser does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import gradio as gr
from fastapi import FastAPI

from qa.ui.asking import Asking
from qa.ui.background import Background
from qa.ui.calls import calls
from qa.ui.guard import LOOPBACK, Guard
from qa.ui.keeping import Keeper
from qa.ui.render.answerer import QUOTES
from qa.ui.render.library import KINDS, LARGEST_MB
from qa.ui.render.markup import element
from qa.ui.seal import seal_of

ASSETS = Path(__file__).parent / "assets"
SCRIPTS = (
    *("views.js", "reading.js", "passages.js", "talk.js", "tips.js", "copying.js", "answers.js"),
    *("adding.js", "files.js", "pasting.js", "finding.js", "standing.js"),
    *("keeping.js", "conversations.js", "past.js", "settings.js", "begin.js"),
)
STYLES = (
    *("frame.css", "talk.css", "answers.css", "panels.css"),
    *("shelf.css", "adding.css", "reading.css", "gradio.css"),
)

# Questions answered at a time, over all browsers; and how many more may wait in line.
_ANSWERS_AT_A_TIME = 8
_LONGEST_LINE = 64

# Of what Gradio serves, what this page uses; the rest (a proxy, a file server, an editor, monitoring) is not there.
_GRADIO = "/gradio_api/"
_USED = (
    "queue/",
    "run/predict",
    "component_server",
    "upload",
    "info",
    "app_id",
    "heartbeat/",
    "startup-events",
    "cancel",
    "reset",
)
_UNUSED = ("/monitoring", "/openapi.json", "/login", "/logout")

# A typed question, with what the script sends along.
_REQUEST = "(question) => [question, window.qaPage.request(question)]"

_SANS = (
    "-apple-system BlinkMacSystemFont Segoe_UI Roboto Ubuntu Noto_Sans Liberation_Sans system-ui sans-serif"
)
_MONO = "ui-monospace SFMono-Regular Menlo Consolas Liberation_Mono monospace"


def build(background: Background) -> gr.Blocks:
    """The page over one library. Each browser that opens it has a conversation of its own."""
    keeper = Keeper(seal_of(background.settings))
    asking = Asking(background, keeper)
    blocks: gr.Blocks
    with gr.Blocks(title="qa", analytics_enabled=False, fill_width=True) as blocks:
        bar = gr.HTML(
            html_template=_part("bar.html").replace("SCOPE", keeper.scope),
            js_on_load=_parts("script", SCRIPTS),
            server_functions=calls(background, asking, keeper),
            apply_default_css=False,
            elem_id="bar",
        )
        with gr.Row(elem_id="views", equal_height=False):
            _fixed(_shelf(), "shelf")
            with gr.Column(elem_id="talk"):
                _fixed('<div class="told" data-part="told" role="status" hidden></div>', "told")
                _fixed('<div class="welcome" data-part="welcome"></div>', "welcome")
                said = gr.HTML("", apply_default_css=False, js_on_load=None, elem_id="said")
                question = gr.Textbox(
                    label="Question",
                    show_label=False,
                    placeholder="Ask about the articles",
                    lines=1,
                    max_lines=6,
                    autofocus=True,
                    submit_btn=True,
                    container=False,
                    elem_id="question",
                )
                _fixed(_answerer(), "answerer")
            _fixed(_part("reading.html"), "reading")
        # What the script sends with a question from the box; and the name of the turn that is to be answered next.
        asked, accepted = gr.JSON(visible=False), gr.Textbox(visible=False)

        # A page may ask in one conversation while another of its is being answered.
        quiet: dict[str, Any] = {
            "show_progress": "hidden",
            "api_visibility": "private",
            "trigger_mode": "multiple",
        }
        typed = question.submit(
            asking.typed, [question, asked], [said, question, accepted], js=_REQUEST, queue=False, **quiet
        )
        picked = bar.ask(asking.picked, None, [said, accepted], queue=False, **quiet)
        for begun in (typed, picked):
            begun.then(
                asking.answer,
                [accepted],
                [said],
                concurrency_limit=_ANSWERS_AT_A_TIME,
                concurrency_id="answers",
                **quiet,
            )
        bar.turn(asking.turned, None, [said], queue=False, **quiet)
    blocks.queue(max_size=_LONGEST_LINE, api_open=False)
    return blocks


def application(
    background: Background,
    *,
    hosts: Iterable[str] | None = LOOPBACK,
    beside: Callable[[FastAPI], None] | None = None,
) -> FastAPI:
    """The page as an ASGI application that answers to `hosts` (None: to any name). `beside` adds other routes to it."""
    app = FastAPI(title="qa", openapi_url=None)
    app.add_middleware(Guard, hosts=hosts, hidden=_is_hidden)
    if beside is not None:
        beside(app)
    gr.mount_gradio_app(
        app,
        build(background),
        path="/",
        footer_links=[],
        run_history=False,
        show_error=False,
        ssr_mode=False,
        mcp_server=False,
        enable_monitoring=False,
        max_file_size=LARGEST_MB * 1024 * 1024,
        favicon_path=str(ASSETS / "favicon.svg"),
        theme=_theme(),
        # As `css` it would be rewritten to reach parts of the page only.
        head=f"<style>{_parts('style', STYLES)}</style>",
    )
    return app


def _is_hidden(path: str) -> bool:
    if path.startswith(_GRADIO):
        return not path.removeprefix(_GRADIO).startswith(_USED)
    return path.startswith(_UNUSED)


def _fixed(html: str, name: str) -> gr.HTML:
    """A place that the scripts fill; Gradio only puts it there."""
    return gr.HTML(html_template=html, apply_default_css=False, js_on_load=None, elem_id=name)


def _answerer() -> str:
    """Who answers, and what it says where the reader was chosen in the settings."""
    instead = element("p", QUOTES, class_="answerer instead", dir="auto")
    return instead + element("p", class_="answerer", data_part="answerer", dir="auto")


def _theme() -> gr.themes.Base:
    return gr.themes.Base(font=_fonts(_SANS), font_mono=_fonts(_MONO)).set(
        body_background_fill="#fbfaf7",
        body_background_fill_dark="#171614",
        body_text_color="#201e1b",
        body_text_color_dark="#ebe7df",
    )


def _fonts(names: str) -> list[str]:
    """The system's own fonts; Gradio would take others from Google."""
    return [name.replace("_", " ") for name in names.split()]


def _parts(folder: str, names: Iterable[str]) -> str:
    """Files that are written apart and work as one, in this order."""
    return "\n".join(_part(f"{folder}/{name}") for name in names)


def _part(name: str) -> str:
    return (ASSETS / name).read_text("utf-8")


def _shelf() -> str:
    kinds = ",".join(KINDS)
    return _part("shelf.html").replace("KINDS", kinds).replace("LARGEST_MB", str(LARGEST_MB))
