// The wall screen turns its pages by itself; space pauses, arrows turn. With reduced motion asked for it waits for a hand.
"use strict";
(() => {
  const body = document.body;
  const room = document.getElementById("panels");
  const dots = document.querySelector(".wall-dots");
  const pause = document.querySelector("[data-pause]");
  const status = document.querySelector(".wall-status");
  let here = 0;
  let paused = matchMedia("(prefers-reduced-motion: reduce)").matches;

  const panels = () => [...room.querySelectorAll(".wall-panel")];

  function show(at) {
    const all = panels();
    here = (at + all.length) % all.length;
    all.forEach((panel, number) => {
      panel.classList.toggle("here", number === here);
      panel.inert = number !== here && getComputedStyle(panel).position === "absolute";
    });
    dots.replaceChildren(...all.map((panel, number) => {
      const dot = document.createElement("button");
      dot.type = "button";
      dot.textContent = panel.dataset.title;
      if (number === here) dot.setAttribute("aria-current", "true");
      dot.addEventListener("click", () => {
        stop(true);
        show(number);
        dots.children[number].focus();
      });
      return dot;
    }));
  }

  function stop(now) {
    paused = now;
    pause.textContent = paused ? pause.dataset.go : pause.dataset.stop;
  }

  pause.addEventListener("click", () => stop(!paused));
  document.addEventListener("keydown", (event) => {
    if (event.key === "ArrowRight") show(here + 1);
    if (event.key === "ArrowLeft") show(here - 1);
    if (event.key === " " && !event.target.closest("button, a")) {
      event.preventDefault();
      stop(!paused);
    }
  });
  setInterval(() => {
    if (!paused && !document.hidden) show(here + 1);
  }, Number(body.dataset.seconds) * 1000);
  document.addEventListener("htmx:afterSettle", () => show(here));
  document.addEventListener("htmx:sendError", () => { status.textContent = body.dataset.lost; });
  document.addEventListener("htmx:responseError", () => { status.textContent = body.dataset.lost; });
  document.addEventListener("htmx:beforeSwap", (event) => { if (event.detail.shouldSwap) status.textContent = ""; });
  stop(paused);
  show(0);
})();
