import { exactlyOne, type Constraints, type Database, type KeyHolder, type Tx } from '@onecount/db';
import {
  checkKey,
  firstOf,
  invalidInput,
  isGiven,
  isStorable,
  isUuid,
  notFound,
  refuse,
  type InvalidInput,
  type NotFound,
} from '@onecount/refusal';
import type { VendorCreateInput, VendorUpdateInput } from '../generated/resolver-types.ts';
import { refreshProductsOfVendor } from '../product-refresh/product-refresh.sql.ts';
import { insertVendor, lockVendor, updateVendor, vendorsById } from './vendor.sql.ts';

export type VendorService = ReturnType<typeof createVendorService>;

const nameLengthMax = 255;

function vendorTaken(field: string, value: string) {
  return refuse('VendorTaken', 'VENDOR_TAKEN', `Another vendor has the ${field} ${value}.`, {
    ...{ field, value },
  });
}

type Given = { name?: string | null; code?: string | null };

function givenRefusal({ name, code }: Given): InvalidInput | undefined {
  if (isGiven(name) && (name.trim() === '' || name.trim().length > nameLengthMax)) {
    return invalidInput('name', `A vendor's name has 1–${nameLengthMax} characters.`, name);
  }
  if (isGiven(name) && !isStorable(name)) {
    return invalidInput('name', 'The name contains a character that cannot be stored.');
  }
  if (!isGiven(code) || /^[A-Za-z0-9]{3}$/.test(code)) return undefined;
  return invalidInput('code', 'The code of a vendor is three letters or digits.', code);
}

/** Which constraint was met is which value is another vendor's. */
const takenOf = ({ name, code }: Given) =>
  ({
    vendor_name_key: () => vendorTaken('name', name ?? ''),
    vendor_code_key: () => vendorTaken('code', code?.toUpperCase() ?? ''),
  }) satisfies Constraints;

const read = async (tx: Tx, id: string) => exactlyOne(await vendorsById(tx, [id]));

export function createVendorService({ db }: { db: Database }) {
  return {
    async create(caller: KeyHolder, input: VendorCreateInput) {
      const refusal = firstOf(checkKey(input.idempotencyKey), givenRefusal(input));
      if (refusal) return refusal;
      const vendor = { name: input.name.trim(), code: input.code?.toUpperCase() ?? null };
      return db.command(
        caller,
        { operation: 'vendorCreate', input, constraints: takenOf(input) },
        (tx) => insertVendor(tx, vendor),
        async (tx, id) => ({
          __typename: 'VendorCreateSuccess' as const,
          vendor: await read(tx, id),
        }),
      );
    },

    async update(caller: KeyHolder, input: VendorUpdateInput) {
      const refusal = firstOf(checkKey(input.idempotencyKey), givenRefusal(input));
      if (refusal) return refusal;
      return db.command(
        caller,
        { operation: 'vendorUpdate', input, constraints: takenOf(input) },
        (tx) => changeVendor(tx, input),
        async (tx, id) => ({
          __typename: 'VendorUpdateSuccess' as const,
          vendor: await read(tx, id),
        }),
      );
    },
  };
}

async function changeVendor(tx: Tx, input: VendorUpdateInput): Promise<string | NotFound> {
  const vendor = isUuid(input.id) ? await lockVendor(tx, input.id) : undefined;
  if (vendor === undefined) return notFound('Vendor', input.id);
  const name = input.name?.trim() ?? vendor.name;
  const code = input.code === undefined ? vendor.code : (input.code?.toUpperCase() ?? null);
  await updateVendor(tx, { id: vendor.id, name, code });
  if (name !== vendor.name) await refreshProductsOfVendor(tx, vendor.id);
  return vendor.id;
}
