// ECharts comes when a chart comes near the window, not before: pages open light. Bars, the matrix of units and kinds and the
// flow of returns are drawn here, maps and calendars in charts.js; every drawing can be taken away as a picture.
"use strict";
(() => {
  const root = document.documentElement;
  const address = document.currentScript.dataset.echarts;
  const PLACES = "[data-chart], [data-map], [data-calendar], [data-matrix], [data-flow]";
  const ROWS = 24; // units of the matrix that are drawn; the table has all
  const ENDS = 12; // units on either side of the flow that are drawn
  const { token, number, pieces, pieceOf, common, chartAt, readable } = window.drawing;
  let coming = false;

  const watcher = new IntersectionObserver((seen) => {
    if (coming || !seen.some((one) => one.isIntersecting)) return;
    coming = true;
    const script = document.createElement("script");
    script.src = address;
    script.addEventListener("load", () => document.dispatchEvent(new Event("drawable")));
    document.head.append(script);
  }, { rootMargin: "200px" });

  function watch(within) {
    for (const place of within.querySelectorAll(PLACES)) watcher.observe(place);
  }

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

  function drawBars(within) {
    const style = getComputedStyle(root);
    for (const place of within.querySelectorAll("[data-chart]")) {
      const table = document.getElementById(place.dataset.chart);
      if (!table) continue;
      const heads = [...table.tHead.rows[0].cells];
      const rows = throughMonths([...table.tBodies[0].rows]);
      const text = style.getPropertyValue("--q-text").trim();
      const line = style.getPropertyValue("--q-line").trim();
      const fontSize = parseFloat(getComputedStyle(place).fontSize) * 0.8;
      const series = heads.filter((head) => head.dataset.colour);
      const linkOf = (at) => rows[at.dataIndex].cells?.[series[at.seriesIndex].cellIndex].querySelector("a");
      const chart = window.echarts.getInstanceByDom(place) || window.echarts.init(place);
      chart.off("click");
      chart.on("click", (at) => linkOf(at)?.click());
      chart.setOption({
        animation: false,
        textStyle: { fontFamily: style.getPropertyValue("--q-font").trim(), fontSize },
        grid: { left: 8, right: 8, top: fontSize * 2.8, bottom: 4, containLabel: true },
        legend: { top: 0, left: 0, itemWidth: 12, itemHeight: 12, textStyle: { color: text, fontSize } },
        tooltip: { trigger: "axis", axisPointer: { type: "shadow" }, renderMode: "richText" },
        xAxis: { type: "category", data: rows.map((row) => row.month || row.cells[0].textContent.trim()), axisLabel: { color: text, fontSize }, axisLine: { lineStyle: { color: line } } },
        yAxis: { type: "value", minInterval: 1, axisLabel: { color: text, fontSize }, splitLine: { lineStyle: { color: line } } },
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


  // Units down, kinds across; a cell opens the link of its cell in the table.
  function drawMatrix(place) {
    const table = document.getElementById(place.dataset.matrix);
    const kinds = [...table.tHead.rows[0].cells].filter((cell) => "kind" in cell.dataset);
    const rows = [...table.tBodies[0].rows].slice(0, ROWS);
    const links = new Map();
    const data = rows.flatMap((row, down) => kinds.map((kind, across) => {
      const cell = row.cells[kind.cellIndex];
      const key = `${down}/${across}`;
      links.set(key, cell.querySelector("a"));
      return { key, value: [across, down, number(cell.textContent)] };
    })).filter((cell) => cell.value[2]);
    const all = pieces(data.map((cell) => cell.value[2]));
    const names = rows.map((row) => row.cells[0].textContent.trim());
    const titles = kinds.map((kind) => kind.textContent.trim());
    const text = token("--q-text");
    const narrow = place.clientWidth < 560;
    place.style.height = `${rows.length * 28 + 120}px`;
    window.echarts.getInstanceByDom(place)?.resize();
    chartAt(place, links).setOption({
      ...common(all, "horizontal"),
      tooltip: { renderMode: "richText", confine: true, formatter: (at) => `${names[at.value[1]]}\n${titles[at.value[0]]} ${at.value[2]}` },
      grid: { left: 4, right: 4, top: 4, bottom: 40, containLabel: true },
      xAxis: { type: "category", position: "top", data: titles, axisTick: { show: false }, axisLine: { show: false }, axisLabel: { color: text, interval: 0, rotate: narrow ? 60 : 0, width: narrow ? 80 : 110, overflow: "break" }, splitLine: { show: true, lineStyle: { color: token("--q-line") } } },
      yAxis: { type: "category", inverse: true, data: names, axisTick: { show: false }, axisLine: { show: false }, axisLabel: { color: text, interval: 0 }, splitLine: { show: true, lineStyle: { color: token("--q-line") } } },
      series: [{
        type: "heatmap",
        itemStyle: { borderColor: token("--q-paper"), borderWidth: 2 },
        data: data.map((cell) => ({ ...cell, label: { show: true, color: readable(pieceOf(all, cell.value[2]).color), formatter: `${cell.value[2]}` } })),
      }],
    }, true);
  }

  // A row of the table is an arrow from one end to another; the ends that carry most are drawn.
  function drawFlow(place) {
    const table = document.getElementById(place.dataset.flow);
    const rows = [...table.tBodies[0].rows].map((row) => ({ row, from: row.dataset.from, to: row.dataset.to, value: number(row.cells[2].textContent) }));
    const most = (end, sort) => {
      const sums = new Map();
      for (const row of rows) if (row[end].startsWith(sort)) sums.set(row[end], (sums.get(row[end]) || 0) + row.value);
      return [...sums].sort((one, other) => other[1] - one[1]).slice(0, ENDS).map(([name]) => name);
    };
    const drawn = new Set([...most("from", "by:"), ...most("to", "now:")]);
    const shown = rows.filter((row) => drawn.has(row.from) || drawn.has(row.to));
    const titles = new Map(shown.flatMap((row) => [[row.from, row.row.cells[0].textContent.trim()], [row.to, row.row.cells[1].textContent.trim()]]));
    const links = new Map(shown.map((row) => [`${row.from}>${row.to}`, row.row.querySelector("a")]));
    const colours = { by: "--q-red", for: "--q-grey", now: "--q-blue" };
    const narrow = place.clientWidth < 560;
    const text = token("--q-text");
    chartAt(place, links).setOption({
      animation: false,
      textStyle: { fontFamily: token("--q-font") },
      tooltip: { renderMode: "richText", confine: true, formatter: (at) => at.dataType === "edge" ? `${titles.get(at.data.source)} → ${titles.get(at.data.target)}  ${at.data.value}` : `${titles.get(at.name)}  ${at.value}` },
      series: [{
        type: "sankey", left: 8, right: narrow ? 8 : 110, top: 8, bottom: 8, draggable: false, nodeWidth: 14, nodeGap: narrow ? 6 : 10, layoutIterations: 32,
        label: { color: text, fontSize: narrow ? 10 : 12, formatter: (at) => titles.get(at.name), width: narrow ? 70 : undefined, overflow: narrow ? "truncate" : "none" },
        lineStyle: { color: "source", opacity: 0.3 },
        emphasis: { focus: "adjacency" },
        data: [...titles.keys()].map((name) => ({ name, itemStyle: { color: token(colours[name.split(":")[0]]), borderWidth: 0 }, label: { position: narrow && name.startsWith("now:") ? "left" : "right" } })),
        links: shown.map((row) => ({ source: row.from, target: row.to, value: row.value, key: `${row.from}>${row.to}` })),
      }],
    }, true);
  }

  function draw(within) {
    if (!window.echarts) return;
    drawBars(within);
    for (const place of within.querySelectorAll("[data-matrix]")) drawMatrix(place);
    for (const place of within.querySelectorAll("[data-flow]")) drawFlow(place);
    for (const button of document.querySelectorAll("[data-save]")) button.hidden = !placeOf(button);
  }

  const placeOf = (button) => [...document.querySelectorAll(PLACES)].find((place) => Object.values(place.dataset).includes(button.dataset.of));

  // A picture of the drawing as it stands, on the paper's own ground; SVG is drawn again as shapes.
  function save(button) {
    const place = placeOf(button);
    const chart = window.echarts.getInstanceByDom(place);
    const backgroundColor = token("--q-paper");
    const link = document.createElement("a");
    link.download = `${button.closest("section").querySelector("h2").textContent.trim()}.${button.dataset.save}`;
    if (button.dataset.save === "png") {
      link.href = chart.getDataURL({ type: "png", pixelRatio: 2, backgroundColor });
    } else {
      const shapes = window.echarts.init(null, null, { renderer: "svg", ssr: true, width: chart.getWidth(), height: chart.getHeight() });
      shapes.setOption({ ...chart.getOption(), backgroundColor });
      link.href = URL.createObjectURL(new Blob([shapes.renderToSVGString()], { type: "image/svg+xml" }));
      shapes.dispose();
    }
    link.click();
    if (link.href.startsWith("blob:")) setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  }

  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element && event.target.closest("[data-save]");
    if (button) save(button);
  });
  document.addEventListener("drawable", () => draw(document));
  document.addEventListener("htmx:load", (event) => {
    watch(event.target);
    draw(event.target);
  });
  new MutationObserver(() => draw(document)).observe(root, { attributeFilter: ["data-bs-theme", "data-size"] });
  window.addEventListener("resize", () => {
    if (!window.echarts) return;
    for (const place of document.querySelectorAll("[data-chart], [data-matrix], [data-flow]")) window.echarts.getInstanceByDom(place)?.resize();
  });
  watch(document);
})();
