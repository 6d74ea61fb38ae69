"""The first tables: patients, examinations, images, predictions, reviews, consents, audit log."""

import sqlalchemy as sa
from alembic import op

from cancerapy.records.migrations.guards import guard, unguard

revision = "0001_records"
down_revision = None
branch_labels = None
depends_on = None

TABLES = (
    "audit_log", "erasures", "images", "patients", "consents", "examinations",
    "patient_identifiers", "examination_images", "predictions", "reviews",
)  # fmt: skip
"""In the order in which they are made."""

GUARDED = ("predictions", "reviews", "consents", "erasures", "audit_log")

_OPEN_EXAMINATION = (
    "EXISTS (SELECT 1 FROM erasures e JOIN examinations x ON x.id = {examination} "
    "WHERE e.ended_at IS NULL AND e.patient_id = x.patient_id "
    "AND (e.examination_id IS NULL OR e.examination_id = x.id))"
)
_OPEN_PATIENT = (
    "EXISTS (SELECT 1 FROM erasures e WHERE e.ended_at IS NULL "
    "AND e.patient_id = OLD.patient_id AND e.examination_id IS NULL)"
)


def upgrade() -> None:
    """Make the tables, then what guards them."""
    for create in (
        _create_audit_log,
        _create_erasures,
        _create_images,
        _create_patients,
        _create_consents,
        _create_examinations,
        _create_patient_identifiers,
        _create_examination_images,
        _create_predictions,
        _create_reviews,
    ):
        create()
    of_prediction = "(SELECT p.examination_id FROM predictions p WHERE p.id = OLD.prediction_id)"
    guard(
        "predictions",
        "a prediction is never changed; it leaves only through an erasure",
        may_delete=_OPEN_EXAMINATION.format(examination="OLD.examination_id"),
    )
    guard(
        "reviews",
        "a review is never changed; it leaves only through an erasure",
        may_delete=_OPEN_EXAMINATION.format(examination=of_prediction),
    )
    guard(
        "consents",
        "a consent is never changed; a withdrawal is a new row",
        may_delete=_OPEN_PATIENT,
    )
    guard(
        "erasures",
        "an erasure is never undone",
        may_update="OLD.ended_at IS NULL AND NEW.patient_id = OLD.patient_id",
    )
    guard("audit_log", "the audit log is only ever added to")


def downgrade() -> None:
    """Remove everything."""
    for table in GUARDED:
        unguard(table)
    for table in reversed(TABLES):
        op.drop_table(table)


