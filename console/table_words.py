"""What tables, their keys and their values are called in Chinese.

Knows no file and no row; a key without a name of its own is shown as it stands in the file.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from console.table_fields import FIELDS
from console.table_values import VALUES

#: Groups of the page, each with its tables: file, name, what it says.
GROUPS: Final[tuple[tuple[str, tuple[tuple[str, str, str], ...]], ...]] = (
    (
        "谁来办、在哪里",
        (
            ("units", "单位", "办件可以交给谁：部门、辖区、邮箱、电话、上级"),
            ("places", "地名", "县（市、区）、乡镇街道、村、河流、道路，归谁管"),
            ("elsewhere", "外地", "别的市的地名，各市共用，本市的不算"),
            ("enterprises", "企业", "网帖常点名的企业，在哪里，归谁管"),
            ("routes", "派单规则", "自上而下，第一条适用的定承办部门"),
            ("local_law", "地方法规", "派单规则在本市另有的依据"),
            ("hints", "类别提示", "研判没有给出类别时，按文中的词补一个"),
            ("campaigns", "专项行动", "起止、词、类别、辖区"),
        ),
    ),
    (
        "多快办、怎么办",
        (
            ("clocks", "时限", "受理、签收、办结、回访……各多久，从何时起算"),
            ("escalation", "提醒和上报", "黄牌、红牌、逐级上报：隔多久、报给谁"),
            ("calendar", "工作日历", "上班时间，与放假安排不同的日子"),
            ("levels", "定级", "哪些情形是较大、重大、特别重大"),
            ("incidents", "突发环境事件", "哪些情形提请认定，多少小时内报给谁"),
            ("supervision", "台账和督办", "黄牌提前几天、抽查比例、公示几天、谁签字、挂牌期限、督察信访件"),
            ("rewards", "奖励", "哪些渠道从何时起可以申领，各档多少，不予奖励的理由"),
            ("info_requests", "信息公开申请", "答复、延期、补正、征求意见各几个工作日，申请人和答复的种类"),
            ("rankings", "排名和通报", "排哪些、排哪几级、各项权重、并列和基数的规矩、导入表的列"),
            ("item_types", "事项类型", "投诉举报、咨询……各要填什么"),
            ("channels", "来件渠道", "算哪一类来源，编号格式，怎样回复"),
            ("reasons", "理由", "退单、不予受理、移送、暂停、延期……"),
            ("retention", "留存期限", "反映人姓名、登录、访问记录……用完之后留多少天"),
            ("measures", "措施", "查处结果可以勾选的措施"),
            ("bases", "法律依据", "违反哪条、按哪条处罚、何时起有效"),
            ("quality", "反馈质量", "查处结果必须有什么，哪些算套话"),
            ("forms", "公文和表单", "文号、项目、正文、谁拟稿、谁签发"),
        ),
    ),
    (
        "发什么、怎么发",
        (
            ("words", "核查用词", "涉密、错别字、语气、套话、法条"),
            ("review", "三审三校", "每类稿件几步，由哪些角色审"),
            ("publishing", "发布时段", "夜间静默、哀悼日、限量"),
            ("afterwards", "发布之后", "何时回看，几条不满转人工"),
            ("press", "新闻宣传", "报道和活动台账数什么，联系人种类，口径几天有效"),
            ("columns", "媒体栏目", "登载、播出本局稿件的版面和栏目，周几、几点"),
            ("occasions", "宣传日", "六五环境日等，提前几天拟稿"),
            ("accounts", "账号", "官方账号、邮箱、工作群机器人"),
            ("bulletins", "简报系列", "何时编、按什么周期、有哪些块"),
            ("recipients", "简报接收人", "送给谁，用什么形式"),
        ),
    ),
    (
        "读什么、本局",
        (
            ("sources", "来源", "从哪里读，多久一次，有无许可"),
            ("media", "媒体名录", "中央、省级、本市媒体"),
            ("heat", "热度", "各项的权重和算法"),
            ("bureau", "本局", "名称、电话、编号前缀、值班种类、抽查"),
            ("regulations", "制度文件", "约谈、考核、问责、网格、双随机等办法和方案：文号、要求、在哪里公开"),
            ("api", "接口", "一次报多少、多快，令牌多久有效"),
            ("entries", "快速登记", "来电、来信、群聊、来访各问什么"),
            ("talk", "微信和机器人", "哪个账号收消息，收多少，核定的自动回复"),
            ("public", "公众页面", "照片录音多大，提交多快，积压多少件时改请打电话"),
        ),
    ),
)
TITLES: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {table: (title, note) for _, tables in GROUPS for table, title, note in tables}
)


def title_of(table: str) -> str:
    """A table's name: 单位."""
    return TITLES[table][0] if table in TITLES else table


def field_of(table: str, name: str) -> str:
    """A key's name: 辖区."""
    return FIELDS.get(f"{table}.{name}") or FIELDS.get(name) or name


def value_of(table: str, name: str, value: str) -> str:
    """A value of a closed list in words; as it stands where it needs none."""
    return VALUES.get(f"{table}.{name}.{value}") or VALUES.get(f"{name}.{value}") or value
