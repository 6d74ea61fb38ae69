"""Decisions as they were made, and leases on work that one process at a time does."""

import sqlalchemy as sa
from alembic import op

from cancerapy.records.migrations.guards import guard, unguard

revision = "0004_decisions"
down_revision = "0003_signin_counts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables; examinations that are there have no decision kept."""
    op.create_table(
        "decisions",
        sa.Column("number", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("examination_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["examination_id"], ["examinations.id"], name="fk_decisions_examination_id"
        ),
        sa.PrimaryKeyConstraint("number", name="pk_decisions"),
        sa.UniqueConstraint("id", name="uq_decisions_id"),
    )
    op.create_index("ix_decisions_examination_id", "decisions", ["examination_id"], unique=False)
    guard(
        "decisions",
        "a decision is never changed; it leaves only through an erasure",
        may_delete="EXISTS (SELECT 1 FROM erasures e JOIN examinations x "
        "ON x.id = OLD.examination_id WHERE e.ended_at IS NULL AND e.patient_id = x.patient_id "
        "AND (e.examination_id IS NULL OR e.examination_id = x.id))",
    )
    op.create_table(
        "leases",
        sa.Column("work", sa.String(length=64), nullable=False),
        sa.Column("holder", sa.String(length=64), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("work", name="pk_leases"),
    )


def downgrade() -> None:
    """Remove the tables; what was said then is lost."""
    op.drop_table("leases")
    unguard("decisions")
    op.drop_table("decisions")
