"""What is said -> what is meant: small talk, requests that are no question, and follow-ups that stand alone."""

from qa.converse.complete import complete
from qa.converse.requests import Request, request_of
from qa.converse.small_talk import contents, small_talk

__all__ = ["Request", "complete", "contents", "request_of", "small_talk"]
