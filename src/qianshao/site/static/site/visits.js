// Findings of an inspector: kept on the phone first, sent when there is a line, each until the server has answered.
"use strict";
const line = document.getElementById("visits-line");
const words = line.dataset;
const sendButton = document.getElementById("visits-send");
const RETRY = 30_000; // milliseconds between tries while something waits
let sending = false;
let trouble = ""; // what stands against sending though there is a line

// -- the store: one row for a finding, by the number it was given on this phone

function open() {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open("visits", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("findings", { keyPath: "delivery" });
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
}

async function store(mode, ask) {
  const database = await open();
  try {
    return await new Promise((resolve, reject) => {
      const work = database.transaction("findings", mode);
      const asked = ask(work.objectStore("findings"));
      work.oncomplete = () => resolve(asked.result);
      work.onerror = work.onabort = () => reject(work.error);
    });
  } finally {
    database.close();
  }
}

const put = (finding) => store("readwrite", (rows) => rows.put(finding));
const drop = (delivery) => store("readwrite", (rows) => rows.delete(delivery));
const all = async () => (await store("readonly", (rows) => rows.getAll())).sort((one, other) => one.saved - other.saved);

// A number nobody else gives; crypto.randomUUID is not there on plain http.
function number() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [8, 12, 16, 20].reduce((text, at, n) => `${text.slice(0, at + n)}-${text.slice(at + n)}`, hex);
}

// -- saving

async function save(form) {
  const visit = form.closest(".visit");
  const missing = form.querySelector(".visit-missing");
  missing.hidden = form.checkValidity();
  missing.textContent = missing.dataset.text;
  if (!missing.hidden) {
    form.querySelector(":invalid:not(fieldset)").focus();
    return;
  }
  const data = new FormData(form);
  // Copied, because a file that is only pointed to may be gone when the line is back.
  const files = await Promise.all(
    data.getAll("_evidence").map(async (file) => ({ name: file.name, type: file.type, bytes: await file.arrayBuffer() })),
  );
  const finding = {
    delivery: number(),
    account: words.account,
    stream: visit.dataset.stream,
    send: visit.dataset.send,
    result: data.get("result"),
    found: data.get("found"),
    files,
    saved: Date.now(),
    state: "waiting",
  };
  try {
    await put(finding);
  } catch {
    missing.textContent = words.full;
    missing.hidden = false;
    return;
  }
  await show();
  await send();
}

// -- sending

async function send() {
  const waiting = (await all()).filter((finding) => finding.state === "waiting");
  if (sending || !waiting.length || !navigator.onLine) return show();
  sending = true;
  trouble = "";
  try {
    const answer = await fetch(words.line, { redirect: "manual", cache: "no-store" });
    if (answer.type === "opaqueredirect" || !answer.ok) {
      trouble = words.signin;
      return;
    }
    const { account, token } = await answer.json();
    for (const finding of waiting) {
      if (finding.account !== account) trouble = words.other;
      else if (!(await deliver(finding, token))) trouble = words.later;
    }
  } catch {
    // No line after all: what waits keeps waiting.
  } finally {
    sending = false;
    await show();
  }
}

// Whether the server has said what becomes of it.
async function deliver(finding, token) {
  const data = new FormData();
  data.set("_token", finding.delivery);
  data.set("waited", String(Math.max(0, Math.round((Date.now() - finding.saved) / 1000))));
  for (const name of ["result", "found"]) data.set(name, finding[name]);
  data.set("seen", "on");
  for (const file of finding.files) data.append("_evidence", new Blob([file.bytes], { type: file.type }), file.name);
  const answer = await fetch(finding.send, { method: "POST", body: data, headers: { "X-CSRFToken": token }, redirect: "manual" });
  const said = (answer.headers.get("Content-Type") || "").startsWith("application/json") ? await answer.json() : null;
  if (answer.ok && said) {
    await put({ ...finding, state: "sent", files: [], entry: said.entry, at: said.at });
  } else if (said && said.reason) {
    await put({ ...finding, state: "refused", reason: said.reason });
  } else {
    return false; // the server did not answer for itself: it is sent again later
  }
  return true;
}

