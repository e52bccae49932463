"""How often a caller may ask."""

from __future__ import annotations

from pathlib import Path

import pytest
import urllib3
from demo.server_process import ServerProcess

import labelbox as lb
from labelbox import exceptions
from labelyard import errors
from labelyard.plumbing.rate import Rate


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_bucket_holds_a_minutes_requests_and_fills_up_evenly() -> None:
    clock = Clock()
    rate = Rate(60, clock=clock)
    for _ in range(60):
        rate.spend("a")
    with pytest.raises(errors.TooManyRequests, match="You have exceeded 60 requests a minute") as refused:
        rate.spend("a")
    assert refused.value.retry_after == 1
    rate.spend("b")  # everybody has a bucket of their own
    clock.now += 2.5
    rate.spend("a")
    rate.spend("a")
    with pytest.raises(errors.TooManyRequests):
        rate.spend("a")


def test_asking_whether_there_is_room_costs_nothing() -> None:
    rate = Rate(2, clock=Clock())
    for _ in range(10):
        rate.require("a")
    rate.spend("a")
    rate.spend("a")
    with pytest.raises(errors.TooManyRequests):
        rate.require("a")


def test_without_a_limit_nobody_is_refused() -> None:
    rate = Rate(0)
    for _ in range(1_000):
        rate.spend("a")


def test_R_CLI_21_R_EX_01_the_limit_of_a_server_reaches_the_sdk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LABELYARD_RATE_LIMIT", "5")
    with ServerProcess(tmp_path) as server:
        key, url = server.credentials.api_key, f"{server.url}/graphql"
        client = lb.Client(key, endpoint=url)
        with pytest.raises(exceptions.ApiLimitError, match="You have exceeded 5 requests a minute"):
            for _ in range(6):
                client.execute("{ user { id } }")
        refused = urllib3.request(
            "POST", url, json={"query": "{ user { id } }"}, headers={"Authorization": f"Bearer {key}"}
        )
        assert refused.status == 429 and 1 <= int(refused.headers["retry-after"]) <= 12
        assert refused.json()["message"].startswith("You have exceeded")


def test_guessing_a_password_is_slowed_down(tmp_path: Path) -> None:
    with ServerProcess(tmp_path) as server:
        known = server.credentials
        url = f"{server.url}/api/v1/session"
        wrong = {"email": known.email, "password": "not this"}
        # a slow machine gets some attempts back while it checks a password
        answers = [urllib3.request("POST", url, json=wrong).status for _ in range(10)]
        while answers[-1] == 401 and len(answers) < 60:
            answers.append(urllib3.request("POST", url, json=wrong).status)
        assert answers[:10] == [401] * 10 and answers[-1] == 429
        right = {"email": known.email, "password": known.password}
        refused = urllib3.request("POST", url, json=right)
        assert refused.status == 429 and int(refused.headers["retry-after"]) >= 1
        assert "set-cookie" not in refused.headers
        other = {"email": "someone@example.com", "password": "not this"}
        assert urllib3.request("POST", url, json=other).status == 401
