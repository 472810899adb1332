import type { Database } from '@onecount/db';
import type { MutationResolvers, QueryResolvers } from '../generated/resolver-types.ts';
import type { LabelTemplateService } from './label-template.service.ts';
import type { LabelService } from './label.service.ts';
import { templates as allTemplates } from './label.sql.ts';

export function labelResolvers(deps: {
  db: Database;
  labels: LabelService;
  templates: LabelTemplateService;
}) {
  const { db, labels, templates } = deps;
  const Query: Pick<QueryResolvers, 'labelTemplates' | 'labelPreview'> = {
    labelTemplates: (_, _args, { caller }) => db.read(caller.tenantId, allTemplates),
    labelPreview: (_, { input }, { caller }) => labels.preview(caller.tenantId, input),
  };
  const Mutation: Pick<
    MutationResolvers,
    'labelTemplateCreate' | 'labelTemplateUpdate' | 'labelTemplateDelete' | 'labelsRender'
  > = {
    labelTemplateCreate: (_, { input }, { caller }) => templates.create(caller, input),
    labelTemplateUpdate: (_, { input }, { caller }) => templates.update(caller, input),
    labelTemplateDelete: (_, { input }, { caller }) => templates.remove(caller, input),
    labelsRender: (_, { input }, { caller }) => labels.render(caller, input),
  };
  return { Query, Mutation };
}
