"""What others find the project by: its licence, its citation, its version, its addresses, its types."""

import importlib.metadata
import shutil
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from trove_classifiers import classifiers

import sim

ROOT = Path(__file__).resolve().parents[2]
CITED = ("cff-version", "message", "title", "authors")  # what Citation File Format 1.2.0 requires
MAY_BE_CITED = {
    *CITED, "abstract", "commit", "contact", "date-released", "doi", "identifiers", "keywords", "license",
    "license-url", "preferred-citation", "references", "repository", "repository-artifact", "repository-code", "type",
    "url", "version",
}  # fmt: skip


@pytest.fixture(scope="module")
def project() -> dict[str, Any]:
    """The table `[project]` of pyproject.toml."""
    found: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return found


@pytest.fixture(scope="module")
def citation() -> dict[str, Any]:
    """CITATION.cff."""
    found: dict[str, Any] = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    return found


def test_one_version_everywhere(project: dict[str, Any], citation: dict[str, Any]) -> None:
    versions = {
        "sim.__version__": sim.__version__,
        "pyproject.toml": project["version"],
        "CITATION.cff": str(citation["version"]),
        "the installed package": importlib.metadata.version("jirga"),
    }
    assert len(set(versions.values())) == 1, versions
    assert f"## [{sim.__version__}]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_the_citation_is_of_the_format(project: dict[str, Any], citation: dict[str, Any]) -> None:
    """The keys of version 1.2.0 of the format, those required with text in them, and the project's own values."""
    assert set(CITED) <= set(citation) <= MAY_BE_CITED, set(citation) ^ set(CITED)
    assert citation["cff-version"] == "1.2.0"
    assert citation["type"] == "software"
    assert citation["license"] == project["license"]
    assert citation["authors"] == project["authors"], "the same people are named to readers and to pip"
    assert citation["repository-code"] == project["urls"]["Source"]
    assert set(citation["keywords"]) <= set(project["keywords"]), citation["keywords"]


def test_the_licence_is_the_one_that_is_named(project: dict[str, Any]) -> None:
    assert project["license"] == "MIT"
    (name,) = project["license-files"]
    text = (ROOT / name).read_text(encoding="utf-8")
    assert text.startswith("MIT License\n\nCopyright (c) 2026 The Jirga authors\n"), text[:80]
    assert 'THE SOFTWARE IS PROVIDED "AS IS"' in text


def test_classifiers_exist_and_none_repeats_the_licence(project: dict[str, Any]) -> None:
    unknown = [one for one in project["classifiers"] if one not in classifiers]
    assert not unknown, unknown
    assert not [one for one in project["classifiers"] if one.startswith("License ::")], "the SPDX expression says it"
    versions = [one.rpartition("3.")[2] for one in project["classifiers"] if "Python :: 3." in one]
    assert versions[0] == project["requires-python"].rpartition("3.")[2], "the oldest Python is the one required"


def test_every_address_is_of_one_host(project: dict[str, Any]) -> None:
    assert set(project["urls"]) >= {"Homepage", "Source", "Issues", "Changelog"}
    strangers = {name: url for name, url in project["urls"].items() if not url.startswith(project["urls"]["Homepage"])}
    assert not strangers, strangers


@pytest.mark.parametrize("package", ["sim", "dashboard"])
def test_a_package_says_that_it_is_typed(package: str) -> None:
    assert (ROOT / package / "py.typed").read_bytes() == b"", "PEP 561: an empty marker"


def test_hooks_are_local_and_their_tools_are_installed() -> None:
    """`make pre-commit` downloads nothing: each hook runs a tool of the environment."""
    settings = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    assert {repository["repo"] for repository in settings["repos"]} == {"local"}
    hooks = [hook for repository in settings["repos"] for hook in repository["hooks"]]
    assert {"ruff-check", "ruff-format", "mypy", "lint-imports"} <= {hook["id"] for hook in hooks}
    for hook in hooks:
        assert hook["language"] == "system", hook["id"]
        folder, _, tool = hook["entry"].split()[0].rpartition("/")
        assert folder == ".venv/bin", hook["entry"]
        assert shutil.which(tool, path=str(Path(sys.executable).parent)), f"{hook['id']}: {tool} is not installed"
    check = (ROOT / "Makefile").read_text(encoding="utf-8")
    entries = [hook["entry"].replace(".venv/bin/", "$(BIN)/").removesuffix(" --force-exclude") for hook in hooks[:4]]
    assert not [entry for entry in entries if f"\t{entry}" not in check], "the hooks are those of make check"
