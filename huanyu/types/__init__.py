"""The nouns that cross package borders, frozen, each named for its stage of the flow.

    RawPost -> Post -> Verdict -> CasePlan -> Case -> Result -> Draft -> Message -> Receipt -> Bulletin

Values only: no store, no network, no clock. Every datetime is aware.
"""

from __future__ import annotations

from huanyu.types.accounts import AccountState
from huanyu.types.accounts import Traffic
from huanyu.types.afterwards import Alarm
from huanyu.types.afterwards import Copy
from huanyu.types.afterwards import CopyState
from huanyu.types.afterwards import Followers
from huanyu.types.afterwards import Heard
from huanyu.types.afterwards import Outgoing
from huanyu.types.afterwards import PublicCorrection
from huanyu.types.afterwards import Sighting
from huanyu.types.afterwards import Stray
from huanyu.types.afterwards import Takeover
from huanyu.types.cases import Case
from huanyu.types.cases import CaseAction
from huanyu.types.cases import CasePlan
from huanyu.types.cases import Clock
from huanyu.types.cases import Event
from huanyu.types.cases import OpenMatter
from huanyu.types.cases import Result
from huanyu.types.cases import Route
from huanyu.types.circulation import Addressee
from huanyu.types.circulation import ArchiveRow
from huanyu.types.circulation import Delivery
from huanyu.types.circulation import LateChange
from huanyu.types.circulation import Mark
from huanyu.types.circulation import MonthCount
from huanyu.types.circulation import Opened
from huanyu.types.circulation import PaperCorrection
from huanyu.types.circulation import Standing
from huanyu.types.circulation import YearCount
from huanyu.types.messages import Attachment
from huanyu.types.messages import Draft
from huanyu.types.messages import Finding
from huanyu.types.messages import Health
from huanyu.types.messages import Message
from huanyu.types.messages import MessageState
from huanyu.types.messages import Picture
from huanyu.types.messages import Receipt
from huanyu.types.messages import Response
from huanyu.types.messages import Seen
from huanyu.types.messages import Slip
from huanyu.types.papers import Bulletin
from huanyu.types.papers import CaseLine
from huanyu.types.papers import Figure
from huanyu.types.papers import Figures
from huanyu.types.papers import Remark
from huanyu.types.papers import Row
from huanyu.types.papers import Said
from huanyu.types.papers import Search
from huanyu.types.papers import Section
from huanyu.types.papers import Sentence
from huanyu.types.papers import SourceLine
from huanyu.types.papers import StoredBulletin
from huanyu.types.people import User
from huanyu.types.posts import Evidence
from huanyu.types.posts import Latency
from huanyu.types.posts import Named
from huanyu.types.posts import Place
from huanyu.types.posts import Post
from huanyu.types.posts import PostType
from huanyu.types.posts import Probe
from huanyu.types.posts import ProbeCheck
from huanyu.types.posts import RawPost
from huanyu.types.posts import Reject
from huanyu.types.posts import Rhythm
from huanyu.types.posts import Sentiment
from huanyu.types.posts import SourceKind
from huanyu.types.posts import SourceState
from huanyu.types.posts import Verdict
from huanyu.types.posts import Visited
from huanyu.types.reviews import StandingRule
from huanyu.types.reviews import Vote
from huanyu.types.topics import Term
from huanyu.types.topics import Topic
from huanyu.types.topics import TopicPost

__all__ = [
    "AccountState",
    "Addressee",
    "Alarm",
    "ArchiveRow",
    "Attachment",
    "Bulletin",
    "Case",
    "CaseAction",
    "CaseLine",
    "CasePlan",
    "Clock",
    "Copy",
    "CopyState",
    "Delivery",
    "Draft",
    "Event",
    "Evidence",
    "Figure",
    "Figures",
    "Finding",
    "Followers",
    "Health",
    "Heard",
    "LateChange",
    "Latency",
    "Mark",
    "Message",
    "MessageState",
    "MonthCount",
    "Named",
    "OpenMatter",
    "Opened",
    "Outgoing",
    "PaperCorrection",
    "Picture",
    "Place",
    "Post",
    "PostType",
    "Probe",
    "ProbeCheck",
    "PublicCorrection",
    "RawPost",
    "Receipt",
    "Reject",
    "Remark",
    "Response",
    "Result",
    "Rhythm",
    "Route",
    "Row",
    "Said",
    "Search",
    "Section",
    "Seen",
    "Sentence",
    "Sentiment",
    "Sighting",
    "Slip",
    "SourceKind",
    "SourceLine",
    "SourceState",
    "Standing",
    "StandingRule",
    "StoredBulletin",
    "Stray",
    "Takeover",
    "Term",
    "Topic",
    "TopicPost",
    "Traffic",
    "User",
    "Verdict",
    "Visited",
    "Vote",
    "YearCount",
]
