"""One complaint against the known matters: new, witness, recurrence, question, nothing."""

from __future__ import annotations

from datetime import datetime
from datetime import timedelta

import pytest

from cases.intake import is_official
from cases.intake import plan
from cases.intake import title_of
from classify.similar import likeness
from classify.similar import signature
from huanyu.clock import SHANGHAI
from huanyu.types import CaseAction
from huanyu.types import Named
from huanyu.types import OpenMatter
from huanyu.types import Place
from huanyu.types import Post
from huanyu.types import PostType
from huanyu.types import Sentiment
from huanyu.types import SourceKind
from huanyu.types import Verdict

NOW = datetime(2026, 3, 10, 14, 0, tzinfo=SHANGHAI)
TOLD = "许营镇李庄北头的养鸡场味道太大了，夏天窗户都不敢开，有没有人管管"
COPIED = "@聊城环境 许营镇李庄北头的养鸡场味道太大了，夏天窗户都不敢开，有没有人管管"
OTHER_WORDS = "昨天回老家，一刮北风全是鸡粪味，饭都吃不下"
LIZHUANG = Place(name="李庄村", code="371502108201", level="village", unit="高新区")
XUYING = Place(name="许营镇", code="371502108", level="township", unit="高新区")
SHAZHEN = Place(name="沙镇镇", code="371502101", level="township", unit="371502")
HOME = Place(name="聊城市", code="371500", level="city", unit="371500")


def post_of(text: str = TOLD, days: float = 0, **more: object) -> Post:
    known = {
        "id": 5,
        "source": "weibo",
        "kind": SourceKind.WEIBO,
        "native_id": "n5",
        "url": "https://weibo.example.org/n5",
        "title": "",
        "author": "北风一吹",
        "posted_at": NOW + timedelta(days=days),
        "fetched_at": NOW,
    }
    return Post(text=text, **(known | more))


def verdict_of(text: str = TOLD, places: tuple[Place, ...] = (XUYING,), **more: object) -> Verdict:
    known = {
        "type": PostType.COMPLAINT,
        "complaint": 0.97,
        "kinds": ("air.odour",),
        "sentiment": Sentiment.NEGATIVE,
        "urgent": False,
        "unsure": False,
        "is_complaint": True,
        "out_of_town": False,
        "signature": signature(text),
        "why": ("味道",),
        "tokens": "",
        "model": "1",
    }
    return Verdict(places=places, **(known | more))


def matter_of(text: str = TOLD, days: float = -1, **more: object) -> OpenMatter:
    known = {
        "case_id": 1,
        "number": "HY2026-000001",
        "kinds": ("air.odour",),
        "unit_area": "高新区",
        "place": "许营镇",
        "signature": signature(text),
        "last_post_at": NOW + timedelta(days=days),
        "closed": False,
    }
    return OpenMatter(text=text, **(known | more))


def decide(post, verdict, *matters):
    return plan(post, verdict, matters, likeness, NOW)


def test_the_first_complaint_opens_a_case():
    found = decide(post_of(), verdict_of(urgent=True))
    assert (found.action, found.case_id, found.reopen) == (CaseAction.NEW, None, False)
    assert (found.area, found.place, found.kinds, found.urgent) == ("高新区", "许营镇", ("air.odour",), True)


@pytest.mark.parametrize("unit_area", ["高新区", ""])
def test_a_copied_text_is_a_further_witness(unit_area):
    found = decide(post_of(COPIED), verdict_of(COPIED), matter_of(unit_area=unit_area, days=-29))
    assert (found.action, found.case_id, found.reopen) == (CaseAction.APPEND, 1, False)
    assert "HY2026-000001" in found.reason


def test_a_copied_text_from_another_county_is_another_matter():
    assert decide(post_of(), verdict_of(), matter_of(unit_area="371522")).action is CaseAction.NEW


def test_a_copied_text_after_a_month_is_another_matter():
    assert decide(post_of(), verdict_of(), matter_of(days=-31)).action is CaseAction.NEW


