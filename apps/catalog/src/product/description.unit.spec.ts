import { removedSentence, sanitisedDescription } from './description.ts';

describe('a description', () => {
  test.each([
    ['<p>Hand-made <b>ring</b>, 18&nbsp;ct &amp; more</p>', []],
    ['<h2>Care</h2><ul><li>No water</li></ul><table><tr><td colspan="2">7"</td></tr></table>', []],
    [
      '<a href="https://shop.test/x" target="_blank">see</a> <a href="mailto:a@b.test">write</a>',
      [],
    ],
    ['7 < 8 and plain text', []],
    ['<p onclick="steal()">x</p>', ['onclick of <p>']],
    ['a<script>steal()</script>b', ['<script>']],
    ['<a href="javascript:steal()">x</a>', ['href of <a>']],
    ['<a href="java\tscript:steal()">x</a>', ['href of <a>']],
    ['<a href=" &#106;avascript:steal()">x</a>', ['href of <a>']],
    ['<img src="data:text/html,x" onerror=steal()>', ['src of <img>', 'onerror of <img>']],
    ['<svg onload=steal()><p>x</p></svg>', ['<svg>']],
    ['<iframe src="https://evil.test"></iframe>', ['<iframe>']],
    ['<p style="position:fixed">x</p>', ['style of <p>']],
    ['<form action="/x"><input name=a></form>', ['<form>', '<input>']],
    ['<p>a</p><p onclick=b>b</p><p onclick=c>c</p>', ['onclick of <p>']],
  ])('%s', (text, removed) => {
    const description = sanitisedDescription(text);
    expect(description.removed).toEqual(removed);
    expect(description.html).not.toMatch(/steal|javascript|evil|position/i);
    // What is kept is kept for good: sanitised again it is the same.
    expect(sanitisedDescription(description.html)).toEqual({ html: description.html, removed: [] });
  });

  test('keeps the text of what it takes away, but not the code', () => {
    const { html } = sanitisedDescription('<svg><p>x</p></svg><script>1</script><font>red</font>');
    expect(html).toBe('<p>x</p>red');
  });

  test('says what is gone in one sentence', () => {
    const description = sanitisedDescription('<p onclick=a>x</p><script>1</script>');
    const sentence = 'The description was kept without onclick of <p>, <script>.';
    expect(removedSentence(description)).toBe(sentence);
    expect(removedSentence(sanitisedDescription('<p>x</p>'))).toBeNull();
  });
});
