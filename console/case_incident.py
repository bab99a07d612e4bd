"""What pages say of an incident: what has become of it, and which one a case belongs to."""

from __future__ import annotations

from typing import Any

from flow.desk import Desk
from huanyu.types import Case
from huanyu.types import Incident


def offer(desk: Desk, case: Case) -> dict[str, Any]:
    """What the page of a case shows of its incident, and which others go on."""
    incident = desk.store.incidents.get(case.incident_id) if case.incident_id is not None else None
    return {
        "incident": incident,
        "incident_state": state(incident) if incident else None,
        "incidents_on": [one for one in desk.store.incidents.going_on() if one.id != case.incident_id],
    }


def state(incident: Incident) -> tuple[str, str]:
    """What has become of it, and the colour of that."""
    if incident.closed_at is not None:
        return ("已终止" if incident.confirmed_at else "不认定"), "secondary"
    if incident.confirmed_at is None:
        return "待认定", "orange"
    return ("处置中" if incident.line else "处置中，口径未定"), "red"
