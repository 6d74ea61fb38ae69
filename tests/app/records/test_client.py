"""What travels when the records are asked."""

import asyncio
import json

import httpx
import pytest

from cancerapy.api.rendering import to_json
from cancerapy.app.client import Client
from cancerapy.app.records.client import RecordsClient
from cancerapy.app.records.state import VisitImage
from cancerapy.contract.records import AnswersRecord, ExaminationRecord, PatientRecord
from cancerapy.contract.requests import PatientDetails
from cancerapy.errors import NotOurServerError


def test_an_examination_travels_as_a_form(examination: ExaminationRecord) -> None:
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(201, content=to_json(examination))

    client = RecordsClient(Client("http://server", transport=httpx.MockTransport(answer)))
    images = [VisitImage(b"one", b"", "CC", "L"), VisitImage(b"two", b"", "MLO", "")]
    made = asyncio.run(client.create_examination("p1", "toy", images, answers={"age": 61.0}))
    assert made == examination
    assert str(seen[0].url) == "http://server/api/v1/patients/p1/examinations"
    parts = seen[0].content.split(b"--" + seen[0].headers["Content-Type"].split("=")[1].encode())
    values = [part.split(b"\r\n\r\n")[1].strip() for part in parts if b"\r\n\r\n" in part]
    assert values == [b"toy", b"", b'{"age": 61.0}', b"CC", b"MLO", b"L", b"", b"one", b"two"]


def test_an_answer_of_another_form_is_none_of_ours(patient: PatientRecord) -> None:
    transport = httpx.MockTransport(lambda _: httpx.Response(200, content=to_json(patient)))
    client = RecordsClient(Client("http://server", transport=transport))
    assert asyncio.run(client.get_patient("p1")) == patient
    with pytest.raises(NotOurServerError):
        asyncio.run(client.list_patients(""))


def test_a_correction_names_the_state_that_it_is_made_to(patient: PatientRecord) -> None:
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, content=to_json(patient), headers={"ETag": '"7"'})

    client = RecordsClient(Client("http://server", transport=httpx.MockTransport(answer)))
    assert asyncio.run(client.begin_update("p1")) == (patient, '"7"')
    asyncio.run(client.update_patient("p1", PatientDetails("A"), '"7"'))
    asyncio.run(client.update_patient("p1", PatientDetails("A"), ""))
    assert [request.headers.get("If-Match") for request in seen] == [None, '"7"', None]
    assert [request.method for request in seen] == ["GET", "PUT", "PUT"]


def test_a_change_of_answers_names_the_state_that_it_is_made_to() -> None:
    seen: list[httpx.Request] = []
    found = AnswersRecord("e1", {"age": "61"})

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, content=to_json(found), headers={"ETag": '"7"'})

    client = RecordsClient(Client("http://server", transport=httpx.MockTransport(answer)))
    assert asyncio.run(client.begin_answers("e1")) == (found, '"7"')
    assert asyncio.run(client.change_answers("e1", {"age": 61.0}, '"7"')) == found
    assert [(one.method, one.headers.get("If-Match")) for one in seen] == [
        ("GET", None),
        ("PUT", '"7"'),
    ]
    assert json.loads(seen[1].content) == {"answers": {"age": 61.0}}
