// Options stand in docstrings as parameters do, `@param keepDims` or `@param options.keepDims`, and in signatures as one object:
// their words become a list below that parameter.
import { Comment, Converter, ReflectionKind } from 'typedoc';

/** What typedoc calls a parameter that is taken apart in the signature. */
const unnamed = '__namedParameters';

/** @param {import('typedoc').SignatureReflection} signature */
function tellOptions({ comment, parameters = [] }) {
  // Unused here, used where it is overridden.
  for (const parameter of parameters) parameter.name = parameter.name.replace(/^_(?!_)/, '');
  const options = parameters.findLast(
    ({ name, defaultValue }) => [unnamed, 'options'].includes(name) || defaultValue === '{}',
  );
  if (options === undefined || comment === undefined) return;
  if (options.name === unnamed) options.name = 'options';
  const known = new Set(parameters.map(({ name }) => name));
  const told = comment.blockTags.filter(({ tag, name }) => tag === '@param' && !known.has(name));
  if (told.length === 0) return;
  comment.blockTags = comment.blockTags.filter((tag) => !told.includes(tag));
  options.comment ??= new Comment();
  for (const { name, content } of told) {
    const item = `\n- \`${name.replace(/^\w+\./, '')}\` `;
    options.comment.summary.push({ kind: 'text', text: item }, ...content);
  }
}

/** @param {import('typedoc').Application} app */
export function load({ converter }) {
  const first = 1000;
  converter.on(
    Converter.EVENT_RESOLVE_BEGIN,
    ({ project }) => project.getReflectionsByKind(ReflectionKind.SomeSignature).forEach(tellOptions),
    first,
  );
}
