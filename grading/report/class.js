"use strict";
// Filters and sorts the table of the class. Without it, everything is there all the same.
const form = document.getElementById("filter");
const body = document.getElementById("class-rows");
const told = document.getElementById("filter-told");
const rows = Array.from(body.rows);
const POINTS = 1; // the column of all points; those of the exercises follow it

const points = (cell) => { const found = parseFloat(cell.lastChild.data); return Number.isNaN(found) ? 0 : found; };
const column = () => form.exercise.value === "" ? POINTS : Number(form.exercise.value);

function holds(row, name, status, least, most) {
  const chosen = row.cells[column()];
  const reached = points(chosen);
  const cells = form.exercise.value === "" ? Array.from(row.cells).slice(POINTS + 1) : [chosen];
  return row.cells[0].textContent.toLowerCase().includes(name)
    && (status === "" || cells.some((cell) => cell.classList.contains(status)))
    && (Number.isNaN(least) || reached >= least) && (Number.isNaN(most) || reached <= most);
}

function filter() {
  const name = form.student.value.trim().toLowerCase();
  const least = parseFloat(form.least.value), most = parseFloat(form.most.value);
  let shown = 0;
  for (const row of rows) {
    row.hidden = !holds(row, name, form.status.value, least, most);
    shown += row.hidden ? 0 : 1;
  }
  const all = shown === rows.length && shown > 1;
  told.textContent = all ? `all ${shown} are shown` : `${shown} of ${rows.length} ${shown === 1 ? "is" : "are"} shown`;
}

function sort() {
  const by = column();
  const orders = {
    name: (a, b) => a.cells[0].textContent.localeCompare(b.cells[0].textContent),
    rising: (a, b) => points(a.cells[by]) - points(b.cells[by]),
    falling: (a, b) => points(b.cells[by]) - points(a.cells[by]),
  };
  body.append(...(orders[form.order.value] ? rows.slice().sort(orders[form.order.value]) : rows));
}

form.hidden = false;
form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("input", () => { sort(); filter(); });
form.addEventListener("reset", () => setTimeout(() => { sort(); filter(); }));
filter();
