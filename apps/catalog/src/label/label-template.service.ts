import { uuidv7, type Database, type KeyHolder } from '@onecount/db';
import { invalidInput, isRefusal, notFound } from '@onecount/refusal';
import type {
  LabelTemplateCreateInput,
  LabelTemplateDeleteInput,
  LabelTemplateUpdateInput,
} from '../generated/resolver-types.ts';
import { textRefusal } from '../product/product.input.ts';
import { labelTemplateConflict } from './label.errors.ts';
import { specOf } from './label.input.ts';
import {
  insertTemplate,
  removeTemplate,
  replaceTemplate,
  templateById,
  templatesTotal,
} from './label.sql.ts';

export type LabelTemplateService = ReturnType<typeof createLabelTemplateService>;

const templatesMax = 100;

export function createLabelTemplateService({ db }: { db: Database }) {
  return {
    async create(caller: KeyHolder, input: LabelTemplateCreateInput) {
      const spec = textRefusal(input) ?? specOf(input.template);
      if (isRefusal(spec)) return spec;
      return db.command(
        caller,
        { operation: 'labelTemplateCreate', input },
        async (tx) => {
          if ((await templatesTotal(tx)) >= templatesMax) {
            return invalidInput('template', `A tenant has at most ${templatesMax} templates.`);
          }
          const id = uuidv7();
          await insertTemplate(tx, id, spec);
          return { id, version: 1, ...spec };
        },
        async (_, labelTemplate) => ({
          __typename: 'LabelTemplateCreateSuccess' as const,
          labelTemplate,
        }),
      );
    },

    async update(caller: KeyHolder, input: LabelTemplateUpdateInput) {
      const spec = textRefusal(input) ?? specOf(input.template);
      if (isRefusal(spec)) return spec;
      const { labelTemplateId: id, version } = input;
      return db.command(
        caller,
        { operation: 'labelTemplateUpdate', input },
        async (tx) => {
          const kept = await templateById(tx, id, { isLocked: true });
          if (kept === undefined) return notFound('LabelTemplate', id);
          if (kept.version !== version) return labelTemplateConflict(kept);
          await replaceTemplate(tx, id, spec);
          return { id, version: version + 1, ...spec };
        },
        async (_, labelTemplate) => ({
          __typename: 'LabelTemplateUpdateSuccess' as const,
          labelTemplate,
        }),
      );
    },

    async remove(caller: KeyHolder, input: LabelTemplateDeleteInput) {
      const problem = textRefusal(input);
      if (problem) return problem;
      const { labelTemplateId: id } = input;
      return db.command(
        caller,
        { operation: 'labelTemplateDelete', input },
        async (tx) => ((await removeTemplate(tx, id)) ? id : notFound('LabelTemplate', id)),
        async (_, labelTemplateId) => ({
          __typename: 'LabelTemplateDeleteSuccess' as const,
          labelTemplateId,
        }),
      );
    },
  };
}
