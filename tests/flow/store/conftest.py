"""Invented people and complaints of 聊城 for the store's tests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from huanyu.store import Store
from huanyu.types import Case
from huanyu.types import CaseAction
from huanyu.types import CasePlan
from huanyu.types import Clock
from huanyu.types import Draft
from huanyu.types import Extension
from huanyu.types import Place
from huanyu.types import PostType
from huanyu.types import RawPost
from huanyu.types import Reject
from huanyu.types import Result
from huanyu.types import Route
from huanyu.types import Sentiment
from huanyu.types import SourceKind
from huanyu.types import Verdict

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 3, 10, 9, 30, tzinfo=SHANGHAI)
ROUTE = Route(
    unit="dongchangfu", department="生态环境", assist=("城管",), rule="r1", why="工业废气归生态环境"
)


@dataclass(frozen=True)
class Make:
    """Builds nouns, and drives a case to the state a test starts from."""

    store: Store
    now: datetime = NOW

    def raw(self, native_id="1", **more) -> RawPost:
        values = {
            "source": "weibo_mentions",
            "kind": SourceKind.WEIBO,
            "native_id": native_id,
            "url": f"https://weibo.example.org/{native_id}",
            "text": f"许营镇夜里又有刺鼻气味, 第{native_id}次了",
            "author": "湖畔行人",
            "fetched_at": self.now,
            "posted_at": self.now - timedelta(hours=1),
            "raw": f'{{"id": "{native_id}"}}'.encode(),
            "raw_type": "application/json",
        }
        return RawPost(**(values | more))

    def reject(self, line="甲,乙") -> Reject:
        return Reject(
            source="import", where="a.csv 第 3 行", reason="列数不对", payload=line.encode(), at=self.now
        )

    def verdict(self, complaint=True, **more) -> Verdict:
        values = {
            "type": PostType.COMPLAINT if complaint else PostType.OPINION,
            "complaint": 0.9 if complaint else 0.1,
            "kinds": ("air.odour", "air.industrial") if complaint else (),
            "sentiment": Sentiment.NEGATIVE,
            "urgent": False,
            "unsure": False,
            "is_complaint": complaint,
            "places": (Place(name="许营镇", code="371502104", level="township", unit="371502"),),
            "out_of_town": False,
            "signature": b"\x01\x02\x00\xff",
            "why": ("刺鼻", "气味"),
            "tokens": "许营镇 夜里 刺鼻 气味",
            "model": "test-1",
        }
        return Verdict(**(values | more))

    def plan(self, post_id, action=CaseAction.NEW, **more) -> CasePlan:
        values = {
            "reason": "没有同一事项",
            "title": "许营镇 恶臭异味",
            "kinds": ("air.odour",),
            "area": "371502",
            "place": "许营镇",
        }
        return CasePlan(post_id=post_id, action=action, **(values | more))

    def post(self, native_id="1", complaint=True, **more) -> int:
        """Store a post with its verdict; returns its id."""
        (post_id,) = self.store.posts.add([self.raw(native_id, **more)], self.now).new
        self.store.posts.save_verdicts([(post_id, self.verdict(complaint))], self.now)
        return post_id

    def case(self, native_id="1", **more) -> Case:
        """A new case, state pending."""
        case_id = self.store.cases.apply(self.plan(self.post(native_id), **more), self.now)
        return self.store.cases.get(case_id)

    def clocks(self, hours=48) -> tuple[Clock, ...]:
        return (
            Clock(name="first_response", due=self.now + timedelta(hours=hours), why="48小时"),
            Clock(name="handling", due=self.now + timedelta(days=10), provisional=True, why="10日"),
            Clock(name="sign", due=self.now + timedelta(days=1), why="1日"),
        )

    def extension(self, case, clock="handling") -> Extension:
        """More time asked for, not decided."""
        return Extension(
            id=0,
            case_id=case.id,
            round=case.round,
            clock=clock,
            asked_by="李岚",
            asked_at=self.now,
            reason="待检测结果",
            amount=5,
            unit="working_days",
            old_due=self.now,
            new_due=self.now + timedelta(days=7),
        )

    def notice(self, case) -> Draft:
        return Draft(
            channel="mail",
            account="office",
            purpose="notice",
            text="转办单",
            title="转办",
            case_id=case.id,
            recipient="dongchangfu@sthj.example.org",
        )

    def assigned(self, native_id="1") -> Case:
        case = self.case(native_id)
        return self.store.moves.assign(case, ROUTE, self.clocks(), self.notice(case), self.now)

    def handled(self, native_id="1") -> Case:
        signed = self.store.moves.move(
            self.assigned(native_id), "signed", action="signed", note="已签收", actor="李岚", now=self.now
        )
        return self.store.moves.move(
            signed,
            "handled",
            action="result",
            note="属实",
            actor="李岚",
            now=self.now,
            result=self.result(),
        )

    def result(self) -> Result:
        return Result(
            finding="属实",
            visited_at=self.now,
            found="现场检查发现废气收集罩破损",
            measure="责令立即停产检修",
            internal_report="内部情况",
            recorded_by="lilan",
            recorded_at=self.now,
        )

    def drafts(self, case) -> tuple[Draft, ...]:
        common = {"purpose": "reply", "case_id": case.id, "text": "您反映的问题已查处"}
        return (
            Draft(channel="site", account="site", title="许营镇 恶臭异味", **common),
            Draft(channel="weibo", account="weibo", after="site", reply_to="1", **common),
        )

    def replying(self, native_id="1") -> tuple[Case, list[int]]:
        case = self.handled(native_id)
        ids = self.store.outbox.add_drafts(
            case, self.drafts(case), to="replying", author="lilan", now=self.now
        )
        return self.store.cases.get(case.id), ids


@pytest.fixture
def now() -> datetime:
    """A Tuesday morning."""
    return NOW


@pytest.fixture
def route() -> Route:
    """A route to a unit."""
    return ROUTE


@pytest.fixture
def make(store: Store) -> Make:
    """The builder, on the test's store."""
    return Make(store)
