"""The history of the schema: one module per revision in `versions`, run by dq.store.migrating."""
