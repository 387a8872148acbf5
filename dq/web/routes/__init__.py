"""The pages, one module per area; a route reads as a sentence and decides nothing."""

from dq.web.routes import (
    absences,
    account,
    api,
    api_leads,
    api_work,
    audit,
    bulk,
    cards,
    cases,
    goals,
    golden,
    matches,
    packs,
    people,
    proposals,
    queue,
    records,
    reports,
    runs,
    samples,
    scorecard,
    sign_in,
    standards,
    today,
)

PAGES = tuple(
    area.router
    for area in (
        sign_in,
        today,
        matches,
        cards,
        cases,
        bulk,
        proposals,
        samples,
        queue,
        scorecard,
        records,
        golden,
        runs,
        standards,
        people,
        goals,
        reports,
        audit,
        packs,
        account,
        api_leads,
        absences,
        api_work,
        api,
    )
)
"""Routers of all areas."""
