// Keeps the page 现场办件 and its files for where there is no line. Forms are not its business: field.js sends those.
"use strict";
var CACHE = "huanyu-field", LONGEST = 12 * 3600 * 1000, PATIENCE = 8000;

self.addEventListener("install", function (event) { event.waitUntil(self.skipWaiting()); });
self.addEventListener("activate", function (event) { event.waitUntil(self.clients.claim()); });
self.addEventListener("message", function (event) {
  if (event.data && event.data.keep) {
    event.waitUntil(caches.open(CACHE).then(function (cache) {
      return Promise.all(event.data.keep.map(function (address) { return cache.add(address).catch(function () {}); }));
    }));
  }
});
self.addEventListener("fetch", function (event) {
  var request = event.request, address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== self.location.origin) { return; }
  if (request.mode === "navigate" && address.pathname === "/field") {
    event.respondWith(patient(request).then(kept("/field", true), function () { return old("/field"); }));
  } else if (/^\/(static|vendor)\//.test(address.pathname)) {
    event.respondWith(fetch(request).then(kept(address.pathname, false), function () { return old(address.pathname); }));
  }
});

function patient(request) {
  return new Promise(function (resolve, reject) {
    setTimeout(reject, PATIENCE);
    fetch(request).then(resolve, reject);
  });
}
// A fresh answer is kept; one that leads to the log-in means that what was kept is nobody's any more.
function kept(address, isPage) {
  return function (answer) {
    return caches.open(CACHE).then(function (cache) {
      if (answer.ok) { return cache.put(address, answer.clone()).then(function () { return answer; }); }
      return (isPage ? cache.delete(address) : Promise.resolve()).then(function () { return answer; });
    });
  };
}
function old(address) {
  return caches.open(CACHE).then(function (cache) {
    return cache.match(address).then(function (found) {
      if (!found) { return Response.error(); }
      if (address !== "/field" || Date.now() - Date.parse(found.headers.get("date")) < LONGEST) { return found; }
      return cache.delete(address).then(function () { return Response.error(); });
    });
  });
}
