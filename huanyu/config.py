"""The only reader of the environment, of huanyu.toml and of the tables under config/.

A mistake in a file is told with file, line and key; nothing is silently ignored.
"""

from __future__ import annotations

import os
import re
import secrets as random
import stat
import tomllib
from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic import ConfigDict
from pydantic import ValidationError
from pydantic_settings import BaseSettings
from pydantic_settings import PydanticBaseSettingsSource
from pydantic_settings import SettingsConfigDict

from huanyu.bureau import AccountRow
from huanyu.bureau import Bureau
from huanyu.bureau import BureauRow
from huanyu.bureau import Calendar
from huanyu.bureau import ClockRow
from huanyu.bureau import LevelRow
from huanyu.bureau import PlaceRow
from huanyu.bureau import RouteRow
from huanyu.bureau import SourceRow
from huanyu.bureau import UnitRow
from huanyu.bureau import WordRow
from huanyu.errors import ConfigError

SHIPPED = Path(__file__).resolve().parent.parent / "config"
LISTS: dict[str, tuple[str, type[BaseModel]]] = {
    "places": ("place", PlaceRow),
    "units": ("unit", UnitRow),
    "routes": ("route", RouteRow),
    "clocks": ("clock", ClockRow),
    "sources": ("source", SourceRow),
    "accounts": ("account", AccountRow),
    "words": ("list", WordRow),
    "levels": ("level", LevelRow),
}
SINGLES: dict[str, type[BaseModel]] = {"bureau": BureauRow, "calendar": Calendar}


class Settings(BaseSettings):
    """huanyu.toml; HUANYU_<KEY> in the environment wins over the file."""

    model_config = SettingsConfigDict(env_prefix="HUANYU_", extra="forbid", frozen=True)

    database: str = ""  #: "" = SQLite in data_dir
    data_dir: Path = Path("huanyu-data")
    config_dir: Path | None = None  #: tables of this bureau; a table missing there is the shipped one
    publish_live: bool = False  #: False = dry run: accounts post nothing
    notify_live: bool = False  #: False = dry run: no mail leaves
    console_host: str = "127.0.0.1"
    console_port: int = 8460
    console_url: str = "http://127.0.0.1:8460"
    smtp_host: str = ""
    smtp_port: int = 25
    smtp_from: str = "huanyu@localhost"
    smtp_tls: bool = False
    secrets_file: Path | None = None
    contact: str = ""  #: printed in the crawler's User-Agent

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Environment before file, nothing else."""
        return env_settings, init_settings


class Config(BaseModel):
    """Everything one desk is told: settings, secrets, tables."""

    model_config = ConfigDict(frozen=True, arbitrary_types_allowed=True)

    path: Path | None
    home: Path  #: relative paths in huanyu.toml start here
    settings: Settings

    @classmethod
    def load(cls, path: Path | None = None) -> Config:
        """Read huanyu.toml: the path given, else HUANYU_CONFIG, else ./huanyu.toml, else defaults.

        Raises ConfigError naming file, line and key.
        """
        found = path or _from_environment()
        if found is None:
            return cls(path=None, home=Path.cwd(), settings=Settings())
        if not found.is_file():
            raise ConfigError(f"找不到配置文件 {found}")
        text, data = _read(found)
        try:
            settings = Settings(**data)
        except ValidationError as problem:
            raise ConfigError(_explain(found, text, problem)) from problem
        return cls(path=found.resolve(), home=found.resolve().parent, settings=settings)

    @property
    def data_dir(self) -> Path:
        """Where this desk keeps its files; made on first use."""
        folder = self.home / self.settings.data_dir
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    @property
    def database(self) -> str:
        return self.settings.database or f"sqlite:///{(self.data_dir / 'huanyu.db').as_posix()}"

    @property
    def site_dir(self) -> Path:
        return self.data_dir / "site"

    @property
    def secrets_path(self) -> Path:
        named = self.settings.secrets_file
        return self.home / named if named else self.data_dir / "secrets.toml"

    @cached_property
    def bureau(self) -> Bureau:
        """The tables, checked against each other; raises ConfigError."""
        folder = self.home / self.settings.config_dir if self.settings.config_dir else SHIPPED
        return load_bureau(folder)

    def secret(self, name: str) -> str:
        """A token or password by name; "" when there is none."""
        if not name:
            return ""
        return os.environ.get(f"HUANYU_SECRET_{name.upper()}") or _secrets(self.secrets_path).get(name, "")

    @property
    def store_key(self) -> str:
        """The key of the encrypted table and the audit digests; made on first use, kept with the secrets."""
        return self.secret("store_key") or _make_key(self.secrets_path)


def load_bureau(folder: Path) -> Bureau:
    """Read every table from `folder`, falling back to the shipped one per file; raises ConfigError."""
    tables: dict[str, Any] = {name: _single(folder, name, model) for name, model in SINGLES.items()}
    for name, (key, model) in LISTS.items():
        tables[name] = _rows(_table_path(folder, name), key, model)
    bureau = Bureau(**tables)
    _check_references(folder, bureau)
    return bureau


def _from_environment() -> Path | None:
    named = os.environ.get("HUANYU_CONFIG")
    if named:
        return Path(named)
    local = Path("huanyu.toml")
    return local if local.is_file() else None


def _table_path(folder: Path, name: str) -> Path:
    own = folder / f"{name}.toml"
    return own if own.is_file() else SHIPPED / f"{name}.toml"


def _read(path: Path) -> tuple[str, dict[str, Any]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
        return text, tomllib.loads(text)
    except UnicodeDecodeError as problem:
        raise ConfigError(f"{path}: 不是 UTF-8 编码 ({problem.reason}, 第 {problem.start} 字节)") from problem
    except tomllib.TOMLDecodeError as problem:
        raise ConfigError(f"{path}: TOML 语法错误: {problem}") from problem


def _single(folder: Path, name: str, model: type[BaseModel]) -> BaseModel:
    path = _table_path(folder, name)
    text, data = _read(path)
    try:
        return model(**data)
    except ValidationError as problem:
        raise ConfigError(_explain(path, text, problem)) from problem


def _rows(path: Path, key: str, model: type[BaseModel]) -> tuple[BaseModel, ...]:
    text, data = _read(path)
    stray = [name for name in data if name != key]
    if stray:
        raise ConfigError(
            f"{path} 第 {_line(text, key, None, stray[0])} 行: 未知的键 {stray[0]} (应为 [[{key}]])"
        )
    rows = []
    for number, row in enumerate(data.get(key, [])):
        try:
            rows.append(model(**row))
        except ValidationError as problem:
            raise ConfigError(_explain(path, text, problem, key, number)) from problem
    return tuple(rows)


def _explain(
    path: Path, text: str, problem: ValidationError, key: str = "", number: int | None = None
) -> str:
    """One line per mistake: file, line, key, what is wrong."""
    told = []
    for error in problem.errors():
        name = str(error["loc"][0]) if error["loc"] else ""
        line = _line(text, key, number, name)
        what = {
            "extra_forbidden": f"未知的键 {name}",
            "missing": f"缺少必填的键 {name}",
        }.get(error["type"], f"键 {name} 的值 {error['input']!r} 不对: {error['msg']}")
        told.append(f"{path} 第 {line} 行: {what}")
    return "\n".join(told)


def _line(text: str, key: str, number: int | None, name: str) -> int:
    """Where `name` stands: in the whole file, or in row `number` of [[key]]; the row's head when it is missing."""
    start, seen = 0, -1
    for index, line in enumerate(text.splitlines(), start=1):
        if number is not None and re.match(rf"\s*\[\[\s*{re.escape(key)}\s*\]\]", line):
            seen += 1
            if seen == number:
                start = index
            elif seen > number:
                break
        if (number is None or seen == number) and re.match(
            rf"\s*\[*[\"']?{re.escape(name)}[\"']?\s*[=\]]", line
        ):
            return index
    return start or 1


