"""Rankings: counted by who leads a case, drilled down to the cases, put up, signed, frozen, put right by another."""

from __future__ import annotations

from datetime import date
from datetime import datetime
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import docx
import pytest
import python_calamine

from flow import interviews
from flow import life
from flow import ranking_import
from flow import ranking_papers
from flow import rankings
from flow.ranking_papers import Proposal
from huanyu.cells import workbook
from huanyu.clock import SHANGHAI
from huanyu.config import SHIPPED
from huanyu.errors import BadInput
from huanyu.errors import Conflict
from huanyu.errors import IllegalMove
from huanyu.errors import NotAllowed
from huanyu.periods import Period
from huanyu.store.rankings import ENDED
from huanyu.store.rankings import REPEATED
from huanyu.types import InterviewEntry
from huanyu.types import SanctionEntry
from huanyu.types import User
from tests.flow.office import TEXTS
from tests.flow.office import Office
from tests.flow.office import at_work
from tests.flow.office import colleague
from tests.flow.test_unit_figures import reported
from tests.flow.test_unit_figures import signed

DUNG = next(one for one in TEXTS if "养殖场" in one)
GUANXIAN = "371525"
APRIL = datetime(2026, 4, 3, 9, tzinfo=SHANGHAI)
HEAD = (
    "县（市、区）",
    "PM2.5（微克/立方米）",
    "PM10(ug/m3)",
    "优良天数（天）",
    "综合指数",
    "上年同期综合指数",
)
AIR = (
    ("东昌府区", 45, 80, 20, 4.5, 5.0),
    ("临清市", 40, 75, 22, 4.21, 4.0),
    ("阳谷", 41, 76, 22, 4.21, "—"),
    ("莘县", "四十", 76, 22, 4.3, 4.4),
    ("水城县", 41, 76, 22, 4.3, 4.4),
    ("东阿县", 41, 76, 22, "", 4.4),
    ("冠县", 41, 76, 22, 4.6, 4.4),
    ("冠县", 42, 76, 22, 4.7, 4.4),
    ("高新区", 5000, 76, 22, 4.6, 4.4),
    ("全市", 42, 76, 22, 4.5, 4.4),
)


@pytest.fixture
def office(tmp_path: Path, store_url: str):
    with at_work(tmp_path / "office", store_url) as opened:
        opened.fill((DUNG,))
        yield opened


def few(office: Office, number: int) -> None:
    """A rule of so many, for a desk with one case."""
    text = (SHIPPED / "rankings.toml").read_text(encoding="utf-8").replace("few = 5", f"few = {number}")
    office.desk.config.candidates("rankings")[0].write_text(text, encoding="utf-8")
    office.desk.take_in()
    assert office.desk.bureau.rankings.few == number


def at_march(office: Office, now: datetime = APRIL, user: User | None = None) -> rankings.View:
    return rankings.view(office.desk, user or office.press, "handling", 2026, "3", now)


def line(view: rankings.View, place: str = GUANXIAN):
    return next(one for one in view.board.lines if one.spot.key == place)


def at(day: int, hour: int = 9) -> datetime:
    return datetime(2026, 3, day, hour, tzinfo=SHANGHAI)


def test_a_case_counts_where_its_unit_is_and_leads_to_itself(office: Office) -> None:
    few(office, 1)
    case = reported(office, signed(office, at(11)), at(13))
    found = at_march(office)
    mine = line(found)
    assert mine.cells[:3] == ("100.0%（1/1）",) * 3
    assert (mine.rank, mine.value) == (1, "100.0")
    assert [one.rank for one in found.board.lines if one.spot.key != GUANXIAN] == [None] * 10
    part, others, hidden = rankings.behind(office.desk, office.press, found.board, GUANXIAN, "on_time")
    assert ([one.id for one in part], others, hidden) == ([case.id], [], 0)
    alone = rankings.view(office.desk, office.press, "handling", 2026, "3", APRIL, compared=False)
    assert line(alone).shares == mine.shares
    other = office.handler("gaoxin")
    with pytest.raises(NotAllowed):
        rankings.behind(office.desk, other, at_march(office, user=other).board, GUANXIAN, "on_time")


