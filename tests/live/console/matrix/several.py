"""Who may ask for what of console.pages.several; each act has its own right, these stand for their list."""

from __future__ import annotations

from matrix.entry import SIGNERS
from matrix.entry import Entry
from matrix.entry import roles

JUDGES = roles("press", "reviewer")
MATRIX = {
    ("GET", "/several/posts"): Entry("/several/posts?act=yes&item={post}", JUDGES),
    ("POST", "/several/posts"): Entry("/several/posts", JUDGES, {"act": "yes"}),
    ("GET", "/several/cases"): Entry("/several/cases?act=accept&item={mine}", SIGNERS),
    ("POST", "/several/cases"): Entry("/several/cases", SIGNERS, {"act": "accept"}),
}
