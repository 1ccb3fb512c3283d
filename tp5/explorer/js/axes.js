// Axes of a chart in SVG: numbers along them, a grid, and where a number lies.

const short = (x) => `${Number(x.toPrecision(3))}`.replace("-", "−");

// Numbers for an axis: four to eight of them, round.
function ticks(low, high) {
  const rough = (high - low) / 8, power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].find((k) => k * power >= rough) * power;
  const first = Math.ceil(low / step - 1e-9);
  const count = Math.floor(high / step + 1e-9) - first + 1;
  return Array.from({ length: count }, (_, i) => (first + i) * step);
}

// Axes with a frame; `x` and `y` lead from numbers to places.
class Axes {
  constructor(box, names, label) {
    this.box = box;
    this.scale = element("g", { class: "tp5-scale" });
    this.marks = element("g");
    const { width, height } = box;
    this.svg = element("svg", { viewBox: `0 0 ${width} ${height}`, width, height, role: "img" },
      this.scale, this.marks);
    this.names = names;
    this.say(label);
  }

  say(label) {
    this.svg.setAttribute("aria-label", label);
  }

  setScale(x0, x1, y0, y1) {
    const { width, height, left, right, top, bottom } = this.box;
    this.x = (value) => left + ((value - x0) / (x1 - x0)) * (width - left - right);
    this.y = (value) => height - bottom - ((value - y0) / (y1 - y0)) * (height - top - bottom);
    const [x_, y_] = [this.x(x0), this.y(y0)];
    const marks = [element("path", { d: `M${x_} ${top}V${y_}H${width - right}`, class: "tp5-axis" })];
    for (const value of ticks(x0, x1))
      marks.push(element("text", { x: this.x(value), y: y_ + 18, "text-anchor": "middle" }, short(value)));
    for (const value of ticks(y0, y1)) {
      const y = this.y(value);
      marks.push(element("path", { d: `M${x_} ${y}H${width - right}`, class: "tp5-grid" }));
      marks.push(element("text", { x: x_ - 6, y: y + 5, "text-anchor": "end" }, short(value)));
    }
    const middle = (top + y_) / 2;
    marks.push(
      element("text", { x: (x_ + width - right) / 2, y: height - 6, "text-anchor": "middle" }, this.names[0]),
      element("text", { transform: `translate(13 ${middle}) rotate(-90)`, "text-anchor": "middle" }, this.names[1]),
    );
    this.scale.replaceChildren(...marks);
  }
}
