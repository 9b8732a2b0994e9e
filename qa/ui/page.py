"""The page: its layout in Gradio, its looks, and the application that serves it.

Takes a `Background`, gives `gr.Blocks` and an ASGI application. Knows nothing of answering or of HTML for articles:
`calls.py` says what can be asked, `render/` what it looks like, page.js what happens in the browser.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import gradio as gr
from fastapi import FastAPI

from qa.ui.background import Background
from qa.ui.calls import LONGEST_QUESTION, Asking, calls
from qa.ui.guard import LOOPBACK, Guard
from qa.ui.render.library import KINDS, LARGEST_MB

ASSETS = Path(__file__).parent / "assets"

# Questions answered at a time, over all browsers, and others that may wait in line.
_ANSWERS_AT_A_TIME = 8
_LONGEST_LINE = 64

_WELCOME = '<div class="welcome" data-part="welcome"></div>'
_SANS = (
    "-apple-system", "BlinkMacSystemFont", "Segoe UI", "Roboto", "Cantarell", "Ubuntu", "Noto Sans", "Liberation Sans",
    "system-ui", "sans-serif",
)
_MONO = ("ui-monospace", "SFMono-Regular", "Menlo", "Consolas", "Liberation Mono", "monospace")


def build(background: Background) -> gr.Blocks:
    """The page over one library. Each browser that opens it has a conversation of its own."""
    asking = Asking(background)
    with gr.Blocks(title="qa", analytics_enabled=False, fill_width=True) as blocks:
        turns = gr.State(())
        bar = gr.HTML(
            html_template=_part("bar.html"),
            js_on_load=_part("page.js"),
            server_functions=calls(background),
            apply_default_css=False,
            elem_id="bar",
        )
        with gr.Row(elem_id="views", equal_height=False):
            gr.HTML(html_template=_shelf(), apply_default_css=False, js_on_load=None, elem_id="shelf")
            with gr.Column(elem_id="talk"):
                gr.HTML(html_template=_WELCOME, apply_default_css=False, js_on_load=None, elem_id="welcome")
                said = gr.HTML("", apply_default_css=False, js_on_load=None, elem_id="said")
                question = gr.Textbox(
                    label="Question",
                    show_label=False,
                    placeholder="Ask about the articles",
                    lines=1,
                    max_lines=6,
                    max_length=LONGEST_QUESTION,
                    autofocus=True,
                    submit_btn=True,
                    container=False,
                    elem_id="question",
                )
            gr.HTML(html_template=_part("reading.html"), apply_default_css=False, js_on_load=None, elem_id="reading")

        typed = question.submit(
            asking.typed,
            [question, turns],
            [said, question, turns],
            queue=False,
            show_progress="hidden",
            api_visibility="private",
        )
        picked = bar.ask(
            asking.picked, [turns], [said, turns], queue=False, show_progress="hidden", api_visibility="private"
        )
        for accepted in (typed, picked):
            accepted.then(
                asking.answer,
                [turns],
                [said, turns],
                show_progress="hidden",
                concurrency_limit=_ANSWERS_AT_A_TIME,
                concurrency_id="answers",
                api_visibility="private",
            )
    blocks.queue(max_size=_LONGEST_LINE, api_open=False)
    return blocks


def application(background: Background, *, hosts: Iterable[str] | None = LOOPBACK) -> FastAPI:
    """The page as an ASGI application that answers to `hosts` (None: to any name)."""
    app = FastAPI(title="qa", openapi_url=None)
    app.add_middleware(Guard, hosts=hosts)
    return gr.mount_gradio_app(
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
        head=f"<style>{_part('page.css')}</style>",  # `css` would be rewritten to reach only parts of the page
    )


def _theme() -> gr.themes.Base:
    return gr.themes.Base(font=list(_SANS), font_mono=list(_MONO), radius_size="lg").set(
        body_background_fill="#fbfaf7",
        body_background_fill_dark="#171614",
        body_text_color="#201e1b",
        body_text_color_dark="#ebe7df",
    )


def _part(name: str) -> str:
    return (ASSETS / name).read_text("utf-8")


def _shelf() -> str:
    return _part("shelf.html").replace("KINDS", ",".join((*KINDS, ".gz"))).replace("LARGEST_MB", str(LARGEST_MB))
