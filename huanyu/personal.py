"""Recognisers of personal data in Chinese text: numbers with their checksums, handles, addresses of homes.

Works on folded text (see `huanyu.fold`); must not know who reads the text or what happens to a hit.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

Hit = tuple[str, int, int]

_EMOJI = "\u2600-\u27bf\u2b50\U0001f300-\U0001faff"
_S = rf"[\s\-‐-―−.·•・_,、/|~(){_EMOJI}]{{0,2}}"  # what people put between groups of digits, a line break too
_S1 = rf"[\s\-‐-―−.·•・_,、/|~*{_EMOJI}]"
_ALONE = r"(?<![0-9])(?<![0-9]\.)"  # not the tail of a longer number or of a decimal
_ASCII = r"[A-HJ-NP-Za-hj-np-z0-9]"  # plates have neither I nor O

PHONE = re.compile(
    rf"{_ALONE}(?:\+?86{_S})?(?P<n>1[3-9]\d"
    rf"(?:\d{{8}}|{_S}\d{{4}}{_S}\d{{4}}|{_S}\d{{3}}{_S}\d{{5}}|{_S}\d{{8}}|\d{_S}\d{{4}}{_S}\d{{3}}|{_S}\d{{4}}{_S}\d{{2}}{_S}\d{{2}})"
    rf"|1(?P<sep>{_S1})[3-9](?:(?P=sep)\d){{9}})(?![0-9])"
)
_WIDE = r"[^0-9A-Za-z\u4e00-\u9fff。;!?*]{0,3}"
PHONE_BY_CUE = re.compile(
    r"(?:电话|手机|联系|号码|致电|短信|微信|拨打?|打给|打到|来电|[Tt][Ee][1Ll]|机号|[长短]号|留[^0-9\n。;,]{0,4}号|[他她我的这]个?号)[^0-9\n]{0,16}?(?<![0-9])"
    rf"(?P<n>1{_WIDE}[3-9](?:{_WIDE}\d){{9}})(?![0-9])"
)
#: Told in two pieces: 前三位137,后面是06358812.
PHONE_PARTS = re.compile(
    r"前[三3七7]位[为是:]?(?P<n>1[3-9]\d(?:[^0-9\n。;]{1,8}\d{4}[ \-]?\d{4}|\d{4}[^0-9\n。;]{1,8}\d{4}))(?![0-9])"
    r"|尾号(?:四位)?[为是:]?(?P<m>\d{4}[^0-9\n。;]{1,4}前[七7]位[为是:]?1[3-9]\d{5})(?![0-9])"
)
PHONE_DISGUISED = re.compile(r"(?<![0-9A-Za-z.])(?P<n>1[3-9]\d{9})(?![0-9A-Za-z])")
PHONE_DOTTED = re.compile(rf"{_ALONE}(?P<n>1[{_EMOJI}]{{0,2}}[3-9](?:[{_EMOJI}]{{0,2}}\d){{9}})(?![0-9])")
_LOCAL = r"[2-8]\d{2,3}[\s\-]?\d{4}"
LANDLINE = re.compile(
    rf"{_ALONE}(?:\+?86[\s\-]?)?(?P<n>\(?0[1-9]\d{{1,2}}\)?[\s\-‐-―−/]{{0,3}}{_LOCAL})(?![0-9])"
)
LANDLINE_BY_CUE = re.compile(
    r"(?:电话|座机|固话|宅电|致电|拨打|来电|[Tt][Ee][Ll]|[您他她]家(?=\d{7,8}[^。;,0-9]{0,4}(?:号|电话|打|拨|接)))(?:号码|号)?[:是为\s]{0,2}"
    rf"(?P<n>{_LOCAL}|[2-8]\d{{3}}[\s\-]\d{{3}}|[2-8](?:[\s\-]\d){{6,7}}|0[1-9](?:[\s\-]?\d){{9,10}})(?![0-9])"
)

RUN = re.compile(
    rf"(?<![A-Za-z]){_ALONE}\d(?:[\s\-‐-―·.{_EMOJI}]?\d){{11,20}}(?:[\s\-]?[Xx])?(?![0-9A-Za-z])"
)
_ID_CUE = re.compile(r"身份证|证件号|公民身份号码|身份号")
_BANK_CUE = re.compile(
    r"卡号|银行|[账帐]号|[账帐]户|开户|储蓄卡|信用卡|个人卡|本人卡|存折|卡上|卡内|汇入|转入|打入|收款|[工农建中]行|邮储|打款|转账"
)
PAPER = re.compile(
    r"(?:护照|通行证|军官证|士兵证|警官证|台胞证|回乡证|居住证|驾驶证|驾照|社保卡?|社会保障卡|医保卡?"
    r"|学籍|准考证|残疾人?证|户口[簿本]?|居留(?:许可|证)|出生(?:医学)?证明?|结婚证|离婚证|退休证|学生证|老年证|优待证|退役证)(?:号码|编号|号)?"
    r"[:为是\s]{0,3}(?P<n>[A-Za-z]{0,3}\d{6,18}[A-Za-z]?)(?![A-Za-z0-9])"
)
_APART = r"[^0-9A-Za-z\u4e00-\u9fff。;!?*]{0,3}"
#: What follows 身份证 and has the digits of one, or of the greater part of one, however they are set apart.
ID_BY_CUE = re.compile(
    r"(?:身份证(?!原件|复印|办)|公民身份号码?|身份号码?|(?<!执法)(?<!执法证件[(,])(?<!执法证[(,])证件(?:号码?)?)"
    r"(?:(?!电话|热线|拨|致电|时间|执法)[^0-9\n。;]){0,12}?(?<![0-9])"
    rf"(?P<n>(?!20\d{{6}}(?!{_APART}\d)|20\d\d[\-./]\d|\d\d?:\d\d)[1-6](?:{_APART}\d){{7,16}}(?:{_APART}[0-9Xx])?)(?![0-9A-Za-z])"
)
_PERMIT = re.compile(
    r"(?:((?:许可证|联单)(?:编号)?|文号|信用代码|项目代码|批号)"
    r"|编号|备案|案号|流水号?|单号|工单|订单|合同号?)号?码?[:为是\s]{0,2}$"
)
_NO_CARD = re.compile(
    r"编号|文号|许可证|信用代码|单号|流水|批号|序列号|案号|备案|缴[款费]|票据|通知书|编码|条码|回执|识别码|收据"
)
#: First two digits of an identity number (GB/T 2260).
_PROVINCES = frozenset(
    (*range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47), *range(50, 55), *range(61, 66))
)

PLATE = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领] ?(?![0-9])"
    rf"{_ASCII}[ ·•・.\-‐-―−_/\[\](){{}}【】“”\"]{{0,3}}(?=(?:[A-Za-z ·\-]*\d){{2}})"
    rf"{_ASCII}(?:[ ·\-]?{_ASCII}){{3,6}}[学警港澳挂]?(?![0-9A-Za-z])"
)
_PROVINCE = r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼]"
#: A tractor's plate, a province written out, set in brackets or behind, a plate without its province.
PLATE_BY_CUE = re.compile(
    rf"(?P<q>[(\[]{_PROVINCE}[)\]] ?(?![IO])[A-Z][ ·•.\-]?(?=[A-Z\d]*\d{{2}}){_ASCII}{{5,6}})(?![0-9A-Za-z])"
    rf"|(?P<r>{_PROVINCE}(?:字|[A-Z][:*、,;]|[A-Z]?(?:牌照|车牌|号牌|牌)|[A-Z](?=字))[A-Z字]?(?=[A-Z\d]*\d{{2}}){_ASCII}{{5,6}})(?![0-9A-Za-z])"
    rf"|(?<![0-9A-Za-z\-])(?P<s>[A-Z][ ·\-]?(?=[A-Z\d]*\d{{2}}){_ASCII}{{5,6}}[(]{_PROVINCE}[)])"
    rf"|(?<![A-Za-z])(?P<t>WJ ?{_PROVINCE} ?\d{{4}}[0-9A-Z])(?![0-9A-Za-z])"
    r"|(?:车牌|牌照|号牌|牌号)(?:号码|号)?[:为是]?[\u4e00-\u9fff]{0,3} ?(?P<j>\d{5,7})(?![0-9年])"
    rf"|(?P<i>{_PROVINCE} ?[A-Z][电黄蓝绿临试学] ?(?:{_ASCII}){{4,6}})(?![0-9A-Za-z])"
    rf"|(?<!证号)(?<![证编]号[:为])(?P<n>{_PROVINCE} ?\d{{2}}[ ·•.\-]?[A-Z\d]\d{{4}})(?!\d)"
    rf"|(?:山东|浙江|河南|河北|江苏|安徽|山西)(?P<m>[A-Z][ ·•.\-]?(?=[A-Z\d]*\d{{2}})(?:{_ASCII}){{5,6}})(?![0-9A-Za-z])"
    r"|(?:车牌|牌照|号牌|牌号)(?:号码|号)?(?:[^,。;0-9A-Za-z\u4e00-\u9fff]|[为是]){0,3}"
    rf"(?P<k>[A-Z][ ·•.\-]?(?=[A-Z\d]*\d{{2}})(?:{_ASCII}){{5,6}})(?![0-9A-Za-z])"
)
EMAIL = re.compile(
    r"[A-Za-z0-9][A-Za-z0-9._%+\-]{0,63}(?:\s?(?:@|[\[(#{<](?:a|at|AT|At|艾特|@)[\])#}>]|艾特)\s?|\s(?:at|AT|At)\s"
    r"|\s?#\s?(?=(?:qq|163|126|139|sina|foxmail|gmail|outlook|aliyun)\.))"
    r"[A-Za-z0-9\-]{1,63}(?:(?:\.|点)[A-Za-z0-9\-]{1,63})*(?:\.|点|[。,](?=com|cn|net)|\s?[\[(]?(?:dot|DOT|Dot)[\])]?\s?)[A-Za-z]{2,10}"
)
_HANDLE_CUE = (
    r"(?:微信|薇信|威信|徽信|维信|微[xX]|个微|[vV]信|群号|[Ww]e[Cc]hat|weixin|绿泡泡|扣扣|企鹅|[加+] ?[vV]|[Qq]群"
    r"|加(?:我|个)?[ ]?(?:薇|微|威|徽|卫星|[qQ]|扣)[^0-9A-Za-z\u4e00-\u9fff,。;]{0,3}(?:号|信)?|[微薇][ .·♥❤💚🌟]{1,3}信?"
    r"|(?<![A-Za-z])(?:[vV] ?[xX]|[wW][xX]|[Qq]{2}|[Qq](?=号|[:是为])))"
)
HANDLE = re.compile(
    rf"{_HANDLE_CUE} ?(?:私信|消息|留言|好友|昵称|群主|账号|帐号|同号|同名|号码|号|群号|群|[Ii][Dd])? ?"
    rf"(?:的?(?:账号|号码?))?(?:(?:也|就)?[是为](?:[\u4e00-\u9fff]{{0,4}}拼音)?|搜索|搜|添加)?"
    r"[:,\s(“\"「]{0,3}(?:号码|账号)?[: ]{0,2}"
    r"(?P<n>[A-Za-z][A-Za-z0-9_\-]{4,19}|\d(?:[ \-]?\d){4,11})(?![A-Za-z0-9_@])"
)
IDENTITY_DISGUISED = re.compile(r"(?<![0-9A-Za-z])(?P<n>[1-6]\d{5}(?:19|20)\d{9}[0-9Xx])(?![0-9A-Za-z])")
WXID = re.compile(
    r"(?P<n>wxid_[A-Za-z0-9]{6,20})|(?<![0-9A-Za-z])(?P<m>[A-Za-z]?[A-Za-z0-9_\-]{5,19})\s?\((?:[Qq]{2}号?|微信号?|[Vv][Xx])\)"
)
HANDLE_NEARBY = re.compile(
    r"(?:微信|[Qq]{2}|(?<![A-Za-z])(?:[Vv][Xx]|[Ww][Xx]))(?:[^,。;!?()0-9A-Za-z]{0,10}\((?P<n>[A-Za-z](?=[A-Za-z]*[0-9_\-])[A-Za-z0-9_\-]{4,19})\)"
    r"|[^。;!?0-9A-Za-z]{0,12}(?:搜索?|添加|账号|备注名)(?P<k>[A-Za-z](?=[A-Za-z]*[0-9_\-])[A-Za-z0-9_\-]{5,19})"
    r"|[^。;!?0-9A-Za-z]{0,8}(?:搜索?|添加)[“\"](?P<j>(?=[^”\"]*[A-Za-z0-9])[^”\"]{3,20})[”\"](?![^。;,]{0,4}(?:公众号|小程序|服务号|订阅号|视频号|平台))"
    r"|[^,。;!?0-9A-Za-z]{0,4}[Ii][Dd][:为是 ]{1,2}(?P<m>[A-Za-z][A-Za-z0-9_\-]{4,19}))"
)
_OFFICIAL = re.compile(r"公众|官方|政务|[我本]局(?:的|官方)?$")

_N = r"(?:\d{1,4}|[一二三四五六七八九十百]{1,4})"
_BUILDING = rf"(?:{_N}|[A-Za-z])(?:号楼|栋|幢|座|#楼|#|号院)"
_FLOOR = rf"(?:[ ,\-]?(?:{_N}[层楼]|顶[层楼]|底层))?"
_UNIT = rf"[ ,\-]?(?:{_N}|[甲乙丙丁])(?:单元|门(?!市|口|前|店))"
_ROOM = (
    rf"[ ,\-]?(?:[东西南北中]户|[一二三四五六七八九十零〇]{{2,5}}(?:室|户|房|号)"
    rf"|\d{{2,4}}(?![0-9年月层])(?:室|户|房|号)?|{_N}(?:室|户|房|号))"
)
_ESTATE = (
    r"(?:小区|花园|家园|苑|城|府|湾|里|园|公寓|新村|名邸|庭|社区|院"
    r"|人家|江南|天下|国际|花都|名都|轩|郡|墅|丽都|御景|庭院|[一二三四五六七八九十\d]期)"
)
_DWELLERS = r"(?:业主|住户|户主|居民|租户)"
_TELLER = r"(?:举报人|投诉人|反映人|来电人|信访人|来信人|诉求人|受害人|您)"
HOME = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?P<n>(?:{_BUILDING}|{_N}号|\d-){_UNIT}{_FLOOR}{_ROOM})",  # 3号楼2单元501室
        rf"(?P<n>{_BUILDING}{_FLOOR}[ \-]?\d{{3,4}}(?:室|房|号)?)(?![0-9年元米吨m万亿户])",  # 3栋501
        rf"(?P<n>{_BUILDING}{_FLOOR}[ \-]?[一二三四五六七八九零〇]{{3,4}}(?:室|户|房|号)?)(?![年月])",  # 二十三幢四零二室
        rf"(?P<n>(?:{_BUILDING}|{_N}单元)[ ,\-]?的?(?:{_N}[层楼]?|顶[层楼]|底层|阁楼)的?[东西南北中](?:边|侧)?户)",  # 6楼西户
        rf"(?:平房|民房|自建房|老宅|家属[院楼]|宿舍楼?|筒子楼)(?P<n>(?:{_N}[排栋幢])?第?{_N}号)(?![0-9楼线令文栋幢])",
        r"(?<![厂商店一二三四五六七八九十两几多这该专买卖\d])家(?:位于|在)[^。;,]{0,24}?(?P<n>[A-Za-z]?\d{1,3}(?:栋|幢|号楼))",
        rf"(?:您家|[您他她]住|家住|住在)[^。;,]{{0,16}}?(?P<n>{_BUILDING}{_UNIT})",
        rf"(?P<n>{_BUILDING}{_UNIT}[^。;,、]{{0,8}}家[(]?\d{{3,4}}[)]?)",
        r"(?:路|街|巷|弄|胡同)(?P<n>[东西南北]?侧?\d{1,4}号(?:、\d{1,4}号){0,6})(?=[一二三四五六七八九十两\d]{1,2}户)",
        rf"(?P<n>{_BUILDING}[东西中南北]单元{_FLOOR}{_ROOM}?)",  # 三号楼东单元四楼西户
        rf"(?P<n>{_N}单元[ \-]?\d{{3,4}}(?:室|户|房|号)?)(?![0-9年元米])",  # 2单元501
        rf"{_ESTATE}(?:[A-Za-z一二三四五六七八九十东南西北](?:区|期|组团))?"
        r"(?P<n>[A-Za-z]?\d{1,3}(?:#|-)\d{1,2}-\d{3,4}(?:室|户)?)(?![0-9\-])",  # 阳光花园3-2-501
        rf"(?<![0-9A-Za-z\-])(?P<n>[A-Za-z]?\d{{1,3}}[#\-]\d{{1,2}}-\d{{3,4}})(?=的?{_DWELLERS})",
        r"(?:住址|住在|家住|您家|家在|家中)[^。;,]{0,20}?(?P<n>[A-Za-z]?\d{1,3}[#\-]\d{1,2}-\d{3,4})(?![0-9\-])",
        rf"(?P<n>{_BUILDING}的\d{{3,4}})(?=室|户|房|测|的?{_DWELLERS}|家|[,。])",  # 17号楼的1101
        r"(?P<n>(?:\d{1,2}号)?公寓楼?\d{3,4}(?:室|房|号)?)(?![0-9年元米吨m万亿户个人套平])",  # 2号公寓1507
        rf"{_DWELLERS}(?:位于|住|为|是|在|系)?(?P<n>\d{{1,2}}[层楼]\d{{3,4}}(?:室|户)?)(?![0-9年元米吨m万亿])",
        rf"{_TELLER}(?:为|是|系|住(?!户)在?|家住|家在)[^。;,]{{0,16}}?(?P<n>{_BUILDING}(?:{_UNIT}|{_N}[层楼]))",
        rf"{_TELLER}的?(?:家|住所|住处)[中里]?[(,]?[^。;,()]{{0,16}}?(?:路|街|巷|弄|胡同)(?P<n>{_N}号(?:附{_N}号)?)",
        r"(?<![0-9\-])(?P<n>\d{1,3}(?:#|-)\d{1,2}-\d{3,4}(?:室|户))",
        rf"(?P<n>{_N}单元[一二三四五六七八九零〇]{{3,4}}(?:室|户|号)?)(?![年月])",  # 一单元六零一
        rf"(?P<n>{_N}单元(?:顶层|底层|{_N}[层楼])?[东西中南北]户)",
        r"(?P<n>\d{1,4}弄\d{1,4}号(?:[一二三四五六七八九十\d]{1,4}(?:室|楼|户))?)",  # 316弄12号501室
        r"门牌号?(?:为|是|:)?(?P<n>[\u4e00-\u9fff]{0,8}[甲乙丙]?\d{1,4}(?:号|室)?)",
        rf"(?P<n>[东西南北中]?第?{_N}排第?{_N}[户家号])(?!企业|工厂|车间|厂房|仓|大?棚)",  # 北三排第四户
        r"(?:村|庄)[\u4e00-\u9fff]{0,4}(?:路|街|巷|弄)(?P<n>\d{1,4}号)(?=[前后]屋|[^,。;]{0,4}(?:自建房|民房|出租房|住宅|家))",
        r"(?:街|巷|路|弄|胡同)(?P<n>[甲乙丙]?\d{1,4}号院?)(?=[东西南北正]屋|(?:[一二三四五六七八九\d][层楼])?的?(?:户主|住户|人家|居民|家中|家里|村民)|是这户)",
        rf"(?:村|庄|屯)(?P<n>{_N}[组队]第?\d{{1,4}}号院?)(?![0-9楼线令文桥机井路样点])",
        rf"(?:村|庄|屯|胡同|巷|弄|里)(?P<n>(?:{_N}[组队排])?第?\d{{1,4}}号)"  # 李庄35号
        r"(?![0-9楼线令文]|院(?!内|里|子)|公告|桥|机|井|路|车间|地块|厂)",
    )
)
_PART = r"(?:\d{1,4}|[一二三四五六七八九十]{1,3}|[东西中])"
RESIDENCE = re.compile(
    r"(?:(?:举报人|投诉人|反映人|来电人|信访人|来信人|来访人|诉求人)(?:家|家庭|的)?(?:住(?!户)(?:在|于|址)?|地址|房子|家在)|(?<!在)家住(?!户)|家在|我家|住在|住址|住于|居住(?!有|人|户数|环境)(?:地在?|在|于)?|住所|家庭地址|户籍地|现住)[:是为在]{0,2}"
    rf"(?P<n>[^,。;!?\n*]{{0,30}}?{_PART}(?:号楼|号院|号|室|户|单元|栋|幢|组|排|家)"
    rf"(?:[^,。;!?\n*]{{0,12}}{_PART}(?:号|室|户|单元|楼|层))*)"
)
POSITION = re.compile(
    r"(?:东经|经度|北纬|纬度|(?<![A-Za-z])[EN])[:为 ]{0,2}(?P<n>\d{2,3}(?:\.\d{4,}|°\d{1,2}′[\d.]{1,6}″))"
)
_SOMEBODY = re.compile(r"住|家|户|反映人|举报人|投诉人|来电人|信访人|居民|村民|业主")
_TOWN = re.compile(r".*(?:街道|办事处|镇|乡)(?!村|中|上)")
#: The seat of a firm or an office, which is public: 某某公司(住所:某路88号).
_SEAT = re.compile(
    r"(?:公司|厂|店|场|院|站|企业|集团|合作社|中心|经营部|加工点|分局|单位)[(,]?(?:法定)?(?:的)?住所地?[:是为在]{0,2}$"
)
_CALLED = re.compile(r"网友[“\"「][^”\"」]{0,8}$")  # what an account calls itself, before everybody's eyes
_BUSINESS = re.compile(  # premises, not a dwelling
    r"(?:-\d{1,4}号?)?(?:门面|商铺|铺面|门市"
    r"|[ ]?号?[房屋产]{0,2}的?(?:认购|质量|产权|合同|买卖|违[法规](?:建设|搭建|装修)|传销|涉嫌违法建设)"
    r"|(?!的?住|业主|居民|楼下)[^,。;、\s]{0,8}(?:公司|改装厂|加工厂|中国移动|快递|速运|物流|银行))"
)
_PROPERTY = re.compile(r"(?:认购|购买|购得|购房|房改|产权|公租房|廉租房|生活区|网签|预售)[^。;]{0,12}$")
_OFFICE_ROOM = re.compile(r"(?:接待室|接待处|窗口|大厅|分局|大队|支队|服务站)[^。;,!?]{0,24}$")
_OFFICE_BUILDING = re.compile(
    r"大厦|接待室|窗口|大厅|办公|政务|写字楼|中心(?![街路村])|产业园|商务|局机关|会议室|市场|家电城|商城|商贸城|建材城|物流园|工业园|科技园|商业广场|商业街"
)


def phones(text: str) -> Iterator[Hit]:
    """Mobile numbers in the groupings people write; expects plain or numeral folding."""
    yield from _named("phone", PHONE, text)
    yield from _named("phone", PHONE_DOTTED, text)
    for match in PHONE_PARTS.finditer(text):
        yield "phone", *match.span(match.lastgroup or 0)


def phones_by_cue(text: str) -> Iterator[Hit]:
    """Mobile numbers taken apart or written with look-alike letters, right after 电话, 手机, …"""
    yield from _named("phone", PHONE_BY_CUE, text)
    yield from _named("phone", PHONE_DISGUISED, text)


def landlines(text: str) -> Iterator[Hit]:
    """Fixed-line numbers with an area code, or without one after 电话, 座机, …"""
    yield from _named("landline", LANDLINE, text)
    yield from _named("landline", LANDLINE_BY_CUE, text)


def runs(text: str) -> Iterator[Hit]:
    """Identity and bank-card numbers: long digit runs told apart by length, birth date, Luhn and cue."""
    for match in RUN.finditer(text):
        digits = re.sub(r"[^0-9Xx]", "", match[0])
        before = text[max(0, match.start() - 14) : match.start()]
        if (is_identity(digits) and not _is_permit(digits, text[: match.start()])) or (
            len(digits) in {15, 18} and _ID_CUE.search(before)
        ):
            yield "id_number", match.start(), match.end()
        elif digits.isdigit() and _is_card(digits, before):
            yield "bank_card", match.start(), match.end()


def _is_permit(digits: str, before: str) -> bool:
    """Whether a number that begins with a district and a date numbers a paper: its check digit is wrong, too."""
    match = _PERMIT.search(before[-12:])
    return match is not None and (match[1] is not None or not (len(digits) == 18 and checks(digits)))


def checks(digits: str) -> bool:
    """The check digit of a resident identity number (GB 11643)."""
    weighted = sum(int(digit) * 2 ** (17 - place) for place, digit in enumerate(digits[:17]))
    return "10X98765432"[weighted % 11] == digits[17].upper()


def is_identity(digits: str) -> bool:
    """Whether 15 or 18 characters are built like a resident identity number (GB 11643).

    A wrong check digit does not clear it: a number typed wrongly still points at a person.
    """
    if len(digits) not in {15, 18} or not digits[:2].isdigit() or int(digits[:2]) not in _PROVINCES:
        return False
    born = digits[6:14] if len(digits) == 18 else "19" + digits[6:12]
    return digits[:-1].isdigit() and "1900" <= born[:4] <= "2099" and _is_date(born)


def luhn(digits: str) -> bool:
    """The check digit of bank cards (ISO/IEC 7812)."""
    doubled = (sum(divmod(int(digit) * (1 + place % 2), 10)) for place, digit in enumerate(reversed(digits)))
    return sum(doubled) % 10 == 0


def _is_card(digits: str, before: str) -> bool:
    if _BANK_CUE.search(before):
        return len(digits) >= 12
    if _NO_CARD.search(before) or "/" in before[-1:]:  # "/": part of an address such as weibo.com/uid/mid
        return False
    if len(digits) == 19 and digits.startswith("62"):  # UnionPay; nothing else is numbered so
        return True
    return 16 <= len(digits) <= 19 and digits[0] in "3456" and luhn(digits)


def _is_date(eight: str) -> bool:
    try:
        date(int(eight[:4]), int(eight[4:6]), int(eight[6:]))
    except ValueError:
        return False
    return True


def plates(text: str) -> Iterator[Hit]:
    """Number plates."""
    yield from _named("plate", PLATE, text, 0)
    for match in PLATE_BY_CUE.finditer(text):
        yield "plate", *match.span(match.lastgroup or 0)


def marks(text: str) -> Iterator[Hit]:
    """Mail addresses, WeChat and QQ handles, numbers of a person's papers."""
    yield from _named("id_number", PAPER, text)
    yield from _named("id_number", ID_BY_CUE, text)
    yield from _named("email", EMAIL, text, 0)
    for match in WXID.finditer(text):
        yield "wechat_qq", *match.span(match.lastgroup or 0)
    yield from handles(text)
    for match in HANDLE_NEARBY.finditer(text):
        if not _OFFICIAL.search(match[0]):
            yield "wechat_qq", *match.span(match.lastgroup or 0)


