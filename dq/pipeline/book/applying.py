"""Takes a workbook back: says what changed or everything that does not fit, and puts it in force."""

import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from dq.conversion.book import Answers, Judged, Present, judge_answers, read_book
from dq.conversion.book.returned import ReturnedBook, target_of
from dq.errors import NotFoundError, Problem, SettingsError, StandardsError
from dq.pipeline.book.files import register_text, source_text, target_text, write_values
from dq.pipeline.book.present import kept_folder, last_applied, present_of, registered
from dq.pipeline.ingest import read_tables, recognise_columns
from dq.pipeline.planning import make_plan
from dq.pipeline.run import open_run
from dq.settings import Settings, load_settings
from dq.standards.reader import read_section
from dq.standards.sources import SourcePolicy
from dq.standards.targets import load_target, read_target
from dq.tables.forms.guard import LARGEST
from dq.tables.recognition import SourceMapping
from dq.tables.writing import atomic


class BookError(SettingsError):
    """A workbook that is not applied; `problems` lists everything that is wrong with it."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        count = len(self.problems)
        lines = "\n".join(f"  {problem}" for problem in self.problems)
        super().__init__(
            f"{count} problem{'s' if count != 1 else ''} in the workbook; nothing was applied:\n{lines}",
            "mend them all in the file and apply it again",
        )

    def __reduce__(self) -> tuple[type["BookError"], tuple[tuple[str, ...]]]:
        return type(self), (self.problems,)


@dataclass(frozen=True)
class Checked:
    """A workbook that can be applied.

    Attributes:
        target: Name of its target.
        judged: What changes.
        present: What is in force.
        mappings: How the sources are read now.
        settings: Of the home it is applied to.
    """

    target: str
    judged: Judged
    present: Present
    mappings: tuple[SourceMapping, ...]
    settings: Settings


@dataclass(frozen=True)
class Applied:
    """What was written.

    Attributes:
        files: Those whose content is other than before.
        proposals: Values decided, to be given to `--apply-proposals`; None where there are none.
        is_own: The home got standards of its own by this.
    """

    files: tuple[Path, ...]
    proposals: Path | None
    is_own: bool


def check_book(file: Path, sources: Sequence[str]) -> Checked:
    """Say what applying a workbook would change; changes nothing.

    Raises:
        BookError: With everything that does not fit.
        NotFoundError: There is no such file.
    """
    content = _content(file)
    name, objects, problems = target_of(content)
    if problems or not name:
        raise BookError(problems or ["the first sheet names no target: it is no workbook of dq workbook"])
    settings = load_settings()
    target = load_target(settings.standards, name)
    strange = [thing for thing in objects if thing not in target.objects]
    if strange or not objects:
        raise BookError([f"the target {name} has no {thing}" for thing in strange] or ["it names no objects"])
    mappings, present = _now(sources, name, objects)
    known = (*present.answers.columns, *present.answers.fields)
    returned = _without_absent(read_book(content, objects, known), {mapping.source for mapping in mappings})
    judged = judge_answers(returned, present)
    if judged.problems:
        raise BookError([f"{line}: {said}" for line, said in judged.problems])
    return Checked(name, judged, present, mappings, settings)


def apply_book(checked: Checked, out: Path | None) -> Applied:
    """Write what a workbook decides; files that would not change are not touched.

    Args:
        checked: Of `check_book`.
        out: Folder for `sources/`, `targets/` and `mapping/`; None: the home's standards and `var/mapping/`.

    Raises:
        SettingsError: There is no home and no folder is named.
        StandardsError: The policy files would be wrong; nothing is written then.
    """
    settings = checked.settings
    if out is None and settings.home is None:
        raise SettingsError("there is no home to apply it to", "name a folder for the files: --out DIR")
    kept = kept_folder(settings, out)
    assert kept is not None, "a folder or a home is there"
    texts = _policies(checked)
    standards = out or settings.home / "standards"  # type: ignore[operator]
    is_own = out is None and bool(texts) and not standards.is_dir()
    if is_own:  # a home without the folder follows what ships with dq; with a part of it, it would lack the rest
        shutil.copytree(settings.standards, standards)
    places = registered(kept, checked.target)
    answers = checked.judged.answers
    wanted = {standards / name: text for name, text in texts.items()}
    if places["register"].is_file() or checked.judged.changes:
        wanted[places["register"]] = register_text(answers)
    written = [path for path, text in wanted.items() if _put(path, text)]
    values = _put_values(checked, places["proposals"])
    return Applied((*written, *values[1]), places["proposals"] if values[0] else None, is_own)


def _policies(checked: Checked) -> dict[str, str]:
    """Return the policy files that change, by their place below `standards`, after reading each as dq will."""
    folder, answers, now = checked.settings.standards, checked.judged.answers, checked.present
    texts: dict[str, str] = {}
    for mapping in checked.mappings:
        path = folder / "sources" / f"{mapping.source}.yml"
        present = path.read_text(encoding="utf-8-sig") if path.is_file() else None
        text = source_text(mapping, present, answers, now.answers)
        if text is not None and text != present:
            texts[f"sources/{mapping.source}.yml"] = text
    path = folder / "targets" / f"{checked.target}.yml"
    present = path.read_text(encoding="utf-8-sig")
    text = target_text(present, answers, now)
    if text != present:
        texts[f"targets/{checked.target}.yml"] = text
    _refuse_wrong(texts)
    return texts


def _refuse_wrong(texts: dict[str, str]) -> None:
    problems: list[Problem] = []
    with tempfile.TemporaryDirectory(prefix="dq-workbook-") as scratch:
        for name, text in texts.items():
            path = Path(scratch) / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
            if name.startswith("targets/"):
                read_target(path, problems)
            else:
                read_section(path, SourcePolicy, problems)
    if problems:
        raise StandardsError(problems)


def _now(sources: Sequence[str], name: str, objects: Sequence[str]) -> tuple[tuple[SourceMapping, ...], Present]:
    with tempfile.TemporaryDirectory(prefix="dq-workbook-") as folder:
        plan = make_plan(sources, Path(folder) / "out", workers=1)
        with open_run(plan) as run:
            mappings = tuple(recognise_columns(run, read_tables(run)))
            target = load_target(plan.settings.standards, name)
            last = last_applied(plan.settings, name)
            return mappings, present_of(mappings, run.standards, target, objects, last)


def _without_absent(returned: ReturnedBook, sources: set[str]) -> ReturnedBook:
    """Say of a source that was not given so once, not once per column."""
    absent = sorted({place[0] for place in returned.answers.columns} - sources)
    if not absent:
        return returned
    columns = {place: answer for place, answer in returned.answers.columns.items() if place[0] in sources}
    said = [
        ("Columns", f"the source `{name}` is not given: name it as NAME=PATH behind the workbook") for name in absent
    ]
    answers = Answers(columns, returned.answers.fields, returned.answers.picklists)
    return replace(returned, answers=answers, problems=(*returned.problems, *said))


def _content(file: Path) -> bytes:
    try:
        with file.open("rb") as stream:
            return stream.read(LARGEST + 1)
    except (FileNotFoundError, IsADirectoryError) as error:
        raise NotFoundError(f"there is no file {file}", "give the workbook that came back") from error


def _put(path: Path, text: str) -> bool:
    """Write a file unless it holds just that; return whether it was written."""
    if path.is_file() and path.read_text(encoding="utf-8") == text:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    with atomic(path) as unfinished:
        unfinished.write_text(text, encoding="utf-8")
    return True


def _put_values(checked: Checked, path: Path) -> tuple[int, tuple[Path, ...]]:
    """Write the values decided; return how many, and the file where it changed."""
    with tempfile.TemporaryDirectory(prefix="dq-workbook-") as folder:
        made = Path(folder) / "proposals.csv"
        count = write_values(checked.target, checked.judged.answers, made)
        if not count and not path.is_file():
            return 0, ()
        changed = _put(path, made.read_text(encoding="utf-8"))
    return count, (path,) if changed else ()
