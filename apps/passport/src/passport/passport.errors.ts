import { notFound, refuse } from '@onecount/refusal';
import { textOfReference, type KnownUnit, type UnitReference } from '../known-unit/known-unit.ts';

export const unitNotFound = (reference: UnitReference) =>
  notFound('SerialUnit', textOfReference(reference));

/** Of a unit that is known here before its product is. */
export const variantNotFound = (id: string) => notFound('Variant', id);

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
