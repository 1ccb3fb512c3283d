// Weights as `pack` in weights.py has packed them, with 32, 16 or 8 bits, as a Float32Array.

function unpackWeights(layers, buffer, bits) {
  if (bits === 32) return new Float32Array(buffer);
  if (bits === 16) return fromHalves(new Uint16Array(buffer));
  const nFloats = 2 * layers.reduce((n, { n_out }) => n + n_out, 0);
  const floats = new Float32Array(buffer, 0, nFloats), steps = new Int8Array(buffer, 4 * nFloats);
  const weights = new Float32Array(steps.length + nFloats / 2);
  let a = 0, b = 0, at = 0;
  for (const { n_in, n_out } of layers) {
    for (let i = 0; i < n_in; i++)
      for (let j = 0; j < n_out; j++) weights[at++] = steps[b++] * floats[a + j];
    weights.set(floats.subarray(a + n_out, a + 2 * n_out), at); // the biases
    [a, at] = [a + 2 * n_out, at + n_out];
  }
  return weights;
}

// Half-precision numbers (IEEE 754 binary16) as float32.
function fromHalves(halves) {
  return Float32Array.from(halves, (h) => {
    const sign = h & 0x8000 ? -1 : 1, exponent = (h >> 10) & 31, fraction = h & 1023;
    return sign * (exponent ? 2 ** (exponent - 15) * (1 + fraction / 1024) : 2 ** -14 * (fraction / 1024));
  });
}
