// The shell: who is logged in, which view the address names, and the bar on top. The subject is in the fragment of the
// address only, which no server sees.

import * as api from './api.js';
import { h } from './dom.js';
import { loginView } from './login.js';
import { currentLanguage, errorText, named, otherLanguage, setLanguage, t } from './messages.js';
import { patientView } from './patient.js';
import { worklistView } from './worklist.js';

const main = document.getElementById('main');
const top = document.getElementById('top');
/** Whether this browser has logged in before; the session itself is in a cookie that scripts cannot see. */
const LOGGED_IN = 'lifelog-logged-in';
let me = null;
let leave = () => {};
let turn = 0;

/** The text of a part of the address; one that was broken by hand stays as it is and is not found. */
function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function route() {
  const [path, query] = location.hash.replace(/^#\/?/, '').split('?');
  const [center, subject] = path.split('/').map(decoded);
  return { center, subject, parameters: new URLSearchParams(query) };
}

const address = (center, state) =>
  `#/${center}?${new URLSearchParams(Object.entries(state).filter(([, value]) => value !== '' && value !== undefined))}`;

function bar() {
  const center = me && (me.centers.find((one) => one.code === route().center) ?? me.centers[0]);
  document.title = t('title');
  top.replaceChildren(...[
    h('a', { class: 'skip', href: '#', onclick: (event) => { event.preventDefault(); main.focus(); } }, t('skip')),
    h('a', { class: 'brand', href: '#/' }, h('img', { src: '/icon.svg', alt: '', width: 28, height: 28 }), h('span', {}, t('title')), h('small', {}, t('tagline'))),
    h('div', { class: 'spacer' }),
    center ? h('span', { class: 'center-name', 'data-testid': 'center-name' }, named(center)) : null,
    h('button', { type: 'button', class: 'quiet', lang: otherLanguage(), 'aria-label': t('languageLabel'), 'data-testid': 'language', onclick: () => { setLanguage(otherLanguage()); render(); } }, t('language')),
    me ? h('span', { class: 'who', 'data-testid': 'who' }, me.username) : null,
    me ? h('button', { type: 'button', class: 'quiet', id: 'logout', 'data-testid': 'logout', onclick: logout }, t('logout')) : null,
  ].filter(Boolean));
}

async function logout() {
  try {
    await api.logout();
  } finally {
    me = null;
    localStorage.removeItem(LOGGED_IN);
    history.replaceState(null, '', location.pathname);
    render();
  }
}

function showLogin(notice) {
  leave();
  leave = () => {};
  bar();
  loginView(main, notice, async () => {
    me = await api.read('/me');
    localStorage.setItem(LOGGED_IN, 'yes');
    await render();
  });
}

function failed(failure) {
  if (failure.code === 'unauthenticated' || failure.name === 'AbortError') return;
  if (!(failure instanceof api.ApiError)) console.error(failure);
  main.replaceChildren(h('div', { class: 'card empty', role: 'alert', 'data-testid': 'error' },
    h('h2', {}, errorText(failure)),
    h('button', { type: 'button', class: 'primary', onclick: start }, t('retry')),
    route().center ? h('p', {}, h('a', { href: '#/' }, t('back'))) : null));
}

async function render() {
  const mine = ++turn;
  bar();
  if (!me) {
    showLogin();
    return;
  }
  leave();
  leave = () => {};
  const { center: code, subject, parameters } = route();
  const center = code ? me.centers.find((one) => one.code === code) : me.centers[0];
  if (!center) {
    failed(new api.ApiError(404, { code: 'not-found' }));
    return;
  }
  const view = h('div', { class: subject ? 'patient' : 'list' });
  const waiting = setTimeout(() => mine === turn && main.replaceChildren(h('p', { class: 'loading' }, t('loading'))), 250);
  try {
    if (subject) {
      const ended = await patientView(view, center, subject);
      if (mine === turn) leave = ended; else ended();
    } else {
      const state = { sort: parameters.get('sort') ?? 'risk', page: Number(parameters.get('page') ?? 1), q: parameters.get('q') ?? '' };
      const names = new Map(center.metrics.map((metric) => [metric.code, named(metric)]));
      await worklistView(view, center, state, names,
        (next) => { location.hash = address(center.code, next); },
        (next) => { location.hash = `#/${center.code}/${encodeURIComponent(next)}`; });
    }
    if (mine === turn) {
      main.replaceChildren(view);
      view.dispatchEvent(new Event('shown'));
    }
  } catch (failure) {
    if (mine === turn) failed(failure);
  } finally {
    clearTimeout(waiting);
  }
}

/** Asks who is logged in, which a failure may have prevented, and shows the view. */
async function start() {
  try {
    if (localStorage.getItem(LOGGED_IN)) me ??= await api.read('/me');
    await render();
  } catch (failure) {
    bar();
    failed(failure);
  }
}

addEventListener('hashchange', render);
addEventListener('session-ended', () => {
  const had = me !== null;
  me = null;
  localStorage.removeItem(LOGGED_IN);
  turn++;
  showLogin(had ? t('sessionEnded') : null);
});
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => route().subject && render());

setLanguage(currentLanguage());
await start();
