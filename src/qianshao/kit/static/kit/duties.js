// Choosing rows of a list; without it every box is ticked by hand and the server says when none is.
"use strict";
const picked = () => document.querySelectorAll('input[name="row"]:checked').length;
const show = () => {
  for (const button of document.querySelectorAll("[data-needs-pick]")) {
    const { needsPick, mostPick } = button.dataset;
    button.disabled = picked() < Number(needsPick || 1) || picked() > Number(mostPick || Infinity);
  }
};
document.addEventListener("change", (event) => {
  if (event.target instanceof HTMLElement && event.target.matches("[data-pick-all]")) {
    for (const box of document.querySelectorAll('input[name="row"]')) box.checked = event.target.checked;
  }
  show();
});
document.addEventListener("htmx:afterSwap", show);
show();
