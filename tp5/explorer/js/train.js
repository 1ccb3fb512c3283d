// Training, told once more: the step of tp5/compiled in float64, in the same order of additions, so
// that the same start and the same order of samples give the same bits as Python. elementary.js is above.

const BLOCK = 128; // samples whose losses are added up before they join the others, as in Python

// A network: `widths` of its layers, for each after the input an activation and its parameter.
class Network {
  constructor({ widths, activations, parameters, loss }) {
    Object.assign(this, { widths, activations, parameters, loss });
    this.starts = [0];
    for (let l = 0; l + 1 < widths.length; l++)
      this.starts.push(this.starts[l] + (widths[l] + 1) * widths[l + 1]);
    this.size = this.starts[widths.length - 1];
    this.H = widths.map((n) => new Float64Array(n)); // outputs
    this.D = widths.map((n) => new Float64Array(n)); // dL/dH
  }

  // H ← g([h, 1]·W), layer by layer, four inputs in one go.
  forward(theta, x) {
    this.H[0].set(x);
    for (let l = 0; l + 1 < this.widths.length; l++) {
      const h = this.H[l], a = this.H[l + 1], n_in = h.length, n = a.length, W = this.starts[l];
      for (let j = 0, bias = W + n_in * n; j < n; j++) a[j] = theta[bias + j];
      let i = 0;
      for (; i + 3 < n_in; i += 4) {
        const h0 = h[i], h1 = h[i + 1], h2 = h[i + 2], h3 = h[i + 3];
        const w0 = W + i * n, w1 = w0 + n, w2 = w1 + n, w3 = w2 + n;
        for (let j = 0; j < n; j++)
          a[j] = a[j] + h0 * theta[w0 + j] + h1 * theta[w1 + j] + h2 * theta[w2 + j] + h3 * theta[w3 + j];
      }
      for (; i < n_in; i++) for (let j = 0, hi = h[i], w = W + i * n; j < n; j++) a[j] += hi * theta[w + j];
      this.activate(l, a);
    }
    return this.H[this.H.length - 1];
  }

  activate(l, a) {
    const kind = this.activations[l], parameter = this.parameters[l], n = a.length;
    if (kind === "tanh") for (let j = 0; j < n; j++) a[j] = tanh(a[j]);
    else if (kind === "logistic") for (let j = 0; j < n; j++) a[j] = 0.5 + 0.5 * tanh(parameter * a[j]);
    else if (kind === "relu") for (let j = 0; j < n; j++) a[j] = a[j] > 0 ? a[j] : parameter * a[j];
  }

  multiplyBySlope(l, h, delta) {
    const kind = this.activations[l], parameter = this.parameters[l], n = h.length;
    if (kind === "tanh") for (let j = 0; j < n; j++) delta[j] *= 1 - h[j] * h[j];
    else if (kind === "logistic") for (let j = 0; j < n; j++) delta[j] *= 2 * parameter * h[j] * (1 - h[j]);
    else if (kind === "relu") for (let j = 0; j < n; j++) delta[j] *= h[j] > 0 ? 1 : parameter;
  }

  // The sample's loss after `forward`; the last D becomes its gradient.
  sampleLoss(y) {
    const a = this.H[this.H.length - 1], delta = this.D[this.D.length - 1];
    let total = 0;
    for (let j = 0; j < a.length; j++) {
      if (this.loss === "squared_error") {
        const error = a[j] - y[j];
        total += error * error;
        delta[j] = 2 * error;
      } else {
        const e = exp(-Math.min(700, Math.abs(a[j])));
        delta[j] = (a[j] > 0 ? 1 : e) / (1 + e) - y[j];
        total += Math.max(a[j], 0) - a[j] * y[j] + log1p(e);
      }
    }
    return total;
  }

  // From dL/dh at the end to dL/da of each layer, in D; dL/dW is its product with the outputs H.
  backward(theta) {
    for (let l = this.widths.length - 2; l >= 0; l--) {
      const delta = this.D[l + 1], before = this.D[l], n_in = before.length, n = delta.length;
      this.multiplyBySlope(l, this.H[l + 1], delta);
      if (l === 0) break;
      for (let i = 0, w = this.starts[l]; i < n_in; i++, w += n) {
        let sum = 0;
        for (let j = 0; j < n; j++) sum += delta[j] * theta[w + j];
        before[i] = sum;
      }
    }
  }

  gradient(grad) {
    for (let l = 0; l + 1 < this.widths.length; l++) {
      const h = this.H[l], delta = this.D[l + 1], n_in = h.length, n = delta.length;
      let w = this.starts[l];
      for (let i = 0; i < n_in; i++) for (let j = 0, hi = h[i]; j < n; j++) grad[w++] = hi * delta[j];
      for (let j = 0; j < n; j++) grad[w++] = delta[j];
    }
  }

