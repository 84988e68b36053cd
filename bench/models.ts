import { nn } from 'adjoint';

/* The networks that the benchmarks train; bench/pytorch.py has the same. */

export const lenet5 = () =>
  new nn.Sequential(
    new nn.Conv2d(1, 6, 5, { padding: 2 }),
    new nn.ReLU(),
    new nn.MaxPool2d(2),
    new nn.Conv2d(6, 16, 5),
    new nn.ReLU(),
    new nn.MaxPool2d(2),
    new nn.Flatten(),
    new nn.Linear(400, 120),
    new nn.ReLU(),
    new nn.Linear(120, 84),
    new nn.ReLU(),
    new nn.Linear(84, 10),
  );

export const mlp = () =>
  new nn.Sequential(
    new nn.Linear(784, 512),
    new nn.ReLU(),
    new nn.Linear(512, 256),
    new nn.ReLU(),
    new nn.Linear(256, 10),
  );

export const smallMlp = () => new nn.Sequential(new nn.Linear(64, 32), new nn.ReLU(), new nn.Linear(32, 10));

/** Two blocks of two convolutions, as in the networks of Simonyan and Zisserman 2014, on 32×32 images. */
export const vgg = () =>
  new nn.Sequential(
    new nn.Conv2d(3, 64, 3, { padding: 1 }),
    new nn.ReLU(),
    new nn.Conv2d(64, 64, 3, { padding: 1 }),
    new nn.ReLU(),
    new nn.MaxPool2d(2),
    new nn.Conv2d(64, 128, 3, { padding: 1 }),
    new nn.ReLU(),
    new nn.Conv2d(128, 128, 3, { padding: 1 }),
    new nn.ReLU(),
    new nn.MaxPool2d(2),
    new nn.Flatten(),
    new nn.Linear(128 * 64, 10),
  );
