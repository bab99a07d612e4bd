"""What the lines of the audit trail are called in Chinese: what was done, and to what.

Knows no row. Each write of the store has its word here; one that nobody named is shown as it stands in the trail.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from cases.happened import ACT
from cases.ledger import STEPS
from cases.rewards import STEPS as REWARDED

#: Action -> word; what is done to a case and stands in its history is called what its page calls it (`cases.happened`).
ACTIONS: Final[Mapping[str, str]] = MappingProxyType(
    {f"case.{action}": word for action, word in ACT.items()}
    | {f"ledger.{action}": f"台账{word}" for action, word in STEPS.items()}
    | {f"reward.{action}": f"奖励{word}" for action, word in REWARDED.items()}
    | {"ledger.export": "导出台账"}
    | dict(
        line.split(" ", 1)
        for line in """
absence.add 登记请假
absence.end 结束请假
account.day 记下账号关注数
account.hold 账号停发
account.lift 账号恢复发布
account.state 账号状态变化
account.wake 账号提前重试
assignment.look 查看转办单是否送到
assignment.slip 转办单待发
assignment.unreached 转办单没有送到
backup.begin 开始备份
backup.done 备份完成
backup.download 下载备份
backup.drop 删除备份
backup.failed 备份没有成功
backup.verify 核对备份
bulletin.correct 简报更正
bulletin.deliver 简报送出
bulletin.issue 简报编发
bulletin.open 简报首次打开
bulletin.remark 简报批注
bulletin.reserve 简报取号
bulletin.signed 简报签发
bulletin.withdrawn 简报撤回
card.put_off 推迟提醒
case.append 并入一条反映
case.appeal 请求复查复核
case.assign 转办
case.confirm_level 确认定级
case.decide_appeal 复查复核意见
case.edit 更正要素
case.enlist 列入专项行动
case.export 导出案件
case.files 添加附件
case.grade 定级
case.join 并案
case.lift_recusal 解除回避
case.met 时限已满足
case.move 案件流转
case.new 立案
case.none 不立案
case.opinion 协办意见
case.plan_cards 排定提醒
case.propose_reroute 建议改派
case.recheck 整改复查
case.reckon 重算时限
case.recuse 回避
case.refine 补全要素
case.refuse_reroute 不改派
case.register 登记来件
case.remind 催办提醒
case.reopen 重启
case.reroute 改派
case.rest 阶段性办结
case.result 反馈
case.review 审查反馈
case.revisit_due 安排回访
case.split 拆分
case.unsplit 撤销拆分
case.suggest 建议并件
case.take_apart 移出一条反映
case.tell 告知反映人
case.tighten 时限重算
case.transcript 录音文字
case.unjoin 撤销并案
case.visit 回访
chat.act 在群里办件
chat.ask 机器人提问
chat.bind 绑定聊天账号
chat.code 生成绑定码
chat.end 解除绑定
chat.owe 聊天答复稍后再发
chat.pay 补发聊天答复
chat.update 收到聊天消息
chat.void 聊天答复已有新的
chat.want 设置聊天提醒
correction.correction 公开更正
correction.withdrawal 公开撤回
desk.restore 从备份恢复
desk.restore_end 结束恢复
document.draft 拟公文
document.edit 修改公文
document.issue 公文签发编号
document.sign 公文签字
document.void 公文作废
draft.expire 登记草稿到期删除
draft.remove 删除登记草稿
draft.save 保存登记草稿
evidence.expire 图片到期删除
evidence.fail 图片没有取到
evidence.keep 图片留存
evidence.refuse 图片不予留存
evidence.want 图片待留存
extension.ask 申请延期
extension.decide 延期审批
extension.told 延期已告知
factor.begin 开始启用动态码
factor.codes 重发备用码
factor.confirm 启用动态码
factor.refused 动态码错误
factor.remove 停用动态码
factor.use 使用动态码
field.send 现场提交
filter.remove 删除常用筛选
filter.save 保存常用筛选
freeze.begin 宣传暂停
freeze.end 恢复宣传
freeze.trip 触发宣传暂停
grant.add 授权查看
grant.revoke 收回授权
identity.read 查看反映人信息
identity.save 封存反映人信息
grid.take 导入网格
info.received 登记信息公开申请
info.amend 告知补正
info.amended 收到补正
info.consult 征求意见
info.heard 征求意见结束
info.ask_extension 申请延长答复期限
info.decide_extension 批复延长答复期限
info.tell_extension 告知申请人延期
info.answer 登记信息公开答复
info.void 作废信息公开申请
info.reopen 更正信息公开答复
info.dispute 登记信息公开复议、诉讼
info.ruled 登记复议、诉讼的结果
info.read 查看申请人信息
interview.propose 拟约谈
interview.issue 印发约谈通知书
interview.hold 登记约谈
interview.cancel 取消约谈
ranking.take 导入排名用表
ranking.propose 拟排名通报
ranking.issue 印发排名通报
ranking.void 撤回排名通报
ranking.export 导出排名
sanction.add 登记问责
sanction.strike 撤销问责登记
inspection.add 登记督察信访件
inspection.change 修改督察信访件
inspection.export 导出督察信访件公开表
inspection.open 登记督察批次
inspection.recount 更正交办件数
press.answer 起草口径
press.approve_answer 批准口径
press.ask 邀请媒体
press.approve_batch 批准典型案例
press.batch 新编典型案例
press.batch_case 编写典型案例
press.came 登记到会媒体
press.change 修改报道活动台账
press.conference 起草发布会方案
press.move 办理发布会
press.paper 取出发布会材料
press.tie 关联发布会
press.withdraw_answer 停用口径
press.contact 登记媒体联系人
press.contact_read 查看媒体联系人电话
press.export 导出报道活动台账
press.record 登记报道活动
press.strike 划去报道活动
incident.attach 案件并入突发事件
incident.close 突发事件终结
incident.declare 认定突发事件
incident.dismiss 不认定突发事件
incident.line 设定对外口径
incident.propose 提请认定突发事件
incident.remind 催报突发事件
incident.report 突发事件报告
incident.watched 比对突发情形
letter.note 处理来信
link.make 生成办件链接
link.refused 办件链接被拒
link.revoke 收回办件链接
link.use 使用办件链接
live.end 转为演练模式
live.sign 签字转为实发
news.read 看过账号变动
outbox.add 消息待发
outbox.approved 稿件待发布
outbox.cancelled 稿件取消
outbox.draft 拟稿
outbox.handed 转人工发布
outbox.illustrate 配图
outbox.look 查看是否发出
outbox.planned 排定发布时间
outbox.postponed 推迟发布
outbox.refused 没有发出
outbox.rehearsed 演练发布
outbox.release 放行
outbox.returned 退回修改
outbox.schedule 改发布时间
outbox.sending 开始发布
outbox.sent 已发布
outbox.unknown 结果不明
outbox.void 审核作废
outbox.vote 审核
post.add 帖文入库
post.compare 比对转载
post.correct 更正研判
post.expire_raw 原文到期删除
post.rejudge 重新研判
post.take_back 收回判断
post.verdict 研判
print.add 打印
probe.add 添加查漏线索
probe.check 查漏
probe.retire 停用查漏线索
published.accept 核实发布内容
published.begin 开始回看
published.identify 补记发布编号
published.look 回看
published.postpone 推迟回看
reject.add 记下读不懂的内容
reject.correct 改正读不懂的一行并取用
reject.expire 读不懂的内容到期删除
reject.keep 重读未成
reject.look 查看读不懂的内容
reject.resolve 读不懂的内容已处理
report.enter 收到公众举报
report.expire 公众举报原件到期删除
report.rate 公众评价
report.vouch 给出查询编号
response.add 收到评论
retention.remove 留存到期删除
routing.tables 派单表变更
sample.draw 抽取样本
sample.judge 抽查判定
search.save 保存查找条件
session.end 退出登录
session.end_all 全部退出登录
session.half 密码通过，待动态码
session.refused 登录被拒
session.start 登录
setting.put 更改设置
shift.add 排班
shift.end 结束值班
source.hurry 马上采集
source.pause 暂停来源
source.resume 恢复来源
source.state 来源状态变化
source.visit 采集
standing.add 拟常设规则
standing.put 按常设规则拟稿
standing.revoke 撤销常设规则
standing.sign 签字常设规则
station.add 添加监测站点
station.alarm 监测报警
station.revoke 停用监测站点
stray.add 发现台外发布
stray.settle 台外发布已处理
table.save 修改各表
takeover.begin 转专人答复
takeover.take 接手专人答复
talk.hear 收到私信
talk.later 私信稍后再看
talk.note 记下私信往来
talk.take 私信转为来件
timeline.read 核对账号时间线
token.add 生成令牌
token.refused 令牌被拒
token.revoke 停用令牌
token.use 使用令牌
user.active 启用或停用人员
user.add 添加人员
user.password 重设密码
user.role 更改角色
""".strip().splitlines()
    )
)

#: What a line is about.
NOUNS: Final[Mapping[str, str]] = MappingProxyType(
    dict(
        line.split(" ", 1)
        for line in """
