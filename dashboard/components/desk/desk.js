// Page, fields and lines together: what is chosen, what is typed and not saved.
//
// State that goes to Python: `draft` {version, values: {path: text}, added: [row], removed: [row]}
// and `page`.

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

const nothing = () => ({ values: {}, added: [], removed: [] });

class Desk {
  constructor(root) {
    this.root = root;
    this.find = (selector) => root.querySelector(selector);
    this.fields = new Map();
    this.chosen = null;
    this.draft = nothing();
    this.version = null;
    this.pending = null;
    this.page = new PageView(this);
    this.rows = new FieldRows(this);
    this.lines = new LineTable(this);
    this.onKey = (event) => {
      if (event.key === "Escape") this.rest();
    };
    document.addEventListener("keydown", this.onKey);
    this.find(".discard").addEventListener("click", () => this.discard());
  }

  leave() {
    document.removeEventListener("keydown", this.onKey);
    this.page.leave();
    clearTimeout(this.pending);
  }

  // What Python says: called at the first mount and at each run of the page.
  take({ data, setStateValue }) {
    this.data = data;
    this.tell = setStateValue;
    this.root.toggleAttribute("data-dark", data.dark);
    if (this.version !== data.version) {
      this.version = data.version;
      this.draft = nothing();
    }
    // A desk that is drawn anew begins where the person was.
    if (!this.taken) this.page.number = data.page;
    this.taken = true;
    this.show();
    this.page.show();
  }

  show() {
    const fields = [...this.data.groups.flatMap((group) => group.fields), ...this.lines.cells()];
    this.fields = new Map(fields.map((field) => [field.path, field]));
    this.showDraft();
    this.showFindings();
    this.showOffers();
    this.rows.show();
    this.lines.show();
    this.lines.showStrip();
  }

  rest() {
    this.choose(null);
    this.page.whole();
  }

  severity(path) {
    const told = this.data.findings.filter((finding) =>
      finding.fields.some((field) => field.path === path),
    );
    if (told.some((finding) => finding.severity === "error")) return "error";
    return told.length ? "warning" : "";
  }

  // `onPage`: the page was clicked, so the page stays and the fields move; else the other way.
  choose(path, { onPage = false, focus = false } = {}) {
    if (path !== null && !this.fields.has(path)) return;
    const changed = this.chosen !== path;
    this.chosen = path;
    this.rows.choose(path, { onPage, focus });
    this.lines.choose(path, { onPage, focus });
    const box = path && this.fields.get(path).box;
    if (box && box.page !== this.page.number) this.page.turn(box.page);
    else if (changed) this.page.showBoxes();
    if (box && !onPage) this.page.goTo(box);
  }

  showDraft() {
    const { values, added, removed } = this.draft;
    const count = Object.keys(values).length + added.length + removed.length;
    this.find(".unsaved").hidden = count === 0;
    const words = count === 1 ? "1 change is not saved." : `${count} changes are not saved.`;
    this.find(".unsaved p").textContent = words;
  }

  discard() {
    this.draft = nothing();
    this.rows.built = null;
    this.lines.built = null;
    this.changed();
  }

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

  // Amounts that follow from a change, together.
  showOffers() {
    // In the order in which they follow: lines first.
    const inOrder = [...this.lines.cells(), ...this.data.groups.flatMap((group) => group.fields)];
    const offers = inOrder.flatMap((field) =>
      field.others.filter((other) => other.computed).map((other) => [field, other]),
    );
    const all = this.find(".offers");
    all.hidden = offers.length < 2;
    if (all.hidden) return;
    const told = offers.map(([field, other]) => `${field.label} ${other.shown}`).join(", ");
    all.replaceChildren(
      element("p", { textContent: `These would follow from the change: ${told}.` }),
      element("button", {
        type: "button",
        textContent: `Take all ${offers.length}`,
        onclick: () => offers.forEach(([field, other]) => this.takeOver(field.path, other.value)),
      }),
    );
  }

  takeOver(path, text) {
    this.rows.put(path, text);
    this.lines.put(path, text);
    this.type(path, text);
  }

  type(path, text) {
    const field = this.fields.get(path);
    // What is typed back is no change, except where the value would follow from another one.
    if (text === field.value && !field.follows) delete this.draft.values[path];
    else this.draft.values[path] = text;
    (this.rows.row(path) ? this.rows : this.lines).update(field);
    this.showDraft();
    this.report();
  }

  // Lines were added or removed.
  changed() {
    this.show();
    this.page.showBoxes();
    this.report();
  }

  report() {
    clearTimeout(this.pending);
    this.pending = setTimeout(() => {
      this.tell("draft", { version: this.version, ...structuredClone(this.draft) });
    }, TYPING_PAUSE);
  }
}
