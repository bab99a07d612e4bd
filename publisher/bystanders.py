"""People named in an outgoing text who hold no office in it: whoever is neither an official nor a firm's speaker.

Pure; works on folded text. `huanyu.names` finds names by the words around them, everywhere; an answer of this
desk's own subject names nobody else either, so here a full name counts wherever no title stands at it. Must not
know the record.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from huanyu.names import FULL
from huanyu.names import GIVEN
from huanyu.names import NOT_NAMES
from huanyu.names import SURNAMES
from huanyu.names import Hit

SUBJECT: Final = (
    70  #: characters to each word of this desk's subject; with fewer it is about property, schools, labour
)
_SUBJECT: Final = re.compile(
    r"环保|生态环境|污染|噪[声音]|油烟|扬尘|粉尘|异味|气味|恶?臭|味道|废[气水渣料塑]|污水|污泥|排放|排污|偷排|焚烧|水质|监测|超标|河道|黑水|水发|喷漆|冒烟|黑烟|烟尘|秸秆|达标"
    r"|举报|12369|厂里|分局|净滩|净河|绿色|蓝天|垃圾|塑料"
)
#: Words of other desks' subjects: where they are more, the people are parties to something else.
_OTHERS: Final = re.compile(
    r"宅基地|建房|工资|欠薪|社保|低保|医保|养老|拆迁|征地|征收|安置|房产|网签|物业费|贷款|驾校|学区|招生|户籍|村委|承包|股份|贫困"
)
#: What stands right before somebody who acts for an office or a firm, or is named by a decision.
_TITLE: Final = re.compile(
    r"(?:人员|[队局科组会市县镇区站所校处厅部河院厂班董事乡村]长|书记|主任|经理|教授|专家|[^年事人老律医大]师|代表人?[为是系]?|联系人|经办人|承办人|签发人?|审核人?"
    r"|记者|实习生|见习生|环卫工人?|清洁工|编辑|摄影|通讯员|负责人|法人|(?:老板|场主|店主)(?=姓名)|股东|[^人市居业村住党社学会驶职船]员|院士|支书|民警|干部|领导|模范|先锋|委员|总监|所有人|责任人|投资人|经营者|发言人|参赞|书法家|作家"
    r"|[县市区省]委|志愿者|同志|分局|中队|大队|支队|监测站|法定代表人(?:为|是|系)?|(?:复查|检查|值班|采样|记录|校对|责编|作者|来源|撰稿|供稿|摄影|文|图)[/人]{0,2}"
    r"|设在|位于|前往|[到在])(?:姓名)?[为是系叫:、, ]{0,2}$"
)
#: Titles of whoever speaks for neighbours, not for an office.
_NEIGHBOUR: Final = re.compile(
    r"(?:班|小记者|同学|学生|小组)[^,。;]{0,3}[班组队]长$|(?:业委会|业主委员会|业主|居民|村民|家长|住户|商户|群众|租户|楼栋?|举报|投诉|反映|信访)[^,。;]{0,4}(?:代表|主任|楼?长|成员|委员|联系人)[为是系叫:]?$"
)
#: What goes on after a name that is no private person's: a title, or the rest of a place, a shop, an institution.
_GOES_ON: Final = re.compile(
    r"[(,](?:行政)?(?:执法证|证件号|警号|工号|个体工商户|经营者)|(?:(?:、[\u4e00-\u9fff]{3})?等?[两二三几](?:位|名)?同志|(?:同志)?(?:局长|副?书记|副?主任|科长|队长|所长|站长|[镇区县市厂校村]长|教授|院士|工程师|研究员|副|经理|记者|警官|法官|主持|带队|一行|调研))"
    r"|[村镇乡路街山河湖桥园苑府城店厂馆铺庄屯沟渠坝里坊斋堂台]|社区|小[区学]|中学|大[学桥厦道]|水库|公司|幼儿园|医院|门诊|烧[饼烤鸡]|羊[汤肉]|包子|饺子|麻辣|火锅|奶茶|煎饼|馒头|豆腐|烟酒|商行|调味|珠宝|养殖[场厂业合]|林场|工作室|纪念|故居|书记|加工|饭|超市|汽修|木业|建材|集团|森林"
)
#: Whom somebody works for, in brackets behind the name: of a private person that makes no official.
#: Who wrote, photographed and edited it: named without a comma between, or alone in brackets behind the last sentence.
_BYLINE: Final = re.compile(
    r"(?:记者|通讯员|实习生|编辑|摄影|[图文]|撰文|文字|编审|审校|监制|统筹|策划|制图|美编|主编"
    r"|采样人?|分析人?|监测人?|检测人?|复核人?|校核)[:/][\u4e00-\u9fff、 ]{0,16}$"
)
_ALONE: Final = re.compile(r"[。!?！？”] ?[(（]$")
_EMPLOYED: Final = re.compile(r"[(（][^()（）]{0,14}(?:局|中心|支队|大队|中队|站|科|办|委|公司|集团|厂)[)）]")
_AT_HOME: Final = re.compile(
    r"(?:[居村]民|业主|住户|租户|邻居|家长|老人|退休(?:职工|工人|教师)?|网友|市民|群众|隔壁的?|(?:住|家在)[^,。;]{1,10}的)"
    r"(?:代表)?[为是系叫:、, ]{0,2}$"
)
#: Where a name may begin: after no character of a word, or after one that names often follow.
_BEGINS: Final = re.compile(
    r"(?:^|[^\u4e00-\u9fff0-9]|[经对与和同访找见向为据由接到是系将给按谢于的民主户友员者人代医委叫让请找问告被把赴隔壁乡邻生工女男子妻夫弟妹姐哥爹妈姨叔伯爷奶婆嫂]|告知|感谢|称呼|名[叫为]|网名)$"
)
#: What may follow a name; anything else goes on a word that only looks like one.
_ENDS: Final = re.compile(
    r"$|[^\u4e00-\u9fff]|[讲说称反举投来致留发拨提家签住拍写捐指带陪见告因在与和向对您的表认要希同一曾已也又就从给把被将还不没未再于用所是系为等最看闻听捡问出掉吸患今现先女老两夫父母及或率拿做去说愿跟帮喊当连第获上这后主站感确满]"
)
_CHILD: Final = re.compile(
    r"小学|初中|高中|中学|幼儿园|[一二三四五六]年级|[0-9一二三四五六][)]?班|初[一二三]|高[一二三]|男生|女生|小姑娘|小记者|少先队|小朋友|同学|孩子|儿子|女儿|男孩|女孩|娃|患儿|该生|学生|(?<![0-9])(?:1[0-7]|[1-9])岁|[小中高]考生|小小[\u4e00-\u9fff]{2,4}[”\"]"
)
#: Whose child it is: 韦春霞的女儿 names no child.
_PARENT: Final = re.compile(r"(?:夫妇|夫妻|先生|女士|家)?的?[大小二]?(?:儿子|女儿|孩子|孙子|孙女|外孙女?|娃)")
#: A child told by a pet name, with the full one behind it: 女儿小雪(三年级,全名…).
_CALLED: Final = re.compile(
    r"(?:女儿|儿子|孩子|孙子|孙女|外孙女?|学生|宝宝|[男女]孩|小朋友)[^。;；]{0,24}(?:[全大本真学]名|名?叫)[为是叫]?$"
)
_CHILD_NEAR: Final = 16  #: characters on either side that may tell a child

WATERS: Final = tuple("河湖江溪洲港泉")  #: a river has a name like a person's: 梅峰河

_BESIDE: Final = re.compile(r"[\u4e00-\u9fff]{2,3}[、和 ]$")
_NAME: Final = re.compile(FULL)
_SIGNED: Final = re.compile(rf"[{SURNAMES}][{GIVEN}]{{1,2}}(?![\u4e00-\u9fff])")
_SENTENCE: Final = re.compile(r"[^。;!?\n]+")


def bystanders(text: str) -> Iterator[Hit]:
    """Each full name in a text of this desk's subject that no title, firm or decision accounts for."""
    if not is_ours(text):
        return
    every = list(_NAME.finditer(text))
    found = [match for match in every if _is_name(text, match)]
    official = {match["n"] for match in found if is_official(text, *match.span())}
    private = {match["n"] for match in found} - official
    for match in every:
        if match["n"] in private:
            yield kind_of(text, *match.span("n")), *match.span("n")


