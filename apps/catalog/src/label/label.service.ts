import { uuidv7, type Database, type KeyHolder } from '@onecount/db';
import { checkWhole, invalidInput, isGiven, isRefusal, notFound } from '@onecount/refusal';
import type {
  LabelItemInput,
  LabelPreviewInput,
  LabelsRenderInput,
  LabelTemplateInput,
} from '../generated/resolver-types.ts';
import { textRefusal, unstorableText } from '../product/product.input.ts';
import type { InventoryClient } from '../stock-command/inventory.client.ts';
import { contentsOf, itemProblem, itemsProblem, unitIdsOf } from './label-items.ts';
import { fileTypes } from './label-printer.ts';
import { specOf } from './label.input.ts';
import { insertPrint, templateById } from './label.sql.ts';
import type { LabelSpec } from './label.ts';

export type LabelService = ReturnType<typeof createLabelService>;

/** What is signed into the address of a file of labels. */
export type AskedPrint = { id: string; extension: string; contentType: string };
type Deps = {
  db: Database;
  inventory: Pick<InventoryClient, 'unitsForLabels'>;
  address(tenantId: string, asked: AskedPrint): { url: string; expiresAt: Date };
};

/**
 * Fonts, codes and PDFs are memory that most processes do not need: imported with the first label.
 * Whatever can be refused is refused here; the file is drawn from what was kept while it is read.
 */
export function createLabelService(deps: Deps) {
  const { db, address } = deps;
  return {
    async render(caller: KeyHolder, input: LabelsRenderInput) {
      const skip = input.skip ?? 0;
      const problem =
        textRefusal(input) ??
        itemsProblem(input.items) ??
        checkWhole('skip', skip, { min: 0, max: 499 });
      if (problem) return problem;
      const { tenantId } = caller;
      const print = await printOf(deps, { tenantId, input, skip });
      return db.command(
        caller,
        { operation: 'labelsRender', input },
        async (tx) => {
          if (isRefusal(print)) return print;
          const id = uuidv7();
          await insertPrint(tx, id, print);
          const labelsTotal = print.labels.reduce((sum, { copies }) => sum + copies, 0);
          return {
            id,
            ...fileTypes[print.spec.printer],
            labelsTotal,
            pagesTotal: pagesOf(print, labelsTotal),
          };
        },
        async (_, { id, extension, contentType, labelsTotal, pagesTotal }) => ({
          __typename: 'LabelsRenderSuccess' as const,
          ...{ contentType, labelsTotal, pagesTotal },
          file: address(tenantId, { id, extension, contentType }),
        }),
      );
    },

    async preview(tenantId: string, { template, labelTemplateId, ...item }: LabelPreviewInput) {
      const refusal = unstorableText({ template, ...item }) ?? itemProblem(item, 'input');
      if (refusal) return refusal;
      const spec = await specFor(db, tenantId, { template, labelTemplateId });
      if (isRefusal(spec)) return spec;
      const planned = await plannedFor(deps, { tenantId, spec, items: [item] });
      if (isRefusal(planned)) return planned;
      const { previewOf } = await import('./label-file.ts');
      return previewOf(spec, planned[0]!);
    },
  };
}

const pagesOf = ({ spec: { sheet }, skip }: { spec: LabelSpec; skip: number }, labels: number) =>
  sheet === null ? labels : Math.ceil((skip + labels) / (sheet.columns * sheet.rows));

async function printOf(
  deps: Deps,
  { tenantId, input, skip }: { tenantId: string; input: LabelsRenderInput; skip: number },
) {
  const { items, labelTemplateId } = input;
  const spec = await specFor(deps.db, tenantId, { labelTemplateId });
  if (isRefusal(spec)) return spec;
  const cells = spec.sheet === null ? 1 : spec.sheet.columns * spec.sheet.rows;
  if (skip >= cells) {
    return invalidInput('skip', `A page has ${cells} labels: skip is less than that.`, skip);
  }
  const planned = await plannedFor(deps, { tenantId, spec, items });
  if (isRefusal(planned)) return planned;
  const { alikeIn } = await import('./label-plan.ts');
  const alike = alikeIn(spec, planned);
  if (alike) return alike;
  const labels = planned.map(({ content }, index) => ({
    content,
    copies: items[index]?.copies ?? 1,
  }));
  return { spec, labels, skip };
}

async function specFor(
  db: Database,
  tenantId: string,
  {
    template,
    labelTemplateId,
  }: { template?: LabelTemplateInput | null; labelTemplateId?: string | null },
) {
  if (isGiven(template) === isGiven(labelTemplateId)) {
    return invalidInput('labelTemplateId', 'Give labelTemplateId or template.');
  }
  if (isGiven(template)) return specOf(template);
  const id = labelTemplateId ?? '';
  const kept = await db.read(tenantId, (tx) => templateById(tx, id));
  if (kept === undefined) return notFound('LabelTemplate', id);
  const { id: _, version: __, ...spec } = kept;
  return spec;
}

async function plannedFor(
  { db, inventory }: Deps,
  {
    tenantId,
    spec,
    items,
  }: { tenantId: string; spec: LabelSpec; items: readonly LabelItemInput[] },
) {
  const ids = unitIdsOf(items);
  const units = ids.length === 0 ? [] : await inventory.unitsForLabels(tenantId, ids);
  const contents = await db.read(tenantId, (tx) => contentsOf(tx, { spec, items, units }));
  if (isRefusal(contents)) return contents;
  const { planLabels } = await import('./label-plan.ts');
  return planLabels(spec, contents);
}
