// Before the first paint: the colour scheme this person chose, else the system's.
(function () {
  var chosen = localStorage.getItem("theme");
  var dark = chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  document.documentElement.setAttribute("data-bs-theme", dark ? "dark" : "light");
})();
