/*
 * How far back through time a gradient reaches: the norm of ∂loss / ∂hₜ, by how much the recurrent weights stretch a state;
 * and how a network whose gradients explode trains with their norm clipped and without.
 */
import assert from 'node:assert/strict';
import { capture, grad, mseLoss, nn, noGrad, optim, randn, seed, type Tensor, zeros } from 'adjoint';

const steps = 60;
const [batch, hidden] = [16, 16];

/** An RNN whose recurrent weights turn a state and make it `gain` times as long. */
function network(gain: number): nn.RNNCell {
  const cell = new nn.RNNCell(1, hidden, { recurrentInit: 'orthogonal', nonlinearity: 'relu' });
  noGrad(() => cell.weightHh.assign(cell.weightHh.mul(gain)));
  return cell;
}

/** ‖∂loss / ∂hₜ‖ for every t, of a loss that reads the last state. */
function flow(gain: number): number[] {
  seed(1);
  const cell = network(gain);
  const x = randn([steps, batch, 1]);
  // What is added to a state has the state's gradient.
  const nudges = Array.from({ length: steps }, () => zeros([batch, hidden]));
  const gradients = grad((nudges: Tensor[]) => {
    let h: Tensor = zeros([batch, hidden]);
    nudges.forEach((nudge, t) => {
      h = cell.forward(x.slice(t), h).add(nudge);
    });
    return h.square().mean();
  })(nudges);
  return gradients.map((d) => d.norm().item());
}

const [vanishing, exploding] = [0.9, 2].map((gain) => {
  const norms = flow(gain);
  const shares = [40, 20, 0].map((t) => norms[t] / norms[steps - 1]);
  const shown = shares.map((share) => share.toExponential(0)).join(', ');
  console.log(`stretched by ${gain}: 20, 40 and 60 steps back there are ${shown} of the last step's gradient`);
  return shares[2];
});
assert.ok(vanishing < 1e-6, 'the gradient vanishes');
assert.ok(exploding > 1e3, 'the gradient explodes');

/** Learns to repeat the last value of a sequence; the losses, and the norms of the parameters' gradients before they are clipped. */
function train(maxNorm: number): { losses: number[]; norms: number[] } {
  seed(2);
  const model = new nn.Recurrent(network(1.6));
  const head = new nn.Linear(hidden, 1);
  const parameters = [...model.parameters(), ...head.parameters()];
  const optimizer = new optim.SGD(parameters, { lr: 0.02 });
  const step = capture((x: Tensor) => {
    for (const parameter of parameters) parameter.grad = null;
    const [, h] = model.forward(x);
    const loss = mseLoss(head.forward(h), x.slice(-1));
    loss.backward();
    const norm = optim.clipGradNorm(parameters, maxNorm);
    optimizer.step();
    return [loss, norm];
  });
  const trace = Array.from({ length: 600 }, () => step(randn([steps, batch, 1])).map((value) => Number(value.item())));
  return { losses: trace.map(([loss]) => loss), norms: trace.map(([, norm]) => norm) };
}

for (const maxNorm of [Number.MAX_VALUE, 1]) {
  const { losses, norms } = train(maxNorm);
  const name = maxNorm === Number.MAX_VALUE ? 'not clipped' : `clipped to ${maxNorm}`;
  const at = [0, 1, 2, 50, 599];
  console.log(
    `${name}: gradient norms ${at.map((i) => norms[i].toExponential(0)).join(', ')} in updates ${at.join(', ')}`,
  );
  console.log(`${name}: loss ${losses[0].toExponential(1)} at first, ${losses[599].toExponential(1)} at last`);
  const learns = losses[599] < 0.1;
  assert.equal(learns, maxNorm === 1, 'the network learns only if its gradients are clipped');
}
