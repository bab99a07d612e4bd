"""A mistake in the configuration is told with file, line and key."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from huanyu.config import SHIPPED
from huanyu.config import Config
from huanyu.config import load_bureau
from huanyu.errors import ConfigError


@pytest.fixture
def tables(tmp_path: Path) -> Path:
    folder = tmp_path / "config"
    shutil.copytree(SHIPPED, folder)
    return folder


def line_of(path: Path, needle: str) -> int:
    lines = path.read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, start=1) if needle in line)


def test_the_shipped_tables_load() -> None:
    bureau = load_bureau(SHIPPED)
    assert bureau.bureau.name == "聊城市生态环境局"
    assert {place.unit for place in bureau.places if place.level in {"county", "zone"}} >= {
        "371502",
        "高新区",
    }
    assert len(bureau.routes) >= 30
    assert bureau.area_name("371502") == "东昌府区"


def test_a_table_is_parsed_again_only_when_its_text_is_another(tables: Path) -> None:
    before = load_bureau(tables)
    path = tables / "units.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(before.units[0].name, "水城测试科", 1), encoding="utf-8")
    after = load_bureau(tables)
    assert after.units[0].name == "水城测试科"
    assert after.places[0] is before.places[0]
    path.write_text(text, encoding="utf-8")
    assert load_bureau(tables).units[0] is before.units[0]


def test_every_row_with_law_behind_it_names_its_source(tables: Path) -> None:
    bureau = load_bureau(tables)
    assert [row.id for row in bureau.routes if not row.source] == []
    assert [row.name for row in bureau.clocks if not row.source] == []


def test_an_unknown_key_is_told_with_its_line(tables: Path) -> None:
    path = tables / "units.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("phone =", "fone =", 1), encoding="utf-8")
    with pytest.raises(ConfigError) as told:
        load_bureau(tables)
    assert f"{path} 第 {line_of(path, 'fone =')} 行: 未知的键 fone" in str(told.value)


def test_a_rule_for_a_department_without_units_is_told(tables: Path) -> None:
    path = tables / "routes.toml"
    text = path.read_text(encoding="utf-8")
    first = text.index('department = "')
    end = text.index('"', first + len('department = "'))
    path.write_text(text[:first] + 'department = "天宫"' + text[end + 1 :], encoding="utf-8")
    with pytest.raises(ConfigError) as told:
        load_bureau(tables)
    assert f"{path} 第 {line_of(path, '天宫')} 行" in str(told.value)
    assert "天宫 在 units.toml 中没有任何单位" in str(told.value)


def test_a_unit_whose_superior_does_not_exist_is_told(tables: Path) -> None:
    path = tables / "units.toml"
    extra = (
        '\n[[unit]]\nkey = "x"\nname = "测试科"\nshort = "测试科"\n'
        'kind = "section"\ndepartment = "生态环境"\nparent = "nobody"\n'
    )
    path.write_text(path.read_text(encoding="utf-8") + extra, encoding="utf-8")
    with pytest.raises(ConfigError, match="单位 x 的上级 nobody 不存在"):
        load_bureau(tables)


CLOCK = '[[clock]]\nid = "a"\nname = "handling"\nlabel = "办结"\n'


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (
            CLOCK + 'amount = 5\nunit = "hours"\nchannels = ["fax"]\n',
            r"clocks\.toml 第 7 行: 办结 的渠道 fax 没有定义",
        ),
        (CLOCK + 'amount = 5\nunit = "hours"\ntypes = ["x"]\n', r"第 7 行: 办结 的事项类型 x 没有定义"),
        ((CLOCK + 'amount = 5\nunit = "hours"\n') * 2, "a 重复"),
        (CLOCK + 'amount = 0\nunit = "hours"\n', "amount 应大于 0"),
        (CLOCK + 'amount = 1\nunit = "same_day"\n', "same_day（当日）的不写 amount"),
    ],
)
def test_a_limit_that_could_never_count_is_told(tables: Path, row: str, told: str) -> None:
    (tables / "clocks.toml").write_text(row, encoding="utf-8")
    with pytest.raises(ConfigError, match=told):
        load_bureau(tables)


def test_two_sources_with_one_key_are_told(tables: Path) -> None:
    path = tables / "sources.toml"
    row = '[[source]]\nkey = "same"\nname = "甲"\nspider = "feed"\nkind = "news"\n'
    path.write_text(row + row, encoding="utf-8")
    with pytest.raises(ConfigError, match="same 重复"):
        load_bureau(tables)


def test_broken_toml_is_told_with_its_line(tables: Path) -> None:
    (tables / "clocks.toml").write_text('[[clock]]\nname = "press\n', encoding="utf-8")
    with pytest.raises(ConfigError, match=r"clocks\.toml 第 2 行: TOML 语法错误"):
        load_bureau(tables)


def test_a_table_in_another_encoding_is_told(tables: Path) -> None:
    (tables / "words.toml").write_bytes('[[list]]\nid = "保密"'.encode("gbk"))
    with pytest.raises(ConfigError, match=r"words\.toml: 不是 UTF-8 编码"):
        load_bureau(tables)


def test_an_unknown_setting_is_told(tmp_path: Path) -> None:
    path = tmp_path / "huanyu.toml"
    path.write_text('data_dir = "d"\npublish_alive = true\n', encoding="utf-8")
    with pytest.raises(ConfigError, match="第 2 行: 未知的键 publish_alive"):
        Config.load(path)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="找不到配置文件"):
        Config.load(tmp_path / "nowhere.toml")


def test_nothing_leaves_unless_somebody_says_so(tmp_path: Path) -> None:
    path = tmp_path / "huanyu.toml"
    path.write_text('data_dir = "d"\n', encoding="utf-8")
    settings = Config.load(path).settings
    assert (settings.publish_live, settings.notify_live) == (False, False)


def test_the_environment_wins_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "huanyu.toml"
    path.write_text("console_port = 1000\n", encoding="utf-8")
    monkeypatch.setenv("HUANYU_CONSOLE_PORT", "2000")
    assert Config.load(path).settings.console_port == 2000


def test_the_store_key_is_made_once_and_only_its_owner_can_read_it(tmp_path: Path) -> None:
    path = tmp_path / "huanyu.toml"
    path.write_text('data_dir = "d"\n', encoding="utf-8")
    key = Config.load(path).store_key
    assert len(key) > 30
    assert Config.load(path).store_key == key
    if os.name == "posix":
        assert (tmp_path / "d" / "store.key").stat().st_mode & 0o777 == 0o600


@pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX")
def test_secrets_that_others_can_read_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "huanyu.toml"
    path.write_text('data_dir = "d"\n', encoding="utf-8")
    config = Config.load(path)
    config.secrets_path.write_text('weibo = "t"\n', encoding="utf-8")
    config.secrets_path.chmod(0o644)
    with pytest.raises(ConfigError, match="chmod 600"):
        config.secret("weibo")


ENTERPRISE = '[[enterprise]]\nname = "宏达轧钢"\ncode = "371503"\nunit = "371503"\n'


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('"371503"\nunit', '"3715"\nunit', "第 3 行: [[enterprise]] 宏达轧钢: code: '3715' 不对, 应为所在县"),
        ("宏达轧钢", "宏", "第 2 行: 键 name 的值 '宏' 不对, 至少要写 2 个字"),
        ('unit = "371503"', 'unit = "370102"', "第 4 行: 企业 宏达轧钢 的 unit 370102 不在 places.toml 中"),
        ('unit = "371503"\n', "", "缺少必填的键 unit"),
        ("name", "nahme", "未知的键 nahme"),
    ],
)
def test_a_wrong_enterprise_is_told_with_its_row_and_field(
    tables: Path, old: str, new: str, told: str
) -> None:
    (tables / "enterprises.toml").write_text(ENTERPRISE.replace(old, new), encoding="utf-8")
    with pytest.raises(ConfigError) as problem:
        load_bureau(tables)
    assert told in str(problem.value)
    assert "enterprises.toml" in str(problem.value)


def test_an_enterprise_listed_twice_is_told(tables: Path) -> None:
    (tables / "enterprises.toml").write_text(ENTERPRISE * 2, encoding="utf-8")
    with pytest.raises(ConfigError, match=r"enterprises\.toml 第 6 行: 宏达轧钢 重复"):
        load_bureau(tables)


def test_the_shipped_enterprises_are_not_those_of_another_citys_places(tables: Path) -> None:
    (tables / "enterprises.toml").unlink()
    assert load_bureau(tables).enterprises == ()
    (tables / "places.toml").unlink()
    assert load_bureau(tables).enterprises


def test_a_file_that_looks_like_a_table_and_is_none_is_told(tables: Path) -> None:
    (tables.parent / "huanyu.toml").write_text(
        'config_dir = "config"\nsecrets_file = "config/secrets.toml"\n'
    )
    for name in ("secrets.toml", ".#units.toml", "units.toml.old"):
        (tables / name).touch()
    assert Config.load(tables.parent / "huanyu.toml").bureau.units
    stray = tables / "rotues.toml"
    stray.write_text('[[route]]\nid = "R1"\n', encoding="utf-8")
    with pytest.raises(ConfigError) as told:
        _ = Config.load(tables.parent / "huanyu.toml").bureau
    assert str(told.value).startswith(f"{stray}: 没有这张表，是不是 routes.toml；")


def test_settings_may_stand_among_the_tables(tables: Path) -> None:
    (tables / "huanyu.toml").write_text('config_dir = "."\nsecrets_file = "secrets.toml"\n')
    (tables / "secrets.toml").touch()
    assert Config.load(tables / "huanyu.toml").bureau.units


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("HUANYU_CONSOLE_PROT", "环境变量 HUANYU_CONSOLE_PROT: 没有这个设置，是不是 HUANYU_CONSOLE_PORT"),
        ("huanyu_publish_liv", "环境变量 huanyu_publish_liv: 没有这个设置，是不是 HUANYU_PUBLISH_LIVE"),
        ("HUANYU_WEATHER", "环境变量 HUANYU_WEATHER: 没有这个设置"),
    ],
)
def test_a_variable_that_is_no_setting_is_told(name: str, told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, "1")
    with pytest.raises(ConfigError) as problem:
        Config.load()
    assert str(problem.value) == told


def test_what_a_cluster_puts_into_the_environment_is_no_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    of_cluster = {
        "HUANYU_PORT": "tcp://10.0.0.7:8460",
        "HUANYU_SERVICE_HOST": "10.0.0.7",
        "HUANYU_SERVICE_PORT_HTTP": "8460",
        "HUANYU_PORT_8460_TCP": "tcp://10.0.0.7:8460",
        "HUANYU_PORT_8460_TCP_ADDR": "10.0.0.7",
        "HUANYU_DB_SERVICE_PORT": "5432",
        "HUANYU_SECRET_WEIBO_TOKEN": "x",
    }
    for name, value in of_cluster.items():
        monkeypatch.setenv(name, value)
    assert Config.load().secret("weibo_token") == "x"
