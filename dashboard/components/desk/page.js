// The page of the document: its picture, a box over every value, zoom and drag.

class PageView {
  constructor(desk) {
    this.desk = desk;
    this.stage = desk.find(".stage");
    this.sheet = desk.find(".sheet");
    this.picture = desk.find(".sheet img");
    this.boxes = desk.find(".boxes");
    this.number = 1;
    this.zoom = 1;
    this.listen();
  }

  listen() {
    const doing = {
      back: () => this.turn(this.number - 1),
      forward: () => this.turn(this.number + 1),
      in: () => this.magnify(this.zoom * ZOOM_STEP),
      out: () => this.magnify(this.zoom / ZOOM_STEP),
      fit: () => this.desk.rest(),
    };
    for (const button of this.desk.root.querySelectorAll("[data-do]")) {
      button.addEventListener("click", () => doing[button.dataset.do]());
    }
    this.picture.addEventListener("load", () => this.lay());
    this.stage.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    this.stage.addEventListener("pointerdown", (event) => this.grab(event));
    this.watcher = new ResizeObserver(() => this.lay());
    this.watcher.observe(this.stage);
  }

  leave() {
    this.watcher.disconnect();
  }

  info(number = this.number) {
    return this.desk.data?.pages.find((page) => page.number === number);
  }

  turn(number) {
    const count = this.desk.data.pages.length;
    if (number < 1 || number > count || number === this.number) return;
    this.number = number;
    this.show();
    this.stage.scrollTo(0, 0);
    this.desk.tell("page", number);
  }

  show() {
    const { pages, pictures, notice } = this.desk.data;
    const url = pictures[String(this.number)];
    this.desk.find(".where").textContent = pages.length ? `${this.number} / ${pages.length}` : "";
    this.desk.find('[data-do="back"]').disabled = this.number <= 1;
    this.desk.find('[data-do="forward"]').disabled = this.number >= pages.length;
    const empty = this.desk.find(".empty");
    empty.hidden = Boolean(url);
    empty.textContent = notice || "Loading the page…";
    this.sheet.hidden = !url;
    if (url && this.picture.getAttribute("src") !== url) {
      this.picture.src = url;
      this.picture.alt = `Page ${this.number}`;
    }
    this.lay();
    this.showBoxes();
  }

  // Width and height of the sheet for the zoom; 1 shows the whole page width.
  lay() {
    const info = this.info();
    if (!info) return;
    const width = this.stage.clientWidth * this.zoom;
    this.sheet.style.width = `${width}px`;
    this.sheet.style.height = `${(width * info.height) / info.width}px`;
    this.desk.find(".scale").textContent = `${Math.round(this.zoom * 100)} %`;
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
    const info = this.info();
    if (!info) return 1;
    const height = (this.stage.clientWidth * info.height) / info.width;
    return Math.min(1, this.stage.clientHeight / height);
  }

  whole() {
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
    for (const field of this.desk.fields.values()) {
      const box = field.box;
      if (box && box.page === this.number) made.push(this.box(field, box, ""));
      if (field.path !== this.desk.chosen) continue;
      for (const other of field.others) {
        if (other.box && other.box.page === this.number) {
          made.push(this.box(field, other.box, " other"));
        }
      }
    }
    this.boxes.replaceChildren(...made);
  }

  box(field, at, kind) {
    const made = element("button", {
      type: "button",
      className: this.desk.severity(field.path) + kind,
      title: `${field.label}: ${field.shown}`,
      "aria-label": `${field.label}: ${field.shown}`,
      onclick: () => this.desk.choose(field.path, { onPage: true }),
    });
    made.dataset.path = field.path;
    // Out of the way of the keyboard: the fields beside are the way through for it.
    made.tabIndex = -1;
    made.classList.toggle("chosen", !kind && field.path === this.desk.chosen);
    place(made, at);
    return made;
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
}
