// The fields beside the page, in groups.

class FieldRows {
  constructor(desk) {
    this.desk = desk;
    this.built = null;
  }

  row(path) {
    return this.desk.find(`.field[data-path="${CSS.escape(path)}"]`);
  }

  // Rows are made anew only when the document is another one: a row somebody types in stays.
  show() {
    const { groups, version } = this.desk.data;
    const fields = groups.flatMap((group) => group.fields);
    const shape = JSON.stringify([version, fields.map((field) => field.path)]);
    if (this.built !== shape) {
      this.built = shape;
      const made = groups.map((group) =>
        element(
          "div",
          { className: "group" },
          element("h3", { textContent: group.name }),
          ...group.fields.map((field) => this.makeRow(field)),
        ),
      );
      this.desk.find(".fields").replaceChildren(...made);
    }
    for (const field of fields) this.update(field);
  }

  makeRow(field) {
    const input = makeInput(field);
    input.id = `desk-${field.path}`;
    input.value = this.desk.draft.values[field.path] ?? field.now;
    input.addEventListener("focus", () => this.desk.choose(field.path));
    input.addEventListener("input", () => this.desk.type(field.path, input.value));
    const row = element(
      "div",
      { className: `field ${field.kind}` },
      element("label", { htmlFor: input.id, textContent: field.label }),
      element(
        "div",
        { className: "holder" },
        input,
        element("span", { className: "unit" }),
      ),
      element("span", { className: "sure" }),
      element("div", { className: "more" }),
    );
    row.dataset.path = field.path;
    row.addEventListener("click", () => this.desk.choose(field.path));
    return row;
  }

  update(field) {
    const row = this.row(field.path);
    const problem = this.desk.data.problems[field.path];
    const edited = field.path in this.desk.draft.values;
    const follows = !edited && field.now !== field.value;
    row.classList.toggle("edited", edited);
    row.classList.toggle("follows", follows);
    row.classList.toggle("error", Boolean(problem) || this.desk.severity(field.path) === "error");
    row.classList.toggle("chosen", field.path === this.desk.chosen);
    row.querySelector(".unit").textContent = field.unit;
    // A value that follows from what is typed elsewhere; never the one under the person's hands.
    const input = row.querySelector("input, textarea, select");
    if (!edited && input !== document.activeElement) input.value = field.now;
    const sure = row.querySelector(".sure");
    const person = edited || field.level === "person";
    sure.textContent = edited ? "edited" : follows ? "follows" : person ? "✓" : field.confidence;
    sure.dataset.level = person || follows ? "person" : field.level;
    sure.title = field.confidence ? `Confidence ${field.confidence}` : "";
    const told = this.desk.data.findings.filter((finding) =>
      finding.fields.some((concerned) => concerned.path === field.path),
    );
    const printed = field.printed ? `Printed: ${field.printed} · ` : "";
    const made = [
      problem ? element("p", { className: "problem", textContent: problem }) : null,
      ...told.map((finding) =>
        element("p", { className: `told about ${finding.severity}`, textContent: finding.remedy }),
      ),
      ...field.others.map((other) => makeOther(this.desk, field, other)),
      element("p", { className: "about", textContent: printed + field.origin }),
    ];
    row.querySelector(".more").replaceChildren(...made.filter((it) => it !== null));
  }

  choose(path, { onPage, focus }) {
    for (const row of this.desk.root.querySelectorAll(".field")) {
      const mine = row.dataset.path === path;
      row.classList.toggle("chosen", mine);
      if (mine && (onPage || focus)) row.scrollIntoView({ block: "nearest" });
      if (mine && focus) row.querySelector("input, textarea, select").focus();
    }
  }

  put(path, text) {
    const input = this.row(path)?.querySelector("input, textarea, select");
    if (input) input.value = text;
  }
}