def _create_audit_log() -> None:
    op.create_table(
        "audit_log",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.String(length=64), nullable=False),
        sa.Column("actor", sa.String(length=200), nullable=False),
        sa.Column("action", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("subject_id", sa.String(length=64), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_audit_log"),
        sa.UniqueConstraint("hash", name="uq_audit_log_hash"),
    )
    op.create_index("ix_audit_log_action", "audit_log", ["action"], unique=False)
    op.create_index("ix_audit_log_subject_id", "audit_log", ["subject_id"], unique=False)


def _create_erasures() -> None:
    op.create_table(
        "erasures",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("patient_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("examination_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("reason", sa.String(length=64), nullable=False),
        sa.Column("ordered_by", sa.String(length=200), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("reason IN ('request', 'retention')", name=op.f("ck_erasures_reason")),
        sa.PrimaryKeyConstraint("id", name="pk_erasures"),
    )
    op.create_index("ix_erasures_patient_id", "erasures", ["patient_id"], unique=False)


def _create_images() -> None:
    op.create_table(
        "images",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("media_type", sa.String(length=64), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name="pk_images"),
    )


def _create_patients() -> None:
    op.create_table(
        "patients",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("birth_year", sa.Integer(), nullable=True),
        sa.Column("sex", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "sex IN ('female', 'male', 'other', 'unknown')", name=op.f("ck_patients_sex")
        ),
        sa.CheckConstraint("trim(name) <> ''", name=op.f("ck_patients_name")),
        sa.CheckConstraint("birth_year BETWEEN 1880 AND 2200", name=op.f("ck_patients_birth_year")),
        sa.PrimaryKeyConstraint("id", name="pk_patients"),
    )
    op.create_index("ix_patients_name", "patients", ["name"], unique=False)


def _create_consents() -> None:
    op.create_table(
        "consents",
        sa.Column("number", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("patient_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("purpose", sa.String(length=64), nullable=False),
        sa.Column("given", sa.Boolean(), nullable=False),
        sa.Column("recorded_by", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "purpose IN ('care', 'research', 'training')", name=op.f("ck_consents_purpose")
        ),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name="fk_consents_patient_id"),
        sa.PrimaryKeyConstraint("number", name="pk_consents"),
        sa.UniqueConstraint("id", name="uq_consents_id"),
    )
    op.create_index("ix_consents_patient_id", "consents", ["patient_id"], unique=False)


def _create_examinations() -> None:
    op.create_table(
        "examinations",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("patient_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("cancer", sa.String(length=64), nullable=False),
        sa.Column("task", sa.String(length=64), nullable=False),
        sa.Column("lesion", sa.String(length=200), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("created_by", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name="fk_examinations_patient_id"),
        sa.PrimaryKeyConstraint("id", name="pk_examinations"),
    )
    op.create_index(
        "ix_examinations_created_at_id", "examinations", ["created_at", "id"], unique=False
    )
    op.create_index("ix_examinations_patient_id", "examinations", ["patient_id"], unique=False)


def _create_patient_identifiers() -> None:
    op.create_table(
        "patient_identifiers",
        sa.Column("system", sa.String(length=100), nullable=False),
        sa.Column("value", sa.String(length=100), nullable=False),
        sa.Column("patient_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patients.id"], name="fk_patient_identifiers_patient_id"
        ),
        sa.PrimaryKeyConstraint("system", "value", name="pk_patient_identifiers"),
    )
    op.create_index(
        "ix_patient_identifiers_patient_id", "patient_identifiers", ["patient_id"], unique=False
    )


def _create_examination_images() -> None:
    op.create_table(
        "examination_images",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("examination_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("image_sha256", sa.String(length=64), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("view", sa.String(length=64), nullable=True),
        sa.Column("laterality", sa.String(length=1), nullable=True),
        sa.CheckConstraint(
            "laterality IN ('L', 'R')", name=op.f("ck_examination_images_laterality")
        ),
        sa.ForeignKeyConstraint(
            ["examination_id"], ["examinations.id"], name="fk_examination_images_examination_id"
        ),
        sa.ForeignKeyConstraint(
            ["image_sha256"], ["images.sha256"], name="fk_examination_images_image_sha256"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_examination_images"),
        sa.UniqueConstraint(
            "examination_id",
            "image_sha256",
            name="uq_examination_images_examination_id_image_sha256",
        ),
        sa.UniqueConstraint(
            "examination_id", "position", name="uq_examination_images_examination_id_position"
        ),
    )
    op.create_index(
        "ix_examination_images_image_sha256", "examination_images", ["image_sha256"], unique=False
    )


def _create_predictions() -> None:
    op.create_table(
        "predictions",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("examination_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("examination_image_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("task", sa.String(length=64), nullable=False),
        sa.Column("model", sa.String(length=64), nullable=False),
        sa.Column("predicted_class", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state = 'machine guess'", name=op.f("ck_predictions_machine_guess")),
        sa.ForeignKeyConstraint(
            ["examination_id"], ["examinations.id"], name="fk_predictions_examination_id"
        ),
        sa.ForeignKeyConstraint(
            ["examination_image_id"],
            ["examination_images.id"],
            name="fk_predictions_examination_image_id",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_predictions"),
    )
    op.create_index(
        "ix_predictions_created_at_id", "predictions", ["created_at", "id"], unique=False
    )
    op.create_index(
        "ix_predictions_examination_id", "predictions", ["examination_id"], unique=False
    )
    op.create_index(
        "ix_predictions_examination_image_id", "predictions", ["examination_image_id"], unique=False
    )
    op.create_index("ix_predictions_model", "predictions", ["model"], unique=False)


def _create_reviews() -> None:
    op.create_table(
        "reviews",
        sa.Column("number", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("prediction_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("reviewer", sa.String(length=200), nullable=False),
        sa.Column("verdict", sa.String(length=64), nullable=False),
        sa.Column("class_id", sa.String(length=64), nullable=True),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(verdict = 'correct') = (class_id IS NOT NULL)", name=op.f("ck_reviews_class")
        ),
        sa.CheckConstraint("trim(reviewer) <> ''", name=op.f("ck_reviews_reviewer")),
        sa.CheckConstraint(
            "verdict IN ('agree', 'correct', 'unusable')", name=op.f("ck_reviews_verdict")
        ),
        sa.ForeignKeyConstraint(
            ["prediction_id"], ["predictions.id"], name="fk_reviews_prediction_id"
        ),
        sa.PrimaryKeyConstraint("number", name="pk_reviews"),
        sa.UniqueConstraint("id", name="uq_reviews_id"),
    )
    op.create_index("ix_reviews_prediction_id", "reviews", ["prediction_id"], unique=False)
