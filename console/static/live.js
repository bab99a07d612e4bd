// What comes by itself: figures of what waits, and who else is at this page. Everything works without this file.
(function () {
  var visible = function () { return document.visibilityState === "visible"; };

  // Who else is here: a sign of life every 20 seconds while the page is looked at, and one word when it is left.
  var here = document.querySelector(".presence");
  if (here) {
    var editing = false, closed = false;
    var form = function () {
      var told = { page: here.dataset.page, opened: here.dataset.opened, editing: editing ? "1" : "" };
      return new URLSearchParams(told);
    };
    var show = function (lines) {
      var told = lines.map(function (one) {
        var line = document.createElement("span");
        line.textContent = one[0];
        line.className = one[1] ? "writes" : "";
        return line;
      });
      if (here.textContent !== told.map(function (one) { return one.textContent; }).join("")) {
        here.replaceChildren.apply(here, told);
      }
    };
    var beat = function () {
      if (closed || !visible()) { return; }
      fetch("/presence", { method: "POST", body: form(), redirect: "manual" }).then(function (answer) {
        if (answer.ok) { return answer.json().then(function (told) { show(told.others); }); }
        closed = answer.status < 500;  // signed out, or not ours to see any more
      }).catch(function () { /* the next one tells */ });
    };
    document.getElementById("main").addEventListener("input", function () {
      if (!editing) { editing = true; beat(); }
    });
    beat();
    setInterval(beat, 20000);
    document.addEventListener("visibilitychange", beat);
    addEventListener("pagehide", function () { navigator.sendBeacon("/presence/leave", form()); });
  }

  // Figures: one stream while the page is looked at; a browser has few connections for all its tabs.
  var badge = document.getElementById("inbox-count"), news = document.getElementById("live-news");
  if (!badge || !window.EventSource) { return; }
  var cards = Array.from(document.querySelectorAll(".cards a.figure[href]"));
  var source = null, known = null, tries = 0, over = false;
  var flat = function (told) { return Object.assign({ "/inbox": told.inbox }, told.today); };
  var put = function (told) {
    badge.hidden = told.inbox === "0";
    badge.textContent = told.inbox;
    cards.forEach(function (card) {
      var count = (told.today || {})[card.getAttribute("href")];
      if (count === undefined) { return; }
      card.querySelector("strong").textContent = count;
      card.classList.toggle("quiet", count === "0");
    });
  };
  var take = function (event) {
    var told = JSON.parse(event.data), now = flat(told), before = known;
    tries = 0;
    known = now;
    put(told);
    var more = before && Object.keys(now).some(function (key) {
      return parseInt(now[key], 10) > parseInt(before[key] || "0", 10);
    });
    if (more) { news.textContent = "有新的事项，刷新可见"; }
  };
  var close = function () { if (source) { source.close(); source = null; } };
  var open = function () {
    if (source || over || !visible()) { return; }
    source = new EventSource(cards.length ? "/live?today=1" : "/live");
    source.addEventListener("counts", take);
    source.addEventListener("over", function () { over = true; close(); });
    source.addEventListener("error", function () {
      if (!source || source.readyState !== EventSource.CLOSED) { return; }  // it comes back by itself
      close();
      tries += 1;
      over = tries > 5;
      setTimeout(open, 60000);
    });
  };
  open();
  document.addEventListener("visibilitychange", function () { if (visible()) { open(); } else { close(); } });
  addEventListener("pagehide", close);
  addEventListener("pageshow", open);
})();
