// Lists whose rows can be ticked work without this file; it adds 全选, shift-click, the key x and a count.
(function () {
  var bar = document.getElementById("several");
  var ticks = Array.from(document.querySelectorAll('input[type=checkbox][form="several"]'));
  if (!bar || !ticks.length) { return; }
  var whole = bar.querySelector("[data-all]"), all = whole.querySelector("input");
  var count = bar.querySelector("[data-count]"), most = count.textContent, last = null;
  var tell = function () {
    var ticked = ticks.filter(function (one) { return one.checked; }).length;
    all.checked = ticked === ticks.length;
    all.indeterminate = ticked > 0 && ticked < ticks.length;
    count.textContent = ticked ? "已勾选 " + ticked + " " + count.dataset.count : most;
  };
  whole.hidden = false;
  all.addEventListener("change", function () {
    ticks.forEach(function (one) { one.checked = all.checked; });
    tell();
  });
  ticks.forEach(function (one, at) {
    one.addEventListener("click", function (event) {
      if (event.shiftKey && last !== null) {
        ticks.slice(Math.min(last, at), Math.max(last, at) + 1).forEach(function (other) { other.checked = one.checked; });
      }
      last = at;
      tell();
    });
  });
  addEventListener("keydown", function (event) {
    if (event.key.toLowerCase() !== "x" || event.ctrlKey || event.altKey || event.metaKey || event.repeat) { return; }
    if (event.target.closest("input:not([type=checkbox]), textarea, select")) { return; }
    var row = event.target.closest("[data-row]");
    if (row) { row.querySelector('input[form="several"]').click(); }
  });
  addEventListener("pageshow", tell);
  tell();
})();
