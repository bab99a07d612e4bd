"""What may not stand in an outgoing text: personal data, secrets, slips, rudeness, emptiness, wrong law.

Pure. Every finding has a position in the original text, a reason and, where there is one, a suggestion.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from typing import Final

from huanyu import fold
from huanyu.bureau import WordRow
from huanyu.redact import Span
from huanyu.redact import spans
from huanyu.types import Finding
from publisher import law_facts
from publisher import laws
from publisher import people
from publisher import wording
from publisher.bystanders import bystanders
from publisher.bystanders import is_child

#: Recogniser kind -> (kind of `huanyu check`, reason). contact_name is missing on purpose: an outgoing
#: text names its own 联系人 as its signatories.
PRIVATE: Final = {
    "phone": ("phone", "手机号码不得公开"),
    "landline": ("landline_private", "不是办公电话，不得公开"),
    "id_number": ("id_number", "身份证号码不得公开"),
    "plate": ("plate", "车牌号不得公开"),
    "bank_card": ("bank_card", "银行账号不得公开"),
    "email": ("email", "个人邮箱不得公开"),
    "wechat_qq": ("wechat_qq", "微信号、QQ号不得公开"),
    "house_number": ("house_number", "住址只写到乡镇、街道"),
    "reporter_name": ("reporter_name", "不得公开举报人姓名"),
    "minor_name": ("minor_name", "不得公开未成年人姓名"),
}
PRIVACY_KINDS: Final = frozenset(kind for kind, _ in PRIVATE.values())
KINDS: Final = (*sorted(PRIVACY_KINDS), "secrecy", "typo", "tone", "robotic", "law_error")
_SUGGESTION: Final = {"phone": "删去，或改为办公电话", "house_number": "写到乡镇、街道或小区为止"}

_BEFORE: Final = 40  # characters before a number that say whose it is
_PRIVATE_LINE = re.compile(
    r"住宅|宅电|家里|家中|家庭|私人|个人|本人|举报人|投诉人|来电人|反映人|信访人|来信人|当事人|女士|先生|师傅|店主|负责人[\u4e00-\u9fff]某?|邻居|亲属|[\u4e00-\u9fff]某|大爷"
    r"|老人|屋里|屋内|老家|宿舍|住处|楼上|楼下|对门|隔壁|大叔|大伯|大娘|奶奶|爷爷|父亲|母亲|儿子|女儿|亲戚|老[\u4e00-\u9fff][家头]|嫂"
    r"|大妈|阿姨|户主|老板|他的|她的|[您你他她其](?:家|本人|妻|父|母|儿)|家人|家属|其(?:电话|联系)|(?:居民|村民|业主|住户)[^，,]{0,4}电话"
)
_OFFICE_LINE = re.compile(
    r"(?:监督|咨询|举报|投诉|服务|值班|值守|应急|政务|夜间|24小时|办公|热线|承办|受理|监管|联系|反馈|公开|执法|督办|信访|传真|客服|请|可)"
    r"[^0-9]{0,8}(?:电话|热线|方式|号码|致电|拨打|来电|传真)"
    r"|(?:局|科|处|办|室|中心|队|街道|政府|所|站|委|院|公司|部门|单位|学校|社区|会|物业|平台|窗口|厅|厂|银行|段)[^。]{0,24}$"
    r"|热线|欢迎拨打|请拨打|致电|传真"
    r"|(?:咨询|查询|核实|报名|预约|举报|投诉|线索|求助|监督|值班)(?:电话|热线)?[:为是]?$"
)
#: The reader is asked to ring it.
_INVITED = re.compile(
    r"(?:请|可|可以|欢迎|直接|随时|及时|或|并)(?:您|大家|市民)?[^0-9,]{0,8}(?:拨|拨打|电|联系|咨询|回电|回拨|来电|查询|核实)[^0-9,]{0,4}$"
)
_OFFICE_LINE_AFTER = re.compile(
    r"\([^()0-9]{0,8}(?:科|处|室|办|局|股|所|站|队|中心|窗口|热线|大厅|办公|值班|工作日|信访|宣教)[^()]{0,6}\)"
)
_PRIVATE_AFTER: Final = re.compile(
    r"\([^()0-9]{0,8}(?:住宅|家中?|宅|本人|[诉投反举来信]\w{0,2}人)[^()0-9]{0,4}\)"
)
_NUMBER: Final = re.compile(r"\d{7,8}(?=\D{4,}$)")
_OFFICE_MAIL = re.compile(r"\.gov\.cn$|@(?:[a-z0-9\-]+\.)*(?:shandong|zhejiang|zj)\.cn$", re.IGNORECASE)
_OFFICE_BOX = re.compile(
    r"(?:局|科|处|中心|队|分局|部门|单位|官方|公开|举报|投诉|监督|受理|政务|办公|工作|服务|公共)(?:的|指定)?(?:电子)?(?:邮箱|信箱|邮件)"
    r"(?:地址)?[:为是]?\s?$"
)
_OFFICE_BOX_AFTER = re.compile(
    r"\([^)]{0,10}(?:公开|官方|公务|办公|工作|举报|投诉|征集)(?:的)?(?:电子)?(?:邮箱|信箱)\)"
)


@dataclass(frozen=True, slots=True)
class Checked:
    """What stands against a message; positions count within the title, within the text, and pictures from 1."""

    title: tuple[Finding, ...]
    text: tuple[Finding, ...]
    pictures: tuple[Finding, ...] = ()

    @property
    def all(self) -> tuple[Finding, ...]:
        """Everything a reviewer must answer for."""
        return (*self.title, *self.text, *self.pictures)


def check_message(
    title: str,
    text: str,
    words: Sequence[WordRow] = (),
    allow_phones: Iterable[str] = (),
    names: Iterable[str] = (),
    *,
    thread_author: str = "",
    day: date | None = None,
) -> Checked:
    """`check` for all that is printed: the title stands on the public page, in the index and in the feed too."""
    phones, people = tuple(allow_phones), tuple(names)
    found = (
        check(part, words, phones, people, thread_author=thread_author, day=day) for part in (title, text)
    )
    return Checked(*found)


def check(
    text: str,
    words: Sequence[WordRow] = (),
    allow_phones: Iterable[str] = (),
    names: Iterable[str] = (),
    *,
    thread_author: str = "",
    day: date | None = None,
) -> tuple[Finding, ...]:
    """Every reason why `text` may not go out, in order of position.

    `allow_phones` are the bureau's and the units' office numbers, `names` the people of the record; a nickname
    made of ordinary words only (rows of kind `nickname`) counts only after "@" or between quotation marks.
    `thread_author` may be greeted with "@" in a reply under their own post. `day` dates the law table; without it
    the date does that the text is signed with.
    """
    allowed = frozenset(_digits(phone) for phone in allow_phones)
    folded = fold.plain(text)
    told = [(name, is_name(name, words)) for name in names]
    known = spans(text, [name for name, telling in told if telling])
    quoted = tuple(_called(folded, [name for name, telling in told if not telling]))
    day = day or laws.signed_on(folded.text)
    others = _bystanders(folded, (*known, *quoted))
    findings = [*_personal(text, (*known, *quoted, *others), allowed, thread_author)]
    for kind, start, end, reason, suggestion in wording.problems(folded.text, words):
        findings.append(_finding(text, kind, *folded.origin(start, end), reason, suggestion))
    for start, end, reason, suggestion in (*laws.problems(folded.text, day), *law_facts.refuted(folded.text)):
        findings.append(_finding(text, "law_error", *folded.origin(start, end), reason, suggestion))
    return _without_allowed(
        text, findings, [word for row in words if row.kind == "allow" for word in row.words]
    )


def is_name(name: str, words: Sequence[WordRow]) -> bool:
    """Whether an account's name points at somebody: 路过 and 附近居民 stand in any text about a neighbourhood."""
    folded = fold.plain(name).text.strip()
    common = [fold.plain(word).text for row in words if row.kind == "nickname" for word in row.words]
    ordinary = "|".join(map(re.escape, sorted(common, key=len, reverse=True)))
    return len(folded) > 1 and not (ordinary and re.fullmatch(rf"(?:{ordinary})+", folded))


