/* Run by checkpoint.test.ts under a limit on the size of files: trains and prints what saving the checkpoint says. */
import { mseLoss, nn, ones, optim } from 'adjoint';
import { Trainer } from 'adjoint/train';

const model = new nn.Linear(300, 300);
const trainer = new Trainer(model, { optimizer: new optim.AdamW(model.parameters()), loss: mseLoss });
const batches: [ReturnType<typeof ones>, ReturnType<typeof ones>][] = [[ones([1, 300]), ones([1, 300])]];
await trainer
  .fit(batches, { epochs: 1, checkpoint: process.argv[2] })
  .catch((error: Error) => console.log(String(error)));
