// What a page lacks for people who listen to it, use the keyboard, or see little: a list of findings, best empty.
// `touched` asks for targets wide enough for a finger as well. Runs in the page; changes nothing but the focus.
(touched) => {
  const found = [];
  const tell = (rule, node) =>
    found.push(`${rule}: ${(node?.outerHTML ?? "").replace(/\s+/g, " ").slice(0, 110)}`);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const seen = (node) => node.checkVisibility({ visibilityProperty: true }) && node.getClientRects().length > 0;
  const CONTROLS = "input:not([type=hidden]), select, textarea";
  const FOCUSABLE = `a[href], button, summary, iframe, audio[controls], ${CONTROLS}, [tabindex]`;

  const named = (node) => {
    const by = (node.getAttribute("aria-labelledby") ?? "").split(/\s+/).filter(Boolean);
    const told = by.map((id) => document.getElementById(id)?.textContent ?? "").join("");
    const labels = [...(node.labels ?? [])].map((label) => label.textContent).join("");
    const inside = node.matches("button, a, summary")
      ? node.textContent + all("img", node).map((picture) => picture.alt).join("") : "";
    return Boolean((told + labels + inside + (node.getAttribute("aria-label") ?? "") + (node.title ?? "")).trim());
  };

  const whole = () => {
    if (!document.documentElement.lang.startsWith("zh")) tell("no language", null);
    if (!document.title.trim()) tell("no title", null);
    if (all("main").length !== 1) tell(`${all("main").length} main`, null);
    if (all("h1").length !== 1) tell(`${all("h1").length} h1`, null);
    const ids = all("[id]").map((node) => node.id);
    ids.filter((id, at) => ids.indexOf(id) !== at).forEach((id) => tell("id twice", document.getElementById(id)));
    all("label[for]").filter((node) => !document.getElementById(node.htmlFor))
      .forEach((node) => tell("label of nothing", node));
    let level = 0;
    all("h1, h2, h3, h4, h5, h6").filter(seen).forEach((node) => {
      const next = Number(node.tagName[1]);
      if (next > level + 1) tell(`heading jumps from ${level}`, node);
      level = next;
    });
  };

  const parts = () => {
    all("img:not([alt])").forEach((node) => tell("picture without alt", node));
    all("iframe:not([title])").forEach((node) => tell("frame without title", node));
    all("svg:not([role])").filter((node) => !node.closest('[role="img"], [aria-hidden="true"]')).forEach((node) => tell("drawing neither named nor hidden", node));
    all(`${CONTROLS}, button, a[href], summary`).filter((node) => !named(node))
      .forEach((node) => tell("no name", node));
    all("table").filter((node) => !node.querySelector("th")).forEach((node) => tell("table without heads", node));
    const headed = (node) => [...node.closest("section, details, article")?.querySelectorAll("h1, h2, h3, h4, summary") ?? []]
      .some((one) => one.compareDocumentPosition(node) & Node.DOCUMENT_POSITION_FOLLOWING);
    all("table").filter((node) => !node.caption && !node.matches("[aria-label], [aria-labelledby]") && !headed(node))
      .forEach((node) => tell("table without title", node));
    all("ul, ol").filter((node) => [...node.children].some((one) => !one.matches("li, script, template")))
      .forEach((node) => tell("list of other things", node));
    all('[tabindex]').filter((node) => node.tabIndex > 0).forEach((node) => tell("order of its own", node));
  };

  const flowing = (node) => {
    for (let at = node; at; at = at.parentElement)
      if (["fixed", "sticky", "absolute"].includes(getComputedStyle(at).position)) return false;
    return true;
  };
  const reached = all(FOCUSABLE).filter((node) => seen(node) && node.tabIndex >= 0 && !node.disabled);
  const order = () => {
    const boxes = reached.filter(flowing).map((node) => [node, node.getBoundingClientRect()]);
    boxes.slice(1).forEach(([node, box], at) => {
      const last = boxes[at][1];
      const beside = Math.min(box.right, last.right) - Math.max(box.left, last.left);
      const level = Math.min(box.bottom, last.bottom) - Math.max(box.top, last.top);
      if (box.bottom <= last.top && beside > 2) tell("focus goes up", node);
      if (box.right <= last.left && level > Math.min(box.height, last.height) / 2) tell("focus goes back", node);
    });
  };

  const marked = () => {
    const shown = (node) => {
      const { outlineStyle, outlineWidth, boxShadow, borderColor } = getComputedStyle(node);
      return { ring: outlineStyle !== "none" && parseFloat(outlineWidth) > 0, drawn: boxShadow + borderColor };
    };
    reached.filter((node) => !node.matches("iframe")).forEach((node) => {
      document.activeElement?.blur();
      const before = shown(node);
      node.focus({ preventScroll: true, focusVisible: true });
      const after = shown(node);
      const around = node.closest("label") ?? (node.id && document.querySelector(`label[for="${node.id}"]`));
      if (document.activeElement === node && !after.ring && after.drawn === before.drawn
          && !(around && shown(around).ring)) tell("focus not shown", node);
    });
    document.activeElement?.blur();
  };

  // WCAG 2.5.8: 24 px, or nothing else within the circle of 24 px; links inside a sentence are free
  const small = () => {
    const sentence = (node) => node.matches("a") && getComputedStyle(node).display === "inline"
      && [...node.parentElement.childNodes].some((one) => one.nodeType === 3 && one.data.trim().length > 1);
    const area = (node) => {
      const around = node.matches("input[type=checkbox], input[type=radio]") ? node.labels?.[0] : null;
      return (around && seen(around) ? around : node).getBoundingClientRect();
    };
    const boxes = reached.map((node) => [node, area(node)]);
    boxes.filter(([node, box]) => (box.width < 24 || box.height < 24) && !sentence(node)).forEach(([node, box]) => {
      const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
      const near = boxes.some(([other, its]) => other !== node && !node.contains(other) && !other.contains(node)
        && Math.hypot(Math.max(its.left - x, 0, x - its.right), Math.max(its.top - y, 0, y - its.bottom)) < 12);
      if (near) tell(`target ${Math.round(box.width)}×${Math.round(box.height)}`, node);
    });
  };

  whole(); parts(); order(); marked();
  if (touched) small();
  return found;
}
