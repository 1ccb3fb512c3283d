// Live training: the controls, the error of each run as epochs go by, and the latent map.
// Somebody else trains: the kernel, or in a page of its own a worker. What it sends is all there is to
// draw, each time, and the latest is drawn before the next picture of the screen.

const CHART = { width: 490, height: 336, left: 48, right: 40, top: 12, bottom: 44 };
const MAP = { width: 340, height: 336, left: 52, right: 12, top: 12, bottom: 44 };
const LOWEST_RATE = -3.3; // log10: the slider's left end
const BASELINES = ["tp5-first-baseline", "tp5-second-baseline"];
const MANY = 150; // samples: above, the map has dots and no labels
const REST = 800; // ms: after so long a curve is what was before the next change

const rateOf = (position) => Number((10 ** position).toPrecision(2));

class LiveView {
  constructor(model, el, about, expect) {
    Object.assign(this, { model, about, expect });
    this.still = matchMedia("(prefers-reduced-motion: reduce)");
    this.latest = 0;
    this.top = 2 * about.baselines["mean image"] || 1; // an untrained network's error would flatten the rest
    this.before = []; // the mean of the training before this change
    this.mean = [];
    this.finished = null; // when the last training came to its end
    this.drawn = 0; // trainings that were drawn, for who measures speed
    this.chart = new Axes(CHART, ["epoch", "squared error"], "error curves, before the first epoch");
    this.map = new Axes(MAP, ["z1", "z2"], "latent map, before the first epoch");
    this.verdict = element("p", { className: "tp5-verdict", role: "status" });
    this.verdict.hidden = !about.target;
    this.text = element("p", { className: "tp5-text" });
    this.spoken = element("p", { className: "tp5-spoken", role: "status" });
    this.root = element("div",
      { className: "tp5-live", role: "group", ariaLabel: "live training" },
      this.makeControls(),
      this.verdict,
      this.text,
      element("div", { className: "tp5-charts" },
        element("figure", {}, this.chart.svg, this.makeLegend()),
        element("figure", {}, this.map.svg, element("figcaption", {}, "Latent space of the best run"))),
      this.spoken);
    el.append(this.root);
    this.follow = () => this.showSettings();
    this.repin = () => this.drawSoon();
    model.on("change", this.follow);
    model.on("change:pinned", this.repin);
    this.showSettings();
    this.drawScale(model.get("epochs"));
  }

  // --- Controls -----------------------------------------------------------------------------

  makeControls() {
    const slider = (name, label, attributes, value) => {
      const input = element("input", { type: "range", ariaLabel: label, ...attributes,
        oninput: () => this.set(name, value(Number(input.value))) });
      const output = element("output", { ariaLive: "off" }); // the slider itself is spoken
      this.controls[name] = { input, output };
      return element("label", {}, element("span", {}, label), input, output);
    };
    this.controls = {};
    const choice = (name, label, values, toTrait = (text) => text) => {
      const options = values.map((value) => element("option", { value }, `${value}`));
      const select = element("select", { ariaLabel: label, onchange: () => this.set(name, toTrait(select.value)) }, ...options);
      this.choices[name] = select;
      return element("label", {}, element("span", {}, label), select);
    };
    this.choices = {};
    const { architectures, optimizers, batch_sizes, inits } = this.about;
    return element("div", { className: "tp5-controls" },
      choice("architecture", "architecture", architectures),
      choice("optimizer", "optimizer", optimizers),
      slider("lr", "learning rate", { min: LOWEST_RATE, max: 0, step: 0.05 }, rateOf),
      slider("momentum", "momentum", { min: 0, max: 0.95, step: 0.05 }, (x) => x),
      slider("epochs", "epochs", { min: 10, max: 500, step: 10 }, (x) => x),
      choice("batch_size", "batch size", batch_sizes, Number),
      choice("init", "weights", inits),
      element("button", { type: "button", onclick: () => this.set("rng", this.model.get("rng") + 1) },
        `${this.about.n_runs} other runs`),
      (this.pinButton = element("button", { type: "button", onclick: () => this.pin() }, "pin this curve")));
  }

