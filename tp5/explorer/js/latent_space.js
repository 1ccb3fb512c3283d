// The latent space as the explorer knows it: its two systems of coordinates, the codes of the data
// and what is near. `about` is what `LatentData.describe` says.

class LatentSpace {
  constructor(about, codes, pictures) {
    Object.assign(this, { about, codes, pictures, n: about.n_latent });
  }

  // z = centre + Σ s_i · axis_i, see `Coordinates` in latent_data.py.
  toZ(s, pca) {
    const { centre, axes } = this.about.coordinates[pca ? 1 : 0];
    return centre.map((c, j) => c + s.reduce((sum, si, i) => sum + si * axes[i][j], 0));
  }

  // The axes are orthogonal, so that their inverse is a projection on each.
  toS(z, pca) {
    const { centre, axes } = this.about.coordinates[pca ? 1 : 0];
    return axes.map((axis) => {
      const length2 = axis.reduce((sum, a) => sum + a * a, 0);
      return axis.reduce((sum, a, j) => sum + a * (z[j] - centre[j]), 0) / length2;
    });
  }

  // Standard deviations along z as an ellipse on the map: its radii in spreads, and the angle of the
  // first. On the map s = P·z + …, so that its covariance is P·diag(σ²)·Pᵀ.
  cloud(z, sigma, pca, [x, y]) {
    const { axes } = this.about.coordinates[pca ? 1 : 0];
    const rows = [axes[x], axes[y]].map((axis) => {
      const length2 = axis.reduce((sum, a) => sum + a * a, 0);
      return axis.map((a, j) => (a / length2) * sigma[j]);
    });
    const product = (u, v) => u.reduce((sum, a, j) => sum + a * v[j], 0);
    const [xx, yy, xy] = [product(rows[0], rows[0]), product(rows[1], rows[1]), product(rows[0], rows[1])];
    const s = this.toS(z, pca);
    if (x === y) return { centre: [s[x], 0], radii: [Math.sqrt(xx), 0], angle: 0 };
    const middle = (xx + yy) / 2, half = Math.hypot((xx - yy) / 2, xy);
    const radii = [middle + half, Math.max(0, middle - half)].map(Math.sqrt);
    return { centre: [s[x], s[y]], radii, angle: 0.5 * Math.atan2(2 * xy, xx - yy) };
  }

  names(pca) {
    return this.about.coordinates[pca ? 1 : 0].names;
  }

  codeOf(sample) {
    return this.codes.subarray(sample * this.n, (sample + 1) * this.n);
  }

  nameOf(sample) {
    const { labels, unique } = this.about;
    if (labels && unique) return labels[sample];
    return `sample ${sample}` + (labels ? ` (${labels[sample]})` : "");
  }

  // The sample whose code is nearest to z, and its distance.
  nearestCode(z) {
    let best = 0, smallest = Infinity;
    for (let k = 0, at = 0; k < this.about.n_samples; k++) {
      let d = 0;
      for (let j = 0; j < this.n; j++, at++) d += (this.codes[at] - z[j]) ** 2;
      if (d < smallest) [best, smallest] = [k, d];
    }
    return [best, Math.sqrt(smallest)];
  }

  // For glyphs: the sample whose picture differs in the fewest pixels, and in how many.
  nearestPicture(image) {
    const size = image.length;
    let best = 0, smallest = Infinity;
    for (let k = 0; k < this.about.n_samples; k++) {
      let d = 0;
      for (let j = 0; j < size; j++) d += image[j] > 0.5 !== this.pictures[k * size + j] > 127;
      if (d < smallest) [best, smallest] = [k, d];
    }
    return [best, smallest];
  }
}
