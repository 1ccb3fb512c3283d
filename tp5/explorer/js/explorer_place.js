// Movement: where the point is, where the path ends, what is switched on. The rooms of the explorer
// read it here and change it here; the model behind it (an ipywidgets model, or a `PageModel` in a
// page without a kernel) learns of it ten times a second while something moves.

const COMMIT = 100; // ms between two words to the model: who listens there is not to slow the screen

class Place {
  constructor(model, about, space, redrawSoon) {
    Object.assign(this, { model, about, space, redrawSoon, n: about.n_latent });
    this.keys = Array.from({ length: this.n }, (_, i) => `s${i + 1}`);
    this.moving = {}; // what the screen shows already and the model does not know yet
    this.listening = [];
  }

  get(name) {
    return name in this.moving ? this.moving[name] : this.model.get(name);
  }

  get s() {
    return this.keys.map((key) => this.get(key));
  }

  get z() {
    return this.toZ(this.s);
  }

  get mapAxes() {
    return this.n === 1 ? [0, 0] : [this.get("across"), this.get("upwards")];
  }

  get names() {
    return this.space.names(this.get("pca"));
  }

  toZ(s) {
    return this.space.toZ(s, this.get("pca"));
  }

  toS(z, pca = this.get("pca")) {
    return this.space.toS(z, pca);
  }

  asState(s) {
    return Object.fromEntries(this.keys.map((key, i) => [key, s[i]]));
  }

  // At once, for the screen and for the model.
  set(state) {
    const all = { ...this.moving, ...state };
    clearTimeout(this.committing);
    [this.moving, this.committing] = [{}, null];
    if (!Object.keys(all).length) return;
    this.model.set(all);
    this.model.save_changes();
  }

  // With the screen's next picture; the latest reaches the model.
  glide(state) {
    Object.assign(this.moving, state);
    this.committing ??= setTimeout(() => this.set({}), COMMIT);
    this.redrawSoon();
  }

  // By hand: no farther than the map.
  move(changes) {
    const { limit } = this.about, state = {};
    for (const [i, value] of Object.entries(changes))
      state[this.keys[i]] = Math.min(limit, Math.max(-limit, value));
    this.glide(state);
  }

  goTo(z) {
    this.set(this.asState(this.toS(z)));
  }

  // z, A and B stay where they are while their coordinates change: all are set at once.
  setPca(pca) {
    const points = [this.s, this.get("a"), this.get("b")].map((point) => this.toZ(point));
    const [s, a, b] = points.map((z) => this.toS(z, pca));
    this.set({ pca, ...this.asState(s), a, b });
  }

  listen(names, hear) {
    const events = names.map((name) => `change:${name}`).join(" ");
    this.model.on(events, hear);
    this.listening.push([events, hear]);
  }

  destroy() {
    this.set({}); // what the model does not know yet
    for (const [events, hear] of this.listening) this.model.off(events, hear);
  }
}
