// Everything works without this file; it adds comfort only.
(function () {
  var button = document.getElementById("theme");
  if (button) {
    button.hidden = false;
    button.addEventListener("click", function () {
      var root = document.documentElement;
      var next = root.getAttribute("data-bs-theme") === "dark" ? "light" : "dark";
      root.setAttribute("data-bs-theme", next);
      localStorage.setItem("theme", next);
    });
  }
  // A second click on a slow line must not send a form twice; the pressed button still travels with it.
  document.querySelectorAll("form[method=post]").forEach(function (form) {
    form.addEventListener("submit", function (event) {
      setTimeout(function () {
        form.querySelectorAll("button").forEach(function (one) { one.disabled = true; });
      }, 0);
      var pressed = event.submitter;
      if (pressed) {
        setTimeout(function () { pressed.classList.add("btn-loading"); pressed.setAttribute("aria-busy", "true"); }, 400);
      }
    });
  });
  // One key for one answer, where no field is being written in: a button, a link, a fold, a tick, a field to write in.
  addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.altKey || event.metaKey || event.repeat || event.isComposing) { return; }
    if (event.target.closest("input:not([type=checkbox], [type=radio]), textarea, select")) {
      if (event.key === "Escape") { event.target.blur(); }
      return;
    }
    var found = document.querySelector('[data-key="' + CSS.escape(event.key.toLowerCase()) + '"]:not(:disabled)');
    if (!found) { return; }
    event.preventDefault();
    if (!found.matches("input:not([type=checkbox], [type=radio]), textarea, select")) { found.click(); }
    if (found.matches("summary")) {
      found = found.parentElement.open && found.parentElement.querySelector("input:not([type=hidden]), textarea");
    }
    if (found && found.focus) { found.focus(); }
  });
  // Pictures open above the page, one after another with the arrows; without this each opens by itself.
  var pictures = Array.from(document.querySelectorAll(".pictures a[target=_blank]:has(img)"));
  if (pictures.length && window.HTMLDialogElement) {
    var at = 0, box = document.createElement("dialog"), image = new Image();
    var told = document.createElement("span"), line = document.createElement("div");
    var show = function (to) {
      at = (to + pictures.length) % pictures.length;
      image.src = pictures[at].href;
      image.alt = pictures[at].querySelector("img").alt;
      told.textContent = (at + 1) + " / " + pictures.length;
    };
    image.alt = "";
    box.className = "lightbox";
    box.setAttribute("aria-label", "图片");
    line.className = "line";
    [["上一张", function () { show(at - 1); }], ["下一张", function () { show(at + 1); }],
      ["关闭", function () { box.close(); }]].forEach(function (one) {
      var button = document.createElement("button");
      button.type = "button";
      button.className = "btn btn-sm";
      button.textContent = one[0];
      button.addEventListener("click", one[1]);
      line.append(button);
    });
    line.prepend(told);
    box.append(image, line);
    document.body.append(box);
    box.addEventListener("keydown", function (event) {
      if (event.key === "ArrowLeft") { show(at - 1); }
      if (event.key === "ArrowRight") { show(at + 1); }
    });
    pictures.forEach(function (link, place) {
      link.addEventListener("click", function (event) {
        if (event.ctrlKey || event.metaKey || event.shiftKey) { return; }
        event.preventDefault();
        show(place);
        box.showModal();
      });
    });
  }
  // The page may come back from the browser's history with its buttons still disabled.
  addEventListener("pageshow", function (event) {
    if (event.persisted) {
      document.querySelectorAll("form[method=post] button").forEach(function (one) {
        one.disabled = false;
        one.classList.remove("btn-loading");
        one.removeAttribute("aria-busy");
      });
    }
  });
})();
