export { type Digits, generateDigits } from './digits.js';