def _called(folded: fold.Folded, names: Iterable[str]) -> Iterator[Span]:
    """Places where an ordinary word is used as somebody's name: @路过, “路过”."""
    for word in filter(None, (re.escape(fold.plain(name).text.strip()) for name in names)):
        for match in re.finditer(rf"""(?<=@){word}|(?<=[“"「『‘]){word}(?=[”"」』’])""", folded.text):
            yield Span("reporter_name", *folded.origin(*match.span()))


def _bystanders(folded: fold.Folded, found: Sequence[Span]) -> Iterator[Span]:
    """People of no office whom no word around them tells."""
    taken = list(found)
    for kind, start, end in (*bystanders(folded.text), *people.private(folded.text)):
        span = Span(kind, *folded.origin(start, end))
        if not any(span.start < one.end and one.start < span.end for one in taken):
            taken.append(span)
            yield span


def _personal(text: str, found: Iterable[Span], allowed: frozenset[str], author: str) -> Iterator[Finding]:
    for span in found:
        if span.kind not in PRIVATE or _is_office(text, span, allowed) or _is_greeting(text, span, author):
            continue
        child = span.kind == "reporter_name" and is_child(text[: span.start])
        kind, reason = PRIVATE["minor_name" if child else span.kind]
        yield _finding(text, kind, span.start, span.end, reason, _SUGGESTION.get(kind, "删去或隐去"))


