// Builds elements without markup in strings: text is always text, and no style attribute is ever written.

const SVG = 'http://www.w3.org/2000/svg';

function fill(element, properties, children) {
  for (const [name, value] of Object.entries(properties ?? {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export const h = (tag, properties, ...children) => fill(document.createElement(tag), properties, children);

export const svg = (tag, properties, ...children) => fill(document.createElementNS(SVG, tag), properties, children);

/** Says something to screen readers. */
export function announce(text) {
  document.getElementById('status').textContent = text;
}

/** The value of a custom property of the theme, for canvases. */
export const themeColor = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
