"use strict";
const search = document.getElementById("search"), count = document.getElementById("count");
const rows = [...document.querySelectorAll("tbody tr")];
const find = () => {
  const wanted = search.value.trim().toLowerCase().split(/\s+/).filter((word) => word !== "");
  let shown = 0;
  for (const row of rows) {
    const text = row.textContent.toLowerCase();
    row.hidden = !wanted.every((word) => text.includes(word));
    shown += row.hidden ? 0 : 1;
  }
  // A table without a row that fits is in the way.
  for (const table of document.querySelectorAll("table")) {
    table.hidden = wanted.length > 0 && [...table.tBodies[0].rows].every((row) => row.hidden);
  }
  count.textContent = wanted.length === 0 ? "" : ` ${shown} 行`;
};
search.addEventListener("input", find);
for (const head of document.querySelectorAll("th")) {
  head.tabIndex = 0;
  const sort = () => {
    const place = [...head.parentNode.children].indexOf(head);
    const isUp = head.getAttribute("aria-sort") !== "ascending";
    for (const other of head.parentNode.children) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", isUp ? "ascending" : "descending");
    const body = head.closest("table").tBodies[0];
    const text = (row) => row.children[place].textContent;
    const number = (row) => (/^-?[\d.]+/.test(text(row)) ? parseFloat(text(row)) : NaN);
    // Dates and codes are told apart from figures by what stands behind the first ones.
    const isFigure = [...body.rows].every((row) => /^(-?\d+(\.\d+)?(%|（|$)|—$|无数据)/.test(text(row)));
    const order = (a, b) => isFigure
      ? (isNaN(number(a)) ? -Infinity : number(a)) - (isNaN(number(b)) ? -Infinity : number(b)) || 0
      : text(a).localeCompare(text(b), "zh", { numeric: true });
    [...body.rows].sort((a, b) => (isUp ? order(a, b) : order(b, a))).forEach((row) => body.append(row));
  };
  head.addEventListener("click", sort);
  head.addEventListener("keydown", (event) => { if (event.key === "Enter") sort(); });
}
