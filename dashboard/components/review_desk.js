// The review desk: a page with a box over every value, and the fields beside it.
//
// Everything out of a document is set as text (textContent, value), never as markup.
// State that goes to Python: `draft` {version, values: {path: text}}, `chosen` (path), `page`.

const TYPING_PAUSE = 350; // milliseconds without a key before the draft is checked
const ZOOM_STEP = 1.25;
const MOST_ZOOM = 5;
// How much of the stage a chosen box may fill; small print is magnified to be read, not more.
const BOX_SHARE = 0.5;
const FOCUS_ZOOM = 2.2;

const desks = new WeakMap();

export default function (component) {
  const root = component.parentElement.querySelector(".desk");
  let desk = desks.get(root);
  if (!desk) {
    desk = new Desk(root);
    desks.set(root, desk);
  }
  desk.take(component);
  return () => {
    desk.leave();
    desks.delete(root);
  };
}

function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (name === "className") made.className = value;
    else if (name in made) made[name] = value;
    else made.setAttribute(name, value);
  }
  made.append(...children.filter((child) => child !== null));
  return made;
}

class Desk {
  constructor(root) {
    this.root = root;
    this.find = (selector) => root.querySelector(selector);
    this.stage = this.find(".stage");
    this.sheet = this.find(".sheet");
    this.picture = this.find("img");
    this.boxes = this.find(".boxes");
    this.page = 1;
    this.zoom = 1;
    this.chosen = null;
    this.draft = {};
    this.version = null;
    this.pending = null;
    this.listen();
  }

  listen() {
    const doing = {
      back: () => this.turn(this.page - 1),
      forward: () => this.turn(this.page + 1),
      in: () => this.magnify(this.zoom * ZOOM_STEP),
      out: () => this.magnify(this.zoom / ZOOM_STEP),
      fit: () => this.rest(),
    };
    for (const button of this.root.querySelectorAll("[data-do]")) {
      button.addEventListener("click", () => doing[button.dataset.do]());
    }
    this.picture.addEventListener("load", () => this.lay());
    this.stage.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    this.stage.addEventListener("pointerdown", (event) => this.grab(event));
    this.onKey = (event) => {
      if (event.key === "Escape") this.rest();
    };
    document.addEventListener("keydown", this.onKey);
    this.watcher = new ResizeObserver(() => this.lay());
    this.watcher.observe(this.stage);
  }

  leave() {
    document.removeEventListener("keydown", this.onKey);
    this.watcher.disconnect();
    clearTimeout(this.pending);
  }

  // What Python says: called at the first mount and at each run of the page.
  take({ data, setStateValue }) {
    this.data = data;
    this.tell = setStateValue;
    this.root.toggleAttribute("data-dark", data.dark);
    this.fields = new Map(
      data.groups.flatMap((group) => group.fields.map((field) => [field.path, field])),
    );
    if (this.version !== data.version) {
      this.version = data.version;
      this.draft = {};
      this.built = null;
    }
    // A desk that is drawn anew begins where the person was.
    if (!this.taken) this.page = data.page;
    this.taken = true;
    this.showFindings();
    this.showFields();
    this.showPage();
  }

  // The page

  turn(number) {
    const count = this.data.pages.length;
    if (number < 1 || number > count || number === this.page) return;
    this.page = number;
    this.showPage();
    this.stage.scrollTo(0, 0);
    this.tell("page", number);
  }

  showPage() {
    const { pages, pictures, notice } = this.data;
    const url = pictures[String(this.page)];
    this.find(".where").textContent = pages.length ? `${this.page} / ${pages.length}` : "";
    this.find('[data-do="back"]').disabled = this.page <= 1;
    this.find('[data-do="forward"]').disabled = this.page >= pages.length;
    const empty = this.find(".empty");
    empty.hidden = Boolean(url);
    empty.textContent = notice || "Loading the page…";
    this.sheet.hidden = !url;
    if (url && this.picture.getAttribute("src") !== url) {
      this.picture.src = url;
      this.picture.alt = `Page ${this.page}`;
    }
    this.lay();
    this.showBoxes();
  }

  // Width and height of the sheet for the zoom; 1 shows the whole page width.
  lay() {
    const info = this.data?.pages.find((page) => page.number === this.page);
    if (!info) return;
    const width = this.stage.clientWidth * this.zoom;
    this.sheet.style.width = `${width}px`;
    this.sheet.style.height = `${(width * info.height) / info.width}px`;
    this.find(".scale").textContent = `${Math.round(this.zoom * 100)} %`;
  }

  magnify(zoom, x = this.stage.clientWidth / 2, y = this.stage.clientHeight / 2) {
    const before = this.zoom;
    this.zoom = Math.min(MOST_ZOOM, Math.max(this.least(), zoom));
    const left = (this.stage.scrollLeft + x) * (this.zoom / before) - x;
    const top = (this.stage.scrollTop + y) * (this.zoom / before) - y;
    this.lay();
    this.stage.scrollTo(left, top);
  }