def test_a_period_that_is_over_is_counted_anew_when_something_was_written(office: Office) -> None:
    case = reported(office, signed(office, at(11)), at(13))
    march, store = Period.holding("month", date(2026, 3, 1)), office.desk.store
    before = store.rankings.counted(march, APRIL)
    assert store.rankings.counted(march, APRIL) is before, "nothing was written since"
    later = APRIL + timedelta(days=1)
    life.send_to_unit(office.desk, office.press, case.id, case.version, "缺事实", later)
    same = store.rankings.counted(march, later)
    assert same == before, "what is written at the moment of a look is not seen by it"
    assert store.rankings.counted(march, later) is not same, "and counted by the next one"
    april = Period.holding("month", date(2026, 4, 1))
    assert store.rankings.counted(april, later) is not store.rankings.counted(april, later)


def test_of_few_nothing_is_ranked_and_a_county_sees_its_own_line(office: Office) -> None:
    case = reported(office, signed(office, at(11)), at(13))
    assert line(at_march(office)).cells[1] == "1/1"
    assert at_march(office).board.ranks() == {}
    own = at_march(office, user=office.handler(case.unit))
    assert [one.spot.name for one in own.board.lines] == ["冠县"]
    assert own.board.words == ()
    with pytest.raises(BadInput, match="没有可以排名的单位"):
        ranking_papers.propose(office.desk, office.press, "handling", 2026, "3", Proposal(), APRIL)


def test_what_was_issued_stays_and_a_correction_names_it(office: Office) -> None:
    few(office, 1)
    desk = office.desk
    case = reported(office, signed(office, at(11)), at(13))
    with pytest.raises(BadInput, match="还没有结束"):
        ranking_papers.propose(desk, office.press, "handling", 2026, "3", Proposal(), at(31))
    put_up = ranking_papers.propose(
        desk, office.press, "handling", 2026, "3", Proposal(extra="请于四月底前报送整改情况。"), APRIL
    )
    with pytest.raises(Conflict):
        ranking_papers.propose(desk, office.press, "handling", 2026, "3", Proposal(), APRIL)
    with pytest.raises(NotAllowed):
        ranking_papers.issue(desk, office.press, put_up.id, put_up.version, APRIL)
    issued = ranking_papers.issue(desk, office.leader, put_up.id, put_up.version, APRIL)
    found = ranking_papers.whole(desk, office.press, issued.id)
    assert found.document is not None
    assert found.document.serial.endswith("通〔2026〕1号")
    _, body = ranking_papers.file(desk, office.press, issued.id, "docx", APRIL)
    file = docx.Document(BytesIO(body))
    told = "\n".join(one.text for one in file.paragraphs)
    assert "请于四月底前报送整改情况。" in told
    assert "附件：2026年3月各县（市、区）环境信访办理情况排名表" in told
    (table,) = file.tables  # a letter with nobody to copy has no 版记
    cells = [tuple(cell.text for cell in row.cells) for row in table.rows]
    assert cells[1][:4] == ("1", "冠县", "100.0", "100.0%\n（1/1）")
    reopened = desk.store.cases.get(case.id)
    from_unit = office.handler(reopened.unit)
    assert ranking_papers.whole(desk, from_unit, issued.id).words  # open to all
    few(office, 5)  # the rule changes later: what was issued does not
    assert ranking_papers.whole(desk, office.press, issued.id).board == found.board
    with pytest.raises(IllegalMove):
        ranking_papers.issue(desk, office.leader, issued.id, issued.version, APRIL)
    few(office, 1)
    with pytest.raises(BadInput, match="理由"):
        ranking_papers.propose(desk, office.press, "handling", 2026, "3", Proposal(), APRIL)
    again = ranking_papers.propose(
        desk,
        office.press,
        "handling",
        2026,
        "3",
        Proposal(why="冠县一件按时办结的漏计", open_to_all=False),
        APRIL,
    )
    second = ranking_papers.issue(desk, office.leader, again.id, again.version, APRIL)
    assert second.title.endswith("（更正）")
    assert second.content["words"][0] == (
        f"《{issued.title}》（{found.document.serial}）因冠县一件按时办结的漏计予以更正，以本通报为准。"
    )
    assert [one.id for one in ranking_papers.whole(desk, office.press, issued.id).corrected_by] == [second.id]
    assert ranking_papers.whole(desk, from_unit, second.id).own


