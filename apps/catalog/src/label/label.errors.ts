import { refuse, shown } from '@onecount/refusal';
import type { LabelTemplateRow } from './label.sql.ts';
import type { LabelField } from './label.ts';

export function labelTemplateConflict(labelTemplate: LabelTemplateRow) {
  const message = `The template is at version ${labelTemplate.version}: somebody has changed it since.`;
  return refuse('LabelTemplateConflict', 'LABEL_TEMPLATE_CONFLICT', message, { labelTemplate });
}

export function labelsAlike(data: { first: string; second: string; fieldsToAdd: LabelField[] }) {
  const { first, second, fieldsToAdd } = data;
  const way =
    fieldsToAdd.length > 0 ? `Add ${fieldsToAdd.join(' or ')}.` : 'No field tells them apart.';
  const message = `${first} and ${second} would print the same label. ${way}`;
  return refuse('LabelsAlike', 'LABELS_ALIKE', message, data);
}

/** `labelField` is null for the code. */
export function labelUnprintable(data: {
  item: string;
  labelField: LabelField | null;
  value: string;
  reason: string;
}) {
  const { item, labelField, value, reason } = data;
  const quoted = value === '' ? '' : ` "${shown(value)}"`;
  const message = `${labelField ?? 'The code'}${quoted} of ${item} ${reason}.`;
  return refuse('LabelUnprintable', 'LABEL_UNPRINTABLE', message, {
    ...{ item, labelField },
    value: value === '' ? null : shown(value),
  });
}
