import type { ChildNode, Element } from 'domhandler';
import { describe, expect, it } from 'vitest';
import { isElement } from '../../../src/clean/nodes.ts';
import { parsePage } from '../../../src/clean/parse.ts';
import { buildTree } from '../../../src/clean/tree.ts';

/** A tree as nested names and texts, attributes left out. */
function outline(nodes: readonly ChildNode[]): string {
  return nodes
    .map((node) =>
      node.type === 'text' ? node.data : isElement(node) ? `${node.name}(${outline(node.children)})` : '',
    )
    .join(' ');
}
const body = (html: string): string => {
  const root = buildTree(html, 512).document.children[0] as Element;
  return outline((root.children[1] as Element).children);
};
const head = (html: string): string => {
  const root = buildTree(html, 512).document.children[0] as Element;
  return outline((root.children[0] as Element).children);
};

describe('buildTree', () => {
  it('begins the body at the first thing that may not stand in a head', () => {
    const html = '<head><title>t</title><noscript><img src=x></noscript><title>late</title>';
    expect(head(html)).toBe('title(t)');
    expect(body(html)).toBe('img() title(late)');
  });

  it('throws out of a table what may not stand in it, before the table', () => {
    expect(body('<table><tr>loose<td>cell</table>')).toBe('loose table(tbody(tr(td(cell))))');
    expect(body('<table><p>one</p><tr><td>two')).toBe('p(one) table(tbody(tr(td(two))))');
  });

  it('never lets an end tag inside a cell close what is around the table', () => {
    expect(body('<div><table><td>a</div>b</table>c</div>d')).toBe('div(table(tbody(tr(td(ab)))) c) d');
  });

  it('ends paragraphs, list items and options where the next begins', () => {
    expect(body('<p>a<p>b<div>c</div>')).toBe('p(a) p(b) div(c)');
    expect(body('<ul><li>a<li>b<ul><li>c</ul><li>d</ul>')).toBe('ul(li(a) li(b ul(li(c))) li(d))');
    expect(body('<select><option>a<option>b</select>')).toBe('select(option(a) option(b))');
  });

  it('reads raw content to its own end tag', () => {
    expect(body('<body><script>if (a</b>c) "</div>"</script>x')).toBe('script(if (a</b>c) "</div>") x');
    expect(body('<body><script><!-- <script> </script> --></script>x')).toBe('script(<!-- <script> </script> -->) x');
    expect(body('<textarea>&lt;p>a</textarea><iframe>&lt;p></iframe>')).toBe('textarea(<p>a) iframe(&lt;p>)');
  });

  it('takes comments, bogus ones too, for what the standard takes them', () => {
    expect(body('a<!-->b<!--->c<!-- x --!>d<?php e ?>f</ g>h<![CDATA[i]]>j')).toBe('abcdfhj');
  });

  it('decodes character references in text and attributes', () => {
    expect(body('&amp;&eacute;&#128;&notit;')).toBe('&é€¬it;');
    const [link] = (
      (buildTree('<a href="?a=1&amp;b=2&copy=3">x', 512).document.children[0] as Element).children[1] as Element
    ).children;
    expect((link as Element).attribs['href']).toBe('?a=1&b=2&copy=3');
  });

  it('flattens what is nested too deep and keeps its text', () => {
    const { document } = buildTree(`${'<div>'.repeat(1_000)}deep${'</div>'.repeat(1_000)}<p>after`, 64);
    let depth = 0;
    const waiting: [ChildNode, number][] = document.children.map((node) => [node, 1]);
    for (let next = waiting.pop(); next; next = waiting.pop()) {
      const [node, level] = next;
      depth = Math.max(depth, level);
      if (isElement(node)) waiting.push(...node.children.map((child): [ChildNode, number] => [child, level + 1]));
    }
    expect(depth).toBeLessThan(70);
    expect(outline(document.children)).toMatch(/deep.*p\(after\)/);
  });
});

