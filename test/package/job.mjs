// Run by pack.test.ts beside train.mjs: learns y = 2x in a worker thread. In that thread this same file is the job's module.
import { isMainThread } from 'node:worker_threads';
import { mseLoss, nn, optim, tensor } from 'adjoint';
import { startJob, Trainer } from 'adjoint/train';

export default ({ epochs }) => {
  const model = new nn.Linear(1, 1, { bias: false });
  const trainer = new Trainer(model, { optimizer: new optim.SGD(model.parameters(), { lr: 0.05 }), loss: mseLoss });
  return { trainer, batches: [[tensor([[1], [2], [3]]), tensor([[2], [4], [6]])]], fit: { epochs } };
};

if (isMainThread) {
  const job = startJob(import.meta.url, { data: { epochs: 50 } });
  const history = await job.finished;
  const { step, state } = job.weights();
  console.log(JSON.stringify({ epochs: history.length, step, weight: state.get('weight').item() }));
}
