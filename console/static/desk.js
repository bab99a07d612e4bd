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
    form.addEventListener("submit", function () {
      setTimeout(function () {
        form.querySelectorAll("button").forEach(function (one) { one.disabled = true; });
      }, 0);
    });
  });
  // One key for one answer, where no field is being written in.
  addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.altKey || event.metaKey || event.repeat) { return; }
    if (event.target.closest("input:not([type=checkbox]), textarea, select")) { return; }
    var button = document.querySelector('button[data-key="' + CSS.escape(event.key.toLowerCase()) + '"]:enabled');
    if (button) { event.preventDefault(); button.click(); }
  });
  // The page may come back from the browser's history with its buttons still disabled.
  addEventListener("pageshow", function (event) {
    if (event.persisted) {
      document.querySelectorAll("form[method=post] button").forEach(function (one) { one.disabled = false; });
    }
  });
})();