def identities(text: str) -> Iterator[Hit]:
    """Identity numbers in which letters stand for 0 and 1; expects look-alike folding."""
    for match in IDENTITY_DISGUISED.finditer(text):
        if is_identity(match["n"]) and not _is_permit(match["n"], text[: match.start("n")]):
            yield "id_number", *match.span("n")


def handles(text: str) -> Iterator[Hit]:
    """WeChat and QQ handles after a word that announces one; expects plain or numeral folding."""
    for match in HANDLE.finditer(text):
        if not _OFFICIAL.search(text[max(0, match.start() - 4) : match.start()]):
            yield "wechat_qq", *match.span("n")


def homes(text: str) -> Iterator[Hit]:
    """Building, unit and room of a dwelling; after 家住 and the like everything below 乡镇/街道."""
    for match in RESIDENCE.finditer(text):
        if "负" in match["n"] or _SEAT.search(text[: match.start("n")][-24:]):  # nobody lives in a cellar
            continue
        town = _TOWN.match(match["n"])
        yield "house_number", match.start("n") + (town.end() if town else 0), match.end("n")
    for match in POSITION.finditer(text):
        if _SOMEBODY.search(text[max(0, match.start() - 24) : match.end() + 24]):
            yield "house_number", *match.span("n")
    for pattern in HOME:
        for match in pattern.finditer(text):
            office = _OFFICE_BUILDING.search(text[max(0, match.start("n") - 12) : match.start("n")])
            office = office or _PROPERTY.search(text[max(0, match.start("n") - 24) : match.start("n")])
            office = office or _OFFICE_ROOM.search(text[max(0, match.start("n") - 32) : match.start("n")])
            office = office or _CALLED.search(text[max(0, match.start("n") - 12) : match.start("n")])
            if not office and not _BUSINESS.match(text, match.end("n")):
                yield "house_number", *match.span("n")


def _named(kind: str, pattern: re.Pattern[str], text: str, group: str | int = "n") -> Iterator[Hit]:
    for match in pattern.finditer(text):
        yield kind, *match.span(group)
