"""A patient's way through the records over HTTP."""

import io
from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from PIL import Image

from cancerapy.api import create_app
from cancerapy.api.state import EXTENSION
from cancerapy.settings import Settings

PATIENTS = "/api/v1/patients"


@pytest.fixture
def client(toy_models: Any, records_settings: Settings) -> Iterator[FlaskClient]:
    """Return a client of a server with empty records, once in SQLite and once in PostgreSQL."""
    app = create_app(records_settings, served=toy_models)
    yield app.test_client()
    app.extensions[EXTENSION].records.get().close()


def _picture() -> bytes:
    """Return a JPEG with a name and a place in its EXIF."""
    picture = Image.new("RGB", (20, 10), (200, 30, 40))
    exif = picture.getexif()
    exif[0x010E] = "Layla Haddad, born 1961"
    output = io.BytesIO()
    picture.save(output, format="JPEG", exif=exif)
    return output.getvalue()


@pytest.fixture
def patient(client: FlaskClient) -> dict[str, Any]:
    """Return a registered patient."""
    response = client.post(PATIENTS, json={"name": "Layla", "birth_year": 1961, "sex": "female"})
    assert response.status_code == 201
    return response.json


@pytest.fixture
def examination(client: FlaskClient, patient: dict[str, Any]) -> dict[str, Any]:
    """Return an examination with two images."""
    response = client.post(
        f"{PATIENTS}/{patient['id']}/examinations",
        data={
            "images": [(io.BytesIO(_picture()), "a.jpg"), (io.BytesIO(b"other"), "b.jpg")],
            "task": "toy",
            "lesion": "left arm",
            "answers": '{"colour_seen": "red"}',
            "laterality": ["L", ""],
            "view": ["CC", "MLO"],
        },
        content_type="multipart/form-data",
    )
    assert response.status_code == 201, response.text
    return response.json


def test_patient_is_found_corrected_and_listed(
    client: FlaskClient, patient: dict[str, Any]
) -> None:
    one = f"{PATIENTS}/{patient['id']}"
    assert client.get(one).json == patient
    assert patient["consents"] == {"care": False, "research": False, "training": False}
    changed = client.put(
        one, json={"name": "L. Haddad", "identifiers": [{"system": "hospital", "value": "7"}]}
    ).json
    assert (changed["name"], changed["birth_year"], changed["sex"]) == (
        "L. Haddad",
        None,
        "unknown",
    )
    for search in ("haddad", "7"):
        found = client.get(PATIENTS, query_string={"search": search}).json
        assert [item["id"] for item in found["items"]] == [patient["id"]]
    assert client.get(f"{PATIENTS}?search=8").json == {"items": [], "next": None}


def test_a_patient_is_changed_as_they_were_read_or_not_at_all(
    client: FlaskClient, patient: dict[str, Any]
) -> None:
    one = f"{PATIENTS}/{patient['id']}"
    read = client.get(one).headers["ETag"]
    assert read.startswith('"')

    def put(name: str, **headers: str) -> Any:
        sent = {key.replace("_", "-"): value for key, value in headers.items()}
        return client.put(one, json={"name": name}, headers=sent)

    first = put("Mine", If_Match=read)
    assert (first.status_code, first.headers["ETag"]) == (200, client.get(one).headers["ETag"])
    stale = put("Yours", If_Match=read)
    assert (stale.status_code, stale.json["code"]) == (412, "record_changed")
    assert stale.json["field"] == "If-Match"
    assert "Nothing was changed: read it anew" in stale.json["message"]
    assert "ETag" not in stale.headers
    assert client.get(one).json["name"] == "Mine"
    for wrong in ("", "x", '"', f"W/{first.headers['ETag']}", '"0", "1"'):
        assert put("Yours", If_Match=wrong).status_code == 412, wrong
    assert put("Both", If_Match=f"{read}, {first.headers['ETag']}").status_code == 200
    assert put("Any", If_Match="*").status_code == 200
    assert put("No condition").json["name"] == "No condition"
    made = client.post(PATIENTS, json={"name": "New"})
    path = f"{PATIENTS}/{made.json['id']}"
    assert made.headers["ETag"] == client.get(path).headers["ETag"]


