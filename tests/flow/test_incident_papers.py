"""初报, 续报 and 处理结果报告 as numbered papers: filed with the report, each series without gaps, PDF and Word alike."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import docx
import pypdfium2
import pytest

from flow import documents
from flow import incidents
from huanyu.errors import BadInput
from huanyu.errors import Conflict
from huanyu.errors import NotAllowed
from huanyu.errors import NotFound
from huanyu.types import Incident
from tests.flow.office import NOW
from tests.flow.office import RIVER
from tests.flow.office import Office
from tests.flow.office import at_work


@pytest.fixture
def office(tmp_path: Path, store_url: str) -> Iterator[Office]:
    with at_work(tmp_path, store_url) as opened:
        opened.fill((RIVER,))
        yield opened


@pytest.fixture
def incident(office: Office) -> Incident:
    case = office.case(one=RIVER)
    found = incidents.propose(office.desk, office.press, case.id, case.version, "河面大片死鱼", NOW)
    incidents.declare(office.desk, office.leader, found, "重大", "徒骇河水体异常", NOW)
    return office.desk.store.incidents.get(found)


def send(office: Office, incident: Incident, kind: str, more: str = "", signer: str = "leader") -> int:
    text = incidents.outline(office.desk, incident, kind) + more
    return incidents.report(office.desk, office.press, incident.id, kind, "市政府", text, NOW, signer)


def words(body: bytes) -> str:
    with pypdfium2.PdfDocument(body) as paper:
        return "".join("".join(page.get_textpage().get_text_bounded() for page in paper).split())


def test_a_report_is_filed_as_a_numbered_paper_in_both_forms(office: Office, incident: Incident) -> None:
    report = send(office, incident, "初报", "\n周边群众情绪稳定")
    name, pdf = incidents.paper(office.desk, office.press, incident.id, report, "pdf")
    assert name == "聊环突初〔2026〕1号.pdf"
    told = words(pdf)
    for part in (
        "关于徒骇河水体异常的初报",
        "市政府：",
        "聊环突初〔2026〕1号",
        "签发人：leader同志",
        incident.number,
    ):
        assert part in told
    assert "发生地点：" in told
    assert "周边群众情绪稳定" in told
    assert told.count("联系电话") == 1
    _, word = incidents.paper(office.desk, office.press, incident.id, report, "docx")
    said = "\n".join(one.text for one in docx.Document(io.BytesIO(word)).paragraphs)
    assert "关于徒骇河水体异常的初报" in said
    assert "饮用水水源地等环境敏感点受影响情况：" in said


def test_each_kind_has_a_series_of_its_own_and_the_register_lists_it(
    office: Office, incident: Incident
) -> None:
    send(office, incident, "初报")
    for _ in range(2):
        send(office, incident, "续报")
    with pytest.raises(Conflict, match="初报已经报过"):
        send(office, incident, "初报")
    desk = office.desk
    kinds = ("incident_first", "incident_further", "incident_final")
    serials = {
        kind: [one.serial for one in documents.register(desk, office.press, kind, 2026)] for kind in kinds
    }
    assert serials == {
        "incident_first": ["聊环突初〔2026〕1号"],
        "incident_further": ["聊环突续〔2026〕1号", "聊环突续〔2026〕2号"],
        "incident_final": [],
    }
    paper = desk.store.documents.of_kind("incident_first", 2026)[0]
    assert (paper.incident_id, paper.case_id, paper.signed_by, paper.state) == (
        incident.id,
        None,
        "leader",
        "issued",
    )
    note = desk.store.cases.history(office.case(one=RIVER).id)
    assert any("初报（聊环突初〔2026〕1号）已报送市政府" in event.note for event in note)


def test_only_a_leader_is_printed_as_who_signed(office: Office, incident: Incident) -> None:
    with pytest.raises(BadInput, match="签发人"):
        send(office, incident, "初报", signer="press")
    assert office.desk.store.documents.upcoming("incident_first", 2026) == 1
    report = send(office, incident, "初报", signer="")
    _, pdf = incidents.paper(office.desk, office.press, incident.id, report, "pdf")
    assert "签发人" not in words(pdf)


def test_a_paper_is_read_by_whoever_sees_the_incident_and_drafted_nowhere_else(
    office: Office, incident: Incident
) -> None:
    report = send(office, incident, "初报")
    with pytest.raises(NotAllowed):
        incidents.paper(office.desk, office.handler("shenxian"), incident.id, report, "pdf")
    with pytest.raises(NotFound, match="没有公文"):
        incidents.paper(office.desk, office.press, incident.id, report + 1, "pdf")
    case = office.case(one=RIVER)
    assert not [row for row in documents.offered(office.desk, office.press, case, NOW) if row.report]
    with pytest.raises(NotFound, match="报送时生成"):
        documents.prefilled(office.desk, office.press, case.id, "incident_first", NOW)


def test_a_bureau_without_such_a_form_files_the_text_alone(office: Office, incident: Incident) -> None:
    forms = tuple(row for row in office.desk.bureau.forms if not row.report)
    tables = office.desk.bureau.model_copy(update={"forms": forms})
    office.desk.rules._take(tables)  # as if its file had been saved
    send(office, incident, "初报")
    (row,) = office.desk.store.incidents.reports(incident.id)
    assert row.document_id is None
    assert "发生地点" in row.text
