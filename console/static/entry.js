// While somebody types: the draft is kept, what is known of it is looked up, the call is timed. All works without this.
(function () {
  var form = document.getElementById("entry"), near = document.getElementById("near");
  if (!form || !near) { return; }
  var last = "", waiting = 0, asking = false, ended = false;
  var typed = function () {
    var data = new FormData(form);
    data.delete("files");
    return new URLSearchParams(data);
  };
  var look = function () {
    var body = typed(), now = body.toString();
    if (ended || asking || now === last || !body.get("text").trim() && !body.get("r_phone")) { return; }
    asking = true;
    fetch(near.dataset.near, { method: "POST", body: body, redirect: "manual" }).then(function (answer) {
      if (!answer.ok) { throw new Error(answer.status); }
      return answer.text();
    }).then(function (told) {
      last = now;
      if (!near.contains(document.activeElement)) { near.innerHTML = told; }
    }).catch(function () {
      near.querySelector("[role=status]").textContent = "没有连上，草稿还没有存；内容还在这一页，请不要关闭";
    }).finally(function () { asking = false; });
  };
  form.addEventListener("input", function () {
    clearTimeout(waiting);
    waiting = setTimeout(look, 1200);
  });
  setInterval(look, 8000);
  form.addEventListener("submit", function () { ended = true; });
  addEventListener("pageshow", function () { ended = false; });
  // The hand stays on the keys: Ctrl and Enter looks.
  form.addEventListener("keydown", function (event) {
    if (event.key === "Enter" && event.ctrlKey) { form.querySelector("button[value=look]").click(); }
  });
  var clock = form.querySelector("[data-seconds]");
  if (clock) {
    var since = Date.now() - Number(clock.dataset.seconds) * 1000;
    var tick = function () {
      var seconds = Math.floor((Date.now() - since) / 1000);
      clock.textContent = Math.floor(seconds / 60) + " 分 " + seconds % 60 + " 秒";
    };
    clock.hidden = false;
    tick();
    setInterval(tick, 1000);
  }
  // A screenshot from the clipboard becomes one of the attachments.
  var files = form.querySelector("[data-paste]");
  addEventListener("paste", function (event) {
    var pasted = event.clipboardData ? Array.from(event.clipboardData.files) : [];
    if (!files || !pasted.length) { return; }
    var all = new DataTransfer();
    Array.from(files.files).concat(pasted).forEach(function (one) { all.items.add(one); });
    files.files = all.files;
    event.preventDefault();
  });
})();
