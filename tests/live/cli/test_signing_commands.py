"""bulletin sign, remark, search, withdraw, correct as a press officer types them, on a real desk."""

from __future__ import annotations

import io
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pypdfium2
import pytest

from console import cli
from console.sessions import hash_password
from flow import factors
from flow import staff
from flow.desk import Desk
from huanyu import totp
from huanyu.clock import now
from huanyu.config import SHIPPED
from huanyu.config import Config

PASSWORD = "Yunhe-2026-Gucheng"
CSV = """编号,内容,时间
A1,东昌府区许营镇板材厂半夜排废气，呛得一家人睡不着,{0} 08:10
A2,临清市青年路街道工地凌晨两点还在打桩，噪声大得整栋楼睡不着,{0} 09:20
"""


@dataclass(frozen=True)
class Done:
    """What a command left behind."""

    code: int
    out: str
    err: str


Run = Callable[..., Done]


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A desk with two matters of yesterday, a press officer, a leader and a handler."""
    (tmp_path / "huanyu.toml").write_text('data_dir = "data"\nconfig_dir = "config"\n', encoding="utf-8")
    shutil.copytree(SHIPPED, tmp_path / "config")
    yesterday = (now() - timedelta(days=1)).date()
    (tmp_path / "工单.csv").write_text(CSV.format(yesterday), encoding="utf-8")
    opened = Desk.open(Config.load(tmp_path / "huanyu.toml"))
    hashed = hash_password(PASSWORD)
    for name, role, unit in (("xuan", "press", ""), ("ju", "leader", ""), ("cheng", "handler", "zhifa")):
        staff.add(opened, None, staff.NewUser(name, f"{name}同志", role, unit), hashed, now())
    opened.close()
    return tmp_path


@pytest.fixture
def run(desk: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command in the desk's folder, a password on its standard input."""
    monkeypatch.chdir(desk)

    def command(*arguments: str, given: str = f"{PASSWORD}\n") -> Done:
        monkeypatch.setattr(sys, "stdin", io.StringIO(given))
        code = cli.run(list(arguments))
        return Done(code, *capsys.readouterr())

    assert command("import", "工单.csv", "--source", "hotline-12345").code == 0
    assert command("step", "all").code == 0
    return command


def numbers(desk: Path) -> list[str]:
    opened = Desk.open(Config.load(desk / "huanyu.toml"))
    try:
        return sorted(case.number for case in opened.store.cases.listing(limit=9))
    finally:
        opened.close()


def test_a_paper_is_prepared_signed_corrected_and_withdrawn_from_the_command_line(
    desk: Path, run: Run
) -> None:
    first, second = numbers(desk)
    both = ("--case", first, "--case", second)
    done = run("bulletin", "remark", "brief", *both, "--kind", "研判", "--text", "均在夜间。", "--by", "xuan")
    assert done.out == "舆情简报 2 件: 研判已记下 (xuan同志)\n"
    shown = run("bulletin", "draft", "brief", *both, "--out", "样稿.html").out
    assert "【研判，xuan同志撰写，非程序生成】均在夜间。" in shown
    assert first in shown
    assert "样稿（签发或编发时编号）" in (desk / "样稿.html").read_text(encoding="utf-8")
    done = run("bulletin", "sign", "brief", *both, "--by", "ju")
    assert (done.code, done.out.partition(" 序号")[0]) == (
        0,
        "《舆情简报》2026年第1期".replace("2026", str(now().year)),
    )
    number = done.out.split("序号 ")[1].split(":")[0]
    twice = run("bulletin", "sign", "brief", *both, "--by", "ju")
    assert (twice.code, twice.err) == (1, "错误: 这一期此前已经印发\n")
    assert "投送" in run("bulletin", "deliveries", number).out
    assert "已撤回" in run("bulletin", "withdraw", number, "--reason", "漏了一件", "--by", "ju").out
    assert "第2期" in run("bulletin", "sign", "brief", *both, "--by", "ju").out

    assert run("bulletin", "search", "list").out.startswith("还没有")
    saved = run("bulletin", "search", "save", "夜间", "--kind", "噪声", "--word", "凌晨", "--by", "xuan")
    assert saved.code == 0, saved.err
    assert "夜间: 噪声；含“凌晨” (已出 0 期)" in run("bulletin", "search", "list").out
    since = str((now() - timedelta(days=1)).date())
    special = run("bulletin", "sign", "special", "--search", "夜间", "--since", since, "--by", "ju")
    number = special.out.split("序号 ")[1].split(":")[0]
    right = ("--figure", "cases_opened", "--value", "7", "--why", "前一晚漏录了")
    assert "更正1: 新立投诉" in run("bulletin", "correct", number, *right, "--by", "ju").out
    assert run("bulletin", "verify", number).code == 0
    waiting = run("bulletin", "waiting").out
    assert "在编: weekly 舆情周报" in waiting


