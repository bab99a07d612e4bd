"""What each kind of complaint must be routed to, written from the laws before the rules were.

Invented texts. `built_up` and `at` are what the desk knows beside the text; None = not known.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import pytest

from cases.facts import Facts
from cases.routing import route
from huanyu.clock import SHANGHAI

DAY = datetime(2026, 3, 10, 14, 0, tzinfo=SHANGHAI)
NIGHT = datetime(2026, 3, 10, 23, 30, tzinfo=SHANGHAI)


@dataclass(frozen=True)
class Example:
    text: str
    kinds: tuple[str, ...]
    department: str  #: several, with /, where the law leaves it to the city
    area: str = "371502"
    built_up: bool | None = None
    at: datetime | None = None
    unit: str = ""  #: expected unit key, where it matters


def _of(text: str, kinds: str, department: str, **more: object) -> Example:
    return Example(text, tuple(kinds.split()), department, **more)  # type: ignore[arg-type]


EXAMPLES: tuple[Example, ...] = (
    # 工业和设备噪声: 噪声法 8, 34-38, 61-63, 68, 84
    _of("厂里的冲床一天到晚咣咣响", "noise.industrial", "生态环境", unit="dongchangfu"),
    _of("车间的大风机昼夜不停，住在厂旁边受不了", "noise.industrial", "生态环境"),
    _of("一楼超市的空调外机正对着我家窗户嗡嗡响", "noise.industrial", "城管"),
    _of("酒店楼顶的冷却塔噪声很大", "noise.industrial", "城管"),
    _of("小区地下室水泵半夜启动，床都跟着振", "noise.industrial", "住建"),
    _of("电梯运行的时候家里轰隆隆", "noise.industrial", "住建"),
    _of("楼下配电室的变压器低频噪声", "noise.industrial", "住建"),
    # 施工噪声: 噪声法 8, 43, 77, 88
    _of("工地打桩，响声很大", "noise.construction", "住建", at=DAY),
    _of("都快十二点了还在打混凝土", "noise.construction", "城管", at=NIGHT),
    _of("夜里两点工地还在施工，没法睡觉", "noise.construction", "城管"),
    # 社会生活噪声: 噪声法 8, 64-66, 70, 82, 87
    _of("广场舞的音响从七点放到九点半", "noise.social", "公安"),
    _of("楼上邻居半夜拖桌子", "noise.social", "公安"),
    _of("隔壁装修中午也不停，电钻吵得孩子睡不了", "noise.social", "公安"),
    _of("楼上装修电钻不停", "noise.construction", "公安", at=DAY),
    _of("邻居家的狗叫一整夜", "noise.social", "公安"),
    _of("楼下KTV唱到凌晨三点", "noise.social", "公安"),
    _of("水果店门口大喇叭循环叫卖", "noise.social", "城管"),
    # 交通噪声: 噪声法 8, 47, 55, 79, 80
    _of("一到晚上就有摩托车炸街", "noise.traffic", "公安交管"),
    _of("路口货车一直按喇叭", "noise.traffic", "公安交管"),
    _of("高速公路离村子太近，没有隔音屏", "noise.traffic", "交通"),
    _of("火车鸣笛声吵得整夜睡不着", "noise.traffic", "交通"),
    # 餐饮油烟: 大气法 81, 118; 聊城大气条例 62, 89
    _of("楼下烧饼店油烟直排", "air.cooking", "城管", built_up=True),
    _of(
        "镇上的饭馆没有油烟净化器", "air.cooking", "生态环境", built_up=False, area="371522", unit="shenxian"
    ),
    _of("我们村口的饭店油烟往院子里灌", "air.cooking", "生态环境", area="371522"),
    _of("小区一楼新开的饭店往下水道里排油烟", "air.cooking", "城管"),
    _of("路边烧烤摊烟熏火燎", "air.cooking", "城管", built_up=True),
    _of("镇上露天烧烤整条街都是烟", "air.cooking", "城管", built_up=False),
    _of("浴池烧煤冒黑烟", "air.industrial", "城管"),
    # 露天焚烧: 聊城大气条例 61, 88; 大气法 77, 119
    _of("地里烧麦茬，烟飘到公路上", "air.burning", "生态环境", built_up=False, area="371526"),
    _of("村头有人烧秸秆", "air.burning", "生态环境", area="371525", unit="guanxian"),
    _of("环卫工把树叶堆在路边烧了", "air.burning", "城管", built_up=True),
    _of("小区后面空地有人烧垃圾", "air.burning", "城管"),
    _of("有人在河滩烧电缆皮，一股塑料味", "air.burning", "生态环境", built_up=False),
    _of("半夜有人放鞭炮，满院子硝烟味", "air.burning", "公安"),
    _of("大年二十九放烟花放到后半夜", "noise.social", "公安"),
    # 扬尘和渣土: 大气法 69, 115; 聊城大气条例 44, 47, 50, 57, 84, 86
    _of("楼盘工地黄土飞扬，围挡外面全是灰", "air.dust", "住建"),
    _of("拆迁的时候一点水不洒，灰大得睁不开眼", "air.dust", "住建"),
    _of("马路上扫地车一过全是灰", "air.dust", "城管"),
    _of("小区旁边一大片裸土没有盖网", "air.dust", "城管"),
    _of("国道上大车跑过尘土漫天", "air.dust", "交通", area="371521"),
    _of("村里的水泥搅拌站灰尘特别大", "air.dust", "生态环境", area="371524"),
    _of("砂石料场露天堆着，刮风就是一片黄", "air.dust", "生态环境"),
    _of("煤场露天堆煤，下风头全是煤灰", "air.dust", "发改"),
    _of("山上采石放炮，石粉落一院子", "air.dust", "自然资源", area="371524"),
    _of("河道清淤工程的土堆在岸上，起风就扬", "air.dust", "水利"),
    _of("面粉厂的粉尘飘到家里", "air.dust", "生态环境"),
    _of("渣土车不盖篷布，一路抛洒", "waste.construction air.dust", "城管"),
    _of("渣土车轮子带泥出工地，大门口没有冲洗设施", "waste.construction air.dust", "住建"),
    _of("渣土车白天闯禁行，专走学校门口", "waste.construction noise.traffic", "公安交管"),
    _of("有人夜里往河沟偷倒建筑垃圾", "waste.construction", "城管"),
    # 工业废气、恶臭、汽修、尾气、散煤
    _of("化工厂夜里放气，刺鼻", "air.industrial", "生态环境", area="高新区", unit="gaoxinqu"),
    _of("汽修店在路边喷漆，味道冲头", "air.industrial air.odour", "生态环境", built_up=True),
    _of("家具厂露天喷漆", "air.industrial", "生态环境"),
    _of("不知道哪里来的臭味，一阵一阵的", "air.odour", "生态环境"),
    _of("垃圾中转站的臭味飘满小区", "air.odour waste.household", "城管"),
    _of("小区化粪池返味", "air.odour", "住建"),
    _of("养鸡场的粪味顶风臭三里", "air.odour", "生态环境", area="371522"),
    _of("大货车一路冒黑烟", "air.exhaust", "生态环境"),
    _of("运河里的货船冒黑烟", "air.exhaust", "交通", area="371581"),
    _of("村里有人卖劣质煤", "air.other", "市场监管", area="371503"),
    _of("今天雾霾好重，是不是有厂子偷偷生产", "air.other", "生态环境"),
    # 水
    _of("电镀厂从暗管往沟里排红水", "water.industrial", "生态环境", area="371581", unit="linqing"),
    _of("路面污水井往外冒脏水", "water.sewage", "住建"),
    _of("村里生活污水直接流进坑塘", "water.sewage", "生态环境", area="371525"),
    _of("城里这条沟又黑又臭", "water.blackodour", "住建", built_up=True),
    _of("徒骇河这一段发黑发臭", "water.blackodour", "生态环境", built_up=False),
    _of("河面上漂着一层垃圾和水草没人捞", "water.blackodour", "水利"),
    _of("养猪场把粪水排到田边沟里", "water.livestock", "生态环境", area="371526"),
    _of("水源地保护区里有人建养殖棚", "water.drinking", "生态环境"),
    _of("自来水发黄有怪味", "water.drinking", "住建", built_up=True),
    _of("村里的自来水有沙子", "water.drinking", "水利", area="371521"),
    # 固废、土壤、辐射、生态、其他
    _of("小区垃圾好几天没人清", "waste.household", "城管"),
    _of("垃圾焚烧发电厂晚上烟囱冒白烟有怪味", "waste.household air.odour", "生态环境"),
    _of("路边扔着成袋的铝灰", "waste.hazardous", "生态环境"),
    _of("诊所门口有用过的针头和输液管", "waste.hazardous", "生态环境"),
    _of("地头到处是农药瓶和旧地膜", "waste.other", "农业农村", area="371522"),
    _of("厂里废水泡了我家的地，土都变色了", "soil", "生态环境", area="371525"),
    _of("麦地里年年不长苗，怀疑土有毒", "soil", "农业农村", area="371522"),
    _of("楼顶装了个基站，担心辐射", "radiation", "生态环境", unit="fushe"),
    _of("河边的杨树林被人成片砍了", "ecology", "自然资源"),
    _of("有人在河道里偷偷采砂", "ecology", "水利"),
    _of("小区绿化带被铲了改停车位", "ecology", "城管"),
    _of("对面商场的大屏晚上亮得睡不着，光污染", "other", "城管"),
    _of("这个项目没有环评就开工了", "other", "生态环境"),
    _of("企业在线监测数据造假", "other", "生态环境"),
    _of("举报科长收受红包给企业通风报信", "other", "纪检"),
    # A second set, written after the rules and without looking at their words: on its first run 46 of 52 were
    # right (0.88). The rules then learned the six missed words, so the set gates now and measures no more.
    _of("铸造厂的锻锤夜班一开整个村都跟着颤", "noise.industrial", "生态环境"),
    _of("饭店后厨排风管正对我家厨房，轰隆隆", "noise.industrial", "城管"),
    _of("供水加压设备在我家楼下，夜里哼哼响", "noise.industrial", "住建"),
    _of("楼上小孩天天蹦跳，物业也管不了", "noise.social", "公安"),
    _of("早市摊贩五点就开始吆喝", "noise.social", "公安/城管"),
    _of("老年合唱团在公园拉音箱唱歌", "noise.social", "公安"),
    _of("婚庆公司在楼下敲锣打鼓", "noise.social", "公安"),
    _of("隔壁单元砸墙改造，周末也不停", "noise.social", "公安"),
    _of("商场外面开业活动音响震天", "noise.social", "公安/城管"),
    _of("改装摩托半夜轰油门", "noise.traffic", "公安交管"),
    _of("大货车晚上走环城路，震得窗户响", "noise.traffic", "公安交管/交通"),
    _of("高铁桥离小区太近", "noise.traffic", "交通"),
    _of("凌晨四点工地还在浇筑", "noise.construction", "城管/住建/生态环境"),
    _of("市政修路白天破碎锤响个不停", "noise.construction", "住建/城管/交通"),
    _of("烧饼炉子的烟熏黑了二楼的墙", "air.cooking", "城管", built_up=True),
    _of("服务区对面路边店炒菜油烟", "air.cooking", "生态环境", built_up=False),
    _of("夜市一条街全是烤串的烟", "air.cooking", "城管"),
    _of("村东头豆腐坊烧柴冒烟", "air.dust", "生态环境"),
    _of("果园修下来的枝条堆着点了", "air.burning", "生态环境"),
    _of("清洁工把枯叶点着了", "air.burning", "城管", built_up=True),
    _of("收废品的院里烧电线取铜", "air.burning", "生态环境/城管"),
    _of("高速护栏里面的荒草着火冒烟是养护工点的", "air.burning", "交通/生态环境"),
    _of("楼盘打桩挖出来的土堆成山不盖网", "air.dust", "住建/城管"),
    _of("县道破损，拉沙车一过看不见人", "air.dust", "交通"),
    _of("混凝土公司的罐车和料仓全是灰", "air.dust", "生态环境"),
    _of("洒水车一个月没来，街面全是土", "air.dust", "城管"),
    _of("拉土车后斗没盖，掉了一路", "waste.construction", "城管"),
    _of("装修垃圾堆在楼道口半个月", "waste.construction", "城管"),
    _of("拉渣土的车不办证就从工地往外拉", "waste.construction", "住建/城管"),
    _of("皮革厂一股臭鸡蛋味", "air.odour", "生态环境"),
    _of("公厕没人打扫臭气熏天", "air.odour", "城管"),
    _of("4S店喷漆房直排", "air.industrial", "生态环境", built_up=True),
    _of("公交车尾气呛人", "air.exhaust", "生态环境/公安交管"),
    _of("澡堂子天天烧煤", "air.other", "城管"),
    _of("走街串巷拉着蜂窝煤卖", "air.other", "市场监管"),
    _of("有人半夜往雨水井倒废机油", "water.industrial", "生态环境"),
    _of("小区污水倒灌进地下室", "water.sewage", "住建"),
    _of("镇污水处理站停着不开，水直接排", "water.sewage", "生态环境/住建", built_up=False),
    _of("马颊河水面泛白沫", "water.blackodour", "生态环境"),
    _of("护城河边臭得不敢走", "water.blackodour", "住建/生态环境"),
    _of("奶牛场粪水漫到邻村地里", "water.livestock", "生态环境"),
    _of("水龙头放出来的水有漂白粉味", "water.drinking", "住建/卫健/水利"),
    _of("村口垃圾池满了没人拉", "waste.household", "城管"),
    _of("焦油渣倒在废砖窑里", "waste.hazardous", "生态环境"),
    _of("种蒜剩下的塑料膜缠得满树都是", "waste.other", "农业农村"),
    _of("变电站建在幼儿园隔壁，怕辐射", "radiation", "生态环境"),
    _of("有人在湿地打鸟", "ecology", "自然资源"),
    _of("马路边的法桐被锯了", "ecology", "城管/自然资源"),
    _of("霓虹招牌整夜闪", "other", "城管"),
    _of("排污许可证过期还在生产", "other", "生态环境"),
    _of("环保所的人拿了厂里的好处", "other", "纪检"),
    _of("放礼炮的车在小区门口轰", "noise.social", "公安"),
    # The two missed of a third set of 43 (0.95 on its only run).
    _of("引黄渠施工扬尘", "air.dust", "水利"),
    _of("足球场照明灯晃眼", "other", "城管"),
    # What a blind set of 220 found missing.
    _of("尘土大，夜里还吵", "air.dust noise.construction", "住建"),
    _of("县城的背街一过车就是一阵灰", "air.dust", "城管", built_up=True),
    _of("西关那家板材厂门前路上粉尘很大", "air.dust", "生态环境", built_up=True),
    _of("高速护坡隔离带里的干草烧着了", "air.burning", "交通"),
    _of("高速旁边庄稼地里烧秸秆", "air.burning", "生态环境", built_up=False),
    _of("漳卫河治理挖出的泥沙堆在岸边，一刮风就扬", "air.dust", "水利"),
    _of("运土的后八轮没盖苫布", "waste.construction", "城管"),
    _of("拉渣土的没办手续就出工地", "waste.construction", "住建"),
    _of("玉米烘干塔的风机整夜响", "noise.industrial", "生态环境"),
    _of("村委的大喇叭天天放戏", "noise.social", "公安"),
    _of("直升机从屋顶上过", "noise.traffic", "交通"),
    _of("我刚投诉完，老板就上门了，谁告诉他们的", "other", "纪检"),
    _of("我打电话投诉烧烤摊油烟，摊主说不怕", "air.cooking", "城管"),
    _of("单元口被纸箱子堵住了", "other", "城管"),
    _of("河水发黑，还漂着死猪", "water.blackodour", "生态环境/水利"),
    _of("河沟里扔了几头死猪", "water.blackodour", "农业农村"),
    _of("石料矿天天放炮，家里落灰", "air.dust", "自然资源/生态环境"),
    _of("俺庄里办酒席的大棚油烟呛人", "air.cooking", "生态环境"),
    _of("旧改拆墙粉尘大", "air.dust", "住建"),
    _of("环保所的工作人员让我撤诉", "other", "纪检"),
    _of("卖水果的三轮把便道占满", "other", "城管"),
)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.text)
def test_each_kind_goes_to_the_department_the_law_names(example, routes, units):
    facts = Facts(
        text=example.text,
        kinds=example.kinds,
        area=example.area,
        built_up=example.built_up,
        at=example.at,
    )
    found = route(facts, routes, units, DAY.date())
    assert found.department in example.department.split("/"), f"{found.rule}: {found.why}"
    assert found.unit
    assert found.unit == example.unit or not example.unit


def test_the_table_is_large_enough_to_mean_something():
    assert len(EXAMPLES) >= 60
    assert len({example.department for example in EXAMPLES if "/" not in example.department}) >= 10