describe('buildTree and what the standard does', () => {
  const textOf = (html: string): string => {
    const { document, isBeyond } = buildTree(html, 512);
    expect(isBeyond).toBe(false);
    return outline(document.children);
  };
  it('hears inside a select its options and what ends it, and nothing else', () => {
    expect(textOf('<h2><select></h2><style><b>x</b></style><option>y</select>z')).toContain(
      'h2(select(x option(y)) z)',
    );
    expect(textOf('<select><option>a<select>b<div>c')).toContain('select(option(a)) b div(c)');
    expect(textOf('<table><tr><td><select><option>a<td>b')).toContain('td(select(option(a))) td(b)');
    expect(textOf('<select><table><td>a</select>b')).toContain('select(a) b');
  });
  it('takes NULs out of HTML, and marks them in drawings and raw text', () => {
    expect(textOf('<p>a\0b<textarea>c\0d</textarea><svg><text>e\0</text><desc>f\0g</desc></svg>')).toContain(
      'p(ab textarea(c\uFFFDd) svg(text(e\uFFFD) desc(fg)))',
    );
  });
  it('passes over a frameset once the body has text', () => {
    expect(textOf('<p>a<frameset><frame>b')).toContain('p(ab)');
  });
  it('ends a drawing where a link around it ends, unless more than seven blocks are open between', () => {
    expect(textOf('<a><div><svg><g></a>x<title><b>y')).toContain('title(<b>y)');
    expect(textOf(`<a>${'<div>'.repeat(7)}<svg></a><title><b>y`)).toContain('title(<b>y)');
    expect(textOf(`<a>${'<div>'.repeat(8)}<svg></a><title><b>y`)).toContain('title(b(y))');
  });
  it('ends a table at the start of another outside of its cells, also inside what was put before it', () => {
    expect(textOf('<table><tr><td>l</td><a><table>t')).toMatch(/td\(l\).*t.*table\(\)/);
    expect(textOf('<table><tr><td><b><table>t')).toContain('td(b(t table()))');
  });
  it('ends a form alone where a drawing goes on, and a drawing where html, head or body may not be', () => {
    expect(textOf('<form><svg></form><style/>d')).toContain('svg(style() d)');
    expect(textOf('<math><html><template></html>x')).toContain('math(html(template()) x)');
  });
  it('does not take an element of a drawing for one of HTML', () => {
    expect(textOf('<svg><title><a></title><noframes><i>x</noframes>y')).toContain('title(a(noframes(<i>x) y))');
    expect(textOf('<svg><template><desc><i>x</template>y')).toContain('template(desc(i(xy)))');
    expect(textOf('<table><svg><template></table>x')).toMatch(/svg\(template\(\)\).* x/);
  });
});

describe('parsePage', () => {
  it('leaves tables nested too deep to a full parser, which knows what they throw out', () => {
    const html = `<table><td>${'<s>'.repeat(80)}<table>1<tr><td>2</td>3</table>4`;
    expect(outline(parsePage(html, 64).children).replace(/[^\d]/g, '')).toBe('1324');
  });
  it.each([
    ['selects', `${'<b>'.repeat(70)}<select>1<p>2</select>3`],
    ['cells and rows', `${'<b>'.repeat(70)}<table><tr><td>1`],
    ['templates among what is', `${'<b>'.repeat(70)}<template><i>1</template>2`],
  ])('leaves %s that lie too deep to a full parser, since what of them is text hangs on what is open', (_, html) => {
    expect(buildTree(html, 64).isBeyond).toBe(true);
    expect(buildTree(html, 512).isBeyond).toBe(false);
  });
  it('leaves a frameset before the body to a full parser, whatever a template of the head has said', () => {
    expect(buildTree('<head><template>said</template><frameset><frame>', 64).isBeyond).toBe(true);
    expect(buildTree('<p>said<frameset><frame>', 64).isBeyond).toBe(false);
  });
  it('takes a byte order mark out before either parser sees it', () => {
    expect(outline(parsePage('\ufeff<frameset>lost', 64).children)).not.toContain('lost');
    expect(outline(parsePage('\ufeff<title>x</title>y', 64).children)).toContain('head(title(x)) body(y)');
  });
  it('leaves drawings nested too deep to a full parser, which knows where their HTML ends', () => {
    const html = `${'<svg>'.repeat(80)}<style>lost</style><desc><head>kept`;
    expect(buildTree(html, 64).isBeyond).toBe(true);
    expect(outline(parsePage(html, 64).children)).toMatch(/^(?!.*lost).*kept/s);
  });
  it('leaves framesets to a full parser', () => {
    const html = '<html><frameset><frame></frameset><noframes>lost</noframes>';
    expect(buildTree(html, 512).isBeyond).toBe(true);
    expect(outline(parsePage(html, 512).children)).toContain('frameset');
  });
});