  // A curve stays on the screen to compare, until it is let go.
  pin() {
    const pinned = this.model.get("pinned").length ? [] : this.mean.map((x) => (Number.isFinite(x) ? x : null));
    this.model.set({ pinned });
    this.model.save_changes();
  }

  set(name, value) {
    this.model.set({ [name]: value });
    this.model.save_changes();
    this.expect();
  }

  showSettings() {
    for (const [name, select] of Object.entries(this.choices)) select.value = this.model.get(name);
    const hasMomentum = ["momentum", "nesterov"].includes(this.model.get("optimizer"));
    this.controls.momentum.input.disabled = !hasMomentum;
    this.pinButton.textContent = this.model.get("pinned").length ? "let the curve go" : "pin this curve";
    for (const [name, { input, output }] of Object.entries(this.controls)) {
      const value = this.model.get(name);
      const position = name === "lr" ? Math.log10(value) : value;
      if (name !== "lr" || rateOf(Number(input.value)) !== value) input.value = position;
      output.textContent = `${value}`;
      input.setAttribute("aria-valuetext", value);
    }
  }

  makeLegend() {
    const entry = (kind, text) => element("span", {},
      element("svg", { width: 34, height: 12, "aria-hidden": "true" },
        element("line", { x1: 1, x2: 33, y1: 6, y2: 6, class: kind })), text);
    const entries = [
      entry("tp5-mean", `mean of ${this.about.n_runs} runs`),
      entry("tp5-run", "each run"),
      ...Object.keys(this.about.baselines).map((name, k) => entry(BASELINES[k], name)),
      (this.beforeEntry = entry("tp5-before", "mean before your change")),
      (this.pinnedEntry = entry("tp5-pinned", "pinned")),
      (this.lostEntry = element("span", {}, "✕ diverged: no number any more")),
    ];
    this.beforeEntry.hidden = this.pinnedEntry.hidden = this.lostEntry.hidden = true;
    if (this.about.target) entries.push(entry("tp5-target", "target: the mean in this box"));
    return element("figcaption", { className: "tp5-legend" }, ...entries);
  }

  // --- What the kernel says -------------------------------------------------------------------

  hear(message, buffers) {
    if (message.number < this.latest) return; // a late word from a training before
    if (message.number > this.latest) this.begin(message);
    if (message.ended) this.finished = performance.now();
    this.root.dataset.state = message.failed ? "failed" : message.ended ? "done" : "training";
    this.text.textContent = message.text;
    this.verdict.textContent = message.verdict;
    this.verdict.dataset.reached = message.reached;
    if (message.ended) this.sayLater(`${message.text} ${message.verdict}`);
    const [losses, codes] = buffers.map((buffer) => numbers(buffer));
    // Who wants no motion gets the result, not the way to it.
    if (losses.length && (message.ended || !this.still.matches)) {
      this.scene = { losses, codes, message };
      this.drawSoon();
    }
  }

  // While a slider is dragged, the curve from before the first movement stays.
  begin({ number }) {
    if (this.finished !== null && performance.now() - this.finished > REST) this.before = this.mean;
    this.finished = null;
    this.latest = number;
  }

