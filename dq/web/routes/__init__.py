"""The pages, one module per area; a route reads as a sentence and decides nothing."""

from dq.web.routes import (
    account,
    api,
    api_leads,
    audit,
    bulk,
    cards,
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
        api,
    )
)
"""Routers of all areas."""
