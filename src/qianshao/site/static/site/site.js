// Small helps that pages work without: theme and size buttons, closing menus, scrolling tables.
"use strict";
const root = document.documentElement;

// Where nobody is signed in, no page of an inspector's visits stays on this device.
if (document.body.classList.contains("outside") && "caches" in window) caches.delete("visits");

// What the palette and the buttons of the header do to the page itself; remembered on this machine.
const deeds = {
  theme() {
    root.dataset.bsTheme = root.dataset.bsTheme === "dark" ? "light" : "dark";
    localStorage.setItem("theme", root.dataset.bsTheme);
    document.dispatchEvent(new Event("dressed"));
  },
  size() {
    root.dataset.size = root.dataset.size === "large" ? "normal" : "large";
    localStorage.setItem("size", root.dataset.size);
    document.dispatchEvent(new Event("dressed"));
  },
  places() {
    const open = document.getElementById("places").classList.toggle("open");
    document.querySelector(".places-open").setAttribute("aria-expanded", String(open));
  },
  print() {
    window.print();
  },
};
document.addEventListener("does", (event) => deeds[event.detail]?.());

document.addEventListener("click", (event) => {
  const target = event.target instanceof Element ? event.target : null;
  if (!target) return;
  const button = target.closest("[data-does]:not([role=option])");
  if (button) deeds[button.dataset.does]?.();
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(target)) menu.open = false;
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (menu.contains(document.activeElement)) menu.querySelector("summary").focus();
    menu.open = false;
  }
  const opener = document.querySelector(".places-open[aria-expanded=true]");
  if (opener) {
    deeds.places();
    opener.focus();
  }
});

document.addEventListener("change", (event) => {
  if (event.target instanceof HTMLElement && event.target.matches("[data-submit]")) event.target.form.requestSubmit();
});

// On a narrow screen tabs scroll; the one open comes into view.
for (const here of document.querySelectorAll(".tabs [aria-current]")) {
  here.scrollIntoView({ block: "nearest", inline: "center" });
}

// What has to be scrolled sideways can be, by keyboard too; what fits is no stop on the way.
function openScrolls(within) {
  for (const box of within.querySelectorAll(".scroll")) {
    if (box.scrollWidth > box.clientWidth || box.scrollHeight > box.clientHeight) box.tabIndex = 0;
    else box.removeAttribute("tabindex");
  }
}
for (const happening of ["load", "resize"]) window.addEventListener(happening, () => openScrolls(document));
document.addEventListener("htmx:load", () => openScrolls(document));
