"""The configuration of the demo's desk: huanyu.toml, sources, accounts and secrets, all pointing at local servers.

Tables not written here are the shipped ones. Knows the shape of the tables, not what the servers do.
"""

from __future__ import annotations

import json
import os
import re
import tomllib
from collections.abc import Iterable
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from pathlib import Path

from pydantic import BaseModel

from demo import city as home
from demo import cover
from demo.city import City
from demo.platforms.smtp import SmtpPlatform
from demo.platforms.telegram import TelegramPlatform
from demo.platforms.wechat import WechatPlatform
from demo.platforms.wechat_talk import PUSH_TOKEN
from demo.platforms.wechat_talk import WELCOME
from demo.platforms.weibo import WeiboPlatform
from demo.sites import Sites
from demo.sites import weibo
from demo.sites.content import OWN_ID
from huanyu import shipped
from huanyu import together
from huanyu.bureau import AccountRow
from huanyu.bureau import BureauRow
from huanyu.bureau import SourceRow
from huanyu.config import SHIPPED
from huanyu.errors import Conflict
from huanyu.publishing_rows import PublishingTable
from huanyu.types import SourceKind

PERMISSION = "演示：本机站点，由演示程序自己提供，无需他人许可"
#: Counties and words under which people complain. The city's name would find every post that calls our account.
KEYWORDS = (
    *("茌平", "临清", "冠县", "莘县", "阳谷", "东阿", "高唐", "度假区", "经开区"),
    *("聊城", "徒骇河", "马颊河", "失眠", "垃圾", "环保", "臭", "污染"),
)
ACCOUNTS = {"水城早知道": "5500000002", "莘县生态播报": "5500000003"}
DATA, COVER = "data", "cover.png"  #: folder of the desk's data, and in it the picture above WeChat articles


@dataclass(frozen=True, slots=True)
class Platforms:
    """Where the demo publishes; all of them are running."""

    weibo: WeiboPlatform
    wechat: WechatPlatform
    telegram: TelegramPlatform
    mail: SmtpPlatform


def write_config(
    folder: Path,
    sites: Sites,
    platforms: Platforms,
    *,
    console_port: int = 8460,
    public_port: int = 0,
    public_url: str = "",
    callback_port: int = 0,
    city: City | None = None,
) -> Path:
    """Write the demo's configuration into `folder`; returns the path of huanyu.toml.

    `public_url`: where the pages of results can be opened; "" keeps the shipped bureau's example address.
    `public_port`: of the pages for citizens; 0 = there are none. `callback_port`: where the local WeChat calls; 0 = nowhere.
    """
    city = city or home.city()
    tables = folder / "config"
    tables.mkdir(parents=True, exist_ok=True)
    _demand_same(tables, city)
    _write_tables(tables, sites, platforms, public_url, city)
    _write_secrets(folder / "secrets.toml", platforms)
    (folder / DATA).mkdir(exist_ok=True)
    (folder / DATA / COVER).write_bytes(cover.png())
    settings = {
        "data_dir": DATA,
        "config_dir": "config",
        "secrets_file": "secrets.toml",
        "publish_live": True,
        "second_factor": "never",  # whoever tries the demo has no telephone of its people
        "notify_live": True,
        "console_port": console_port,
        "console_url": f"http://127.0.0.1:{console_port}",
        "callback_port": callback_port,
        "public_port": public_port,
        "public_url": f"http://127.0.0.1:{public_port}" if public_port else "",
        "smtp_host": platforms.mail.host,
        "smtp_port": platforms.mail.port,
        "smtp_from": "desk@demo.invalid",
        "contact": "demo; local only",
    }
    return _write(folder / "huanyu.toml", _keys(settings))


def _demand_same(tables: Path, city: City) -> None:
    """Raises Conflict where another bureau's demo lies in the folder: its posts and cases would be mixed."""
    path = tables / "bureau.toml"
    if not path.is_file():
        return
    played = BureauRow(**tomllib.loads(path.read_text(encoding="utf-8"))).key or shipped.bureaus()[0]
    if played != city.bureau:
        raise Conflict(f"{tables.parent} 里是 {played} 的演示, 请换一个文件夹")


def _write_tables(tables: Path, sites: Sites, platforms: Platforms, public_url: str, city: City) -> None:
    own = shipped.tables(city.bureau)
    for name in own.keys() - {"sources", "accounts", "publishing", "talk", "units", "bureau"}:
        of_others = name in together.OF_THE_PLACES and own["places"].parent != SHIPPED
        if own[name].parent != SHIPPED or (of_others and name == "elsewhere"):
            _write(tables / f"{name}.toml", own[name].read_text(encoding="utf-8"))
    _write(tables / "sources.toml", city.told(_rows("source", _sources(sites))))
    _write(tables / "accounts.toml", city.told(_rows("account", _accounts(platforms))))
    _write(tables / "publishing.toml", _publishing())
    _write(tables / "talk.toml", _talk())
    _write(tables / "units.toml", own["units"].read_text(encoding="utf-8-sig") + "\n" + city.units)
    _write(tables / "bureau.toml", _bureau(own["bureau"], public_url))


def _sources(sites: Sites) -> Iterable[SourceRow]:
    yield from _weibo_sources(sites)
    yield _source("forum", "鲁西生活圈论坛", "discuz", base_url=sites.forum.url, boards=("2", "36"))
    yield _source("old-forum", "水城论坛（GBK）", "discuz", base_url=sites.old_forum.url, boards=("7", "9"))
    yield _source("news-rss", "水城晨讯", "feed", urls=(f"{sites.news.url}/rss.xml",))
    yield _source("news-atom", "鲁西观察", "feed", urls=(f"{sites.news.url}/atom.xml",))
    yield _source("failing", "运河新闻（服务器出错）", "feed", urls=(f"{sites.failing.url}/rss.xml",))
    yield _source("dead", "老城论坛（已关站）", "discuz", base_url=sites.dead.url, boards=("1",))
    yield _source("hotline-12345", "12345热线导出", "import", SourceKind.HOTLINE)


