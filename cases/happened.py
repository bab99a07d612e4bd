"""What was done to a case, in the words of its page: one for each action of the history.

Pure; an action without a word of its own is told by the state the case was in afterwards.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from cases.lifecycle import LABEL

ACT: Final[Mapping[str, str]] = {
    "opened": "立案",
    "appended": "并入一条反映",
    "amended": "来文有更改",
    "taken_apart": "移出一条反映",
    "joined": "并案",
    "took_in": "并入一件",
    "unjoined": "撤销并案",
    "gave_back": "撤销并案",
    "split": "拆分",
    "unsplit": "撤销拆分",
    "graded": "定级",
    "enlisted": "列入专项行动",
    "refined": "要素补全",
    "edited": "要素已更正",
    "relabelled": "类别已更正",
    "routed": "转办",
    "rerouted": "改派",
    "reroute_proposed": "建议改派",
    "reroute_refused": "不改派",
    "refused": "不予受理",
    "transferred": "移送",
    "notice_sent": "通知已送出",
    "notice_rehearsed": "转办单已演练",
    "notice_refused": "转办单被拒收",
    "notice_delivery_unknown": "转办单是否送到不明",
    "unreached": "转办单没有送到",
    "signed": "签收",
    "assist_signed": "协办签收",
    "opinion": "协办意见",
    "assist_added": "增加协办",
    "assist_ended": "撤销协办",
    "returned": "退单",
    "arrived": "到场",
    "pause_asked": "申请暂停",
    "pause_refused": "不同意暂停",
    "paused": "暂停",
    "resumed": "恢复办理",
    "tightened": "时限重算",
    "reckoned": "时限重算",
    "met": "时限已满足",
    "extension_asked": "申请延期",
    "extension_decided": "延期审批",
    "extension_told": "延期已告知",
    "reminded": "催办提醒",
    "supervised": "督办",
    "owned": "包案",
    "result": "反馈",
    "sent_to_unit": "退回补充",
    "rechecked": "整改复查",
    "appealed": "请求复查复核",
    "reexamined": "复查复核意见",
    "interim": "阶段性办结",
    "drafted": "拟答复",
    "voted": "审核",
    "approved": "审核通过",
    "approval_void": "审核作废",
    "sent_back": "退回修改",
    "sent": "已发出",
    "rehearsed": "已演练",
    "delivery_unknown": "是否发出不明",
    "answered": "已答复",
    "needs_person": "须专人答复",
    "told": "告知反映人",
    "visited": "回访",
    "closed": "办结",
    "reopened": "重启",
    "recused": "回避",
    "recusal_lifted": "解除回避",
    "incident": "突发事件",
    "document": "公文",
    "document_void": "公文作废",
}


def told(action: str, state: str) -> str:
    """The word for one line of a history; what was accepted is the case, or what its unit reported."""
    if action == "accepted":
        return "受理" if state == "accepted" else "审核通过"
    return ACT.get(action) or LABEL.get(state, state)
