"""Work in the background: apply the decisions that wait, check a file, see how far it is, stop it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, File, Request, UploadFile
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse

from dq.errors import NotFoundError
from dq.operations.elsewhere import working_elsewhere
from dq.operations.job_files import Job
from dq.operations.jobs import ENDINGS, Jobs
from dq.stewardship.house import House
from dq.stewardship.telling import names_of
from dq.stewardship.waiting import Waiting, waiting_decisions
from dq.web.pages import notice, page, see
from dq.web.refusals import about
from dq.web.visitors import HouseDep, LeadDep, NowDep
from dq.web.wording import STEPS

router = APIRouter(include_in_schema=False)
FILES: Final = {
    "scorecard.html": "Scorecard, one page that opens without a network",
    "golden.csv": "One row per customer, the best value of each field",
    "crosswalk.csv": "Which row became which customer",
    "rejects.csv": "Pieces of the file that are no record",
}
"""What a check leaves that is worth taking away."""


def jobs_of(request: Request) -> Jobs:
    """Return the background work of the app.

    Raises:
        NotFoundError: This app starts none.
    """
    jobs: Jobs | None = request.app.state.jobs
    if jobs is None:
        raise NotFoundError("Nothing can be started here.", "Whoever runs dq starts runs.")
    return jobs


JobsDep = Annotated[Jobs, Depends(jobs_of)]


@router.get("/jobs")
def all_jobs(request: Request, house: HouseDep, visitor: LeadDep, jobs: JobsDep, now: NowDep) -> HTMLResponse:
    """Show what can be started and what was."""
    names = names_of(house)
    return page(
        request,
        "jobs.html",
        waiting=waiting_of(house),
        jobs=[_shown(job, names) for job in jobs.jobs(visitor.actor)],
        elsewhere=[
            {**vars(run), "step": STEPS.get(run.step, run.step), "by": _who(run.by, names)}
            for run in working_elsewhere(house.folder, now)
        ],
        endings=", ".join(ENDINGS),
        megabytes=request.app.state.settings.upload_megabytes,
        check_days=request.app.state.settings.check_days,
    )


@router.post("/jobs/apply")
def apply(visitor: LeadDep, jobs: JobsDep, now: NowDep) -> RedirectResponse:
    """Start applying the decisions that wait."""
    return see(f"/jobs/{jobs.apply(visitor.actor, at=now).job_id}")


@router.post("/jobs/check")
def check(visitor: LeadDep, jobs: JobsDep, now: NowDep, file: Annotated[UploadFile, File()]) -> RedirectResponse:
    """Start checking a file."""
    with about("file"):
        return see(f"/jobs/{jobs.check(visitor.actor, file.filename or '', file.file, at=now).job_id}")


@router.get("/jobs/{job_id}")
def one_job(request: Request, house: HouseDep, visitor: LeadDep, jobs: JobsDep, job_id: str) -> HTMLResponse:
    """Show how far a job is, or what it came to."""
    job = jobs.job(visitor.actor, job_id)
    files = _files(jobs.result(visitor.actor, job_id)) if job.kind == "check" and job.state == "done" else {}
    return page(request, "job.html", job=_shown(job, names_of(house)), files=files)


@router.post("/jobs/{job_id}/cancel")
def cancel(request: Request, visitor: LeadDep, jobs: JobsDep, now: NowDep, job_id: str) -> RedirectResponse:
    """Stop a job."""
    stopped = jobs.cancel(visitor.actor, job_id, at=now)
    notice(request, "It is being stopped." if stopped.is_active else "It was stopped.")
    return see(f"/jobs/{stopped.job_id}")


@router.get("/jobs/{job_id}/files/{name}")
def file_of_job(visitor: LeadDep, jobs: JobsDep, job_id: str, name: str) -> FileResponse:
    """Give a file that a check left, as a download."""
    found = _files(jobs.result(visitor.actor, job_id))
    if name not in found:
        raise NotFoundError("This job left no such file.", "Its page lists those it left.")
    return FileResponse(jobs.result(visitor.actor, job_id) / name, filename=name, media_type="application/octet-stream")


def waiting_of(house: House) -> Waiting | None:
    """Return the decisions that wait; None where there is no run yet."""
    try:
        return waiting_decisions(house)
    except NotFoundError:
        return None


def _files(folder: Path) -> dict[str, str]:
    return {name: said for name, said in FILES.items() if (folder / name).is_file()}


def _who(login: str, names: Mapping[str, str]) -> str:
    """Say who started a run on the machine: its login may be that of somebody of the house.

    >>> _who("lee", {"lee": "Lee Chen"}), _who("root", {"lee": "Lee Chen"})
    ('begun by Lee Chen', 'started on the machine by root')
    """
    return f"begun by {names[login]}" if login in names else f"started on the machine by {login}"


def _shown(job: Job, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        **vars(job),
        "by": names.get(job.by, job.by),
        "is_active": job.is_active,
        "title": "Applying decisions" if job.kind == "apply" else f"Checking {job.name}",
        "step": STEPS.get(job.step, job.step),
    }
