"""One article on many sites is one; two reports of one event are two; both databases."""

from __future__ import annotations

from datetime import timedelta

from classify import similar
from classify.reprints import Piece
from classify.reprints import same_article
from flow import cycle
from huanyu.types import RawPost
from huanyu.types import SourceKind
from tests.flow.office import NOW
from tests.flow.office import PAINT
from tests.flow.office import Office

#: Two papers each on one event, in their own words.
EVENTS = (
    (
        """3月4日晚，市生态环境局会同城管、公安等部门，对城区三处在建工地开展夜间噪声联合检查。
检查人员在凤凰苑东侧工地发现，施工单位没有取得夜间施工证明，仍在连续浇筑混凝土，现场测得噪声68.5分贝。
执法人员当场责令停工，并对施工单位立案调查。项目负责人表示，将调整工序，夜间不再进行产生噪声的作业。
家住凤凰苑3号楼的居民告诉记者，半个月来夜里机器一直响到两三点，孩子睡不好觉，打过几次热线。
市生态环境局有关负责人说，今年以来全市已检查工地127处，立案9起。下一步夜间检查将成为常态。""",
        """“终于能睡个安稳觉了。”昨天，凤凰苑小区的业主们在群里互相转告：东边那个半夜打灰的工地停了。
让大家松一口气的，是前一天晚上的一次突击行动。记者跟随检查组来到现场时，泵车还在轰鸣，刺眼的灯光照着半个小区。
检查组查验手续时，工地拿不出夜间施工的证明文件。仪器显示68.5分贝，超出了夜间限值。
带队的执法人员介绍，工地已经停工，案件正在办理，居民如再发现此类情况可随时举报。
业主委员会代表认为，光靠一次检查不够，希望在工地门口公示施工时间和联系人。""",
    ),
    (
        """本报讯 徒骇河城区段近日完成一轮排口排查。排查组沿河步行21公里，登记各类排口46个，其中雨水排口39个、混接排口7个。
市生态环境局水生态环境科负责人介绍，7个混接排口已全部移交住建部门，要求4月底前完成雨污分流改造。
排查中使用了无人船和管道机器人，对水下暗管逐一核对。对晴天出水的排口，采样送市监测中心分析。
此前有市民反映，城南闸口附近河水发黑，有死鱼漂浮。经查，原因是一段污水管破损，目前已抢修完毕。
这位负责人表示，今后每季度排查一次，结果在局官网公开，欢迎市民监督。""",
        """河水为什么发黑？家住城南闸口的陈先生把疑问发到了网上，还配了三张漂着死鱼的照片。
帖子发出第二天，一条小船出现在徒骇河上。船上没有人，屏幕前的技术员盯着水下传回的画面，不时记下编号。
他们要找的是藏在水面以下的管子。走完21公里，记录本上多了46个编号，有7个让技术员皱起眉头：不下雨，也在往外流水。
最终发现，闸口附近一段老旧污水管裂了口子，污水顺着雨水口进了河。抢修队连夜更换了管道。
陈先生上周又去看了一次，水清了一些，但味道还没有完全散去。他说会继续盯着。""",
    ),
)
AIR = """市生态环境局{day}发布城区环境空气质量日报。昨日城区空气质量指数为{aqi}，首要污染物为细颗粒物，空气质量级别为{level}。
其中，细颗粒物平均浓度为每立方米{pm}微克，可吸入颗粒物平均浓度为每立方米{pm10}微克，臭氧日最大八小时平均浓度为每立方米{o3}微克。
专家提示，老年人、儿童和有呼吸系统疾病的人应根据空气质量安排户外活动，出行尽量乘坐公共交通工具。"""
REPORTS = tuple(
    AIR.format(
        day=f"3月{day}日", aqi=60 + day * 7, level=level, pm=30 + day * 5, pm10=71 + day * 9, o3=90 + day * 3
    )
    for day, level in ((4, "良"), (5, "轻度污染"), (6, "良"))
)


def paragraphs(text: str, begin: int, end: int) -> str:
    return "\n".join(text.split("\n")[begin:end])


def reprints(text: str) -> tuple[str, ...]:
    """What other sites make of an article."""
    return (
        text,
        f"来源：水城新闻网\n{text}\n（原标题：夜查工地）\n声明：本文为转载，版权归原作者所有。",
        paragraphs(text, 0, 3),
        paragraphs(text, 0, 2),
        paragraphs(text, 1, 4),
        text.replace("记者", "本网记者").replace("昨天", "3月5日").replace("市生态环境局", "我市生态环境局"),
        f"编者按：下面这则消息值得一看。\n{paragraphs(text, 0, 4)}\n你怎么看？欢迎留言。",
    )


