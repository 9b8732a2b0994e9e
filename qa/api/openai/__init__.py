"""OpenAI's protocol over a library: /v1/models, /v1/chat/completions, /v1/embeddings. `application` is all of it."""

from qa.api.openai.application import application

__all__ = ["application"]
