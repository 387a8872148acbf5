"""The checked way back of a steward's workbook: nothing is saved while anything is wrong, nothing is overwritten."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

from dq.errors import ConflictError, DQError, NotAllowedError, NotFoundError, SettingsError, TransitionError
from dq.stewardship.actor import Actor
from dq.stewardship.deciding import decide_pair
from dq.stewardship.house import House, acting
from dq.stewardship.moving import what_happened
from dq.stewardship.pack_answers import Answer, answers_of
from dq.stewardship.pack_sheets import CASE, FOR, OTHER, PACK, PAIRS, README, RECORD, TITLES
from dq.stewardship.packs import Pack, digest, digests, pack_of, steward_of
from dq.stewardship.values import override_value
from dq.stewardship.working import escalate, resolve, waive
from dq.store import dump, rows
from dq.store.cases import Case, case_of
from dq.store.schema import CASES, PACKS
from dq.tables.forms import Returned, plain, read_form


class PackError(SettingsError):
    """A workbook that is not taken; `problems` lists everything that is wrong with it."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        count = len(self.problems)
        lines = "\n".join(f"  {problem}" for problem in self.problems)
        super().__init__(
            f"{count} problem{'s' if count != 1 else ''} in the workbook; nothing was saved:\n{lines}",
            "mend them all in the file and send it again",
        )

    def __reduce__(self) -> tuple[type["PackError"], tuple[tuple[str, ...]]]:
        return type(self), (self.problems,)


@dataclass(frozen=True)
class Conflict:
    """An answer that was not saved, because something happened since the workbook was made.

    Attributes:
        sheet: Where it stands.
        line: Its line as Excel counts.
        case_id: The case.
        answered: What the steward chose, in words.
        happened: What happened, in one sentence.
    """

    sheet: str
    line: int
    case_id: str
    answered: str
    happened: str


@dataclass(frozen=True)
class Checked:
    """What is in a workbook that came back.

    Attributes:
        pack: Which one.
        answers: Answers that can be saved.
        conflicts: Answers that cannot.
        known: Answers that were saved already.
        empty: Lines left open.
        missing: Cases of the pack that the file does not hold any more.
    """

    pack: Pack
    answers: tuple[Answer, ...]
    conflicts: tuple[Conflict, ...]
    known: int
    empty: int
    missing: int


@dataclass(frozen=True)
class Taken:
    """What became of a workbook: the check, how many answers were saved and what they led to (state → count)."""

    checked: Checked
    saved: int
    became: Mapping[str, int]
    conflicts: tuple[Conflict, ...]


def check_pack(house: House, actor: Actor, content: bytes, *, at: datetime) -> Checked:
    """Look at a workbook that came back and change nothing.

    Raises:
        PackError: Everything that is wrong with it at once.
        NotAllowedError: The actor does not lead the steward's departments.
    """
    found = read_form(content, README, TITLES)
    if found.problems:
        raise PackError(found.problems)
    pack = _pack_of(house, found)
    steward_of(house, actor, pack.steward)
    with house.store.read() as connection:
        cases = {row["case_id"]: case_of(row) for row in rows.find_keys(connection, CASES, "case_id", pack.lines)}
    problems, seen = _identities(found, pack, cases)
    answers, empty, wrong = answers_of(house, found, cases, house.today(at))
    if problems or wrong:
        raise PackError([*problems, *wrong])
    return _sorted_out(house, pack, cases, answers, empty, missing=len(pack.lines) - len(seen))


def take_pack(house: House, actor: Actor, content: bytes, *, at: datetime) -> Taken:
    """Save the answers of a workbook as the steward's own: one action and one row of the audit each.

    What was decided since, and what rests on a record that changed since, stays as it is and is returned as a conflict.
    Bringing the same file twice changes nothing.

    Raises:
        PackError: Everything that is wrong with it at once; nothing was saved.
        NotAllowedError: The actor does not lead the steward's departments.
    """
    checked = check_pack(house, actor, content, at=at)
    pack = checked.pack
    steward = replace(steward_of(house, actor, pack.steward).actor, via=f"pack {pack.number} by {actor.name}")
    conflicts = list(checked.conflicts)
    saved: dict[str, str] = {}
    became: dict[str, int] = {}
    for answer in checked.answers:
        try:
            status = _ACTIONS[answer.action](house, steward, answer, at)
        except (ConflictError, TransitionError, NotAllowedError, NotFoundError, SettingsError) as error:
            conflicts.append(_conflict(answer, error))
            continue
        saved[answer.case_id] = _said(answer)
        became[status] = became.get(status, 0) + 1
    with acting(house, actor, "take_pack", at) as act:
        row = rows.find(act.connection, PACKS, id=pack.number, lock=True)
        assert row is not None, "a pack is never removed while it is taken"
        changes = {"answers": dump({**pack.answers, **saved}), "returned_at": act.at}
        rows.change(act.connection, PACKS, changes, id=pack.number)
        counts = {"saved": len(saved), "conflicts": len(conflicts), "known": checked.known, "empty": checked.empty}
        act.record("pack", str(pack.number), steward=pack.steward, **counts)
    return Taken(checked, len(saved), became, tuple(conflicts))


