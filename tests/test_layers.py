"""Who imports whom: the layers of the design, read off the source."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import qa

ROOT = Path(qa.__file__).parent
NOUNS = {"qa.records", "qa.errors", "qa.settings"}

# A stage -> the stages that it may import besides the nouns and its own parts. `sentences` is what the others cut with.
STAGES: dict[str, set[str]] = {
    "load": set(),
    "sentences": set(),
    "language": set(),
    "when": set(),
    "split": {"qa.sentences"},
    "encoder": set(),
    "embed": {"qa.encoder"},
    "store": set(),
    "keywords": set(),
    "choose": set(),
    "retrieve": {"qa.sentences", "qa.when"},
    "quote": {"qa.sentences"},
    "converse": set(),
    "models": set(),
    "generate": {"qa.sentences"},
    "verify": {"qa.sentences", "qa.when"},
    "examples": set(),
    "ownership": set(),
}

# A library -> the part of qa that alone may import it.
ONLY = {
    "chromadb": "store",
    "gradio": "ui",
    "langchain_openai": "models",
    "mcp": "api",
    "prometheus_client": "api",
    "py3langid": "language",
    "tantivy": "keywords",
    "xllamacpp": "models",
    "sentence_transformers": "embed",
    "sentencex": "sentences",
}

# The one beneath -> what must not be known to it.
BENEATH = {
    "records": {"qa"},
    "errors": {"qa"},
    "settings": {"qa"},
    "api": {"qa.commands", "qa.display", "qa.store", "qa.keywords"},
    "library": {"qa.api", "qa.ui", "qa.commands", "qa.display", "qa.evaluate", "qa.remote", "qa.__main__"},
    "chain": {"qa.api", "qa.library", "qa.store", "qa.ui"},
    "cases": {"qa.library", "qa.store", "qa.ui", "qa.commands"},
    "measures": {"qa.library", "qa.store", "qa.ui", "qa.commands"},
    "evaluate": {"qa.library", "qa.store", "qa.ui", "qa.commands"},
    "compare": {"qa.ui", "qa.commands", "qa.display"},
    "ui": {"qa.commands", "qa.display", "qa.store", "qa.keywords", "qa.embed"},
}


def _modules(part: str) -> list[Path]:
    folder = ROOT / part
    return sorted(folder.rglob("*.py")) if folder.is_dir() else [folder.with_suffix(".py")]


def _imports(path: Path, *, typing: bool = True) -> set[str]:
    """The modules that a file imports, anywhere in it; without those that only a type checker sees, if told so."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    skipped: set[ast.AST] = set()
    if not typing:
        for node in ast.walk(tree):
            if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
                skipped |= {inner for one in node.body for inner in ast.walk(one)}
    names: set[str] = set()
    for node in ast.walk(tree):
        if node in skipped:
            continue
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative imports are not our way"
            names.add(node.module or "")
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def _within(name: str, package: str) -> bool:
    return name == package or name.startswith(f"{package}.")


def test_the_table_names_what_is_there() -> None:
    assert [part for part in (*STAGES, *BENEATH, *ONLY.values()) if not _modules(part)[0].is_file()] == []


@pytest.mark.parametrize("part", STAGES)
def test_stages_do_not_import_each_other(part: str) -> None:
    allowed = NOUNS | STAGES[part] | {f"qa.{part}"}
    for path in _modules(part):
        ours = {name for name in _imports(path) if _within(name, "qa") and name != "qa"}
        wrong = {name for name in ours if not any(_within(name, one) for one in allowed)}
        assert not wrong, f"{path.relative_to(ROOT)} imports {sorted(wrong)}"


@pytest.mark.parametrize(("package", "part"), ONLY.items())
def test_one_part_alone_imports(package: str, part: str) -> None:
    importing = {
        path.relative_to(ROOT).parts[0].removesuffix(".py")
        for path in ROOT.rglob("*.py")
        if any(_within(name, package) for name in _imports(path, typing=False))
    }
    assert importing == {part}


@pytest.mark.parametrize("part", BENEATH)
def test_nobody_imports_upwards(part: str) -> None:
    allowed = NOUNS if part in ("records", "errors", "settings") else set()
    for path in _modules(part):
        names = {
            name for name in _imports(path, typing=False) if not any(_within(name, one) for one in allowed)
        }
        wrong = {name for name in names if any(_within(name, one) for one in BENEATH[part])}
        assert not wrong, f"{path.relative_to(ROOT)} imports {sorted(wrong)}"


def _run(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120
    )
    assert done.stderr == ""
    return done.stdout.strip()


def test_importing_the_settings_does_nothing() -> None:
    code = (
        "import sys, os\n"
        "before = dict(os.environ); seen = []\n"
        "doing = ('socket.', 'subprocess.', 'os.mkdir', 'os.putenv', 'os.remove', 'os.rename')\n"
        "def watch(event, args):\n"
        "    if event.startswith(doing) or event == 'open' and args[1] not in ('r', 'rb'):\n"
        "        seen.append((event, args))\n"
        "sys.addaudithook(watch)\n"
        "sys.dont_write_bytecode = True\n"
        "import qa, qa.settings\n"
        "assert dict(os.environ) == before\n"
        "print(seen)"
    )
    assert _run(code) == "[]"


def test_help_imports_nothing_heavy() -> None:
    """What makes `qa --help` answer at once, without a clock in the test."""
    code = (
        "import contextlib, io, sys\n"
        "import qa.__main__\n"
        "for words in (['--help'], ['ask', '--help'], ['--version'], ['nonsense']):\n"
        "    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):\n"
        "        with contextlib.suppress(SystemExit):\n"
        "            qa.__main__.main(words)\n"
        "print(sorted({name.partition('.')[0] for name in sys.modules} - sys.stdlib_module_names))"
    )
    ours = {"qa", "__main__", "sitecustomize", "usercustomize", "_distutils_hack"}
    editable = {name for name in eval(_run(code)) if not name.startswith("__editable__")}
    assert editable - ours <= {"_virtualenv"}


def test_the_package_imports_nothing_heavy() -> None:
    heavy = ("numpy", "torch", "chromadb", "langchain_core", "rich")
    code = f"import sys, qa\nprint([name for name in {heavy} if name in sys.modules])"
    assert _run(code) == "[]"
