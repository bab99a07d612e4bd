"""What a mail says, whatever its programs made of it; and what nobody wrote by hand."""

from __future__ import annotations

import base64
import quopri
import zipfile
from email.message import EmailMessage
from io import BytesIO

import pytest

from crawler import letters
from huanyu.errors import BadInput

TEXT = "振兴路的厂子夜里排废气，味道刺鼻"
HEAD = (
    b"From: =?gb18030?B?"
    + base64.b64encode("贺兰青".encode("gb18030"))
    + b"?= <a@example.com>\r\nMessage-ID: <1@x>\r\n"
)
WORD = '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:body></w:document>'


def body(charset: str, encoding: str, claimed: str = "", html: bool = False) -> bytes:
    text = f"<html><body><p>{TEXT}</p><script>x</script></body></html>" if html else TEXT
    raw = text.encode(charset)
    told = {"base64": base64.encodebytes, "quoted-printable": quopri.encodestring, "8bit": bytes}[encoding](
        raw
    )
    kind = "text/html" if html else "text/plain"
    return (
        HEAD
        + f"Content-Type: {kind}; charset={claimed or charset}\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n".encode()
        + told
    )


@pytest.mark.parametrize("encoding", ["base64", "quoted-printable", "8bit"])
@pytest.mark.parametrize(
    ("charset", "claimed"),
    [("gb18030", ""), ("gb18030", "gb2312"), ("utf-8", ""), ("gb18030", "x-no-such"), ("utf-8", "gbk")],
)
@pytest.mark.parametrize("html", [False, True])
def test_a_text_is_read_whatever_its_charset_is_called(
    charset: str, claimed: str, encoding: str, html: bool
) -> None:
    letter = letters.read(body(charset, encoding, claimed, html))
    assert (letter.text, letter.name, letter.sender) == (TEXT, "贺兰青", "a@example.com")


def test_bare_gbk_in_the_headers_is_read() -> None:
    raw = (
        b"From: a@example.com\r\nSubject: "
        + "反映废气".encode("gb18030")
        + b"\r\n\r\n"
        + TEXT.encode("gb18030")
    )
    assert letters.read(raw).subject == "反映废气"


def test_a_forwarded_letter_keeps_what_it_quotes_and_an_answer_does_not() -> None:
    told = f"{TEXT}\n\n-----原始邮件-----\n发件人: 甲"
    assert letters.own_words(told) == TEXT
    assert letters.own_words("-----原始邮件-----\n只有这些") == "-----原始邮件-----\n只有这些"


@pytest.mark.parametrize(
    ("heads", "why"),
    [
        ({"Auto-Submitted": "auto-generated"}, "自动回复"),
        ({"Auto-Submitted": "no"}, ""),
        ({"Precedence": "Junk"}, "群发邮件"),
        ({"List-Id": "<news.example.org>"}, "群发邮件"),
        ({"Return-Path": "<>"}, "退信"),
        ({"X-Autoreply": "yes"}, "自动回复"),
        ({"Subject": "Out of Office: x"}, "自动回复或退信"),
        ({"Subject": "自动监测站旁边的厂子夜里排气"}, ""),
        ({"From": "no-reply@shop.example.com"}, "系统邮件"),
        ({"From": "舆情办 <desk@example.org>"}, "本台自己发的邮件"),
    ],
)
def test_what_nobody_wrote_by_hand_is_told_apart(heads: dict[str, str], why: str) -> None:
    mail = EmailMessage()
    for name, value in {"From": "a@example.com", **heads}.items():
        mail[name] = value
    mail.set_content(TEXT)
    assert letters.read(mail.as_bytes(), frozenset({"desk@example.org"})).aside == why


def test_of_a_word_file_its_words_are_read_and_of_other_bytes_nothing() -> None:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        file.writestr(letters.WORD_XML, WORD.format(TEXT))
    assert letters.word_text(packed.getvalue()) == TEXT
    for wrong in (b"PK\x03\x04", b"", jumble()):
        with pytest.raises(BadInput):
            letters.word_text(wrong)


def jumble() -> bytes:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        file.writestr(letters.WORD_XML, "<w:document")
    return packed.getvalue()


@pytest.mark.parametrize("raw", [b"", b"\r\n\r\n", b"\x00" * 50, b"Subject: x"])
def test_bytes_that_are_no_mail_are_bad_input(raw: bytes) -> None:
    with pytest.raises(BadInput):
        letters.read(raw)


def test_a_mail_of_a_thousand_parts_is_bad_input() -> None:
    mail = EmailMessage()
    mail["From"] = "a@example.com"
    mail.make_mixed()
    for _ in range(letters.MOST_PARTS + 1):
        part = EmailMessage()
        part.set_content("x")
        mail.attach(part)
    with pytest.raises(BadInput, match="超过"):
        letters.read(mail.as_bytes())
