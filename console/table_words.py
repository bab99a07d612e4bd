"""What tables, their keys and their values are called in Chinese.

Knows no file and no row; a key without a name of its own is shown as it stands in the file.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

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

#: Keys by table where they differ, else by name.
FIELDS: Final[Mapping[str, str]] = MappingProxyType(
    dict(
        line.split(" ", 1)
        for line in """
source 依据
valid_from 何时起
valid_to 何时止
key 代号
id 代号
name 名称
short 简称
kind 种类
old_names 旧名
department 部门
area 辖区
mail 邮箱
phone 电话
login 登录本系统
robot 工作群机器人
parent 上级单位
places.code 区划代码
enterprises.code 区划代码
places.level 层级
elsewhere.level 层级
elsewhere.code 区划代码
rule 规则
bureau.paper_mark 文号字头
unit 归谁
aliases 别名、简称
needs_context 要有上下文才算
built_up 建成区内
villages 村和社区
kinds 类别
beside 同时涉及
areas 辖区
night 夜间
from_time 从几点
to_time 到几点
types 类型
levels 等级
campaigns 专项行动
lanes 办理通道
items 事项类型
words 出现任一词
and_words 并且出现任一词
not_words 不能出现
assist 协办部门
also 一并协办的规则
adds 只加协办
township 属地乡镇协办
routes.unit 直接交给
sections 协办科室
why 理由
to 交给
sure 足以确定
tier 级别
clocks.name 时限
clocks.label 叫法
clocks.unit 单位
clocks.kinds 来源种类
clocks.types 事项类型
amount 多少
start 从何时起算
typed 来件哪一项写明
matters 污染类型
channels 渠道
urgent 紧急
whole 只算整件
met_by 怎样算做到
extend 可否延期
stage 哪一级
clocks 哪些时限
not_clocks 不含哪些时限
after 之后多少
escalation.unit 单位
escalation.to 报给谁
any_hour 不分昼夜
base_url 网址
mode 方式
via 从哪一端读
spider 读法
keywords 关键词
places 地名
accounts 账号
watch 盯住的帖子
boards 版块
urls 列表页网址
rules 读法规则
columns 各列对应
secret 密钥的名字
permission 许可
enabled 启用
every 最短间隔（秒）
every_most 最长间隔（秒）
quiet_from 从几点不读
quiet_to 到几点
pace 两次请求间隔（秒）
max_pages 最多几页
encoding 编码
expect_per_day 每天大约几条
channel 渠道
user_id 账号编号
chat_id 会话编号
app_id 应用编号
cover 封面
comments 允许留言
auto_replies 自动回复
push_url 推送地址
push_token 推送令牌的名字
push_key 消息加解密密钥的名字
contacts 媒体邮箱
operator_ip 操作地址
verified 已验证
words.words 词
suggestion 建议改成
reason 理由
levels.level 等级
posts 至少几人反映
reach 至少多少转评赞
growth 几小时内至少几人
hours 几小时
rounds 第几次反映
media 媒体级别
near 地名含有
weight 权重
shape 算法
heat.unit 每多少算一级
lasting 数量不再变动
span 周期
compiled 何时编
at 几点
after_days 期满几天后
catch_up 补编几期
within 多少小时内
small_base 基数太小
masthead 报头
copies 份数
title 标题
template 模板
address 地址
series 哪些简报
form 附什么
when 何时送
steps 各步
month 月
day 日
dates 各年日期
lead 提前几天
text 正文
slogan 口号
partner 会同单位
law 法律
articles 违反的条款
penalty 处罚的条款
mark 文号字
layout 式样
body 正文
drafters 谁拟稿
signers 谁签发
outline 提纲
fields 项目
says 统计算作
place_needed 须填地点
restricted 限制知悉
hint 填写提示
type 事项类型
number 编号格式
number_needed 须填编号
answers_in 怎样回复
act 用在哪里
reasons.words 须另写一句
opens 上午上班
noon 上午下班
afternoon 下午上班
closes 下午下班
workdays 调休上班的日子
holidays 放假的日子
published_until 放假安排已录到哪一年
short_name 简称
office 科室
city 城市
city_code 城市代码
hotline 举报电话
account_name 账号名称
public_url 网站
case_prefix 编号前缀
bulletin_mark 简报密级标注
bulletin_time 简报时间
bulletin_to 简报报送
signatory 签发人
records_from 记录从哪天起
official 官方账号
sample 抽查
link_days 一次性链接几天有效
unsent_hours 转办单几小时未发出算滞留
grant_days 查看举报人至多几天
shift_kinds 值班种类
grade 各级报告时限
sign 提请情形
report 报告内容
warn_minutes 提前几分钟提醒
quiet 夜间静默
mourning 哀悼日
quota 限量
idle_days 几天不更新就提醒
expiry_days 授权到期前几天提醒
need 必须有
outcome 处理结果
filler 套话
substance 套话之外至少几字
review_levels 这些等级先审
review_lanes 这些通道先审
review_incidents 突发事件先审
file 可以上传
most_files 一次几个文件
look_minutes 发布后几分钟回看
again_minutes 以后每隔几分钟
timeline_minutes 时间线每隔几分钟
overlap_minutes 重读几分钟
unhappy 几条不满转人工
breaker 几条不满停发
serial 更正编号
body_bytes 一次多少字节
per_minute 每分钟几次
burst 连续几次
page 一页几条
token_days 令牌几天有效
signature_seconds 签名几秒有效
alarm_channel 报警渠道
alarm_window_hours 几小时内并入同一件
alarm_oldest_days 几天前的报警不收
wechat 收消息的公众号
telegram 与同事说话的机器人
citizen_intake 机器人也收群众反映
wechat_channel 公众号算哪个渠道
telegram_channel 机器人算哪个渠道
mailbox 邮箱
folder 文件夹
ours 本局还用哪些地址发信
per_visit 一次最多读几封
receipt 回执的文字
draft_days 草稿留几天
entries.form 表单
received 时间叫什么
entries.number 编号叫什么
timed 显示用时
reporter 问反映人什么
redact 先隐去旁人的电话姓名
files 附件是什么
ask 照着念的问题
choices 可选的值
gather_minutes 相隔几分钟内合为一件
longest_minutes 从第一句起最多等几分钟
messages_per_hour 一人一小时几条
lookups_per_hour 一人一小时查几次
most_waiting 未立件的最多几件
window_seconds 签名几秒有效
media_tries 附件试取几次
code_minutes 绑定码几分钟有效
poll_seconds 一次等几秒
api.items 一次几件
photos 一次几张照片
photo_mb 一张照片几 MB
voice_mb 一段录音几 MB
total_mb 一次全部文件几 MB
text_least 文字最少几个字
text_most 文字最多几个字
form_seconds 几秒以内提交的退回
form_hours 表单几小时有效
address_per_hour 同一地址每小时几件
address_burst 同一地址连续几件
network_per_hour 同一网段每小时几件
network_burst 同一网段连续几件
flood 超过几倍不再读取
looks_per_minute 同一地址每分钟查询几次
patient_minutes 打开几分钟的表单另有名额
looks_burst 连续查询几次
same_hours 几小时内相同内容算一件
queue_most 积压几件停收
reopen_most 不满意自动重启几次
reason_least 不满意的原因至少几个字
consent 同意的话
public.notice 说明
review.name 名称
forms.title 标题
incidents.levels 一律提请的等级
bulletins.levels 等级
bulletins.about 专写什么
sources.places 每个关键词配的地名
units.unit 单位
units.place 乡镇街道
forms.noted 而且经过里写有
forms.after 之后
forms.ledger 台账的哪一种公文
supervision.yellow_days 提前几天给黄牌
supervision.progress_days 几天报一次进展
supervision.draw_percent 抽查比例（%）
supervision.draw_least 至少抽几条
supervision.notice_days 公示几个工作日
supervision.hotspot_least 几件算热点
supervision.hotspot_days 多少天内
supervision.signatures 谁签字
supervision.grade 挂牌级别
supervision.days 期限（天）
supervision.city_units 县（市、区）以外的承办方统称
supervision.area_order 公开稿的辖区次序
supervision.campaign 督察轮次
supervision.level 督察层级
supervision.team 交办的督察组
supervision.number 受理编号格式
supervision.example 受理编号举例
supervision.unit 怎么计
campaigns.name 名称
""".strip().splitlines()
    )
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
