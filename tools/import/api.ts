import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';

export type RowError = {
  row: number;
  column: string | null;
  value: string | null;
  handle: string | null;
  code: string;
  message: string;
};

export type ImportState = {
  status: 'QUEUED' | 'RUNNING' | 'COMPLETED' | 'FAILED' | 'CANCELLED';
  failure: string | null;
  dryRun: boolean;
  columnsIgnored: string[];
  progress: {
    bytesTotal: number;
    bytesRead: number;
    productsTotal: number | null;
    productsDone: number;
  };
  totals: {
    productsCreated: number;
    productsUpdated: number;
    productsUnchanged: number;
    productsRefused: number;
    rowsImported: number;
    rowsRefused: number;
    variantsImported: number;
    unitsRequested: number;
    unitsReceived: number;
    stockPending: number;
    rowErrors: number;
    rowWarnings: number;
  };
};

/** The system said no, or something unexpected; the message is for the terminal. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly isTransient: boolean;
  constructor(message: string, { isTransient = false } = {}) {
    super(message);
    this.isTransient = isTransient;
  }
}

type Upload = { id: string; url: string; headers: { name: string; value: string }[] };
type Answer<T> = { data?: T; errors?: { message: string; extensions?: { code?: string } }[] };
type Outcome = { __typename: string; message?: string };

const transientCodes = new Set(['SUBGRAPH_UNAVAILABLE', 'SUBGRAPH_TIMEOUT']);

export type ImportApi = ReturnType<typeof createImportApi>;

/** The public API, as any client would use it. Every call throws ApiError. */
export function createImportApi({ graphqlUrl, token }: { graphqlUrl: string; token: string }) {
  async function call<T>(query: string, variables: object): Promise<T> {
    const response = await fetch(graphqlUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query, variables }),
    }).catch((err: unknown) => {
      throw new ApiError(`${graphqlUrl} cannot be reached: ${reasonOf(err)}.`, {
        isTransient: true,
      });
    });
    const answer = (await response.json().catch(() => ({}))) as Answer<T>;
    const [error] = answer.errors ?? [];
    if (error !== undefined) {
      throw new ApiError(error.message, {
        isTransient: transientCodes.has(error.extensions?.code ?? ''),
      });
    }
    if (!answer.data) throw new ApiError(`${graphqlUrl} answered HTTP ${response.status}.`);
    return answer.data;
  }

  return {
    async createUpload(file: { filename: string; sizeBytes: number }): Promise<Upload> {
      const input = { idempotencyKey: randomUUID(), ...file };
      const { answer } = await call<{ answer: Outcome & { upload: Upload } }>(uploadCreate, {
        input,
      });
      return accepted(answer).upload;
    },

    async put(
      upload: Upload,
      file: { path: string; sizeBytes: number },
      onBytes: (total: number) => void,
    ): Promise<void> {
      let total = 0;
      const source = createReadStream(file.path);
      source.on('data', (chunk) => onBytes((total += chunk.length)));
      const headers = Object.fromEntries(upload.headers.map(({ name, value }) => [name, value]));
      const response = await fetch(upload.url, {
        method: 'PUT',
        headers: { ...headers, 'content-length': String(file.sizeBytes) },
        body: Readable.toWeb(source) as ReadableStream,
        duplex: 'half',
      } as RequestInit).catch((err: unknown) => {
        throw new ApiError(`The upload broke off: ${reasonOf(err)}.`);
      });
      const answer = (await response.json().catch(() => ({}))) as { message?: string };
      if (!response.ok)
        throw new ApiError(answer.message ?? `The upload failed: HTTP ${response.status}.`);
    },

    async start(input: object): Promise<string> {
      const variables = { input: { idempotencyKey: randomUUID(), ...input } };
      const { answer } = await call<{ answer: Outcome & { productImport: { id: string } } }>(
        importStart,
        variables,
      );
      return accepted(answer).productImport.id;
    },

    async state(id: string): Promise<ImportState> {
      const { productImport } = await call<{ productImport: ImportState }>(importState, { id });
      return productImport;
    },

    /** The first ones of the report: what is wrong, or what came in otherwise than it stands in the file. */
    async rowNotes(kind: RowNotes, id: string, max: number): Promise<RowError[]> {
      const errors: RowError[] = [];
      let after: string | null = null;
      do {
        const page: RowErrorPage = await call<RowErrorPage>(importNotes(kind), { id, after });
        const { nodes, pageInfo } = page.productImport.notes;
        errors.push(...nodes);
        after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
      } while (after !== null && errors.length < max);
      return errors.slice(0, max);
    },
  };
}

export type RowNotes = 'rowErrors' | 'rowWarnings';
type RowErrorPage = {
  productImport: {
    notes: { nodes: RowError[]; pageInfo: { hasNextPage: boolean; endCursor: string | null } };
  };
};

function accepted<T extends Outcome>(answer: T): T {
  if (answer.message !== undefined) throw new ApiError(answer.message);
  return answer;
}

function reasonOf(err: unknown): string {
  const cause = (err as { cause?: { code?: string; message?: string } }).cause;
  return cause?.code ?? cause?.message ?? (err as Error).message;
}

const uploadCreate = `mutation ImportUpload($input: StagedUploadCreateInput!) {
  answer: stagedUploadCreate(input: $input) {
    __typename ... on UserError { message }
    ... on StagedUploadCreateSuccess { upload { id url headers { name value } } } } }`;

const importStart = `mutation ImportStart($input: ProductImportStartInput!) {
  answer: productImportStart(input: $input) {
    __typename ... on UserError { message }
    ... on ProductImportStartSuccess { productImport { id } } } }`;

const importState = `query ImportState($id: ID!) { productImport(id: $id) {
  status failure dryRun columnsIgnored
  progress { bytesTotal bytesRead productsTotal productsDone }
  totals { productsCreated productsUpdated productsUnchanged productsRefused rowsImported rowsRefused variantsImported
    unitsRequested unitsReceived stockPending rowErrors rowWarnings } } }`;

const importNotes = (
  kind: RowNotes,
) => `query ImportNotes($id: ID!, $after: String) { productImport(id: $id) {
  notes: ${kind}(first: 100, after: $after) {
    nodes { row column value handle code message } pageInfo { hasNextPage endCursor } } } }`;
