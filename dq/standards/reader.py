"""Reads one policy file and says everything that is wrong with it. Knows nothing about what the policy means."""

import difflib
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, get_args

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from dq.errors import Problem


class Policy(BaseModel):
    """Base of every section of the standards: frozen, and an unknown key is a mistake."""

    # Workers get policies ready-made: what checks them is built where a file is read, not on import.
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True, defer_build=True)


Section = TypeVar("Section", bound=Policy)


if TYPE_CHECKING or not yaml.__with_libyaml__:  # noqa: SIM108 (mypy wants one base)
    _Loader = yaml.BaseLoader
else:  # ten times as fast
    _Loader = yaml.CBaseLoader


class _TextLoader(_Loader):
    """YAML in which every scalar is text: `NO` stays a state code and `01234` a ZIP. Duplicate keys are refused."""


class _QuickLoader(getattr(yaml, "CBaseLoader", yaml.BaseLoader)):  # type: ignore[misc]
    """The same by libyaml, where PyYAML has it: in a third of the time."""


def _unique_mapping(loader: Any, node: Any) -> dict[str, object]:
    mapping: dict[str, object] = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if key in mapping:
            raise yaml.constructor.ConstructorError(None, None, f"the key {key!r} stands twice", key_node.start_mark)
        mapping[key] = loader.construct_object(value_node, deep=True)
    return mapping


for _loader in (_TextLoader, _QuickLoader):
    _loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _unique_mapping)


def read_document(path: Path, problems: list[Problem]) -> object:
    """Return the file's content with every scalar as text; an unreadable file is a problem and gives None."""
    try:
        return _parsed(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        problems.append(Problem(path.name, "", "the file is missing", "restore it or start from the packaged defaults"))
    except UnicodeDecodeError:
        problems.append(Problem(path.name, "", "the file is not UTF-8 text", "save it as UTF-8"))
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        problems.append(Problem(path.name, f"line {line}", f"not valid YAML: {error.problem or error.context}"))
    except yaml.YAMLError as error:
        problems.append(Problem(path.name, "", f"not valid YAML: {error}"))
    return None


def _parsed(text: str) -> object:
    """Return the content of a document; what is wrong with it is said in one parser's words wherever it is read."""
    try:
        return yaml.load(text, Loader=_QuickLoader)  # noqa: S506 (builds text only)
    except yaml.YAMLError:
        return yaml.load(text, Loader=_TextLoader)  # noqa: S506 (builds text only)


def validate(document: object, section: type[Section], file: str, key: str, problems: list[Problem]) -> Section | None:
    """Return `document` as a `section`, or None after adding one problem per mistake.

    Args:
        document: Mapping as read from YAML.
        section: The policy it must fit.
        file: Name of the file, for messages.
        key: Place of the document inside the file (`rules[3]`), empty for the whole file.
        problems: Grows by what is wrong.
    """
    if document is None:
        document = {}
    if not isinstance(document, dict):
        problems.append(Problem(file, key, "a mapping is expected here", "write `key: value` lines"))
        return None
    try:
        return section.model_validate(document)
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            place = ".".join(str(step) for step in detail["loc"])
            where = ".".join(part for part in (key, place) if part)
            problems.append(Problem(file, where, _sentence(detail["msg"]), _hint(detail, section)))
        return None


def read_section(path: Path, section: type[Section], problems: list[Problem]) -> Section | None:
    """Read a file that holds exactly one `section`."""
    before = len(problems)
    document = read_document(path, problems)
    if len(problems) > before:
        return None
    return validate(document, section, path.name, "", problems)


_NAMED = 20
"""Known words that an error lists: the keys of a section, not every picklist value."""


def suggest(word: str, known: list[str] | tuple[str, ...]) -> str:
    """Return a hint that names the nearest known word, or the known words.

    >>> suggest("treshold", ["threshold", "weight"])
    'did you mean `threshold`?'
    """
    close = difflib.get_close_matches(word, known, n=1, cutoff=0.6)
    if close:
        return f"did you mean `{close[0]}`?"
    more = f" and {len(known) - _NAMED} more" if len(known) > _NAMED else ""
    return "known: " + ", ".join(f"`{name}`" for name in sorted(known)[:_NAMED]) + more


def _sentence(message: str) -> str:
    return message.removeprefix("Value error, ").replace("Extra inputs are not permitted", "unknown key")


def _hint(detail: object, section: type[BaseModel]) -> str:
    assert isinstance(detail, dict)
    if detail["type"] != "extra_forbidden":
        return f"got {detail['input']!r}" if detail["type"] != "missing" else "add it"
    return suggest(str(detail["loc"][-1]), _known_keys(section, detail["loc"][:-1]))


def _known_keys(section: type[BaseModel], path: tuple[object, ...]) -> list[str]:
    """Follow `path` through nested policies as far as the types allow."""
    current = section
    for step in path:
        field = current.model_fields.get(str(step))
        if field is None:
            continue
        nested = _policies_in(field.annotation)
        if nested is None:
            break
        current = nested
    return list(current.model_fields)


def _policies_in(annotation: object) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for argument in get_args(annotation):
        found = _policies_in(argument)
        if found is not None:
            return found
    return None
