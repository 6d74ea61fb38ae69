"""What a person is to the server; what each role may do is the table ``api.permissions``."""

from enum import StrEnum


class Role(StrEnum):
    """What an account, or a device without one, is to the server."""

    PATIENT = "patient"
    CLINICIAN = "clinician"
    REVIEWER = "reviewer"
    ADMINISTRATOR = "administrator"
    DEVICE = "device"


ACCOUNT_ROLES = (Role.PATIENT, Role.CLINICIAN, Role.REVIEWER, Role.ADMINISTRATOR)
"""The roles that an account can have. ``DEVICE`` is whoever has the server's own token: a paired
phone or a script, of which nobody knows who holds it."""

STAFF_ROLES = frozenset({Role.CLINICIAN, Role.REVIEWER, Role.ADMINISTRATOR})
