"""What HTTP says when something goes wrong: RFC 9457 problem details, in Chinese and in English."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.utils import get_openapi
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from starlette.exceptions import HTTPException

from gis_data.errors import BaochuError, Conflict, Denied, Invalid, LoggedOut, NotFound, TooMany, Unavailable

STATUS: dict[type[BaochuError], int] = {
    LoggedOut: 401,
    Denied: 403,
    NotFound: 404,
    Conflict: 409,
    Invalid: 422,
    TooMany: 429,
    Unavailable: 503,
}
WRONG = {
    "missing": "必填",
    "extra_forbidden": "没有这个字段",
    "string_too_short": "不能为空",
    "string_too_long": "过长",
    "string_type": "须为文字",
    "literal_error": "不在可选值之内",
    "uuid_parsing": "编号格式不对",
    "float_parsing": "须为数字",
    "int_parsing": "须为整数",
    "greater_than_equal": "过小",
    "less_than_equal": "过大",
    "timezone_aware": "时间须带时区",
    "datetime_from_date_parsing": "时间格式不对",
    "json_invalid": "不是有效的 JSON",
}
"""What validation finds, in Chinese; anything else is said in English."""
log = structlog.get_logger()


class Problem(BaseModel):
    """Problem details: `detail` is Chinese, `detail_en` English; `field` and `row` say where."""

    type: str
    title: str
    status: int
    detail: str
    detail_en: str
    field: str | None = None
    row: int | None = None


def responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The problems that a route documents; 401, 403 and 503 come with every route."""
    return {
        status: {"model": Problem, "description": HTTPStatus(status).phrase}
        for status in sorted({401, 403, 503, *statuses})
    }


def _answer(status: int, kind: str, zh: str, en: str, field: str | None = None, row: int | None = None) -> JSONResponse:
    problem = Problem(
        type=f"/problems/{kind}",
        title=HTTPStatus(status).phrase,
        status=status,
        detail=zh,
        detail_en=en,
        field=field,
        row=row,
    )
    return JSONResponse(problem.model_dump(), status, media_type="application/problem+json")


async def _ours(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, BaochuError)
    status = next(code for kind, code in STATUS.items() if isinstance(error, kind))
    return _answer(status, type(error).__name__.lower(), error.zh, error.en, error.field, error.row)


async def _unread(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    field = ".".join(str(part) for part in first["loc"][1:]) or str(first["loc"][0])
    zh = WRONG.get(first["type"], first["msg"])
    return _answer(422, "invalid", f"“{field}”填写有误：{zh}。", f"{field}: {first['msg']}", field)


async def _framework(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    zh = {404: "没有这个地址。", 405: "此地址不支持该方法。"}.get(error.status_code, "请求无法处理。")
    answer = _answer(error.status_code, "http", zh, str(error.detail))
    answer.headers.update(error.headers or {})
    return answer


async def _database(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, DBAPIError)
    log.error("database", error=str(error.orig), path=request.url.path)
    if isinstance(error, OperationalError | InterfaceError) or error.connection_invalidated:
        return _answer(
            503,
            "unavailable",
            "数据库暂时不可用，未写入任何内容；请稍后重试。",
            "The database cannot be reached just now; try again.",
        )
    raise error


def _described(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI description, with problems under the media type that they are sent in."""
    if app.openapi_schema is None:
        made = get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes)
        for methods in made["paths"].values():
            for operation in methods.values():
                for answer in operation["responses"].values():
                    content = answer.get("content", {})
                    if content.get("application/json", {}).get("schema", {}).get("$ref", "").endswith("/Problem"):
                        content["application/problem+json"] = content.pop("application/json")
        app.openapi_schema = made
    return app.openapi_schema


def install(app: FastAPI) -> None:
    """Answer every failure with problem details, and say so in the OpenAPI description."""
    app.openapi = lambda: _described(app)  # type: ignore[method-assign]  # FastAPI's own way to extend it
    app.add_exception_handler(BaochuError, _ours)
    app.add_exception_handler(RequestValidationError, _unread)
    app.add_exception_handler(HTTPException, _framework)
    app.add_exception_handler(DBAPIError, _database)
