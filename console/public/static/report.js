// 随手拍: where the device is and a recording; without this script the form is sent all the same.
"use strict";
(function () {
  var summary = document.getElementById("summary");
  if (summary) summary.focus();

  var locate = document.getElementById("locate"), located = document.getElementById("located");
  if (locate && navigator.geolocation) {
    locate.hidden = false;
    document.getElementById("locate-now").addEventListener("click", function () {
      located.textContent = "正在定位……";
      navigator.geolocation.getCurrentPosition(function (found) {
        var at = found.coords;
        document.getElementById("f-position").value = [at.latitude, at.longitude, Math.round(at.accuracy)].join(",");
        located.textContent = "已记下手机位置，误差约 " + Math.round(at.accuracy) + " 米。地点在别处的，请在上面写明。";
      }, function () {
        located.textContent = "没有取得位置，请在上面写明地点。";
      }, { enableHighAccuracy: true, timeout: 20000, maximumAge: 60000 });
    });
  }

  var record = document.getElementById("record"), told = document.getElementById("recorded");
  var input = document.getElementById("f-voice"), button = document.getElementById("record-now"), running = null;
  var able = window.MediaRecorder && window.DataTransfer && navigator.mediaDevices && navigator.mediaDevices.getUserMedia;
  if (!record || !able) return;
  record.hidden = false;
  function keep(parts, media) {
    var ending = media.indexOf("mp4") >= 0 ? "m4a" : media.indexOf("ogg") >= 0 ? "ogg" : "webm";
    var box = new DataTransfer();
    box.items.add(new File(parts, "recording." + ending, { type: media }));
    input.files = box.files;
    told.textContent = "已录好，随表单一起提交。";
  }
  function begin(stream) {
    var parts = [];
    running = new MediaRecorder(stream, { audioBitsPerSecond: 32000 });
    running.ondataavailable = function (piece) { if (piece.data.size) parts.push(piece.data); };
    running.onstop = function () {
      stream.getTracks().forEach(function (track) { track.stop(); });
      keep(parts, running.mimeType || "audio/webm");
      running = null;
      button.textContent = "重新录音";
    };
    running.start();
    button.textContent = "停止录音";
    told.textContent = "正在录音……";
  }
  button.addEventListener("click", function () {
    if (running) { running.stop(); return; }
    navigator.mediaDevices.getUserMedia({ audio: true }).then(begin, function () {
      told.textContent = "不能使用麦克风，请用上面的按钮选择录音文件。";
    });
  });
})();
