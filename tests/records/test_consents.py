"""Consents: each decision is kept, the newest counts."""

import pytest
from sqlalchemy import text

from cancerapy.contract.requests import NewConsent
from cancerapy.records import Records
from cancerapy.records.consents import consents_given, list_consents, record_consent


def test_the_newest_decision_of_a_purpose_counts(records: Records, patient_id: str) -> None:
    steps = [("training", True), ("research", True), ("training", False), ("care", True)]
    with records.writing() as session:
        for purpose, given in steps:
            record_consent(session, patient_id, NewConsent(purpose, given), "me")  # type: ignore[arg-type]
    with records.reading() as session:
        history = list_consents(session, patient_id).items
        assert [(one.purpose, one.given) for one in history] == steps
        assert consents_given(session, patient_id) == {
            "care": True, "research": True, "training": False,
        }  # fmt: skip


@pytest.mark.parametrize("statement", ["UPDATE consents SET given = true", "DELETE FROM consents"])
def test_a_decision_cannot_be_changed_by_sql(
    records: Records, patient_id: str, statement: str
) -> None:
    with records.writing() as session:
        record_consent(session, patient_id, NewConsent("training", given=False), "me")
    with pytest.raises(Exception, match="a withdrawal is a new row"), records.writing() as session:
        session.execute(text(statement))
