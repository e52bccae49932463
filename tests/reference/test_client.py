"""Client, as the API reference describes it."""

from __future__ import annotations

import labelbox as lb


def test_R_CLI_33_get_project(client: lb.Client, ready: lb.Project) -> None:
    found = client.get_project(ready.uid)
    assert (found.uid, found.name) == (ready.uid, "streets")
