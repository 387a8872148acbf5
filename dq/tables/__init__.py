"""The only reader and writer of tables: extracts in, Parquet parts and CSV out."""
