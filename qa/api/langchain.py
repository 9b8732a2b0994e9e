"""The tools of a library for a LangChain agent: search, ask and read, as MCP has them.

Takes a library that is open, here or in another process; gives LangChain tools. What a model reads is their content,
the whole result (hits, citations with their offsets) their artifact. Knows nothing of agents.
"""

from __future__ import annotations

from typing import Any

from langchain_core.tools import BaseTool, StructuredTool, ToolException

from qa.api.source import AnyLibrary
from qa.api.tools import TOOLS, Tool
from qa.errors import QAError


def tools(library: AnyLibrary) -> list[BaseTool]:
    """`search_articles`, `ask_articles` and `get_article` of this library."""
    return [_tool(tool, library) for tool in TOOLS]


def _tool(tool: Tool, library: AnyLibrary) -> BaseTool:
    def call(**arguments: Any) -> tuple[str, dict[str, Any]]:
        try:
            *_, result = tool.work(library, tool.arguments(**arguments))
        except QAError as error:
            raise ToolException(str(error)) from error  # the model is told, and can do better
        return result.text, dict(result.data)

    return StructuredTool.from_function(
        call,
        name=tool.name,
        description=tool.description,
        args_schema=tool.arguments,
        response_format="content_and_artifact",
        handle_tool_error=True,
        handle_validation_error=True,
    )
