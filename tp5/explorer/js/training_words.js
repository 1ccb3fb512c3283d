// What is said of a training where no kernel says it: the words of training_report.py.

const counted = (n, noun) => `${n} ${noun}${n === 1 ? "" : "s"}`;

// What `describe_error` in training_report.py says; `student[n]` is the factor of an interval of n runs.
function describeError(losses, student) {
  const alive = losses.filter(Number.isFinite), n = alive.length, lost = losses.length - n;
  if (!n) return "every run has diverged, its error is no number any more: try a smaller step";
  const mean = alive.reduce((a, b) => a + b, 0) / n;
  const spread = Math.sqrt(alive.reduce((a, b) => a + (b - mean) ** 2, 0) / Math.max(1, n - 1));
  const half = n > 1 ? ` ± ${((student[n] * spread) / Math.sqrt(n)).toFixed(2)}` : "";
  const without = lost ? ` without ${lost} of ${counted(losses.length, "run")}: diverged` : "";
  return `error ${mean.toFixed(2)}${half}${without}`;
}

// What `Target.verdict` says: whether it is reached (null: not decided yet), and the same in words.
function verdictOf(target, rows, ended) {
  if (!target) return [null, ""];
  const [goal, within] = target, words = `a mean error below ${goal} within ${counted(within, "epoch")}`;
  const mean = (row) => row.reduce((a, b) => a + b, 0) / row.length;
  const epoch = rows.slice(1, within + 1).findIndex((row) => mean(row) < goal);
  if (epoch >= 0) return [true, `✓ Reached after ${counted(epoch + 1, "epoch")}: ${words}`];
  if (ended || rows.length > within) return [false, `✗ Not reached: ${words}`];
  return [null, `… Target: ${words}`];
}
