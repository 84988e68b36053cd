export * as init from './init.js';
