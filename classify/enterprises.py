"""Names of firms, farms and shops as written: 宏达轧钢厂, 鑫源养殖场, 蓝海大酒店.

Knows Chinese business names, no table; 化工厂 and 一家小作坊 name nobody.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from collections.abc import Iterator
from typing import Final

_LONGEST = 16  #: characters of a name before its ending
_LEAST = 2  #: characters that must be left when trade words are taken away

_ENDINGS = (
    "有限公司 有限责任公司 股份有限公司 股份公司 集团 养殖场 养猪场 养鸡场 养鸭场 养牛场 养羊场"
    " 养驴场 猪场 鸡场 鸭场 牛场 屠宰场 石料场 砂石场 料场 煤场 砖窑 搅拌站 商混站 加油站"
    " 洗车店 厂 饭店 酒店 酒楼 宾馆 餐厅 饭馆 菜馆 羊汤馆 火锅店 烧烤店 修理店 汽修店 KTV"
    " ktv 合作社 物流园 大排档"
)
ENDINGS: Final = tuple(_ENDINGS.split())
_NO_ENDING = re.compile("(?<=工)厂|(?<=烧)厂|厂[长区房家商里内外门]|集团军|餐厅里的?灯")
_WORD = re.compile("[\u4e00-\u9fffA-Za-z0-9（）()·]+$")
#: A name begins after the last of these.
_BEFORE = re.compile(
    ".*(?:[的在是有了和与跟被把到从去让给对向往由这那个叫某边旁内省市区县镇乡村路道街号]"
    "|[称说找为该已现至自经据交种办进拆使将含及且但就都还年月日时]|[我你他咱俺]们?|家(?!具)"
    "|附近|对面|楼[下上]|隔壁|门口|街道|社区|小区|[东西南北]头|[东西南北后前][侧面]"
    "|投诉|举报|反映|关于|经营|名叫|开了?|天天|半夜|晚上|要求|代表|联合|承建商|牵头方?|施工方|彻查|随着|进行"
    "|然后|目前|建设|修建|运输至|无证|企业|抗议|购买|入职|偏袒|请求?|左右|明显|清楚|非法|规划|只要|违建|之后)"
)
_TRADE = (
    "化工|化肥|农药|医药|制药|药业|助剂|家具|家居|纸品|造纸|纸业|纸箱|包装|轴承|铸造|锻造|镀锌|电镀"
    "|塑料|塑胶|塑钢|塑编|颗粒|造粒|再生资源|再生|橡胶|轮胎|水泥|商混|混凝土|砂石|石料|石材|石子|建材"
    "|饲料|食品|屠宰|养殖|牧业|畜牧|纺织|棉纺|毛织|印染|钢铁|轧钢|钢板|炼钢|炼铁|炼铝|铝业|铝材|板材"
    "|胶合板|密度板|木材|木器|木业|热电|发电|电解铝|热力|供水|供电|能源|环保|环境|科技|实业|加工"
    "|喷漆|喷涂|喷塑|面粉|粮油|油脂|服装|机械|五金|汽修|汽车|改造|玻璃|陶瓷|皮革|皮毛|羽绒|毛巾|酱菜"
    "|豆制品|豆腐|烘干|保温|防水|彩印|印刷|门窗|家电|新材料|新型|材料|电子|电器|生物|工业|工贸|商贸|贸易"
    "|物流|物业|运输|农业|投资|管理|服务|建筑|工程|电缆|废[品旧铁油]?|[砖油药酒铝铁钢板木纸胶漆电肉菜鱼水]"
    "|重庆|川味|海鲜|烧烤|火锅|农家|餐厨|焚烧|污水|处理|处置|垃圾|自来|净水|中转"
)
#: What is left of a name without these is its own.
_NOBODY = re.compile(
    f"{_TRADE}|[小大老新黑旧私两三几多好一二各每本此无证非法违规个体人当地附近几十露天型村庭下土]"
    "|不知名|有限|责任|股份|集团|公司|生活|停产|关闭|偷排|排放|工地|生产|制造"
)


def written(text: str, endings: Iterable[tuple[int, int]]) -> Iterator[tuple[int, str]]:
    """Every name of an enterprise, and where; given is where the `ENDINGS` stand. Words of a trade name nobody."""
    for start, end in endings:
        if name := _name(text, start, end):
            yield start, name


def _name(text: str, start: int, end: int) -> str:
    run = _WORD.search(text[max(0, start - _LONGEST) : start])
    if run is None or _NO_ENDING.match(text, start):
        return ""
    core = _BEFORE.sub("", run[0]).lstrip("（）()·")
    proper = _NOBODY.sub("", core)
    return core + text[start:end] if len(proper) >= _LEAST and not core.isdigit() else ""
