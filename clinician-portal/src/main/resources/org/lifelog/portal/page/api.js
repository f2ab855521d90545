// The calls of the API. The session is a cookie that scripts cannot read, so nothing is kept here.

const ROOT = '/api/v1';
const RETRY_MILLIS = 1000;

export class ApiError extends Error {
  constructor(status, problem, retryAfter) {
    super(problem?.code ?? 'network');
    this.status = status;
    this.code = problem?.code ?? 'network';
    this.detail = problem?.detail ?? '';
    this.retryAfter = retryAfter;
  }
}

async function call(method, path, parameters, body, signal) {
  const query = new URLSearchParams(
    Object.entries(parameters ?? {}).filter(([, value]) => value !== undefined && value !== ''));
  const url = ROOT + path + (query.size ? `?${query}` : '');
  let response;
  try {
    response = await fetch(url, {
      method,
      signal,
      credentials: 'same-origin',
      headers: { 'X-Requested-With': 'lifelog-page', ...(body ? { 'Content-Type': 'application/json' } : {}) },
      body: body ? JSON.stringify(body) : undefined,
    });
  } catch (failure) {
    if (failure.name === 'AbortError') throw failure;
    throw new ApiError(0, null);
  }
  if (response.status === 204) return null;
  const json = await response.json().catch(() => null);
  if (response.ok) return json;
  throw new ApiError(response.status, json, Number(response.headers.get('Retry-After')) || undefined);
}

const pause = (millis) => new Promise((done) => setTimeout(done, millis));

/** A read; one that meets a database which is away for a moment is tried once more. */
export async function read(path, parameters, signal) {
  try {
    return await call('GET', path, parameters, undefined, signal);
  } catch (failure) {
    if (failure.code === 'unauthenticated') dispatchEvent(new CustomEvent('session-ended'));
    if (failure.code !== 'unavailable') throw failure;
    await pause(RETRY_MILLIS);
    return call('GET', path, parameters, undefined, signal);
  }
}

export const login = (username, password) => call('POST', '/login', {}, { username, password });
export const logout = () => call('POST', '/logout');

const subjectPath = (center, subject) =>
  `/centers/${encodeURIComponent(center)}/subjects/${encodeURIComponent(subject)}`;
export const worklist = (center, parameters) => read(`/centers/${encodeURIComponent(center)}/subjects`, parameters);
export const summary = (center, subject) => read(subjectPath(center, subject));
export const series = (center, subject, parameters, signal) =>
  read(`${subjectPath(center, subject)}/series`, parameters, signal);
export const glucose = (center, subject, parameters, signal) =>
  read(`${subjectPath(center, subject)}/glucose`, parameters, signal);
export const quality = (center, subject, parameters, signal) =>
  read(`${subjectPath(center, subject)}/quality`, parameters, signal);
export const bloodPressure = (center, subject, parameters, signal) =>
  read(`${subjectPath(center, subject)}/blood-pressure`, parameters, signal);
export const sleep = (center, subject, parameters, signal) =>
  read(`${subjectPath(center, subject)}/sleep`, parameters, signal);
export const audiogram = (center, subject, parameters, signal) =>
  read(`${subjectPath(center, subject)}/audiogram`, parameters, signal);
