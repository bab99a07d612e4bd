"""The description of the interface (OpenAPI): FastAPI's, with our bodies, our problems and the bounds of the tables."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel

from console.api import problems
from console.api.problems import Problem
from console.api.shapes import ItemsIn
from flow.incoming import AlarmIn

TITLE = "环舆接口"
ABOUT = "网格平台、12369、在线监测等系统向本局报送事项，承办单位的系统读取本单位的案件。"
REF = "#/components/schemas/{model}"
SHAPES: Mapping[str, type[BaseModel]] = MappingProxyType(
    {"ItemsIn": ItemsIn, "AlarmIn": AlarmIn, "Problem": Problem}
)
FIRST_ERROR = 400


def errors(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The refusals a route may answer with; the database may be away for any of them."""
    return {status: {"description": problems.STATUSES[status]} for status in (*statuses, 503)}


def body_schema(name: str) -> dict[str, Any]:
    """That a route takes a body of this shape; we read it ourselves, item by item."""
    content = {"application/json": {"schema": {"$ref": REF.format(model=name)}}}
    return {"requestBody": {"required": True, "content": content}}


def description(app: FastAPI) -> dict[str, Any]:
    """The whole of it."""
    found = get_openapi(
        title=TITLE,
        version="1",
        description=ABOUT,
        routes=app.routes,
        servers=[{"url": problems.BASE}],
    )
    schemas = found.setdefault("components", {}).setdefault("schemas", {})
    for name, model in SHAPES.items():
        shape = model.model_json_schema(ref_template=REF)
        schemas |= shape.pop("$defs", {})
        schemas[name] = shape
    schemas.pop("HTTPValidationError", None)
    schemas.pop("ValidationError", None)
    for path in found["paths"].values():
        for operation in path.values():
            _with_problems(operation["responses"])
    return found


def _with_problems(responses: dict[str, Any]) -> None:
    for status, told in responses.items():
        if int(status) >= FIRST_ERROR:
            told["content"] = {problems.MEDIA: {"schema": {"$ref": REF.format(model="Problem")}}}
        if status in {"429", "503"}:
            told["headers"] = {
                "Retry-After": {"description": "秒数", "required": True, "schema": {"type": "integer"}}
            }
        if status == "401":
            told["headers"] = {"WWW-Authenticate": {"required": True, "schema": {"type": "string"}}}
