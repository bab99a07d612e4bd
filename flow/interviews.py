"""约谈 and 问责: a notice from a ranking or a line of the ledger, signed under its own number, held and minuted; counts.

No names: offices are asked to come, and people held to account are counted.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from datetime import datetime
from datetime import timedelta
from typing import Final

from flow import filing
from flow import permits
from flow.desk import Desk
from flow.typed import reason_of
from flow.typed import tidy
from huanyu.clock import local
from huanyu.errors import BadInput
from huanyu.errors import Conflict
from huanyu.errors import IllegalMove
from huanyu.errors import NotAllowed
from huanyu.errors import NotFound
from huanyu.redact import mask
from huanyu.store.rankings import GONE
from huanyu.types import Interview
from huanyu.types import InterviewEntry
from huanyu.types import Sanction
from huanyu.types import SanctionEntry
from huanyu.types import User

LABEL: Final = {"proposed": "待签发", "issued": "已发通知", "held": "已约谈", "cancelled": "已取消"}
PAPER: Final = "约谈通知书"
MOST_PEOPLE: Final = 200
FARTHEST: Final = timedelta(days=180)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What a year came to, each with its unit."""

    year: int
    circulars: int  #: 期
    interviews: int  #: 次, held
    interviewed: int  #: 人次
    sanctions: int  #: 起
    sanctioned: int  #: 人


def listing(desk: Desk, user: User) -> list[Interview]:
    """All of them, the latest first."""
    permits.demand(user, "see_interviews")
    return desk.store.interviews.listing()


def sanctions(desk: Desk, user: User) -> list[Sanction]:
    """All of them, those struck out too."""
    permits.demand(user, "see_interviews")
    return desk.store.interviews.sanctions()


def counts(desk: Desk, user: User, year: int) -> Counts:
    """通报, 约谈 and 问责 of a year: by the day of issue, the day held, the day decided."""
    permits.demand(user, "see_interviews")
    held = [
        one for one in desk.store.interviews.listing() if one.held_on is not None and one.held_on.year == year
    ]
    decided = [
        one for one in desk.store.interviews.sanctions() if not one.struck and one.decided_on.year == year
    ]
    return Counts(
        year=year,
        circulars=desk.store.rankings.issued_within(date(year, 1, 1), date(year, 12, 31)),
        interviews=len(held),
        interviewed=sum(one.came for one in held),
        sanctions=len(decided),
        sanctioned=sum(one.people for one in decided),
    )


def reason_from(
    desk: Desk, user: User, ranking_id: int | None, place: str, line_id: int | None
) -> tuple[str, str, str]:
    """(subject, area, reason) that a line of an issued ranking, or of the ledger, gives."""
    permits.demand(user, "keep_interviews")
    if ranking_id is not None:
        return _from_ranking(desk, ranking_id, place)
    if line_id is not None:
        return _from_ledger(desk, line_id)
    return "", "", ""


def propose(desk: Desk, user: User, entry: InterviewEntry, now: datetime) -> Interview:
    """拟约谈: waits for a leader; raises BadInput naming all that is missing."""
    permits.demand(user, "keep_interviews")
    told = InterviewEntry(
        ranking_id=entry.ranking_id,
        line_id=entry.line_id,
        area=entry.area,
        subject=tidy("被约谈单位", entry.subject).strip(),
        asked=tidy("参加人员", entry.asked).strip(),
        people=entry.people,
        reason=tidy("事由", entry.reason).strip().rstrip("。"),
        at=entry.at,
        venue=tidy("地点", entry.venue).strip(),
        host=tidy("主持单位", entry.host).strip(),
    )
    texts = (told.subject, told.asked, told.reason, told.venue, told.host)
    wrong = [
        ("请填写被约谈单位", not told.subject),
        ("请填写参加人员的职务", not told.asked),
        (f"人数请填写 1 到 {MOST_PEOPLE}", not 1 <= told.people <= MOST_PEOPLE),
        ("请填写事由", not told.reason),
        ("请填写地点", not told.venue),
        ("请填写主持单位", not told.host),
        ("约谈时间应在现在之后半年以内", not now <= told.at <= now + FARTHEST),
        ("有个人信息，通知书写单位和职务，不写姓名、电话", any(mask(one) != one for one in texts)),
    ]
    if found := [words for words, is_wrong in wrong if is_wrong]:
        raise BadInput("；".join(found))
    _demand_ground(desk, told.ranking_id, told.line_id)
    return desk.store.interviews.propose(told, user.name, now)


