"use strict";
(() => {
  for (const table of document.querySelectorAll("table.sortable")) {
    const heads = [...table.tHead.rows[0].cells];
    const body = table.tBodies[0];
    const read = (row, column) => row.cells[column].dataset.value ?? row.cells[column].textContent;
    const order = (a, b) => {
      if (a === "" || b === "") return (a === "") - (b === "");
      const x = Number(a), y = Number(b);
      return Number.isNaN(x) || Number.isNaN(y) ? a.localeCompare(b, "en", { numeric: true }) : x - y;
    };
    heads.forEach((head, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const falling = head.getAttribute("aria-sort") === "ascending"
          || (!head.hasAttribute("aria-sort") && head.classList.contains("number"));
        for (const other of heads) other.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", falling ? "descending" : "ascending");
        const rows = [...body.rows].map((row) => [read(row, column), row]);
        rows.sort((a, b) => {
          if (a[0] === "" || b[0] === "") return order(a[0], b[0]);
          return falling ? order(b[0], a[0]) : order(a[0], b[0]);
        });
        body.append(...rows.map((pair) => pair[1]));
      });
    });
    if (body.rows.length < 6) continue;
    const box = document.createElement("input");
    box.type = "search";
    const line = document.createElement("p");
    line.className = "filter";
    const label = document.createElement("label");
    const count = document.createElement("output");
    label.append("Filter: ", box);
    line.append(label, count);
    table.closest(".scroll").before(line);
    box.addEventListener("input", () => {
      const words = box.value.toLowerCase().split(/\s+/).filter(Boolean);
      let shown = 0;
      for (const row of body.rows) {
        const text = row.textContent.toLowerCase();
        row.hidden = !words.every((word) => text.includes(word));
        if (!row.hidden) shown++;
      }
      count.textContent = words.length ? shown + " of " + body.rows.length : "";
    });
  }
  // Figures of which one is shown at a time.
  for (const stops of document.querySelectorAll(".stops")) {
    const figures = [...stops.querySelectorAll("figure")];
    const slider = stops.querySelector("input");
    const names = slider.dataset.names.split("|");
    const show = (at) => {
      figures.forEach((figure, i) => { figure.hidden = i !== at; });
      slider.value = String(at);
      slider.setAttribute("aria-valuetext", names[at]);
      slider.previousElementSibling.textContent = names[at];
    };
    slider.addEventListener("input", () => show(Number(slider.value)));
    slider.closest("[hidden]").hidden = figures.length < 2;
    show(0);
  }
  // A link may lead into a tab or a fold that is closed.
  const reveal = () => {
    // Behind the first "&" stands the state of a chart.
    const id = decodeURIComponent(location.hash.slice(1).split("&")[0]);
    const target = id && document.getElementById(id);
    if (!target) return;
    for (let e = target; e; e = e.parentElement) {
      if (e.tagName === "DETAILS") e.open = true;
      if (e.classList.contains("panel")) {
        const key = [...e.classList].find((name) => name.startsWith("panel-"));
        const input = document.getElementById("axis-" + key.slice(6));
        if (input) input.checked = true;
      }
    }
    target.scrollIntoView();
  };
  addEventListener("hashchange", reveal);
  reveal();
})();
