"""A prediction that somebody altered behind the triggers' back is found."""

from collections.abc import Callable

from sqlalchemy import text

from cancerapy.contract.records import ExaminationRecord
from cancerapy.records import Records
from cancerapy.records.integrity import find_altered_predictions


def test_an_altered_prediction_is_named_and_only_it(
    records: Records, kind: str, add: Callable[..., ExaminationRecord]
) -> None:
    made = add(1, 2)
    with records.reading() as session:
        assert find_altered_predictions(session) == []
    altered = made.predictions[1].id
    key = altered.replace("-", "") if kind == "sqlite" else altered
    with records.writing() as session:
        if kind == "sqlite":
            session.execute(text("DROP TRIGGER predictions_no_update"))
        else:
            session.execute(text("ALTER TABLE predictions DISABLE TRIGGER ALL"))
        session.execute(
            text("UPDATE predictions SET content = replace(content, '0.5', '0.9') WHERE id = :id"),
            {"id": key},
        )
    with records.reading() as session:
        assert find_altered_predictions(session) == [altered]