  // The zoom at which the whole page fits.
  least() {
    const info = this.data.pages.find((page) => page.number === this.page);
    if (!info) return 1;
    const height = (this.stage.clientWidth * info.height) / info.width;
    return Math.min(1, this.stage.clientHeight / height);
  }

  rest() {
    this.choose(null);
    this.zoom = this.least();
    this.lay();
    this.stage.scrollTo(0, 0);
  }

  wheel(event) {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    const { left, top } = this.stage.getBoundingClientRect();
    const step = event.deltaY < 0 ? ZOOM_STEP : 1 / ZOOM_STEP;
    this.magnify(this.zoom * step, event.clientX - left, event.clientY - top);
  }

  grab(event) {
    if (event.button !== 0 || event.target.closest(".boxes button")) return;
    const { scrollLeft, scrollTop } = this.stage;
    const move = (at) => {
      this.stage.classList.add("dragging");
      const across = scrollLeft - at.clientX + event.clientX;
      this.stage.scrollTo(across, scrollTop - at.clientY + event.clientY);
    };
    const drop = () => {
      this.stage.classList.remove("dragging");
      window.removeEventListener("pointermove", move);
      window.removeEventListener("pointerup", drop);
    };
    window.addEventListener("pointermove", move);
    window.addEventListener("pointerup", drop);
  }

  showBoxes() {
    const made = [];
    for (const field of this.fields.values()) {
      const box = field.box;
      if (box && box.page === this.page) made.push(this.box(field, box, ""));
      if (field.path !== this.chosen) continue;
      for (const other of field.others) {
        if (other.box && other.box.page === this.page) {
          made.push(this.box(field, other.box, " other"));
        }
      }
    }
    this.boxes.replaceChildren(...made);
  }

  box(field, at, kind) {
    const percent = (share) => `${share * 100}%`;
    const made = element("button", {
      type: "button",
      className: this.severity(field.path) + kind,
      title: `${field.label}: ${field.shown}`,
      "aria-label": `${field.label}: ${field.shown}`,
      onclick: () => this.choose(field.path, { onPage: true }),
    });
    made.dataset.path = field.path;
    // Out of the way of the keyboard: the fields beside are the way through for it.
    made.tabIndex = -1;
    made.classList.toggle("chosen", !kind && field.path === this.chosen);
    made.style.left = percent(at.x0);
    made.style.top = percent(at.y0);
    made.style.width = percent(at.x1 - at.x0);
    made.style.height = percent(at.y1 - at.y0);
    return made;
  }

  severity(path) {
    const told = this.data.findings.filter((finding) =>
      finding.fields.some((field) => field.path === path),
    );
    if (told.some((finding) => finding.severity === "error")) return "error";
    return told.length ? "warning" : "";
  }

  // Choosing

  // `onPage`: the page was clicked, so the page stays and the fields move; else the other way.
  choose(path, { onPage = false, focus = false } = {}) {
    if (path !== null && !this.fields.has(path)) return;
    const changed = this.chosen !== path;
    this.chosen = path;
    for (const row of this.root.querySelectorAll(".field")) {
      const mine = row.dataset.path === path;
      row.classList.toggle("chosen", mine);
      if (mine && (onPage || focus)) row.scrollIntoView({ block: "nearest" });
      if (mine && focus) row.querySelector("input, textarea, select")?.focus();
    }
    const box = path && this.fields.get(path).box;
    if (box && box.page !== this.page) this.turn(box.page);
    else if (changed) this.showBoxes();
    if (box && !onPage) this.goTo(box);
  }

  // Zooms so that the value can be read, and puts it in the middle.
  goTo(box) {
    const share = Math.max(box.x1 - box.x0, 0.01);
    this.zoom = Math.min(FOCUS_ZOOM, Math.max(1, BOX_SHARE / share));
    this.lay();
    const { clientWidth, clientHeight } = this.stage;
    const width = this.sheet.offsetWidth;
    const height = this.sheet.offsetHeight;
    this.stage.scrollTo(
      ((box.x0 + box.x1) / 2) * width - clientWidth / 2,
      ((box.y0 + box.y1) / 2) * height - clientHeight / 2,
    );
  }

  // The fields

  showFindings() {
    const made = this.data.findings.map((finding) =>
      element(
        "div",
        { className: `finding ${finding.severity}` },
        element("p", { textContent: finding.message }),
        element("p", { className: "remedy", textContent: finding.remedy }),
        element(
          "div",
          { className: "links" },
          ...finding.fields
            .filter((field) => this.fields.has(field.path))
            .map((field) =>
              element("button", {
                type: "button",
                textContent: field.label,
                onclick: () => this.choose(field.path, { focus: true }),
              }),
            ),
        ),
      ),
    );
    this.find(".findings").replaceChildren(...made);
  }

