// The slider beside the day: dragged back, the figures are asked as of that day once it is let go.
"use strict";
(() => {
  const form = document.querySelector("[data-ask]");
  const range = form?.querySelector("[data-as-of]");
  const day = form?.querySelector('input[name="as_of"]');
  if (!range || !day) return;
  const DAY = 86400000;
  const today = Date.parse(day.max);
  const fromDay = () => {
    const back = day.value ? Math.round((Date.parse(day.value) - today) / DAY) : 0;
    range.value = String(back);
    range.setAttribute("aria-valuetext", day.value || day.max);
  };
  range.addEventListener("input", () => {
    const back = Number(range.value);
    day.value = back ? new Date(today + back * DAY).toISOString().slice(0, 10) : "";
    range.setAttribute("aria-valuetext", day.value || day.max);
  });
  range.addEventListener("change", () => form.requestSubmit());
  day.addEventListener("change", fromDay);
  range.hidden = false;
  fromDay();
})();
