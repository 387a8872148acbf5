"""The part of the JSON API about work in the background: what waits, what works, start and stop."""

from typing import Annotated, Any

from fastapi import APIRouter, File, Security, UploadFile
from fastapi.security import HTTPBearer

from dq.operations.elsewhere import working_elsewhere
from dq.operations.job_files import Job
from dq.stewardship.waiting import waiting_decisions
from dq.web.routes.api import FAILURES, ReaderDep
from dq.web.routes.jobs import JobsDep
from dq.web.visitors import HouseDep, NowDep, VisitorDep

router = APIRouter(
    prefix="/api/v1",
    tags=["jobs"],
    responses=FAILURES,
    dependencies=[Security(HTTPBearer(auto_error=False, description="A token of your account page"))],
)


@router.get("/waiting")
def waiting(house: HouseDep, visitor: ReaderDep) -> dict[str, Any]:
    """Count the decisions that the run that is shown does not know yet; for leads."""
    visitor.actor.needs("lead", "see what waits", "read")
    found = waiting_decisions(house)
    return {**vars(found), "count": found.count}


@router.get("/jobs")
def all_jobs(visitor: ReaderDep, jobs: JobsDep) -> list[dict[str, Any]]:
    """Return the jobs that were started in the app, the newest first; for leads."""
    visitor.actor.needs("lead", "see jobs", "read")
    return [_told(job) for job in jobs.jobs(visitor.actor)]


@router.get("/working")
def working(house: HouseDep, visitor: ReaderDep, now: NowDep) -> list[dict[str, Any]]:
    """Return the runs that were started elsewhere, on a terminal or by a schedule, and work now; for leads."""
    visitor.actor.needs("lead", "see jobs", "read")
    return [{**vars(run), "sources": list(run.sources)} for run in working_elsewhere(house.folder, now)]


@router.get("/jobs/{job_id}")
def one_job(visitor: ReaderDep, jobs: JobsDep, job_id: str) -> dict[str, Any]:
    """Return how far a job is: `state`, `step`, `share` (0 to 1), `since`; or what it came to; for leads."""
    return _told(jobs.job(visitor.actor, job_id))


@router.post("/jobs/apply", status_code=202)
def apply(visitor: VisitorDep, jobs: JobsDep, now: NowDep) -> dict[str, Any]:
    """Start applying the decisions that wait; for leads."""
    return _told(jobs.apply(visitor.actor, at=now))


@router.post("/jobs/check", status_code=202)
def check(visitor: VisitorDep, jobs: JobsDep, now: NowDep, file: Annotated[UploadFile, File()]) -> dict[str, Any]:
    """Start checking a file by itself; nothing of it comes into the house; for leads."""
    return _told(jobs.check(visitor.actor, file.filename or "", file.file, at=now))


@router.post("/jobs/{job_id}/cancel")
def cancel(visitor: VisitorDep, jobs: JobsDep, now: NowDep, job_id: str) -> dict[str, Any]:
    """Stop a job; for leads."""
    return _told(jobs.cancel(visitor.actor, job_id, at=now))


def _told(job: Job) -> dict[str, Any]:
    return {**vars(job), "lines": list(job.lines), "is_active": job.is_active}
