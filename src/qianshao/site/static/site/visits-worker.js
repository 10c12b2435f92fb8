// Keeps an inspector's page of visits, and what it is drawn with, for when there is no line.
// The page kept is the last one the server gave; it is dropped as soon as somebody signs out (site.js).
"use strict";
const KEPT = "visits";
const PATIENCE = 4000; // milliseconds before a bad line counts as none

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

// The page tells what it is drawn with; all of it is fetched anew and kept together.
self.addEventListener("message", (event) => {
  const { page, parts } = event.data;
  const done = keep(page, parts).then(
    () => event.source.postMessage({ kept: true }),
    () => event.source.postMessage({ kept: false }),
  );
  event.waitUntil(done);
});

async function keep(page, parts) {
  const answers = await Promise.all([page, ...parts].map((url) => fetch(url, { cache: "no-cache", redirect: "error" })));
  if (answers.some((answer) => !answer.ok)) throw new Error("incomplete");
  await caches.delete(KEPT);
  const cache = await caches.open(KEPT);
  await Promise.all(answers.map((answer) => cache.put(answer.url, answer)));
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  if (request.mode === "navigate") event.respondWith(fresh(request));
  else if (["style", "script", "image", "font"].includes(request.destination)) event.respondWith(part(request));
});

async function fresh(request) {
  const kept = async () => (await caches.match(request, { ignoreSearch: true, ignoreVary: true })) || Response.error();
  let timer;
  const late = new Promise((resolve) => (timer = setTimeout(resolve, PATIENCE)));
  try {
    const answer = await Promise.race([fetch(request), late]);
    return answer || (await kept());
  } catch {
    return kept();
  } finally {
    clearTimeout(timer);
  }
}

async function part(request) {
  try {
    return await fetch(request);
  } catch {
    return (await caches.match(request, { ignoreVary: true })) || Response.error();
  }
}
