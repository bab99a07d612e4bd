"""Pictures as they may go out: the image itself and nothing that the camera or a program wrote beside it.

Pure, and lossless: parts of the file are left out, no pixel is touched. Knows JPEG, PNG, GIF and WebP; what it does not
know it does not let pass.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from huanyu.errors import BadInput
from huanyu.types import Picture

SUFFIX: Final[Mapping[str, str]] = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/gif": ".gif",
    "image/webp": ".webp",
}
ORIENTATION: Final = 0x0112  # Exif 2.3, IFD0
UPRIGHT: Final = 1
_EXIF, _ICC, _JFIF = b"Exif\x00\x00", b"ICC_PROFILE\x00", b"JFIF\x00"
_BARE_JFIF: Final = 12  # bytes of a JFIF segment from its name up to the size of its thumbnail (JFIF 1.02)
_SOI, _EOI, _SOS, _APP0, _APP1, _APP2, _APP14, _COM = 0xD8, 0xD9, 0xDA, 0xE0, 0xE1, 0xE2, 0xEE, 0xFE
_PNG: Final = b"\x89PNG\r\n\x1a\n"
#: Ancillary chunks that change how the picture looks (PNG 1.2, 4.2); every other one is left out.
_PNG_LOOKS: Final = frozenset({b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT", b"bKGD", b"pHYs"})
_APNG: Final = frozenset({b"acTL", b"fcTL", b"fdAT"})
_LOOPS: Final = frozenset({b"NETSCAPE2.0", b"ANIMEXTS1.0"})
#: Chunks that are the picture (WebP container, RFC 9649 2.7); every other one is left out, in frames too.
_WEBP_LOOKS: Final = frozenset({b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"})
_FRAME: Final = 16  # bytes of a frame before its own chunks
_BROKEN: Final = (struct.error, IndexError, ValueError)


def media_of(body: bytes) -> str:
    """What the bytes are, whatever the file is called; "" where they are no picture that can go out."""
    if body.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if body.startswith(_PNG):
        return "image/png"
    if body[:6] in {b"GIF87a", b"GIF89a"}:
        return "image/gif"
    return "image/webp" if body[:4] == b"RIFF" and body[8:12] == b"WEBP" else ""


def cleaned(picture: Picture) -> Picture:
    """The picture without place, time, camera, author or comment, under a name that tells nothing.

    Which way up it is stays. Raises BadInput for what is no picture, or a broken one.
    """
    media = media_of(picture.body)
    if not media:
        raise BadInput(f"图片“{picture.name}”不是 JPEG、PNG、GIF 或 WebP 格式")
    try:
        body = _CLEAN[media](picture.body)
    except _BROKEN as problem:
        raise BadInput(f"图片“{picture.name}”已损坏，读不完整") from problem
    return replace(picture, body=body, media=media, name=f"{picture.digest[:16] or 'picture'}{SUFFIX[media]}")


# --- JPEG: ISO/IEC 10918-1, annex B ---------------------------------------------------------------------------


def _jpeg(body: bytes) -> bytes:
    kept, turned = [b"\xff\xd8"], UPRIGHT
    for marker, content in _segments(body):
        if marker == _APP1 and content[4:].startswith(_EXIF):
            turned = _orientation(content[4 + len(_EXIF) :])
        elif marker == _APP0 and content[4:].startswith(_JFIF):
            kept.append(_without_thumbnail(content))
        elif _is_image(marker, content):
            kept.append(content)
    if turned != UPRIGHT:
        kept.insert(1, _turned(turned))
    return b"".join(kept) + b"\xff\xd9"


def _segments(body: bytes) -> Iterator[tuple[int, bytes]]:
    """Each marker segment with its marker and, after SOS, the scan; what follows the end of image is not told."""
    at = 2
    while True:
        if body[at] != 0xFF:
            raise ValueError("no marker")
        marker = body[at + 1]
        if marker == _EOI:
            return
        if marker == 0xFF:  # fill byte
            at += 1
            continue
        end = at + 2 + int(struct.unpack_from(">H", body, at + 2)[0])
        if marker == _SOS:
            end = _end_of_scan(body, end)
        if end > len(body):
            raise ValueError("cut short")
        yield marker, body[at:end]
        at = end


def _end_of_scan(body: bytes, at: int) -> int:
    """The next marker that is neither a stuffed byte nor a restart."""
    while True:
        at = body.index(b"\xff", at)
        following = body[at + 1]
        if following != 0 and not 0xD0 <= following <= 0xD7 and following != 0xFF:
            return at
        at += 1 if following == 0xFF else 2


def _is_image(marker: int, content: bytes) -> bool:
    if marker == _APP2:
        return content[4:].startswith(_ICC)
    return marker == _APP14 or not (_APP0 <= marker <= 0xEF or marker == _COM)


def _without_thumbnail(content: bytes) -> bytes:
    """The JFIF segment with its density; a thumbnail may show what was cut out of the picture since."""
    told = content[4 : 4 + _BARE_JFIF]
    if len(told) < _BARE_JFIF:
        raise ValueError("cut short")
    return struct.pack(">BBH", 0xFF, _APP0, 4 + len(told)) + told + b"\x00\x00"


def _orientation(tiff: bytes) -> int:
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None:
        return UPRIGHT
    try:
        (start,) = struct.unpack_from(f"{order}I", tiff, 4)
        (count,) = struct.unpack_from(f"{order}H", tiff, start)
        for number in range(count):
            tag, _, _, value = struct.unpack_from(f"{order}HHIH", tiff, start + 2 + 12 * number)
            if tag == ORIENTATION:
                return value if 1 <= value <= 8 else UPRIGHT
    except struct.error:
        return UPRIGHT  # an Exif block cut short says nothing
    return UPRIGHT


def _turned(orientation: int) -> bytes:
    """An Exif segment that says which way up the picture is and nothing else."""
    tiff = b"MM\x00\x2a" + struct.pack(">IHHHIHHI", 8, 1, ORIENTATION, 3, 1, orientation, 0, 0)
    return struct.pack(">BBH", 0xFF, _APP1, 2 + len(_EXIF) + len(tiff)) + _EXIF + tiff


# --- PNG, GIF, WebP -------------------------------------------------------------------------------------------


def _png(body: bytes) -> bytes:
    kept, at = [_PNG], len(_PNG)
    while True:
        size, name = struct.unpack_from(">I4s", body, at)
        end = at + 12 + size
        if end > len(body):
            raise ValueError("cut short")
        is_critical = name[:1].isupper()
        if is_critical or name in _PNG_LOOKS or name in _APNG:
            kept.append(body[at:end])
        if name == b"IEND":
            return b"".join(kept)
        at = end


def _gif(body: bytes) -> bytes:
    at = 13 + _colours(body[10])
    kept = [body[:at]]
    while body[at] != 0x3B:  # trailer
        start = at
        if body[at] == 0x2C:  # image
            at = _after_blocks(body, at + 11 + _colours(body[at + 9]))
        elif body[at] == 0x21:  # extension
            at = _after_blocks(body, at + 2)
        else:
            raise ValueError("no block")
        if _is_shown(body[start:at]):
            kept.append(body[start:at])
    return b"".join(kept) + b"\x3b"


def _colours(flags: int) -> int:
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _after_blocks(body: bytes, at: int) -> int:
    while size := body[at]:
        at += size + 1
    return at + 1


def _is_shown(block: bytes) -> bool:
    """An image, its timing, or the word that it repeats; comments and other programs' data are not."""
    if block[0] == 0x2C:
        return True
    return block[1] == 0xF9 or (block[1] == 0xFF and block[3:14] in _LOOPS)


