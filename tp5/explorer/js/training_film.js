// The film of a training: a slider for the time, play, which run, and a GIF to take away.

const PICTURES_A_SECOND = 12;
const MOST_PICTURES = 80; // of a GIF: of a longer film it takes some, evenly spread

class Film {
  constructor({ model, el, about, arrays }) {
    this.model = model;
    this.playing = false;
    this.stage = new FilmStage(about, arrays);
    this.build(el);
    this.follow = () => this.redrawSoon();
    model.on("change:frame change:run", this.follow);
    this.take(about, arrays);
  }

  build(el) {
    this.time = element("input", { type: "range", min: 0, step: 1, ariaLabel: "time",
      oninput: () => (this.stop(), this.go(Number(this.time.value))) });
    this.run = element("select", { ariaLabel: "run", onchange: () => this.set({ run: Number(this.run.value) }) });
    this.runLabel = element("label", { className: "tp5-run-choice" }, element("span", {}, "run"), this.run);
    const button = (text, onclick) => element("button", { type: "button", onclick }, text);
    this.play = button("▶ play", () => (this.playing ? this.stop() : this.start()));
    this.text = element("p", { className: "tp5-text" });
    this.spoken = element("p", { className: "tp5-spoken", role: "status" });
    this.legend = element("p", { className: "tp5-legend" });
    this.root = element("div", { className: "tp5-film", role: "group", ariaLabel: "film of a training" },
      element("div", { className: "tp5-controls" }, this.play, this.time, this.runLabel, button("save GIF", () => this.saveGif())),
      this.text,
      element("div", { className: "tp5-stage" }, this.stage.map, this.stage.side),
      this.legend, this.spoken);
    el.append(this.root);
  }

  // While it trains: more of the film, from a picture on.
  more(about, arrays) {
    const before = this.about, { stage } = this;
    const joined = (a, b) => {
      const both = new a.constructor(a.length + b.length);
      both.set(a), both.set(b, a.length);
      return both;
    };
    const [codes, sigma, pictures, samples] = arrays;
    this.take({ ...about, epochs: [...before.epochs, ...about.epochs], losses: [...before.losses, ...about.losses] },
      [joined(stage.codes, codes), joined(stage.sigma, sigma), joined(stage.pictures, pictures), samples]);
  }

  take(about, arrays) {
    this.stage.take(about, arrays);
    this.about = about;
    this.root.hidden = !about.epochs.length;
    this.time.max = Math.max(0, about.epochs.length - 1);
    this.run.replaceChildren(...Array.from({ length: about.n_runs }, (_, k) => element("option", { value: k }, `${k + 1}`)));
    this.runLabel.hidden = about.n_runs < 2;
    this.legend.replaceChildren(...this.stage.classes.map((name, k) =>
      element("span", {}, element("b", { style: `color:${CLASS_COLOURS[k]}` }, "●"), ` ${name}`)));
    this.redrawSoon();
  }

  get frame() {
    return Math.min(this.at ?? this.model.get("frame"), this.about.epochs.length - 1);
  }

  set(state) {
    this.model.set(state);
    this.model.save_changes();
  }

  // The screen at once; the kernel hears where it ends, and four times a second on the way.
  go(frame) {
    this.at = frame;
    this.telling ??= setTimeout(() => this.tell(), 250);
    this.redrawSoon();
  }

  tell() {
    clearTimeout(this.telling);
    this.telling = null;
    if (this.at === undefined) return;
    const { at } = this;
    this.at = undefined;
    this.set({ frame: at });
  }

  redrawSoon() {
    this.pending ??= requestAnimationFrame(() => {
      this.pending = null;
      if (this.about.epochs.length) this.redraw();
    });
  }

  redraw() {
    const { frame } = this, run = this.model.get("run");
    this.stage.draw(frame, run);
    this.time.value = frame;
    this.run.value = run;
    const said = this.stage.describe(frame, run);
    this.text.textContent = said;
    this.time.setAttribute("aria-valuetext", said);
    this.stage.map.setAttribute("aria-label", `map of ${this.about.n_samples} codes ${said}`);
    this.stage.side.setAttribute("aria-label", `loss of each epoch, and ${this.about.shown.join(", ")} as they come back, ${said}`);
    this.root.dataset.frame = frame;
  }

  start() {
    const last = this.about.epochs.length - 1;
    this.playing = true;
    this.play.textContent = "❚❚ pause";
    if (this.frame >= last) this.go(0);
    // Who wants less motion sees ten still pictures instead of a film.
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const step = still ? Math.max(1, Math.round(last / 10)) : 1, pause = still ? 800 : 1000 / PICTURES_A_SECOND;
    let next = performance.now() + pause;
    const tick = (now) => {
      if (!this.playing) return;
      if (now >= next) {
        next = Math.max(next + pause, now);
        this.go(Math.min(last, this.frame + step));
        if (this.frame >= last) return this.stop();
      }
      requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
  }

  stop() {
    this.playing = false;
    this.play.textContent = "▶ play";
    this.tell();
    this.spoken.textContent = this.text.textContent;
  }

  saveGif() {
    const n = this.about.epochs.length, run = this.model.get("run"), count = Math.min(n, MOST_PICTURES);
    const frames = Array.from({ length: count }, (_, k) => Math.round((k * (n - 1)) / Math.max(1, count - 1)));
    const { ratio } = this.stage;
    const pictures = frames.map((frame) => this.stage.still(frame, run));
    const gif = makeGif([...pictures, ...Array(8).fill(pictures[pictures.length - 1])], 2 * STAGE, STAGE, 10, COLOURS);
    const link = element("a", { href: URL.createObjectURL(new Blob([gif], { type: "image/gif" })), download: "training.gif" });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    this.spoken.textContent = "saved training.gif";
    this.redraw();
  }

  destroy() {
    this.playing = false;
    clearTimeout(this.telling);
    if (this.pending) cancelAnimationFrame(this.pending);
    this.model.off("change:frame change:run", this.follow);
    this.root.remove();
  }
}

// Codes and σ are numbers, pictures and samples are bytes.
const filmArrays = ([codes, sigma, pictures, samples]) =>
  [new Float32Array(codes), new Float32Array(sigma), new Uint8Array(pictures), new Uint8Array(samples)];
