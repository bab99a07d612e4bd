"""Recognises people's names in Chinese text by the words around them, and names known from a record.

No dictionary of given names: a surname after a cue (举报人, 我叫, 孩子 …) and before a boundary is a name.
Must not know who reads the text or what happens to a hit.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

Hit = tuple[str, int, int]

COMPOUND = ("欧阳", "司马", "上官", "诸葛", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐", "夏侯")
SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗郑梁谢宋唐许韩冯邓曹彭萧田董袁潘蒋蔡余杜叶程苏魏吕丁任沈"
    "姚卢姜崔钟谭陆汪范金石廖贾夏韦付白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵钱严覃武戴莫孔汤"
    "苗闵娄卞滕靳臧巩亓逯荆尤佟晏窦戚祁佘芦蔺屈褚喻温康施牛樊葛邢安齐庞颜庄聂鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮纪梅童凌毕季裴霍涂翁缪"
    "华卜沙乔樊骆柴阎盖邸荀蒲芮晁匡栾桑倪冉仇赖洪傅岑宓屠虞茅狄宫隋励裘竺邬忻麻糜褟储苑戎郗肖"
)
_RARE = "于方曾常解时高万向成单全连路文明应房管都经简和柯饶车边鲍冷蓝盛项曲"  # ordinary words too: only after 叫, 姓名
# fmt: off
NOT_NAMES = frozenset((
    "毕业", "关心", "关注", "关切", "高度", "常年", "时常", "安全", "安宁", "周边", "周围",
    "周末", "周一", "周二", "周三", "周四", "周五", "周六", "周日", "马上", "何时",
    "何地", "何处", "何人", "江边", "江北", "金额", "金属", "石料", "石灰", "白天",
    "白色", "黄色", "田间", "任何", "任意", "严重", "严格", "武装", "宁静", "尚未",
    "尚无", "康复", "温馨", "陆续", "包括", "季度", "季节", "左右", "左侧", "黄河",
    "龙头", "段落", "程度", "许多", "余下", "钱款", "毛发", "成功", "单独", "全部",
    "连续", "于是", "方便", "万一", "梅雨", "林地", "林业", "夏季", "夏天", "孙子",
    "孙女", "申请", "申诉", "申报", "符合", "兰花", "汪洋", "童年", "齐全", "马路",
    "童先天", "童权益", "童权", "关于", "陈述", "张贴", "安排", "安装", "邵女", "史上", "金秋", "周岁",
    "尤其", "方式", "庄稼", "田地",
    "高大", "文明", "成立", "常来", "万家", "安康", "康宁", "平安", "金山",
    "初一", "初二", "初三", "初中", "初次", "初步", "易过", "易感", "易患", "易受",
    "江山", "高峰", "高新", "石山", "和平", "万利", "黄金", "金星", "金龙", "金海", "东方", "肖像",
    "楼长", "楼上", "楼下", "楼道", "楼栋", "楼层", "楼房", "楼梯", "楼顶", "楼内", "楼宇", "方才", "曹娥",
    "白鹭", "白鹤", "文星", "白云",
))
# fmt: on
_CJK = r"[\u4e00-\u9fff]"
_TITLES = r"某|先生|女士|同志|师傅|大爷|大妈|阿姨|老师|主任|书记|家长|同学"
_POLITE = r"先生|女士|大爷|大妈|大娘|阿姨|老人|师傅"
_DOUBLE = "|".join(COMPOUND)
_NAME = rf"(?P<n>(?:{_DOUBLE}){_CJK}{{1,2}}?|[{SURNAMES}](?!{_TITLES}){_CJK}{{1,2}}?)"
_ANY_NAME = rf"(?P<n>(?:{_DOUBLE}){_CJK}{{1,2}}?|[{SURNAMES}{_RARE}](?!{_TITLES}){_CJK}{{1,2}}?)"
#: Characters that given names are commonly made of: two of them after a surname are a name wherever it ends.
GIVEN = (
    "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂永健华玉萍红鑫淑婷雪建国志文辉鹏飞龙海波宁浩宇轩然涵梓萱子怡欣雨晨晓东梅珍莲凤荣贵福胜利民"
    "庆祥春生忠义德仁礼智诚信立新成林峰岩松柏森斌彬凯旋博思远航天昊睿琪瑶佳颖慧婉蕾薇萌彤诺一可心妍倩莉丹青云月星亮光辰阳振兴昌盛学勤俭孝"
    "长清士传继先宪绍洪泽启良善友爱巧翠花香菊芬芝美琴瑞喜银燕琳锁柱根栋梁豪杰威武功勋涌江河山川"
    "嘉俊铭若语诗悦馨雅依艺桐沐熙翔霖瀚恒晖昕妙童乐安予奕辰煜璇璐婧媛娜露蓓莹滢洁冰梦韵歆玥瑜瑾钰钧锋锐钢铁震雷雄魁奎坤乾鸿鹤麒骏骁驰勤恩维治学满堂"
    "欣昱哲皓晗涛润泓渊澜汐晴曦朗卓逸舒怀念祖耀培增玲珊芸茹茜荷荟蕊鸣怡岚峥嵘桦楠榕栩桂柳素彩娥娇妮婵姝仪"
    "振宝喜守柱书召根延继康库广本"
    "源佩卫富顺宏弘泰吉兆群兵宪印焕炳炎盈珠珂璟瑛碧茂莎娅娣姗妤婕娴绪敦殿毅汝沛淼滨澄熠烁权隆霄祺锡友恒克"
    "全连承懿政正千丰业仲伦佑修升双品喆圣坚帅希应征恺扬拓捷旭昀昂昆显景晋暄曼朋枫棠步汉泊洲湘滔炜炯焱爽牧献珏琦琨琰瑄甜畅登皎益知砚禄禹稳穆笑筱纯翊翎耘聪胤芃芊茗莘菁蔓蔚虎虹融衡裕谊谦谨贞财贤越跃轶辛达迅进迪邦钊钦铖铠铮锦阔雁雯霁韬颂颉飒馥骥鲁鲲鹰麟默鼎齐屹秦湛尧舜禾苏蓝桃糖果米豆苗贝"
    "惠环占田存元令相宾章士才夫水根土央仙亚阿珺珂珩璋琼垚堃崇嵩旗昶曙曜朔槐楷淇淳潇漪煊照煦熹玖玫珉笙穗芙茵菲菡葵蕴裔豹郎铃韶驹鸥鹭黛龄余幼树思"
    "豪阳灿语朵宸棋钧赫琛彦廷峻嫣沁芷苒绮俐敬芹凡墨库泉岗鹃晶影叶冬秋夏舟帆竹"
)
_BREAK = r"$|[^\u4e00-\u9fff*]"
_TELLS = r"反映|举报|投诉|来电|来信|致电|留言|称|说|表示|告诉|提供|发帖|发现|认为|要求|希望|确认|[(（]"
_END = (
    rf"(?={_BREAK}|{_TELLS}|的|在|家|等|同志|先生|女士|和|与|对|向|见面|当面"
    rf"|一同|一起|共同|夫妇|夫妻|一家|等人|陪同|提出|因|就|自|及|沟通|通话|取得|联系|本人"
    rf"|电话|核实|签字|不服|满意|认可|已|未|于|再次|拒|不愿|不便)"
)
_GAP = r"[: \t“\"]{0,2}"
_REPORTER = (
    r"(?:举报人|投诉人|信访人|反映人|来信人|来电人|来访人|诉求人|反映者|申请人|爆料人|报料人|报案人|求助人"
    r"|发帖人|跟帖人|上访人|线索提供[人者]|拍摄者|实名举报者|举报者|投诉者|该网友)"
)
_CITIZEN = r"(?:市民|群众|村民|居民|业主|住户|网友|读者|记者|热心人)"
_MYSELF = r"(?:我叫|我的名字叫|本人姓名|本人叫|我名叫|我是(?:村民|居民|业主|市民))"
_CHILD = (
    r"(?:孩子|小孩|(?<![大长次二三四])(?:儿子|女儿)|闺女|学生|男童|女童|男生|女生|小姑娘|幼儿|幼童|婴儿|患儿|孙子|孙女|外孙女?|小朋友"
    r"|未成年人?|男孩|女孩)"
)
_CHILD_END = (
    rf"(?={_BREAK}|今年|因|出现|在|就读|同学|的|家长|患|也|已|被|咳|住院|发烧|头晕"
    rf"|恶心|吸入|称|说|表示|反映|闻|感到|和|与|身上|近|流|起|头|晕|吐|哭|晚|夜|不|无"
    rf"|住|入院)"
)
_UNDER_18 = r"(?:1[0-7]|[1-9]|十?[一二三四五六七]|[八九十])"

_PLACE = r"县|区|市|镇|村|路|街|公司|社区|小区|河|湖|桥|山|小学|中学|花园|广场"
FULL = rf"(?P<n>[{SURNAMES}高方万文常](?!{_TITLES}|老人|大夫)[{GIVEN}小家大少][{GIVEN}])(?!{_PLACE})"
_FULL_AGAIN = FULL.replace("(?P<n>", "(?:", 1)
#: Somebody who speaks for an office or a firm and is named in public.
# fmt: off
_OFFICER = "".join(rf"(?<!{title})" for title in (
    "人员", "队员", "队长", "局长", "书记", "主任", "科长", "厂长", "经理", "教授", "专家", "工程师",
    "代表人", "组长", "会长", "联系人", "市长", "县长", "镇长", "区长", "站长", "所长", "校长", "记者",
    "支队长", "负责人", "董事长", "处长", "县委", "市委", "秘书长", "院士", "法人", "同志", "调研员", "巡视员",
    "监测员", "采样员", "网格员", "河长", "厅长", "部长", "司机", "驾驶员",
))
# fmt: on
#: Where a word may begin: after none, or after one that a name often follows.
_LEFT = rf"(?:(?<!{_CJK})|(?<=[经对与和向为据由接到是系将因给按谢于的民主户友员者人代医委村]))"
_MANY = (
    r"(?:等(?:[0-9一二三四五六七八九十几多]{1,3})?[名位户]?(?:居民|村民|群众|业主|住户|市民|商户|家长|人)?)?"
)
_HOW = (
    r"(?:先生|女士|同志|老人|夫妇|兄弟|姐妹|一家)?(?:不再|没有再|再次|多次|曾|又|实名|联名|首次|连续|反复|当面|电话|书面|匿名|来电|致电"
    r"|打电话|拨打[^,。;]{1,8}?|(?:通过|以|就|向)[^,。;的]{1,12}?){0,3}"
)
_ACTS = r"(?:反映|举报|投诉|报料|爆料|写信|来信|来访|留言(?!板)|发帖|控告|检举|来电)(?!电话|平台|渠道|热线|中心|人|显示|号码)"

#: What makes of a villager, of whom much may be said, the one who reported.
_TOLD = r"(?:反映|举报|投诉|信访|来电|来信|来访|热线|留言|回访|反馈|线索|照片|视频|爆料)"
_NEARBY = rf"[^。;]{{0,24}}(?:{_TOLD}|见证|陪同|指认|带路|配合执法|提供|家(?:的|里|中|窗|门)|一家)"

CUES = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        ("minor_name", rf"{_CHILD}(?:姓名|名叫|叫|为|是)?{_GAP}{_NAME}{_CHILD_END}"),
        ("minor_name", rf"[年班]级?的?学生{_GAP}{_ANY_NAME}{_CHILD_END}"),
        ("minor_name", rf"(?:(?<!{_CJK})|(?<=[的班级园校学年])){_ANY_NAME}(?:同学|小朋友)"),
        (
            "minor_name",
            rf"(?:[0-9一二三四五六七八九][)]?[班级]|[0-9]班|年级|幼儿园|小学|初中|高中|中学)(?:的)?{_GAP}{FULL}",
        ),
        ("minor_name", rf"{_CHILD}[(,]{_UNDER_18}(?:周?岁|个月)(?:大)?[,、]{FULL}"),
        ("minor_name", rf"(?:儿童|少年|少女|婴幼儿|宝宝|娃娃?|双胞胎){_GAP}{FULL}"),
        ("minor_name", rf"{_NAME}[,(](?:[男女],)?(?:今年|现年)?{_UNDER_18}(?:周?岁|个月)"),
        (
            "minor_name",
            rf"(?<![0-9一二三四五六七八九十]){_UNDER_18}岁(?:的)?{_CHILD}?(?:叫)?{_NAME}{_CHILD_END}",
        ),
        ("reporter_name", rf"{_REPORTER}(?:为|是|姓名|系|叫)?{_GAP}{_NAME}{_END}"),
        ("reporter_name", rf"{_REPORTER}(?:姓名|名叫|叫|:|姓名:){_GAP}{_ANY_NAME}{_END}"),
        ("reporter_name", rf"(?!网友[“\"]){_CITIZEN}{_GAP}{_NAME}[”\"]?(?={_TELLS})"),
        ("reporter_name", rf"{_REPORTER}{_GAP}{FULL}"),
        ("reporter_name", rf"{_REPORTER}(?:为|是|系|叫)?{_GAP}(?P<n>[{_RARE}][{GIVEN}小大][{GIVEN}])"),
        ("minor_name", rf"{_CHILD}(?:姓名|名叫|叫|为|是)?{_GAP}(?P<n>[{_RARE}][{GIVEN}小][{GIVEN}])"),
        (
            "reporter_name",
            rf"(?:(?<!{_CJK})|{_CITIZEN}|感谢|[与和向对的由及致](?!于)|联系|回访){_NAME}(?={_POLITE})",
        ),
        ("minor_name", rf"{_CHILD}(?:姓名|名叫|叫|为|是)?{_GAP}{FULL}"),
        (
            "reporter_name",
            rf"(?<!老板)(?<!场主)(?<!店主)(?:全名|真名|实名|姓名)(?:为|是|叫)?[:]?{_GAP}{FULL}",
        ),
        ("reporter_name", rf"尊敬的{FULL}"),
        (
            "reporter_name",
            rf"(?:反映|举报|投诉|来信|来访|信访|上访|发帖|留言)的?(?:居民|市民|村民|业主|住户|群众|职工|员工|家长){_GAP}{FULL}",
        ),
        (
            "reporter_name",
            rf"(?:寄|写|发|打|递|反映|举报|投诉)[^,。;]{{0,6}}(?:信|帖|电话|材料|邮件)的{FULL}",
        ),
        ("minor_name", rf"(?:小|中|初中|高中)学?生{_GAP}{FULL}"),
        (
            "reporter_name",
            rf"(?:反映|举报|投诉|提出)[^,。;(]{{0,10}}(?:者|人|的)(?:就)?[是为系][^,。;(]{{0,12}}?{FULL}(?={_BREAK}|本人)",
        ),
        ("minor_name", rf"(?:大名|学名|小名|乳名)(?:叫|是|为)?{_GAP}{_ANY_NAME}{_CHILD_END}"),
        (
            "reporter_name",
            rf"(?:原名|曾用名|(?:真实姓名|本名|署名|落款|签名)(?:[^,。;]{{0,4}}(?:为|是|叫|系))?)[: “\"]{{0,2}}{_ANY_NAME}{_END}",
        ),
        ("reporter_name", rf"{FULL}(?={_POLITE})"),
        ("reporter_name", rf"(?:自称|自报|报称)(?:姓名|名字)?(?:为|是|叫|系)?{_NAME}{_END}"),
        ("reporter_name", rf"{_MYSELF}{_GAP}{_ANY_NAME}{_END}"),
        ("reporter_name", rf"{_LEFT}{_OFFICER}{FULL}{_MANY}{_HOW}{_ACTS}"),
        (
            "reporter_name",
            rf"{_OFFICER}{FULL}{_MANY}(?:同志|先生|女士|老人)?(?:所)?的(?:投诉|举报|反映|来信|来电|诉求|信访|留言|帖子|来访|线索|联名信|监督|意见|建议|视频|照片|质疑|求助)",
        ),
        (
            "reporter_name",
            rf"{_OFFICER}{FULL}{_MANY}(?:同志|先生|女士|老人)?(?:所)?(?:提供|拍下|拍摄|上传|录制|递交|寄来|提交|提出|发来|发布)的"
            r"[^,。;]{0,10}(?:投诉|举报|信|照片|视频|录音|线索|材料|问题|诉求|帖)",
        ),
        ("reporter_name", rf"{FULL}[(]{_REPORTER}[)]"),
        (
            "reporter_name",
            rf"{_REPORTER}[(]{FULL}[)]",
        ),
        (
            "reporter_name",
            rf"(?:反映|举报|投诉|来信|来电)(?:问题|情况|此事)?的{FULL}(?={_BREAK}|见面|核对|当面|进行|表示|称|说)",
        ),
        (
            "reporter_name",
            rf"(?:投诉|举报|反映|线索|帖文|来信)由[^,。;]{{0,10}}(?P<n>[{SURNAMES}][{GIVEN}小]{{1,2}})(?=提|拨|上传|寄|发|打|写|反|举)",
        ),
        ("reporter_name", rf"{FULL}{_MANY}联名"),
        (
            "reporter_name",
            rf"(?:网友|网民|市民){_GAP}(?P<n>于(?!明天|春天|新)[{GIVEN}小]{{2}})(?=[(反举投来留发说称提])",
        ),
        ("reporter_name", rf"(?:名叫|叫做){FULL}的?(?=群众|市民|居民|村民|业主|网友|{_BREAK})"),
        (
            "reporter_name",
            rf"{FULL}(?:、|和){_FULL_AGAIN}(?:两|二|三|四|几)?[位名]?(?:居民|群众|市民|村民|业主|网友|住户)",
        ),
        (
            "minor_name",
            rf"{FULL}[(][^()]{{0,10}}(?:小学|中学|幼儿园|年级|[一二三四五六七八九]班)[^()]{{0,6}}[)]",
        ),
        ("minor_name", rf"(?:该生|{_CHILD})[(]?(?:姓名|名叫|名字|名)?[:为是]?{FULL}"),
        (
            "minor_name",
            rf"(?:小卫士|小明星|小主持|小能手|小达人|小画家|小河长)(?:称号)?(?::|是|为|,)?{FULL}",
        ),
        ("reporter_name", rf"(?:答复|回复|致|告知){FULL}(?:同志|先生|女士|[:]|的来)"),
        ("reporter_name", rf"{FULL}同志(?=关于|的来|来信|反映|提出|投诉|举报|:)"),
        (
            "reporter_name",
            rf"(?<!本报)(?<!本台)(?<!通讯社)记者{FULL}(?=(?:等人?)?(?:暗访|曝光|反映|举报|偷拍|拍摄|的(?:报道|暗访|曝光)))",
        ),
        ("reporter_name", rf"(?:业委会|物业|小区|楼栋|楼)(?:主任|楼长|代表){FULL}(?={_TELLS})"),
        (
            "reporter_name",
            rf"(?:市民|群众|网友|网民|读者|热心人|知情人士|路人|家长|租户|乘客|摊主|用户|信人|乡亲|乡邻|知情人)(?:代表)?(?:为|是|系|叫|名叫)?{_GAP}{FULL}",
        ),
        (
            "reporter_name",
            rf"(?:村民|居民|业主|住户|商户|职工|员工|房东|邻居)(?:代表)?(?:为|是|系|叫|名叫)?{_GAP}{FULL}(?={_NEARBY})",
        ),
        (
            "reporter_name",
            rf"{_TOLD}[^。;]{{0,24}}(?:村民|居民|业主|住户|商户|职工|员工|房东|邻居)(?:代表)?(?:为|是|系|叫|名叫)?{_GAP}{FULL}",
        ),
        (
            "reporter_name",
            rf"(?:感谢|谢谢|多谢|感激)(?:热心)?(?:的)?{_CITIZEN}?[@ ]{{0,2}}{_OFFICER}{FULL}(?!局长|书记|主任)",
        ),
        ("reporter_name", rf"(?:实为|实际是|实系|真名|全名|本名|就是)(?:为|是|叫)?{FULL}"),
        (
            "reporter_name",
            rf"(?<!{_CJK})(?:来电人|反映人|举报人|投诉人|本人)?姓(?P<n>[{SURNAMES}]名[{GIVEN}]{{1,2}})",
        ),
        (
            "reporter_name",
            rf"(?:举报人|投诉人|反映人|来电人|信访人|居民|村民)姓(?P<n>[{SURNAMES}{_RARE}],?(?:名(?:叫)?|叫|单名){_CJK}{{1,2}}?)(?={_BREAK}|的|住|在)",
        ),
        (
            "reporter_name",
            rf"[{SURNAMES}{_RARE}](?:先生|女士|某|老师|大爷|大妈|师傅|阿姨|大姐|大哥)[(](?:即|本名|全名|真名)?{_ANY_NAME}[)]",
        ),
        (
            "reporter_name",
            rf"(?:(?<!{_CJK})|您好[,!]?|你好[,!]?|尊敬的){FULL}(?:先生|女士|同志)?[,: !]{{0,2}}"
            rf"(?:您好|你好|您(?:反映|提|投诉|举报|来|所|在|的))",
        ),
        (
            "reporter_name",
            rf"(?:回访|约见|面谈|见面|取得联系|联系上|走访)(?:了|过)?[^,。;]{{0,6}}[,]?{_OFFICER}{FULL}(?:本人)?(?={_BREAK}|表示|对|称|说|确认|认可|满意|不|已)",
        ),
        (
            "reporter_name",
            rf"(?:与|和|同){_OFFICER}{FULL}(?:先生|女士|本人)?(?:取得(?:了)?联系|见面|当面|面对面|沟通|通话|约定|核对)",
        ),
        (
            "reporter_name",
            rf"{_OFFICER}{FULL}(?:来到|前往|到|去)[^,。;]{{0,10}}(?:信访|接待|窗口)[^。;]{{0,6}}[,]?(?:反映|投诉|举报|要求|咨询)",
        ),
        (
            "reporter_name",
            rf"(?:反映|举报|投诉|来信|来电|留言|提出|爆料|发帖|报料)[^。;]{{0,16}}(?:者|人|方|的(?=是))[是为系][^,。;由]{{0,14}}?{_OFFICER}{FULL}(?={_BREAK}|本人|一家|夫妇)",
        ),
        (
            "reporter_name",
            rf"(?:据|师傅|大爷|大妈|大娘|阿姨|大姐|大哥|老汉|老太){FULL}(?:讲|说|称|反映|回忆)",
        ),
        ("reporter_name", rf"{_OFFICER}{FULL}(?:拨打|致电|打)[^,。;]{{0,6}}(?:12345|12369|热线|电话)"),
        (
            "minor_name",
            rf"(?:考生|小记者|少先队员|小主人|小志愿者|(?<![执法查采样援洁清])队员|之子|之女|其子|其女|孙儿|外甥女?|侄子|侄女|小家伙|新生儿|萌娃|小姑娘|小伙伴|姐妹|兄妹|姐弟|兄弟){_GAP}{FULL}",
        ),
        (
            "minor_name",
            rf"(?<![0-9一二三四五六七八九十]){_UNDER_18}岁(?:的)?(?:{_CHILD}|小姑娘|小男生|小女生)?{_GAP}{FULL}",
        ),
        (
            "minor_name",
            rf"{FULL}(?:今年)?(?:上|读|在读|就读于?)?(?:小学|初中|高中)?(?:幼儿园|[一二三四五六]年级|初[一二三]|高[一二三])",
        ),
        (
            "reporter_name",
            rf"{_TOLD}[^,。;]{{0,6}}的(?:居民|村民|业主|住户|市民|群众|员工|职工){_GAP}{_NAME}(?=[,。;、])",
        ),
        ("reporter_name", rf"(?:拍|录)(?:下|了)?[^,。;]{{0,4}}的{FULL}"),
        ("reporter_name", rf"(?<=前|次|件|情|事){FULL}(?:已经|已|曾经|也|还|就)?{_HOW}{_ACTS}"),
        ("reporter_name", rf"(?:居民|村民|业主|住户|商户)代表{_GAP}{FULL}(?=提出|要求|质疑|询问|不满|批评)"),
        (
            "reporter_name",
            rf"(?<!本报)(?<!本台)(?<!通讯社)(?:评论员|记者|博主|主播|大V){_NAME}"
            r"(?=[^。;]{0,16}(?:质疑|批评|曝光|暗访|举报|投诉))",
        ),
        ("minor_name", rf"{_CHILD}[(:]{_GAP}{FULL}"),
        ("minor_name", rf"{FULL}(?:小朋友|小同学)"),
        ("minor_name", rf"{_CHILD}[^,。;()]{{0,4}}[(](?:即|本名|全名|真名|原名)(?:为|是|叫)?{_ANY_NAME}[)]"),
        (
            "minor_name",
            rf"(?:初[一二三]|高[一二三]|[一二三四五六]年级)(?:的)?(?:女生|男生|学生|同学){_GAP}(?P<n>[{SURNAMES}{_RARE}][{GIVEN}]{{1,2}}?)(?={_CHILD_END[3:-1]}|发|写|画|获|拍|用|把|从|了)",
        ),
        ("contact_name", rf"(?:联系人|姓名)[: \t]{{1,2}}{_ANY_NAME}{_END}"),
    )
)

_NEXT = re.compile(rf"[、和与及]{FULL}")


def by_cue(text: str) -> Iterator[Hit]:
    """Names of reporters, contacts and minors, recognised by the word before or after them."""
    for kind, pattern in CUES:
        for match in pattern.finditer(text):
            if match["n"] not in NOT_NAMES and match["n"][:2] not in NOT_NAMES and match["n"][1:] != "老":
                yield kind, *match.span("n")
                yield from _beside(kind, text, match.end("n"))


def _beside(kind: str, text: str, end: int) -> Iterator[Hit]:
    """The names that follow one in a row: 汪心怡、汪心悦."""
    while match := _NEXT.match(text, end):
        yield kind, *match.span("n")
        end = match.end()


def known(text: str, names: tuple[str, ...]) -> Iterator[Hit]:
    """The names handed in, also spaced out, and 姓+称呼 of each (张三 → 张先生)."""
    for name in names:
        pattern = r"[ \t·.\-_]{0,2}".join(map(re.escape, name))
        yield from (("reporter_name", *match.span()) for match in re.finditer(pattern, text, re.IGNORECASE))
        if re.fullmatch(rf"{_CJK}{{2,4}}", name):
            surname = name[:2] if name.startswith(COMPOUND) else name[0]
            polite = rf"{surname}(?:先生|女士|某某|某(?!某)|大爷|大妈|阿姨|师傅|老师|同学)"
            yield from (("reporter_name", *match.span()) for match in re.finditer(polite, text))
