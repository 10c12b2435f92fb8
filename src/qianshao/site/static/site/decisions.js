// An item that is touched shows its place in the source, and a place its item. Without it the links between them do.
"use strict";
const source = document.getElementById("source");
const choose = (n, scrolled) => {
  const places = [...source.querySelectorAll(".place")].filter((one) => one.dataset.items.split(" ").includes(n));
  for (const one of document.querySelectorAll(".place.chosen, .decision-item.chosen")) one.classList.remove("chosen");
  for (const one of places) one.classList.add("chosen");
  document.getElementById(`item-${n}`).classList.add("chosen");
  // Only the text's own box moves, so that the form stays under the clerk's hands.
  if (scrolled && places.length) source.scrollTop = places[0].offsetTop - source.clientHeight / 4;
};
for (const item of document.querySelectorAll("[data-item]")) {
  item.addEventListener("focusin", () => choose(item.dataset.item, true));
  item.addEventListener("click", () => choose(item.dataset.item, true));
}
source.addEventListener("click", (event) => {
  const place = event.target instanceof Element ? event.target.closest(".place") : null;
  if (place) choose(place.dataset.items.split(" ")[0], false);
});
