export { GRU, GRUCell, type GRUCellOptions, type GRUForm, type GRULayerOptions } from './gru.js';
export { JordanCell, type JordanCellOptions } from './jordan_cell.js';
export type { Lengths } from './lengths.js';
export { LSTM, LSTMCell, type LSTMCellOptions, type LSTMLayerOptions } from './lstm.js';
export {
  type PackedSequence,
  type PackOptions,
  type PadOptions,
  packPaddedSequence,
  packSequence,
  padPackedSequence,
  padSequence,
} from './packed_sequence.js';
export { type Cell, type CellResult, Recurrent, type UnrollOptions } from './recurrent.js';
export type { Merge, RecurrentCallOptions, RecurrentLayerOptions } from './recurrent_layer.js';
export { RNN, RNNCell, type RNNCellOptions, type RNNNonlinearity, type RNNOptions } from './rnn.js';
export type { RecurrentWeightOptions } from './weights.js';
