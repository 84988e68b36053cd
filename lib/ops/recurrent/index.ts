export { type GruOptions, gru } from './gru.js';
export { type LstmOptions, lstm } from './lstm.js';
export { type RnnOptions, rnn } from './rnn.js';
