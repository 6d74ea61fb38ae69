"""The one who sends a request, as every part of the server sees them."""

from dataclasses import dataclass

from cancerapy.people.roles import STAFF_ROLES, Role


@dataclass(frozen=True, slots=True)
class Caller:
    """Who sends a request.

    Args:
        name: The account's name.
        roles: What they are to the server.
        account_id: Their account; ``None`` for the machine's own user and for a device.
        patient_id: The record that is their own, for a patient.
        token_digest: Digest of the token they came with, ``None`` without one.
    """

    name: str
    roles: frozenset[Role]
    account_id: str | None = None
    patient_id: str | None = None
    token_digest: str | None = None

    @property
    def actor(self) -> str:
        """Who they are in the audit log, which outlives a patient's erasure: a patient by id."""
        return self.name if self.patient_id is None else f"patient {self.patient_id}"


OWN_USER = Caller("local", STAFF_ROLES)
"""The one user of a server that only this machine can reach."""

DEVICE = Caller("device", frozenset({Role.DEVICE}))
"""Whoever has the server's own token."""
