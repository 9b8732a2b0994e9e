"""A Hugging Face model in place of ours: a small untrained one, made here."""

from __future__ import annotations

from pathlib import Path

import pytest

from qa.reader import Reader

torch = pytest.importorskip("torch")
transformers = pytest.importorskip("transformers")

WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *"the ferry ran aground who is mayor of . ?".split()]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("model")
    (path / "vocab.txt").write_text("\n".join(WORDS))
    torch.manual_seed(0)
    config = transformers.BertConfig(
        vocab_size=len(WORDS),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
        max_position_embeddings=64,
    )
    transformers.BertForQuestionAnswering(config).save_pretrained(path)
    vocabulary = {word: i for i, word in enumerate(WORDS)}
    transformers.BertTokenizer(vocab=vocabulary, model_max_length=64).save_pretrained(path)
    return path


def test_another_model_gives_readings_of_the_same_shape(folder: Path) -> None:
    passages = ["The ferry ran aground.", "", "The mayor of the ferry is the mayor. " * 30]
    readings = Reader(str(folder), spans=2).read("Who is the mayor?", passages)
    assert {r.passage for r in readings} == {0, 2}
    for r in readings:
        assert r.text == passages[r.passage][r.start : r.end]
        assert 0.0 <= r.answerable <= 1.0
    assert max(r.end for r in readings if r.passage == 2) > 200
