"""People added, invited and demoted by several callers at the same moment."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from factories import make_user

CALLERS = 16
ADD = "mutation($d: AddMembersInput!) { addMembersToOrganization(data: $d) { newUserId } }"
INVITE = "mutation($d: InviteMembersInput!) { inviteMembers(data: $d) { results { status link } } }"
ROLE = "mutation($d: SetOrganizationRoleInput!) { setOrganizationRole(data: $d) { id } }"


def _at_once(act: Callable[[int], Any], callers: int = CALLERS) -> list[Any]:
    start = Barrier(callers)

    def run(number: int) -> Any:
        start.wait(60)
        return act(number)

    with ThreadPoolExecutor(callers) as pool:
        return list(pool.map(run, range(callers)))


def _code(answer: dict[str, Any]) -> str:
    return str(answer["errors"][0]["extensions"]["code"]) if answer.get("errors") else "done"


def _role(server: Any, name: str) -> str:
    roles = server.graphql("{ roles { id name } }")["roles"]
    return next(str(role["id"]) for role in roles if role["name"] == name)


def _email() -> str:
    return f"{random.getrandbits(48):x}@example.com"


def test_one_of_sixteen_adds_the_member(server: Any) -> None:
    email, role = _email(), _role(server, "Labeler")
    answers = _at_once(lambda number: server.answer(ADD, d={"emails": [email], "orgRoleId": role}))
    assert Counter(map(_code, answers)) == {"done": 1, "RESOURCE_CONFLICT": CALLERS - 1}
    found = server.graphql("query($e: String!) { users(where: {email: $e}) { id } }", e=email)["users"]
    assert len(found) == 1


def test_sixteen_invitations_to_one_address_are_one_and_accepted_once(server: Any) -> None:
    email, role = _email(), _role(server, "Labeler")
    answers = _at_once(
        lambda number: server.answer(
            INVITE, d={"emails": [email if number % 2 else email.upper()], "roleId": role}
        )
    )
    assert Counter(map(_code, answers)) == {"done": CALLERS}
    results = [answer["data"]["inviteMembers"]["results"][0] for answer in answers]
    assert Counter(one["status"] for one in results) == {"INVITED": 1, "ALREADY_INVITED": CALLERS - 1}
    link = next(one["link"] for one in results if one["status"] == "INVITED")
    accepted = _at_once(lambda number: server.accept(link, "a password of mine").status, 8)
    assert Counter(status if status >= 400 else "in" for status in accepted) == {"in": 1, 409: 7}


def test_administrators_who_demote_one_another_leave_one(server: Any) -> None:
    """The last administrator stays, also when all of them are demoted in the same moment."""
    admins = [make_user(server, "Admin") for _ in range(6)]
    labeler = _role(server, "Labeler")

    def demote(number: int) -> dict[str, Any]:
        answer: dict[str, Any] = server.answer(
            ROLE, admins[number][1], d={"userId": admins[(number + 1) % 6][0], "roleId": labeler}
        )
        return answer

    codes = [_code(answer) for answer in _at_once(demote, 6)]
    assert set(codes) <= {"done", "AUTHORIZATION_ERROR"}
    assert "done" in codes