def issue(desk: Desk, user: User, interview_id: int, version: int, now: datetime) -> Interview:
    """签发: the 约谈通知书 under its number."""
    permits.demand(user, "issue_interviews")
    found = _as_seen(desk, interview_id, version, "proposed")
    if found.made_by == user.name:
        raise NotAllowed("拟稿人不能签发自己拟的通知", user=user.name)
    if found.at <= now:
        raise BadInput("约谈时间已过，请取消后重拟")
    today = local(now).date()
    form = next((row for row in desk.bureau.forms if row.ranking == PAPER and row.valid_on(today)), None)
    if form is None:
        raise NotFound(f"forms.toml 中没有{PAPER}")
    at, bureau = local(found.at), desk.bureau.bureau
    fields = {
        "addressee": found.subject,
        "reason": found.reason,
        "when": f"{at.year}年{at.month}月{at.day}日{at:%H:%M}",
        "venue": found.venue,
        "asked": found.asked,
        "people": str(found.people),
        "host": found.host,
        "contact": bureau.office,
        "telephone": bureau.phone,
    }
    return filing.numbered(
        desk, form, fields, user, now, lambda paper: desk.store.interviews.issue(found, paper, user.name, now)
    )


def hold(
    desk: Desk,
    user: User,
    interview_id: int,
    version: int,
    held_on: date,
    came: int,
    minutes: str,
    now: datetime,
) -> Interview:
    """登记: held on that day, so many came, and what was said and promised (纪要)."""
    permits.demand(user, "keep_interviews")
    found = _as_seen(desk, interview_id, version, "issued")
    text = tidy("纪要", minutes).strip()
    issued = local(found.issued_at).date() if found.issued_at else held_on
    wrong = [
        ("约谈日期不能早于通知、晚于今天", not issued <= held_on <= local(now).date()),
        (f"到场人数请填写 1 到 {MOST_PEOPLE}", not 1 <= came <= MOST_PEOPLE),
        ("请填写纪要", not text),
        ("纪要里有个人信息，写单位和职务，不写姓名、电话", mask(text) != text),
    ]
    if told := [words for words, is_wrong in wrong if is_wrong]:
        raise BadInput("；".join(told))
    return desk.store.interviews.hold(found, held_on, came, text, user.name, now)


def cancel(desk: Desk, user: User, interview_id: int, version: int, why: str, now: datetime) -> Interview:
    """取消, with a reason; what took place cannot be called off."""
    permits.demand(user, "keep_interviews")
    found = desk.store.interviews.get(interview_id)
    return desk.store.interviews.cancel(
        _as_seen(desk, interview_id, version, "proposed" if found.state == "proposed" else "issued"),
        reason_of(why),
        user.name,
        now,
    )


def file(desk: Desk, user: User, interview_id: int, form: str) -> tuple[str, bytes]:
    """(name, bytes) of the notice as issued; raises NotFound before."""
    permits.demand(user, "see_interviews")
    found = desk.store.interviews.get(interview_id)
    if found.document_id is None:
        raise NotFound("通知书还没有印发", interview=interview_id)
    paper = desk.store.documents.get(found.document_id)
    return f"{paper.serial}.{form}", desk.store.documents.body(paper.pdf if form == "pdf" else paper.docx)


