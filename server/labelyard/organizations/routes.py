"""Signing in and out of the browser (docs/wire/labeling.md)."""

from __future__ import annotations

from typing import Any

from labelyard import errors
from labelyard.access import actions as access
from labelyard.access import rules as access_rules
from labelyard.organizations import actions, invites
from labelyard.organizations.records import UserAccount
from labelyard.plumbing.context import Context
from labelyard.plumbing.database import Database
from labelyard.plumbing.http import Application, Request
from labelyard.plumbing.rest import Reply, route


def _who(account: UserAccount) -> dict[str, Any]:
    return {
        "user": {"id": account.id, "email": account.email, "name": account.display_name},
        "organization": {"id": account.organization_id, "name": account.organization_name},
        "role": access_rules.ROLES[account.role].name,
    }


def _cookie(request: Request, token: str, days: int) -> str:
    secure = "; Secure" if request.scheme == "https" else ""
    return f"{access.SESSION_COOKIE}={token}; Path=/; HttpOnly; SameSite=Lax; Max-Age={days * 86400}{secure}"


def _is_own_path(path: str) -> bool:
    return path.startswith("/") and not path.startswith("//") and "\\" not in path and "\n" not in path


@route("POST", "/api/v1/session", public=True)
async def sign_in(app: Application, database: Database, request: Request) -> Reply:
    """E-mail and password for a session cookie."""
    if "application/json" not in request.content_type:  # a form on another site cannot send this
        raise errors.Malformed("Send e-mail and password as JSON.")
    body = await request.json(10_000)
    if not isinstance(body, dict) or not all(
        isinstance(body.get(name), str) for name in ("email", "password")
    ):
        raise errors.Malformed('The body must be {"email": …, "password": …}.')
    caller = f"{request.client} {body['email'].strip().lower()}"
    app.sign_ins.require(caller)
    try:
        account = await actions.sign_in(database, email=body["email"], password=body["password"])
    except errors.NotAuthenticated:
        app.sign_ins.spend(caller)
        raise
    days = app.settings.session_days
    token = await access.open_session(database, account.organization_id, account.id, days)
    return Reply(200, _who(account), cookies=[_cookie(request, token, days)])


@route("GET", "/api/v1/session")
async def current_session(context: Context, request: Request) -> Reply:
    """Who is signed in."""
    account = await actions.account_of(
        context.database, organization_id=context.organization_id, user_id=context.user_id
    )
    return Reply(200, _who(account))


@route("DELETE", "/api/v1/session")
async def sign_out(context: Context, request: Request) -> Reply:
    """Ends the session."""
    token = request.cookies.get(access.SESSION_COOKIE)
    if token:
        await access.close_session(context.database, token)
    return Reply(204, cookies=[f"{access.SESSION_COOKIE}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0"])


@route("POST", "/api/v1/sign-in-links")
async def create_sign_in_link(context: Context, request: Request) -> Reply:
    """A link that opens the browser signed in as the caller, once."""
    body = await request.json(10_000)
    to = body.get("to", "/") if isinstance(body, dict) else "/"
    if not isinstance(to, str) or not _is_own_path(to):
        raise errors.Malformed('"to" must be a path of this server.')
    token = await access.create_sign_in_link(context)
    return Reply(200, {"url": f"{context.base_url}/sign-in/{token}?to={to}"})


@route("GET", "/sign-in/{token}", public=True)
async def take_sign_in_link(app: Application, database: Database, request: Request) -> Reply:
    """Uses up a link: a session cookie and a redirect."""
    to = request.query.get("to", "/")
    async with database.transaction():
        found = await access.take_sign_in_link(database, request.path_params["token"])
        if found is None:
            return Reply(303, headers={"location": "/sign-in?expired=1"})
        days = app.settings.session_days
        token = await access.open_session(database, found[0], found[1], days)
    return Reply(
        303, headers={"location": to if _is_own_path(to) else "/"}, cookies=[_cookie(request, token, days)]
    )


@route("GET", "/api/v1/invites/{token}", public=True)
async def look_at_invite(app: Application, database: Database, request: Request) -> Reply:
    """Who is invited by a link, where to and by whom."""
    found = await invites.of_token(database, request.path_params["token"])
    return Reply(
        200,
        {
            "email": found.email,
            "organization": found.organization_name,
            "role": access_rules.ROLES[found.role].name,
            "inviter": found.inviter_name,
        },
    )


@route("POST", "/api/v1/invites/{token}", public=True)
async def accept_invite(app: Application, database: Database, request: Request) -> Reply:
    """The invited person chooses a password and is signed in; the link is used up by this."""
    if "application/json" not in request.content_type:  # a form on another site cannot send this
        raise errors.Malformed("Send name and password as JSON.")
    body = await request.json(10_000)
    name = body.get("name") if isinstance(body, dict) else None
    if (
        not isinstance(body, dict)
        or not isinstance(body.get("password"), str)
        or not isinstance(name, str | None)
    ):
        raise errors.Malformed('The body must be {"name": …, "password": …}.')
    token = request.path_params["token"]
    caller = f"{request.client} {token}"
    app.sign_ins.require(caller)
    try:
        account = await invites.accept(database, token=token, name=name, password=body["password"])
    except errors.NotAuthenticated:
        app.sign_ins.spend(caller)
        raise
    days = app.settings.session_days
    session = await access.open_session(database, account.organization_id, account.id, days)
    return Reply(201, _who(account), cookies=[_cookie(request, session, days)])
