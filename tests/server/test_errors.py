"""Every refusal has one shape, and says what to do next."""

from __future__ import annotations

import json
import logging

import pytest
from fastapi import FastAPI
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount

from muniment.core.errors import (
    BlockedError,
    ConflictError,
    CorruptError,
    ForbiddenError,
    InvalidError,
    MunimentError,
    NotFoundError,
    UnavailableError,
)
from muniment.server import House
from muniment.server.errors import PROBLEM_TYPE, STATUS, http_problem, status_of
from tests.server.asking import Known, app_of, ask, read_and_stream

_FAMILY = {
    InvalidError: 422,
    NotFoundError: 404,
    ForbiddenError: 403,
    ConflictError: 409,
    BlockedError: 403,
    UnavailableError: 503,
    CorruptError: 500,
}


class _NarrowerError(NotFoundError):
    """There is no such narrower thing."""


def test_the_table_is_whole() -> None:
    """Every member of the family has a status, and a subclass has its parent's."""
    assert set(STATUS) == set(MunimentError.__subclasses__())
    assert status_of(_NarrowerError()) == 404
    assert status_of(MunimentError("bare")) == 500


@pytest.mark.parametrize("kind", list(_FAMILY), ids=lambda kind: kind.__name__)
def test_tells_the_family(house: House, kind: type[MunimentError]) -> None:
    """An error of the family becomes a problem with all it knows, under its status."""

    async def fails(_request: Request) -> Response:
        raise kind(
            "this went wrong", subject="sys_1", field="a.b", remedy="Do that.", reasons=("r",)
        )

    answer = ask(app_of(house, fails=fails), "/fails")
    assert answer.status == _FAMILY[kind]
    assert answer.headers["content-type"] == PROBLEM_TYPE
    told = answer.json
    assert told["type"] == f"urn:muniment:error:{kind.code}"
    assert told["title"]
    assert told["status"] == answer.status
    assert (told["code"], told["detail"], told["subject"]) == (
        kind.code,
        "this went wrong",
        "sys_1",
    )
    assert (told["field"], told["remedy"], told["reasons"]) == ("a.b", "Do that.", ["r"])
    assert told["instance"] == answer.headers["x-request-id"]


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nothing", 404, "not_found"),
        ("GET", "/api/nothing", 404, "not_found"),
        ("GET", "/favicon.ico", 404, "not_found"),
        ("GET", "/robots.txt", 404, "not_found"),
        ("GET", "/../etc/passwd", 404, "not_found"),
        ("GET", "/%00", 404, "not_found"),
        ("POST", "/health", 405, "method_not_allowed"),
        ("DELETE", "/api/v1/about", 405, "method_not_allowed"),
        ("BREW", "/version", 405, "method_not_allowed"),
    ],
)
def test_tells_the_framework_s_refusals(
    house: House, method: str, path: str, status: int, code: str
) -> None:
    """Unknown paths and methods have the same shape as everything else."""
    answer = ask(Known(house), path, method=method)
    assert (answer.status, answer.json["code"]) == (status, code)
    assert answer.headers["content-type"] == PROBLEM_TYPE
    assert ("allow" in answer.headers) == (status == 405)


class _Form(BaseModel):
    age: int
    name: str


def test_tells_which_part_of_a_body_is_wrong(house: House) -> None:
    """A body of another form is answered with the parts that do not fit, in the same shape."""
    app = app_of(house)
    api = next(each.app for each in app.routes if isinstance(each, Mount) and each.path == "/api")
    assert isinstance(api, FastAPI)

    @api.post("/v1/forms")
    def take(form: _Form) -> str:
        return form.name

    json_headers = {"content-type": "application/json"}
    answer = ask(
        Known(house, app),
        "/api/v1/forms",
        method="POST",
        headers=json_headers,
        chunks=[b'{"age":"x"}'],
    )
    assert answer.status == 422
    assert answer.json["code"] == "invalid"
    assert answer.json["field"] == "body.age"
    assert len(answer.json["reasons"]) == 2
    assert "openapi.json" in answer.json["remedy"]
    broken = ask(
        Known(house, app), "/api/v1/forms", method="POST", headers=json_headers, chunks=[b"{"]
    )
    assert broken.status == 422


def test_the_reasons_of_a_bad_body_are_bounded(house: House) -> None:
    """However much is wrong with a body, the answer stays short."""
    app = app_of(house)
    api = next(each.app for each in app.routes if isinstance(each, Mount) and each.path == "/api")
    assert isinstance(api, FastAPI)

    @api.post("/v1/many")
    def take(many: list[int]) -> int:
        return sum(many)

    body = json.dumps(["x"] * 5000).encode()
    headers = {"content-type": "application/json"}
    answer = ask(Known(house, app), "/api/v1/many", method="POST", headers=headers, chunks=[body])
    assert answer.status == 422
    assert len(answer.json["reasons"]) <= 20


def test_the_unforeseen_is_opaque(house: House, caplog: pytest.LogCaptureFixture) -> None:
    """What nobody foresaw is answered with an id only, and the id is in the log."""

    async def breaks(_request: Request) -> Response:
        raise KeyError("the content of a prompt")

    with caplog.at_level(logging.INFO):
        answer = ask(app_of(house, breaks=breaks), "/breaks")
    assert answer.status == 500
    assert answer.json["code"] == "internal"
    assert "prompt" not in answer.body.decode()
    logged = [each for each in caplog.records if each.getMessage() == "unforeseen error"]
    assert [vars(each)["error_id"] for each in logged] == [answer.json["error_id"]]


def test_a_broken_stream_is_not_taken_for_whole(house: House) -> None:
    """If an answer breaks after it began, the connection breaks and nothing is appended."""
    with pytest.raises(ConnectionAbortedError) as caught:
        ask(app_of(house, stream=read_and_stream), "/stream")
    assert "secret" not in str(caught.value)


def test_people_get_a_page(house: House) -> None:
    """A browser is shown a page with the id to quote; programs and the API get JSON."""
    browser = {"accept": "text/html,application/xhtml+xml"}
    page = ask(app_of(house), "/nothing", headers=browser)
    assert page.status == 404
    assert page.headers["content-type"].startswith("text/html")
    assert page.headers["x-request-id"] in page.body.decode()
    refused = ask(app_of(house), "/health", method="POST", headers=browser)
    assert refused.headers["allow"]
    assert (
        ask(app_of(house), "/api/nothing", headers=browser).headers["content-type"] == PROBLEM_TYPE
    )


def test_a_page_escapes_what_it_tells(house: House) -> None:
    """What a request carried cannot become markup of the error page."""

    async def fails(_request: Request) -> Response:
        raise NotFoundError("<script>alert(1)</script>", subject="<b>x</b>")

    page = ask(app_of(house, fails=fails), "/fails", headers={"accept": "text/html"}).body.decode()
    assert "<script>alert(1)" not in page
    assert "<b>x</b>" not in page


def test_names_every_status() -> None:
    """Whatever status the framework refuses with, the problem has a title and a code."""
    for status in (400, 401, 403, 405, 408, 413, 415, 421, 429, 500, 502, 503):
        told = http_problem(HTTPException(status, "why"), instance="req")
        assert told["title"]
        assert told["code"]
        assert told["detail"] == "why"
