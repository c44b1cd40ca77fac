import { describe, expect, test } from 'vitest';
import { jsonMarkup, markup } from '../../../src/demo/markup.ts';

describe('markup', () => {
  test('escapes what is text and leaves what is markup', () => {
    const inner = markup`<b>${'"a" & <i>'}</b>`;
    expect(markup`<p title="${'x"y'}">${inner}${1}</p>`.source).toBe(
      '<p title="x&quot;y"><b>&quot;a&quot; &amp; &lt;i&gt;</b>1</p>',
    );
  });
  test('joins a list line by line', () => {
    expect(markup`<ul>${['a', 'b'].map((each) => markup`<li>${each}</li>`)}</ul>`.source).toBe(
      '<ul><li>a</li>\n<li>b</li></ul>',
    );
  });
});

describe('jsonMarkup', () => {
  test('a text cannot end the script element it stands in', () => {
    const { source } = jsonMarkup({ text: '</script><script>' });
    expect(source).not.toContain('<');
    expect(JSON.parse(source)).toEqual({ text: '</script><script>' });
  });
});
