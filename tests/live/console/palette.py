"""Pictures of pages made small enough for a manual: few colours, chosen by median cut, one byte a pixel.

Only the standard library and numpy; Chromium itself reads the picture it has taken.
"""

from __future__ import annotations

import base64
import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np

COLOURS = 96
PIXELS = """async source => {
  const picture = await createImageBitmap(await (await fetch(source)).blob());
  const canvas = new OffscreenCanvas(picture.width, picture.height).getContext("2d");
  canvas.drawImage(picture, 0, 0);
  const bytes = canvas.getImageData(0, 0, picture.width, picture.height).data;
  let told = "";
  for (let at = 0; at < bytes.length; at += 30000) told += String.fromCharCode(...bytes.subarray(at, at + 30000));
  return [picture.width, picture.height, btoa(told)];
}"""


def shrink(page: Any, source: Path, target: Path) -> None:
    """Write the picture `source` with few colours to `target`, unless it looks the same already."""
    blank = page.context.browser.new_page()
    try:
        body = base64.b64encode(source.read_bytes()).decode()
        width, height, told = blank.evaluate(PIXELS, f"data:image/png;base64,{body}")
    finally:
        blank.close()
    pixels = np.frombuffer(base64.b64decode(told), np.uint8).reshape(height, width, 4)[:, :, :3]
    target.write_bytes(png(*quantised(pixels)))


def quantised(pixels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Places in a palette, and the palette: the fullest box of colours is cut at its middle until there are enough."""
    flat = pixels.reshape(-1, 3)
    packed = flat.astype(np.uint32) @ np.array([65536, 256, 1], np.uint32)
    keys, back, counts = np.unique(packed, return_inverse=True, return_counts=True)
    colours = np.stack([keys >> 16, keys >> 8 & 255, keys & 255], axis=1).astype(np.int64)
    boxes = [np.arange(len(keys))]
    while len(boxes) < min(COLOURS, len(keys)):
        worth = [int(np.ptp(colours[box], axis=0).max()) * float(counts[box].sum()) ** 0.5 for box in boxes]
        boxes += halves(boxes.pop(int(np.argmax(worth))), colours, counts)
    palette = np.array([np.average(colours[box], axis=0, weights=counts[box]).round() for box in boxes])
    place = np.empty(len(keys), np.uint8)
    for number, box in enumerate(boxes):
        place[box] = number
    return place[back].reshape(pixels.shape[:2]), palette.astype(np.uint8)


def halves(box: np.ndarray, colours: np.ndarray, counts: np.ndarray) -> list[np.ndarray]:
    """The box cut across its longest side, half of its pixels on either side; no half is empty."""
    side = int(np.ptp(colours[box], axis=0).argmax())
    order = box[np.argsort(colours[box, side], kind="stable")]
    middle = int(np.searchsorted(np.cumsum(counts[order]), counts[order].sum() / 2))
    cut = min(max(middle, 1), len(order) - 1)
    return [order[:cut], order[cut:]]


def png(places: np.ndarray, palette: np.ndarray) -> bytes:
    """A PNG of one byte a pixel."""
    height, width = places.shape
    rows = np.concatenate([np.zeros((height, 1), np.uint8), places], axis=1).tobytes()
    head = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    chunks = (
        (b"IHDR", head),
        (b"PLTE", palette.tobytes()),
        (b"IDAT", zlib.compress(rows, 9)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in chunks
    )
