"""The tables of the records.

Ids are random and public; ``number`` columns give the order of writing. Predictions, decisions,
reviews and consents are never changed and leave only through an erasure; the audit log never
leaves. Triggers of the database hold this, see ``migrations.guards``. Patients, examinations and
accounts change; each has a ``content_key``, see ``contents``, empty in what was written before.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Identity,
    Index,
    Integer,
    MetaData,
    String,
    Text,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from cancerapy.records.columns import Id, Moment, Name, Ref, UtcTime, Word, new_id

MACHINE_GUESS = "machine guess"
"""The only state that a prediction can have; a review beside it makes the case final."""

SEXES = ("female", "male", "other", "unknown")
PURPOSES = ("care", "research", "training")
REVIEW_VERDICTS = ("agree", "correct", "unusable")
LATERALITIES = ("L", "R")


class Base(DeclarativeBase):
    """Base of all tables; names of constraints follow one rule, so that migrations find them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


def _one_of(column: str, words: tuple[str, ...], name: str) -> CheckConstraint:
    listed = ", ".join(f"'{word}'" for word in words)
    return CheckConstraint(f"{column} IN ({listed})", name=name)


class Patient(Base):
    """A person, by name or pseudonym."""

    __tablename__ = "patients"
    __table_args__ = (
        _one_of("sex", SEXES, "sex"),
        CheckConstraint("birth_year BETWEEN 1880 AND 2200", name="birth_year"),
        CheckConstraint("trim(name) <> ''", name="name"),
    )

    id: Mapped[Id]
    name: Mapped[Name] = mapped_column(index=True)
    birth_year: Mapped[int | None]
    sex: Mapped[Word] = mapped_column(default="unknown")
    created_at: Mapped[Moment]
    content_key: Mapped[Word | None]
    identifiers: Mapped[list["PatientIdentifier"]] = relationship(
        cascade="all, delete-orphan", order_by="PatientIdentifier.system", lazy="selectin"
    )


class PatientIdentifier(Base):
    """A number by which another system knows the patient."""

    __tablename__ = "patient_identifiers"

    system: Mapped[str] = mapped_column(String(100), primary_key=True)
    value: Mapped[str] = mapped_column(String(100), primary_key=True)
    patient_id: Mapped[Ref] = mapped_column(ForeignKey("patients.id"), index=True)


class Examination(Base):
    """One visit: a task, the answers to its questions, and images."""

    __tablename__ = "examinations"
    __table_args__ = (Index("ix_examinations_created_at_id", "created_at", "id"),)

    id: Mapped[Id]
    patient_id: Mapped[Ref] = mapped_column(ForeignKey("patients.id"), index=True)
    cancer: Mapped[Word]
    task: Mapped[Word]
    lesion: Mapped[Name] = mapped_column(default="")
    answers: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    created_by: Mapped[Name]
    created_at: Mapped[Moment]
    content_key: Mapped[Word | None]
    images: Mapped[list["ExaminationImage"]] = relationship(
        order_by="ExaminationImage.position", lazy="selectin"
    )


class Image(Base):
    """A file as it came, kept once whatever the number of examinations that show it."""

    __tablename__ = "images"

    sha256: Mapped[Word] = mapped_column(primary_key=True)
    media_type: Mapped[Word]
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    created_at: Mapped[Moment]


class ExaminationImage(Base):
    """An image in its place in an examination."""

    __tablename__ = "examination_images"
    __table_args__ = (
        UniqueConstraint("examination_id", "position"),
        UniqueConstraint("examination_id", "image_sha256"),
        _one_of("laterality", LATERALITIES, "laterality"),
    )

    id: Mapped[Id]
    examination_id: Mapped[Ref] = mapped_column(ForeignKey("examinations.id"))
    image_sha256: Mapped[Word] = mapped_column(ForeignKey("images.sha256"), index=True)
    position: Mapped[int]
    view: Mapped[Word | None]
    laterality: Mapped[str | None] = mapped_column(String(1))