def piece(text: str, title: str = "") -> Piece:
    return Piece(text, similar.signature(f"{title}\n{text}"))


def test_every_reprint_is_found_and_no_second_report_is_taken_for_one():
    texts = [text for event in EVENTS for text in event] + [*REPORTS]
    same = [(text, other) for event in EVENTS for text in event for other in reprints(text)]
    apart = [(one, other) for at, one in enumerate(texts) for other in texts[at + 1 :]]
    apart += [(one, other) for one, second in EVENTS for other in reprints(second)]
    found = [same_article(piece(one, "夜查工地"), piece(other, "居民：终于能睡了")) for one, other in same]
    wrong = [same_article(piece(one), piece(other)) for one, other in apart]
    assert (sum(found), len(same), sum(wrong)) == (len(same), 28, 0)
    assert len(apart) >= 30


def test_a_short_item_must_be_nearly_the_same():
    one = "今天上午，古楼街道开展河道清理志愿活动，三十名志愿者参加。"
    assert same_article(piece(one), piece(f"{one}活动持续到中午。"))
    assert not same_article(piece(one), piece("今天上午，柳园街道开展河道清理志愿活动，五十名学生参加。"))


# --- the step


def news(number: int, text: str, hours: int, kind: SourceKind = SourceKind.NEWS) -> RawPost:
    return RawPost(
        source=f"site-{number}",
        kind=kind,
        native_id=str(number),
        url=f"http://news{number}.invalid/1.html",
        title=f"第{number}个标题",
        text=text,
        posted_at=NOW - timedelta(hours=hours),
        fetched_at=NOW - timedelta(hours=1),
    )


def arrive(office: Office, *raws: RawPost) -> dict[str, tuple[str, str]]:
    """What each source's item repeats, and why, after the items came in and the step ran."""
    store = office.desk.store
    store.posts.add(list(raws), now=NOW)
    cycle.turn(office.desk, NOW, ("understand", "reposts"))
    posts = {post.id: post for post, _ in store.posts.iterate(None)}
    return {
        post.source: (posts[post.same_as].source if post.same_as else "", post.same_why)
        for post in posts.values()
    }


def test_the_reprint_points_to_the_earliest_and_other_posts_are_left_alone(office):
    (first, second), _ = EVENTS
    told = arrive(
        office,
        news(1, paragraphs(first, 0, 3), hours=5),
        news(2, first, hours=9),
        news(3, second, hours=7),
        news(4, first, hours=6, kind=SourceKind.FORUM),
        news(5, paragraphs(first, 1, 4), hours=2),
    )
    assert told == {
        "site-1": ("site-2", "repost"),
        "site-2": ("", ""),
        "site-3": ("", ""),
        "site-4": ("", ""),
        "site-5": ("site-2", "repost"),
    }


def test_an_original_that_comes_in_late_takes_the_reprints_over(office):
    text = EVENTS[1][0]
    arrive(office, news(1, text, hours=5), news(2, text, hours=4))
    told = arrive(office, news(3, text, hours=30))
    assert told == {"site-1": ("site-3", "repost"), "site-2": ("site-3", "repost"), "site-3": ("", "")}


def test_the_same_words_after_two_weeks_are_news_again(office):
    text = EVENTS[1][0]
    told = arrive(office, news(1, text, hours=1), news(2, text, hours=15 * 24))
    assert told == {"site-1": ("", ""), "site-2": ("", "")}


def test_the_step_run_again_finds_nothing_to_do_and_the_trail_stays_whole(office):
    text = EVENTS[0][0]
    arrive(office, news(1, text, hours=5), news(2, text, hours=4))
    assert cycle.run(office.desk, "reposts", NOW) == 0
    lines = [row for row in office.desk.store.audit.listing() if row.action == "post.compare"]
    assert len(lines) == 1 and len(lines[0].ids) == 2
    assert office.desk.store.audit.verify() == []


def test_a_complaint_printed_by_three_sites_makes_one_case(office):
    told = arrive(office, *(news(number, PAINT, hours=9 - number) for number in range(1, 4)))
    assert told == {"site-1": ("", ""), "site-2": ("site-1", "repost"), "site-3": ("site-1", "repost")}
    cycle.turn(office.desk, NOW, ("open",))
    (case,) = office.desk.store.cases.iterate()
    assert case.posts == 3
