// Before the first paint: the reader's own choice of light or dark, and of large type; and that scripts run.
(function () {
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const show = () => {
    root.dataset.bsTheme = localStorage.getItem("theme") || (dark.matches ? "dark" : "light");
  };
  root.classList.add("js");
  show();
  dark.addEventListener("change", show);
  root.dataset.size = localStorage.getItem("size") || "normal";
})();