  // Add the gradients of samples, whose H and D are given: four of them in one go, as in Python.
  addGradients(grad, outputs, deltas) {
    const n = outputs.length, fours = n - (n % 4);
    for (let l = 0; l + 1 < this.widths.length; l++) {
      const n_in = this.widths[l], n_out = this.widths[l + 1], W = this.starts[l];
      for (let i = 0; i < n_in; i++)
        for (let j = 0, w = W + i * n_out; j < n_out; j++, w++) {
          let g = grad[w], s = 0;
          for (; s < fours; s += 4)
            g = g + outputs[s][l][i] * deltas[s][l + 1][j] + outputs[s + 1][l][i] * deltas[s + 1][l + 1][j]
              + outputs[s + 2][l][i] * deltas[s + 2][l + 1][j] + outputs[s + 3][l][i] * deltas[s + 3][l + 1][j];
          for (; s < n; s++) g += outputs[s][l][i] * deltas[s][l + 1][j];
          grad[w] = g;
        }
      for (let j = 0, w = W + n_in * n_out; j < n_out; j++, w++)
        for (let s = 0; s < n; s++) grad[w] += deltas[s][l + 1][j];
    }
  }
}

// What an optimizer adds to θ; `rule` is { kind, decay, decay2, eps }.
class Update {
  constructor(rule, size) {
    this.rule = rule;
    this.m = new Float64Array(rule.kind === "ADAM" ? size : 0);
    this.v = new Float64Array(rule.kind === "SGD" ? 0 : size);
    this.powers = [1, 1];
  }

  step(theta, grad, lr) {
    const { kind, decay, decay2, eps } = this.rule, { m, v, powers } = this, n = theta.length;
    powers[0] *= decay;
    powers[1] *= decay2;
    const rest = 1 - decay, rest2 = 1 - decay2;
    if (kind === "SGD") for (let i = 0; i < n; i++) theta[i] -= lr * grad[i];
    else if (kind === "MOMENTUM")
      for (let i = 0; i < n; i++) theta[i] += v[i] = decay * v[i] - lr * grad[i];
    else if (kind === "NESTEROV")
      for (let i = 0; i < n; i++) (v[i] = decay * v[i] - lr * grad[i]), (theta[i] += decay * v[i] - lr * grad[i]);
    else if (kind === "RMSPROP")
      for (let i = 0; i < n; i++) {
        v[i] = decay * v[i] + rest * (grad[i] * grad[i]);
        theta[i] -= (lr * grad[i]) / (Math.sqrt(v[i]) + eps);
      }
    else {
      const correct = 1 / (1 - powers[0]), correct2 = 1 / (1 - powers[1]);
      for (let i = 0; i < n; i++) {
        m[i] = decay * m[i] + rest * grad[i];
        v[i] = decay2 * v[i] + rest2 * (grad[i] * grad[i]);
        theta[i] -= (lr * (m[i] * correct)) / (Math.sqrt(v[i] * correct2) + eps);
      }
    }
  }
}

// One run: θ, changed in place, an epoch at a time. X is an array of samples.
class Training {
  constructor(network, rule, theta, X, batchSize) {
    Object.assign(this, { network, theta, X, batchSize });
    this.kept = theta.slice(); // θ after the last epoch that ended with a finite loss
    this.grad = new Float64Array(network.size);
    this.update = new Update(rule, network.size);
    this.alive = true;
  }

  meanLoss() {
    let total = 0;
    for (let first = 0; first < this.X.length; first += BLOCK) {
      let sum = 0;
      for (const x of this.X.slice(first, first + BLOCK)) {
        this.network.forward(this.theta, x);
        sum += this.network.sampleLoss(x);
      }
      total += sum;
    }
    return total / this.X.length;
  }

  // An epoch in this order of the samples; its loss, NaN once the run has diverged.
  epoch(order, lr) {
    if (!this.alive) return NaN;
    if (this.batchSize === 1) this.online(order, lr);
    else this.batches(order, lr);
    const loss = this.meanLoss(), total = this.theta.reduce((a, b) => a + b, 0);
    this.alive = Number.isFinite(loss) && Number.isFinite(total);
    if (this.alive) this.kept.set(this.theta);
    else this.theta.set(this.kept);
    return this.alive ? loss : NaN;
  }

  online(order, lr) {
    const { network, theta, grad, X } = this;
    for (const row of order) {
      network.forward(theta, X[row]);
      network.sampleLoss(X[row]);
      network.backward(theta);
      network.gradient(grad);
      this.update.step(theta, grad, lr);
    }
  }

  batches(order, lr) {
    const { network, theta, grad, X, batchSize } = this;
    for (let start = 0; start < order.length; start += batchSize) {
      const n = Math.min(batchSize, order.length - start), share = 1 / n;
      grad.fill(0);
      for (let first = start; first < start + n; first += BLOCK) {
        const outputs = [], deltas = [];
        for (const row of order.slice(first, Math.min(first + BLOCK, start + n))) {
          network.forward(theta, X[row]);
          network.sampleLoss(X[row]);
          const last = network.D[network.D.length - 1];
          for (let j = 0; j < last.length; j++) last[j] *= share;
          network.backward(theta);
          outputs.push(network.H.map((h) => h.slice()));
          deltas.push(network.D.map((d) => d.slice()));
        }
        network.addGradients(grad, outputs, deltas);
      }
      this.update.step(theta, grad, lr);
    }
  }

  // The code of a sample: the outputs of the narrowest layer.
  code(x, latentLayer) {
    this.network.forward(this.theta, x);
    return Array.from(this.network.H[latentLayer]);
  }
}