def test_nobody_s_record_has_no_state_to_match(client: FlaskClient) -> None:
    path = f"{PATIENTS}/00000000-0000-4000-8000-000000000001"
    answer = client.put(path, json={"name": "A"}, headers={"If-Match": "*"})
    assert (answer.status_code, answer.json["code"]) == (404, "record_unknown")


def test_an_identifier_belongs_to_one_patient(client: FlaskClient, patient: dict[str, Any]) -> None:
    body = {"name": "A", "identifiers": [{"system": "hospital", "value": "7"}]}
    assert client.post(PATIENTS, json=body).status_code == 201
    response = client.put(f"{PATIENTS}/{patient['id']}", json=body)
    assert (response.status_code, response.json["code"]) == (409, "record_conflict")
    assert client.get(f"{PATIENTS}/{patient['id']}").json == patient


def test_images_are_judged_and_stand_on_the_record(
    client: FlaskClient, patient: dict[str, Any], examination: dict[str, Any]
) -> None:
    assert client.get(f"/api/v1/examinations/{examination['id']}").json == examination
    assert examination["answers"] == {"colour_seen": "red"}
    assert [one["laterality"] for one in examination["images"]] == ["L", None]
    assert [one["view"] for one in examination["images"]] == ["CC", "MLO"]
    guesses = examination["predictions"]
    assert [one["image_id"] for one in guesses] == [one["id"] for one in examination["images"]]
    assert {one["state"] for one in guesses} == {"machine guess"}
    assert guesses[0]["prediction"]["predicted_class"] == "R"
    assert guesses[0]["prediction"]["heatmap"]["values"] == [[0.0, 1.0], [0.5, 0.25]]
    listed = client.get(f"/api/v1/examinations?patient={patient['id']}").json["items"]
    assert listed == [examination]


def test_what_was_said_is_kept_and_another_prevalence_is_worked_out_now(
    client: FlaskClient, patient: dict[str, Any], examination: dict[str, Any]
) -> None:
    path = f"/api/v1/examinations/{examination['id']}/decision"
    kept = client.get(path).json
    assert (kept["origin"], kept["examination_id"]) == ("kept", examination["id"])
    assert (kept["models"], kept["decision"]["action"]) == (["toy-3"], "refer")
    assert client.get(f"{path}?now=no").json == kept
    now = client.get(f"{path}?now=yes").json
    assert (now["origin"], now["id"], now["decision"]) == ("now", None, kept["decision"])
    rare = client.get(f"{path}?prevalence=0.0001").json
    assert (rare["origin"], rare["decision"]["prevalence"]) == ("now", 0.0001)
    assert rare["decision"]["expected_cost"] < kept["decision"]["expected_cost"]
    exported = client.get(f"{PATIENTS}/{patient['id']}/export").json
    assert exported["decisions"] == [kept]
    response = client.get(f"{path}?now=perhaps")
    assert (response.status_code, response.json["field"]) == (400, "now")


def test_one_unreadable_image_refuses_the_whole(
    client: FlaskClient, patient: dict[str, Any]
) -> None:
    response = client.post(
        f"{PATIENTS}/{patient['id']}/examinations",
        data={"images": [(io.BytesIO(b"a"), "a"), (io.BytesIO(b""), "b")], "task": "toy"},
        content_type="multipart/form-data",
    )
    assert (response.status_code, response.json["code"]) == (422, "image_empty")
    assert client.get("/api/v1/examinations").json["items"] == []


def test_both_breasts_in_one_examination_are_refused_before_they_are_judged(
    client: FlaskClient, patient: dict[str, Any]
) -> None:
    response = client.post(
        f"{PATIENTS}/{patient['id']}/examinations",
        data={
            "images": [(io.BytesIO(b"a"), "a"), (io.BytesIO(b"b"), "b")],
            "task": "toy",
            "laterality": ["L", "R"],
        },
        content_type="multipart/form-data",
    )
    assert (response.status_code, response.json["field"]) == (400, "laterality")
    assert "Make an examination of each side." in response.json["message"]