def is_ours(text: str) -> bool:
    """Whether a folded text is of this desk's subject: its words stand thick enough, or it is too short to tell."""
    words = len(_SUBJECT.findall(text))
    others = len(_OTHERS.findall(text))
    return words * SUBJECT >= len(text) - SUBJECT and (words > 2 * others or not others)


def _is_name(text: str, match: re.Match[str]) -> bool:
    if match["n"] in NOT_NAMES or match["n"][:2] in NOT_NAMES or match["n"].endswith(WATERS):
        return False
    if is_titled(text, match.start()):
        return True
    begins = _BEGINS.search(text[max(0, match.start() - 2) : match.start()])
    return bool(begins) and bool(_ENDS.match(text, match.end())) and not _GOES_ON.match(text, match.end())


def is_official(text: str, start: int, end: int) -> bool:
    """Whether words around a name, or around the first of its row, tell of an office or of who acts for a firm."""
    before = text[max(0, start - 14) : start]
    if _NEIGHBOUR.search(before):
        return False
    if _BYLINE.search(text[max(0, start - 24) : start]):
        return True
    if _ALONE.search(before) and text[end : end + 1] in {")", "）"}:
        return True
    if _TITLE.search(before) or any(map(_TITLE.search, _beginnings(before))) or _GOES_ON.match(text, end):
        return True
    return bool(_EMPLOYED.match(text, end)) and not _AT_HOME.search(before)


def _beginnings(before: str) -> Iterator[str]:
    """What stands before each name of a row, of which the first is told: 执法人员张某、李某."""
    while shorter := _BESIDE.sub("", before):
        if shorter == before:
            return
        yield shorter
        before = shorter


def is_titled(text: str, start: int) -> bool:
    """Whether a word of office or trade stands right before a place."""
    return bool(_TITLE.search(text[max(0, start - 8) : start]))


def is_signed(text: str, start: int) -> bool:
    """Whether a place is in a name that stands alone behind the office of who bears it: 经办人: 赵明、钱磊."""
    return any(_SIGNED.match(text, at) and is_titled(text, at) for at in (start, start - 1) if at >= 0)


def goes_on(text: str, end: int) -> bool:
    """Whether what follows a place makes of it an official, a place, a shop or an institution."""
    return bool(_GOES_ON.match(text, end) or _EMPLOYED.match(text, end))


def is_child(before: str) -> bool:
    """Whether what stands before a name calls a child by it."""
    return bool(_CALLED.search(before[-40:]))


def kind_of(text: str, start: int, end: int) -> str:
    """Whether the words around a name tell of a child."""
    if _PARENT.match(text, end):
        return "reporter_name"
    around = text[max(0, start - _CHILD_NEAR) : end + _CHILD_NEAR]
    return "minor_name" if _CHILD.search(around) else "reporter_name"
