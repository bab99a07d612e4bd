"""Which column of an export means what: headings that are known, headings a person has chosen, who must stay hidden.

Pure: headings in, fields out. Knows no file, no row and no source.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from types import MappingProxyType

from huanyu.errors import BadInput

#: Field of a post -> headings a person has chosen for it; "" lists those that are to be set aside.
Chosen = Mapping[str, Sequence[str]]

IDENTITY = "identity"  # who reported: sealed, never part of a post
ASIDE = ""  # kept in the raw payload only
JOIN = "+"  # between two headings of one field, in tables and on the command line

#: Field -> what a person calls it, in the order in which a page offers them.
FIELDS: Mapping[str, str] = MappingProxyType(
    {
        "text": "内容",
        "title": "标题",
        "posted_at": "时间",
        "learned_at": "收到时间",
        "event_at": "事发时间",
        "native_id": "编号",
        "url": "原文链接",
        "author": "作者",
        "kind": "来源渠道",
        "region": "地区",
        "ordered_to": "承办单位",
        "likes": "点赞数",
        "reposts": "转发数",
        "comments": "评论数",
        "views": "阅读数",
        IDENTITY: "举报人信息",
    }
)
#: Field -> headings that mean it, the better ones first, compared in lower case without blanks and brackets.
#: A running number (序号) is no id: next week's export begins at 1 again.
#: 来源类型, 媒体 and 平台 name the medium where a monitor found something, not the way it reached the desk.
COLUMNS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "native_id": (
            *("native_id", "工单编号", "工单号", "工单id", "受理编号", "信访编号", "信访件编号", "举报编号"),
            *("案件编号", "诉求编号", "事件编号", "来电编号", "登记编号", "留言编号", "留言id", "流水号"),
            *("文章id", "编号", "id"),
        ),
        "text": (
            *("内容", "text", "正文", "全文", "content", "投诉内容", "举报内容", "诉求内容", "反映内容"),
            *("工单内容", "信访内容", "来电内容", "留言内容", "受理内容", "通话内容", "来信内容", "咨询内容"),
            *("举报事项", "反映问题", "诉求描述", "问题描述", "事件描述", "事项描述", "污染描述"),
            *("具体诉求", "反映事项", "主要内容", "内容详情", "详细内容", "内容描述", "文章内容", "原文"),
            *(
                "帖子内容",
                "原文内容",
                "通话记录",
                "电话记录",
                "记录内容",
                "事由",
                "摘要",
                "内容摘要",
                "文章摘要",
            ),
        ),
        "title": (
            *(
                "标题",
                "title",
                "主题",
                "诉求标题",
                "工单标题",
                "留言标题",
                "信访标题",
                "文章标题",
                "新闻标题",
            ),
            *("帖子标题", "工单主题", "来信主题"),
        ),
        "posted_at": (
            *(
                "posted_at",
                "发布时间",
                "发表时间",
                "发布日期",
                "发帖时间",
                "举报时间",
                "投诉时间",
                "信访时间",
            ),
            *("诉求时间", "反映时间", "留言时间", "来电时间", "来电日期", "来信时间", "来信日期", "受理时间"),
            *("登记时间", "登记日期", "受理日期", "举报日期", "创建时间", "时间", "time", "日期", "date"),
        ),
        "learned_at": (
            *(
                "learned_at",
                "received_at",
                "收到时间",
                "派单时间",
                "交办时间",
                "转办时间",
                "转派时间",
                "下派时间",
            ),
            *("分派时间", "派发时间", "接收时间", "接单时间", "收件时间", "收文时间", "转办日期", "交办日期"),
            *("派单日期", "收到日期", "收文日期"),
        ),
        "event_at": ("event_at", "事发时间", "发生时间", "案发时间", "事件时间", "污染时间"),
        "url": (
            *("原文链接", "原文地址", "原文网址", "文章链接", "帖子链接", "信息链接", "链接", "url", "网址"),
            *("链接地址", "地址链接", "原始链接", "link"),
        ),
        "author": (
            *("作者", "author", "昵称", "网名", "网友昵称", "用户名", "用户昵称", "作者昵称", "发布者"),
            *("发布人", "发布账号", "账号", "账号名称", "博主", "网友", "媒体名称", "媒体", "站点名称"),
        ),
        "kind": (
            *("kind", "来源", "渠道", "来源渠道", "受理渠道", "诉求渠道", "诉求来源", "工单来源", "信息来源"),
            *("举报方式", "受理方式", "来件方式"),
        ),
        "region": (
            *("地区", "region", "属地", "ip属地", "发布地", "区县", "所属区县", "所属区域", "所属地区"),
            *("行政区划", "事发区域", "问题属地", "诉求区域", "所在区县"),
        ),
        "ordered_to": (
            *("ordered_to", "承办单位", "主办单位", "承办部门", "主办部门"),
            *("派往单位", "派往部门", "责任承办单位"),
        ),
        "likes": ("点赞", "likes", "点赞数", "点赞量"),
        "reposts": ("转发", "reposts", "转发数", "转发量"),
        "comments": ("评论", "comments", "评论数", "评论量", "回复数", "跟帖数"),
        "views": ("阅读", "views", "阅读数", "阅读量", "浏览数", "浏览量", "点击数", "点击量"),
    }
)
MEANT: Mapping[str, tuple[str, int]] = MappingProxyType(
    {name: (field, rank) for field, names in COLUMNS.items() for rank, name in enumerate(names)}
)
#: Words in a heading that tell of a person who reported …
PERSONAL = re.compile(
    "姓名|名字|电话|手机|号码|座机|身份证|证件|联系|住址|家庭|邮箱|电子邮件|微信号|qq|主叫|来电显示"
    "|举报人|投诉人|来电人|反映人|诉求人|来访人|来信人|写信人|信访人|信访者|留言人|市民|当事人|申请人|求助人"
    "|^(?:name|phone|tel|mobile|contact|email|e-mail)$"
)
#: … unless it asks for something else about them, or names the other side.
IMPERSONAL = re.compile(
    "^被|(?:内容|诉求|问题|描述|情况|事项|记录|时间|日期|时长|次数|人数|数量|类型|类别|性别|年龄|身份|区县|区域|渠道)$"
)
NOISE = re.compile(r"[\s*＊:：]+|[(（【\[].*?[)）】\]]$")  # 内容(必填), 受理时间：, *标题
AGAIN = re.compile(r" \(\d+\)$")  # the mark of a heading that stands twice
#: A whole cell that is a mobile number or an identity number, in a column nobody claims.
NUMBER_OF_A_PERSON = re.compile(
    r"(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}"
    r"|[1-6]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx]"
)


class Meaning:
    """What each heading of an export means, chosen before known; the same heading is thought about once."""

    def __init__(self, chosen: Chosen | None = None) -> None:
        chosen = chosen or {}
        self._chosen = {
            squeezed(heading): (field, rank)
            for field, headings in chosen.items()
            for rank, heading in enumerate(headings)
        }
        self.settled = frozenset(
            field for field in chosen if field != ASIDE
        )  #: fields a person has decided on
        self._known: dict[str, tuple[str, int]] = {}

    def of(self, heading: str) -> tuple[str, int]:
        """The field and its rank among the columns of that field; (ASIDE, 0) where nobody claims the column."""
        found = self._known.get(heading)
        if found is None:
            found = self._known[heading] = self._think(heading)
        return found

    def _think(self, heading: str) -> tuple[str, int]:
        wanted = squeezed(heading)
        if is_identity(heading):
            return IDENTITY, 0
        if wanted in self._chosen:
            return self._chosen[wanted]
        field, rank = MEANT.get(wanted) or MEANT.get(plain(heading)) or (ASIDE, 0)
        return (ASIDE, 0) if field in self.settled else (field, rank)


def squeezed(heading: str) -> str:
    """A heading as it is compared with what a person has chosen."""
    return "".join(heading.split()).lower()


def plain(heading: str) -> str:
    """A heading as it is compared with the known ones: 内容 (必填) and 内容 (2) are 内容."""
    return squeezed(NOISE.sub("", AGAIN.sub("", heading.strip())))


def is_identity(heading: str) -> bool:
    """Whether the column tells who reported, whatever a person has chosen for it."""
    name = plain(heading)
    return name not in MEANT and bool(PERSONAL.search(name)) and not IMPERSONAL.search(name)


def names_a_person(value: str) -> bool:
    """Whether a cell of a column nobody claims is a telephone or identity number and nothing else."""
    return bool(NUMBER_OF_A_PERSON.fullmatch(value.strip()))


def chosen_of(table: Mapping[str, str], headings: Iterable[str] = ()) -> dict[str, tuple[str, ...]]:
    """Choices as a table writes them, `诉求标题 + 诉求描述` for two columns; a heading may contain the plus itself."""
    whole = {squeezed(heading) for heading in headings}
    return {
        field: (value,)
        if squeezed(value) in whole
        else tuple(one.strip() for one in value.split(JOIN) if one.strip())
        for field, value in table.items()
    }


def present(chosen: Chosen, headings: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """The choices that fit a table; a field whose column is not there is again found by the known headings."""
    there = {squeezed(heading) for heading in headings}
    fitting = {
        field: tuple(name for name in names if squeezed(name) in there) for field, names in chosen.items()
    }
    return {field: names for field, names in fitting.items() if names or not chosen[field]}


def check(chosen: Chosen, headings: Sequence[str]) -> None:
    """Raise BadInput for a field nobody knows, a heading the file lacks, or a column that names reporters."""
    there = {squeezed(heading) for heading in headings}
    for field, names in chosen.items():
        if field != ASIDE and field not in FIELDS:
            told = "、".join(f"{key} ({label})" for key, label in FIELDS.items())
            raise BadInput(f"没有 {field} 这一项, 可选: {told}")
        for name in names:
            if squeezed(name) not in there:
                raise BadInput(f"表头里没有“{name}”这一列, 这个文件的列有: {'、'.join(headings)}")
            if is_identity(name) and field not in {IDENTITY, ASIDE}:
                raise BadInput(f"“{name}”是举报人的信息, 不能作为{FIELDS[field]}, 它只进加密表")
