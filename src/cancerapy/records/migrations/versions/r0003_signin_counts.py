"""Counts of wrong passwords."""

import sqlalchemy as sa
from alembic import op

revision = "0003_signin_counts"
down_revision = "0002_accounts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "sign_in_counts",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("digest", name="pk_sign_in_counts"),
    )
    op.create_index("ix_sign_in_counts_last_at", "sign_in_counts", ["last_at"], unique=False)


def downgrade() -> None:
    """Remove the table."""
    op.drop_table("sign_in_counts")