def test_the_same_village_and_kind_in_other_words_is_a_question_to_a_person():
    verdict = verdict_of(OTHER_WORDS, (LIZHUANG, XUYING))
    found = decide(post_of(OTHER_WORDS), verdict, matter_of(place="李庄村"))
    assert (found.action, found.case_id) == (CaseAction.SUGGEST, 1)
    assert "请人工判断" in found.reason
    assert found.title and found.kinds and found.area  # enough to open a case when the person says no


def test_the_same_village_but_another_kind_is_another_matter():
    verdict = verdict_of(OTHER_WORDS, (LIZHUANG,), kinds=("noise.social",))
    assert decide(post_of(OTHER_WORDS), verdict, matter_of(place="李庄村")).action is CaseAction.NEW


def test_the_same_village_and_kind_after_a_week_is_another_matter():
    verdict = verdict_of(OTHER_WORDS, (LIZHUANG,))
    assert decide(post_of(OTHER_WORDS), verdict, matter_of(place="李庄村", days=-8)).action is CaseAction.NEW


@pytest.mark.parametrize(("days", "action"), [(-1, CaseAction.SUGGEST), (-4, CaseAction.NEW)])
def test_the_same_township_and_family_of_kinds_asks_for_three_days(days, action):
    verdict = verdict_of(OTHER_WORDS, kinds=("air.industrial",))
    assert decide(post_of(OTHER_WORDS), verdict, matter_of(days=days)).action is action


def test_the_same_township_but_another_family_is_another_matter():
    verdict = verdict_of(OTHER_WORDS, kinds=("noise.social",))
    assert decide(post_of(OTHER_WORDS), verdict, matter_of()).action is CaseAction.NEW


def test_the_same_named_firm_and_kind_joins_in_any_words():
    one, other = "鑫达化工厂夜里放气，呛人", "举报！高新区鑫达化工厂又在偷着排，眼睛都睁不开"
    found = decide(post_of(one), verdict_of(one), matter_of(other))
    assert found.action is CaseAction.APPEND
    assert "鑫达化工厂" in found.reason


def test_the_same_name_in_an_unknown_county_is_a_question_to_a_person():
    one, other = "实验小学旁边臭味很大", "实验小学门口一股臭味"
    found = decide(post_of(one), verdict_of(one, (HOME,)), matter_of(other))
    assert found.action is CaseAction.SUGGEST


def test_a_closed_matter_told_again_comes_back():
    found = decide(post_of(), verdict_of(), matter_of(closed=True, days=-20))
    assert (found.action, found.reopen) == (CaseAction.APPEND, True)
    assert "复发" in found.reason


def test_a_named_firm_comes_back_even_after_two_months():
    one, other = "鑫达化工厂又开始放气了", "鑫达化工厂夜里放气，呛人"
    found = decide(post_of(one), verdict_of(one), matter_of(other, closed=True, days=-60))
    assert (found.action, found.reopen) == (CaseAction.APPEND, True)


def test_an_old_post_found_late_does_not_reopen_a_closed_matter():
    found = decide(post_of(days=-3), verdict_of(), matter_of(closed=True, days=-1))
    assert (found.action, found.reopen) == (CaseAction.APPEND, False)


def test_an_open_matter_is_preferred_to_a_closed_one():
    closed = matter_of(case_id=1, closed=True, days=-1)
    still_open = matter_of(case_id=2, number="HY2026-000002", days=-2)
    found = decide(post_of(), verdict_of(), closed, still_open)
    assert (found.case_id, found.reopen) == (2, False)


@pytest.mark.parametrize(
    ("more", "reason"), [({"out_of_town": True}, "不在本市"), ({"is_complaint": False}, "不是投诉")]
)
def test_what_is_no_case_is_told_why(more, reason):
    found = decide(post_of(), verdict_of(**more), matter_of())
    assert (found.action, found.case_id) == (CaseAction.NONE, None)
    assert reason in found.reason