// -- showing

function button(text, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "btn btn-sm";
  made.textContent = text;
  made.addEventListener("click", act);
  return made;
}

function told(text, name) {
  const made = document.createElement(name === "visit-reason" ? "p" : "span");
  made.className = name;
  made.textContent = text;
  return made;
}

async function show() {
  const findings = (await all()).filter((finding) => finding.account === words.account);
  for (const visit of document.querySelectorAll(".visit")) {
    const form = visit.querySelector(".visit-form");
    if (!form) continue;
    const state = visit.querySelector(".visit-state");
    const finding = findings.filter((one) => one.stream === visit.dataset.stream).pop();
    form.hidden = Boolean(finding);
    const now = finding ? `${finding.delivery} ${finding.state}` : "";
    if (state.dataset.now === now) continue;
    state.dataset.now = now;
    state.replaceChildren();
    if (!finding) continue;
    if (finding.state === "waiting") state.append(told(words.saved, "badge-plain"));
    if (finding.state === "sent") state.append(told(`${words.sent} ${finding.at}`, "badge-plain"));
    if (finding.state === "refused") {
      state.append(told(words.refused, "badge-plain"), told(finding.reason, "visit-reason"));
      state.append(button(words.again, () => again(form, finding)), button(words.drop, () => away(finding)));
    }
  }
  const waits = (await all()).filter((finding) => finding.state === "waiting").length;
  sendButton.hidden = !waits || !navigator.onLine;
  line.classList.toggle("offline", !navigator.onLine || Boolean(trouble));
  const parts = [navigator.onLine ? trouble || words.online : words.offline];
  if (line.dataset.kept === "yes") parts.push(words.ready);
  if (line.dataset.kept === "never") parts.push(words.insecure);
  line.textContent = parts.join(" ");
}

// What was refused goes back into the form; it is a new finding when it is saved again.
async function again(form, finding) {
  form.querySelector(`[name="result"][value="${finding.result}"]`).checked = true;
  form.querySelector('[name="found"]').value = finding.found;
  const files = new DataTransfer();
  for (const file of finding.files) files.items.add(new File([file.bytes], file.name, { type: file.type }));
  form.querySelector('[name="_evidence"]').files = files.files;
  await away(finding);
}

async function away(finding) {
  await drop(finding.delivery);
  await show();
}

// -- the page itself, kept for when there is no line

async function keepPage() {
  if (!("serviceWorker" in navigator)) {
    line.dataset.kept = "never";
    return show();
  }
  navigator.serviceWorker.addEventListener("message", (event) => {
    if (event.data.kept) line.dataset.kept = "yes";
    show();
  });
  await navigator.serviceWorker.register(words.worker, { scope: words.scope });
  const ready = await navigator.serviceWorker.ready;
  const drawn = document.querySelectorAll('link[rel="stylesheet"], link[rel="icon"], script[src], img[src]');
  const parts = new Set(Array.from(drawn, (part) => part.href || part.src).filter((url) => url.startsWith(location.origin)));
  if (navigator.onLine) ready.active.postMessage({ page: words.scope, parts: Array.from(parts) });
  else if (await caches.has("visits")) line.dataset.kept = "yes";
  return show();
}

// What arrived days ago is no longer shown on any page.
async function tidy() {
  for (const finding of await all()) {
    if (finding.state === "sent" && Date.now() - finding.saved > 7 * 86_400_000) await drop(finding.delivery);
  }
}

document.addEventListener("submit", (event) => {
  if (!event.target.matches(".visit-form")) return;
  event.preventDefault();
  save(event.target);
});
sendButton.addEventListener("click", send);
window.addEventListener("online", send);
window.addEventListener("offline", show);
document.addEventListener("visibilitychange", () => document.hidden || send());
setInterval(send, RETRY);
tidy().then(send);
keepPage();
