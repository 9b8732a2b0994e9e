"""The answer that a chat model wrote from numbered hits -> the same answer with citations that were checked.

    checker = Checker(embedder)                  # one for all answers
    answer = checked(text, hits, checker)        # -> Checked(text, citations, claims, confidence)

    draft = Draft(hits, checker)                 # while the answer is being written
    draft.grow(text_so_far)                      # what is certain already; only new sentences are checked
    draft.grow(text, whole=True)                 # all of it

`pieces` cuts the text into sentences, `plain` takes marks and links out of them, `claims` tells which claim something,
`check` finds the sentence of a hit that most supports a claim, and `compare` says how likely it does: `statement` takes
both apart into `words`, `numbers`, `names` and `days`; `facts` tells what is missing, `roles` what is said of another
thing, `manner` what is denied or only hoped. `fit` gives the weights. Offsets are those of `records`.
"""

from qa.verify.check import SUPPORTED, Checker, Embedder, Support
from qa.verify.draft import Checked, Draft, checked

__all__ = ["SUPPORTED", "Checked", "Checker", "Draft", "Embedder", "Support", "checked"]
