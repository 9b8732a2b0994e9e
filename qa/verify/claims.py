"""A sentence of an answer -> whether it claims something of the articles, and what it claims without its frame.

"Here is a summary:", a heading, a question, "The passages do not say" claim nothing that a passage could support. What
is not surely empty claims something, so that nothing gets through unchecked as talk. English. Knows nothing of hits.
"""

from __future__ import annotations

import re

_PAPERS = (
    r"(?:the |these |those |this |your |any of the |all of the |my )?(?:provided |given |retrieved |"
    r"available |numbered |"
    r"above |cited |supplied |following )*"
    r"(?:passages?|articles?|sources?|texts?|documents?|excerpts?|context|information)"
    r"(?: (?:provided|given|above|here|available|retrieved|supplied|(?:that )?you (?:gave|provided)(?: me)?))?"
    r"(?:,? (?:\d+|[A-D])(?: (?:and|to) \d+)?)?"
)
_FRAME = re.compile(
    rf"(?:according to|based on|as (?:stated|reported|mentioned|described|noted|said|explained|"
    rf"per) (?:in|by)|in|from|per) "
    rf"{_PAPERS}, |{_PAPERS} (?:also )?(?:says?|states?|reports?|mentions?|notes?|explains?|indicates?|"
    rf"shows?|describes?) that ",
    re.IGNORECASE,
)
_OPENING = re.compile(
    r"(?:yes|no|sure|of course|certainly|however|additionally|in addition|moreover|furthermore|also|"
    r"in summary|in short|"
    r"overall|finally|to summari[sz]e|in conclusion|answer|note|summary)[,:.!] +(?=\S)",
    re.IGNORECASE,
)
_SILENT = re.compile(
    rf"(?:(?:but|however|unfortunately|sorry|also|yet|no|otherwise)[,;]? +)*(?:i(?:'m| am) sorry,? (?:but )?)?"
    rf"(?:(?:{_PAPERS}|none of (?:the|these) \w+) +"
    r"(?:(?:do(?:es)?|did|is|are|has|have|can) ?(?:not|n['’]t)\b(?= .{0,60}?"
    r"\b(?:say|state|mention|specif|contain|provid|give|include|tell|answer|describ|explain|indicat|"
    r"name|discuss|enough|clear))"
    r"|(?:provide|give|contain|make|offer|include)s? no (?:information|mention|answer|details?)\b"
    r"|(?:say|mention|state|contain)s? (?:nothing|this|it)?\b(?<=nothing)).*"
    r"|(?:i|we) (?:do not|don['’]t|cannot|can['’]t|could not|couldn['’]t|am not able to|am unable to) "
    r"(?:find|answer|say|tell|know|see|determine|have|provide|give|confirm)\b.*"
    r"|(?:there is |there are |there was )?no (?:information|mention|answer|details?)\b.*)",
    re.IGNORECASE | re.DOTALL,
)
_TURN = re.compile(
    r"[,;:] *(?:but|however|although|though|and|yet|only|instead|they do|it does)\b|; ", re.IGNORECASE
)
_TALK = re.compile(
    r"(?:here(?: is|['’]s| are)|below (?:is|are)|the following (?:is|are)|in (?:short|summary|"
    r"conclusion)|to summari[sz]e|"
    r"summary|answer|sources?|references?|note|yes|no|sure|of course|certainly|absolutely|great question|good question|"
    r"(?:i )?hope (?:this|that|it) (?:helps?|answers? your question)|let me know(?: if .{0,80})?|"
    r"(?:please )?feel free to .{0,80}|if you .{0,90}|thank(?:s| you)(?: for .{0,40})?|"
    r"you['’]re welcome|hello|hi(?: there)?|"
    r"is there anything else.{0,60}|i can (?:help|tell) .{0,80}|i(?:'m| am) (?:happy|glad) to help)"
    r"(?: (?:a|an|the|some|what) [a-z ]{0,60})?[.!:]*",
    re.IGNORECASE,
)
_DECORATION = re.compile(r"[*_`~#|>]+|\\(?=\W)")


def statement(text: str) -> str | None:
    """What a sentence claims, without its frame and Markdown, None if it claims nothing.

    >>> statement("According to passage 2, **Kim** came by train.")
    'Kim came by train.'
    >>> statement("The passages do not say when Kim left.") is None
    True
    >>> statement("The passages do not say when, but Kim left on Friday.")
    'The passages do not say when, but Kim left on Friday.'
    """
    bare = " ".join(_DECORATION.sub(" ", text).split())
    bare = re.sub(r" (?=[.,;:!?])", "", bare)
    if not re.search(r"\w", bare) or bare.endswith((":", "?", "？", "：")) or _TALK.fullmatch(bare):
        return None
    silent = _SILENT.fullmatch(bare)
    if silent and not _TURN.search(bare):
        return None
    for _ in range(2):
        opening = _OPENING.match(bare) or _FRAME.match(bare)
        bare = bare[opening.end() :] if opening else bare
    return bare


def is_heading(raw: str, bullet: str) -> bool:
    """Whether a line is a heading: after "#", or all in bold without a full stop.

    >>> is_heading("The summit", "## "), is_heading("**The summit**", ""), is_heading("**Kim left.**", "")
    (True, True, False)
    """
    bold = re.fullmatch(r"\s*(\*\*|__)[^*_]{1,100}(?<![.!])\1:?\s*", raw) is not None
    return "#" in bullet or (bold and not bullet)
