// Small helps that pages work without: theme and size buttons, closing menus, scrolling tables.
"use strict";
const root = document.documentElement;

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
document.addEventListener("htmx:afterSwap", () => openScrolls(document));

// A chart is <div data-chart="id of its table">: the table is the truth, the drawing is read from it.
// Columns whose heading has data-colour (the name of a token) are series; a bar opens the link of its cell.
// Rows that carry their month are drawn on a true scale of time: the last 36 months, empty ones too.
function throughMonths(rows) {
  if (!rows.length || !rows[0].dataset.month) return rows;
  const of = new Map(rows.map((row) => [row.dataset.month, row]));
  const known = [...of.keys()].sort();
  const number = (month) => Number(month.slice(0, 4)) * 12 + Number(month.slice(5)) - 1;
  const last = number(known.at(-1));
  const all = [];
  for (let at = Math.max(number(known[0]), last - 35); at <= last; at += 1) {
    const month = `${Math.floor(at / 12)}-${String(at % 12 + 1).padStart(2, "0")}`;
    all.push(of.get(month) || { month });
  }
  return all;
}

function drawCharts(within) {
  if (!window.echarts) return;
  const style = getComputedStyle(root);
  for (const place of within.querySelectorAll("[data-chart]")) {
    const table = document.getElementById(place.dataset.chart);
    if (!table) continue;
    const heads = [...table.tHead.rows[0].cells];
    const rows = throughMonths([...table.tBodies[0].rows]);
    const text = style.getPropertyValue("--q-text").trim();
    const line = style.getPropertyValue("--q-line").trim();
    const series = heads.filter((head) => head.dataset.colour);
    const linkOf = (at) => rows[at.dataIndex].cells?.[series[at.seriesIndex].cellIndex].querySelector("a");
    const chart = window.echarts.getInstanceByDom(place) || window.echarts.init(place);
    chart.off("click");
    chart.on("click", (at) => linkOf(at)?.click());
    chart.setOption({
      animation: false,
      textStyle: { fontFamily: style.getPropertyValue("--q-font").trim() },
      grid: { left: 8, right: 8, top: 34, bottom: 4, containLabel: true },
      legend: { top: 0, left: 0, itemWidth: 12, itemHeight: 12, textStyle: { color: text } },
      tooltip: { trigger: "axis", axisPointer: { type: "shadow" }, renderMode: "richText" },
      xAxis: { type: "category", data: rows.map((row) => row.month || row.cells[0].textContent.trim()), axisLabel: { color: text }, axisLine: { lineStyle: { color: line } } },
      yAxis: { type: "value", minInterval: 1, axisLabel: { color: text }, splitLine: { lineStyle: { color: line } } },
      series: series.map((head) => ({
        name: head.textContent.trim(),
        type: "bar",
        stack: "all",
        barMaxWidth: 34,
        itemStyle: { color: style.getPropertyValue(head.dataset.colour).trim(), decal: head.dataset.decal ? { symbol: "rect", dashArrayX: [1, 0], dashArrayY: [2, 5], rotation: -Math.PI / 4, color: "rgba(255,255,255,.5)" } : undefined },
        data: rows.map((row) => row.month ? 0 : Number(row.cells[head.cellIndex].textContent.replace(/[^\d.-]/g, "")) || 0),
      })),
    }, true);
  }
}

window.addEventListener("load", () => drawCharts(document));
document.addEventListener("htmx:afterSwap", (event) => drawCharts(event.target));
window.addEventListener("resize", () => {
  if (!window.echarts) return;
  for (const place of document.querySelectorAll("[data-chart]")) {
    const chart = window.echarts.getInstanceByDom(place);
    if (chart) chart.resize();
  }
});
