"""Records -> HTML. `markup.py` is the one place that escapes; the other files each draw one part of the page."""

from qa.ui.render.answerer import answerer_line, told
from qa.ui.render.cards import passages
from qa.ui.render.conversation import Turn, conversation
from qa.ui.render.library import became, notice, upload_row, welcome
from qa.ui.render.markup import Html, Mark
from qa.ui.render.reading import article_page
from qa.ui.render.shelf import indexing, shelf, sources, tally
from qa.ui.render.written import spoken

__all__ = [
    "Html",
    "Mark",
    "Turn",
    "answerer_line",
    "article_page",
    "became",
    "conversation",
    "indexing",
    "notice",
    "passages",
    "shelf",
    "sources",
    "spoken",
    "tally",
    "told",
    "upload_row",
    "welcome",
]
