"""Prefect and nothing else: the steps of `dq.pipeline` as tasks, with retries, schedules and notifications."""
