"""Keys under which the audit log holds digests of what rows that may change say."""

import sqlalchemy as sa
from alembic import op

revision = "0005_content_keys"
down_revision = "0004_decisions"
branch_labels = None
depends_on = None

TABLES = ("patients", "examinations", "accounts")


def upgrade() -> None:
    """Add the columns; rows that are there get a key when they are next changed."""
    for table in TABLES:
        op.add_column(table, sa.Column("content_key", sa.String(length=64), nullable=True))


def downgrade() -> None:
    """Remove the columns; the digests in the log can no longer be compared with anything.

    SQLite drops a column itself since 3.35; a copy of the table would leave its triggers behind.
    """
    for table in TABLES:
        op.drop_column(table, "content_key")
