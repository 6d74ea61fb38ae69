"""What can be asked: the tasks of all cancers with their classes and limits."""

from apiflask import APIBlueprint
from flask import Response

from cancerapy.api.openapi import documented
from cancerapy.api.rendering import json_response
from cancerapy.api.state import current_state
from cancerapy.api.uploads import check_no_options
from cancerapy.cancers import list_tasks, load_task
from cancerapy.contract.responses import TaskList, TaskResponse
from cancerapy.runtime.offer import describe_task

blueprint = APIBlueprint("tasks", __name__, tag="Tasks")


@blueprint.get("/api/v1/tasks")
@documented(blueprint, TaskList)
def get_tasks() -> Response:
    """List what can be asked."""
    check_no_options()
    return json_response(TaskList(tuple(_to_response(name) for name in list_tasks())))


@blueprint.get("/api/v1/tasks/<task_id>")
@documented(blueprint, TaskResponse, errors=(404,))
def get_task(task_id: str) -> Response:
    """Describe one task, its classes and its limits."""
    check_no_options()
    return json_response(_to_response(task_id))


def _to_response(task_id: str) -> TaskResponse:
    cancer, task = load_task(task_id)
    return describe_task(cancer, task, current_state().models.fields().get(cancer.id))
