"""PyTorch as a competitor: says in a line what it is, then answers lines of "seconds words…" with the time of that
work, in its fastest variant (pytorch_work.py has them all). The first answer to words finds out which that is."""
import argparse, json, os, statistics, sys, time
import torch
import pytorch_work

# Seconds: of the clock, or those that this process computed.
now = time.process_time if os.environ.get('ADJOINT_BENCH_CLOCK') == 'cpu' else time.perf_counter


def measure(call, seconds):
    """As bench/measure.ts: samples of at least a millisecond each, after a warm-up."""
    def batch(n):
        start = now()
        for _ in range(n):
            call()
        return (now() - start) * 1e3

    repeats = 1
    while batch(repeats) < 1 and repeats < 1 << 20:
        repeats *= 2
    samples, end = [], now() + seconds
    while now() < end or len(samples) < 5:
        samples.append(batch(repeats) / repeats)
    return {'median': statistics.median(samples), 'minimum': min(samples)}


def fastest(words, seconds):
    """The name and the call of the variant that is fastest; those that this version does not have are left out."""
    best, reasons = None, []
    for name, prepare in pytorch_work.variants(words):
        try:
            call = prepare()
            call()
        except (AttributeError, RuntimeError, TypeError) as reason:
            reasons.append(str(reason))
            continue
        time_taken = measure(call, seconds)['minimum']
        if best is None or time_taken < best[0]:
            best = time_taken, name, call
    if best is None:
        raise ValueError(reasons[0] if reasons else 'no such work')
    return best[1:]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--threads', type=int, default=1)
    parser.add_argument('--export', help='a folder for the models as ONNX files; nothing is measured then')
    arguments = parser.parse_args()
    if arguments.export:
        return pytorch_work.export(arguments.export)
    torch.set_num_threads(arguments.threads)
    torch.manual_seed(0)
    # Debian's PyTorch multiplies with whatever BLAS the loader finds first; the reference one is 20 times slower.
    files = {line.split()[-1] for line in open('/proc/self/maps') if 'libblas.so' in line}
    blas = ', '.join(os.path.realpath(file).split('/')[-2] for file in files) or 'a BLAS of its own'
    print(json.dumps({'about': f'PyTorch {torch.__version__} with {blas}'}), flush=True)
    prepared = None
    for line in sys.stdin:
        seconds, words = line.strip().split(' ', 1)
        try:
            if words != prepared:
                variant = call = None  # gives the memory back
                variant, call = fastest(words.split(), float(seconds))
                prepared = words
            print(json.dumps({**measure(call, float(seconds)), 'variant': variant}), flush=True)
        except ValueError as reason:
            prepared = None
            print(json.dumps({'error': str(reason).split('\n')[0]}), flush=True)


main()