def test_a_complaint_without_a_place_waits_for_a_person_with_an_empty_area():
    found = decide(post_of(OTHER_WORDS), verdict_of(OTHER_WORDS, ()))
    assert (found.action, found.area, found.place, found.title) == (CaseAction.NEW, "", "", "恶臭异味")


def test_the_city_alone_is_no_area():
    assert decide(post_of(), verdict_of(places=(HOME,))).area == ""


def test_the_smallest_place_stands_in_the_title():
    assert title_of(("noise.construction", "air.dust"), (XUYING, LIZHUANG)) == "李庄村 施工噪声"
    assert title_of((), (SHAZHEN,)) == "沙镇镇 环境问题"


def test_a_title_never_quotes_the_citizen():
    text = "我叫王小某，电话13800000000，许营镇养鸡场太臭"
    found = decide(post_of(text), verdict_of(text))
    assert found.title == "许营镇 恶臭异味"


def test_a_signature_that_is_missing_is_like_nothing():
    found = decide(post_of(), verdict_of(signature=b""), matter_of(signature=b"", text="别的事", days=-4))
    assert found.action is CaseAction.NEW


@pytest.mark.parametrize("author", ["问政回复员", "@问政回复员", " 问政回复员 "])
def test_an_official_account_opens_no_case(author):
    text = "网友您好，许营镇养鸡场异味问题已责令改正"
    found = plan(post_of(text, author=author), verdict_of(text), (), likeness, NOW, official=["问政回复员"])
    assert (found.action, found.reason) == (CaseAction.NONE, "官方账号发布，不立案")


def test_a_citizen_is_no_official_account():
    assert not is_official("问政回复员的粉丝", ["问政回复员"])
    assert not is_official("", ["问政回复员", ""])
    assert decide(post_of(), verdict_of()).action is CaseAction.NEW


@pytest.mark.parametrize("area", ["高新区", ""])
def test_a_named_estate_joins_in_other_words_with_or_without_its_county(area):
    one, other = "澜岸云庭7号楼，昨晚施工到四点", "湖南西路澜岸云庭北侧工地又在打混凝土"
    verdict = verdict_of(one, (), kinds=("noise.construction",))
    found = decide(post_of(one), verdict, matter_of(other, unit_area=area, kinds=("noise.construction",)))
    assert found.action is CaseAction.APPEND
    assert "澜岸云庭" in found.reason


def test_a_named_firm_read_as_another_kind_is_a_question_to_a_person():
    one, other = "鲁聚源那边又飘过来一股酸味", "茌平乐平铺镇鲁聚源化工一到傍晚就排气"
    found = decide(post_of(one), verdict_of(one, (), kinds=("waste.household",)), matter_of(other))
    assert found.action is CaseAction.SUGGEST


def test_a_kind_nobody_could_tell_does_not_keep_a_named_firm_apart():
    one, other = "鲁聚源那边又飘过来一股酸味", "茌平乐平铺镇鲁聚源化工一到傍晚就排气"
    found = decide(post_of(one), verdict_of(one, (), kinds=("other",)), matter_of(other))
    assert found.action is CaseAction.APPEND


def test_two_different_estates_never_join_by_themselves_however_alike_the_words():
    one = (
        "求助！金鼎小区楼下的烧烤摊每天晚上摆到凌晨两点，油烟直往屋里灌，孩子咳嗽睡不着，打了好几次电话没人来"
    )
    other = one.replace("金鼎", "银河")
    verdict = verdict_of(one, (XUYING,), kinds=("air.cooking",))
    found = decide(post_of(one), verdict, matter_of(other, kinds=("air.cooking",)))
    assert found.action is CaseAction.SUGGEST


RIVER = Place(name="马颊河", code="371500", level="river", unit="")
COUNTY = Place(name="高唐县", code="371526", level="county", unit="371526")


