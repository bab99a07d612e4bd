"""Who may ask for what of console.pages.people."""

from __future__ import annotations

from matrix.entry import Entry
from matrix.entry import roles

MATRIX = {
    ("GET", "/people"): Entry("/people", roles("admin")),
    ("POST", "/people"): Entry(
        "/people",
        roles("admin"),
        {"name": "1", "full_name": "某某", "role": "press", "password": "long-enough-1"},
    ),
    ("GET", "/people/{name}"): Entry("/people/chengban", roles("admin")),
    ("POST", "/people/{name}/active"): Entry("/people/nobody/active", roles("admin"), {"active": "0"}),
    ("POST", "/people/{name}/role"): Entry("/people/nobody/role", roles("admin"), {"role": "press"}),
    ("POST", "/people/{name}/password"): Entry(
        "/people/nobody/password", roles("admin"), {"password": "long-enough-1"}
    ),
    ("POST", "/people/{name}/factor"): Entry("/people/nobody/factor", roles("admin"), {}),
    ("POST", "/people/{name}/sign-out"): Entry("/people/nobody/sign-out", roles("admin"), {}),
}
