"""Rankings of a bureau without counties: its townships are what is ranked, wherever the unit that handles a case sits."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from demo.platforms.smtp import SmtpPlatform
from demo.platforms.telegram import TelegramPlatform
from demo.platforms.weibo import WeiboPlatform
from flow import interviews
from flow import life
from flow import ranking_import
from flow import ranking_papers
from flow import rankings
from flow import registering
from flow.desk import Desk
from flow.entries import Entry
from flow.ranking_papers import Proposal
from huanyu import shipped
from huanyu.cells import Cell
from huanyu.cells import workbook
from huanyu.clock import SHANGHAI
from huanyu.config import SHIPPED
from huanyu.config import Config
from huanyu.errors import NotAllowed
from huanyu.types import Case
from tests.flow.office import NOW
from tests.flow.office import Office
from tests.flow.office import Platforms
from tests.flow.office import configure
from tests.flow.office import staffed

KUANGYAN = "330282110"
APRIL = datetime(2026, 4, 3, 9, tzinfo=SHANGHAI)


@pytest.fixture
def office(tmp_path: Path, store_url: str) -> Iterator[Office]:
    """A desk of 慈溪, as `huanyu init --bureau cixi` would set one up."""
    with WeiboPlatform() as weibo, TelegramPlatform() as telegram, SmtpPlatform() as mail:
        platforms = Platforms(weibo, telegram, mail)
        settings = configure(tmp_path, store_url, platforms)
        for path in shipped.tables("cixi").values():
            if path.parent != SHIPPED and path.stem != "accounts":
                shutil.copyfile(path, tmp_path / "config" / path.name)
        desk = Desk.open(Config.load(settings))
        yield staffed(desk, platforms)
        desk.close()


def told(office: Office, token: str, place: str) -> Case:
    entry = Entry(
        token=token,
        type="complaint",
        channel="phone_12369",
        text=f"{place}有企业夜里往河里偷排黑水，气味刺鼻",
        learned_at=NOW,
        place=place,
        area=KUANGYAN,
    )
    case = registering.register(office.desk, office.press, entry, NOW)
    if case.state == "pending":
        case = life.accept(office.desk, office.press, case.id, case.version, NOW)
    return life.dispatch(office.desk, office.press, case.id, case.version, "zhifa", NOW)


def test_a_case_counts_for_the_township_it_lies_in_though_the_city_handles_it(office: Office) -> None:
    cases = [told(office, "a" * 32, "匡堰镇倪家路村"), told(office, "b" * 32, "工业园东门外")]
    for case in cases:
        life.sign(office.desk, office.handler("zhifa"), case.id, case.version, NOW)
    found = rankings.view(office.desk, office.press, "handling", 2026, "3", APRIL)
    assert len(found.board.lines) == 19
    line = next(one for one in found.board.lines if one.spot.key == KUANGYAN)
    assert (line.spot.name, line.shares["response"].part) == ("匡堰镇", tuple(case.id for case in cases))
    town = office.handler("kuangyan")
    own = rankings.view(office.desk, town, "handling", 2026, "3", APRIL)
    assert [one.spot.name for one in own.board.lines] == ["匡堰镇"]
    with pytest.raises(NotAllowed, match="只能看本镇（街道）的办件"):
        rankings.behind(office.desk, town, own.board, "330282120", "response")


def test_a_table_by_townships_becomes_a_circular_to_them(office: Office, tmp_path: Path) -> None:
    path = tmp_path / "空气.xlsx"
    rows = [("匡堰", 30, 50, 25, 3.1), ("浒山街道", 31, 52, 24, 3.3), ("庵东镇", 33, 55, 23, 3.5)]
    head = ("镇（街道）", "PM2.5", "PM10", "优良天数", "综合指数")
    other: list[tuple[Cell, ...]] = [("站点", "PM2.5"), ("浒山站", 30)]
    path.write_bytes(workbook({"3月": [head, *rows], "站点": other}))
    taken = ranking_import.take_in(office.desk, office.press, "air", 2026, "3", path, APRIL)
    assert (len(taken.sheet.rows), len(taken.missing), taken.bad) == (3, 16, ())
    assert [where for where, _ in taken.unread] == ["空气.xlsx 工作表“站点”第 1 行"]
    made = ranking_papers.propose(office.desk, office.press, "air", 2026, "3", Proposal(), APRIL)
    issued = ranking_papers.issue(office.desk, office.leader, made.id, made.version, APRIL)
    assert issued.title == "关于2026年3月各镇（街道）环境空气质量的通报"
    assert issued.content["addressee"] == "各镇人民政府、街道办事处"
    assert "县（市、区）" not in str(issued.content)
    assert issued.document_id is not None
    assert office.desk.store.documents.get(issued.document_id).serial == "慈环气通〔2026〕1号"
    subject, area, reason = interviews.reason_from(office.desk, office.press, issued.id, KUANGYAN, None)
    assert (subject, area) == ("匡堰镇人民政府", KUANGYAN)
    assert "PM2.5为30微克/立方米、PM10为50微克/立方米、优良天数25天" in reason
