// View: what the decoder makes of z, and the sample whose code is nearest, in pictures and in words.

const FEW = 3000; // samples: up to here the nearest picture is looked for, pixel by pixel

const signed = (x) => x.toFixed(2).replace("-", "−");

class View {
  constructor({ place, space, about, painter, samples }) {
    Object.assign(this, { place, space, about, painter, samples });
    this.shown = -1; // the sample whose picture is on the screen
    this.decoded = painter.canvas("decoded picture");
    this.sample = painter.canvas("nearest sample");
    this.decodedCaption = element("figcaption");
    this.sampleCaption = element("figcaption");
    this.cue = element("p", { className: "tp5-cue" });
    this.spoken = element("p", { className: "tp5-spoken", role: "status", ariaLive: "polite" });
    this.figures = [
      element("figure", {}, this.decoded, this.decodedCaption),
      element("figure", {}, this.sample, this.sampleCaption),
    ];
  }

  draw({ z, image, nearest, distance }) {
    const threshold = this.about.binary && this.place.get("threshold");
    this.painter.paint(this.decoded, image, { threshold });
    this.showSample(nearest);
    const place = z.length <= 3 ? `z = (${z.map(signed).join(", ")})` : `z, ${z.length} numbers`;
    this.decodedCaption.textContent = `decoded at ${place}${this.twin(image)}`;
    this.sampleCaption.textContent = `nearest sample: ${this.space.nameOf(nearest)}, distance ${distance.toFixed(2)}`;
    const [cue, words] = this.cueAt(distance / this.about.reach);
    this.cue.textContent = words;
    this.cue.dataset.where = cue;
    this.speakLater(words.slice(2));
  }

  showSample(sample) {
    if (this.shown === sample) return;
    const bytes = this.samples.picture(sample);
    this.shown = bytes ? sample : -1;
    this.painter.paint(this.sample, bytes, { most: 255 });
  }

  // Of glyphs: which known one the decoded picture is nearest to, in pixels.
  twin(image) {
    if (!this.about.binary || !this.samples.atHand || this.about.n_samples > FEW) return "";
    const [sample, pixels] = this.space.nearestPicture(image);
    const away = pixels === 0 ? "exactly" : `${pixels} pixel${pixels === 1 ? "" : "s"} away`;
    return `; as a picture nearest to ${this.space.nameOf(sample)}, ${away}`;
  }

  cueAt(ratio) {
    if (ratio <= 1) return ["in", "● among the data"];
    if (ratio <= 2.5) return ["edge", "◐ between the data: the decoder guesses"];
    return ["out", "○ outside the data: the decoder was never trained here"];
  }

  // A screen reader hears where the movement ends, not every step.
  speakLater(where) {
    clearTimeout(this.speaking);
    this.speaking = setTimeout(() => {
      const [decoded, sample] = [this.decodedCaption.textContent, this.sampleCaption.textContent];
      this.spoken.textContent = `${decoded}. ${sample}. ${where}`;
      this.decoded.ariaLabel = decoded;
      this.sample.ariaLabel = sample;
    }, 400);
  }

  destroy() {
    clearTimeout(this.speaking);
  }
}
