// The line items: a table to type in. Choosing a cell shows its place on the page, and in the
// strip above the table, where the printed row stands in full width.
//
// A row is known by its id: the position it has in the saved document, or "+1", "+2", … for one
// that was added.

const BLANK = {
  value: "",
  now: "",
  shown: "",
  printed: "",
  origin: "",
  confidence: "",
  level: "none",
  box: null,
  others: [],
};

class LineTable {
  constructor(desk) {
    this.desk = desk;
    this.built = null;
    this.strip = desk.find(".strip");
    this.body = desk.find(".lines tbody");
    this.body.addEventListener("keydown", (event) => this.move(event));
    desk.find(".add").addEventListener("click", () => this.add());
  }

  // Every cell by its path, with what its column says of it.
  cells() {
    const found = [];
    for (const { id, cells } of this.rows()) {
      for (const column of this.desk.data.lines.columns) {
        const path = `line_items.${id}.${column.leaf}`;
        const label = `Line ${this.number(id)}, ${column.label.toLowerCase()}`;
        found.push({ ...BLANK, ...column, ...cells[column.leaf], path, label });
      }
    }
    return found;
  }

  // As Python knows them, and those that were added since.
  rows() {
    const { added } = this.desk.draft;
    const known = this.desk.data.lines.rows.filter(
      ({ id }) => !id.startsWith("+") || added.includes(id),
    );
    const ids = new Set(known.map(({ id }) => id));
    return [...known, ...added.filter((id) => !ids.has(id)).map((id) => ({ id, cells: {} }))];
  }

  // Counted as the document will count them.
  number(id) {
    const { removed } = this.desk.draft;
    const kept = this.rows().filter((row) => !removed.includes(row.id));
    return kept.findIndex((row) => row.id === id) + 1 || "–";
  }

  show() {
    const { columns } = this.desk.data.lines;
    const ids = this.rows().map(({ id }) => id);
    const shape = JSON.stringify([this.desk.data.version, columns, ids]);
    if (this.built !== shape) {
      this.built = shape;
      this.build(columns, ids);
    }
    for (const id of ids) this.updateRow(id);
    for (const cell of this.cells()) this.update(this.desk.fields.get(cell.path));
    this.desk.find(".lines .none").hidden = ids.length > 0;
    this.desk.find(".lines table").hidden = ids.length === 0;
  }

  build(columns, ids) {
    const headings = columns.map((column) =>
      element("th", {
        scope: "col",
        className: `${column.kind} ${column.leaf}`,
        textContent: column.label,
      }),
    );
    const corner = () => element("th", { scope: "col", className: "row" });
    this.desk.find(".lines thead").replaceChildren(
      element("tr", {}, corner(), ...headings, corner()),
    );
    this.body.replaceChildren(...ids.map((id) => this.makeRow(id, columns)));
  }

  makeRow(id, columns) {
    const row = element(
      "tr",
      {},
      element("th", { scope: "row", className: "row" }),
      ...columns.map((column) => this.makeCell(`line_items.${id}.${column.leaf}`)),
      element(
        "td",
        { className: "row" },
        element("button", { type: "button", onclick: () => this.toggle(id) }),
      ),
    );
    row.dataset.row = id;
    return row;
  }

  makeCell(path) {
    const field = this.desk.fields.get(path);
    const input = makeInput(field);
    input.value = this.desk.draft.values[path] ?? field.now;
    input.setAttribute("aria-label", field.label);
    input.addEventListener("focus", () => this.desk.choose(path));
    input.addEventListener("input", () => this.desk.type(path, input.value));
    const cell = element(
      "td",
      { className: `cell ${field.kind}` },
      input,
      element("div", { className: "more" }),
    );
    cell.dataset.path = path;
    return cell;
  }

  cell(path) {
    return this.body.querySelector(`.cell[data-path="${CSS.escape(path)}"]`);
  }

  updateRow(id) {
    const gone = this.desk.draft.removed.includes(id);
    const row = this.body.querySelector(`[data-row="${CSS.escape(id)}"]`);
    row.classList.toggle("removed", gone);
    row.firstChild.textContent = this.number(id);
    const button = row.querySelector(".row button");
    button.textContent = gone ? "↶" : "✕";
    const words = gone ? "Keep the line after all" : `Remove line ${this.number(id)}`;
    button.title = words;
    button.setAttribute("aria-label", words);
    for (const input of row.querySelectorAll("input, textarea, select")) input.disabled = gone;
  }

