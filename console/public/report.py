"""随手拍: the form, what is wrong with it beside its fields, and the receipt with number, code and QR code."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from datetime import timedelta
from typing import Final
from urllib.parse import urlencode

import segno
from fastapi import APIRouter
from fastapi import Request
from starlette.datastructures import FormData
from starlette.datastructures import UploadFile
from starlette.responses import Response

from console.public import gate
from console.public.gate import Paces
from console.public.gate import ReportForm
from console.public.gate import ThePaces
from console.public.view import page
from console.sessions import Now
from console.sessions import TheDesk
from flow import public_forms
from flow import public_reports
from flow.case_files import Upload
from flow.desk import Desk
from flow.public_forms import Form
from flow.public_reports import Full
from flow.public_reports import Handed
from flow.public_reports import Receipt
from huanyu.errors import StoreAway
from huanyu.kinds import FAMILY_LABEL
from huanyu.kinds import KIND_LABEL
from huanyu.kinds import family

router = APIRouter()

TRAP: Final = "website"  # a field that people do not see and programs fill in
NAMES: Final = {
    "text": "情况",
    "place": "地点",
    "kind": "类型",
    "photos": "照片",
    "voice": "录音",
    "name": "称呼",
    "phone": "联系方式",
    "consent": "同意",
    "form": "提交",
}
STAND: Final[Mapping[Form, str]] = {
    Form.EARLY: "提交得太快了，请核对一遍再提交",
    Form.LATE: "表单打开太久，已经换了一张新的；内容都在，请再提交一次",
    Form.FORGED: "表单校验没有通过，已经换了一张新的；内容都在，请再提交一次",
}


@router.get("/report")
def form(request: Request, desk: TheDesk, now: Now) -> Response:
    """An empty form."""
    return _form(request, desk, Handed(token=_token(desk, now)))


@router.post("/report")
def hand_in(request: Request, desk: TheDesk, now: Now, paces: ThePaces, arrived: ReportForm) -> Response:
    """Keep the report and show the receipt; else the form as it was, with what is wrong."""
    handed = _handed(arrived.form)
    if arrived.wait:
        return _held_off(request, desk, handed, arrived.wait, now)
    try:
        return _taken(request, desk, now, paces, handed, arrived.form)
    except StoreAway:
        told = f"网上暂时收不了，还没有收到这份举报。内容都在，请过几分钟再按“提交”；急的请拨打 {desk.bureau.bureau.hotline}"
        return _again(request, desk, handed, {"form": told}, now, keep=True, status=503)


def _taken(
    request: Request, desk: Desk, now: datetime, paces: Paces, handed: Handed, form: FormData
) -> Response:
    if known := public_reports.again(desk, handed.token) if _ours(desk, handed, now) else None:
        return _receipt(request, desk, known)
    if str(form.get(TRAP, "")):
        return _again(request, desk, handed, {"form": STAND[Form.FORGED]}, now)
    stands = _stands(desk, handed, now)
    if stands is not Form.GOOD:
        return _again(request, desk, handed, {"form": STAND[stands]}, now, keep=stands is Form.EARLY)
    looked = public_reports.look(desk, handed, now)
    if looked.problems:
        return _again(request, desk, handed, looked.problems, now, keep=True)
    wait = gate.may_report(paces, desk.bureau.public, gate.asking(request, desk, now), now)
    if wait:
        return _held_off(request, desk, handed, wait, now)
    try:
        return _receipt(request, desk, public_reports.take(desk, handed, looked.files, now))
    except Full as problem:
        told = f"{problem.args[0]}；请拨打 {desk.bureau.bureau.hotline}，或过一会儿再提交"
        return _again(request, desk, handed, {"form": told}, now, keep=True, status=503)


def _held_off(request: Request, desk: Desk, handed: Handed, wait: int, now: datetime) -> Response:
    told = f"这个网络刚才提交得较多，请 {max(1, -(-wait // 60))} 分钟后再按“提交”；内容都在"
    response = _again(request, desk, handed, {"form": told}, now, keep=True, status=429)
    response.headers["Retry-After"] = str(wait)
    return response


def _handed(form: FormData) -> Handed:
    """What was typed and chosen."""
    text = {
        name: str(form.get(name, ""))
        for name in ("token", "text", "place", "kind", "position", "name", "phone")
    }
    return Handed(
        **text,
        consent=form.get("consent") == "1",
        photos=_uploads(form, "photos"),
        voice=_uploads(form, "voice"),
    )


def _uploads(form: FormData, name: str) -> tuple[Upload, ...]:
    found = (one for one in form.getlist(name) if isinstance(one, UploadFile) and one.filename)
    return tuple(Upload(name=one.filename or "", body=one.file.read()) for one in found)


def _again(
    request: Request,
    desk: Desk,
    handed: Handed,
    problems: Mapping[str, str],
    now: datetime,
    keep: bool = False,
    status: int = 422,
) -> Response:
    """The form as it was typed; `keep` its own mark, so that what is sent at last is still one report."""
    shown = handed if keep else replace(handed, token=_token(desk, now))
    return _form(request, desk, shown, problems, status)


def _form(
    request: Request, desk: Desk, handed: Handed, problems: Mapping[str, str] | None = None, status: int = 200
) -> Response:
    kinds: dict[str, list[tuple[str, str]]] = {}
    for code, name in KIND_LABEL.items():
        kinds.setdefault(FAMILY_LABEL[family(code)], []).append((code, name))
    return page(
        request,
        "report.html",
        status=status,
        typed=handed,
        mark=public_forms.mark_of(desk.config.store_key, handed.token),
        problems=problems or {},
        names=NAMES,
        kinds=kinds,
        table=desk.bureau.public,
        trap=TRAP,
        reselect=bool(handed.photos or handed.voice),
    )


def _receipt(request: Request, desk: Desk, receipt: Receipt) -> Response:
    address, asked = f"{desk.config.public_url}/progress", urlencode({"number": receipt.report.number})
    drawn = segno.make(f"{address}?{asked}#{receipt.code}", error="m").svg_inline(
        scale=4, border=4, omitsize=True
    )
    return page(request, "receipt.html", receipt=receipt, report=receipt.report, drawn=drawn, address=address)


def _token(desk: Desk, now: datetime) -> str:
    return public_forms.issue(desk.config.store_key, secrets.token_hex(16), now)


def _ours(desk: Desk, handed: Handed, now: datetime) -> bool:
    """Whether we made the form, however long ago: what came of it may be shown again."""
    most = timedelta(hours=desk.bureau.public.form_hours)
    stands = public_forms.look(desk.config.store_key, handed.token, now, timedelta(), most)
    return stands is Form.GOOD


def _stands(desk: Desk, handed: Handed, now: datetime) -> Form:
    table = desk.bureau.public
    least, most = timedelta(seconds=table.form_seconds), timedelta(hours=table.form_hours)
    return public_forms.look(desk.config.store_key, handed.token, now, least, most)
