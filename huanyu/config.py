"""The only reader of the environment, of huanyu.toml and of the tables under config/.

A mistake in a file is told with file, line and key; nothing is silently ignored.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Collection
from collections.abc import Mapping
from difflib import get_close_matches
from functools import cached_property
from functools import lru_cache
from pathlib import Path
from typing import Any
from typing import Literal

from pydantic import BaseModel
from pydantic import ConfigDict
from pydantic import Field
from pydantic import ValidationError
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings
from pydantic_settings import PydanticBaseSettingsSource
from pydantic_settings import SettingsConfigDict

from huanyu import mistakes
from huanyu import references
from huanyu import together
from huanyu.bureau import Bureau
from huanyu.errors import ConfigError
from huanyu.key_files import demand_private
from huanyu.key_files import own_key
from huanyu.table_files import LISTS
from huanyu.table_files import SINGLES

SHIPPED = Path(__file__).resolve().parent.parent / "config"
#: Tables kept as they were read, each until its text is another: nearly all of the time goes into parsing them.
TABLES = 4 * (len(LISTS) + len(SINGLES))
PREFIX = "HUANYU_"
NO_SETTINGS = re.compile(r"HUANYU_(CONFIG|SECRET_\w+)", re.I)
#: What Kubernetes puts there by itself for services called huanyu, huanyu-db …; its addresses begin with tcp://.
OF_CLUSTER = re.compile(r"HUANYU_(\w+_)?(SERVICE_(HOST|PORT(_\w+)?)|PORT_\d+_(TCP|UDP)(_(PROTO|PORT|ADDR))?)")
CLUSTER_ADDRESS = re.compile(r"(tcp|udp)://")


class Settings(BaseSettings):
    """huanyu.toml; HUANYU_<KEY> in the environment wins over the file."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", frozen=True)

    database: str = ""  #: "" = SQLite in data_dir
    engine: Literal["embedded", "jobs"] = "embedded"  #: who runs the steps: `up` itself, or `work` anywhere
    data_dir: Path = Path("huanyu-data")
    config_dir: Path | None = None  #: tables of this bureau; a table missing there is the shipped one
    publish_live: bool = False  #: False = dry run: accounts post nothing
    notify_live: bool = False  #: False = dry run: no mail leaves
    console_host: str = "127.0.0.1"
    console_port: int = 8460
    console_workers: int = Field(default=0, ge=0, le=16)  #: processes; 0 = two where there are two cores
    console_url: str = "http://127.0.0.1:8460"
    callback_host: str = "127.0.0.1"
    callback_port: int = Field(default=0, ge=0, le=65535)  #: where platforms call us; 0 = nowhere
    public_host: str = "127.0.0.1"
    public_port: int = Field(default=0, ge=0, le=65535)  #: of the pages for citizens; 0 = there are none
    public_url: str = ""  #: what citizens open; "" = public_url of bureau.toml
    idle_minutes: int = Field(default=30, ge=5, le=720)  #: a log-in that nobody uses is over after so long
    second_factor: Literal["live", "always", "never"] = "live"  #: when it is asked of whoever lets texts out
    smtp_host: str = ""
    smtp_port: int = 25
    smtp_from: str = "huanyu@localhost"
    smtp_tls: bool = False
    smtp_user: str = ""  #: "" = the server asks for no log-in; the password is the mail account's secret
    secrets_file: Path | None = None
    backup_dir: Path | None = None  #: None = backups in data_dir; better on another disk
    backup_hour: int = Field(default=2, ge=-1, le=23)  #: of the daily backup; -1 = none is made by itself
    backup_keep_days: int = Field(default=14, ge=1, le=400)  #: the newest of each of so many days stays
    backup_keep_weeks: int = Field(default=8, ge=0, le=500)  #: and the newest of each of so many weeks before
    log_format: Literal["text", "json"] = "text"  #: json = one object a line, for a log collector
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
            return cls(path=None, home=Path.cwd(), settings=_settings(None))
        if not found.is_file():
            raise ConfigError(f"找不到配置文件 {found}")
        return cls(path=found.resolve(), home=found.resolve().parent, settings=_settings(found))

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
    def backup_dir(self) -> Path:
        """Where backups lie."""
        named = self.settings.backup_dir
        return self.home / named if named else self.data_dir / "backups"

    @property
    def public_url(self) -> str:
        """Where citizens open the public pages, without a slash at the end."""
        return (self.settings.public_url or self.bureau.bureau.public_url).rstrip("/")

    @property
    def secrets_path(self) -> Path:
        named = self.settings.secrets_file
        return self.home / named if named else self.data_dir / "secrets.toml"

    @cached_property
    def bureau(self) -> Bureau:
        """The tables, checked against each other; raises ConfigError."""
        named = self.settings.config_dir
        folder = self.home / named if named else SHIPPED
        if not folder.is_dir():
            raise ConfigError(f"{self.path or '环境变量'}: config_dir 所指的文件夹 {folder} 不存在")
        self._demand_tables(folder)
        return load_bureau(folder)

    def _demand_tables(self, folder: Path) -> None:
        """Raises ConfigError for a file that looks like a table and is none: nobody would miss what it says."""
        known, others = LISTS.keys() | SINGLES.keys(), {self.path, self.secrets_path.resolve()}
        for file in sorted(folder.glob("[!.]*.toml")):
            if file.stem not in known and file.resolve() not in others:
                near = _nearest(file.stem, known, behind=".toml")
                raise ConfigError(f"{file}: 没有这张表{near}；不用的文件请移走，或者不以 .toml 结尾")

    def table(self, name: str) -> Path:
        """The file a table is read from: this bureau's own, or the shipped one."""
        named = self.settings.config_dir
        return _table_path(self.home / named if named else SHIPPED, name)

    def holds(self, name: str) -> bool:
        """Whether the table counts here, or is shipped for another city."""
        named = self.settings.config_dir
        return together.holds(self.home / named if named else SHIPPED, name, SHIPPED)

    def candidates(self, name: str) -> tuple[Path, ...]:
        """Where the file of a table may stand, the bureau's own first."""
        named = self.settings.config_dir
        folders = (self.home / named, SHIPPED) if named else (SHIPPED,)
        return tuple(folder / f"{name}.toml" for folder in folders)

    def secret(self, name: str) -> str:
        """A token or password by name; "" when there is none."""
        if not name:
            return ""
        return os.environ.get(f"HUANYU_SECRET_{name.upper()}") or _secrets(self.secrets_path).get(name, "")

    @property
    def store_key(self) -> str:
        """The key of the encrypted table and the audit digests; made on first use, kept with the secrets."""
        return self.secret("store_key") or own_key(self.store_key_path)

    @property
    def store_key_path(self) -> Path:
        """The file of the store's own key, where none is among the secrets."""
        return self.secrets_path.with_name("store.key")

    @property
    def backup_key(self) -> str:
        """What backups are sealed under; made on first use, and to be kept away from this machine, too."""
        return self.secret("backup_key") or own_key(self.backup_key_path)

    @property
    def backup_key_path(self) -> Path:
        """The file of that key, where none is among the secrets."""
        return self.secrets_path.with_name("backup.key")


