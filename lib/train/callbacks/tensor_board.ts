import { checkPath, checkWhole } from '../../core/check.js';
import { type DrawnGraph, EventWriter } from '../../io/tfevents.js';
import type { Callback } from './callback.js';

export interface TensorBoardOptions {
  /** Write the spread of every parameter, and of its gradient, after each so many epochs; whole, ≥ 1; default: never. */
  histograms?: number;
  /** A computation to draw, as `graph(model.forward(x))` gives it; default none. */
  graph?: DrawnGraph;
}

/**
 * Writes a run for TensorBoard: loss and learning rate of every step, scores of every epoch as `train/…` and `validation/…`.
 * A resumed run goes on in a file of its own, from its step.
 *
 * @param folder  of this run; made if it is not there
 */
export function tensorBoard(folder: string, { histograms, graph }: TensorBoardOptions = {}): Callback {
  checkPath('tensorBoard', folder);
  if (histograms !== undefined) checkWhole('tensorBoard', 'histograms', histograms, 1);
  let events: EventWriter | undefined;
  return {
    name: `tensor_board ${folder}`,

    begin(run) {
      events = new EventWriter(folder, { resume: run.step === 0 ? 0 : run.step + 1 });
      if (graph !== undefined) events.graph(graph);
    },

    step({ step, loss, lr }) {
      events?.scalar('step/loss', loss, step);
      events?.scalar('step/lr', lr, step);
    },

    epoch({ epoch, train, validation }, run) {
      for (const [part, scores] of Object.entries({ train, ...(validation && { validation }) })) {
        for (const [name, score] of Object.entries(scores)) events?.scalar(`${part}/${name}`, score, run.step);
      }
      if (histograms === undefined || epoch % histograms !== 0) return;
      for (const [name, parameter] of run.model.namedParameters()) {
        events?.histogram(`parameters/${name}`, parameter.detach().data(), run.step);
        const { grad } = parameter;
        if (grad !== null) events?.histogram(`gradients/${name}`, grad.detach().data(), run.step);
      }
    },

    end() {
      events?.close();
      events = undefined;
    },
  };
}
