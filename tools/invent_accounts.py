"""Fills a server with accounts of invented people, so that pictures of it show somebody."""

import secrets

import httpx

TIMEOUT_S = 60.0
WHO = "dr.nour"
"""The administrator who signs in."""

SHOWN = "dr.amal"
"""The account that is looked at."""

PASSWORD = secrets.token_urlsafe(16)
"""Holds as long as the server that is drawn."""


def invent_accounts(address: str, patient: str) -> None:
    """Add accounts of every role, one of them closed.

    Args:
        address: The server's address; it must not ask who is there.
        patient: Id of the record of the patient with an account.
    """
    people: tuple[dict[str, str], ...] = (
        {"name": WHO, "role": "administrator", "password": PASSWORD},
        {"name": "dr.rami", "role": "reviewer"},
        {"name": "locum.2025", "role": "clinician"},
        {"name": "p-0815", "role": "patient", "patient_id": patient},
        {"name": SHOWN, "role": "clinician", "password": PASSWORD},
    )
    with httpx.Client(base_url=f"{address}/api/v1/", timeout=TIMEOUT_S) as server:
        for one in people:
            answer = server.post("accounts", json=one)
            answer.raise_for_status()
            account = answer.json()["account"]
            if one["name"].startswith("locum"):
                closed = {"role": one["role"], "is_active": False, "patient_id": None}
                server.put(f"accounts/{account['id']}", json=closed).raise_for_status()
    sign_in(address, SHOWN)


def sign_in(address: str, name: str = WHO) -> str:
    """Sign an invented person in; return the token."""
    body = {"name": name, "password": PASSWORD}
    answer = httpx.post(f"{address}/api/v1/sign-in", json=body, timeout=TIMEOUT_S)
    answer.raise_for_status()
    return str(answer.json()["token"])


def sign_out(address: str, token: str) -> None:
    """End a token."""
    headers = {"Authorization": f"Bearer {token}"}
    answer = httpx.post(f"{address}/api/v1/sign-out", headers=headers, timeout=TIMEOUT_S)
    answer.raise_for_status()
