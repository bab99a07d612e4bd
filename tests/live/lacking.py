"""What a page of ours lacks in Chromium for people who listen, use keys, see little or hold a small screen."""

from __future__ import annotations

from pathlib import Path
from typing import Any

LACKS = (Path(__file__).parent / "console" / "accessible.js").read_text("utf-8")
#: Texts whose contrast with what lies behind them is below WCAG AA, measured on the page as it is painted.
FAINT = """() => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const kept = (work, known = new Map()) => key => known.has(key) ? known.get(key) : known.set(key, work(key)).get(key);
  const rgba = kept(colour => {
    canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  });
  const over = (top, below) => [0, 1, 2].map(i => top[i] * top[3] + below[i] * (1 - top[3])).concat(1);
  const behind = kept(node => node
    ? over(rgba(getComputedStyle(node).backgroundColor), behind(node.parentElement)) : [255, 255, 255, 1]);
  const light = ([r, g, b]) => [r, g, b].map(v => v / 255)
    .map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
  const texts = [...document.querySelectorAll("body *")].filter(one =>
    one.checkVisibility() && !one.closest("svg") && [...one.childNodes].some(n => n.nodeType === 3 && n.data.trim()));
  return texts.map(one => {
    const back = behind(one), style = getComputedStyle(one);
    const [a, b] = [light(over(rgba(style.color), back)), light(back)].sort((x, y) => y - x);
    return [(a + .05) / (b + .05), one.className + ": " + one.textContent.trim().slice(0, 20)];
  }).filter(([ratio]) => ratio < 4.5).map(([ratio, text]) => ratio.toFixed(2) + " " + text);
}"""
#: Up to here a finger points, not a mouse.
TOUCHED = 400


def lacking(page: Any, views: tuple[tuple[int, int, str], ...]) -> list[str]:
    """Look at the page in each (width, height, colours) without loading it again."""
    found = []
    page.keyboard.press("Shift")  # whoever uses keys is shown where the focus is
    for width, height, scheme in views:
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        if (wide := page.evaluate("document.documentElement.scrollWidth")) > width:
            found.append(f"{width}: {wide} px wide")
        told = page.evaluate(LACKS, width <= TOUCHED) + page.evaluate(FAINT)
        found += [f"{width} {scheme}: {one}" for one in told]
    return found
