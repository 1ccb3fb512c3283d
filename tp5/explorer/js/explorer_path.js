// Path: the way from A to B, by a slider or as a film.

const SECONDS = 4; // from A to B

class Path {
  constructor({ place }) {
    this.place = place;
    this.playing = false;
    this.time = element("input", {
      type: "range", min: 0, max: 1, step: 0.01, value: place.get("t"), ariaLabel: "way from A to B",
      oninput: () => this.walkTo(+this.time.value),
    });
    this.button = button("▶ play", () => (this.playing ? this.stop() : this.start()));
    this.loop = new Switch(place, "loop", "there and back");
    this.controls = element("div", { className: "tp5-controls", role: "group", ariaLabel: "path" },
      button("A = here", () => place.set({ a: place.s }), "begin the path here"),
      button("B = here", () => place.set({ b: place.s }), "end the path here"),
      element("span", {}, "A ", this.time, " B"),
      this.button,
      this.loop.label);
  }

  at(t) {
    const [a, b] = [this.place.get("a"), this.place.get("b")];
    return a.map((ai, i) => (1 - t) * ai + t * b[i]);
  }

  walkTo(t) {
    this.place.glide({ ...this.place.asState(this.at(t)), t });
  }

  draw() {
    this.time.value = this.place.get("t");
  }

  start() {
    this.playing = true;
    this.button.textContent = "❚❚ pause";
    // Who wants less motion sees eleven still pictures instead of a film.
    const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    let t = this.place.get("t") >= 1 ? 0 : this.place.get("t"), direction = 1, before = null;
    const frame = (now) => {
      if (!this.playing) return;
      const elapsed = before === null ? 0 : (now - before) / 1000;
      if (before === null || !still || elapsed > 0.8) {
        before = now;
        t += direction * (still ? (elapsed ? 0.1 : 0) : elapsed / SECONDS);
        if (t >= 1 || t <= 0) direction = t >= 1 ? -1 : 1;
        this.walkTo(Math.min(1, Math.max(0, t)));
        if (t >= 1 && !this.place.get("loop")) return this.stop();
      }
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  }

  stop() {
    this.playing = false;
    this.button.textContent = "▶ play";
  }
}
