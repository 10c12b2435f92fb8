// The command palette: a combobox with a list (WAI-ARIA APG), opened by "/", Ctrl-K or ⌘-K, or by the search in the header.
"use strict";
(() => {
  const box = document.getElementById("palette");
  if (!box) return;
  const field = box.querySelector("[role=combobox]");
  const list = box.querySelector("[role=listbox]");
  const status = box.querySelector("[role=status]");
  let back = null;
  let asked = 0;
  let waiting = 0;
  let answered = ""; // the words the list on show answers

  const options = () => [...list.querySelectorAll("[role=option]")];

  function choose(option) {
    for (const other of options()) other.setAttribute("aria-selected", String(other === option));
    if (option) field.setAttribute("aria-activedescendant", option.id);
    else field.removeAttribute("aria-activedescendant");
    option?.scrollIntoView({ block: "nearest" });
  }

  const chosen = () => list.querySelector('[aria-selected="true"]');

  function made(name, text, className) {
    const part = document.createElement(name);
    part.textContent = text;
    if (className) part.className = className;
    return part;
  }

  function option(number, title, note, url, does) {
    const item = made("div", "", "palette-hit");
    item.id = `palette-${number}`;
    item.setAttribute("role", "option");
    item.dataset.url = url;
    item.dataset.does = does;
    item.append(made("span", title, "palette-title"));
    if (note) item.append(made("span", note, "palette-note"));
    return item;
  }

  function show(answer) {
    let number = 0;
    list.replaceChildren(...answer.groups.map((group, at) => {
      const part = document.createElement("div");
      const heading = made("div", group.title, "palette-group");
      heading.id = `palette-group-${at}`;
      part.setAttribute("role", "group");
      part.setAttribute("aria-labelledby", heading.id);
      part.append(heading, ...group.hits.map((hit) => option(number++, hit.title, hit.note, hit.url, hit.does)));
      if (group.more) part.append(option(number++, group.all, "", group.more, ""));
      return part;
    }));
    status.textContent = answer.status;
    field.setAttribute("aria-expanded", String(number > 0));
    choose(options()[0]);
  }

  async function ask() {
    const mine = (asked += 1);
    const words = field.value;
    const answer = await fetch(`${box.dataset.find}?q=${encodeURIComponent(words)}`, { headers: { Accept: "application/json" } }).catch(() => null);
    if (mine !== asked) return; // something newer was typed meanwhile
    if (answer?.ok && !answer.redirected) {
      show(await answer.json());
      answered = words;
    } else {
      status.textContent = box.dataset.failed;
    }
  }

  function open(from) {
    if (box.open) return;
    back = from || document.activeElement;
    field.value = "";
    box.showModal();
    field.focus();
    ask();
  }

  function go(option) {
    const { url, does } = option.dataset;
    box.close();
    if (url) window.location.assign(url);
    else document.dispatchEvent(new CustomEvent("does", { detail: does }));
  }

  box.addEventListener("close", () => {
    list.replaceChildren();
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
    back?.focus();
  });
  box.addEventListener("click", (event) => {
    const hit = event.target.closest("[role=option]");
    if (hit) go(hit);
    else if (event.target === box || event.target.closest("[data-close]")) box.close();
  });
  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(ask, 120);
  });
  field.addEventListener("keydown", async (event) => {
    if (event.isComposing) return; // a Chinese word is still being put together
    const all = options();
    const at = all.indexOf(chosen());
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: Math.min(at + 8, all.length - 1), PageUp: Math.max(at - 8, 0) }[event.key];
    if (to !== undefined && all.length) {
      event.preventDefault();
      choose(all[(to + all.length) % all.length]);
    }
    if (event.key === "Enter") {
      event.preventDefault();
      clearTimeout(waiting);
      if (field.value !== answered) await ask(); // typed faster than answered: what is chosen is not what was meant
      if (chosen()) go(chosen());
      else if (field.value.trim()) window.location.assign(`${box.dataset.page}?q=${encodeURIComponent(field.value)}`);
    }
  });
  document.addEventListener("keydown", (event) => {
    const typing = event.target instanceof Element && event.target.closest("input, textarea, select");
    const called = (event.key === "k" && (event.ctrlKey || event.metaKey)) || (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey);
    if (called && !document.querySelector("dialog[open]")) {
      event.preventDefault();
      open();
    }
  });
  document.addEventListener("click", (event) => {
    const from = event.target instanceof Element && event.target.closest("[data-palette]");
    if (from && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      open(from);
    }
  });
})();
