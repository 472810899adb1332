import { isLinkAddress, isWebAddress } from './index.ts';

test.each([
  ['https://gia.test/1', true, true],
  ['http://gia.test/1', true, true],
  ['//gia.test/1', true, false],
  ['photos/1.jpg', true, false],
  ['javascript:alert(1)', false, false],
  [' JavaScript:alert(1)', false, false],
  ['java\nscript:alert(1)', false, false],
  ['data:text/html,x', false, false],
  ['vbscript:x', false, false],
  ['file:///etc/passwd', false, false],
])('%j may be a link: %s, an address: %s', (text, isLink, isAddress) => {
  expect([isLinkAddress(text), isWebAddress(text)]).toEqual([isLink, isAddress]);
});
