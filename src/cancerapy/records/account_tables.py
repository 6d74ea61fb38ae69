"""The tables of who may use the records: accounts, their tokens, and wrong passwords."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cancerapy.records.columns import Id, Moment, Name, Ref, UtcTime, Word
from cancerapy.records.tables import Base

ROLES = ("patient", "clinician", "reviewer", "administrator")


class Account(Base):
    """A person who may sign in; a patient's account leaves with the patient's record.

    ``password_hash`` is empty where only the provider's ``subject`` signs in.
    """

    __tablename__ = "accounts"
    __table_args__ = (
        CheckConstraint(f"role IN ({', '.join(map(repr, ROLES))})", name="role"),
        CheckConstraint("(role = 'patient') = (patient_id IS NOT NULL)", name="patient"),
        UniqueConstraint("name"),
        UniqueConstraint("subject"),
    )

    id: Mapped[Id]
    name: Mapped[Name]
    role: Mapped[Word]
    patient_id: Mapped[str | None] = mapped_column(
        Uuid(as_uuid=False), ForeignKey("patients.id", ondelete="CASCADE"), index=True
    )
    password_hash: Mapped[str | None] = mapped_column(Text)
    subject: Mapped[str | None] = mapped_column(String(255))
    is_active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[Moment]
    content_key: Mapped[Word | None]


class AccessToken(Base):
    """A random secret that stands for an account for some time; only its digest is kept."""

    __tablename__ = "access_tokens"
    # A restored one would stand for somebody again who has signed out, or was closed, since.
    __table_args__ = {"info": {"in_backup": False}}  # noqa: RUF012 - as SQLAlchemy declares it

    digest: Mapped[Word] = mapped_column(primary_key=True)
    account_id: Mapped[Ref] = mapped_column(
        ForeignKey("accounts.id", ondelete="CASCADE"), index=True
    )
    label: Mapped[Name]
    created_at: Mapped[Moment]
    expires_at: Mapped[datetime] = mapped_column(UtcTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcTime)
    account: Mapped[Account] = relationship(lazy="joined")


class SignInCount(Base):
    """Wrong passwords for a name, an address, or both together; only their digest is kept.

    ``until`` is empty while the next password need not wait.
    """

    __tablename__ = "sign_in_counts"
    __table_args__ = {"info": {"in_backup": False}}  # noqa: RUF012 - as SQLAlchemy declares it

    digest: Mapped[Word] = mapped_column(primary_key=True)
    n: Mapped[int]
    last_at: Mapped[datetime] = mapped_column(UtcTime, index=True)
    until: Mapped[datetime | None] = mapped_column(UtcTime)
