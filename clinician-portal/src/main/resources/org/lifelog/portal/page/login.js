import { login } from './api.js';
import { h } from './dom.js';
import { errorText, t } from './messages.js';

/** The login form. Calls back once there is a session. */
export function loginView(root, notice, onLogin) {
  const username = h('input', { id: 'username', name: 'username', type: 'text', autocomplete: 'username', autocapitalize: 'none', spellcheck: 'false', required: true, maxlength: 200, 'data-testid': 'login-username' });
  const password = h('input', { id: 'password', name: 'password', type: 'password', autocomplete: 'current-password', required: true, maxlength: 200, 'data-testid': 'login-password' });
  const button = h('button', { id: 'login-button', type: 'submit', class: 'primary', 'data-testid': 'login-submit' }, t('loginButton'));
  const error = h('p', { id: 'login-error', class: 'notice bad', role: 'alert', hidden: true, 'data-testid': 'login-error' });

  async function submit(event) {
    event.preventDefault();
    button.disabled = true;
    button.textContent = t('loginBusy');
    error.hidden = true;
    try {
      await login(username.value, password.value);
      await onLogin();
    } catch (failure) {
      error.textContent = errorText(failure);
      error.hidden = false;
      password.select();
    } finally {
      button.disabled = false;
      button.textContent = t('loginButton');
    }
  }

  root.replaceChildren(
    h('div', { class: 'login' },
      h('form', { id: 'login-form', class: 'card', onsubmit: submit, 'data-testid': 'login-form' },
        h('img', { src: '/icon.svg', alt: '', width: 48, height: 48 }),
        h('h1', {}, t('loginTitle')),
        h('p', { class: 'muted' }, t('loginIntro')),
        notice ? h('p', { class: 'notice', role: 'status', 'data-testid': 'login-notice' }, notice) : null,
        error,
        h('label', { for: 'username' }, t('username')), username,
        h('label', { for: 'password' }, t('password')), password,
        button)));
  username.focus();
}
