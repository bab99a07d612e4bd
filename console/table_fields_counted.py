"""What the keys of the tables of supervision, rankings, rewards and 信息公开申请 are called in Chinese."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

COUNTED: Final[Mapping[str, str]] = MappingProxyType(
    dict(
        line.split(" ", 1)
        for line in """
rankings.few 基数至少几件
rankings.ties 怎样算并列
rankings.after_ties 并列之后
rankings.digits 几位小数
rankings.measures 问责的处理方式
rankings.form 哪一种通报
rankings.of 数从哪里来
rankings.levels 排哪几级
rankings.apart 各级分开排
rankings.only 只排这些
rankings.spans 时段
rankings.figures 各项
rankings.columns 各列
rankings.by 按哪一列排
rankings.total_of 由哪些列相加
rankings.count_by 计入哪里
rankings.best 点名前几位
rankings.worst 点名后几位
rankings.addressee 主送
rankings.demand 要求
rankings.title 通报标题
rankings.weight 权重
rankings.needed 必须有
rankings.unit 单位
rankings.heads 表头的其他写法
rankings.least 最小
rankings.most 最大
rankings.less_is_better 越低越好
rankings.last_year 上年同期的表头
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
rewards.duty_types 不奖励的事项类型
rewards.notice 通知举报人的话
rewards.scheme 奖励办法
rewards.key 编号
rewards.name 名称
rewards.findings 查处结果须为
rewards.claim_days 多少天内申领
rewards.most_yuan 最多（元）
rewards.pays 怎么付
rewards.least_yuan 最少（元）
rewards.channels 渠道
rewards.kinds 类别
rewards.measures 措施
rewards.fine_from 罚款不少于（元）
rewards.fine_below 罚款少于（元）
info_requests.answer_days 答复时限（工作日）
info_requests.extend_days 最多延期（工作日）
info_requests.amend_notice_days 几个工作日内告知补正
info_requests.amend_days 补正期限（工作日）
info_requests.consult_days 第三方几个工作日内提意见
info_requests.yellow_days 提前几个工作日提醒
info_requests.one_line 统计表中只占一行的组
info_requests.way 收到方式
info_requests.applicant 申请人种类
info_requests.outcome 答复种类
info_requests.review_first 不服的要先复议
info_requests.remedy 答复书的救济途径
info_requests.remedy_first 须先复议的救济途径
info_requests.dispute 复议、诉讼的种类
info_requests.ruling 复议、诉讼的结果
info_requests.key 编号
info_requests.name 名称
info_requests.day 以哪天为收到之日
info_requests.group 归哪一组
info_requests.while_amending 待补正时也可用
info_requests.only_amending 逾期不补正才可用
""".strip().splitlines()
    )
)
