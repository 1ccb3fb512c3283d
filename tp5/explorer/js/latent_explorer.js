// The explorer: it builds the rooms, and before each picture of the screen works out once what all
// of them show. It needs the other files of `EXPLORER` in page.py above it, and a model with get,
// set, on, off and save_changes: an ipywidgets model in a notebook, or a `PageModel` in a page.

class Explorer {
  constructor({ model, el, about, arrays, ownSliders = false, fetchPicture = null, fetchEncoder = null }) {
    const [weights, codes, pictures] = arrays;
    this.about = about;
    this.decode = makeDense(about.layers, weights);
    this.space = new LatentSpace(about, codes, pictures);
    this.painter = new Painter(about.shape);
    this.place = new Place(model, about, this.space, () => this.redrawSoon());
    this.samples = new Samples(this.painter, pictures, fetchPicture, () => this.redrawSoon());
    this.build(el, ownSliders, fetchEncoder);
    this.place.listen([...this.place.keys, "a", "b", "t", "threshold"], () => this.redrawSoon());
    this.redraw();
  }

  build(el, ownSliders, fetchEncoder) {
    const begin = () => this.path.stop(), reset = () => this.reset(); // a hand ends the film
    const encoder = async () => makeDense(...(await fetchEncoder()));
    this.view = new View(this);
    this.path = new Path(this);
    this.files = new Files(this);
    this.map = new MapRoom({ ...this, begin, reset });
    this.pad = this.about.can_draw ? new Pad({ ...this, encoder, begin }) : null;
    this.sliders = ownSliders ? new Sliders(this) : null;
    const switches = new Switches(this, reset);
    this.views = element("div", { className: "tp5-views" },
      this.map.figure,
      element("div", { className: "tp5-pictures" }, ...(this.pad ? [this.pad.figure] : []), ...this.view.figures));
    this.root = element("div", { className: "tp5-explorer", role: "group", ariaLabel: "latent explorer" },
      this.views,
      this.view.cue,
      ...(this.sliders ? [this.sliders.element] : []),
      ...(this.pad ? [this.pad.controls] : []),
      this.path.controls,
      element("div", { className: "tp5-controls", role: "group", ariaLabel: "view and files" },
        ...switches.controls, ...this.files.controls),
      this.view.spoken,
      this.files.message);
    el.append(this.root);
    this.map.open();
  }

  // Ask for one redraw before the next picture of the screen, however many changes come.
  redrawSoon() {
    this.pending ??= requestAnimationFrame(() => {
      this.pending = null;
      this.redraw();
    });
  }

  redraw() {
    const { s } = this.place, z = this.place.toZ(s);
    const [nearest, distance] = this.space.nearestCode(z);
    const scene = { s, z, nearest, distance, image: this.decode(z), cloud: this.pad?.cloud ?? null };
    for (const room of [this.map, this.view, this.path, this.pad, this.sliders]) room?.draw(scene);
    this.views.frames = (this.views.frames ?? 0) + 1; // for who measures speed
  }

  reset() {
    this.path.stop();
    this.place.goTo(this.about.start);
  }

  destroy() {
    this.path.stop();
    this.map.destroy();
    this.view.destroy();
    this.place.destroy();
    if (this.pending) cancelAnimationFrame(this.pending);
    this.root.remove();
  }
}
