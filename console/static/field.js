// 现场办件 without a line: what is typed is kept on the device, what is handed in waits here and is sent once.
// Without this file, or in a browser that lacks any of it, the forms are ordinary forms.
(function () {
  "use strict";
  var root = document.getElementById("field");
  if (!root || !window.indexedDB || !window.Promise || !window.fetch || !window.FormData || !HTMLCanvasElement.prototype.toBlob) { return; }
  var user = root.dataset.user, longest = Number(root.dataset.longest), most = Number(root.dataset.most);
  var box = document.getElementById("field-unsent"), list = document.getElementById("field-entries");
  var line = document.getElementById("field-line"), base = null, busy = false, again = false, pause = 2000, timers = {};

  function open() {
    return new Promise(function (resolve, reject) {
      var asked = indexedDB.open("huanyu-field", 1);
      asked.onupgradeneeded = function () {
        asked.result.createObjectStore("unsent", { keyPath: "key" });
        asked.result.createObjectStore("drafts", { keyPath: "action" });
        asked.result.createObjectStore("owner", { keyPath: "id" });
      };
      asked.onsuccess = function () { resolve(asked.result); };
      asked.onerror = function () { reject(asked.error); };
    });
  }
  function ask(store, mode, work) {
    return new Promise(function (resolve, reject) {
      var act = base.transaction(store, mode), asked = work(act.objectStore(store));
      act.oncomplete = function () { resolve(asked.result); };
      act.onerror = act.onabort = function () { reject(act.error); };
    });
  }
  function all(store) { return ask(store, "readonly", function (one) { return one.getAll(); }); }
  function put(store, row) { return ask(store, "readwrite", function (one) { return one.put(row); }); }
  function drop(store, key) { return ask(store, "readwrite", function (one) { return one.delete(key); }); }
  function clear(store) { return ask(store, "readwrite", function (one) { return one.clear(); }); }
  function key() {
    return Array.prototype.map.call(crypto.getRandomValues(new Uint8Array(16)), function (one) {
      return ("0" + one.toString(16)).slice(-2);
    }).join("");
  }
  function say(text) { line.textContent = text; line.hidden = !text; }

  // What somebody else left on this device is nobody's business.
  function owned() {
    return all("owner").then(function (found) {
      if (found.length && found[0].user !== user) {
        return Promise.all(["unsent", "drafts", "owner"].map(clear));
      }
    }).then(function () { return put("owner", { id: 1, user: user }); });
  }

  // Forms ---------------------------------------------------------------------------------------------
  var forms = Array.prototype.slice.call(document.querySelectorAll("form[data-field]"));
  function typed(form) {
    var found = [];
    new FormData(form).forEach(function (value, name) {
      if (typeof value === "string" && name !== "key") { found.push([name, value]); }
    });
    return found;
  }
  function fill(form, fields) {
    Array.prototype.forEach.call(form.elements, function (one) {
      var values = fields.filter(function (pair) { return pair[0] === one.name; }).map(function (pair) { return pair[1]; });
      if (!one.name || one.name === "key" || one.name === "version" || one.type === "file") { return; }
      if (one.type === "radio" || one.type === "checkbox") { one.checked = values.indexOf(one.value) >= 0; }
      else if (values.length) {
        one.value = values[0];
        if (one.hasAttribute("data-now")) { one.dataset.by = "person"; }  // as it was kept, not as it is now
      }
    });
  }
  function path(form) { return form.getAttribute("action"); }
  function keepDraft(form) {
    if (base === null) { return Promise.resolve(); }
    return put("drafts", { action: path(form), fields: typed(form), photos: form.photos || [] });
  }
  function showPhotos(form) {
    var told = form.querySelector(".field-photos"), photos = form.photos || [];
    if (!told) { return; }
    var size = photos.reduce(function (sum, one) { return sum + one.body.size; }, 0);
    told.textContent = photos.length ? "已选 " + photos.length + " 张，缩小后共 " + Math.ceil(size / 1024) + " KB" : "";
    photos.forEach(function (photo, at) {
      var row = document.createElement("span");
      row.className = "field-chosen";
      var off = button("去掉", function () {
        form.photos = form.photos.filter(function (one) { return one !== photo; });  // pressed twice, it takes off one
        keepDraft(form).then(function () { showPhotos(form); }, function () { showPhotos(form); });
      });
      off.setAttribute("aria-label", "去掉照片 " + (at + 1) + " " + photo.name);
      row.append((at + 1) + ". " + photo.name + " ", off);
      told.append(row);
    });
    offer(form);
  }
  // What is chosen is kept by us and leaves its field: one field is enough, until there are as many as may be.
  function offer(form) {
    Array.prototype.forEach.call(form.querySelectorAll(".field-photo"), function (one, at) {
      one.hidden = at > 0 || form.photos.length >= most;
      if (at === 0) { one.querySelector("label").textContent = form.photos.length ? "再加一张" : "加照片"; }
    });
  }
  function take(form, input) {
    if (base === null || !input.files.length || !window.createImageBitmap) { return; }
    var file = input.files[0];
    input.value = "";
    shrink(file).then(function (photo) {
      form.photos.push(photo);
      return keepDraft(form);  // what is shown as chosen is kept
    }).then(function () { showPhotos(form); }, function () { showPhotos(form); });
  }
  // Nothing more fits on the device: the photos we hold cannot be handed in, every field is there to choose them again.
  function giveUp() {
    base = null;
    forms.forEach(function (form) {
      form.photos = [];
      var told = form.querySelector(".field-photos");
      if (told) { told.textContent = ""; }
      Array.prototype.forEach.call(form.querySelectorAll(".field-photo"), function (one) { one.hidden = false; });
    });
    say("这部手机存不下了，请直接提交；照片请重新选。");
  }
  function restore(draft) {
    forms.forEach(function (form) {
      if (path(form) !== draft.action) { return; }
      fill(form, draft.fields);
      form.photos = draft.photos;
      showPhotos(form);
      for (var up = form.parentElement; up && up !== root; up = up.parentElement) { if (up.tagName === "DETAILS") { up.open = true; } }
    });
  }
  function shrink(file) {
    return createImageBitmap(file, { imageOrientation: "from-image" }).then(function (image) {
      var scale = Math.min(1, longest / Math.max(image.width, image.height));
      var canvas = document.createElement("canvas");
      canvas.width = Math.round(image.width * scale);
      canvas.height = Math.round(image.height * scale);
      canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
      image.close();
      return new Promise(function (resolve) { canvas.toBlob(resolve, "image/jpeg", 0.82); });
    }).then(function (body) {
      // one that is small already goes as it is
      return body && body.size < file.size ? { name: file.name.replace(/\.\w+$/, "") + ".jpg", body: body } : { name: file.name, body: file };
    }, function () { return { name: file.name, body: file }; });
  }
  forms.forEach(function (form) {
    form.photos = [];
    form.addEventListener("input", function (event) {
      if (event.target.type === "file") { return; }
      clearTimeout(timers[path(form)]);
      timers[path(form)] = setTimeout(function () { keepDraft(form); }, 300);
    });
    form.addEventListener("change", function (event) {
      if (event.target.type === "file") { take(form, event.target); }
    });
    var locate = form.querySelector("[data-locate]");
    if (locate && navigator.geolocation) {
      locate.parentElement.hidden = false;
      locate.addEventListener("click", function () {
        var told = locate.parentElement.querySelector("[role=status]");
        told.textContent = "正在定位……";
        navigator.geolocation.getCurrentPosition(function (found) {
          var at = found.coords;
          form.elements.position.value = [at.latitude, at.longitude, Math.round(at.accuracy)].join(",");
          told.textContent = "已记下位置，误差约 " + Math.round(at.accuracy) + " 米。";
          keepDraft(form);
        }, function () { told.textContent = "没有取得位置，请在上面写明。"; }, { enableHighAccuracy: true, timeout: 20000, maximumAge: 60000 });
      });
    }
  });
  // Before desk.js, which would disable the buttons of a form that leaves the page.
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (base === null || forms.indexOf(form) < 0) { return; }
    event.preventDefault();
    event.stopPropagation();
    clearTimeout(timers[path(form)]);
    var entry = { key: key(), action: path(form), name: form.dataset.field, fields: typed(form), photos: form.photos, at: Date.now(), told: "" };
    waiting().then(function (found) {
      entry.turn = found.reduce(function (last, one) { return Math.max(last, one.turn); }, 0) + 1;
      return put("unsent", entry);
    }).then(function () { return drop("drafts", entry.action); }).then(function () {
      form.photos = [];
      form.hidden = true;
      return show();
    }).then(send, giveUp);
  }, true);

  // What waits ----------------------------------------------------------------------------------------
  function button(text, act) {
    var made = document.createElement("button");
    made.type = "button";
    made.className = "btn btn-sm";
    made.textContent = text;
    made.addEventListener("click", act);
    return made;
  }
  // In the order handed in: a device's clock may stand still or be set back, and the arrival must go before the result.
  function waiting() {
    return all("unsent").then(function (found) {
      return found.sort(function (one, other) { return one.turn - other.turn; });
    });
  }
  function show() {
    return waiting().then(function (found) {
      list.textContent = "";
      found.forEach(function (entry) {
        var row = document.createElement("li"), moment = new Date(entry.at);
        row.textContent = entry.name + "（" + moment.getHours() + ":" + ("0" + moment.getMinutes()).slice(-2) + (entry.photos.length ? "，照片 " + entry.photos.length + " 张" : "") + "）" + (entry.told ? "：" + entry.told : "") + " ";
        if (entry.told) {
          row.append(button("改一改", function () { back(entry); }), " ", button("删除", function () { drop("unsent", entry.key).then(show); }));
        }
        list.append(row);
      });
      box.hidden = !found.length;
      return found;
    });
  }
  // A refused one goes back into its form, as the case stands now; it leaves under a new key.
  function back(entry) {
    put("drafts", { action: entry.action, fields: entry.fields, photos: entry.photos }).then(function () {
      return drop("unsent", entry.key);
    }).then(function () { location.reload(); });
  }
  function body(entry) {
    var form = new FormData();
    form.append("key", entry.key);
    entry.fields.forEach(function (pair) { form.append(pair[0], pair[1]); });
    entry.photos.forEach(function (photo, at) { form.append("file" + at, photo.body, photo.name); });
    return form;
  }
  function sendOne(entry) {
    return fetch(entry.action, { method: "POST", body: body(entry), headers: { Accept: "application/json" }, redirect: "manual" }).then(function (answer) {
      if (answer.type === "opaqueredirect" || answer.status === 401) { throw new Error("请重新登录，登录后自动发送。"); }
      if (answer.ok) { return drop("unsent", entry.key).then(function () { return true; }); }
      return answer.json().catch(function () { return { told: "没有收下（" + answer.status + "），请打开案件核对" }; }).then(function (said) {
        entry.told = said.told;
        return put("unsent", entry).then(function () { return false; });
      });
    }, function () { throw new Error("现在没有信号，已存在手机里。"); });
  }
  function send() {
    if (busy) { again = true; return; }
    busy = true;
    again = false;
    var sent = 0;
    return waiting().then(function (found) {
      return found.filter(function (one) { return !one.told; }).reduce(function (before, entry) {
        return before.then(function () { return sendOne(entry); }).then(function (done) { sent += done ? 1 : 0; });
      }, Promise.resolve());
    }).then(function () { say(""); pause = 2000; }, function (problem) {
      say(problem.message);
      setTimeout(send, pause);  // a line that has just come back may not carry yet
      pause = Math.min(pause * 2, 60000);
    }).then(show).then(function (left) {
      busy = false;
      if (sent && !left.length) { location.assign("/field?done=sent"); }
      else if (again) { send(); }  // the line came back, or more was handed in, while we were at it
    });
  }
  document.getElementById("field-now").addEventListener("click", send);
  addEventListener("online", function () { pause = 2000; send(); });

  // Without a line the moment is the device's as the form is opened, unless somebody wrote another one; `by` says which.
  function by(one, told) {
    one.dataset.by = told;
    if (one.form.elements.by) { one.form.elements.by.value = told; }
  }
  Array.prototype.forEach.call(document.querySelectorAll("[data-now]"), function (one) {
    function now() {
      // on a line and just come, the moment in it is the server's
      if (one.dataset.by === "person" || (navigator.onLine && performance.now() < 300000)) { return; }
      one.value = new Date(Date.now() + 8 * 3600000).toISOString().slice(0, 16);
      by(one, "clock");
    }
    one.addEventListener("input", function () { by(one, "person"); });
    var part = one.closest("details");
    part.addEventListener("toggle", function () { if (part.open) { now(); } });
    now();
  });
  // Log-out clears all that is kept: whoever has not sent yet is asked first.
  Array.prototype.forEach.call(document.querySelectorAll("form[action='/logout']"), function (form) {
    form.addEventListener("submit", function (event) {
      if (!box.hidden && !confirm("还有没发送的内容，退出会清除。确定退出吗？")) { event.preventDefault(); event.stopImmediatePropagation(); }
    }, true);
  });

  open().then(function (found) { base = found; return owned(); }).then(function () { return all("drafts"); }).then(function (found) {
    if (window.createImageBitmap) { forms.forEach(function (form) { if (form.querySelector(".field-photo")) { offer(form); } }); }
    found.forEach(restore);
    forms.forEach(function (form) {  // chosen before we were ready
      Array.prototype.forEach.call(form.querySelectorAll("input[type=file]"), function (one) { take(form, one); });
    });
    return show();
  }).then(function (left) {
    // What is sent can be followed by a page out of the device, when the line goes again: that page does not know it.
    if (!left.length && location.search === "?done=sent" && !document.querySelector(".alert-success")) {
      say("都已发送。现在没有信号，下面还是发送以前的页面。");
    } else { send(); }
  }, function () { base = null; });
  if (navigator.serviceWorker) {
    navigator.serviceWorker.register("/field/worker.js", { scope: "/field" }).then(function () { return navigator.serviceWorker.ready; }).then(function (kept) {
      var parts = Array.prototype.map.call(document.querySelectorAll("link[rel=stylesheet], link[rel=icon], script[src]"), function (one) {
        return new URL(one.href || one.src).pathname;
      });
      if (navigator.onLine) { kept.active.postMessage({ keep: ["/field"].concat(parts) }); }
    }).catch(function () {});
  }
})();