def add_sanction(desk: Desk, user: User, entry: SanctionEntry, now: datetime) -> Sanction:
    """登记问责, as whoever decided it made it known: how many, how, on what ground; no names."""
    permits.demand(user, "keep_interviews")
    subject, ground = tidy("被问责单位", entry.subject).strip(), tidy("依据", entry.ground).strip()
    wrong = [
        ("请填写被问责单位", not subject),
        ("处理方式请从所列中选择", entry.measure not in desk.bureau.rankings.measures),
        (f"人数请填写 1 到 {MOST_PEOPLE}", not 1 <= entry.people <= MOST_PEOPLE),
        ("请填写依据", not ground),
        ("决定日期晚于今天", entry.decided_on > local(now).date()),
        ("有个人信息，问责登记只写单位和人数", mask(f"{subject}{ground}") != f"{subject}{ground}"),
    ]
    if told := [words for words, is_wrong in wrong if is_wrong]:
        raise BadInput("；".join(told))
    _demand_ground(desk, entry.ranking_id, entry.line_id)
    tidied = SanctionEntry(
        ranking_id=entry.ranking_id,
        line_id=entry.line_id,
        decided_on=entry.decided_on,
        area=entry.area,
        subject=subject,
        measure=entry.measure,
        people=entry.people,
        ground=ground,
    )
    return desk.store.interviews.add_sanction(tidied, user.name, now)


def strike(desk: Desk, user: User, sanction_id: int, why: str, now: datetime) -> Sanction:
    """撤销 a row that was wrong; it stays on the list and counts no longer."""
    permits.demand(user, "keep_interviews")
    return desk.store.interviews.strike(sanction_id, reason_of(why), user.name, now)


def _from_ranking(desk: Desk, ranking_id: int, place: str) -> tuple[str, str, str]:
    found = desk.store.rankings.get(ranking_id)
    if found.state != "issued" or found.document_id is None:
        raise IllegalMove("通报印发之后才能据以约谈", ranking=ranking_id)
    board = found.content["board"]
    line = next((one for one in board["lines"] if one["spot"][0] == place), None)
    if line is None:
        raise NotFound("这份通报里没有这个单位", ranking=ranking_id)
    serial = desk.store.documents.get(found.document_id).serial
    told = "、".join(
        _figure(head, cell) for head, cell in zip(board["heads"], line["cells"], strict=True) if cell != "—"
    )
    rank = f"排名第{line['rank']}位" if line["rank"] else "未列入排名"
    value = f"{board['value_name']}{line['value']}{board['value_unit']}"
    name = authority(line["spot"][1], line["spot"][2])
    reason = f"{board['period']}{board['name']}{rank}（{serial}；{value}，{told}）"
    return name, line["spot"][3], reason


def authority(name: str, level: str) -> str:
    """Whom a notice about a place is addressed to: 高唐县人民政府, 高新区管理委员会, 新区街道办事处; a unit as it is called."""
    if level == "zone":
        return f"{name}管理委员会"
    if level == "township":
        return f"{name}办事处" if name.endswith("街道") else f"{name}人民政府"
    return f"{name}人民政府" if level == "county" else name


def _figure(head: str, cell: str) -> str:
    """优良天数（天） and 20 as a sentence has them: 优良天数20天."""
    name, _, unit = head.removesuffix("）").partition("（")
    return f"{name}{'为' if name[-1].isascii() else ''}{cell}{unit}"


def _from_ledger(desk: Desk, line_id: int) -> tuple[str, str, str]:
    line = desk.store.ledger.get(line_id)
    unit = desk.bureau.unit(line.unit)
    due = line.due
    limit = f"，整改时限{due.year}年{due.month}月{due.day}日" if due else ""
    return (
        unit.name if unit else "",
        unit.area if unit else "",
        f"{line.number}号问题“{line.title.strip().rstrip('。')}”整改未到位{limit}",
    )


def _demand_ground(desk: Desk, ranking_id: int | None, line_id: int | None) -> None:
    """What stands behind it must be there; raises NotFound."""
    if ranking_id is not None:
        desk.store.rankings.get(ranking_id)
    if line_id is not None:
        desk.store.ledger.get(line_id)


def _as_seen(desk: Desk, interview_id: int, version: int, state: str) -> Interview:
    found = desk.store.interviews.get(interview_id)
    if found.state != state:
        raise IllegalMove(f"这次约谈{LABEL[found.state]}", interview=interview_id)
    if found.version != version:
        raise Conflict(GONE, interview=interview_id)
    return found
