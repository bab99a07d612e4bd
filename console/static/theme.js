// Before the first paint, and when the system changes: the colour scheme this person chose, else the system's.
(function () {
  var system = matchMedia("(prefers-color-scheme: dark)");
  function paint() {
    var chosen = localStorage.getItem("theme");
    var dark = chosen ? chosen === "dark" : system.matches;
    document.documentElement.setAttribute("data-bs-theme", dark ? "dark" : "light");
  }
  paint();
  system.addEventListener("change", paint);
})();