class PredictionRow(Base):
    """What a model guessed: the whole ``contract.Prediction``, never changed.

    ``examination_image_id`` is empty where several images were judged together.
    """

    __tablename__ = "predictions"
    __table_args__ = (
        CheckConstraint(f"state = '{MACHINE_GUESS}'", name="machine_guess"),
        Index("ix_predictions_created_at_id", "created_at", "id"),
    )

    id: Mapped[Id]
    examination_id: Mapped[Ref] = mapped_column(ForeignKey("examinations.id"), index=True)
    examination_image_id: Mapped[str | None] = mapped_column(
        Uuid(as_uuid=False), ForeignKey("examination_images.id"), index=True
    )
    task: Mapped[Word]
    model: Mapped[Word] = mapped_column(index=True)
    predicted_class: Mapped[Word]
    state: Mapped[Word] = mapped_column(default=MACHINE_GUESS)
    content: Mapped[str] = mapped_column(Text)
    created_at: Mapped[Moment]


class DecisionRow(Base):
    """What the agent said of an examination: a whole ``contract.RecordedDecision``, never changed.

    The newest of an examination is the one that counts.
    """

    __tablename__ = "decisions"

    number: Mapped[int] = mapped_column(Integer, Identity(), primary_key=True)
    id: Mapped[Ref] = mapped_column(unique=True)
    examination_id: Mapped[Ref] = mapped_column(ForeignKey("examinations.id"), index=True)
    content: Mapped[str] = mapped_column(Text)


class Review(Base):
    """What a named person says of a prediction; the newest of each reviewer counts."""

    __tablename__ = "reviews"
    __table_args__ = (
        _one_of("verdict", REVIEW_VERDICTS, "verdict"),
        CheckConstraint("(verdict = 'correct') = (class_id IS NOT NULL)", name="class"),
        CheckConstraint("trim(reviewer) <> ''", name="reviewer"),
    )

    number: Mapped[int] = mapped_column(Integer, Identity(), primary_key=True)
    id: Mapped[Ref] = mapped_column(unique=True, default=new_id)
    prediction_id: Mapped[Ref] = mapped_column(ForeignKey("predictions.id"), index=True)
    reviewer: Mapped[Name]
    verdict: Mapped[Word]
    class_id: Mapped[Word | None]
    comment: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[Moment]


class Consent(Base):
    """One decision of a patient about one purpose; the newest of a purpose counts."""

    __tablename__ = "consents"
    __table_args__ = (_one_of("purpose", PURPOSES, "purpose"),)

    number: Mapped[int] = mapped_column(Integer, Identity(), primary_key=True)
    id: Mapped[Ref] = mapped_column(unique=True, default=new_id)
    patient_id: Mapped[Ref] = mapped_column(ForeignKey("patients.id"), index=True)
    purpose: Mapped[Word]
    given: Mapped[bool]
    recorded_by: Mapped[Name]
    created_at: Mapped[Moment]


class Erasure(Base):
    """A patient's, or one examination's, leaving of the records; while it is open, rows may go.

    ``patient_id`` and ``examination_id`` are no foreign keys: what they named is gone.
    """

    __tablename__ = "erasures"
    __table_args__ = (_one_of("reason", ("request", "retention"), "reason"),)

    id: Mapped[Id]
    patient_id: Mapped[Ref] = mapped_column(index=True)
    examination_id: Mapped[str | None] = mapped_column(Uuid(as_uuid=False))
    reason: Mapped[Word]
    ordered_by: Mapped[Name]
    begun_at: Mapped[Moment]
    ended_at: Mapped[datetime | None] = mapped_column(UtcTime)


class Lease(Base):
    """A piece of work that one process at a time does, until a moment or until it is done."""

    __tablename__ = "leases"
    __table_args__ = {"info": {"in_backup": False}}  # noqa: RUF012 - as SQLAlchemy declares it

    work: Mapped[Word] = mapped_column(primary_key=True)
    holder: Mapped[Word]
    expires_at: Mapped[datetime] = mapped_column(UtcTime)


class AuditEntry(Base):
    """One line of the audit log; ``hash`` covers the line and the hash of the one before."""

    __tablename__ = "audit_log"

    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    at: Mapped[Word]
    actor: Mapped[Name]
    action: Mapped[Word] = mapped_column(index=True)
    subject: Mapped[Word]
    subject_id: Mapped[Word] = mapped_column(index=True)
    details: Mapped[str] = mapped_column(Text)
    previous_hash: Mapped[Word]
    hash: Mapped[Word] = mapped_column(unique=True)
