export { Sequential } from './sequential.js';
