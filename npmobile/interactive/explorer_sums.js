// What the chosen network costs: products and sums of the whole numbers that `cost` and `spec` have computed.

// The sides of the feature maps by stage: the image, after each layer of stride 2, and 1 after the pool.
function sidesOf({ halves, rounding }, resolution, rule) {
  const sides = [resolution];
  for (const padding of rounding[rule]) sides.push(halves[padding][sides.at(-1)]);
  return [...sides, 1];
}

const sumOf = (counts) => Object.values(counts).reduce((sum, count) => sum + count, 0);

function costOf(data, { alpha, resolution, rule }) {
  const sides = sidesOf(data, resolution, rule);
  const multAdds = {},
    parameters = {};
  for (const kind of data.kinds) {
    multAdds[kind] = sumOf(data.per_pixel[kind][alpha].map((count, stage) => count * sides[stage] ** 2));
    parameters[kind] = data.parameters[kind][alpha];
  }
  // A layer needs its input and its output in memory at the same time.
  let peak = { values: 0 };
  data.layers.forEach((layer, i) => {
    const [M, N] = data.channels[alpha].slice(i, i + 2);
    const values = M * sides[i ? data.stages[i - 1] : 0] ** 2 + N * sides[data.stages[i]] ** 2;
    if (values > peak.values) peak = { values, layer };
  });
  return { sides, multAdds, parameters, total: sumOf(multAdds), totalParameters: sumOf(parameters), peak };
}

// The law of the paper, rho squared: the convolutions at 224 times (resolution / 224) squared, and the classifier.
function lawOf(data, network) {
  const { multAdds, total } = costOf(data, { ...network, resolution: 224 });
  const classifier = multAdds.fully_connected;
  return (resolution) => (total - classifier) * (resolution / 224) ** 2 + classifier;
}