@pytest.mark.parametrize(
    ("fields", "code", "field"),
    [
        ({}, "field_invalid", "task"),
        ({"task": "tooy"}, "unknown_task", "task"),
        ({"task": "toy", "answers": "{"}, "answers_invalid", "answers"),
        ({"task": "toy", "answers": '{"a": 1}'}, "answer_invalid", "answers"),
        ({"task": "toy", "laterality": ["L", "R"]}, "field_invalid", "laterality"),
        ({"task": "toy", "laterality": "X"}, "field_invalid", "laterality"),
        ({"task": "toy", "lession": "arm"}, "field_unknown", "lession"),
    ],
)
def test_a_wrong_form_is_refused(
    client: FlaskClient, patient: dict[str, Any], fields: dict[str, Any], code: str, field: str
) -> None:
    response = client.post(
        f"{PATIENTS}/{patient['id']}/examinations",
        data={"images": (io.BytesIO(b"a"), "a"), **fields},
        content_type="multipart/form-data",
    )
    assert 400 <= response.status_code < 500
    assert (response.json["code"], response.json["field"]) == (code, field)
    assert client.get("/api/v1/examinations").json["items"] == []


def test_an_image_leaves_without_what_its_file_says(
    client: FlaskClient, examination: dict[str, Any]
) -> None:
    response = client.get(f"/api/v1/images/{examination['images'][0]['id']}")
    assert response.mimetype == "image/png"
    assert b"Layla" not in response.data
    with Image.open(io.BytesIO(response.data)) as picture:
        assert (picture.size, dict(picture.getexif()), picture.info) == ((20, 10), {}, {})


def test_two_readers_review_and_their_agreement_is_known(
    client: FlaskClient, examination: dict[str, Any]
) -> None:
    first, second = [f"/api/v1/predictions/{one['id']}" for one in examination["predictions"]]
    for path, reviewer, body in (
        (first, "dr-amal", {"verdict": "agree"}),
        (first, "dr-omar", {"verdict": "correct", "class_id": "R"}),
        (second, "dr-amal", {"verdict": "correct", "class_id": "B", "comment": "blue"}),
        (second, "dr-omar", {"verdict": "unusable"}),
    ):
        response = client.post(f"{path}/reviews", json={"reviewer": reviewer, **body})
        assert response.status_code == 201, response.text
    shown = client.get(first).json
    assert (shown["decision"], shown["final_class"], shown["state"]) == (
        "confirmed", "R", "machine guess",
    )  # fmt: skip
    shown = client.get(second).json
    assert (shown["decision"], shown["final_class"]) == ("disputed", None)
    # R-R and B-unusable: half agree; by chance (1 x 1 + 1 x 0 + 0 x 1) / 4.
    agreement = client.get("/api/v1/tasks/toy/agreement").json
    assert (agreement["n_cases"], agreement["observed"]) == (2, 0.5)
    assert agreement["kappa"] == pytest.approx((0.5 - 0.25) / 0.75)
    assert client.get("/api/v1/predictions?reviewed=no").json["items"] == []
    assert len(client.get("/api/v1/predictions?reviewed=yes&task=toy").json["items"]) == 2


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"verdict": "agree"}, "field_invalid"),  # by whom?
        ({"verdict": "agree", "reviewer": "a", "class_id": "R"}, "field_invalid"),
        ({"verdict": "correct", "reviewer": "a"}, "field_invalid"),
        ({"verdict": "correct", "reviewer": "a", "class_id": "green"}, "unknown_class"),
        ({"verdict": "maybe", "reviewer": "a"}, "field_invalid"),
        ({"verdict": "agree", "reviewer": "a", "coment": "x"}, "field_unknown"),
    ],
)
def test_a_wrong_review_is_refused(
    client: FlaskClient, examination: dict[str, Any], body: dict[str, str], code: str
) -> None:
    path = f"/api/v1/predictions/{examination['predictions'][0]['id']}"
    response = client.post(f"{path}/reviews", json=body)
    assert 400 <= response.status_code < 500
    assert response.json["code"] == code
    assert client.get(path).json["reviews"] == []


