"""The wording of an outgoing text: word lists from words.toml and the few rules a list cannot state.

Pure; works on folded text. Must not know personal data or laws.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Sequence
from typing import Final

from huanyu import fold
from huanyu.bureau import WordRow
from publisher import figures
from publisher import manner
from publisher import tallies
from publisher.bystanders import is_signed
from publisher.misspelt import misspelt
from publisher.misspelt import twice
from publisher.phrases import phrases
from publisher.phrases import quoted
from publisher.publicity import LIVELY
from publisher.publicity import is_publicity
from publisher.slips import Slip
from publisher.slips import slips
from publisher.spelling import believed
from publisher.spelling import unlikely

Problem = tuple[str, int, int, str, str]  #: kind, start, end, reason, suggestion

#: Kinds of WordRow that are findings as they stand; filler only counts in a text without facts.
LISTED: Final = ("secrecy", "typo", "tone", "robotic", "law_error")

#: Emoji, and the names Weibo turns into faces.
_EMOTICON: Final = (
    r"[\U0001F300-\U0001FAFF\u2600-\u2604\u2607-\u2712\u2714-\u27BF\u2B50]"
    r"|\[(?:doge|[微偷憨坏奸哭大]笑|哈哈|嘻嘻|笑cry|允悲|吃瓜|摊手|鼓掌|心|爱心|赞|抱拳|作揖|可爱|害羞|汗|怒|泪|衰"
    r"|白眼|思考|疑问|拜拜|握手|给力|加油|鲜花|挖鼻|吐|思索|馋嘴|色|酷|晕|生气|委屈|抱抱|太开心|good|ok)\]"
)
_JOKING: Final = (
    r"(?<![0-9A-Za-z\u4e00-\u9fff])亲[~，,!]|(?:亲们|么么哒|(?<![“\"])(?:哈哈+|呵呵+|嘿嘿+|嘻嘻)|哟~|啦~)"
)
_INSTRUCTION: Final = (
    r"(?<!时任)(?:书记|[市县区省镇]长|局长|厅长|主任|部长|领导)(?:"
    r"(?:已|作出|作了|做出|就此|对此)?[^。，,；;]{0,6}|(?:均|都)?已?(?:在|就|对)[^。，,；;]{2,14}(?:作出|作了|做出)[^。，,；;]{0,3})批示"
)
_REPORTER: Final = (
    r"(?<!保护)(?<!保密)(?<!不会将)(?<!不得将)(?<!不将)(?<!不会把)(?<!严禁将)"
    r"(?<!泄露)(?<!透露)举报人(?:的)?(?:信息|资料|身份)(?![^。；;]{0,8}(?:保密|保护|公开|泄露|透露|仅用|只用|只作|仅作))"
    r"|已[^不未没勿禁。；;，,]{0,16}(?:泄露|透露)举报人(?:的)?(?:信息|资料|身份)(?=[。；;，,!]|$)"
)
_COLLOQUIAL: Final = (
    r"啥|咋(?:办|样|了|不|整)|[^口]呗|(?<![\u4e00-\u9fff])俺|甭|瞎(?!子)"
    r"|忒|[呀哦喽嘞](?=[。！!~，,]|$)|(?:别|不要|甭)(?:老|总|再)(?:是)?(?:盯"
    r"|来|投诉|举报|反映|纠缠|闹)"
)
_RHETORICAL: Final = (
    r"(?:难道|凭什么|何必|有什么好|怎么就|干嘛|不就行了|不就好了)[^。；;，,]{0,16}"
    r"|(?:您|你)(?:怎么|为何|为什么|为啥)不[^。；;，,]{0,16}"
)
_SOON: Final = r"(?:下个?(?:周|月|星期)|明晚|明天|明早|明后天|后天|今晚|这几天|月底|本周|周末)"
_SOMETIME: Final = (
    r"(?:近日|近期|本月|\d{1,2}月[上中下]旬|[本下\d]月[初中底]|周[一二三四五六日]|\d{1,4}[日号])"
)
_MEANT: Final = r"(?:将|拟|计划|定于|准备|打算)"
_RULES: Final = tuple(
    (kind, re.compile(pattern), reason, suggestion)
    for kind, pattern, reason, suggestion in (
        ("typo", r"(?P<x>[的了将与于])(?P=x)(?![确当士面一解之])", "重复字", "删去一个"),
        ("typo", r"(?P<x>进行|我局|现场|已经|情况|反映|问题|处理|环境|企业|要求|整改|执法|经查|核查"
         r"|查看|检查|清理|整治|责令|督促|安装|采取|开展|发现|立即|监管|巡查"
         r"|监测|污染|工作|投诉|举报|排放|治理|回复|答复|感谢|加强|按照|根据|部门)(?P=x)", "重复词",
         "删去一个"),
        ("typo", r"[，,；;]{2,}|、[，,；;]|[，,；;：:]、|[。！]?[，,、；;][。！]|。[，、；]|\d%{2,}",
         "标点重复或误用", "改正标点"),
        ("typo", r"(?<=[日天月年时])内(?=内(?![蒙部容地外江黄设涝河]))", "重复字", "删去一个"),
        ("typo", r"\{[A-Za-z_]*\}|_{3,}|【\s*】|TODO|待补充|此处填写", "未填写的占位", "补上事实"),
        ("typo", r"(?<=[\u4e00-\u9fff])(?<![写择击])【[^】]{0,4}(?:名称|姓名|[时日]间|地点|日期|电话|数量|金额|单位)】"
         r"(?=[\u4e00-\u9fff])(?!一?[栏项框列])",
         "未填写的占位", "补上事实"),
        ("tone", _EMOTICON, "不用表情符号", "删去"),
        ("tone", _JOKING, "不用玩笑语气", "改为平实表述"),
        ("tone", r"[!?]{2,}", "语气过重", "用句号"),
        ("secrecy", r"(?:绝密|机密|秘密)\s*(?:★|☆|\*)|[(\[【〔](?:绝密|机密|秘密|内部)[)\]】〕]|密级", "密级标志", "不得公开"),
        (
            "secrecy",
            rf"(?:{_SOON}|{_SOMETIME}[^。；;]{{0,12}}{_MEANT}|{_MEANT}于?[^。；;]{{0,10}}{_SOMETIME})[^。；;]{{0,16}}"
            r"(?:突击|暗访|暗查|夜查|飞行|不打招呼)[^。；;]{0,4}(?:检查|行动|执法)?",
            "未实施的执法计划不得公开",
            "删去",
        ),
        ("secrecy", _INSTRUCTION, "领导批示不得公开", "删去"),
        ("tone", r"(?<=[\u4e00-\u9fff])[~～]+(?![0-9一二三四五六七八九十\u4e00-\u9fff])", "口语化，不合公文语气", "删去"),
        ("tone", _COLLOQUIAL, "口语化，不合公文语气", "改为书面表述"),
        ("tone", _RHETORICAL, "反问反映人", "改为说明事实与渠道"),
        ("secrecy", _REPORTER, "不得透露举报人信息（环境保护法第五十七条）", "删去"),
    )
)  # fmt: skip
#: What a reply with content has: a date, a place visited, a measure, a named unit, a number of the case.
_FACT = re.compile(
    r"\d{1,4}\s*月\s*\d{1,4}\s*日|\d{1,2}[:时点]\d{0,2}|[A-Z]{2}20\d\d|责令|罚款|立案|查封|拆除|停产|停工|关停|取缔|清理|清运"
    r"|监测|检测|执法人员|经查|经核(?!实,?(?:该|此|上述|您反映的)?(?:问题|情况|诉求|事项)?(?:现)?(?:已|得到|属实。))|现场(?:检查|核查|查看|发现|核实)|(?:已|将)?(?:转|交)(?:办|交|送|至)?(?:至|给|到)?"
    r"(?![交办送至给到相有关])[\u4e00-\u9fff“”]{1,12}(?:局|分局|街道|镇|大队|支队|政府|办事处|[处遗安宣]办|综治办|指挥部|社区|县|市|区|委|中心|公司)|请(?:您)?(?:补充|提供|说明|携带|登录)|(?:拨打|致电)\D{0,6}\d{3,}|微克|分贝|毫克|安装|更换|(?:\d{1,4}|[二两三四五六七八九十]{1,3})(?:家|台|吨|个|处|户|次|天)"
)
ENOUGH: Final = 18  # characters; one plain sentence about this case is longer
_GREETING = re.compile(
    r"^(?:针对|关于|对于|对)?您?们?(?:的|所)?(?:反映|提出|咨询|投诉|举报|留言|来信)(?:的|中)?(?:该|此|上述)?(?:问题|情况|事项|诉求|意见|建议)?$|祝您|"
    r"谢谢|您好|你好|网友|尊敬的|市民|感谢|关心|理解|支持|回复如下|答复如下|此复|^\d{4}年\d{1,2}月\d{1,2}日$"
)
_PASSED_ON = re.compile(r"已(?:经|将)?[^,。;]{0,8}转[^,。;]{0,6}(?:部门|单位|科室|机关)")
_COURTESY = re.compile(r"谢|支持|理解|关心|关注|耐心|配合|放心")
_RECEIVED = re.compile(r"收到|知道了|知晓")
NOTHING: Final = 10  # characters: what is left of "已收到，谢谢" has fewer
_SAY: Final = "写明何时、何地、查明什么、如何处理"
#: Of a promise or filler one need not be as sure that it is empty; a plain word is far below.
RATHER: Final = -0.25
SURELY: Final = 1.8  #: that sure, a word like 标准 or 已转 makes of it no text about something
SHORT: Final = 66  # characters; a longer text is about something
_SPECIFIC = re.compile(
    r"\d|[《〔【]|[镇乡街路村厂河湖园校科户车队站店桥渠坝塘井炉窑棚库]|公司|小区|医院|(?:^|[^我本])局|分局|派出所|社区|公安|城管|交警|住建|水利|环卫|物业|市场|广场|办公|中心|委员会"
    r"|转(?!变|型|达)|交(?:办|由|至|给|相|有)|收悉|链接|附件|公示|政策|标准|规定|条件|材料|咨询|不属于|回复过|过回复|误会"
    r"|[烟尘噪臭味油]|污水|废水|废气|废物|垃圾|秸秆|施工|养殖|河道|监测|检测|采样|立案|罚款|停产|停工|拆除|查封|安装|更换|清理|清扫|发现|设[备施]|验证码|银行卡|领取|单位|企业|商户|志愿|因为?|由于|经查"
    r"|姓名|联系方式|个人信息|空气|匿名|隐去|偷[排倒]|夜间|不定时"
)
_PROMISE = re.compile(
    r"(?:我们|我局|本局)?(?:将|(?<![不证议大展晚协委])会(?!议|上|展)|一定|一贯|始终|已经?|正在|努力|深感|参考|重视)[^。;,]{0,16}|感谢[^。]{0,30}祝您"
)
#: Whoever it may be: 已转有关科室 names no department.
_NOBODY = re.compile(r"(?:有关|相关)(?:职能|承办|责任)?(?:科室|部门|单位|方面)")
_ADDRESSED = re.compile(r"您|你好|网友|市民|群众|我们|我局|监督|问题|情况|谢")
_SMELL = re.compile(r"异味|气味|臭味|恶臭|味道|臭气")
_FALSE = re.compile(r"(?:举报|投诉|反映|问题|情况)[^，,。；;]{0,8}不属实|纯属虚构|子虚乌有")
_CHECKED = re.compile(r"\d{1,4}\s*[月日时:]")


#: What is said of a sentence that no list has words of; learnt, so a person judges it.
_READS: Final = {
    "tone": ("整句像是埋怨、顶撞或打趣", "改为说明事实与渠道"),
    "secrecy": ("像是未公开的安排、内部材料或举报线索", "核对是否可以公开，不能公开的删去"),
}


def problems(text: str, words: Sequence[WordRow]) -> Iterator[Problem]:
    """Every wording problem in a folded text; what only reads badly is told where nothing listed is."""
    lively = is_publicity(text)
    listed = [one for one in _by_rule(text, words) if not (lively and one[0] == "tone" and one[3] in LIVELY)]
    yield from listed
    told = {(kind, start, end) for kind, start, end, _, _ in listed}
    for kind, start, end in manner.improper(text):
        if not any(kind == other and first < end and start < last for other, first, last in told):
            yield kind, start, end, *_READS[kind]


def _by_rule(text: str, words: Sequence[WordRow]) -> Iterator[Problem]:
    for row in words:
        if row.kind in LISTED and not row.id.endswith("filler"):
            yield from _listed(row, text)
    for kind, pattern, reason, suggestion in _RULES:
        for match in pattern.finditer(text):
            if kind != "tone" or not quoted(text, match.start()):
                yield kind, *match.span(), reason, suggestion
    yield from _empty(text, [row for row in words if row.id.endswith("filler")])
    yield from _blunt(text)
    for start, end, meant in _misspelt(text):
        yield "typo", start, end, "错别字", meant
    for start, end, meant in twice(text):
        yield "typo", start, end, "重复字", meant
    for start, end, reason, suggestion in (*figures.wrong(text), *tallies.contradictions(text)):
        yield "typo", start, end, reason, suggestion
    yield from phrases(text)


def _misspelt(text: str) -> Iterator[Slip]:
    """Words gone wrong, and characters that are unlikely where they stand and not told of already."""
    listed = believed(text, (*slips(text), *misspelt(text)))
    found = tuple(one for one in listed if not is_signed(text, one[0]))
    yield from found
    for start, end, meant in unlikely(text):
        if not any(first < end and start < last for first, last, _ in found):
            yield start, end, meant


def has_facts(text: str) -> bool:
    """Whether a text says anything that only this case could say."""
    return bool(_FACT.search(text))


def _listed(row: WordRow, text: str) -> Iterator[Problem]:
    words = sorted((fold.plain(word).text for word in row.words), key=len, reverse=True)
    pattern = "|".join(map(re.escape, words))
    for match in re.finditer(pattern, text, re.IGNORECASE):
        yield row.kind, *match.span(), row.reason, row.suggestion


def _empty(text: str, fillers: Sequence[WordRow]) -> Iterator[Problem]:
    """Filler is a finding only where next to nothing else is said (沈丘 2018: 600 letters, one answer)."""
    found = [problem for row in fillers for problem in _listed(row, text)]
    if has_facts(text) or (found and _handed_over(text, found)):
        return
    sounds = manner.manner().margin(manner.WHOLE, text)
    promised = _says_nothing(text) if sounds > RATHER else None
    received = _RECEIVED.search(text)
    if found and sounds > RATHER and _said(text, found) < ENOUGH:
        yield from found
    elif promised:
        yield "robotic", *promised.span(), "只有套话，没有事实", _SAY
    elif received and _said(text, ()) < NOTHING:
        yield "robotic", *received.span(), "只说收到，没有答复", _SAY
    elif manner.empty(text) and (sounds >= SURELY or not _SPECIFIC.search(text)):
        yield "robotic", 0, len(text), "全文像是套话，没有事实", _SAY


def _says_nothing(text: str) -> re.Match[str] | None:
    """The promise of a short text that names no place, body, number or thing and passes nothing on."""
    plain = _NOBODY.sub("", re.sub(r"\s", "", text))
    if not NOTHING < len(plain) <= SHORT or _SPECIFIC.search(plain):
        return None
    return _PROMISE.search(text) if _ADDRESSED.search(plain) else None


def _handed_over(text: str, found: Sequence[Problem]) -> bool:
    """A bare notice that the letter was passed on promises nothing and thanks nobody."""
    only = {text[start:end] for _, start, end, _, _ in found}
    return len(only) == 1 and bool(_PASSED_ON.search(text)) and not _COURTESY.search(text)


def _said(text: str, fillers: Sequence[Problem]) -> int:
    """Characters in clauses that are neither filler nor greeting."""
    said = 0
    for clause in re.finditer(r"[^，,。；;！!？?：:\s]+", text):
        filled = any(start < clause.end() and clause.start() < end for _, start, end, _, _ in fillers)
        if not filled and not _GREETING.search(clause[0]):
            said += len(clause[0])
    return said


def _blunt(text: str) -> Iterator[Problem]:
    """A smell that is gone at noon may be back at night: 不属实 alone is never the answer to it."""
    if _SMELL.search(text) and not _CHECKED.search(text):
        for match in _FALSE.finditer(text):
            yield "tone", *match.span(), "气味问题不宜直接答“不属实”", "写明何时何地检查、未发现什么"
