"""What somebody said on a chat platform becomes an item: words, pictures, recordings and place together, once.

Of words alone in which the reader finds no complaint no case is made: they are a post like any other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from datetime import timedelta
from typing import Final
from typing import Protocol

import structlog

import cases.intake
import cases.lifecycle
from classify.similar import likeness
from flow import case_files
from flow import entries
from flow import receiving
from flow import registering
from flow import steps
from flow.batch import BATCH
from flow.batch import each
from flow.case_files import Upload
from flow.desk import Desk
from flow.entries import Entry
from flow.known import Known
from huanyu.errors import BadInput
from huanyu.errors import ChannelError
from huanyu.errors import Refused
from huanyu.intake_rows import ChannelRow
from huanyu.store.audit import SYSTEM
from huanyu.text import without_position
from huanyu.types import Case
from huanyu.types import CaseAction
from huanyu.types import Piece
from huanyu.types import Post
from huanyu.types import Talk
from publisher.channels import telegram_bot
from publisher.channels.telegram_bot import TelegramBot
from publisher.channels.wechat_media import WechatMedia

log = structlog.get_logger()

HOW: Final = "群众在平台上反映"
NAMES: Final = {"picture": "照片", "sound": "语音", "place": "位置"}
FIRST: Final = timedelta(minutes=1)  # until what could not be fetched is tried again, doubled each time …
LONGEST: Final = timedelta(hours=6)  # … up to this
DIGITS: Final = 15  # of a talk's number


class Fetcher(Protocol):
    """Whoever has the bytes of a picture or recording."""

    def fetch(self, media_id: str) -> bytes:
        """The bytes; raises Refused where they are gone, another ChannelError for another time."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """A talk with its files at hand."""

    talk: Talk
    pieces: tuple[Piece, ...]
    files: tuple[Upload, ...]
    lost: tuple[str, ...]  #: why a file is not there


def take_up(desk: Desk, now: datetime) -> int:
    """Make items of what people have finished saying; returns how many talks were looked at."""
    due = desk.store.talks.due(now, BATCH)
    if not due:
        return 0
    with desk.memory.of(now) as known:
        return each("talks", due, lambda talk: take(desk, talk, known, now))


def take(desk: Desk, talk: Talk, known: Known, now: datetime) -> None:
    """One talk: an item, a post, or once more later, when its pictures can be fetched."""
    pieces = tuple(desk.store.talks.pieces(talk))
    last = talk.tries + 1 >= desk.bureau.talk.media_tries
    try:
        case_id = _keep(desk, _gathered(desk, talk, pieces, last), known, now)
    except (ChannelError, BadInput) as problem:
        log.warning("talk_later", talk=talk.id, why=str(problem.args[0]))
        desk.store.talks.later(talk, now + min(FIRST * 2 ** min(talk.tries, 20), LONGEST), now)
        return
    if case_id is not None:
        known.learn(case_id)


def _keep(desk: Desk, found: Gathered, known: Known, now: datetime) -> int | None:
    """The item or post, and that it is there, in one transaction; returns the case of an item."""
    talk, pieces = found.talk, found.pieces
    channel = channel_of(desk, talk, now)
    entry = entry_of(desk, channel, found)
    with desk.store.together():
        if is_item(desk, found):
            case_id, post_id = _entered(desk, entry, known, now)
            desk.store.talks.taken(talk, len(pieces), now, case_id=case_id, post_id=post_id)
            return case_id
        post_id = registering.keep_words(desk, entry, channel, SYSTEM, now).new[0]
        desk.store.talks.taken(talk, len(pieces), now, post_id=post_id)
        return None


def _entered(desk: Desk, entry: Entry, known: Known, now: datetime) -> tuple[int, int]:
    """The case an item became or joined, and its post."""
    into = _joins(desk, entry, known, now)
    item = registering.item_of(desk, entry, SYSTEM, now, into, HOW)
    case = desk.store.registry.enter(item, SYSTEM, now).case
    post = next(one for one in desk.store.cases.posts(case.id) if one.native_id == entry.token)
    if into is not None:
        steps.tighten(desk, case.id, post, now)
    return case.id, post.id


def _joins(desk: Desk, entry: Entry, known: Known, now: datetime) -> Case | None:
    """The open case intake would join such a post to by itself; None where there is none or a person is to look."""
    entry = entries.tidied(entry)
    text = registering.kept_text(entry)
    verdict, post = registering.verdict_of(desk, entry, text), registering.post_of(desk, entry, text, now)
    near = known.near(cases.intake.complaint_of(post, verdict, now))
    plan = cases.intake.plan(post, verdict, near, likeness, now)
    case = desk.store.cases.get(plan.case_id) if plan.action is CaseAction.APPEND and plan.case_id else None
    return case if case and case.joined_into is None and cases.lifecycle.is_open(case.state) else None


def channel_of(desk: Desk, talk: Talk, now: datetime) -> ChannelRow:
    """The channel items of this platform come by."""
    table = desk.bureau.talk
    key = table.wechat_channel if talk.platform == "wechat" else table.telegram_channel
    return receiving.channel_of(desk, key, now)


def is_item(desk: Desk, found: Gathered) -> bool:
    """Whether a case is made at once: a file or a place was sent, or the words may be a complaint."""
    if any(piece.kind != "text" for piece in found.pieces):
        return True
    verdict = desk.reader.read([_words(found.pieces)])[0]
    return verdict.is_complaint or verdict.unsure


def token_of(talk: Talk) -> str:
    """By which the post that came of a talk is known."""
    return f"talk-{talk.platform}-{talk.id}"


def talk_of(desk: Desk, post: Post) -> Talk | None:
    """The talk a post came of; None for any other post."""
    key = post.native_id.rpartition("-")[2]
    if post.source != registering.SOURCE or not key.isdecimal() or len(key) > DIGITS:
        return None
    talk = desk.store.talks.get(int(key))
    return talk if talk is not None and token_of(talk) == post.native_id else None


def entry_of(desk: Desk, channel: ChannelRow, found: Gathered) -> Entry:
    """A talk as what a person would have typed in."""
    words = _words(found.pieces)
    sent = [f"{NAMES[kind]} {count} 份" for kind in NAMES if (count := _count(found.pieces, kind))]
    told = [
        _words([piece for piece in found.pieces if piece.kind != "place"]),
        f"（来件附{'、'.join(sent)}）" if sent else "",
        *found.lost,
    ]
    pinned = next((piece.text for piece in found.pieces if piece.kind == "place"), "")
    spot = cases.intake.spot_of(desk.reader.read([words])[0].places)
    behind = pinned if without_position(pinned) else f"{spot}（{pinned}）" if spot and pinned else pinned
    return Entry(
        token=token_of(found.talk),
        type=channel.type,
        channel=channel.key,
        text="\n".join(line for line in told if line),
        learned_at=found.talk.begun_at,
        place=behind or spot or registering.NOWHERE,
        reporter={"handle": found.pieces[0].sender, "group": channel.name},
        files=found.files,
    )


def fetcher(desk: Desk, talk: Talk) -> Fetcher:
    """Who has the pictures of this talk; raises Refused where its account is gone."""
    account = desk.bureau.account(talk.account)
    if account is None:
        raise Refused("收消息的账号已不在 accounts.toml 中")
    if talk.platform == telegram_bot.PLATFORM:
        return TelegramBot(account, desk.config.secret(account.secret))
    return WechatMedia(account, desk.config.secret(account.secret))


def _gathered(desk: Desk, talk: Talk, pieces: Sequence[Piece], last: bool) -> Gathered:
    """The talk with its files; raises ChannelError where one is to be had later, unless this is the last time."""
    files: list[Upload] = []
    lost: list[str] = []
    most = desk.bureau.quality.most_files
    wanted = [piece for piece in pieces if piece.media_id]
    source = fetcher(desk, talk) if wanted else None
    for number, piece in enumerate(wanted, start=1):
        name = f"{NAMES.get(piece.kind, '附件')}{number}"
        try:
            if source is None or len(files) >= most:
                raise Refused(f"一件最多 {most} 个附件")
            files.append(_looked_at(desk, Upload(name=name, body=source.fetch(piece.media_id))))
        except (Refused, BadInput) as problem:
            if isinstance(problem, Refused) and problem.whole_account and not last:
                raise  # the account is to be mended, not the picture given up
            lost.append(f"（{name}没有收下：{problem.args[0]}）")
        except ChannelError:
            if not last:
                raise
            lost.append(f"（{name}多次没有取到）")
    return Gathered(talk, tuple(pieces), tuple(files), tuple(lost))


def _looked_at(desk: Desk, one: Upload) -> Upload:
    """The same, if it is what may be kept; raises BadInput."""
    case_files.handed_in(desk.bureau.quality, [one])
    return one


def _words(pieces: Sequence[Piece]) -> str:
    said = [f"语音：{one.text}" if one.kind == "sound" else one.text for one in pieces if one.text]
    return "\n".join(said)


def _count(pieces: Sequence[Piece], kind: str) -> int:
    return sum(piece.kind == kind for piece in pieces)