def load_bureau(folder: Path) -> Bureau:
    """Read every table from `folder`, falling back to the shipped one per file; raises ConfigError."""
    tables: dict[str, Any] = {name: _single(folder, name, model) for name, model in SINGLES.items()}
    for name, (key, model) in LISTS.items():
        held = together.holds(folder, name, SHIPPED)
        tables[name] = _rows(_table_path(folder, name), key, model) if held else ()
    if (folder / "local_law.toml").is_file():
        references.check_laws(lambda name: _table_path(folder, name), tables["routes"], tables["local_law"])
    bureau = Bureau(**together.put(tables, folder))
    references.check(lambda name: _table_path(folder, name), bureau)
    return bureau


def environment() -> dict[str, str]:
    """The environment as it stands, for a child that is not started by the system."""
    return dict(os.environ)


def set_environment(told: Mapping[str, str]) -> None:
    """In such a child: the environment of whoever asked for it."""
    os.environ.clear()
    os.environ.update(told)


def _from_environment() -> Path | None:
    named = os.environ.get("HUANYU_CONFIG")
    if named:
        return Path(named)
    local = Path("huanyu.toml")
    return local if local.is_file() else None


def _settings(path: Path | None) -> Settings:
    """The settings of a file and of the environment; raises ConfigError saying which of them is wrong."""
    if unknown := _unknown(os.environ):
        raise ConfigError("\n".join(unknown))
    text, data = _read(path) if path else ("", {})
    try:
        return Settings(**data)
    except ValidationError as problem:
        if path is None or any(_variable(error) in os.environ for error in problem.errors()):
            raise ConfigError(_explain_environment(problem)) from problem
        raise ConfigError(mistakes.explain(path, text, problem)) from problem


