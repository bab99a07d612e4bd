"""Private people told by how their names stand in a sentence; officials, places and words that look like names."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from publisher import people_lessons
from publisher.checks import check
from publisher.people import BUCKETS
from publisher.people import judge
from publisher.people import possible
from publisher.people import private


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("谷建民", "来访的村民谷建民对清运进度提出疑问，我们作了答复。"),
        ("鹿志远", "感谢杨官屯乡的鹿志远多次到现场带路，使偷倒点得以找到。"),
        ("冀守信", "来访的村民冀守信对清运进度提出疑问，我们作了答复。"),
        ("查德明", "感谢杨官屯乡的查德明多次到现场带路，使偷倒点得以找到。"),
        ("池海生", "厂长与提意见的池海生握手言和，双方约定了停机时间。"),
        ("车明远", "路过的车明远拍下了冒黑烟的过程。"),
        ("宗立新", "业主宗立新对答复不满意，我们将再次上门。"),
        ("景素芬", "村民景素芬家的水井已取样。"),
        ("商玉梅", "回访商玉梅时，她说味道轻多了。"),
        ("燕子轩", "学生燕子轩在观察日记里写下了这条河。"),
        ("万建军", "经与万建军联系，其认可处理结果。"),
        ("费小军", "回访时，费小军称气味已经散去。"),
        ("路海燕", "周边居民路海燕说，夜里基本听不到机器声了。"),
        ("骆秋来", "开小饭馆的骆秋来把烟管接到了楼顶，街坊们不再皱眉。"),
        ("孔令翠", "店主孔令翠当场表示愿意整改油烟。"),
        ("肖桂芳", "离厂最近的肖桂芳家，我们测了三次噪声。"),
        ("扈桂云", "我们请鼻子灵的扈桂云当“向导”，沿着胡同找臭味。"),
        ("魏长河", "6月2日凌晨在东北地头点火焚烧秸秆的为本村魏长河，已由镇综合执法队批评教育。"),
        ("张伟", "张伟反映的烧烤店油烟问题，已责令当场整改。"),
        ("楚一鸣", "孩子楚一鸣因闻到气味头晕，已就医。"),
    ],
)
def test_a_private_person_is_found_without_a_word_of_a_list(name: str, text: str) -> None:
    assert name in {text[start:end] for _, start, end in private(text)}
    assert name in {finding.text for finding in check(text)}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "慈溪分局副局长罗建平5月8日带队检查了周巷镇4家企业。",
        "省厅专家组组长、教授级高工吴国栋介绍了臭氧治理技术。",
        "徒骇河张官屯断面氨氮浓度为0.86毫克/升。",
        "针对梅峰河黑臭现象，我区已将黑臭水体列入整治。",
        "四至范围：东至昌润路，南至湖南路，西至光岳路，北至东昌路。",
        "反映人称其孩子为初一学生，晚自习受影响。",
        "幼儿易过敏，已告知园方。",
        "强降雨过后河水发黑，植被恢复工程同步开展，车间噪声已达标。",
        "沿街商铺油烟净化器已更换，桂花飘香时节异味投诉减少。",
        "执法人员制作了谈话笔录，反映人商量后同意错峰作业。",
        "景观照明夜间关闭，举报渠道畅通无阻，群众费用由企业承担。",
        "业主车位旁的垃圾已清运，住户吉日办酒的噪声也已劝止。",
        "支队长宗立新、监测员景素芬到场采样，厂界噪声达标。",
        "感谢“蓝天卫士”网友的提醒！落叶焚烧点的明火在接报后二十分钟内被扑灭。",
        "（记者：林西文卢海莹）臭味的元凶是一截断了的管子。",
        "垃圾分类这件事，你我都能做好！（林文静）",
        "孔繁森同志的事迹激励着一代又一代环保人，河道里的垃圾少了。",
        "河边垃圾清走了，白鹭又来了三只。",
        "王守义调味品专卖店门口的垃圾桶已加盖。",
        "“最美环保人”候选人公示：周海涛（环境监测中心）、石磊（执法支队）。",
    ],
)
def test_officials_places_and_plain_words_are_no_private_people(text: str) -> None:
    assert list(private(text)) == []


def test_places_do_not_overlap_and_a_text_of_another_desk_is_left_alone() -> None:
    held = [span for _, *span in private("反映人韦春霞与姚全福说，后半夜味道重。")]
    assert all(first[1] <= second[0] for first, second in pairwise(held))
    assert list(private("社保补缴材料已经齐全，请韦春霞带户口本到社保大厅三号窗口。" * 4)) == []


def test_names_are_learnt_from_the_places_told(tmp_path: Path) -> None:
    """Other names in the same sentences are found afterwards, and a reply that names nobody stays as it is."""
    rows = [
        {"text": "感谢热心人韦春霞提供线索。", "names": [[5, 8]]},
        {"text": "副局长罗建平带队检查。", "names": []},
    ]
    written = tmp_path / "people.jsonl"
    written.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    out = tmp_path / "people.npz"
    taught = people_lessons.run(written, ["经现场检查，油烟已达标。" * 3], ["天蓝水清"], out)
    assert taught > len(list(possible(rows[0]["text"])))  # type: ignore[arg-type]
    first = out.read_bytes()
    people_lessons.run(written, ["经现场检查，油烟已达标。" * 3], ["天蓝水清"], out)
    assert out.read_bytes() == first


def test_the_shipped_weights_are_small_and_finite() -> None:
    assert judge().weights.shape == (BUCKETS,)
    assert np.isfinite(judge().weights).all()