def _webp(body: bytes) -> bytes:
    content = b"WEBP" + _chunks(body, 12, min(len(body), 8 + int(struct.unpack_from("<I", body, 4)[0])))
    return b"RIFF" + struct.pack("<I", len(content)) + content


def _chunks(body: bytes, at: int, until: int) -> bytes:
    """The chunks between two places without those that are not the picture."""
    kept = []
    while at < until:
        name, size = struct.unpack_from("<4sI", body, at)
        start, end = at + 8, at + 8 + size
        if end > until:
            raise ValueError("cut short")
        if name == b"VP8X":
            kept.append(_chunk(name, bytes([body[start] & ~0x0C]) + body[start + 1 : end]))  # no Exif, no XMP
        elif name == b"ANMF":
            kept.append(_chunk(name, body[start : start + _FRAME] + _chunks(body, start + _FRAME, end)))
        elif name in _WEBP_LOOKS:
            kept.append(_chunk(name, body[start:end]))
        at = end + (size & 1)
    return b"".join(kept)


def _chunk(name: bytes, content: bytes) -> bytes:
    return name + struct.pack("<I", len(content)) + content + b"\x00" * (len(content) & 1)


_CLEAN: Final[Mapping[str, Callable[[bytes], bytes]]] = {
    "image/jpeg": _jpeg,
    "image/png": _png,
    "image/gif": _gif,
    "image/webp": _webp,
}
