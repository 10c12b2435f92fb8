// Maps and calendars drawn from the table that stands behind them; a shape or a day opens the link of its cell.
//
// <div data-map="id of a table" data-shapes="address of the city's map">: rows carry data-unit="code of the unit",
// the heading of the column to draw carries data-heat. <div data-calendar="id of a table">: cells carry data-day="2026-11-30".
"use strict";
(() => {
  const root = document.documentElement;
  const STEPS = 5;
  const WEEK = 17; // pixels of a calendar's column, at least
  const shapes = new Map();

  const token = (name) => getComputedStyle(root).getPropertyValue(name).trim();
  const number = (text) => Number(text.replace(/[^\d.-]/g, "")) || 0;

  // Colours come from the tokens: five steps from the tint to the blue, with whichever text reads better on each.
  function parts(colour) {
    const hex = colour.replace("#", "");
    const full = hex.length === 3 ? [...hex].map((one) => one + one).join("") : hex;
    return [0, 2, 4].map((at) => parseInt(full.slice(at, at + 2), 16));
  }
  function mixed(from, to, share) {
    const [one, other] = [parts(from), parts(to)];
    return `rgb(${one.map((value, at) => Math.round(value + (other[at] - value) * share)).join(",")})`;
  }
  function light(colour) {
    const channels = colour.startsWith("#") ? parts(colour) : colour.match(/\d+/g).map(Number);
    const [r, g, b] = channels.map((value) => value / 255).map((value) => (value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  }
  function contrast(one, other) {
    const [dark, bright] = [light(one), light(other)].sort((a, b) => a - b);
    return (bright + 0.05) / (dark + 0.05);
  }
  function readable(ground) {
    return contrast(ground, token("--q-text")) >= contrast(ground, token("--q-paper")) ? token("--q-text") : token("--q-paper");
  }

  // Equal steps up to the most, said in the legend. Whole numbers stay whole, and none at all is a step of its own.
  function pieces(values) {
    const most = Math.max(...values, 1);
    const whole = values.every(Number.isInteger);
    const colour = (at, of) => mixed(token("--q-tint"), token("--q-blue"), (at + 1) / of);
    const found = [];
    if (whole) {
      const step = Math.max(1, Math.ceil(most / (STEPS - 1)));
      found.push({ min: 0, lt: 1, label: "0", color: mixed(token("--q-paper"), token("--q-line"), 0.5) });
      const of = Math.ceil(most / step);
      for (let at = 0; at < of; at += 1) {
        const [low, high] = [1 + at * step, (at + 1) * step];
        found.push({ min: low, lt: high + 1, label: step === 1 ? `${low}` : `${low}–${high}`, color: colour(at, of) });
      }
      return found;
    }
    for (let at = 0; at < STEPS; at += 1) {
      const [low, high] = [at * most / STEPS, (at + 1) * most / STEPS];
      const end = at === STEPS - 1 ? { max: most } : { lt: high };
      found.push({ min: low, ...end, label: `${low.toFixed(1)}–${high.toFixed(1)}`, color: colour(at, STEPS) });
    }
    return found;
  }
  function pieceOf(all, value) {
    return all.findLast((piece) => value >= piece.min) || all[0];
  }
  function common(all, orient, narrow) {
    return {
      animation: false,
      textStyle: { fontFamily: token("--q-font") },
      tooltip: { renderMode: "richText", confine: true },
      visualMap: { type: "piecewise", pieces: all, orient, left: 0, bottom: 0, itemWidth: narrow ? 10 : 14, itemHeight: narrow ? 10 : 14, itemGap: narrow ? 5 : 10, selectedMode: false, textStyle: { color: token("--q-text"), fontSize: narrow ? 10 : 12 } },
    };
  }
  function chartAt(place, links) {
    const chart = window.echarts.getInstanceByDom(place) || window.echarts.init(place);
    chart.off("click");
    chart.on("click", (at) => links.get(at.data?.key)?.click());
    return chart;
  }

  function load(address) {
    if (!shapes.has(address)) {
      shapes.set(address, fetch(address, { credentials: "same-origin" }).then((answer) => {
        if (!answer.ok) throw new Error(`${answer.status}`);
        return answer.json();
      }).then((found) => {
        window.echarts.registerMap(address, found);
        return found;
      }));
    }
    return shapes.get(address);
  }
  function middle(found) {
    let [low, high] = [90, -90];
    for (const feature of found.features) for (const rings of feature.geometry.coordinates) for (const ring of rings) for (const at of ring) {
      low = Math.min(low, at[1]);
      high = Math.max(high, at[1]);
    }
    return (low + high) / 2;
  }

  async function drawMap(place) {
    const table = document.getElementById(place.dataset.map);
    if (!table) return;
    let found;
    try {
      found = await load(place.dataset.shapes);
    } catch {
      place.closest("figure").hidden = true; // the table says it all the same
      return;
    }
    const head = [...table.tHead.rows[0].cells].find((cell) => "heat" in cell.dataset);
    const title = head.textContent.trim();
    const names = new Map(found.features.map((feature) => [feature.properties.code, feature.properties.name]));
    const links = new Map();
    const rows = [...table.tBodies[0].rows].filter((row) => names.has(row.dataset.unit)).map((row) => {
      const cell = row.cells[head.cellIndex];
      links.set(row.dataset.unit, cell.querySelector("a"));
      return { name: row.dataset.unit, key: row.dataset.unit, value: number(cell.textContent), said: cell.textContent.trim() };
    });
    const all = pieces(rows.map((row) => row.value));
    const said = new Map(rows.map((row) => [row.name, row.said]));
    const narrow = place.clientWidth < 480;
    const size = Math.min(22, Math.max(11, place.clientWidth / 55));
    chartAt(place, links).setOption({
      ...common(all, narrow ? "horizontal" : "vertical", narrow),
      tooltip: { renderMode: "richText", confine: true, formatter: (at) => `${names.get(at.name) || at.name}\n${title} ${said.get(at.name) ?? "—"}` },
      series: [{
        type: "map", map: place.dataset.shapes, nameProperty: "code", roam: false, selectedMode: false,
        aspectScale: Math.cos(middle(found) * Math.PI / 180),
        left: narrow ? 4 : 90, right: 4, top: 4, bottom: narrow ? 34 : 4,
        itemStyle: { borderColor: token("--q-paper"), borderWidth: 2, areaColor: token("--q-ground") },
        label: { show: true, fontSize: size, lineHeight: size * 1.25, color: token("--q-text"), formatter: (at) => `${names.get(at.name) || ""}\n${said.get(at.name) ?? ""}` },
        labelLayout: { hideOverlap: true },
        data: rows.map((row) => {
          const ground = pieceOf(all, row.value).color;
          const label = { color: readable(ground) };
          return { ...row, label, emphasis: { label, itemStyle: { areaColor: ground, borderColor: token("--q-text") } } };
        }),
      }],
    }, true);
  }

  function drawCalendar(place) {
    const table = document.getElementById(place.dataset.calendar);
    if (!table) return;
    const links = new Map();
    const days = [...table.querySelectorAll("[data-day]")].map((cell) => {
      links.set(cell.dataset.day, cell.querySelector("a"));
      return { key: cell.dataset.day, value: [cell.dataset.day, number(cell.textContent)] };
    }).sort((one, other) => (one.key < other.key ? -1 : 1));
    if (!days.length) return;
    const weeks = Math.max(4, Math.floor((place.clientWidth - 48) / WEEK));
    const shown = days.slice(-7 * weeks);
    const all = pieces(shown.map((day) => day.value[1]));
    const text = token("--q-text");
    chartAt(place, links).setOption({
      ...common(all, "horizontal", place.clientWidth < 480),
      tooltip: { renderMode: "richText", confine: true, formatter: (at) => `${at.data.value[0]}  ${at.data.value[1]}` },
      calendar: {
        left: 36, right: 4, top: 24, bottom: 34, orient: "horizontal", range: [shown[0].key, shown.at(-1).key], cellSize: ["auto", "auto"],
        yearLabel: { show: false }, splitLine: { lineStyle: { color: token("--q-edge"), width: 1 } },
        itemStyle: { color: token("--q-paper"), borderColor: token("--q-line"), borderWidth: 1 },
        dayLabel: { firstDay: 1, color: text, nameMap: root.lang.startsWith("zh") ? "ZH" : "EN" },
        monthLabel: { color: text, nameMap: root.lang.startsWith("zh") ? "ZH" : "EN" },
      },
      series: [{
        type: "heatmap", coordinateSystem: "calendar",
        data: shown.map((day) => ({ ...day, label: { show: weeks * 30 < place.clientWidth, color: readable(pieceOf(all, day.value[1]).color), formatter: `${day.value[1]}` } })),
      }],
    }, true);
  }

  function draw(within) {
    if (!window.echarts) return;
    for (const place of within.querySelectorAll("[data-map]")) drawMap(place);
    for (const place of within.querySelectorAll("[data-calendar]")) drawCalendar(place);
  }
  window.drawing = { token, number, pieces, pieceOf, common, chartAt, readable };
  document.addEventListener("drawable", () => draw(document)); // drawings.js has loaded ECharts
  document.addEventListener("htmx:load", (event) => draw(event.target));
  new MutationObserver(() => draw(document)).observe(root, { attributeFilter: ["data-bs-theme", "data-size"] });
  window.addEventListener("resize", () => {
    for (const place of document.querySelectorAll("[data-map], [data-calendar]")) window.echarts?.getInstanceByDom(place)?.resize();
    draw(document);
  });
})();
