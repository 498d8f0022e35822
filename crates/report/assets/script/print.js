// Paper: light colours, everything drawn and opened, charts as wide as the column is there.

const beforePrint = { theme: null, opened: [] };

function fitCharts() {
  chartsToFit.forEach((fit) => fit());
}

window.addEventListener("beforeprint", () => {
  beforePrint.theme = currentTheme();
  beforePrint.opened = [...document.querySelectorAll("#measures details:not([open])")];
  setTheme("light");
  beforePrint.opened.forEach((details) => { details.open = true; });
  document.documentElement.classList.add("on-paper");
  drawRest();
  fitCharts();
});

window.addEventListener("afterprint", () => {
  document.documentElement.classList.remove("on-paper");
  beforePrint.opened.forEach((details) => { details.open = false; });
  setTheme(beforePrint.theme);
  fitCharts();
});