def test_a_daily_is_compiled_again_with_a_judgement_and_a_classified_one_is_copied_under_numbers(
    desk: Path, run: Run
) -> None:
    table = desk / "config" / "bureau.toml"
    table.write_text(table.read_text("utf-8").replace("内部资料 注意保存", "秘密★1年"), "utf-8")
    series = desk / "config" / "bulletins.toml"
    series.write_text(
        series.read_text("utf-8").replace('key = "daily"', 'key = "daily"\ncopies = 3', 1), "utf-8"
    )
    yesterday = (now() - timedelta(days=1)).date()
    assert "第 1 期, 序号 1\n" in run("bulletin", "daily", "--day", str(yesterday)).out
    again = run("bulletin", "anew", "1", "--judgement", "以夜间异味为主。", "--by", "ju")
    assert again.code == 0, again.err
    assert "第2期 序号 2: 已由ju同志签发" in again.out
    assert "代替《每日舆情》" in again.out
    assert run("bulletin", "verify", "2").code == 0
    assert "本期已撤回" in run("bulletin", "verify", "1").out
    assert "本期已撤回" in run("bulletin", "deliveries", "1").out
    twice = run("bulletin", "anew", "1", "--by", "ju")
    assert (twice.code, twice.err) == (1, "错误: 这一期此前已经印发\n")
    done = run("bulletin", "copies", "2", "--from", "2", "--to", "3", "--out", "印制")
    assert done.code == 0, done.err
    assert sorted(path.name for path in (desk / "印制").iterdir()) == [
        f"每日舆情{yesterday.year}年第2期（份号00000{number}）.pdf" for number in (2, 3)
    ]
    first = (desk / "印制" / f"每日舆情{yesterday.year}年第2期（份号000002）.pdf").read_bytes()
    assert "000002" in pypdfium2.PdfDocument(first)[0].get_textpage().get_text_range()
    assert "共印 3 份，没有第 4 份" in run("bulletin", "copies", "2", "--from", "4").err
    assert "已经撤回，不再印发" in run("bulletin", "copies", "1").err


@pytest.mark.parametrize(
    ("arguments", "given", "told"),
    [
        (("sign", "brief", "--case", "HY", "--by", "ju"), PASSWORD, "没有受理编号为 HY 的案件"),
        (("sign", "brief", "--by", "ju"), PASSWORD, "舆情简报要先选定案件"),
        (("sign", "special", "--search", "水", "--by", "ju"), PASSWORD, "没有名为 水 的检索条件"),
        (("sign", "99", "--by", "ju"), PASSWORD, "没有这一期简报"),
        (("sign", "weekly", "--by", "ju"), PASSWORD, "舆情周报不是签发时编号的系列"),
        (("sign", "1", "--by", "ju"), "wrong-password", "用户名或密码不对"),
        (("sign", "1", "--by", "nobody"), PASSWORD, "用户名或密码不对"),
        (("withdraw", "1", "--reason", "漏了一件", "--by", "cheng"), PASSWORD, "经办无权执行此操作"),
        (
            ("remark", "weekly", "--kind", "感想", "--text", "好", "--by", "xuan"),
            PASSWORD,
            "--kind 写研判或建议",
        ),
        (("search", "save", "水", "--kind", "酒", "--by", "xuan"), PASSWORD, "没有 酒 这个类别"),
        (("deliveries", "1", "--retry", "2"), PASSWORD, "再送要写 --by"),
    ],
)
def test_what_is_refused_is_one_chinese_line(
    desk: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: tuple[str, ...],
    given: str,
    told: str,
) -> None:
    monkeypatch.chdir(desk)
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{given}\n"))
    code = cli.run(["bulletin", *arguments])
    out, err = capsys.readouterr()
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert told in err


def test_who_has_a_second_factor_signs_with_its_code_once(desk: Path, run: Run) -> None:
    opened = Desk.open(Config.load(desk / "huanyu.toml"))
    leader, at = opened.store.people.user("ju")[0], now()
    secret = factors.begin(opened, leader, at)
    factors.confirm(opened, leader, totp.code_at(secret, totp.step_of(at) - 1), "", at)
    opened.close()
    (case, *_), code = numbers(desk), totp.code_at(secret, totp.step_of(now()))
    sign = ("bulletin", "sign", "brief", "--case", case, "--by", "ju")
    assert "动态码不对" in run(*sign).err
    done = run(*sign, given=f"{PASSWORD}\n{code}\n")
    assert done.code == 0, done.err
    number = done.out.split("序号 ")[1].split(":")[0]
    again = run(
        "bulletin", "withdraw", number, "--reason", "漏了", "--by", "ju", given=f"{PASSWORD}\n{code}\n"
    )
    assert "已经用过" in again.err
