"""Programs that match the same standardised customers, each started in a process of its own. Never imported."""
