"""随手拍 in Chromium: on a telephone with a photo and a spoken word, without scripts, at 320 pixels; to the end of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import made_public
from made_public import PLACE
from made_public import TEXT
from made_public import Public

from tests.unit.publisher.test_picture_notes import shot

OpenPage = Callable[..., Any]
OLD_PHONE = "Mozilla/5.0 (Linux; U; Android 4.4.4; zh-cn) AppleWebKit/534.30 (KHTML, like Gecko) Version/4.0 Mobile Safari/534.30"
#: What the microphone has given so far, in milliseconds: a busy machine starts it late.
LISTENING = """(() => {
  const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = wanted => ask(wanted).then(stream => {
    const beside = new MediaRecorder(stream);
    beside.ondataavailable = piece => { window.heard = piece.timecode; };
    beside.start(100);
    return stream;
  });
})()"""
#: A recording as the browser that plays it hears it.
HEARD = """async bytes => {
  const heard = await new OfflineAudioContext(1, 48000, 48000).decodeAudioData(new Uint8Array(bytes).buffer);
  return { seconds: heard.duration, loudest: Math.max(...heard.getChannelData(0)) };
}"""
#: Every control has a name, every image too; the page is no wider than the screen.
FAULTS = """() => [
  ...[...document.querySelectorAll("input:not([type=hidden]), select, textarea")]
    .filter(one => !one.labels.length).map(one => one.name),
  ...[...document.querySelectorAll("[aria-describedby]")]
    .filter(one => one.getAttribute("aria-describedby").split(" ").some(id => !document.getElementById(id)))
    .map(one => one.id),
  ...(document.documentElement.scrollWidth > innerWidth ? ["wide"] : []),
  ...(document.querySelectorAll("h1").length === 1 ? [] : ["h1"]),
]"""


def hand_in(page: Any, public: Public, text: str = TEXT) -> tuple[str, str]:
    page.get_by_label("发生了什么").fill(text)
    page.get_by_label("在哪里").fill(PLACE)
    page.get_by_label("我已阅读以上说明").check()
    public.clock.on(seconds=5)
    page.get_by_role("button", name="提交", exact=True).click()
    page.get_by_role("heading", name="已经收到").wait_for()
    return made_public.receipt_of(page.content())


def look_up(page: Any, public: Public, number: str, code: str) -> None:
    page.goto(f"{public.url}/progress?number={number}")
    page.get_by_label("校验码").fill(code)
    page.get_by_role("button", name="查询").click()


def test_a_report_with_photo_and_voice_is_answered_and_rated(
    public: Public, open_page: OpenPage, tmp_path: Path
):
    photo = tmp_path / "现场.jpg"
    photo.write_bytes(shot())
    place = {"latitude": 36.4568, "longitude": 115.9854, "accuracy": 25}
    page = open_page(geolocation=place, permissions=["geolocation", "microphone"])
    page.add_init_script(LISTENING)
    page.goto(f"{public.url}/report")
    assert page.evaluate(FAULTS) == []
    page.get_by_role("button", name="用手机定位").click()
    page.get_by_text("已记下手机位置").wait_for()
    page.get_by_label(re.compile("^照片")).set_input_files(photo)
    page.get_by_role("button", name="开始录音").click()
    page.get_by_text("正在录音").wait_for()
    page.wait_for_function("() => window.heard > 700")
    page.get_by_role("button", name="停止录音").click()
    page.get_by_text("已录好").wait_for()
    number, code = hand_in(page, public)
    assert page.get_by_role("img", name="查询进度的二维码").is_visible()
    ((post, _),) = public.desk.store.posts.listing()
    report = public.desk.store.public.of_post(post.id)
    assert (report.latitude, report.accuracy) == (36.4568, 25)
    picture, sound = public.desk.store.public.files(report.id)
    assert (picture.kind, sound.kind) == ("picture", "sound")
    played = page.evaluate(HEARD, list(public.desk.store.case_files.body(sound.sha256)))
    assert played["seconds"] > 0.3
    assert played["loudest"] > 0.01, "the humming microphone is heard"

    page.goto(f"{public.url}/progress?number={number}#{code}")  # as the QR code leads
    page.get_by_role("button", name="查询").click()
    page.get_by_text("等待研判").wait_for()
    made_public.answered(public.desk, number, public.clock)
    look_up(page, public, number, code)
    page.get_by_role("heading", name="答复", exact=True).wait_for()
    assert page.evaluate(FAULTS) == []
    page.get_by_label("不满意", exact=True).check()
    page.get_by_label("原因").fill("昨晚又打了一夜")
    page.get_by_role("button", name="提交评价").click()
    page.get_by_text("已经记下").wait_for()
    assert "重新办理" in page.content()


def test_without_scripts_on_an_old_telephone_it_is_the_same(public: Public, open_page: OpenPage):
    page = open_page(320, 480, java_script_enabled=False, user_agent=OLD_PHONE)
    page.goto(f"{public.url}/")
    page.get_by_role("main").get_by_role("link", name="我要举报").click()
    assert not page.get_by_role("button", name="用手机定位").is_visible()
    page.get_by_role("button", name="提交", exact=True).click()
    assert page.get_by_role("alert").is_visible()
    number, code = hand_in(page, public)
    look_up(page, public, number, code)
    assert "等待研判" in page.content()


def test_what_is_wrong_is_told_first_and_leads_to_its_field(public: Public, open_page: OpenPage):
    page = open_page(320, 640)
    page.goto(f"{public.url}/report")
    public.clock.on(seconds=5)
    page.get_by_role("button", name="提交", exact=True).click()
    page.get_by_role("alert").wait_for()
    assert page.evaluate("document.activeElement.id") == "summary"
    assert page.evaluate(FAULTS) == []
    page.get_by_role("alert").get_by_role("link", name="地点").click()
    assert page.evaluate("document.activeElement.id") == "f-place"
