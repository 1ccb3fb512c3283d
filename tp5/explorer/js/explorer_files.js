// Files: what the explorer saves and loads. The picture, the path as a film, the drawing, where one is.

const FRAMES = 20; // of the path, from A to B

class Files {
  constructor({ place, about, painter, decode, view, path }) {
    Object.assign(this, { place, about, painter, decode, view, path });
    this.message = element("p", { className: "tp5-message", role: "status" });
    const file = element("input", {
      type: "file", accept: ".json,application/json", hidden: true, ariaLabel: "state file",
      onchange: () => {
        const [chosen] = file.files;
        file.value = ""; // the same file may be chosen again
        if (chosen) this.read(chosen);
      },
    });
    this.controls = [
      button("save picture", () => this.savePicture(view.decoded, "decoded.png"), "the decoded picture, a PNG file"),
      button("save path", () => this.savePath(), "the way from A to B and back, a GIF file"),
      button("save state", () => this.saveState(), "where z, A and B are, a JSON file"),
      button("load state", () => file.click(), "a JSON file saved before"),
      file,
    ];
  }

  say(text) {
    this.message.textContent = text;
  }

  download(name, blob) {
    const link = element("a", { href: URL.createObjectURL(blob), download: name });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    this.say(`saved ${name}`);
  }

  savePicture(canvas, name) {
    this.painter.enlarge(canvas).toBlob((blob) => this.download(name, blob));
  }

  savePath() {
    const { height, width, channels } = this.painter, small = element("canvas", { width, height });
    const frames = [];
    let large;
    for (let k = 0; k <= FRAMES; k++) {
      this.painter.paint(small, this.decode(this.place.toZ(this.path.at(k / FRAMES))));
      large = this.painter.enlarge(small);
      frames.push(large.getContext("2d").getImageData(0, 0, large.width, large.height).data);
    }
    const film = [...frames, ...frames.slice(1, -1).reverse()];
    const gif = makeGif(film, large.width, large.height, 10, channels === 3 ? COLOURS : GREYS);
    this.download("path.gif", new Blob([gif], { type: "image/gif" }));
  }

  saveState() {
    const { place, about } = this;
    const [z, a, b] = [place.s, place.get("a"), place.get("b")].map((s) => place.toZ(s));
    const state = { tp5: "explorer state", model: about.fingerprint, z, path: [a, b] };
    this.download("explorer.json", new Blob([JSON.stringify(state, null, 1)], { type: "application/json" }));
  }

  async read(file) {
    const text = await file.text().catch(() => null);
    if (text === null) return this.say(`${file.name} changed or went away while it was read; choose it again`);
    this.load(text);
  }

  load(text) {
    const { place, about } = this;
    let state;
    try {
      state = JSON.parse(text);
    } catch {
      state = null;
    }
    const points = Array.isArray(state?.path) ? [state.z, ...state.path] : [];
    const fits = (p) => Array.isArray(p) && p.length === place.n && p.every(Number.isFinite);
    if (points.length !== 3 || !points.every(fits))
      return this.say("this file holds no explorer state of this latent space; save one first");
    if (state.model !== about.fingerprint)
      return this.say("this state was saved with another model: the same z would decode to something else");
    const [s, a, b] = points.map((z) => place.toS(z));
    place.set({ ...place.asState(s), a, b });
    this.say("state loaded");
  }
}