def _weibo_sources(sites: Sites) -> Iterable[SourceRow]:
    mobile, accounts = sites.mobile.url, tuple(ACCOUNTS.values())
    yield _source(
        "weibo-mentions",
        "微博@本账号",
        "weibo",
        mode="mentions",
        base_url=f"{sites.weibo.url}/2",
        secret="weibo_read_token",  # noqa: S106 - a name, not a token
    )
    yield _source(
        "weibo-search",
        "微博关键词",
        "weibo",
        mode="search",
        base_url=mobile,
        keywords=KEYWORDS,
        permission=PERMISSION,
    )
    for key, name, mode in (
        ("weibo-accounts", "本地微博账号", "timeline"),
        ("weibo-comments", "本地微博账号的评论", "comments"),
    ):
        yield _source(
            key, name, "weibo", mode=mode, base_url=mobile, accounts=accounts, permission=PERMISSION
        )
    yield _source(
        "weibo-wall",
        "微博关键词（登录失效）",
        "weibo",
        mode="search",
        base_url=sites.wall.url,
        keywords=("聊城",),
        permission=PERMISSION,
    )
    yield _source(
        "weibo-closed", "微博账号（无许可）", "weibo", mode="timeline", base_url=mobile, accounts=(OWN_ID,)
    )


KINDS = {"weibo": SourceKind.WEIBO, "discuz": SourceKind.FORUM, "feed": SourceKind.NEWS}


def _source(key: str, name: str, spider: str, kind: SourceKind | None = None, **more: object) -> SourceRow:
    return SourceRow.model_validate(
        {"key": key, "name": name, "spider": spider, "kind": kind or KINDS[spider], "pace": 0.0, **more}
    )


def _accounts(platforms: Platforms) -> Iterable[AccountRow]:
    yield AccountRow(key="site", channel="site", name="办理结果公开页", verified=True)
    yield AccountRow(
        key="weibo",
        channel="weibo",
        name="聊城环境（演示）",
        base_url=platforms.weibo.api,
        user_id=platforms.weibo.user_id,
        secret="weibo_token",  # noqa: S106 - a name, not a token
        operator_ip="203.0.113.10",
        verified=True,
    )
    yield AccountRow(
        key="wechat",
        channel="wechat",
        name="聊城生态环境（演示）",
        base_url=platforms.wechat.api,
        app_id=platforms.wechat.app_id,
        secret="wechat_secret",  # noqa: S106
        cover=COVER,
        auto_replies=(WELCOME,),
        push_url=platforms.wechat.push_url,
        push_token="wechat_push_token",  # noqa: S106
        verified=True,
    )
    yield AccountRow(
        key="telegram",
        channel="telegram",
        name="环境处理结果频道（演示）",
        base_url=platforms.telegram.api,
        chat_id="@huanyu_demo",
        secret="telegram_token",  # noqa: S106
        verified=True,
    )
    yield AccountRow(key="mail", channel="mail", name="转办通知邮箱（演示）", verified=True)


def _publishing() -> str:
    """The shipped quotas without quiet hours: whoever looks at the demo at night wants to see it publish."""
    kept = PublishingTable(**tomllib.loads((SHIPPED / "publishing.toml").read_text(encoding="utf-8-sig")))
    return _rows("quota", kept.quota)


def _talk() -> str:
    """The shipped texts with both accounts listening, and cases made after a minute: nobody waits ten to try it."""
    text = (SHIPPED / "talk.toml").read_text(encoding="utf-8-sig")
    wanted = {"wechat": '"wechat"', "telegram": '"telegram"', "citizen_intake": "true"}
    wanted |= {"gather_minutes": "1", "poll_seconds": "1"}
    for key, value in wanted.items():
        text = re.sub(rf"(?m)^{key} = \S+", f"{key} = {value}", text)
    return text


def _bureau(path: Path, public_url: str) -> str:
    row = BureauRow(**tomllib.loads(path.read_text(encoding="utf-8-sig")))
    return _keys(_told(row.model_copy(update={"public_url": public_url or row.public_url})))


def _write_secrets(path: Path, platforms: Platforms) -> None:
    """Tokens of the local servers; a key that is already kept there stays."""
    if not path.exists():
        path.touch(mode=0o600)
    kept = tomllib.loads(path.read_text(encoding="utf-8"))
    tokens = {
        "weibo_read_token": weibo.TOKEN,
        "weibo_token": platforms.weibo.token,
        "wechat_secret": platforms.wechat.secret,
        "wechat_push_token": PUSH_TOKEN,
        "telegram_token": platforms.telegram.token,
    }
    _write(path, _keys({**kept, **tokens}))


# --- TOML -----------------------------------------------------------------------------------------------------


def _rows(key: str, rows: Iterable[BaseModel]) -> str:
    return "\n".join(f"[[{key}]]\n{_keys(_told(row))}" for row in rows)


def _told(row: BaseModel) -> dict[str, object]:
    return row.model_dump(exclude_defaults=True)


def _keys(values: Mapping[str, object]) -> str:
    return "".join(f"{name} = {_value(value)}\n" for name, value in values.items())


def _value(value: object) -> str:
    # JSON's strings, numbers, booleans and lists are TOML as they stand
    return value.isoformat() if isinstance(value, time) else json.dumps(value, ensure_ascii=False)


def _write(path: Path, text: str) -> Path:
    """Write beside, then rename: a demo killed half-way leaves the old file or the new one."""
    beside = path.with_suffix(".new")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    return beside.replace(path)
