export { GRU } from './gru.js';
export { LSTM } from './lstm.js';
export type { RecurrentLayerOptions } from './recurrent.js';
export { RNN, type RNNOptions } from './rnn.js';
