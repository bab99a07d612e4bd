"""station: the monitoring stations whose signed alarms are believed."""

from __future__ import annotations

from typing import Annotated

import typer

from console.commands.work import desk
from console.usage import Command
from console.usage import family
from flow import alarming
from huanyu.clock import local
from huanyu.clock import now

app = family()


@app.callback()
def station() -> None:
    """监测站点: 每个站点一把密钥, 报警时用它签名。"""


@app.command("add", cls=Command)
def add(
    code: Annotated[str, typer.Argument(metavar="编码", help="站点自称: 字母、数字、点、横线")],
    name: Annotated[str, typer.Option(metavar="名称", help="例如 顺河污水处理厂")],
    place: Annotated[str, typer.Option(metavar="地点", help="越细越好")],
    unit: Annotated[str, typer.Option(metavar="单位", help="units.toml 中的键: 用哪个单位的令牌报警")],
    area: Annotated[str, typer.Option(metavar="辖区", help="代码; 缺省按地点判断")] = "",
    kind: Annotated[str, typer.Option(metavar="类型", help="污染类型代码; 缺省按因子判断")] = "",
) -> None:
    """添加一个站点; 密钥只显示这一次。

    例: huanyu station add DJ-01 --name 顺河污水处理厂 --place 某镇顺河路 --unit jiance
    """
    new = alarming.NewStation(code=code, name=name, place=place, unit=unit, area=area, kind=kind)
    with desk() as opened:
        installed = alarming.add_station(opened, None, new, now())
    print(f"已添加 {installed.station.name} ({installed.station.code}), 密钥只显示这一次:")
    print(installed.secret)


@app.command("list", cls=Command)
def list_() -> None:
    """列出站点和上次报警的时间。"""
    with desk() as opened:
        found = opened.store.stations.listing()
    for one in found:
        heard = f"{local(one.heard_at):%Y-%m-%d %H:%M}" if one.heard_at else "没有报过警"
        state = "已停用" if one.revoked_at else "使用中"
        print(f"{one.code} [{state}] {one.name}, {one.place}, {one.unit}; {heard}")
    if not found:
        print("还没有站点, 添加: huanyu station add 编码 --name 名称 --place 地点 --unit 单位")


@app.command("revoke", cls=Command)
def revoke(code: Annotated[str, typer.Argument(metavar="编码", help="要停用的站点")]) -> None:
    """停用一个站点, 它的报警不再接受。"""
    with desk() as opened:
        alarming.revoke_station(opened, None, alarming.of_code(opened, code).id, now())
    print(f"已停用 {code}")
