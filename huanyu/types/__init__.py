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
from huanyu.types.cases import Listed
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
from huanyu.types.documents import Document
from huanyu.types.documents import Print
from huanyu.types.findings import CaseFile
from huanyu.types.findings import Measurement
from huanyu.types.grid import Grid
from huanyu.types.grid import GridMember
from huanyu.types.handling import Assignment
from huanyu.types.handling import Card
from huanyu.types.handling import Contact
from huanyu.types.handling import DueCard
from huanyu.types.handling import Extension
from huanyu.types.handling import FollowUp
from huanyu.types.handling import Recusal
from huanyu.types.handling import Reroute
from huanyu.types.handling import Running
from huanyu.types.handling import Stop
from huanyu.types.handling import UnitCount
from huanyu.types.incidents import Incident
from huanyu.types.incidents import IncidentReport
from huanyu.types.info_requests import Applicant
from huanyu.types.info_requests import Consultation
from huanyu.types.info_requests import InfoDispute
from huanyu.types.info_requests import InfoEntry
from huanyu.types.info_requests import InfoRequest
from huanyu.types.info_requests import InfoStep
from huanyu.types.inspections import BatchEntry
from huanyu.types.inspections import InspectionBatch
from huanyu.types.inspections import InspectionItem
from huanyu.types.inspections import ItemEntry
from huanyu.types.ledger import Charge
from huanyu.types.ledger import Draw
from huanyu.types.ledger import LedgerEntry
from huanyu.types.ledger import LedgerLine
from huanyu.types.ledger import LedgerSignature
from huanyu.types.ledger import LedgerStep
from huanyu.types.ledger import Listing
from huanyu.types.links import HandOverSlip
from huanyu.types.links import Link
from huanyu.types.links import Unsigned
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
from huanyu.types.people import Absence
from huanyu.types.people import Grant
from huanyu.types.people import News
from huanyu.types.people import Proof
from huanyu.types.people import Seer
from huanyu.types.people import Session
from huanyu.types.people import Shift
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
from huanyu.types.press import Activity
from huanyu.types.press import ActivityEntry
from huanyu.types.press import Answer
from huanyu.types.press import AnswerEntry
from huanyu.types.press import Attendance
from huanyu.types.press import BatchCase
from huanyu.types.press import CaseBatch
from huanyu.types.press import Conference
from huanyu.types.press import ConferencePlan
from huanyu.types.press import ContactEntry
from huanyu.types.press import MediaContact
from huanyu.types.public import PublicReport
from huanyu.types.public import Rating
from huanyu.types.public import ReportFile
from huanyu.types.rankings import Interview
from huanyu.types.rankings import InterviewEntry
from huanyu.types.rankings import Ranking
from huanyu.types.rankings import RankingSheet
from huanyu.types.rankings import Sanction
from huanyu.types.rankings import SanctionEntry
from huanyu.types.reviews import StandingRule
from huanyu.types.reviews import Vote
from huanyu.types.rewards import Claimant
from huanyu.types.rewards import Payment
from huanyu.types.rewards import ReportKnown
from huanyu.types.rewards import Reward
from huanyu.types.rewards import RewardStep
from huanyu.types.talks import Chat
from huanyu.types.talks import Piece
from huanyu.types.talks import Spoken
from huanyu.types.talks import Talk
from huanyu.types.tokens import HeardReading
from huanyu.types.tokens import Reading
from huanyu.types.tokens import Station
from huanyu.types.tokens import Token
from huanyu.types.topics import Term
from huanyu.types.topics import Topic
from huanyu.types.topics import TopicPost

__all__ = [
    "Absence",
    "AccountState",
    "Activity",
    "ActivityEntry",
    "Addressee",
    "Alarm",
    "Answer",
    "AnswerEntry",
    "Applicant",
    "ArchiveRow",
    "Assignment",
    "Attachment",
    "Attendance",
    "BatchCase",
    "BatchEntry",
    "Bulletin",
    "Card",
    "Case",
    "CaseAction",
    "CaseBatch",
    "CaseFile",
    "CaseLine",
    "CasePlan",
    "Charge",
    "Chat",
    "Claimant",
    "Clock",
    "Conference",
    "ConferencePlan",
    "Consultation",
    "Contact",
    "ContactEntry",
    "Copy",
    "CopyState",
    "Delivery",
    "Document",
    "Draft",
    "Draw",
    "DueCard",
    "Event",
    "Evidence",
    "Extension",
    "Figure",
    "Figures",
    "Finding",
    "FollowUp",
    "Followers",
    "Grant",
    "Grid",
    "GridMember",
    "HandOverSlip",
    "Health",
    "Heard",
    "HeardReading",
    "Incident",
    "IncidentReport",
    "InfoDispute",
    "InfoEntry",
    "InfoRequest",
    "InfoStep",
    "InspectionBatch",
    "InspectionItem",
    "Interview",
    "InterviewEntry",
    "ItemEntry",
    "LateChange",
    "Latency",
    "LedgerEntry",
    "LedgerLine",
    "LedgerSignature",
    "LedgerStep",
    "Link",
    "Listed",
    "Listing",
    "Mark",
    "Measurement",
    "MediaContact",
    "Message",
    "MessageState",
    "MonthCount",
    "Named",
    "News",
    "OpenMatter",
    "Opened",
    "Outgoing",
    "PaperCorrection",
    "Payment",
    "Picture",
    "Piece",
    "Place",
    "Post",
    "PostType",
    "Print",
    "Probe",
    "ProbeCheck",
    "Proof",
    "PublicCorrection",
    "PublicReport",
    "Ranking",
    "RankingSheet",
    "Rating",
    "RawPost",
    "Reading",
    "Receipt",
    "Recusal",
    "Reject",
    "Remark",
    "ReportFile",
    "ReportKnown",
    "Reroute",
    "Response",
    "Result",
    "Reward",
    "RewardStep",
    "Rhythm",
    "Route",
    "Row",
    "Running",
    "Said",
    "Sanction",
    "SanctionEntry",
    "Search",
    "Section",
    "Seen",
    "Seer",
    "Sentence",
    "Sentiment",
    "Session",
    "Shift",
    "Sighting",
    "Slip",
    "SourceKind",
    "SourceLine",
    "SourceState",
    "Spoken",
    "Standing",
    "StandingRule",
    "Station",
    "Stop",
    "StoredBulletin",
    "Stray",
    "Takeover",
    "Talk",
    "Term",
    "Token",
    "Topic",
    "TopicPost",
    "Traffic",
    "UnitCount",
    "Unsigned",
    "User",
    "Verdict",
    "Visited",
    "Vote",
    "YearCount",
]
