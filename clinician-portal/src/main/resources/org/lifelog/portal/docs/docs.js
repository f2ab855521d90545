// Shows /openapi.json: each call with its parameters and answers, and each object with its fields.
import { h } from '/dom.js';

const response = await fetch('/openapi.json');
const api = await response.json();

const follow = (part) => part.$ref ? part.$ref.slice(2).split('/').reduce((at, name) => at[name], api) : part;

// What stands between backticks is code.
const prose = (text = '') => text.split('`').map((part, index) => index % 2 ? h('code', {}, part) : part);

function type(schema) {
  if (schema.$ref) {
    const name = schema.$ref.split('/').pop();
    return [h('a', { href: `#${name}` }, name)];
  }
  if (schema.anyOf) return schema.anyOf.flatMap((one, index) => index ? [' or ', ...type(one)] : type(one));
  if (schema.enum) return [schema.enum.join(' | ')];
  if (schema.type === 'array') return ['list of ', ...type(schema.items ?? { type: 'any' })];
  return [[schema.type].flat().join(' or ') + (schema.format ? ` (${schema.format})` : '')];
}

const row = (name, schema, text) => h('tr', {},
  h('th', { scope: 'row' }, name), h('td', {}, ...type(schema)), h('td', {}, ...prose(text)));
const table = (caption, rows) => rows.length
  ? h('table', {}, h('caption', {}, caption), h('tbody', {}, ...rows)) : null;

function call(method, path, operation, shared) {
  const parameters = [...shared, ...(operation.parameters ?? [])].map(follow);
  const answers = Object.entries(operation.responses).map(([status, one]) => {
    const answer = follow(one);
    const [media, content] = Object.entries(answer.content ?? {})[0] ?? ['', { schema: { type: 'nothing' } }];
    return row(status, content.schema, media || answer.description);
  });
  const body = operation.requestBody?.content['application/json'].schema;
  return h('section', { class: 'card' },
    h('h3', {}, `${method.toUpperCase()} ${path}`), h('p', {}, ...prose(operation.summary)),
    body ? h('p', {}, 'Body: ', ...type(body)) : null,
    table('Parameters', parameters.map((one) => row(
      one.name, one.schema, `In ${one.in}${one.required ? ', required' : ''}. ${one.description ?? ''}`))),
    table('Answers', answers));
}

const calls = Object.entries(api.paths).flatMap(([path, { parameters = [], ...methods }]) =>
  Object.entries(methods).map(([method, operation]) => call(method, path, operation, parameters)));
const objects = Object.entries(api.components.schemas).map(([name, schema]) =>
  h('section', { class: 'card', id: name }, h('h3', {}, name), h('p', {}, ...prose(schema.description ?? schema.enum?.join(', '))),
    table('Fields', Object.entries(schema.properties ?? {}).map(([field, one]) => row(field, one, one.description)))));

document.getElementById('main').append(h('div', { class: 'calls' },
  h('h1', {}, api.info.title), h('p', {}, ...prose(api.info.description)),
  h('p', {}, 'As OpenAPI 3.1: ', h('a', { href: '/openapi.json' }, '/openapi.json')),
  h('h2', {}, 'Calls'), ...calls, h('h2', {}, 'Objects'), ...objects));