absence 请假
account 账号
assignment 转办单
backup 备份
bulletin 简报
card 提醒
case 案件
chat 聊天绑定
chat_update 聊天消息
delivery 简报送达
document 公文
entry_draft 登记草稿
evidence 图片
filter 常用筛选
grant 查看授权
identity 反映人
incident 突发事件
grid 网格
inspection 督察信访件
info_request 信息公开申请
info_applicant 信息公开申请人
interview 约谈
ranking 排名通报
ranking_sheet 排名用表
sanction 问责
press_record 报道活动台账
press_answer 口径
press_conference 新闻发布会
press_batch 典型案例
press_contact 媒体联系人
ledger 台账
letter 来信
link 办件链接
message 稿件
post 帖文
print 打印
probe 查漏线索
reading 报警
reject 读不懂的内容
remark 批注
report 公众举报
response 评论
restore 恢复
reward 奖励
reward_claim 领奖信息
search 查找
setting 设置
shift 值班
source 来源
standing_rule 常设规则
station 监测站点
stray 台外发布
table 各表
talk 私信
talk_message 私信消息
token 令牌
user 人员
""".strip().splitlines()
    )
)


def action(code: str) -> str:
    """What was done, in a word."""
    return ACTIONS.get(code, code)


def noun(code: str) -> str:
    """What it was done to."""
    return NOUNS.get(code, code)
