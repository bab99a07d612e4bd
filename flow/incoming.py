"""What another system may say in an item or an alarm, checked field by field; what is wrong is told with its place.

Shapes and sentences only: knows neither tokens nor what becomes of an item.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from typing import Any
from typing import TypeVar

from pydantic import AfterValidator
from pydantic import BaseModel
from pydantic import ConfigDict
from pydantic import Field
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from huanyu import mistakes
from huanyu.clock import SHANGHAI
from huanyu.errors import BadInput
from huanyu.kinds import LEAVES

FIRST_YEAR, LAST_YEAR = 1949, 2999
#: Types of pydantic's errors that a table of the bureau cannot make -> what the value should have been.
FAULTS = {
    "missing": "缺少这一项",
    "extra_forbidden": "没有这一项",
    "string_type": "应为文字",
    "string_too_long": "最多 {max_length} 字",
    "too_long": "最多 {max_length} 项",
    "dict_type": "应为对象",
    "model_type": "应为对象",
    "list_type": "应为列表",
    "tuple_type": "应为列表",
}
WHEN = "应为时间，例如 2026-03-05T10:30:00+08:00"

Model = TypeVar("Model", bound=BaseModel)


def _aware(moment: datetime) -> datetime:
    """With a zone, that of Shanghai where none was said, and of an age that can be reckoned with."""
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise ValueError(WHEN)
    return moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)


Moment = Annotated[datetime, AfterValidator(_aware)]
Short = Annotated[str, Field(max_length=200)]
Cell = str | int | float | bool | None


class Said(BaseModel):
    """Nothing unknown is passed over in silence."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Reporter(Said):
    """反映人：加密保存，不出现在案件和任何回答中。"""

    name: Short = Field(default="", description="姓名")
    phone: Short = Field(default="", description="电话")
    handle: Short = Field(default="", description="网名、群昵称")
    address: Short = Field(default="", description="住址")
    group: Short = Field(default="", description="群名")


class ItemIn(Said):
    """一个事项。写 text，或把导出的一行原样放在 row 里；两处都写的，以单独写出的为准。"""

    number: str = Field(
        default="", max_length=100, description="贵方的编号；同一渠道同一编号只立一件，重复报送回答同一件"
    )
    type: str = Field(default="", max_length=40, description="事项类型（item_types.toml 的 key），缺省按渠道")
    title: Short = Field(default="", description="标题")
    text: str = Field(default="", max_length=10_000, description="内容")
    place: Short = Field(default="", description="地点，越细越好")
    area: Short = Field(default="", description="县（市、区）或功能区的代码或名称；不写由程序按地点判断")
    learned_at: Moment | None = Field(
        default=None, description="本局收到的时间，时限从此起算；不写按报送的时刻"
    )
    happened_at: Moment | None = Field(default=None, description="事情发生的时间")
    kinds: tuple[str, ...] = Field(
        default=(), max_length=10, description=f"污染类型代码：{'、'.join(LEAVES)}"
    )
    urgent: bool = Field(default=False, description="紧急")
    fields: dict[str, Short] = Field(
        default_factory=dict, description="这一事项类型另需的项目，例如网格 grid"
    )
    reporter: Reporter = Field(default=Reporter(), description="反映人")
    hide: tuple[Short, ...] = Field(default=(), max_length=20, description="内容中还要隐去的称呼")
    row: dict[str, Cell] = Field(
        default_factory=dict,
        description="贵方导出的一行，列名照旧（工单编号、诉求内容、派单时间、联系电话……），与“导入”页认的列名相同",
    )


class AlarmIn(Said):
    """一次监测报警。"""

    number: str = Field(
        default="", max_length=100, description="监测平台的报警编号；不写则同一点位、因子、时间只算一次"
    )
    point: str = Field(min_length=1, max_length=100, description="点位：排口、断面、站点")
    substance: str = Field(min_length=1, max_length=60, description="因子：化学需氧量、二氧化硫、噪声……")
    value: float | str = Field(description="数值")
    limit: float | str | None = Field(
        default=None, description="限值；事项类型表（item_types.toml）要求时必写"
    )
    unit: str = Field(default="", max_length=20, description="单位：mg/L、mg/m³、dB(A)")
    time: Moment = Field(description="监测时间")


def read(model: type[Model], said: Any) -> Model:
    """What was said as a value; raises BadInput with every place that is wrong, and nothing of what stands there."""
    if not isinstance(said, dict):
        raise BadInput("应为对象（{ … }）")
    try:
        return model.model_validate(said)
    except ValidationError as problem:
        raise BadInput("；".join(dict.fromkeys(map(told, problem.errors())))) from problem


def told(error: ErrorDetails) -> str:
    """What is wrong, and where."""
    where = ".".join(str(part) for part in error["loc"] if part not in {"str", "float", "int", "bool"})
    return f"{where[:60]}：{_fault(error)}"


def _fault(error: ErrorDetails) -> str:
    if error["type"] == "value_error":
        return str(error["ctx"]["error"])
    if error["type"].startswith("datetime"):
        return WHEN
    if template := FAULTS.get(error["type"]):
        return template.format(**error.get("ctx", {}))
    return mistakes.fault(error)
