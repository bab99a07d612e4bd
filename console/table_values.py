"""What the values of closed lists in the tables are called in Chinese, by table and key, else by key.

Knows no file and no row.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

#: Values of closed lists.
VALUES: Final[Mapping[str, str]] = MappingProxyType(
    dict(
        line.split(" ", 1)
        for line in """
bulletins.about.ledger 台账
rankings.ties.printed 印出来一样就并列
rankings.ties.exact 完全相等才并列
rankings.after_ties.skip 空出名次
rankings.after_ties.next 接着排
rankings.of.cases 由办件算
rankings.of.table 由导入的表算
rankings.levels.county 县（市、区）
rankings.levels.zone 市属开发区
rankings.levels.township 乡镇（街道）
rankings.spans.month 月
rankings.spans.quarter 季度
rankings.spans.year 年
rankings.count_by.unit 主办单位所在地
rankings.count_by.place 事发地
rewards.pays.bank 汇到银行卡
rewards.pays.phone 充话费
press.fills.conference 发布会召开时
press.fills.batch 典型案例批准时
columns.medium.paper 报纸
columns.medium.tv 电视
columns.medium.radio 广播
columns.medium.web 网站和客户端
columns.medium.screen 户外大屏
units.kind.bureau 局
units.kind.section 科室、支队
units.kind.squad 大队、中队
units.kind.branch 分局
units.kind.zone 功能区
units.kind.township 乡镇、街道
units.kind.outside 外单位
places.level.city 市
places.level.county 县（市、区）
places.level.zone 功能区
places.level.township 乡镇、街道
places.level.village 村、社区
places.level.river 河流
places.level.road 道路
places.level.landmark 地标
places.level.elsewhere 外地
places.level.no_place 不是地名的词
places.level.product 特产、菜名
routes.to.area 属地单位
routes.to.city 市级单位
routes.to.township 属地乡镇（街道）
tier.central 中央
tier.province 省级
tier.city 本市
media.central 中央
media.province 省级
media.city 本市
clocks.name.accept 受理
clocks.name.first_response 首次回应
clocks.name.press 新闻发布
clocks.name.inform 受理告知
clocks.name.handling 办结
clocks.name.sign 签收
clocks.name.opinion 协办意见
clocks.name.arrive 到场
clocks.name.rectify 整改复查
clocks.name.revisit 回访
clocks.name.objection 退单
clocks.name.appeal 请求复查、复核
clocks.name.reexamine 信访复查
clocks.name.reverify 信访复核
unit.hours 小时（昼夜连续）
unit.office_hours 工作小时
unit.office_minutes 工作分钟
unit.same_day 当日
unit.calendar_days 日历日
unit.working_days 工作日
unit.typed 来件写明的日期
start.learned 本局知道时
start.accepted 受理时
start.assigned 转办时
start.rectified 整改期限届满时
start.answered 答复发出时
start.requested 反映人提出请求时
met_by.accepted 已受理的答复
met_by.forwarded 已转办的答复
met_by.contact 与反映人联系
met_by.reply 公开答复
met_by.press_held 已举行发布会
stage.yellow 黄牌
stage.red 红牌
stage.up1 上报一级
stage.up2 上报二级
stage.up3 上报三级
stage.again 每日再提醒
to.unit 承办单位
to.parent 上级单位
to.office 宣教科
to.leader 局领导
to.duty 值班人员
spider.site 网站（按规则）
spider.feed 订阅
spider.import 导入
spider.mailbox 邮箱
spider.weibo 微博
spider.discuz 论坛
spider.tieba 贴吧
mode.publish 发布到主页
mode.mass 群发
channel.mail 邮件
channel.console 控制台
channel.telegram Telegram
channel.chat 工作群
channel.site 局网站
channel.weibo 微博
channel.wechat 微信
channel.discuz 论坛
channel.export 报台供稿
channel.wecom 企业微信
channel.dingtalk 钉钉
channel.feishu 飞书
shape.linear 按数量
shape.log 按对数
name.posts 条数
name.voices 发布者数
name.sources 来源数
name.reposts 转发
name.comments 评论
name.likes 点赞
name.views 阅读
span.day 日
span.week 周
span.month 月
span.quarter 季
span.year 年
span.free 不定期
compiled.by_itself 到时自动
compiled.by_trigger 遇事自动
compiled.at_signature 签发时
form.pdf PDF
form.docx Word
form.link 只给链接
when.signed 签发之后
when.compiled 编好就送
key.petition 信访答复
key.press 宣传
key.incident 突发
layout.letter 信函
layout.slip 表单
drafters.press 宣教科
drafters.handler 经办
drafters.reviewer 审核
drafters.leader 局领导
signers.press 宣教科
signers.handler 经办
signers.reviewer 审核
signers.leader 局领导
answers_in.phone 电话回复
answers_in.letter 书面回复
answers_in.thread 在原处回复
answers_in.desk 回转办平台
answers_in.none 不必回复
act.return 退单
act.refuse 不予受理
act.transfer 移送
act.pause 暂停
act.extend 延期
act.close 办结
act.reopen 重启
act.recuse 回避
via.mobile 手机版
via.desktop 电脑版
via.results 搜索结果页
""".strip().splitlines()
    )
)
