"""Which tables there are, each with the model of its rows: lists under one key, and tables of one piece."""

from __future__ import annotations

from pydantic import BaseModel

from huanyu.after_rows import AfterRow
from huanyu.api_rows import ApiTable
from huanyu.bureau import AccountRow
from huanyu.bureau import BureauRow
from huanyu.bureau import Calendar
from huanyu.bureau import ClockRow
from huanyu.bureau import EnterpriseRow
from huanyu.bureau import HeatRow
from huanyu.bureau import HintRow
from huanyu.bureau import LadderRow
from huanyu.bureau import LevelRow
from huanyu.bureau import PlaceRow
from huanyu.bureau import RecipientRow
from huanyu.bureau import RouteRow
from huanyu.bureau import SourceRow
from huanyu.bureau import UnitRow
from huanyu.bureau import WordRow
from huanyu.entry_rows import EntryTable
from huanyu.finding_rows import BasisRow
from huanyu.finding_rows import MeasureRow
from huanyu.finding_rows import QualityTable
from huanyu.form_rows import FormRow
from huanyu.handling_rows import LocalLawRow
from huanyu.incident_rows import IncidentTable
from huanyu.info_rows import InfoTable
from huanyu.intake_rows import ChannelRow
from huanyu.intake_rows import ItemTypeRow
from huanyu.intake_rows import ReasonRow
from huanyu.occasion_rows import OccasionRow
from huanyu.press_rows import ColumnRow
from huanyu.press_rows import PressTable
from huanyu.public_rows import PublicTable
from huanyu.publishing_rows import PublishingTable
from huanyu.ranking_rows import RankingTable
from huanyu.retention_rows import RetentionRow
from huanyu.review_rows import ChainRow
from huanyu.reward_rows import RewardTable
from huanyu.rule_rows import CampaignRow
from huanyu.rule_rows import MediaRow
from huanyu.rule_rows import RegulationRow
from huanyu.series import SeriesRow
from huanyu.supervision_rows import SupervisionTable
from huanyu.talk_rows import TalkTable

LISTS: dict[str, tuple[str, type[BaseModel]]] = {
    "places": ("place", PlaceRow),
    "elsewhere": ("place", PlaceRow),
    "enterprises": ("enterprise", EnterpriseRow),
    "units": ("unit", UnitRow),
    "routes": ("route", RouteRow),
    "local_law": ("law", LocalLawRow),
    "hints": ("hint", HintRow),
    "campaigns": ("campaign", CampaignRow),
    "media": ("media", MediaRow),
    "clocks": ("clock", ClockRow),
    "escalation": ("step", LadderRow),
    "sources": ("source", SourceRow),
    "accounts": ("account", AccountRow),
    "words": ("list", WordRow),
    "levels": ("level", LevelRow),
    "heat": ("term", HeatRow),
    "bulletins": ("series", SeriesRow),
    "recipients": ("recipient", RecipientRow),
    "review": ("chain", ChainRow),
    "occasions": ("occasion", OccasionRow),
    "measures": ("measure", MeasureRow),
    "bases": ("basis", BasisRow),
    "forms": ("form", FormRow),
    "item_types": ("type", ItemTypeRow),
    "channels": ("channel", ChannelRow),
    "reasons": ("reason", ReasonRow),
    "retention": ("retention", RetentionRow),
    "columns": ("column", ColumnRow),
    "regulations": ("regulation", RegulationRow),
}
SINGLES: dict[str, type[BaseModel]] = {
    "afterwards": AfterRow,
    "api": ApiTable,
    "bureau": BureauRow,
    "calendar": Calendar,
    "entries": EntryTable,
    "incidents": IncidentTable,
    "info_requests": InfoTable,
    "press": PressTable,
    "public": PublicTable,
    "publishing": PublishingTable,
    "quality": QualityTable,
    "rankings": RankingTable,
    "rewards": RewardTable,
    "supervision": SupervisionTable,
    "talk": TalkTable,
}