  update(field) {
    const cell = this.cell(field.path);
    const problem = this.desk.data.problems[field.path];
    const edited = field.path in this.desk.draft.values;
    const severity = this.desk.severity(field.path);
    cell.classList.toggle("edited", edited);
    cell.classList.toggle("follows", !edited && field.now !== field.value);
    cell.classList.toggle("error", Boolean(problem) || severity === "error");
    cell.classList.toggle("chosen", field.path === this.desk.chosen);
    const input = cell.firstChild;
    if (!edited && input !== document.activeElement) input.value = field.now;
    input.title = problem ?? "";
    const made = field.others.map((other) => makeOther(this.desk, field, other));
    if (problem) made.unshift(element("p", { className: "problem", textContent: problem }));
    cell.querySelector(".more").replaceChildren(...made);
  }

  choose(path, { onPage, focus }) {
    for (const cell of this.body.querySelectorAll(".cell.chosen")) cell.classList.remove("chosen");
    const cell = path === null ? null : this.cell(path);
    cell?.classList.add("chosen");
    if (cell && (onPage || focus)) cell.scrollIntoView({ block: "nearest", inline: "nearest" });
    if (cell && focus) cell.firstChild.focus();
    this.showStrip();
  }

  // The chosen value as it is printed, with what stands beside it.
  showStrip() {
    const path = this.desk.chosen;
    const field = path && this.cell(path) ? this.desk.fields.get(path) : null;
    const about = this.desk.find(".lines .about");
    about.hidden = !field;
    this.strip.hidden = true;
    if (!field) return;
    const printed = field.printed ? `Printed: ${field.printed}` : "";
    const sure = field.confidence ? `Confidence ${field.confidence}` : "";
    const parts = [field.label, printed, field.origin, sure];
    about.textContent = parts.filter(Boolean).join(" · ");
    const url = field.box && this.desk.data.pictures[String(field.box.page)];
    const info = field.box && this.desk.page.info(field.box.page);
    if (!url || !info) return;
    this.strip.hidden = false;
    const width = this.strip.clientWidth;
    const height = (width * info.height) / info.width;
    const middle = ((field.box.y0 + field.box.y1) / 2) * height;
    const top = Math.max(0, Math.min(height, middle + this.strip.clientHeight / 2));
    const sheet = this.strip.firstElementChild;
    sheet.style.height = `${height}px`;
    sheet.style.top = `${Math.min(0, this.strip.clientHeight - top)}px`;
    const picture = sheet.querySelector("img");
    if (picture.getAttribute("src") !== url) picture.src = url;
    place(sheet.querySelector("span"), field.box);
  }

  // Up, down and Enter go through a column, as in a spreadsheet.
  move(event) {
    const step = { ArrowUp: -1, ArrowDown: 1, Enter: 1 }[event.key];
    const input = event.target.closest("input, textarea");
    if (!step || !input || event.shiftKey || event.altKey || event.ctrlKey) return;
    if (input.tagName === "TEXTAREA" && event.key !== "Enter") {
      const edge = step < 0 ? 0 : input.value.length;
      if (input.selectionStart !== edge || input.selectionEnd !== edge) return;
    }
    event.preventDefault();
    const column = [...input.closest("tr").children].indexOf(input.closest("td"));
    let row = input.closest("tr");
    do row = step < 0 ? row.previousElementSibling : row.nextElementSibling;
    while (row?.classList.contains("removed"));
    row?.children[column].firstChild.focus();
  }

  add() {
    const { draft } = this.desk;
    const last = draft.added.reduce((most, id) => Math.max(most, Number(id)), 0);
    const id = `+${last + 1}`;
    draft.added.push(id);
    this.desk.changed();
    const first = this.desk.data.lines.columns.find((column) => column.leaf === "description");
    this.cell(`line_items.${id}.${first.leaf}`).firstChild.focus();
  }

  toggle(id) {
    const { draft } = this.desk;
    if (id.startsWith("+")) {
      draft.added = draft.added.filter((other) => other !== id);
      for (const path of Object.keys(draft.values)) {
        if (path.startsWith(`line_items.${id}.`)) delete draft.values[path];
      }
    } else if (draft.removed.includes(id)) {
      draft.removed = draft.removed.filter((other) => other !== id);
    } else {
      draft.removed.push(id);
    }
    this.desk.changed();
  }

  put(path, text) {
    const cell = this.cell(path);
    if (cell) cell.firstChild.value = text;
  }
}
