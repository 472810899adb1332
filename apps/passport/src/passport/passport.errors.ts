import { refuse } from '@onecount/db';
import { textOfReference, type KnownUnit, type UnitReference } from '../known-unit/known-unit.ts';

export const invalidInput = (field: string, message: string, value?: string) =>
  refuse('InvalidInput', 'INVALID_INPUT', message, { field, value: value?.slice(0, 80) });

export const unitNotFound = (reference: UnitReference) => {
  const id = textOfReference(reference);
  return refuse('NotFound', 'NOT_FOUND', `There is no serial unit ${id}.`, {
    kind: 'SerialUnit',
    id,
  });
};

export const variantNotFound = (id: string) =>
  refuse('NotFound', 'NOT_FOUND', 'The product of this unit is not known yet.', {
    kind: 'Variant',
    id,
  });

export const unitNotEligible = (unit: KnownUnit) =>
  refuse(
    'UnitNotEligible',
    'UNIT_NOT_ELIGIBLE',
    `${unit.product?.fullTitle ?? unit.sku} is ${unit.status.toLowerCase()}: no passport is issued for it.`,
    { serialUnitId: unit.id, unitStatus: unit.status },
  );

export const passportAlreadyIssued = (unit: KnownUnit) =>
  refuse(
    'PassportAlreadyIssued',
    'PASSPORT_ALREADY_ISSUED',
    `${unit.product?.fullTitle ?? unit.sku} already has an active passport.`,
    { serialUnitId: unit.id },
  );
