"""Who and what the story of S4 is told with: its words, its units, where it has got to, and what its papers say."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass
from dataclasses import field
from datetime import datetime
from datetime import timedelta

import pypdfium2

from huanyu.types import Case
from huanyu.types import User
from tests.flow.office import NOW
from tests.flow.office import Office

SQUAD, BRANCH, TOWN, POWER = "zhifa", "gaoxinqu", "xuying", "gongdian"
EVENING = NOW.replace(hour=20, minute=10)
REPORTER = {"name": "柳闻莺", "phone": "13906350177", "handle": "湖畔闻莺"}
CLUE = (
    "许营镇赵庄北头的鑫岭纸制品厂后墙有暗管，一到夜里就往沟里偷排黑水，味道刺鼻，庄稼都死了一片，"
    "我叫柳闻莺，电话13906350177，群里老秦也看见了"
)
AGAIN = "许营镇赵庄北头的鑫岭纸制品厂后墙又装了暗管，一到夜里就往沟里偷排黑水，味道刺鼻，庄稼都死了一片，没过几天又来了"
WITNESS = "许营镇赵庄北头那家纸厂后墙暗管夜里往沟里排黑水，好几户都闻到了"
ANSWER = "经查，您反映的情况属实。厂区后墙暗管已封堵，供电部门已对其断电，依法取缔，欢迎继续监督。"


#: What works at night: everything of a turn that follows from a person's step, and what waits for the clock.
NIGHTLY = ("hand_over_watch", "circulate", "plan_cards", "cards", "deliver")
LINK = re.compile(r"/l/([A-Za-z0-9_-]{22})")
TOWN_MAIL, POWER_MAIL = "xuying@zhen.example.org", "diaodu@gongdian.example.org"
#: A town that does not log in, and the company that cuts the power off.
UNITS = f"""
[[unit]]
key = "{TOWN}"
name = "许营镇人民政府"
short = "许营镇"
kind = "outside"
department = "镇政府"
mail = "{TOWN_MAIL}"
login = false
source = "例"
valid_from = 2019-01-01

[[unit]]
key = "{POWER}"
name = "聊城供电公司"
short = "供电公司"
kind = "outside"
department = "供电"
mail = "{POWER_MAIL}"
source = "例"
valid_from = 2019-01-01
"""


@dataclass
class Story:
    """The office and where the story has got to."""

    office: Office
    now: datetime = EVENING
    case_id: int = 0
    said: list[str] = field(default_factory=list)  #: everything that left or can be taken out

    @property
    def case(self) -> Case:
        return self.office.desk.store.cases.get(self.case_id)

    def at(self, hour: int, minute: int, days: int = 0) -> datetime:
        self.now = EVENING.replace(hour=hour, minute=minute) + timedelta(days=days)
        return self.now

    @property
    def handler(self) -> User:
        return self.office.handler(self.case.unit)

    def mails(self, to: str, about: str) -> list[str]:
        """Mails to one address about one thing, in the order they came."""
        sent = self.office.platforms.mail.published
        return [mail.text for mail in sent if to in mail.recipients and about in mail.text]


def docx_text(body: bytes) -> str:
    """Every part of a DOCX that is XML, properties and comments too."""
    with zipfile.ZipFile(io.BytesIO(body)) as parts:
        return "".join(
            parts.read(name).decode() for name in parts.namelist() if name.endswith((".xml", ".rels"))
        )


def pdf_text(body: bytes) -> str:
    """What stands on the pages of a PDF and in its properties."""
    file = pypdfium2.PdfDocument(body)
    pages = "".join(page.get_textpage().get_text_range() for page in file)
    return pages + repr(file.get_metadata_dict())
