// The forward pass of a dense network in the browser: h ← g(h·W + b), layer by layer.
// What `tp5.explorer.dense` describes comes in; weights are a Float32Array, biases last.

const ACTIVATIONS = {
  identity: (a) => a,
  tanh: Math.tanh,
  relu: (a) => (a > 0 ? a : 0),
  leaky_relu: (a, slope) => (a > 0 ? a : slope * a),
  logistic: (a, beta) => 1 / (1 + Math.exp(-2 * beta * a)),
};

function makeDense(layers, weights) {
  let start = 0;
  const steps = layers.map(({ n_in, n_out, activation, parameter }) => {
    const W = weights.subarray(start, start + (n_in + 1) * n_out);
    start += W.length;
    return { W, n_in, n_out, parameter, g: ACTIVATIONS[activation], out: new Float32Array(n_out) };
  });
  if (start !== weights.length) throw new Error("these weights are not of these layers");

  // Returns the last layer's outputs; the next call overwrites them.
  return function forward(input) {
    let h = input;
    for (const { W, n_in, n_out, parameter, g, out } of steps) {
      out.set(W.subarray(n_in * n_out)); // the biases
      for (let i = 0; i < n_in; i++) {
        const hi = h[i];
        if (hi === 0) continue; // a ReLU that is off adds nothing
        const row = i * n_out;
        for (let j = 0; j < n_out; j++) out[j] += hi * W[row + j];
      }
      if (g !== ACTIVATIONS.identity) for (let j = 0; j < n_out; j++) out[j] = g(out[j], parameter);
      h = out;
    }
    return h;
  };
}