def _is_office(text: str, span: Span, allowed: frozenset[str]) -> bool:
    value = text[span.start : span.end]
    if span.kind == "email":
        before = fold.plain(text[max(0, span.start - _BEFORE) : span.start]).text
        told = bool(_OFFICE_BOX.search(before)) or bool(
            _OFFICE_BOX_AFTER.match(fold.plain(text[span.end :][:20]).text)
        )
        return told or bool(_OFFICE_MAIL.search(value))
    if span.kind not in {"phone", "landline"}:
        return False
    number = _digits(value)
    if number in allowed or (len(number) >= 7 and any(phone.endswith(number) for phone in allowed)):
        return True
    around = text[max(0, span.start - _BEFORE) : span.start], text[span.end :][:_BEFORE]
    return span.kind == "landline" and is_office_line(*around)


def is_office_line(before: str, after: str = "") -> bool:
    """Whether the words around a fixed-line number say that it belongs to an office, not to a person.

    Words about a number before it say nothing of this one.
    """
    clause = re.split(r"[。；;！!？?\n]", fold.plain(before).text)[-1]
    own = _NUMBER.split(clause)[-1]
    last = own.rsplit(",", 1)[-1]
    if _INVITED.search(last) and not _PRIVATE_LINE.search(last):
        return True
    if _PRIVATE_LINE.search(own) or _PRIVATE_AFTER.match(fold.plain(after).text):
        return False
    return bool(_OFFICE_LINE.search(own) or _OFFICE_LINE_AFTER.match(fold.plain(after).text))


def _is_greeting(text: str, span: Span, author: str) -> bool:
    """An "@昵称" in the person's own thread shows nothing that is not on the page already."""
    said = text[span.start : span.end]
    return bool(author) and said == author and text[max(0, span.start - 1) : span.start] in {"@", "＠"}


def _without_allowed(text: str, findings: Iterable[Finding], allowed: Sequence[str]) -> tuple[Finding, ...]:
    safe = sorted(match.span() for word in allowed for match in re.finditer(re.escape(word), text))
    starts = [start for start, _ in safe]
    reach = list(accumulate((end for _, end in safe), max))  # how far the words begun so far extend
    kept = {}
    for finding in findings:
        begun = bisect_right(starts, finding.start)
        if not begun or reach[begun - 1] < finding.end:
            kept[(finding.kind, finding.start)] = finding
    return tuple(sorted(kept.values(), key=lambda finding: (finding.start, finding.end, finding.kind)))


def _finding(text: str, kind: str, start: int, end: int, reason: str, suggestion: str) -> Finding:
    return Finding(
        kind=kind, start=start, end=end, text=text[start:end], reason=reason, suggestion=suggestion
    )


def _digits(text: str) -> str:
    return "".join(char for char in fold.numeral(text).text if char.isdigit())
