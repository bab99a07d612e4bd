"""Publicity told from an answer: it invites everybody and speaks of nobody's complaint, so it may be lively.

Pure. A text that could be either is an answer.
"""

from __future__ import annotations

import re
from typing import Final

#: Reasons of what publicity may say and an answer may not; a row of the bureau's own with another reason holds in both.
LIVELY: Final = frozenset(
    {
        "口语化，不合公文语气",
        "网络用语、玩笑语气不合公文",
        "玩笑语气不合公文",
        "不用玩笑语气",
        "不用表情符号",
        "语气过重",
    }
)
_INVITES: Final = re.compile(
    r"小编|快来|一起[来去看听学动走做]|让我们|跟(?:着|随)|评论区|转发|打卡|抽奖|投票|小?课堂|小知识|科普|直播|晒(?:出|一?晒)|戳(?:图|视频|链接)|猜猜"
    r"|小朋友|同学们|环境日|地球日|节水|低碳|#[^#\n]{2,24}#|【[^】]{2,30}】|你知道吗|知多少|带你|分享|收藏|周末|早安|晚安|早上好|晚上好|今天是|话题|报名"
)
#: Somebody's trouble, or what was done about it.
_ANSWERS: Final = re.compile(
    r"您|反映|投诉|举报|来信|来电|留言|诉求|信访|网友[^们]|核实|经查|答复|回复|受理|转办|立案|责令|处罚|超标|违法|偷排|扰民|执法|整改"
)


def is_publicity(text: str) -> bool:
    """Whether a folded text invites everybody and answers nobody."""
    return bool(_INVITES.search(text)) and not _ANSWERS.search(text)
