/**
 * Draws every `data-chart` of the page with Chart.js from the JSON of that id (see
 * reports/trend_charts.py), in the colours of tokens.css. The table beneath is folded once the
 * picture stands; it opens again for paper.
 */

const styles = getComputedStyle(document.documentElement);
const isCalm = matchMedia("(prefers-reduced-motion: reduce)").matches;

function token(name) {
  return styles.getPropertyValue(`--${name}`).trim();
}

// A few bars side by side stand together and not at the far ends of their place.
const FEW = 6;

function dataset(series, stacked) {
  const colour = token(series.tone);
  const common = { type: series.type, label: series.label, data: series.values.map(Number), borderColor: colour };
  if (series.type === "line") {
    return {
      ...common,
      // Its own stack: a line says its number and is not piled on the bars.
      stack: series.label,
      order: 0,
      backgroundColor: colour,
      borderWidth: 2,
      borderDash: series.dashed ? [5, 4] : [],
      pointRadius: series.values.length > 30 ? 0 : 3,
      pointStyle: series.dashed ? "rectRot" : "circle",
    };
  }
  return {
    ...common,
    order: 1,
    stack: stacked ? "bars" : series.label,
    backgroundColor: series.hollow ? token("paper") : colour,
    borderWidth: series.hollow ? 2 : 0,
    borderRadius: 3,
    maxBarThickness: 36,
    categoryPercentage: series.values.length < FEW && !stacked ? 0.2 : 0.8,
    pointStyle: "rectRounded",
  };
}

function options(data) {
  const grid = { color: token("line") };
  const said = (value) => value.toLocaleString("zh-CN");
  return {
    responsive: true,
    maintainAspectRatio: false,
    animation: isCalm ? false : { duration: 300 },
    interaction: { mode: "index", intersect: false },
    scales: {
      x: { stacked: data.stacked, grid: { display: false }, ticks: { maxRotation: 0, autoSkipPadding: 12 } },
      y: {
        stacked: data.stacked,
        beginAtZero: true,
        grid,
        border: { display: false },
        ticks: { precision: 0, maxTicksLimit: 6, callback: said },
      },
    },
    plugins: {
      legend: { position: "bottom", labels: { usePointStyle: true, boxWidth: 9, boxHeight: 9, padding: 16 } },
      tooltip: {
        usePointStyle: true,
        callbacks: {
          title: (items) => data.titles[items[0].dataIndex],
          label: (item) => ` ${item.dataset.label} ${said(item.parsed.y)}${data.unit}`,
        },
      },
    },
  };
}

function draw(box) {
  const data = JSON.parse(document.getElementById(box.dataset.chart).textContent);
  box.hidden = false;
  const datasets = data.series.map((series) => dataset(series, data.stacked));
  return new Chart(box.querySelector("canvas"), { data: { labels: data.labels, datasets }, options: options(data) });
}

if (window.Chart) {
  Object.assign(Chart.defaults.font, { family: getComputedStyle(document.body).fontFamily, size: 13 });
  Chart.defaults.color = token("muted");
  const charts = [...document.querySelectorAll("[data-chart]")].map(draw);
  const tables = document.querySelectorAll(".chart-table");
  for (const table of tables) table.open = false;
  addEventListener("beforeprint", () => {
    for (const table of tables) table.open = true;
    for (const chart of charts) chart.resize();
  });
  addEventListener("afterprint", () => {
    for (const table of tables) table.open = false;
    for (const chart of charts) chart.resize();
  });
}
