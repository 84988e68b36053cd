export { BCELoss, BCEWithLogitsLoss, CrossEntropyLoss, L1Loss, MSELoss } from './losses.js';
