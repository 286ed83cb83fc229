// The review desk is one script made of several files: parts, page, fields, lines, desk.
//
// Everything out of a document is set as text (textContent, value), never as markup.

const TYPING_PAUSE = 350; // milliseconds without a key before the draft is checked
const ZOOM_STEP = 1.25;
const MOST_ZOOM = 5;
// How much of the stage a chosen box may fill; small print is magnified to be read, not more.
const BOX_SHARE = 0.5;
const FOCUS_ZOOM = 2.2;

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

const percent = (share) => `${share * 100}%`;

function place(made, box) {
  made.style.left = percent(box.x0);
  made.style.top = percent(box.y0);
  made.style.width = percent(box.x1 - box.x0);
  made.style.height = percent(box.y1 - box.y0);
}

// What a person types a value of this kind into.
function makeInput(field) {
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
  if (isNumber(field)) input.inputMode = "decimal";
  return input;
}

const isNumber = (field) => field.kind === "money" || field.kind === "number";

// Another value for a field, with the button that takes it.
function makeOther(desk, field, other) {
  // A column of the lines is too narrow for the currency, which is that of all others.
  const told = other.computed
    ? `Computed: ${field.leaf ? other.value : other.shown}`
    : `${other.shown} · ${other.engine} ${other.confidence}`;
  return element(
    "div",
    { className: other.computed ? "other computed" : "other" },
    element("span", { textContent: told, title: other.printed || other.origin }),
    element("button", {
      type: "button",
      textContent: other.computed ? "Take" : "Use this",
      "aria-label": `${other.computed ? "Take" : "Use"} ${other.shown} for ${field.label}`,
      onclick: () => desk.takeOver(field.path, other.value),
    }),
  );
}