def test_consent_is_given_and_withdrawn(client: FlaskClient, patient: dict[str, Any]) -> None:
    path = f"{PATIENTS}/{patient['id']}/consents"
    for given in (True, False):
        response = client.post(path, json={"purpose": "training", "given": given})
        assert response.status_code == 201
        consents = client.get(f"{PATIENTS}/{patient['id']}").json["consents"]
        assert consents == {"care": False, "research": False, "training": given}
    assert [item["given"] for item in client.get(path).json["items"]] == [True, False]


def test_a_patient_is_taken_along_and_erased(
    client: FlaskClient, patient: dict[str, Any], examination: dict[str, Any]
) -> None:
    one = f"{PATIENTS}/{patient['id']}"
    taken = client.get(f"{one}/export").json
    assert taken["patient"] == patient
    assert taken["examinations"] == [examination]
    for language in ("en", "ar"):
        report = client.get(f"{one}/report?language={language}")
        assert report.mimetype == "application/pdf"
        assert report.data.startswith(b"%PDF-")
    erased = client.delete(one).json
    assert (erased["n_examinations"], erased["n_predictions"], erased["n_images"]) == (1, 2, 2)
    for path in (one, f"/api/v1/examinations/{examination['id']}", f"{one}/export"):
        assert client.get(path).status_code == 404
    log = client.get(f"/api/v1/audit?subject_id={patient['id']}").json["items"]
    assert [entry["action"] for entry in log] == [
        "patient.erase", "patient.export", "patient.export", "patient.export", "patient.create",
    ]  # fmt: skip
    check = client.get("/api/v1/audit/verify").json
    assert (check["is_whole"], check["broken_at"]) == (True, None)
    assert client.get(f"/api/v1/audit/verify?expected={'0' * 64}").json["is_whole"] is False


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"name": " "},
        {"name": "a\0b"},
        {"name": "a", "birth_year": 1700},
        {"name": "a", "birth_year": "1961"},
        {"name": "a", "sex": "f"},
        {"name": "a", "born": 1961},
        {"name": "a", "identifiers": [{"system": "x"}]},
        [],
    ],
)
def test_a_wrong_patient_is_refused(client: FlaskClient, body: Any) -> None:
    response = client.post(PATIENTS, json=body)
    assert response.status_code == 400
    assert client.get(PATIENTS).json["items"] == []


def test_a_body_of_another_kind_is_refused(client: FlaskClient) -> None:
    response = client.post(PATIENTS, data={"name": "a"})
    assert (response.status_code, response.json["code"]) == (415, "media_type_unsupported")


@pytest.mark.parametrize("query", ["limit=0", "limit=x", "limit=", "limit=1&limit=2", "limit=201"])
def test_a_wrong_limit_is_refused(client: FlaskClient, query: str) -> None:
    response = client.get(f"{PATIENTS}?{query}")
    assert (response.status_code, response.json["code"]) == (400, "option_invalid")


def test_pages_hold_as_many_as_asked_for(client: FlaskClient) -> None:
    for name in "abc":
        client.post(PATIENTS, json={"name": name})
    first = client.get(f"{PATIENTS}?limit=2").json
    second = client.get(f"{PATIENTS}?limit=2&after={first['next']}").json
    assert [item["name"] for item in first["items"] + second["items"]] == ["c", "b", "a"]
    assert second["next"] is None


def test_the_queue_lists_what_a_person_should_look_at_next(
    client: FlaskClient, examination: dict[str, Any]
) -> None:
    queue = client.get("/api/v1/review-queue").json
    first, second = examination["predictions"]
    assert queue["n_waiting"] == 2
    assert {one["prediction_id"] for one in queue["guesses"]} == {first["id"], second["id"]}
    review = {"verdict": "correct", "class_id": "B", "reviewer": "Dr. Amal"}
    client.post(f"/api/v1/predictions/{first['id']}/reviews", json=review)
    disputed = client.get("/api/v1/review-queue?order=disagreement").json["guesses"]
    assert [(one["prediction_id"], one["disagreements"]) for one in disputed] == [
        (first["id"], ["reader_machine"])
    ]
    assert len(client.get("/api/v1/review-queue?limit=1").json["guesses"]) == 1
    assert client.get("/api/v1/review-queue?order=age").status_code == 400
