"""The library for other programs: OpenAI's protocol, MCP, health and metrics. Importing this imports nothing heavy."""

from qa.api.offer import Offer

__all__ = ["Offer"]
