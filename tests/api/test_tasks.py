"""What can be asked."""

from flask.testing import FlaskClient


def test_tasks_are_listed_in_order(client: FlaskClient) -> None:
    tasks = client.get("/api/v1/tasks").json["tasks"]
    ids = [task["id"] for task in tasks]
    assert ids == sorted(ids)
    assert {"toy", "toy-again"} <= set(ids)


def test_task_is_described(client: FlaskClient) -> None:
    task = client.get("/api/v1/tasks/toy").json
    assert task == {
        "id": "toy",
        "title": "Red or blue",
        "cancer": "toy",
        "cancer_title": "Toy cancer",
        "modality": "other",
        "description": "Two coloured squares.",
        "classes": [
            {
                "id": "R",
                "title": "Red",
                "label": "Red (R)",
                "meaning": "A red square.",
                "malignant": True,
                "codes": {},
            },
            {
                "id": "B",
                "title": "Blue",
                "label": "Blue (B)",
                "meaning": "A blue square.",
                "malignant": False,
                "codes": {},
            },
        ],
        "limits": ["Squares only."],
        "route": "/api/v1/predict/toy",
        "aliases": ["/toy"],
        "model": "toy-3",
        "questions": [
            {
                "id": "colour_seen",
                "text": "Which colour do you see?",
                "kind": "choice",
                "choices": ["red", "blue"],
                "unit": "",
                "needed": "red",
            }
        ],
        "advice": {
            "malignant": "See a painter.",
            "benign": "None.",
            "unsure": "Look again.",
            "rejected": "Send a square.",
        },
        "guidance": ["One square at a time."],
        "input": {
            "height_px": 32,
            "width_px": 48,
            "aspect": "crop",
            "min_side_px": 16,
            "steps": [],
            "quality": {
                "sharpness_min": 0.0,
                "brightness_range": [0.0, 255.0],
                "contrast_min": 0.0,
                "saturation_range": [0.0, 255.0],
            },
        },
        "main": True,
        "translations": {},
        "measured_on": ["A hundred squares."],
        "signs": ["It reddens."],
        "act_within_days": {"malignant": 7},
        "signs_source": "The book of squares.",
        "urgency_source": "The painters' guild.",
    }


def test_only_the_main_task_has_the_short_route(client: FlaskClient) -> None:
    assert client.get("/api/v1/tasks/toy-again").json["aliases"] == []


def test_unknown_task_offers_the_nearest(client: FlaskClient) -> None:
    response = client.get("/api/v1/tasks/toy-agin")
    assert response.status_code == 404
    assert response.json["message"].endswith("Did you mean 'toy-again'?")
