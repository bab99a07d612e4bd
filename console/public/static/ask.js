// The code stands behind the # of a receipt's address: it never reaches a server's log.
"use strict";
(function () {
  var summary = document.getElementById("summary"), code = document.getElementById("f-code");
  if (summary) summary.focus();
  if (code && !code.value && location.hash.length > 1) {
    code.value = decodeURIComponent(location.hash.slice(1)).slice(0, 40);
    history.replaceState(null, "", location.pathname + location.search);
  }
})();