def _unknown(variables: Mapping[str, str]) -> list[str]:
    """What is wrong with variables that look like settings and are none, a line each."""
    known = {name.upper() for name in Settings.model_fields}
    named = {name: name.upper().removeprefix(PREFIX) for name in variables}
    return [
        f"环境变量 {name}: 没有这个设置{_nearest(bare, known, PREFIX)}"
        for name, bare in sorted(named.items())
        if name.upper().startswith(PREFIX)
        and bare not in known
        and not (NO_SETTINGS.fullmatch(name) or OF_CLUSTER.fullmatch(name))
        and not CLUSTER_ADDRESS.match(variables[name])
    ]


def _nearest(told: str, known: Collection[str], before: str = "", behind: str = "") -> str:
    """The name that was probably meant, as the end of a sentence; "" where none is near."""
    return "".join(f"，是不是 {before}{name}{behind}" for name in get_close_matches(told, known, n=1))


def _variable(error: ErrorDetails) -> str:
    return f"{PREFIX}{error['loc'][0]}".upper()


def _explain_environment(problem: ValidationError) -> str:
    return "\n".join(
        f"环境变量 {_variable(error)}: 值 {error['input']!r} 不对, {mistakes.fault(error)}"
        for error in problem.errors()
    )


def _table_path(folder: Path, name: str) -> Path:
    own = folder / f"{name}.toml"
    return own if own.is_file() else SHIPPED / f"{name}.toml"


def _read(path: Path) -> tuple[str, dict[str, Any]]:
    text = _text(path)
    return text, _parsed(path, text)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as problem:
        raise ConfigError(f"{path}: 不是 UTF-8 编码 ({problem.reason}, 第 {problem.start} 字节)") from problem


def _parsed(path: Path, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise ConfigError(mistakes.explain_syntax(path, str(problem))) from problem


def _single(folder: Path, name: str, model: type[BaseModel]) -> BaseModel:
    return _single_in(path := _table_path(folder, name), _text(path), model)


def _rows(path: Path, key: str, model: type[BaseModel]) -> tuple[BaseModel, ...]:
    return _rows_in(path, _text(path), key, model)


@lru_cache(maxsize=TABLES)
def _single_in(path: Path, text: str, model: type[BaseModel]) -> BaseModel:
    try:
        return model(**_parsed(path, text))
    except ValidationError as problem:
        raise ConfigError(mistakes.explain(path, text, problem)) from problem


@lru_cache(maxsize=TABLES)
def _rows_in(path: Path, text: str, key: str, model: type[BaseModel]) -> tuple[BaseModel, ...]:
    data = _parsed(path, text)
    if stray := [name for name in data if name != key]:
        at = mistakes.line_of(text, key, None, stray[0])
        raise ConfigError(f"{path} 第 {at} 行: 未知的键 {stray[0]} (应为 [[{key}]])")
    found = data.get(key, [])
    if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
        at = mistakes.line_of(text, key, None, key)
        raise ConfigError(f"{path} 第 {at} 行: {key} 应写成一行行的 [[{key}]]")
    rows = []
    for number, row in enumerate(found):
        try:
            rows.append(model(**row))
        except ValidationError as problem:
            owner = str(row.get("key") or row.get("id") or row.get("name") or "")
            raise ConfigError(mistakes.explain(path, text, problem, key, number, owner)) from problem
    return tuple(rows)


def _secrets(path: Path) -> dict[str, str]:
    if not path.is_file():
        return {}
    demand_private(path)
    _, data = _read(path)
    return {name: str(value) for name, value in data.items()}
