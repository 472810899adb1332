/* global document, React, ReactDOM, GraphiQL */
const query = `# npm start printed tokens; put one under "Headers" below.
query Pieces {
  products(first: 5) {
    edges {
      node {
        title
        variants {
          sku
          stock {
            available
          }
        }
      }
    }
  }
}
`;
const root = ReactDOM.createRoot(document.getElementById('explorer'));
root.render(
  React.createElement(GraphiQL, {
    fetcher: GraphiQL.createFetcher({ url: '/graphql' }),
    defaultQuery: query,
    defaultHeaders: '{ "Authorization": "Bearer " }',
    defaultEditorToolsVisibility: 'headers',
    shouldPersistHeaders: true,
  }),
);
