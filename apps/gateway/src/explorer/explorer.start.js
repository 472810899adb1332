/* global document, fetch, React, ReactDOM, GraphiQL */
const { createElement, useState } = React;
const root = ReactDOM.createRoot(document.getElementById('explorer'));

// One tab for each operation of the file; the comment above an operation says what it is for.
const tabsOf = (text) =>
  text
    .split(/\n(?=# )/)
    .filter((query) => query.trim())
    .map((query) => ({ query }));

const fetcherWith = (token) =>
  GraphiQL.createFetcher({
    url: '/graphql',
    headers: token ? { Authorization: `Bearer ${token}` } : {},
  });

function Explorer({ tokens, tabs }) {
  const names = Object.keys(tokens);
  const [name, setName] = useState(names[0]);
  const options = names.map((one) => createElement('option', { key: one, value: one }, one));
  const choice = createElement(
    'label',
    { id: 'caller' },
    'Ask as ',
    createElement(
      'select',
      { value: name, onChange: (event) => setName(event.target.value) },
      options,
    ),
    ' (a token under "Headers" comes first)',
  );
  const graphiql = createElement(GraphiQL, {
    fetcher: fetcherWith(tokens[name]),
    defaultTabs: tabs,
    defaultEditorToolsVisibility: 'headers',
    shouldPersistHeaders: true,
  });
  return createElement(React.Fragment, null, names.length > 0 ? choice : null, graphiql);
}

const [tokens, operations] = await Promise.all([
  fetch('/explorer/tokens.json').then((answer) => (answer.ok ? answer.json() : {})),
  fetch('/explorer/operations.graphql').then((answer) => answer.text()),
]);
root.render(createElement(Explorer, { tokens, tabs: tabsOf(operations) }));