def test_a_figure_is_as_of_the_month_and_compared_with_what_was_issued(office: Office) -> None:
    few(office, 1)
    reported(office, signed(office, at(11)), at(13))
    may = datetime(2026, 5, 4, 9, tzinfo=SHANGHAI)
    april = rankings.view(office.desk, office.press, "handling", 2026, "4", may)
    assert line(april).cells[1] == "—"  # decided in March
    quarter = rankings.view(office.desk, office.press, "handling", 2026, "q1", may)
    assert line(quarter).cells[1] == "100.0%（1/1）"
    with pytest.raises(BadInput, match="没有这个时段"):
        rankings.view(office.desk, office.press, "handling", 2026, "13", may)
    with pytest.raises(BadInput, match="还没有开始"):
        rankings.view(office.desk, office.press, "handling", 2026, "6", may)


def test_a_township_counts_what_lies_in_it(office: Office) -> None:
    few(office, 1)
    reported(office, signed(office, at(11)), at(13))
    found = rankings.view(office.desk, office.press, "handling_townships", 2026, "3", APRIL)
    ranked = [one.spot.name for one in found.board.lines if one.rank]
    assert ranked == ["烟庄街道"]


def air(office: Office, folder: Path, rows=AIR, head=HEAD) -> ranking_import.Taken:
    path = folder / "空气.xlsx"
    path.write_bytes(workbook({"3月": [head, *rows]}))
    return ranking_import.take_in(office.desk, office.press, "air", 2026, "3", path, APRIL)


def test_a_table_is_checked_row_by_row_and_ranked(office: Office, tmp_path: Path) -> None:
    taken = air(office, tmp_path)
    told = dict(taken.bad)
    assert len(taken.sheet.rows) == 3
    assert len(told) == 6
    assert any("“四十”不是数字" in one for one in told.values())
    assert any("“水城县”不在排名的单位里" in one for one in told.values())
    assert any("“综合指数”列没有填写" in one for one in told.values())
    assert sum("都没有取" in one for one in told.values()) == 2
    assert any("5000 不在 0 到 1000 之间" in one for one in told.values())
    assert len(office.desk.store.rejects.heads(source=ranking_import.SOURCE)) == 6
    found = rankings.view(office.desk, office.press, "air", 2026, "3", APRIL).board
    assert [(one.rank, one.spot.name, one.value, *one.cells[-2:]) for one in found.lines[:3]] == [
        (1, "临清市", "4.21", "-5.3%", "2"),
        (1, "阳谷县", "4.21", "—", "—"),
        (3, "东昌府区", "4.50", "10.0%", "1"),
    ]
    assert (
        found.words[0]
        == "2026年3月，按综合指数排名，由好到差依次为：临清市（4.21）、阳谷县（4.21）、东昌府区（4.50）。"
    )
    assert "改善幅度最大的是东昌府区（改善10.0%）；1个同比变差" in "".join(found.words)
    again = air(office, tmp_path, AIR[:2])
    assert not again.bad
    assert len(rankings.view(office.desk, office.press, "air", 2026, "3", APRIL).board.ranks()) == 2


def test_a_table_of_another_unit_or_without_its_column_is_refused(office: Office, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="单位应为微克/立方米"):
        air(office, tmp_path, head=("县（市、区）", "PM2.5（毫克/立方米）", *HEAD[2:]))
    with pytest.raises(BadInput, match="没有“综合指数”列"):
        air(office, tmp_path, head=(*HEAD[:4], "指数", "备注"))


def test_a_score_is_the_sum_of_its_parts(office: Office, tmp_path: Path) -> None:
    path = tmp_path / "网格.csv"
    path.write_text(
        "县（市、区）,巡查,报告,处置,培训,得分\n冠县,38.5,18,27,9,92.5\n莘县,38,18,27,9,95\n",
        encoding="utf-8",
    )
    taken = ranking_import.take_in(office.desk, office.press, "grid", 2026, "3", path, APRIL)
    assert list(taken.sheet.rows) == [GUANXIAN]
    assert "巡查、报告、处置、培训合计 92，与“得分”列的 95 不符" in taken.bad[0][1]


