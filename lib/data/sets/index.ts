export { generateDigits } from './digits.js';
export { type Digits, digitDataset, readMnist } from './mnist.js';