  // While something is dragged, nobody wants to hear every step.
  sayLater(text) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => (this.spoken.textContent = text), 400);
  }

  drawSoon() {
    this.pending ??= requestAnimationFrame(() => {
      this.pending = null;
      if (!this.scene) return;
      const { losses, codes, message } = this.scene;
      if (this.scaled !== message.epochs) this.drawScale(message.epochs);
      this.drawCurves(losses, message);
      this.drawMap(codes, message.box);
      this.root.dataset.number = message.number;
      this.drawn += Number(message.ended);
    });
  }

  drawScale(epochs) {
    const { chart } = this;
    this.scaled = epochs;
    chart.setScale(0, epochs, 0, this.top);
    const [left, right] = [chart.x(0), chart.x(epochs)];
    const marks = Object.values(this.about.baselines).flatMap((value, k) => [
      element("path", { d: `M${left} ${chart.y(value)}H${right}`, class: BASELINES[k] }),
      element("text", { x: right + 4, y: chart.y(value) + 5 }, value.toFixed(2)),
    ]);
    if (this.about.target) {
      const [goal, within] = this.about.target;
      const width = chart.x(Math.min(within, epochs)) - left;
      const y = chart.y(goal);
      marks.push(element("rect", { x: left, y, width, height: chart.y(0) - y, class: "tp5-target" }));
    }
    chart.scale.append(...marks);
  }

  drawCurves(losses, { epochs }) {
    const { chart, about } = this;
    const n = about.n_runs, rows = losses.length / n;
    this.mean = Array.from({ length: rows }, (_, e) => losses.subarray(e * n, (e + 1) * n).reduce((a, b) => a + b) / n);
    const marks = Array.from({ length: n }, (_, run) => this.line(this.mean.map((_, e) => losses[e * n + run]), "tp5-run"));
    if (this.before.length) marks.push(this.line(this.before.slice(0, epochs + 1), "tp5-before"));
    const pinned = this.model.get("pinned");
    if (pinned.length) marks.push(this.line(pinned.slice(0, epochs + 1), "tp5-pinned"));
    marks.push(this.line(this.mean, "tp5-mean"), ...this.lostRuns(losses, n, rows));
    chart.marks.replaceChildren(...marks);
    this.beforeEntry.hidden = !this.before.length;
    this.pinnedEntry.hidden = !pinned.length;
    const last = this.mean[rows - 1];
    chart.say(`error of ${n} runs against ${rows - 1} of ${epochs} epochs; the mean ends at ` +
      `${Number.isFinite(last) ? last.toFixed(2) : "no number"}; ` +
      Object.entries(about.baselines).map(([name, value]) => `${name} ${value.toFixed(2)}`).join(", "));
  }

  // A curve through what is a number; what is too high for the axes runs along their upper end.
  line(values, kind) {
    const { chart, top } = this;
    const place = (value, e) => `${chart.x(e).toFixed(1)},${chart.y(Math.min(value, top)).toFixed(1)}`;
    const points = values.map((value, e) => (Number.isFinite(value) ? place(value, e) : ""));
    return element("polyline", { points: points.filter(Boolean).join(" "), class: kind });
  }

  // A cross where the error of a run was last a number.
  lostRuns(losses, n, rows) {
    const marks = [];
    for (let run = 0; run < n; run++) {
      let e = rows - 1;
      if (rows < 2 || Number.isFinite(losses[e * n + run])) continue;
      while (e > 0 && !Number.isFinite(losses[e * n + run])) e--;
      const value = Math.min(losses[e * n + run] || 0, this.top);
      marks.push(element("text", { x: this.chart.x(e), y: this.chart.y(value) + 7, "text-anchor": "middle", class: "tp5-lost" }, "✕"));
    }
    this.lostEntry.hidden = !marks.length;
    return marks;
  }

  drawMap(codes, box) {
    const { map } = this;
    const [x0, x1, y0, y1] = box;
    const margin = 0.06;
    if (`${this.boxed}` !== `${box}`) map.setScale(x0 - margin * (x1 - x0), x1 + margin * (x1 - x0), y0 - margin * (y1 - y0), y1 + margin * (y1 - y0));
    this.boxed = box;
    const { labels } = this.about;
    const named = labels && labels.length <= MANY;
    const marks = Array.from({ length: codes.length / 2 }, (_, k) => {
      const [x, y] = [map.x(codes[2 * k]).toFixed(1), map.y(codes[2 * k + 1]).toFixed(1)];
      return named
        ? element("text", { x, y, dy: "0.35em", "text-anchor": "middle", class: "tp5-label" }, labels[k])
        : element("circle", { cx: x, cy: y, r: 2.5, class: "tp5-dot" });
    });
    map.marks.replaceChildren(...marks);
    map.say(`latent space of the best run: ${marks.length} codes, z1 from ${short(x0)} to ${short(x1)}, z2 from ${short(y0)} to ${short(y1)}`);
  }

  destroy() {
    clearTimeout(this.timer);
    if (this.pending) cancelAnimationFrame(this.pending);
    this.model.off("change", this.follow);
    this.model.off("change:pinned", this.repin);
    this.root.remove();
  }
}
