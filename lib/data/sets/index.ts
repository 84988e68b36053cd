export { type Cifar10, cifar10Classes, decodeCifar10, readCifar10 } from './cifar10.js';
export { generateDigits } from './digits.js';
export { type Cora, type KarateClub, type NodeGraph, readCora, readKarateClub } from './graphs.js';
export { type Digits, digitDataset, readMnist } from './mnist.js';
export { type Omniglot, readOmniglot } from './omniglot.js';
export { type Polarity, readPolarity } from './polarity.js';
export { readShakespeare } from './shakespeare.js';
export { readTatoeba, type Translation } from './tatoeba.js';
