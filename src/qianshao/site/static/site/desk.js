// The desk by keyboard: Ctrl+Enter sends, Alt+1…9 takes a hint. Without it the form is filled and sent by hand.
"use strict";
const desk = document.getElementById("desk");
const take = (button) => {
  const field = desk.elements.namedItem(button.dataset.fill);
  if (!field) return;
  field.value = button.dataset.value;
  if (button.dataset.used) desk.elements.namedItem("used").value = button.dataset.used;
  field.focus();
};
document.addEventListener("click", (event) => {
  const button = event.target instanceof Element ? event.target.closest("[data-fill]") : null;
  if (button) take(button);
});
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey && event.key === "Enter" && desk.contains(document.activeElement)) {
    event.preventDefault();
    desk.requestSubmit();
  } else if (event.altKey && event.code.startsWith("Digit")) {
    const button = document.querySelectorAll("#hints [data-fill]")[Number(event.code.slice(5)) - 1];
    if (button) {
      event.preventDefault();
      take(button);
    }
  }
});
const first = desk.querySelector(".is-invalid, [name=caller]");
if (first) first.focus();