def _check_references(folder: Path, bureau: Bureau) -> None:
    """Names that one table uses and another does not define."""
    problems = [*_doubles(folder, bureau), *_unknown_units(folder, bureau), *_unknown_areas(folder, bureau)]
    if problems:
        raise ConfigError("\n".join(problems))


def _doubles(folder: Path, bureau: Bureau) -> list[str]:
    told = []
    for name, key, values in (
        ("units", "unit", [unit.key for unit in bureau.units]),
        ("routes", "route", [route.id for route in bureau.routes]),
        ("sources", "source", [source.key for source in bureau.sources]),
        ("accounts", "account", [account.key for account in bureau.accounts]),
    ):
        path = _table_path(folder, name)
        seen: set[str] = set()
        for number, value in enumerate(values):
            if value in seen:
                line = _line(
                    path.read_text(encoding="utf-8-sig"), key, number, "key" if key != "route" else "id"
                )
                told.append(f"{path} 第 {line} 行: {value} 重复")
            seen.add(value)
    return told


def _unknown_units(folder: Path, bureau: Bureau) -> list[str]:
    departments = {unit.department for unit in bureau.units}
    keys = {unit.key for unit in bureau.units}
    routes, units = _table_path(folder, "routes"), _table_path(folder, "units")
    told = []
    for number, route in enumerate(bureau.routes):
        for field, names in (("department", (route.department,)), ("assist", route.assist)):
            told += [
                f"{routes} 第 {_line(routes.read_text(encoding='utf-8-sig'), 'route', number, field)} 行: "
                f"规则 {route.id} 的部门 {name} 在 units.toml 中没有任何单位"
                for name in names
                if name not in departments
            ]
    for number, unit in enumerate(bureau.units):
        if unit.parent and unit.parent not in keys:
            line = _line(units.read_text(encoding="utf-8-sig"), "unit", number, "parent")
            told.append(f"{units} 第 {line} 行: 单位 {unit.key} 的上级 {unit.parent} 不存在")
    return told


def _unknown_areas(folder: Path, bureau: Bureau) -> list[str]:
    areas = {place.unit for place in bureau.places if place.level in {"county", "zone"}}
    units = _table_path(folder, "units")
    return [
        f"{units} 第 {_line(units.read_text(encoding='utf-8-sig'), 'unit', number, 'area')} 行: "
        f"单位 {unit.key} 的辖区 {unit.area} 不在 places.toml 中"
        for number, unit in enumerate(bureau.units)
        if unit.area and unit.area not in areas
    ]


def _secrets(path: Path) -> dict[str, str]:
    if not path.is_file():
        return {}
    if os.name == "posix" and path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise ConfigError(f"{path}: 密钥文件可被他人读取, 请先执行 chmod 600 {path}")
    _, data = _read(path)
    return {name: str(value) for name, value in data.items()}


def _make_key(path: Path) -> str:
    """Append a fresh key; the file is created readable by its owner only."""
    key = random.token_urlsafe(32)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "a", encoding="utf-8") as file:
        file.write(f'# 台账加密与审计密钥: 丢失后举报人信息无法解密, 请与备份分开保管\nstore_key = "{key}"\n')
    return key