  row(path) {
    return this.root.querySelector(`.field[data-path="${CSS.escape(path)}"]`);
  }

  // Rows are made anew only when the document is another one: a row somebody types in stays.
  showFields() {
    const shape = JSON.stringify([this.data.version, this.data.locked, [...this.fields.keys()]]);
    if (this.built !== shape) {
      this.built = shape;
      const groups = this.data.groups.map((group) =>
        element(
          "div",
          { className: "group" },
          element("h3", { textContent: group.name }),
          ...group.fields.map((field) => this.makeRow(field)),
        ),
      );
      this.find(".fields").replaceChildren(...groups);
    }
    for (const field of this.fields.values()) this.updateRow(field);
  }

  makeRow(field) {
    const id = `desk-${field.path}`;
    const row = element(
      "div",
      { className: `field ${field.kind}` },
      element("label", { htmlFor: id, textContent: field.label }),
      element("div", { className: "holder" }),
      element("span", { className: "sure" }),
      element("div", { className: "more" }),
    );
    row.dataset.path = field.path;
    row.addEventListener("click", () => this.choose(field.path));
    const holder = row.querySelector(".holder");
    if (field.editable && !this.data.locked) {
      const input = this.makeInput(field);
      input.id = id;
      input.value = this.draft[field.path] ?? field.now;
      input.addEventListener("focus", () => this.choose(field.path));
      input.addEventListener("input", () => this.type(field.path, input.value));
      holder.append(input, element("span", { className: "unit" }));
    } else {
      holder.append(element("span", { className: "value", textContent: field.shown }));
    }
    return row;
  }

  makeInput(field) {
    if (field.kind === "choice") {
      const options = Object.entries({ "": "–", ...field.choices });
      return element(
        "select",
        {},
        ...options.map(([value, text]) => element("option", { value, textContent: text })),
      );
    }
    if (field.kind === "long") return element("textarea", { rows: 1 });
    const input = element("input", {
      type: field.kind === "date" ? "date" : "text",
      autocomplete: "off",
      spellcheck: false,
    });
    if (field.kind === "money" || field.kind === "number") input.inputMode = "decimal";
    return input;
  }

  updateRow(field) {
    const row = this.row(field.path);
    const problem = this.data.problems[field.path];
    const edited = field.path in this.draft;
    row.classList.toggle("edited", edited);
    row.classList.toggle("error", Boolean(problem) || this.severity(field.path) === "error");
    row.classList.toggle("chosen", field.path === this.chosen);
    const unit = row.querySelector(".unit");
    if (unit) unit.textContent = field.unit;
    // A value that follows from what is typed elsewhere; never the one under the person's hands.
    const input = row.querySelector("input, textarea, select");
    if (input && !edited && input !== document.activeElement) input.value = field.now;
    const sure = row.querySelector(".sure");
    sure.textContent = edited ? "edited" : field.level === "person" ? "✓" : field.confidence;
    sure.dataset.level = edited ? "person" : field.level;
    sure.title = field.confidence ? `Confidence ${field.confidence}` : "";
    const told = this.data.findings.filter((finding) =>
      finding.fields.some((concerned) => concerned.path === field.path),
    );
    const printed = field.printed ? `Printed: ${field.printed} · ` : "";
    const made = [
      problem ? element("p", { className: "problem", textContent: problem }) : null,
      ...told.map((finding) =>
        element("p", { className: `told about ${finding.severity}`, textContent: finding.remedy }),
      ),
      ...field.others.map((other) => this.makeOther(field, other)),
      element("p", { className: "about", textContent: printed + field.origin }),
    ];
    row.querySelector(".more").replaceChildren(...made.filter((it) => it !== null));
  }

  makeOther(field, other) {
    const told = `${other.shown} · ${other.engine} ${other.confidence}`;
    const use = () => {
      const input = this.row(field.path).querySelector("input, textarea, select");
      input.value = other.value;
      this.type(field.path, other.value);
    };
    return element(
      "div",
      { className: "other" },
      element("span", { textContent: told, title: other.printed }),
      field.editable && !this.data.locked
        ? element("button", { type: "button", textContent: "Use this", onclick: use })
        : null,
    );
  }

  type(path, text) {
    if (text === this.fields.get(path).value) delete this.draft[path];
    else this.draft[path] = text;
    this.updateRow(this.fields.get(path));
    clearTimeout(this.pending);
    this.pending = setTimeout(() => {
      this.tell("draft", { version: this.version, values: { ...this.draft } });
    }, TYPING_PAUSE);
  }
}
