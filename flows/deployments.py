"""Serves the nightly run: a schedule with a time zone and typed parameters, in one process that stays up.

python -m flows.deployments --out DIR [--cron "0 2 * * *"] [--time-zone America/New_York] SOURCE...
"""

import argparse

from prefect.schedules import Cron

from flows.customer_pipeline import customer_pipeline

NIGHTLY = "0 2 * * *"  # two in the morning: after the extracts of the evening, before people come in


def main(arguments: list[str] | None = None) -> None:
    """Read the options and serve the deployment until the process is stopped."""
    parser = argparse.ArgumentParser(prog="python -m flows.deployments", description=__doc__.partition("\n")[0])
    parser.add_argument("sources", nargs="+", metavar="SOURCE", help="PATH or name=PATH, as for dq run")
    parser.add_argument("--out", required=True, metavar="DIR", help="folder of the result")
    parser.add_argument("--name", default="nightly", help="name of the deployment")
    parser.add_argument("--cron", default=NIGHTLY, help=f"schedule (default {NIGHTLY!r})")
    parser.add_argument("--time-zone", default="UTC", metavar="ZONE", help="IANA zone of the schedule (default UTC)")
    parser.add_argument("--match-at", default="safe", choices=["safe", "balanced"])
    options = parser.parse_args(arguments)
    customer_pipeline.serve(
        name=options.name,
        schedule=Cron(options.cron, timezone=options.time_zone),
        parameters={"sources": options.sources, "out": options.out, "match_at": options.match_at},
    )


if __name__ == "__main__":
    main()
