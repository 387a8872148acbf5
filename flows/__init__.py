"""Prefect and nothing else: the steps of `dq.pipeline` as tasks, with retries, schedules and notifications."""

import os

# Without a server Prefect starts a temporary one, which takes about 9 s on an idle machine and more on a busy one.
os.environ.setdefault("PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS", "120")
# The temporary server would count its users over the network, and its database locks while it does.
os.environ.setdefault("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