def test_a_notice_names_rank_and_figures_and_is_counted_once_held(office: Office) -> None:
    few(office, 1)
    desk = office.desk
    reported(office, signed(office, at(11)), at(13))
    put_up = ranking_papers.propose(desk, office.press, "handling", 2026, "3", Proposal(), APRIL)
    with pytest.raises(IllegalMove):
        interviews.reason_from(desk, office.press, put_up.id, GUANXIAN, None)
    issued = ranking_papers.issue(desk, office.leader, put_up.id, put_up.version, APRIL)
    subject, area, reason = interviews.reason_from(desk, office.press, issued.id, GUANXIAN, None)
    assert (subject, area) == ("冠县人民政府", GUANXIAN)
    assert "排名第1位" in reason
    assert "按时办结率100.0%（1/1）" in reason
    entry = InterviewEntry(
        ranking_id=issued.id, line_id=None, area=area, subject="冠县人民政府", asked="分管负责同志", people=2,
        reason=reason, at=datetime(2026, 4, 8, 15, tzinfo=SHANGHAI), venue="三楼会议室", host="聊城市生态环境局",
    )  # fmt: skip
    with pytest.raises(BadInput, match="不写姓名、电话"):
        told = {name: getattr(entry, name) for name in InterviewEntry.__slots__}
        interviews.propose(desk, office.press, InterviewEntry(**told | {"venue": "请联系13800138000"}), APRIL)
    one = interviews.propose(desk, office.press, entry, APRIL)
    with pytest.raises(BadInput, match="约谈时间已过"):
        interviews.issue(desk, office.leader, one.id, one.version, entry.at)
    one = interviews.issue(desk, office.leader, one.id, one.version, APRIL)
    assert one.serial.endswith("约谈〔2026〕1号")
    _, body = interviews.file(desk, office.press, one.id, "docx")
    text = "\n".join(each.text for each in docx.Document(BytesIO(body)).paragraphs)
    assert "时间：2026年4月8日15:00" in text
    assert "冠县人民政府：" in text
    assert interviews.counts(desk, office.press, 2026).interviews == 0
    later = datetime(2026, 4, 9, 9, tzinfo=SHANGHAI)
    held = interviews.hold(
        desk, office.press, one.id, one.version, date(2026, 4, 8), 3, "承诺五月底前办结积压件。", later
    )
    with pytest.raises(IllegalMove):
        interviews.cancel(desk, office.press, held.id, held.version, "改期", later)
    sanction = SanctionEntry(
        ranking_id=issued.id, line_id=None, decided_on=date(2026, 4, 9), area=area, subject="冠县某镇",
        measure="诫勉", people=2, ground="县纪委通报",
    )  # fmt: skip
    wrong = interviews.add_sanction(desk, office.press, sanction, later)
    interviews.add_sanction(desk, office.press, sanction, later)
    interviews.strike(desk, office.press, wrong.id, "重复登记", later)
    with pytest.raises(Conflict):
        interviews.strike(desk, office.press, wrong.id, "重复登记", later)
    found = interviews.counts(desk, office.leader, 2026)
    assert (found.circulars, found.interviews, found.interviewed, found.sanctions, found.sanctioned) == (
        1,
        1,
        3,
        1,
        2,
    )


def test_the_workbook_has_part_and_whole_apart(office: Office, tmp_path: Path) -> None:
    few(office, 1)
    reported(office, signed(office, at(11)), at(13))
    put_up = ranking_papers.propose(office.desk, office.press, "handling", 2026, "3", Proposal(), APRIL)
    _, body = ranking_papers.file(office.desk, office.press, put_up.id, "xlsx", APRIL)
    path = tmp_path / "out.xlsx"
    path.write_bytes(body)
    book = python_calamine.CalamineWorkbook.from_path(path)
    ranks = book.get_sheet_by_name("排名").to_python()
    assert ranks[1][:4] == [1.0, "冠县", 100.0, "100.0%（1/1）"], "what is a number can be sorted by"
    counts = book.get_sheet_by_name("件数").to_python()
    at_home = next(row for row in counts if row[0] == "冠县")
    assert at_home[3:5] == [1.0, 1.0]
    assert (
        Period.holding("month", date(2026, 3, 1)).name() in book.get_sheet_by_name("说明").to_python()[1][0]
    )


def test_a_clerk_of_another_county_sees_no_proof(office: Office) -> None:
    few(office, 1)
    reported(office, signed(office, at(11)), at(13))
    put_up = ranking_papers.propose(office.desk, office.press, "handling", 2026, "3", Proposal(), APRIL)
    stranger = colleague(office.desk, "handler-gx", "handler", "gaoxin")
    with pytest.raises(NotAllowed):
        ranking_papers.whole(office.desk, stranger, put_up.id)
    assert ranking_papers.listing(office.desk, stranger) == []
    taken_back = ranking_papers.void(office.desk, office.press, put_up.id, put_up.version, "数有误", APRIL)
    assert taken_back.state == "void"


