"""The history of the tables: one file per revision, run by ``records.upgrade``."""