@pytest.mark.parametrize(
    ("places", "days", "action"),
    [
        ((RIVER, COUNTY), -1, CaseAction.APPEND),
        ((RIVER,), -1, CaseAction.SUGGEST),
        ((RIVER,), -4, CaseAction.NEW),
    ],
)
def test_dead_fish_in_one_river_within_days_are_one_event(places, days, action):
    one, other = "马颊河里好多鱼都翻肚了", "高唐马颊河漂了一层死鱼，白花花的"
    verdict = verdict_of(one, places, kinds=("ecology",))
    known = matter_of(other, days=days, kinds=("water.industrial",), unit_area="371526", place="马颊河")
    assert decide(post_of(one), verdict, known).action is action


def test_one_street_and_kind_is_a_question_to_a_person():
    one, other = "枣乡街那帮摩托又来了", "茌平枣乡街每晚有人骑改装车"
    verdict = verdict_of(one, (), kinds=("noise.traffic",))
    found = decide(post_of(one), verdict, matter_of(other, kinds=("noise.traffic",), place=""))
    assert found.action is CaseAction.SUGGEST
    assert "枣乡街" in found.reason


def firm(*names: str) -> Named:
    return Named(enterprises=names)


def test_one_firm_of_the_table_joins_though_each_writes_it_in_his_own_way():
    one, other = "旺达那边又在煮皮子，腥臭", "高集镇胶厂味太大"
    verdict = verdict_of(one, named=firm("旺达明胶有限公司"))
    found = decide(post_of(one), verdict, matter_of(other, enterprises=("旺达明胶有限公司",)))
    assert found.action is CaseAction.APPEND
    assert "旺达明胶有限公司" in found.reason


def test_two_firms_of_one_township_are_two_matters():
    one, other = "许营镇那家厂子夜里排气呛人", "许营镇那个厂夜里又排气，呛人"
    verdict = verdict_of(one, named=firm("鑫达化工有限公司"))
    found = decide(post_of(one), verdict, matter_of(other, enterprises=("华祥化工有限公司",)))
    assert found.action is CaseAction.NEW


def test_the_same_words_about_two_villages_are_two_matters():
    one = "来电人反映许营镇前杨村南侧轴承作坊夜间加工噪音扰民，希望相关部门核实处理"
    found = decide(post_of(one), verdict_of(one), matter_of(one.replace("前杨", "后杨")))
    assert found.action is CaseAction.NEW


def test_the_same_words_about_two_townships_of_one_county_are_two_matters():
    one = "尊敬的领导，我是沙镇镇居民，村旁边的养殖场常年散发恶臭，夏天苍蝇成群，多次反映无果，恳请帮忙解决"
    other = one.replace("沙镇镇", "堂邑镇")
    tangyi = Place(name="堂邑镇", code="371502103", level="township", unit="371502")
    known = matter_of(other, unit_area="371502", place="堂邑镇", places=(tangyi,))
    assert decide(post_of(one), verdict_of(one, (SHAZHEN,)), known).action is CaseAction.NEW


def test_a_short_copy_that_names_nothing_is_a_question_to_a_person():
    one = "半夜飙车炸街的有没有人管"
    verdict = verdict_of(one, (), kinds=("noise.traffic",))
    known = matter_of(one, kinds=("noise.traffic",), unit_area="", place="")
    assert decide(post_of(one), verdict, known).action is CaseAction.SUGGEST


def test_one_plant_smelt_and_heard_is_two_matters():
    one, other = "鑫达化工厂夜里放气，呛人", "鑫达化工厂运料的大车半夜鸣笛"
    found = decide(post_of(one), verdict_of(one), matter_of(other, kinds=("noise.traffic",)))
    assert found.action is CaseAction.NEW


def test_a_text_that_names_two_firms_is_a_question_to_a_person():
    one, other = "许营镇除了宏顺塑料厂，佳友塑料厂也造粒，味更大", "许营镇宏顺塑料厂造粒味大"
    assert decide(post_of(one), verdict_of(one), matter_of(other)).action is CaseAction.SUGGEST
