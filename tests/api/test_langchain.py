"""A library inside agents and graphs of LangChain's, with a chat model that calls tools as it is told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypedDict

import pytest
from langchain.agents import create_agent
from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage, ToolMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from langchain_core.runnables import Runnable
from langchain_core.tools import create_retriever_tool
from langchain_core.vectorstores import InMemoryVectorStore
from langgraph.graph import END, START, MessagesState, StateGraph
from langgraph.prebuilt import ToolNode, tools_condition

from qa import Answer, Hit, Library
from qa.api.langchain import tools
from qa.retrieve import hit_of

WHERE = "where did the summit take place?"


class Calling(BaseChatModel):
    """Calls one tool with these arguments, then says what that gave."""

    tool: str
    arguments: dict[str, Any]

    @property
    def _llm_type(self) -> str:
        return "calling"

    def bind_tools(self, tools: Sequence[Any], **_options: Any) -> Runnable[Any, AIMessage]:
        assert self.tool in [tool.name for tool in tools]
        return self

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        last = messages[-1]
        if isinstance(last, ToolMessage):
            reply = AIMessage(f"I read: {last.text}")
        else:
            reply = AIMessage("", tool_calls=[{"name": self.tool, "args": self.arguments, "id": "call-1"}])
        return ChatResult(generations=[ChatGeneration(message=reply)])


def messages(question: str = WHERE) -> Any:
    return {"messages": [{"role": "user", "content": question}]}


def tool_message(result: dict[str, Any]) -> ToolMessage:
    (message,) = [one for one in result["messages"] if isinstance(one, ToolMessage)]
    return message


def test_an_agent_asks_the_articles(library: Library) -> None:
    model = Calling(tool="ask_articles", arguments={"question": WHERE})
    result = create_agent(model, tools(library)).invoke(messages())
    assert result["messages"][-1].text.startswith("I read: Russky island [1]\n\nSources:\n\n[1] “VLADIVOSTOK")
    (citation,) = tool_message(result).artifact["citations"]
    text = library.article(citation["article_id"]).text
    assert citation["quote"] == text[citation["start"] : citation["end"]]


@pytest.mark.parametrize(
    ("tool", "arguments", "said"),
    [
        (
            "get_article",
            {"article_id": "bees", "characters": 4},
            "I read: Bees learn to play football\n\nBees\n\n",
        ),
        (
            "search_articles",
            {"question": "wheat", "limit": 1},
            "I read: 1. Wheat for Chongjin, Meridian Desk, ",
        ),
        ("get_article", {"article_id": "nobody"}, "I read: there is no article 'nobody'"),
        ("search_articles", {"limit": 1}, "I read: Tool input validation error"),
    ],
)
def test_an_agent_searches_and_reads_and_is_told_what_is_wrong(
    library: Library, tool: str, arguments: dict[str, Any], said: str
) -> None:
    result = create_agent(Calling(tool=tool, arguments=arguments), tools(library)).invoke(messages())
    assert result["messages"][-1].text.startswith(said)


def test_the_retriever_is_a_tool_of_anybodys_agent(library: Library) -> None:
    search = create_retriever_tool(library.retriever, "look_up", "Finds passages of news articles.")
    model = Calling(tool="look_up", arguments={"query": "armoured train"})
    result = create_agent(model, [search]).invoke(messages())
    assert "Kim Jong Un came by armoured train." in result["messages"][-1].text


def test_the_embeddings_are_those_of_anybodys_store(library: Library) -> None:
    store = InMemoryVectorStore(library.embeddings)
    store.add_texts(["Bees play football.", "Wheat came to the port."])
    assert [document.page_content for document in store.similarity_search("grain ship", k=1)] == [
        "Wheat came to the port."
    ]


def test_a_graph_of_an_agent(library: Library) -> None:
    model = Calling(tool="ask_articles", arguments={"question": WHERE}).bind_tools(tools(library))

    def think(state: MessagesState) -> dict[str, Any]:
        return {"messages": [model.invoke(state["messages"])]}

    graph = StateGraph(MessagesState)
    graph.add_node("think", think)
    graph.add_node("tools", ToolNode(tools(library)))
    graph.add_edge(START, "think")
    graph.add_conditional_edges("think", tools_condition)
    graph.add_edge("tools", "think")
    result = graph.compile().invoke(messages())
    assert result["messages"][-1].text.startswith("I read: Russky island [1]")


class Steps(TypedDict, total=False):
    """What passes between the nodes of a graph."""

    question: str
    hits: list[Hit]
    answer: Answer
    said: str


@pytest.mark.parametrize(
    ("question", "said"),
    [(WHERE, "Russky island"), ("who won the world cup in 1998?", "Let me look elsewhere.")],
)
def test_a_graph_of_retriever_and_chain(library: Library, question: str, said: str) -> None:
    def look(state: Steps) -> Steps:
        documents = library.retriever.invoke(state["question"], k=3)
        return {"hits": [hit_of(document) for document in documents]}

    graph = StateGraph(Steps)
    graph.add_node("look", look)
    graph.add_node("answer", lambda state: {"answer": library.chain.invoke(state["question"])})
    graph.add_node("say", lambda state: {"said": state["answer"].answer})
    graph.add_node("elsewhere", lambda _: {"said": "Let me look elsewhere."})
    graph.add_edge(START, "look")
    graph.add_edge("look", "answer")
    graph.add_conditional_edges("answer", lambda state: "say" if state["answer"].answered else "elsewhere")
    graph.add_edge("say", END)
    graph.add_edge("elsewhere", END)
    result = graph.compile().invoke({"question": question})
    assert result["said"] == said
    assert len(result["hits"]) == 3
