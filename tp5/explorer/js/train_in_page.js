// Live training as a page of its own: workers train, and what the kernel would say is said here.

const LONG = 1000; // ms: a training that takes longer is given up for the next

class Trainer {
  constructor(model, content, hear) {
    Object.assign(this, { model, content, hear, number: 0, busy: false, again: false });
    const { n_runs } = content.about;
    const address = URL.createObjectURL(new Blob([content.worker], { type: "text/javascript" }));
    const count = Math.min(n_runs, Math.max(1, navigator.hardwareConcurrency || 2), 4);
    this.crew = Array.from({ length: count }, (_, k) => {
      const worker = new Worker(address);
      worker.onmessage = ({ data }) => this.take(k, data);
      worker.onerror = (event) => this.fail(event.message);
      return { worker, runs: Array.from({ length: n_runs }, (_, run) => run).filter((run) => run % count === k) };
    });
    this.trained = 0; // trainings that came to their end, for who measures speed
  }

  // The latest wins: a short training at work comes to its end first, and is seen.
  ask() {
    if (!this.busy) return this.start();
    this.again = true;
    clearTimeout(this.patience);
    this.patience = setTimeout(() => this.again && this.start(), Math.max(0, this.began + LONG - performance.now()));
  }

  start() {
    const { model, content } = this, optimizer = model.get("optimizer"), rule = { ...content.rules[optimizer] };
    if (["momentum", "nesterov"].includes(optimizer)) rule.decay = model.get("momentum");
    clearTimeout(this.patience);
    Object.assign(this, { number: this.number + 1, busy: true, again: false, began: performance.now(), parts: [] });
    this.epochs = model.get("epochs");
    const job = { number: this.number, network: content.networks[model.get("architecture")], rule,
      lr: model.get("lr"), epochs: this.epochs, batchSize: model.get("batch_size"), init: model.get("init"),
      seed: model.get("rng"), X: content.X };
    for (const { worker, runs } of this.crew) worker.postMessage({ ...job, runs });
  }

  take(k, part) {
    if (part.number !== this.number) return; // of a training that was given up
    this.parts[k] = part;
    const parts = this.parts.filter(Boolean);
    if (parts.length < this.crew.length) return;
    this.tell(parts);
    if (!parts.every(({ ended }) => ended)) return;
    this.busy = false;
    this.trained += 1;
    if (this.again) this.start();
  }

  tell(parts) {
    const ended = parts.every((part) => part.ended), { about, boxes } = this.content, n = about.n_runs;
    const count = Math.min(...parts.map(({ rows }) => rows.length));
    const rows = Array.from({ length: count }, (_, e) => {
      const row = new Array(n);
      for (const part of parts) part.runs.forEach((run, i) => (row[run] = part.rows[e][i]));
      return row;
    });
    const { codes } = parts.reduce((a, b) => (b.best < a.best ? b : a));
    const said = `${describeError(rows[count - 1], about.student)} (${counted(n, "run")})`;
    const text = ended ? `After ${counted(count - 1, "epoch")}: ${said}.` : `Epoch ${count - 1} of ${this.epochs}: ${said} …`;
    const [reached, verdict] = verdictOf(about.target, rows, ended);
    const box = boxes[this.model.get("architecture")] ?? boxOf(codes);
    const bytes = (values) => new DataView(Float32Array.from(values.flat()).buffer);
    this.hear({ number: this.number, ended, failed: false, text, reached, verdict, epochs: this.epochs, box }, [bytes(rows), bytes(codes)]);
  }

  fail(words) {
    this.hear({ number: this.number, ended: true, failed: true, text: `The training failed: ${words}`,
      reached: null, verdict: "", epochs: this.epochs, box: [0, 1, 0, 1] }, [new DataView(new ArrayBuffer(0)), new DataView(new ArrayBuffer(0))]);
    this.busy = false;
  }
}

function boxOf(codes) {
  return [0, 1].flatMap((axis) => {
    const values = codes.map((code) => code[axis]), low = Math.min(...values), high = Math.max(...values);
    return [low, high > low ? high : low + 1];
  });
}

const content = contentOfPage();
const model = new PageModel(content.state);
const view = new LiveView(model, document.getElementById("tp5-here"), content.about, () => {});
const trainer = new Trainer(model, content, (message, buffers) => view.hear(message, buffers));
const settings = Object.keys(content.state).filter((name) => name !== "pinned");
model.on(settings.map((name) => `change:${name}`).join(" "), () => trainer.ask());
trainer.start();
window.live = { model, view, trainer };
