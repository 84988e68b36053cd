import { nn, type Tensor } from 'adjoint';
import { describe, expect, it } from 'vitest';
import { engines } from '../harness.js';
import { type Case, expectClose, type Float, read, toTensor } from './golden.js';

/*
 * Attention's layers return more than one tensor and take masks by name; PyTorch's layer is asked for each head's
 * weights.
 */

interface Model {
  layer: nn.Module;
  /** The recorded outputs by name. */
  outputs(inputs: Record<string, Tensor>): Record<string, Tensor>;
}

function multihead({ params }: Case, dtype: Float): Model {
  const { embed_dim, num_heads, bias, batch_first } = params;
  const layer = new nn.MultiheadAttention(embed_dim, num_heads, { bias, batchFirst: batch_first, dtype });
  return {
    layer,
    outputs: ({ q, k, v, attn_mask, key_padding_mask }) => {
      const masks = {
        ...(attn_mask && { attentionMask: attn_mask }),
        ...(key_padding_mask && { keyPaddingMask: key_padding_mask }),
      };
      const [output, attn] = layer.forward(q, k, v, { ...masks, averageWeights: false });
      const [alone] = layer.forward(q, k, v, { ...masks, needWeights: false });
      // What computes no weights gives the same.
      expectClose('without weights', alone, { shape: [...output.shape], data: [...output.data()] as number[] }, dtype);
      return { output, attn };
    },
  };
}

function encoder({ params }: Case, dtype: Float): Model {
  const { d_model, nhead, dim_feedforward, activation, norm_first } = params;
  const options = { dimFeedforward: dim_feedforward, dropout: 0, activation, normFirst: norm_first, dtype };
  const layer = new nn.TransformerEncoderLayer(d_model, nhead, { ...options, batchFirst: true });
  return { layer, outputs: ({ x }) => ({ output: layer.forward(x) }) };
}

function decoder({ params }: Case, dtype: Float): Model {
  const { d_model, nhead, dim_feedforward } = params;
  const options = { dimFeedforward: dim_feedforward, dropout: 0, batchFirst: true, dtype };
  const layer = new nn.TransformerDecoderLayer(d_model, nhead, options);
  return { layer, outputs: ({ tgt, memory }) => ({ output: layer.forward(tgt, memory) }) };
}

function transformer({ params }: Case, dtype: Float): Model {
  const { d_model, num_encoder_layers, num_decoder_layers, dim_feedforward, norm_first, ...same } = params;
  const sizes = { dModel: d_model, numEncoderLayers: num_encoder_layers, numDecoderLayers: num_decoder_layers };
  const layers = { dimFeedforward: dim_feedforward, normFirst: norm_first, dropout: 0, batchFirst: true, dtype };
  const layer = new nn.Transformer({ ...sizes, ...layers, ...same });
  return {
    layer,
    outputs: ({ src, tgt, padding }) => {
      const masks = { source: { keyPaddingMask: padding }, memory: { keyPaddingMask: padding } };
      return { output: layer.forward(src, tgt, padding && { ...masks, target: { causal: true } }) };
    },
  };
}

const models = { mha: multihead, encoder, decoder, transformer };

describe.each(engines)('attention on $name', ({ use }) => {
  it.each([...read('attention'), ...read('transformer')])('$name', (recorded) => {
    use();
    for (const float of ['float64', 'float32'] as const) {
      const { layer, outputs } = models[recorded.name.split('_')[0] as keyof typeof models](recorded, float);
      expect([...layer.stateDict().keys()]).toEqual(Object.keys(recorded.weights));
      const weights = Object.entries(recorded.weights).map(([name, value]) => [name, toTensor(value, float)] as const);
      layer.loadStateDict(new Map(weights));
      const inputs = Object.fromEntries(
        Object.entries(recorded.inputs).map(([name, value]) => {
          const x = toTensor(value, float);
          return [name, name in recorded.grads ? x.requireGrad() : x];
        }),
      );
      const results = outputs(inputs);
      const losses = Object.entries(results).map(([name, result]): Tensor => {
        expectClose(name, result, recorded.outputs[name], float);
        return result.mul(toTensor(recorded.grad_outputs[name], float)).sum();
      });
      losses.reduce((a, b) => a.add(b)).backward();
      const leaves = new Map([...Object.entries(inputs), ...layer.namedParameters()]);
      for (const [name, gradient] of Object.entries(recorded.grads)) {
        expectClose(`gradient of ${name}`, leaves.get(name)?.grad ?? null, gradient, float);
      }
    }
  });
});
