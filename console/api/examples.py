"""The examples of the page and the manual: what is shown there is what the tests send."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

ITEMS: Final = """{
  "channel": "grid",
  "items": [
    {
      "number": "WG-20260305-0017",
      "text": "巡查发现某街道振兴路一家烧烤店没开油烟净化器，油烟直往楼上灌。",
      "place": "某街道振兴路",
      "happened_at": "2026-03-05T09:40:00+08:00",
      "fields": {"grid": "某街道第三网格"},
      "reporter": {"name": "贺兰青", "phone": "13812345678"}
    },
    {
      "row": {
        "事件编号": "WG-20260305-0018",
        "事件描述": "某镇赵庄西头喷漆房夜里开工，油漆味呛人。",
        "事发地点": "某镇赵庄",
        "派单时间": "2026-03-05 09:50",
        "网格": "某镇第一网格"
      }
    }
  ]
}"""
ALARM: Final = """{
  "number": "BJ-20260305-0003",
  "point": "1号排口",
  "substance": "化学需氧量",
  "value": 212.5,
  "limit": 50,
  "unit": "mg/L",
  "time": "2026-03-05T10:00:00+08:00"
}"""
CURL_ITEMS: Final = """curl -sS https://局里的网址/api/v1/items \\
  -H "Authorization: Bearer $TOKEN" \\
  -H "Content-Type: application/json" \\
  --data-binary @items.json"""
CURL_ALARM: Final = """TIME=$(date +%s)
SIGN=$(printf '%s.' "$TIME" | cat - alarm.json | openssl dgst -sha256 -hmac "$KEY" | sed 's/^.* //')
curl -sS https://局里的网址/api/v1/alarms \\
  -H "Authorization: Bearer $TOKEN" \\
  -H "Content-Type: application/json" \\
  -H "X-Huanyu-Station: LC-DJ-01" \\
  -H "X-Huanyu-Timestamp: $TIME" \\
  -H "X-Huanyu-Signature: sha256=$SIGN" \\
  --data-binary @alarm.json"""
CURL_CASES: Final = """curl -sS "https://局里的网址/api/v1/cases?since=2026-03-01T00:00:00%2B08:00&limit=50" \\
  -H "Authorization: Bearer $TOKEN\""""
#: By address: what is sent, and how.
EXAMPLES: Mapping[str, tuple[tuple[str, str], ...]] = MappingProxyType(
    {
        "/items": (("items.json", ITEMS), ("命令", CURL_ITEMS)),
        "/alarms": (("alarm.json", ALARM), ("命令", CURL_ALARM)),
        "/cases": (("命令", CURL_CASES),),
    }
)