def test_townships_of_zones_that_have_only_their_countys_code_are_told_apart(
    office: Office, tmp_path: Path
) -> None:
    row = rankings.row_of(office.desk, "air_townships")
    spots = {one.name: one for one in rankings.spots(office.desk, row, date(2026, 3, 31))}
    first, second = spots["九州街道"], spots["凤凰街道"]
    assert (first.key, second.key) == ("高新区九州街道", "度假区凤凰街道")
    assert len({one.key for one in spots.values()}) == len(spots)
    path = tmp_path / "乡镇.csv"
    path.write_text(
        "县市区,乡镇,综合指数\n高新区,九州街道,4.2133333333333333\n度假区,凤凰街道,4.5\n东昌府区,许营镇,4.4\n"
        "莘县,烟庄街道,4.3\n",
        encoding="utf-8",
    )
    taken = ranking_import.take_in(office.desk, office.press, "air_townships", 2026, "3", path, APRIL)
    assert dict(taken.sheet.rows) == {
        first.key: {"index": "4.213333333"},
        second.key: {"index": "4.5"},
        spots["许营镇"].key: {"index": "4.4"},  # a zone's, in the county of its code
    }
    assert [told for _, told in taken.bad] == ["“烟庄街道”不在“莘县”，请核对"]


def test_a_case_counts_in_the_one_township_it_names(office: Office) -> None:
    few(office, 1)
    case = reported(office, signed(office, at(11)), at(13))
    desk = office.desk
    desk.store.rerouting.edit(
        case, {"area": "高新区", "place": "九州街道"}, "地点改正", office.press.name, at(13, 10)
    )
    found = rankings.view(desk, office.press, "handling_townships", 2026, "3", APRIL).board
    assert [one.spot.name for one in found.lines if one.shares["on_time"].whole] == ["九州街道"]


def test_a_round_ends_in_one_month_though_it_is_answered_then_and_closed_later(office: Office) -> None:
    case = reported(office, signed(office, at(11)), at(13))
    for state, day in (("replying", 14), ("answered", 16)):
        case = office.desk.store.moves.move(case, state, state, "", at(day), office.press.name)
    april, may = datetime(2026, 4, 9, 9, tzinfo=SHANGHAI), datetime(2026, 5, 4, 9, tzinfo=SHANGHAI)
    case = life.close(office.desk, office.press, case.id, case.version, "回访满意", april)

    def counted(month: int) -> tuple[int, int]:
        cells = office.desk.store.rankings.counted(Period.holding("month", date(2026, month, 1)), may)
        return len(cells[ENDED].get(case.unit, ())), len(cells[REPEATED].get(case.unit, ()))

    assert (counted(3), counted(4)) == ((1, 0), (0, 0))
    life.reopen(office.desk, office.press, case.id, case.version, "又被反映", april.replace(day=20))
    assert (counted(3), counted(4)) == ((1, 1), (0, 0))


def test_of_two_put_up_for_one_month_the_second_is_not_issued_and_takes_no_number(office: Office) -> None:
    few(office, 1)
    desk = office.desk
    reported(office, signed(office, at(11)), at(13))
    first = ranking_papers.propose(desk, office.press, "handling", 2026, "3", Proposal(), APRIL)
    kept = (
        "ranking",
        "span",
        "first",
        "last",
        "title",
        "content",
        "open_to_all",
        "corrects_id",
        "why",
        "as_of",
    )
    second = desk.store.rankings.propose({name: getattr(first, name) for name in kept}, "press", APRIL)
    issued = ranking_papers.issue(desk, office.leader, first.id, first.version, APRIL)
    with pytest.raises(Conflict, match="已另印发一份"):
        ranking_papers.issue(desk, office.leader, second.id, second.version, APRIL)
    ranking_papers.void(desk, office.press, second.id, second.version, "重复", APRIL)
    said = Proposal(why="漏计一件")
    again = ranking_papers.propose(desk, office.press, "handling", 2026, "3", said, APRIL)
    again = ranking_papers.issue(desk, office.leader, again.id, again.version, APRIL)
    numbers = desk.store.rankings.serials([issued.id, again.id])
    assert [numbers[one.id].partition("〕")[2] for one in (issued, again)] == ["1号", "2号"]
    listed = ranking_papers.listing(desk, office.press)
    assert [(one.id, one.content) for one in listed] == [(again.id, {}), (issued.id, {})]
    assert interviews.counts(desk, office.press, 2026).circulars == 2
    assert interviews.counts(desk, office.press, 2025).circulars == 0