def _pack_of(house: House, found: Returned) -> Pack:
    code, steward = found.about.get(PACK, ""), found.about.get(FOR, "")
    number = code.partition("-")[0]
    known = number.isascii() and number.isdigit() and len(number) < 10
    pack = pack_of(house, int(number)) if known else None
    if pack is None or code != pack.code(house.key):
        raise PackError([f"the sheet {README!r} names no pack of this house: {code[:40]!r}"])
    if steward != pack.steward:
        raise PackError([f"the pack was made for {pack.steward}, not for {steward[:100]!r}"])
    return pack


def _identities(found: Returned, pack: Pack, cases: Mapping[str, Case]) -> tuple[list[str], set[str]]:
    """Return what is wrong with the ids of the lines, and the cases that are there."""
    problems: list[str] = []
    seen: set[str] = set()
    for sheet, lines in found.sheets.items():
        for number, cells in lines:
            where = f"{sheet}, line {number}"
            case = cases.get(cells[CASE])
            if case is None or cells[CASE] not in pack.lines:
                problems.append(f"{where}: {cells[CASE][:40]!r} is no case of this pack")
                continue
            if case.case_id in seen:
                problems.append(f"{where}: the case stands there twice")
            seen.add(case.case_id)
            if case.is_pair != (sheet == PAIRS):
                problems.append(f"{where}: the case belongs on the other sheet")
            ids = {RECORD: case.record_id, OTHER: case.record_id_r}
            problems += [
                f"{where}: the {title.lower()} is not the one it was made with"
                for title, record_id in ids.items()
                if title in cells and cells[title] != plain(record_id).strip()
            ]
    return problems, seen


def _sorted_out(
    house: House, pack: Pack, cases: Mapping[str, Case], answers: Sequence[Answer], empty: int, missing: int
) -> Checked:
    """Part answers into those that can be saved, those that were, and those that something happened to."""
    says = digests(house, [cases[answer.case_id] for answer in answers])
    fresh: list[Answer] = []
    conflicts: list[Conflict] = []
    known = 0
    with house.store.read() as connection:
        for answer in answers:
            case = cases[answer.case_id]
            version, said_then = pack.lines[answer.case_id]
            if pack.answers.get(answer.case_id) == _said(answer) or _is_decided_so(case, pack, answer):
                known += 1
            elif case.version != version:
                conflicts.append(_conflict(answer, ConflictError(what_happened(connection, case))))
            elif says[answer.case_id] != said_then:
                told = "a record of it changed since the workbook was made: look at it again"
                conflicts.append(_conflict(answer, ConflictError(told)))
            else:
                fresh.append(replace(answer, version=case.version))
    return Checked(pack, tuple(fresh), tuple(conflicts), known, empty, missing)


def _is_decided_so(case: Case, pack: Pack, answer: Answer) -> bool:
    """Tell whether the steward's own answer stands already: a return that broke off half way is brought again."""
    outcome = answer.judgement if answer.action == "decide" else answer.reason
    same = case.status in ("resolved", "waived") and case.outcome == outcome and case.decided_by == pack.steward
    # A value that was pinned cannot be told apart by its reason alone.
    return same and answer.action != "override"


def _said(answer: Answer) -> str:
    """Return what was answered as a hash: a right value is personal and stays out of the pack."""
    until = answer.until.isoformat() if answer.until else ""
    return digest(answer.action, answer.judgement, answer.reason, answer.value, until)


def _conflict(answer: Answer, error: DQError) -> Conflict:
    return Conflict(answer.sheet, answer.line, answer.case_id, answer.words, error.message)


def _decide(house: House, actor: Actor, answer: Answer, at: datetime) -> str:
    given: dict[str, Any] = {"reason": answer.reason, "comment": answer.comment}
    judgement: Any = answer.judgement
    return decide_pair(house, actor, answer.case_id, judgement, version=answer.version, at=at, **given).became


def _override(house: House, actor: Actor, answer: Answer, at: datetime) -> str:
    given: dict[str, Any] = {"reason": answer.reason, "comment": answer.comment, "version": answer.version}
    return override_value(house, actor, answer.case_id, answer.column, answer.value, at=at, **given).status


def _resolve(house: House, actor: Actor, answer: Answer, at: datetime) -> str:
    given: dict[str, Any] = {"reason": answer.reason, "comment": answer.comment, "version": answer.version}
    return resolve(house, actor, answer.case_id, at=at, **given).status


def _waive(house: House, actor: Actor, answer: Answer, at: datetime) -> str:
    until: date | None = answer.until
    assert until is not None, "a waiver without a day is a problem of the workbook"
    given: dict[str, Any] = {"reason": answer.reason, "comment": answer.comment, "version": answer.version}
    return waive(house, actor, answer.case_id, at=at, until=until, **given).status


def _escalate(house: House, actor: Actor, answer: Answer, at: datetime) -> str:
    return escalate(house, actor, answer.case_id, version=answer.version, at=at, comment=answer.comment).status


_ACTIONS: Final[Mapping[str, Callable[[House, Actor, Answer, datetime], str]]] = {
    "decide": _decide,
    "override": _override,
    "resolve": _resolve,
    "waive": _waive,
    "escalate": _escalate,
}
