"use strict";
(() => {
  const list = document.querySelector(".index");
  if (!list || list.children.length < 2) return;
  const line = document.createElement("p");
  line.className = "filter";
  const box = document.createElement("input");
  box.type = "search";
  const order = document.createElement("select");
  order.append(new Option("name", "name"), new Option("date, newest first", "day"));
  const count = document.createElement("output");
  const [search, sort] = [document.createElement("label"), document.createElement("label")];
  search.append("Search: ", box);
  sort.append("Order by ", order);
  line.append(search, count, sort);
  list.before(line);
  box.addEventListener("input", () => {
    const words = box.value.toLowerCase().split(/\s+/).filter(Boolean);
    const rows = [...list.children];
    for (const row of rows) {
      const text = row.textContent.toLowerCase();
      row.hidden = !words.every((word) => text.includes(word));
    }
    count.textContent = words.length ? rows.filter((row) => !row.hidden).length + " of " + rows.length : "";
  });
  order.addEventListener("change", () => {
    const byName = (a, b) => (a.dataset.name < b.dataset.name ? -1 : 1);
    const byDay = (a, b) => b.dataset.day.localeCompare(a.dataset.day) || byName(a, b);
    list.append(...[...list.children].sort(order.value === "day" ? byDay : byName));
  });
})();
